"""What the marks of page furniture are worth. Prints a report; exits 1 when a figure that the project
promises is missed.

Three sets, none of them the project's own (see corpora.py). The five seeds: every line that a careful
reader calls furniture is to be marked, and at most two others; `template` and `incomplete` are to be
said where they hold and nowhere else. Lines of English web text, each marked keep or noise by
hand: there noise is whatever its annotators did not want in a corpus, much of it tables and lists
that are nobody's furniture, so recall stays low where precision is first. HTML pages with the main
text that a reader took out of them: the text without the marked lines is scored against it by
character 5-grams, as ../shared/tools/score_extract.py does. Half of each set may be tuned on; the
other half, held, is what counts.

    report_boilerplate.py [--tuning-only]
"""
import argparse
import bisect
import collections
import csv
import json
import re
import subprocess
import sys

import corpora

READ_HTML = corpora.BUILD / "tests" / "bench" / "read_html"
HOLDS = 0.5
EXTRA = 2  # other lines of the seeds that may be marked, in all

# (group, at least this F1 on the held half)
PROMISED = (("zh", 0.90), ("en article", 0.85))


def marks(record, size):
    """The marked ranges, without the blanks in a text."""
    return [span for span in record.get("spans", [])
            if span["scheme"] == "boilerplate" and span["id"] != "placeholder"
            and span["score"] >= HOLDS and span["end"] <= size]


def marked_lines(record, text):
    """{line from 1: role}"""
    starts = [0] + [at + 1 for at, byte in enumerate(text) if byte == 10]
    found = {}
    for span in marks(record, len(text)):
        for line in range(bisect.bisect_right(starts, span["begin"]),
                          bisect.bisect_right(starts, span["end"] - 1) + 1):
            found[line] = span["id"]
    return found


def states(record, name):
    """Does the document have this fact, with a score that counts?"""
    return any(fact["name"] == name and fact["score"] >= HOLDS for fact in record.get("facts", []))


# --- seeds


def read_expected(path):
    """{file: {"lines": {line: role}, "template": bool, "incomplete": bool}}; the file is written
    plainly enough to be read without a parser of YAML."""
    expected, entry = {}, None
    for line in path.read_text(encoding="utf-8").splitlines():
        line = line.split(" #")[0].rstrip()
        if re.fullmatch(r"\S+\.txt:", line):
            entry = expected.setdefault(line[:-1], {"lines": {}, "template": False,
                                                    "incomplete": False})
        elif entry is not None and re.fullmatch(r"  (template|incomplete): true", line):
            entry[line.split(":")[0].strip()] = True
        elif entry is not None and re.fullmatch(r"    [a-z-]+: \[[\d, ]+\]", line):
            role, numbers = line.strip().split(": ")
            entry["lines"].update({int(number): role for number in re.findall(r"\d+", numbers)})
    return expected


def report_seeds():
    """Returns how many promises are missed."""
    folder = corpora.DATA / "seeds"
    expected = read_expected(folder / "expected.yaml")
    texts = {name: (folder / name).read_bytes() for name in expected}
    records = corpora.classify(texts)
    print("Seeds: lines marked as a careful reader would")
    lost = extra = wrong = 0
    for name, text in texts.items():
        wanted, found = expected[name]["lines"], marked_lines(records[name], text)
        full = {number for number, line in enumerate(text.split(b"\n"), 1) if line.strip()}
        missed = sorted(set(wanted) - set(found))
        others = sorted((set(found) & full) - set(wanted))
        roles = sum(found.get(line) == role for line, role in wanted.items())
        facts = [fact for fact in ("template", "incomplete")
                 if states(records[name], fact) != expected[name][fact]]
        print(f"  {name[:3]}: {len(wanted) - len(missed)} of {len(wanted)} lines"
              f" ({roles} in the same role), others {others or 'none'}"
              + (f", missed {missed}" if missed else "") + (f", wrong {facts}" if facts else ""))
        lost, extra, wrong = lost + len(missed), extra + len(others), wrong + len(facts)
    ok = lost == 0 and extra <= EXTRA and wrong == 0
    print(f"  {'met' if ok else 'MISSED'}: {lost} missed, {extra} others (at most {EXTRA}), "
          f"{wrong} wrong facts")
    return not ok


# --- lines


