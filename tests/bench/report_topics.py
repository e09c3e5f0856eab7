"""What the topics are worth: how often they are found where they should be, and where they should
not. Prints a report; exits 1 when a figure that the project promises is missed.

Three sets, none of them the project's own (see corpora.py). The promised figures are on Fudan's
journal articles: 50 of each of five classes, drawn from the half that nobody tuned on; the same
from the tuning half is shown beside it. WebOrganizer's English pages have one topic each, by a
model: a page may well be about a second one, so what counts as false there is an upper bound.
CSLDCP's Chinese abstracts are short, and their disciplines stand for roots one by one.

    report_topics.py [--all]     --all: every document of the five classes, not 50
"""
import argparse
import sys

import corpora
from labelled_sets import DISCIPLINES, contradicts

sys.path.insert(0, str(corpora.SOURCE / "tests" / "golden"))
import labels  # noqa: E402  the reader of label files that the tests use

DRAWN = 50
SHOWN = ("ecology", "agriculture", "sport", "industry", "innovation", "governance")
CLASSES = ("Sports", "Art", "Computer", "Enviornment", "Agriculture")  # as the file spells them

AS_LABELLED, CONTRADICT = "as labelled", "contradict"

# (root, class, at least or at most, share)
PROMISED = (
    [("ecology", name, "<=", 0.05) for name in ("Sports", "Art", "Computer")]
    + [("ecology", "Enviornment", ">=", 0.70)]
    + [("agriculture", name, "<=", 0.05) for name in ("Sports", "Art", "Computer")]
    + [("agriculture", "Agriculture", ">=", 0.70), ("sport", AS_LABELLED, ">=", 0.80)]
    + [("sport", name, "<=", 0.04) for name in ("Art", "Computer", "Enviornment", "Agriculture")]
)

# Two fifths of the class Sports say of themselves that they are about something else: they carry a
# number of the Chinese Library Classification, where G is culture, education and sport together and
# only G8 is sport (G3 schools, G6 the press, G9 libraries). What is promised of sport is judged on the
# class as it is labelled; those that contradict their label, and those that do not, stand beside it.
# The topics of WebOrganizer by their number, as its records write them; a crosswalk names numbers.
WEBORGANIZER = (
    "Adult", "Art & Design", "Software Dev.", "Crime & Law", "Education & Jobs", "Hardware",
    "Entertainment", "Social Life", "Fashion & Beauty", "Finance & Business", "Food & Dining",
    "Games", "Health", "History", "Home & Hobbies", "Industrial", "Literature", "Politics",
    "Religion", "Science & Tech.", "Software", "Sports & Fitness", "Transportation", "Travel")

# Pages on these are hardly ever about what the client asks for.
CLIENTS = ("ecology", "industry", "innovation", "governance")
OFF_TOPIC = ("Entertainment", "Fashion & Beauty", "Food & Dining", "Games", "Religion",
             "Sports & Fitness")


def roots_of(documents):
    """documents: {key: text}. Returns {key: roots}, asked in one go."""
    named = {f"{key}.txt": text for key, text in documents.items()}
    records = corpora.classify(named)
    return {name[:-len(".txt")]: corpora.roots(record, "topic")
            for name, record in records.items()}


def share(found, root):
    return sum(root in held for held in found) / len(found) if found else 0.0


def percent(value):
    return f"{100 * value:5.1f} %"


