"""F1 and pages a second of main text extraction, beside what people use today, in one run.

    script/bench extract [--only-taxond] [--fold-weights FOLDER]

Pages: `extract` (see corpora.py), scored as its README says: white space removed, multiset of
character 5-grams, F1 of each page, mean over pages. The shipped weights are fitted to these very
pages, so their figure is no measure of other pages; the figure that is one is of weights that were
fitted without the page's site: those that `script/train boilerplate --fold-weights FOLDER` left, five files and
which page each is for. Without FOLDER that column is left out. readability-lxml is Debian's
python3-readability; Mozilla's is npm's @mozilla/readability with jsdom, where node finds both
(NODE_PATH). Each runs in one process on one core, and the clock starts once it has been loaded.
"""
import argparse
import collections
import csv
import json
import pathlib
import re
import shutil
import subprocess
import sys
import time

import corpora

NODE = """
const fs = require('fs');
const { Readability } = require('@mozilla/readability');
const { JSDOM, VirtualConsole } = require('jsdom');
const start = process.hrtime.bigint();
const texts = {};
for (const path of process.argv.slice(1)) {
  try {
    const dom = new JSDOM(fs.readFileSync(path, 'utf8'), { virtualConsole: new VirtualConsole() });
    const article = new Readability(dom.window.document).parse();
    texts[path] = article ? (article.title || '') + '\\n' + article.textContent : '';
  } catch (error) {
    texts[path] = '';
  }
}
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
process.stdout.write(JSON.stringify({ seconds, texts }));
"""


def grams(text):
    text = re.sub(r"[\s\u3000\u00a0]+", "", text)
    return collections.Counter(text[at:at + 5] for at in range(max(0, len(text) - 4)))


def f1(gold, text):
    wanted, found = grams(gold), grams(text)
    both = sum((wanted & found).values())
    return 2 * both / (sum(wanted.values()) + sum(found.values())) if both else 0.0


def configuration(weights):
    """A configuration with these weights and no classifier but boilerplate, in the build folder."""
    path = corpora.BUILD / "data" / f"extract-{weights.stem}.yaml"
    plugins = "".join(f"  - {corpora.BUILD / 'plugins' / name}\n"
                      for name in ("text", "html", "boilerplate"))
    path.write_text(f"state: {corpora.BUILD}/data/state\nquarantine: {corpora.BUILD}/data/quarantine\n"
                    f"inboxes: {{none: {{path: {corpora.BUILD}/data/none}}}}\n"
                    f"archives: {{none: {corpora.BUILD}/data/none-filed}}\n"
                    f"data_folders: [{corpora.SOURCE}/config, {weights.parent}]\n"
                    f"plugin_folders:\n{plugins}plugins:\n  text: {{}}\n  html: {{}}\n"
                    f"  boilerplate:\n    options: {{definitions: {corpora.SOURCE}/config/boilerplate, "
                    f"weights: {weights}}}\n", encoding="utf-8")
    return path


def extract(paths, weights):
    """{id: text} and seconds, the start of the program and its worker taken off."""
    command = [corpora.TAXON, "extract", "-c", configuration(weights), "--format", "json"]
    start = time.monotonic()
    subprocess.run([*command, paths[0]], stdout=subprocess.DEVNULL, check=True)
    begun = time.monotonic()
    done = subprocess.run([*command, *paths], stdout=subprocess.PIPE, timeout=3600)
    seconds = time.monotonic() - begun - (begun - start)
    texts = {}
    for line in done.stdout.splitlines():
        found = json.loads(line)
        texts[found["name"].removesuffix(".html")] = found["text"]
    return texts, seconds


def cross_validated(paths, folder):
    texts, seconds = {}, 0
    parts = collections.defaultdict(list)
    with open(folder / "parts.tsv", encoding="utf-8") as rows:
        for name, part in csv.reader(rows, delimiter="\t"):
            parts[part].append(paths[0].parent / f"{name}.html")
    for part, members in sorted(parts.items()):
        found, took = extract(members, folder / f"fold-{part}.weights")
        texts.update(found)
        seconds += took
    return texts, seconds


def readability_lxml(paths):
    try:
        import lxml.html
        from readability import Document
    except ImportError:
        return None
    import logging
    logging.disable(logging.CRITICAL)
    texts, start = {}, time.monotonic()
    for path in paths:
        try:
            document = Document(path.read_text("utf-8", "replace"))
            summary = lxml.html.fromstring(document.summary())
            texts[path.stem] = document.short_title() + "\n" + summary.text_content()
        except Exception:  # pages that it cannot do count as empty
            texts[path.stem] = ""
    return texts, time.monotonic() - start


def readability_mozilla(paths):
    node = shutil.which("node")
    if node is None:
        return None
    done = subprocess.run([node, "-e", NODE, *paths], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, timeout=3600)
    if done.returncode != 0:
        return None
    found = json.loads(done.stdout)
    return ({pathlib.Path(path).stem: text for path, text in found["texts"].items()},
            found["seconds"])


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only-taxond", action="store_true")
    parser.add_argument("--fold-weights", type=pathlib.Path, metavar="FOLDER")
    arguments = parser.parse_args()

    corpora.need_data()
    folder = corpora.unpack("extract") / "extract"
    with open(folder / "index.tsv", encoding="utf-8") as index:
        rows = list(csv.DictReader(index, delimiter="\t"))
    paths = [folder / "html" / f"{row['id']}.html" for row in rows]
    gold = {row["id"]: (folder / "gold" / f"{row['id']}.txt").read_text("utf-8", "replace")
            for row in rows}

    runs = {}
    if arguments.fold_weights is not None:
        runs["taxond, other sites"] = cross_validated(paths, arguments.fold_weights)
    runs["taxond as shipped"] = extract(paths, corpora.SOURCE / "config" / "boilerplate.weights")
    if not arguments.only_taxond:
        runs["readability-lxml"] = readability_lxml(paths)
        runs["Mozilla readability"] = readability_mozilla(paths)
    for name in [name for name, run in runs.items() if run is None]:
        print(f"{name} is not there: not measured")
        del runs[name]
    report(rows, gold, runs)


def report(rows, gold, runs):
    groups = collections.defaultdict(lambda: collections.defaultdict(list))
    for name, (texts, _) in runs.items():
        for row in rows:
            value = f1(gold[row["id"]], texts.get(row["id"], ""))
            for group in ("all", f"{row['lang']} {row['page_type']}"):
                groups[group][name].append(value)
    print(f"{'F1':<20}{'pages':>6}" + "".join(f"{name:>22}" for name in runs))
    for group, values in sorted(groups.items(), key=lambda item: (item[0] != "all", item[0])):
        count = len(next(iter(values.values())))
        print(f"{group:<20}{count:>6}" +
              "".join(f"{sum(values[name]) / count:>22.3f}" for name in runs))
    print(f"{'pages a second':<26}" +
          "".join(f"{len(rows) / seconds:>22.1f}" for _, seconds in runs.values()))


if __name__ == "__main__":
    main()
