"""How well pages that are no documents are told from those that are: precision, recall and the right
verdict on the project's own pages (tests/usable). Prints a report; exits 1 when a promised figure is
missed, on the held half or on the pages that were written after the cues, which alone are blind.

    report_usable.py [--tuning-only] [--errors]    --errors: what went wrong on the tuning half
"""
import argparse
import sys

import corpora
import own_sets

PROMISED = {"precision": 0.97, "recall": 0.90, "verdict": 0.90}


def classify(pages, config=corpora.CONFIG):
    """{id: verdict, or None of a page that is usable}"""
    named = {page.id.replace("/", "-"): page for page in pages}
    records = corpora.classify({name: page.data for name, page in named.items()}, config)
    return {page.id: records[name].get("unusable", {}).get("verdict")
            for name, page in named.items()}


def measure(pages, config=corpora.CONFIG):
    """Of the pages called unusable, how many are (precision); of those that are, how many are called
    so (recall), and with a right verdict (verdict)."""
    found = classify(pages, config)
    called = [page for page in pages if found[page.id]]
    unusable = [page for page in pages if page.right]
    both = [page for page in called if page.right]
    return {"precision": len(both) / max(1, len(called)), "recall": len(both) / len(unusable),
            "verdict": sum(found[page.id] in page.right for page in both) / len(unusable)}


def print_part(part, name):
    pages = own_sets.pages(part)
    measured = measure(pages)
    print(f"\n{name}: {len(pages)} pages, {sum(bool(page.right) for page in pages)} unusable")
    return measured


def judge(measured):
    """Prints each promised figure; returns how many are missed."""
    for name, value in measured.items():
        print(f"  {'met   ' if value >= PROMISED[name] else 'MISSED'} {name} {100 * value:.1f} % "
              f"(promised {100 * PROMISED[name]:.0f} %)")
    return sum(value < PROMISED[name] for name, value in measured.items())


def print_errors():
    pages = own_sets.pages(corpora.TUNING)
    found = classify(pages)
    for page in pages:
        right = found[page.id] in page.right if page.right else found[page.id] is None
        if not right:
            print(f"  {page.id}: {found[page.id] or 'usable'}, not "
                  + (" or ".join(sorted(page.right)) or "usable"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tuning-only", action="store_true", help="do not look at the held half")
    parser.add_argument("--errors", action="store_true", help="show those of the tuning half")
    arguments = parser.parse_args()
    if arguments.errors:
        print_errors()
    judge(print_part(corpora.TUNING, "tuning half"))
    if arguments.tuning_only:
        return
    missed = judge(print_part(corpora.HELD, "held half"))
    missed += judge(print_part(own_sets.LATER, "written after the cues"))
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
