"""Genres against documents that nobody on this project wrote.

    script/report genres [--tuning] [--misses]

Prints the figures that the project promises, on the half of each set that nothing was tuned on, and
the tuning half beside it: laws, broadcast news, pages of a ministry, speeches and work reports, each
class at least 80 % in the right family. What is right follows from what each page is, by its title
or its first lines (right_for_…); a law may be gov/regulation, too. Then, as information,
WebOrganizer's formats (of which news articles have a promised figure, too), SimChiCORE's registers,
and how many documents are called none. Exit status 1 when a promised figure is missed on the half
that is held back.

--tuning: the tuning half alone, so that nobody tunes on the other by looking. --misses: the names
and the answers of what went wrong there.
"""
import argparse
import collections
import csv
import re
import sys

import corpora

PROMISED = 0.8  # of each class in the right family
NEWS_EN = 0.5   # of WebOrganizer's news articles

# WebOrganizer's formats and what of ours is the same thing (taxonomies: their numbers stand in the
# label files). A format that is no genre of ours (Truncated) has no place here.
FORMATS = {
    "Academic Writing": ["info/academic"],
    "Content Listing": ["listing"],
    "Creative Writing": ["literary"],
    "Support": ["howto/support"],
    "Comment Section": ["forum"],
    "FAQ": ["qa/faq"],
    "Knowledge Article": ["info/encyclopedia", "info"],
    "Legal": ["legal"],
    "Listicle": ["howto/advice", "howto"],
    "News Article": ["news"],
    "Nonfiction Writing": ["opinion/essay", "opinion", "news/editorial"],
    "About (Org.)": ["info/about"],
    "News (Org.)": ["promo/press-release", "news"],
    "About (Pers.)": ["info/about"],
    "Personal Blog": ["opinion/blog"],
    "Product Page": ["promo/product"],
    "Q&A": ["qa", "forum"],
    "Spam / Ads": ["promo"],
    "Structured Data": ["info/structured-data", "listing"],
    "Docs.": ["info/technical"],
    "Audio Transcript": ["transcript", "news/interview"],
    "Tutorial": ["howto"],
    "User Review": ["opinion/review"],
}

# CORE's main registers, as SimChiCORE has them.
REGISTERS = {
    "NA": ["news", "literary", "opinion/blog"],
    "IN": ["info", "legal", "gov", "qa/faq"],
    "OP": ["opinion", "howto/advice", "news/editorial"],
    "HI": ["howto"],
    "ID": ["forum", "qa"],
    "LY": ["literary"],
    "SP": ["transcript", "speech"],
    "IP": ["promo", "opinion/essay", "news/editorial"],
}


def right_for_ministry(title):
    """By what the page calls itself; None: a page of links or of navigation, of no class here."""
    if re.search(r"例行记者会|记者会$|吹风会", title):
        return ["transcript"]
    if re.search(r"答记者问|记者提问", title):
        return ["qa", "transcript"]
    if re.search(r"谈话|声明|发言$|评论", title):
        return ["gov"]
    return None


def right_for_speech(record):
    """Speeches and letters have no titles: by what their first lines say. A letter, a message of
    congratulation is one between bodies (gov/letter) or read out (speech); a resolution on a report
    is one; a report by a news agency of a letter or an instruction is news."""
    title, head = record.get("title", ""), record["text"].strip()[:90]
    if "决议" in title:
        return ["gov"]
    if re.match(r"(回信|贺信|贺电|慰问信)", head):
        return ["gov", "speech"]
    if re.match(r"\S{2,4}社.{2,12}日电", head) and not re.search(r"讲话（|致辞（|演讲（|发言（", head):
        return ["news"]
    if re.match(r"\d+日(上午|下午|晚)", head):
        return ["news"]
    return ["speech"]


