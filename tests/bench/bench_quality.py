"""How well trained models label documents, beside what others make of the same documents.

    script/bench quality [SET…] [--json] [--without-baselines]

Each set is one of the data beside the project (corpora.py), split as the table of targets below says:
by host where there are hosts. taxon is asked as anybody would ask it: `taxon train` on one part, `taxon
eval` on the other, with a section of model.so in the configuration. The baselines, in the same run and
on the same split, are scikit-learn's LinearSVC on TF-IDF (of words, or of one to three characters where the
text is Chinese), and fastText with its autotune; a baseline whose package is not installed is left out.
"""
import argparse
import collections
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time
from urllib.parse import urlsplit

import corpora
import labelled_sets

FOLDS = 5
AUTOTUNE = 60  # seconds
REGISTERS = ("NA", "IN", "OP", "HI", "ID", "LY", "SP", "IP", "MT")

CONFIGURATION = """\
state: state
quarantine: quarantine
inboxes: {{none: {{path: inbox}}}}
archives: {{main: archive}}
plugin_folders: {folders}
data_folders: [{config}, {folder}]
plugins:
  text: {{}}
  boilerplate: {{options: {{definitions: {config}/boilerplate}}}}
  bench: {{file: model.so, options: {{url: {url}{model}}}}}
"""


def slug(name):
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def host_of(url):
    return (urlsplit(url).hostname or url).removeprefix("www.")


def is_test_host(url):
    """A fifth of the hosts."""
    return hashlib.sha256(host_of(url).encode()).digest()[0] % 5 == 0


def weborganizer(key):
    rows = [({"text": row["text"], "label": slug(row[key]), "url": row["url"]},
             is_test_host(row["url"])) for row in labelled_sets.weborganizer()]
    yield [row for row, test in rows if not test], [row for row, test in rows if test]


def fudan():
    rows = corpora.read_jsonl(corpora.unpack("topics") / "topics" / "fudan.jsonl")
    rows = [({"text": row["text"], "label": slug(row["label"])}, row["fold"] >= 5)
            for row in rows]
    yield [row for row, test in rows if not test], [row for row, test in rows if test]


def csldcp():
    rows = corpora.read_jsonl(corpora.unpack("topics") / "topics" / "csldcp.jsonl")
    number = {name: f"d{i:02}" for i, name in enumerate(sorted({r["label"] for r in rows}))}
    rows = [{"text": row["text"], "label": number[row["label"]]} for row in rows]
    yield rows[:2036], rows[2036:]


def simchicore():
    rows = []
    for row in corpora.read_jsonl(corpora.unpack("genre") / "genre" / "simchicore-train.jsonl"):
        main = [label for label in row["labels"] if label in REGISTERS]
        if main:
            rows.append({"text": row["text"], "label": main[0].lower()})
    for fold in range(FOLDS):
        yield ([row for i, row in enumerate(rows) if i % FOLDS != fold],
               [row for i, row in enumerate(rows) if i % FOLDS == fold])


# What a text is about needs words more than places; what it is needs both.
FORM = ()
CONTENT = ("--weights", "1,0.6,0.2,0,0,0", "--features", "120000")

# name: splits, whether its text is Chinese, whether models see the url, options of taxon train, target
SETS = {
    "formats": (lambda: weborganizer("format"), False, False, FORM, "0.66 / 0.65"),
    "formats-url": (lambda: weborganizer("format"), False, True, FORM, "with the url"),
    "topics": (lambda: weborganizer("topic"), False, False, CONTENT, "0.76 / 0.76"),
    "fudan": (fudan, True, False, (), "0.94 / 0.76, 0.92 of classes with 30"),
    "csldcp": (csldcp, True, False, ("--weights", "1,1,1,0,0,0"), "0.60 / 0.59"),
    "simchicore": (simchicore, True, False, (), "0.66 / 0.42"),
}


def figures(truths, given):
    """Accuracy, macro F1 of all classes, macro F1 of those with 30 test documents."""
    right, is_label, is_given = (collections.Counter() for _ in range(3))
    for truth, answer in zip(truths, given):
        right[truth] += truth == answer
        is_label[truth] += 1
        is_given[answer] += 1
    f1 = {name: 2 * right[name] / (is_label[name] + is_given[name]) for name in is_label}
    large = [f1[name] for name in f1 if is_label[name] >= 30]
    return {"accuracy": sum(right.values()) / len(truths), "macro": sum(f1.values()) / len(f1),
            "macro_30": sum(large) / len(large) if large else None}


def write_rows(path, rows):
    with path.open("w", encoding="utf-8") as lines:
        for row in rows:
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")


def write_configuration(folder, with_url, model=""):
    folders = json.dumps([str(corpora.BUILD / "plugins" / name)
                          for name in ("text", "boilerplate", "model")])
    path = folder / "taxond.yaml"
    path.write_text(CONFIGURATION.format(folders=folders, config=corpora.SOURCE / "config",
                                         folder=folder, url="true" if with_url else "false",
                                         model=f", model: {model}" if model else ""))
    return path


