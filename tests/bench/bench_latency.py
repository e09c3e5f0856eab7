"""From bytes to reply: how long one document takes, at the median and at the 99th percentile.

    bench_latency.py [--repeats N] [--config FILE] [FILE…]

Measured are the five documents that the project started from (../shared/data/seeds, where they
are there), the HTML samples and the text samples, or the files that are named. One `taxon classify
--json` takes each N times, in turns, by one locked-down worker; its first round warms up and does
not count. Two times a document:

  reply   wall time from one record's end of line on a terminal to the next one's: opening, SHA-256,
          the job to the worker, reading, all plugins, the reply back and checked, the rules, the
          record printed. No queue, and no commit: script/bench measures those.
  worker  what the worker itself counts from taking the descriptor to the last plugin (timings_us)

A percentile over documents is over all their repeats together.
"""
import argparse
import json
import os
import pathlib
import pty
import subprocess
import sys
import tempfile
import time
import tty

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import corpora  # noqa: E402

SAMPLES = corpora.SOURCE / "tests" / "samples"
SEEDS = corpora.DATA / "seeds"


def documents():
    """[(set, path)] of what is measured when nobody says what."""
    found = [("seeds", path) for path in sorted(SEEDS.glob("*.txt"))]
    if not found:
        print(f"no seeds at {SEEDS}: samples only", file=sys.stderr)
    found += [("html samples", path) for path in sorted(SAMPLES.glob("*.htm*"))]
    return found + [("text samples", path) for path in sorted(SAMPLES.glob("*.txt"))]


def read_lines(master):
    """(time in ns at which it was whole, line) of everything that comes from a terminal."""
    rest = b""
    while True:
        try:
            part = os.read(master, 1 << 16)
        except OSError:  # the other side is closed
            return
        now = time.monotonic_ns()
        *lines, rest = (rest + part).split(b"\n")
        yield from ((now, line) for line in lines)


def measure(paths, repeats, config):
    """[(path, reply in ms, {stage: ms})], the first round left out."""
    master, terminal = pty.openpty()
    tty.setraw(terminal)
    order = [path for _ in range(repeats + 1) for path in paths]
    process = subprocess.Popen([corpora.TAXON, "classify", "-c", config, "--json", *order],
                               stdout=terminal, stdin=subprocess.DEVNULL)
    os.close(terminal)
    found, before = [], None
    for now, line in read_lines(master):
        record = json.loads(line)
        stages = {stage: us / 1000 for stage, us in record["timings_us"].items()}
        found.append((None if before is None else (now - before) / 1e6, stages))
        before = now
    os.close(master)
    if process.wait() != 0 or len(found) != len(order):
        sys.exit(f"taxon classify: {len(found)} records of {len(order)} documents")
    rows = [(path, *row) for path, row in zip(order, found)]
    return rows[len(paths):]


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))]


def show(name, size, rows):
    reply = [reply for _, reply, _ in rows]
    worker = [sum(stages.values()) for _, _, stages in rows]
    totals = {}
    for _, _, stages in rows:
        for stage, spent in stages.items():
            totals[stage] = totals.get(stage, 0) + spent
    slowest = max(totals, key=totals.get)
    share = totals[slowest] / sum(totals.values())
    print(f"{name[:44]:44}{size:>9}{percentile(reply, 0.5):9.2f}{percentile(reply, 0.99):9.2f}"
          f"{percentile(worker, 0.5):9.2f}{percentile(worker, 0.99):9.2f}   {slowest} {share:.0%}")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=100)
    parser.add_argument("--config", help="instead of the shipped one with this build's plugins")
    parser.add_argument("files", nargs="*", type=lambda name: pathlib.Path(name).resolve())
    options = parser.parse_args()
    wanted = [("named", path) for path in options.files] or documents()
    with tempfile.TemporaryDirectory(prefix="taxond-bench-") as root:
        config = options.config or corpora.shipped(pathlib.Path(root))
        rows = measure([path for _, path in wanted], options.repeats, config)
    print(f"{options.repeats} repeats, one worker, milliseconds")
    print(f"{'':44}{'bytes':>9}{'reply':>9}{'':9}{'worker':>9}")
    print(f"{'document':44}{'':9}{'p50':>9}{'p99':>9}{'p50':>9}{'p99':>9}   most time in")
    for _, path in wanted:
        show(path.name, path.stat().st_size, [row for row in rows if row[0] == path])
    print()
    for name in dict.fromkeys(kind for kind, _ in wanted):
        members = {path for kind, path in wanted if kind == name}
        show(f"{name}: {len(members)}", sum(path.stat().st_size for path in members),
             [row for row in rows if row[0] in members])


if __name__ == "__main__":
    main()
