"""How well pages that are no documents are told from those that are: precision, recall and the right
verdict on the project's own pages (tests/usable), for each half. Prints a report; exits 1 when a
promised figure of the held half is missed.

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
    for figure, value in measured.items():
        print(f"  {figure:10}{100 * value:6.1f} %")
    return measured


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
    print_part(corpora.TUNING, "tuning half")
    if arguments.tuning_only:
        return
    print_part(own_sets.LATER, "written after the cues")
    missed = 0
    for name, value in print_part(corpora.HELD, "held half").items():
        missed += value < PROMISED[name]
        print(f"  {'met   ' if value >= PROMISED[name] else 'MISSED'} {name} {100 * value:.1f} % "
              f"(promised {100 * PROMISED[name]:.0f} %)")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