def read_ministry(folder):
    out = []
    with open(folder / "index.tsv", encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
            path = folder / "html" / f"{row['id']}.html"
            right = right_for_ministry((row["title"] or "").split("_")[0])
            if right is not None and path.is_file():
                page = path.read_text(encoding="utf-8", errors="replace")
                out.append((path.name, page, right))
    return out


def read_promised(folder):
    """{class: [(name, text, right families)]} of what the project promises."""
    laws = [(f"{law['id']}.txt", law["text"], ["legal", "gov/regulation"])
            for law in corpora.read_jsonl(folder / "laws.jsonl")]
    news = [(f"{item['id']}.txt", f"{item['title']}\n{item['text']}", ["news"])
            for item in corpora.read_jsonl(folder / "broadcast-news.jsonl")]
    speeches = [(f"{item['id']}.txt", item["text"], right_for_speech(item))
                for name in ("speeches", "work-reports")
                for item in corpora.read_jsonl(folder / f"{name}.jsonl")]
    return {"laws": (60, laws), "broadcast news": (60, news),
            "ministry pages": (60, read_ministry(folder / "foreign-ministry")),
            "speeches and reports": (40, speeches)}


def draw(documents, part, count):
    """`count` of the half, spread over it: every n-th, the same each time."""
    half = [document for document in documents if corpora.part_of(document[1]) == part]
    step = max(1.0, len(half) / count)
    return [half[int(i * step)] for i in range(min(count, len(half)))]


def is_right(answer, right):
    return answer is not None and any(answer == one or answer.startswith(one + "/")
                                      for one in right)


def answers(documents):
    """{name: the finest genre of the highest score, or the verdict}"""
    records = corpora.classify({name: text for name, text, _ in documents})
    out = {}
    for name, record in records.items():
        genre, verdict = corpora.best(record, "genre"), corpora.best(record, "unusable")
        out[name] = genre if genre is not None else f"unusable/{verdict}" if verdict else None
    return out


def measure(documents, misses):
    """(how many are right, what the others were taken for)"""
    found, wrong, right_count = answers(documents), collections.Counter(), 0
    for name, _, right in documents:
        if is_right(found[name], right):
            right_count += 1
        else:
            wrong[found[name]] += 1
            if misses:
                print(f"    {name}: {found[name]}, not {' or '.join(right)}")
    return right_count, wrong


def name_wrong(wrong):
    return ", ".join(f"{answer} {count}" for answer, count in wrong.most_common(4))


def report_promised(folder, options):
    met = True
    for name, (count, documents) in read_promised(folder).items():
        for part in options.parts:
            drawn = draw(documents, part, count)
            right, wrong = measure(drawn, options.misses and part == corpora.TUNING)
            share = right / max(1, len(drawn))
            print(f"{name:22}{part:8}{right:4} of {len(drawn):3}  {share:5.0%}"
                  f"  (promised {PROMISED:.0%})  {name_wrong(wrong)}")
            met &= part != corpora.HELD or share >= PROMISED
    return met


def report_classes(title, documents, of, options):
    """documents: (name, text, right), with `of` their class. Returns {class: recall} of the last
    half measured."""
    recall = {}
    for part in options.parts:
        classes = collections.defaultdict(list)
        for document in documents:
            if corpora.part_of(document[1]) == part:
                classes[of[document[0]]].append(document)
        chosen = {name: draw(members, part, options.count) for name, members in classes.items()}
        every = [document for members in chosen.values() for document in members]
        found = answers(every)
        right = {name: sum(is_right(found[d[0]], d[2]) for d in members)
                 for name, members in chosen.items()}
        print(f"{title}, {part}: {sum(right.values())} of {len(every)}, "
              f"{sum(right.values()) / max(1, len(every)):.0%}")
        for name in sorted(chosen):
            wrong = collections.Counter(found[d[0]] for d in chosen[name]
                                        if not is_right(found[d[0]], d[2]))
            recall[name] = right[name] / len(chosen[name])
            print(f"  {name:20}{right[name]:4} of {len(chosen[name]):3}  {recall[name]:5.0%}"
                  f"  {name_wrong(wrong)}")
            if options.misses and part == corpora.TUNING:
                for d in chosen[name]:
                    if not is_right(found[d[0]], d[2]):
                        print(f"    {d[0]}: {found[d[0]]}")
    return recall


def report_formats(folder, options):
    records = [record for record in corpora.read_jsonl(folder / "weborganizer.jsonl")
               if record["format"] in FORMATS]
    documents = [(f"{r['id']}.txt", r["text"], FORMATS[r["format"]]) for r in records]
    of = {f"{r['id']}.txt": r["format"] for r in records}
    recall = report_classes("WebOrganizer formats (labels by a model)", documents, of, options)
    print(f"  news articles: {recall['News Article']:.0%} (promised {NEWS_EN:.0%})")
    return options.parts[-1] != corpora.HELD or recall["News Article"] >= NEWS_EN


def report_registers(folder, options):
    """Main registers; a text of several is right when any of them is."""
    documents, of = [], {}
    for record in corpora.read_jsonl(folder / "simchicore-train.jsonl"):
        labels = record["labels"]
        labels = re.findall(r"[A-Za-z]+", labels) if isinstance(labels, str) else labels
        main = [label for label in labels if label in REGISTERS]
        if main:
            name = f"{record['id']}.txt"
            documents.append((name, record["text"], [g for m in main for g in REGISTERS[m]]))
            of[name] = main[0]
    report_classes("SimChiCORE registers", documents, of, options)


def report_verdicts(folder, options):
    """Texts that collectors took for documents: a verdict on one of them is nearly always wrong."""
    for part in options.parts:
        texts = {f"{record['id']}.txt": record["text"]
                 for name in ("weborganizer", "simchicore-train", "laws", "broadcast-news", "gcdt",
                              "speeches")
                 for record in corpora.read_jsonl(folder / f"{name}.jsonl")
                 if corpora.part_of(record["text"]) == part}
        found = {name: corpora.best(record, "unusable")
                 for name, record in corpora.classify(texts).items()}
        verdicts = collections.Counter(verdict for verdict in found.values() if verdict)
        print(f"verdicts on documents, {part}: {sum(verdicts.values())} of {len(texts)}  "
              f"{name_wrong(verdicts)}")
        if options.misses and part == corpora.TUNING:
            for name, verdict in found.items():
                if verdict:
                    print(f"    {name}: {verdict}")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tuning", action="store_true")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--count", type=int, default=60, help="documents a class (default 60)")
    options = parser.parse_args()
    options.parts = [corpora.TUNING] if options.tuning else [corpora.TUNING, corpora.HELD]
    folder = corpora.unpack("genre") / "genre"
    met = report_promised(folder, options)
    met &= report_formats(folder, options)
    report_registers(folder, options)
    report_verdicts(folder, options)
    sys.exit(0 if met else 1)


if __name__ == "__main__":
    main()