def fudan(part, every):
    """{class: [roots of a document, ...]} of one half."""
    groups = {}
    for row in corpora.read_jsonl(corpora.unpack("topics") / "topics" / "fudan.jsonl"):
        if row["label"] not in CLASSES or corpora.part_of(row["text"]) != part:
            continue
        if row["label"] == "Sports":
            groups.setdefault(AS_LABELLED, []).append(row)
        if contradicts(row):
            groups.setdefault(CONTRADICT, []).append(row)
        else:
            groups.setdefault(row["label"], []).append(row)
    for name, rows in groups.items():
        # Evenly over the file, where neighbours are often of one journal.
        drawn = len(rows) if every else min(DRAWN, len(rows))
        groups[name] = [rows[i * len(rows) // drawn] for i in range(drawn)]
    found = roots_of({row["id"]: row["text"] for rows in groups.values() for row in rows})
    return {name: [found[row["id"]] for row in groups[name]]
            for name in (*CLASSES, AS_LABELLED, CONTRADICT)}


def print_fudan(found, part):
    print(f"\nFudan, {part} half: share of documents with a topic")
    print(f"{'':14}{'n':>5}" + "".join(f"{root:>13}" for root in SHOWN) + f"{'none':>13}")
    for name in found:
        print(f"{name if name in CLASSES else '  ' + name:14}{len(found[name]):5}"
              + "".join(f"{percent(share(found[name], root)):>13}" for root in SHOWN)
              + f"{percent(sum(not held for held in found[name]) / max(1, len(found[name]))):>13}")


def judge(found):
    """Prints each promised figure; returns how many are missed."""
    missed = 0
    for root, name, relation, bound in PROMISED:
        value = share(found[name], root)
        met = value >= bound if relation == ">=" else value <= bound
        missed += not met
        print(f"  {'met   ' if met else 'MISSED'} {root:12} on {name:12} {percent(value)}"
              f"  (promised {relation} {percent(bound).strip()})")
    return missed


def print_measured(rows, documents, expected):
    """rows: roots in order; documents: {key: roots}; expected: {key: roots that are right}."""
    print(f"  {'root':22}{'n':>6}{'recall':>10}{'false':>10}")
    for root in rows:
        right = [held for key, held in documents.items() if root in expected[key]]
        wrong = [held for key, held in documents.items() if root not in expected[key]]
        print(f"  {root:22}{len(right):6}{percent(share(right, root)):>10}"
              f"{percent(share(wrong, root)):>10}")
    some = [bool(held & expected[key]) for key, held in documents.items() if expected[key]]
    count = sum(len(held) for held in documents.values()) / len(documents)
    none = sum(not held for held in documents.values()) / len(documents)
    print(f"  any right root {percent(sum(some) / len(some))}, roots a document {count:.2f}, "
          f"none {percent(none)}")


def weborganizer(part):
    defined = labels.read_scheme(corpora.SOURCE / "config" / "topics")
    roots_by_topic, rows = {}, []
    for label in defined:
        numbers = label.get("crosswalk", {}).get("weborganizer", [])
        if "/" in label["id"] or not numbers:
            continue
        rows.append(label["id"])
        for number in labels.as_list(numbers):
            roots_by_topic.setdefault(WEBORGANIZER[int(number)], set()).add(label["id"])
    texts, expected, off_topic = {}, {}, []
    for row in corpora.read_jsonl(corpora.unpack("genre") / "genre" / "weborganizer.jsonl"):
        if corpora.part_of(row["text"]) == part and row["topic_confidence"] >= 0.8:
            texts[row["id"]] = row["text"]
            expected[row["id"]] = roots_by_topic.get(row["topic"], set())
            if row["topic"] in OFF_TOPIC:
                off_topic.append(row["id"])
    print(f"\nWebOrganizer (English), {part} half, where its model is sure (0.8): "
          f"{len(texts)} pages")
    found = roots_of(texts)
    print_measured(rows, found, expected)
    print_off_topic([found[key] for key in off_topic])


def print_off_topic(found):
    """found: the roots of pages on other things."""
    print("  of " + f"{len(found)} pages on {', '.join(OFF_TOPIC)}: "
          + ", ".join(f"{root} {percent(share(found, root)).strip()}" for root in CLIENTS)
          + f"; any of them {percent(sum(bool(held & set(CLIENTS)) for held in found) / len(found)).strip()}")


def csldcp(part):
    texts, expected = {}, {}
    for row in corpora.read_jsonl(corpora.unpack("topics") / "topics" / "csldcp.jsonl"):
        if row["label"] in DISCIPLINES and corpora.part_of(row["text"]) == part:
            texts[row["id"]] = row["text"]
            expected[row["id"]] = {DISCIPLINES[row["label"]]}
    print(f"\nCSLDCP (Chinese abstracts), {part} half: {len(texts)} abstracts")
    print_measured(sorted(set(DISCIPLINES.values())), roots_of(texts), expected)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--all", action="store_true", help="every document of the five classes")
    parser.add_argument("--tuning-only", action="store_true", help="do not look at the held half")
    arguments = parser.parse_args()

    parts = (corpora.TUNING,) if arguments.tuning_only else (corpora.TUNING, corpora.HELD)
    for part in parts:
        found = fudan(part, arguments.all)
        print_fudan(found, part)
        missed = judge(found)
    for part in parts:
        weborganizer(part)
        csldcp(part)
    print(f"\n{missed} of the {len(PROMISED)} promised figures missed on the {part} half")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