def ask_taxon(train, test, with_url, options, folder):
    """What taxon eval says, seconds of training, of evaluation."""
    write_rows(folder / "train.jsonl", train)
    write_rows(folder / "test.jsonl", test)
    config = write_configuration(folder, with_url)
    start = time.monotonic()
    subprocess.run([corpora.TAXON, "train", "-c", config, "-o", folder / "bench.model",
                    "--replace", "--folds", "3", *options, "bench", folder / "train.jsonl"], check=True,
                   stdout=subprocess.DEVNULL)
    trained = time.monotonic()
    config = write_configuration(folder, with_url, folder / "bench.model")
    done = subprocess.run([corpora.TAXON, "eval", "-c", config, "--json", "bench",
                           folder / "test.jsonl"], check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout), trained - start, time.monotonic() - trained


def sum_up(reports):
    """Figures of the folds together, by their confusion matrices."""
    truths, given = [], []
    for report in reports:
        names = [label["id"] for label in report["labels"]]
        for truth, row in zip(names, report["confusion"]):
            for answer, count in zip(names, row):
                truths += [truth] * count
                given += [answer] * count
    return figures(truths, given)


def ask_svm(train, test, is_chinese):
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC
    vectorizer = (TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, min_df=2)
                  if is_chinese else TfidfVectorizer(sublinear_tf=True, min_df=2))
    rows = vectorizer.fit_transform([row["text"] for row in train])
    classifier = LinearSVC().fit(rows, [row["label"] for row in train])
    return list(classifier.predict(vectorizer.transform([row["text"] for row in test])))


def plain(text, is_chinese):
    text = " ".join(text.split())
    return " ".join(text) if is_chinese else text.lower()


def ask_fasttext(train, test, is_chinese, folder):
    lines = [f"__label__{row['label']} {plain(row['text'], is_chinese)}" for row in train]
    (folder / "all.ft").write_text("\n".join(lines), encoding="utf-8")
    (folder / "held.ft").write_text("\n".join(lines[::5]), encoding="utf-8")
    (folder / "train.ft").write_text("\n".join(line for i, line in enumerate(lines) if i % 5),
                                     encoding="utf-8")
    subprocess.run(["fasttext", "supervised", "-input", folder / "train.ft", "-output",
                    folder / "ft", "-autotune-validation", folder / "held.ft",
                    "-autotune-duration", str(AUTOTUNE), "-thread", "2"], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    (folder / "test.ft").write_text("\n".join(plain(row["text"], is_chinese) for row in test),
                                    encoding="utf-8")
    done = subprocess.run(["fasttext", "predict", folder / "ft.bin", folder / "test.ft"],
                          check=True, stdout=subprocess.PIPE)
    return [line.removeprefix("__label__") for line in done.stdout.decode().splitlines()]


def measure(name, baselines):
    splits, is_chinese, with_url, options, target = SETS[name]
    reports, truths = [], []
    answers = {"LinearSVC": [], "fastText": []}
    seconds = [0.0, 0.0]
    for train, test in splits():
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            report, *spent = ask_taxon(train, test, with_url, options, folder)
            reports.append(report)
            seconds = [a + b for a, b in zip(seconds, spent)]
            truths += [row["label"] for row in test]
            for baseline, ask in (("LinearSVC", lambda: ask_svm(train, test, is_chinese)),
                                  ("fastText", lambda: ask_fasttext(train, test, is_chinese, folder))):
                if not baselines or answers[baseline] is None:
                    continue
                try:
                    answers[baseline] += ask()
                except (ImportError, FileNotFoundError):
                    answers[baseline] = None
    results = {"taxon": sum_up(reports)}
    results["taxon"]["train_seconds"], results["taxon"]["eval_seconds"] = seconds
    results["taxon"]["calibration_error"] = sum(
        r["calibration_error"] * r["documents"] for r in reports) / len(truths)
    results.update({baseline: figures(truths, given) for baseline, given in answers.items()
                    if given})
    return {"documents": len(truths), "target": target, "results": results}


def show(name, measured):
    for who, found in measured["results"].items():
        more = (f"  of classes with 30: {found['macro_30']:.3f}" if found["macro_30"] else "")
        if who == "taxon":
            more += (f"  calibration error {found['calibration_error']:.3f}"
                     f"  {found['train_seconds']:.0f} s to train  (target {measured['target']})")
        print(f"{name:12}{who:10}  accuracy {found['accuracy']:.3f}  macro F1 {found['macro']:.3f}"
              f"{more}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", default=list(SETS), metavar="SET")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--without-baselines", action="store_true")
    options = parser.parse_args()
    corpora.need_data()
    unknown = set(options.sets) - set(SETS)
    if unknown:
        sys.exit(f"no set {sorted(unknown)[0]} ({', '.join(SETS)})")
    every = {}
    for name in options.sets:
        every[name] = measure(name, not options.without_baselines and name != "formats-url")
        if not options.json:
            show(name, every[name])
    if options.json:
        print(json.dumps(every, indent=2))


if __name__ == "__main__":
    main()
