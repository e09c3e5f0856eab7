"""What each stage of a document costs, from its bytes to its labels.

    script/bench classify [--rounds N]

One worker reads everything, document by document, as the daemon's workers do, and the times are
those that records tell (`timings_us`). The texts are cut to three sizes from what they are made of:
our own samples, and Fudan's (Chinese) and WebOrganizer's (English) documents where the data lies
beside the project. `fixed` is the time for a document of one line, in microseconds: what a stage
costs whatever it is given. The other columns are MB/s of text, at 2 KB, 10 KB and 1 MB. Medians.
"""
import argparse
import collections
import itertools
import json
import pathlib
import statistics
import subprocess
import tempfile

import bench_latency
import corpora

SIZES = {"2 KB": 2000, "10 KB": 10000, "1 MB": 1000000}
TEXTS = {"2 KB": 40, "10 KB": 40, "1 MB": 4}
STAGES = {"decode": "decode", "reader": "read text", "language": "language", "fold": "fold",
          "boilerplate": "classify boilerplate", "genre": "classify genre",
          "topics": "classify topics"}
ONE_LINE = ["本馆周一闭馆,周二起照常开放。\n".encode(), b"The library is closed on Mondays.\n"]


def samples(is_chinese):
    texts = [path.read_bytes().decode("utf-8", "replace")
             for path in sorted((corpora.SOURCE / "tests" / "samples").glob("*.txt"))]
    return [text for text in texts
            if (sum(c > "\u2fff" for c in text) > len(text) / 3) == is_chinese]


def fudan():
    folder = corpora.unpack("topics") / "topics"
    return [record["text"] for record in corpora.read_jsonl(folder / "fudan.jsonl")[:600]]


def weborganizer():
    folder = corpora.unpack("genre") / "genre"
    return [record["text"] for record in corpora.read_jsonl(folder / "weborganizer.jsonl")[:600]]


def cut(texts, size, count):
    """`count` texts of about `size` bytes, each made of whole lines of some documents in a row."""
    lines = itertools.cycle(line + "\n" for text in texts for line in text.splitlines())
    made = []
    for _ in range(count):
        text = bytearray()
        while len(text) < size:
            text += next(lines).encode()
        made.append(bytes(text[:size]).decode("utf-8", "ignore").encode())
    return made


def timings(documents, rounds):
    """By stage: microseconds of each document, the median of its rounds."""
    with tempfile.TemporaryDirectory(prefix="taxond-bench-") as folder:
        paths = []
        for number, document in enumerate(documents):
            path = pathlib.Path(folder) / f"{number:04}.txt"
            path.write_bytes(document)
            paths.append(path)
        config = bench_latency.shipped(pathlib.Path(folder))
        done = subprocess.run([corpora.TAXON, "classify", "-c", config, "--json",
                               *(paths * rounds)], stdout=subprocess.PIPE, check=True)
    times = collections.defaultdict(list)
    for line in done.stdout.splitlines():
        record = json.loads(line)
        for stage, name in STAGES.items():
            times[record["name"], stage].append(record["timings_us"].get(name, 0))
    names = [path.name for path in paths]
    return {stage: [statistics.median(times[name, stage]) for name in names] for stage in STAGES}


def rate(documents, times):
    """MB/s; a stage that takes less than the clock shows counts as one microsecond."""
    return statistics.median(len(text) / max(us, 1) for text, us in zip(documents, times))


def measure(name, texts, rounds):
    fixed = timings(ONE_LINE * 10, rounds)
    columns = {}
    for size, length in SIZES.items():
        documents = cut(texts, length, TEXTS[size])
        times = timings(documents, rounds)
        columns[size] = {stage: (rate(documents, times[stage]), statistics.median(times[stage]))
                         for stage in STAGES}
    print(f"\n{name:<14}{'fixed µs':>10}" +
          "".join(f"{size + ' µs':>12}{'MB/s':>8}" for size in SIZES))
    for stage in STAGES:
        print(f"{stage:<14}{statistics.median(fixed[stage]):>10.0f}" +
              "".join(f"{columns[size][stage][1]:>12.0f}{columns[size][stage][0]:>8.0f}"
                      for size in SIZES))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    measure("samples, zh", samples(True), rounds)
    measure("samples, en", samples(False), rounds)
    if not corpora.DATA.is_dir():
        print(f"no data at {corpora.DATA}: Fudan and WebOrganizer were not measured")
        return
    measure("Fudan", fudan(), rounds)
    measure("WebOrganizer", weborganizer(), rounds)


if __name__ == "__main__":
    main()