def f1(precision, recall):
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def report_lines(parts):
    folder = corpora.unpack("lines") / "lines" / "en"
    pages = [page for name in ("train", "dev")
             for page in json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))]
    texts = {f"{number}.txt": "\n".join(line.replace("\n", " ") for line in page["text"])
             for number, page in enumerate(pages)}
    records = corpora.classify(texts)
    print("\nLines of English web text: noise, by hand")
    print(f"  {'half':8}{'pages':>7}{'lines':>7}{'precision':>11}{'recall':>8}{'F1':>8}"
          f"{'all noise: F1':>16}{'all kept: accuracy':>20}")
    for part in parts:
        count = collections.Counter()
        for number, page in enumerate(pages):
            text = texts[f"{number}.txt"]
            if corpora.part_of(text) != part:
                continue
            found = marked_lines(records[f"{number}.txt"], text.encode())
            count["pages"] += 1
            for line, label in enumerate(page["labels"], 1):
                count[line in found, label == "0"] += 1
        lines = sum(value for key, value in count.items() if key != "pages")
        noise = (count[True, True] + count[False, True]) / lines
        precision = count[True, True] / max(1, count[True, True] + count[True, False])
        recall = count[True, True] / max(1, count[True, True] + count[False, True])
        print(f"  {part:8}{count['pages']:7}{lines:7}{precision:11.3f}{recall:8.3f}"
              f"{f1(precision, recall):8.3f}{f1(noise, 1):16.3f}{1 - noise:20.3f}")


# --- pages


def grams(text):
    text = re.sub(r"[\s\u3000\u00a0]+", "", text)
    return collections.Counter(text[at:at + 5] for at in range(max(0, len(text) - 4)))


def score(gold, text):
    wanted, found = grams(gold), grams(text)
    both = sum((wanted & found).values())
    precision = both / max(1, sum(found.values()))
    recall = both / max(1, sum(wanted.values()))
    return precision, recall, f1(precision, recall)


def html_text(path, record):
    """The text that the reader made of the page; None where taxond decoded it otherwise."""
    done = subprocess.run([READ_HTML, "text", path], stdout=subprocess.PIPE, timeout=60)
    return done.stdout if len(done.stdout) == record.get("text_bytes") else None


def without(text, record):
    rest = bytearray(text)
    for span in marks(record, len(text)):
        rest[span["begin"]:span["end"]] = b"\n" * (span["end"] - span["begin"])
    return rest.decode("utf-8", "replace")


def score_pages(folder, rows, parts):
    """{group: [(precision, recall, F1, F1 of the whole text)]} for each half; pages left out."""
    groups, left_out = collections.defaultdict(list), 0
    documents = {row["id"] + ".html": (folder / "html" / f"{row['id']}.html").read_bytes()
                 for row in rows}
    records = corpora.classify(documents)
    for row in rows:
        gold = (folder / "gold" / f"{row['id']}.txt").read_text("utf-8", "replace")
        part = corpora.part_of(gold)
        record = records[row["id"] + ".html"]
        text = html_text(folder / "html" / f"{row['id']}.html", record)
        if part not in parts:
            continue
        if text is None:
            left_out += 1
            continue
        result = score(gold, without(text, record))
        result += (score(gold, text.decode("utf-8", "replace"))[2],)
        names = {row["lang"], f"{row['lang']} {row['page_type']}"}
        for name in names:
            groups[part, name].append(result)
    return groups, left_out


def report_pages(parts):
    """Returns how many promises are missed."""
    if not READ_HTML.exists():
        print(f"\nPages: not measured, {READ_HTML} is not there (meson configure -Dtests=true)")
        return 0
    folder = corpora.unpack("extract") / "extract"
    with open(folder / "index.tsv", encoding="utf-8") as index:
        rows = list(csv.DictReader(index, delimiter="\t"))
    groups, left_out = score_pages(folder, rows, parts)
    print("\nPages: text without what is marked, against the main text (character 5-grams)")
    for part in parts:
        print(f"  {part + ' half':22}{'pages':>7}{'precision':>11}{'recall':>8}{'F1':>8}"
              f"{'unmarked: F1':>15}")
        for (half, name), results in sorted(groups.items()):
            if half == part:
                means = [sum(column) / len(results) for column in zip(*results)]
                print(f"  {name:22}{len(results):7}{means[0]:11.3f}{means[1]:8.3f}{means[2]:8.3f}"
                      f"{means[3]:15.3f}")
    if left_out:
        print(f"  {left_out} pages left out: taxond decoded them from another charset")
    return judge(groups, parts[-1])


def judge(groups, part):
    missed = 0
    for name, bound in PROMISED:
        results = groups[part, name]
        value = sum(result[2] for result in results) / max(1, len(results))
        missed += value < bound
        print(f"  {'met   ' if value >= bound else 'MISSED'} {name}: {value:.3f} on the {part} half"
              f" (promised >= {bound:.2f})")
    return missed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tuning-only", action="store_true", help="do not look at the held half")
    arguments = parser.parse_args()
    parts = (corpora.TUNING,) if arguments.tuning_only else (corpora.TUNING, corpora.HELD)

    corpora.need_data()
    missed = report_seeds()
    report_lines(parts)
    missed += report_pages(parts)
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
