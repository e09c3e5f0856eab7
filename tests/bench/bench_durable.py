"""Durable documents a second, latency, memory and syncs, beside a bare probe in the same run.

    script/bench [--documents N] [--rounds N] [--batches 1,8,64,512]

Rates: N plain-text documents of 10 KB lie in the inbox, never synced by their writer; taxond (2
workers) files them all, beside a probe that only renames and syncs as much. Rounds alternate, and
the medians count. Latency: documents closed at 100 a second; from the close to the log's line
"filed", which comes after the last sync.

With --batches only the rates, at each of these sizes (batch.documents), with the syncs for a
document: of its data, and of anything else. A batch of less than four is synced file by file, as
taxond does it; from four on one syncfs is for all. "No sync" is the same with every sync left out,
of the probe and of taxond: where taxond is no faster so, it is the processor that it waits for.
Small batches get fewer documents. What a round leaves is removed when all are over: ext4 passes over
the inodes of files removed in the last seconds when it makes a file, one by one, and the round
after would pay for it.
"""
import argparse
import datetime
import os
import pathlib
import random
import re
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "daemon"))
import harness  # noqa: E402

SIZE = 10 * 1024
PHRASES = """云溪市召开生态环境保护工作推进会,部署下半年重点任务。
会议强调,要坚持问题导向,压实工作责任,确保各项措施落到实处。
全市规模以上工业企业实现产值稳步增长,新材料产业集群加快成型。
记者从发布会上获悉,今年以来共新建高标准农田三万亩。
The council approved the plan after a short debate on Tuesday.
Preheat the oven and mix the flour with the butter until it crumbles.
主队在下半场连入两球,最终以二比一战胜对手。
用户可以在设置页面中更改通知方式,保存后立即生效。
第十二条 有关部门应当自收到申请之日起二十日内作出决定。
""".splitlines()


def make_document(number):
    source = random.Random(number)
    text = f"文档 {number}\n"
    while len(text.encode()) < SIZE:
        text += source.choice(PHRASES) + ("\n" if source.random() < 0.4 else "")
    return text.encode()[:SIZE].decode(errors="ignore").encode()


def fill(folder, documents):
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(documents):
        (folder / f"{number}.txt").write_bytes(make_document(number))


class Counted(harness.Daemon):
    """A daemon whose syncs are counted."""

    def start_counted(self, *arguments, stderr=subprocess.PIPE, sync=True):
        self.counts = self.root / "counts"
        self.counts.write_bytes(b"\0" * 32)
        env = harness.environment()
        env["LD_PRELOAD"] = str(harness.BUILD / "tests" / "bench" / "count_syncs.so")
        env["COUNT_SYNCS"] = str(self.counts)
        if not sync:
            env["COUNT_SYNCS_ONLY"] = "1"
        self.process = subprocess.Popen(
            [harness.TAXOND, "-c", self.config, *arguments], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=stderr, text=True, env=env)

    def syncs(self):
        return sum(struct.unpack("4Q", self.counts.read_bytes())[:3])

    def data_syncs(self):
        return struct.unpack("4Q", self.counts.read_bytes())[3]


def peak_kb(pid):
    try:
        return int(re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())[1])
    except (OSError, TypeError):
        return 0


def children(pid):
    return [int(word) for word in read(pathlib.Path(f"/proc/{pid}/task/{pid}/children")).split()]


def read(path):
    try:
        return path.read_text()
    except OSError:
        return ""


def log_times(log):
    """When taxond began to watch and when it had filed the last document, by its own log."""
    stamps = [line.split(" ", 1)[0] for line in log.splitlines()
              if "watching;" in line or " filed " in line]
    return [datetime.datetime.fromisoformat(stamp.rstrip("Z")).timestamp() for stamp in stamps]


def taxond_round(root, documents, batch=64, sync=True):
    # In hand: a batch that is placed, one that gathers, and what the workers have.
    daemon = Counted(root, workers=2, extra=f"batch: {{documents: {batch}}}\n",
                     limits=f"queue: {max(256, 3 * batch)}")
    fill(daemon.inbox, documents)
    os.sync()  # what the writers left must not be on our account alone: both start alike
    peaks = [0, 0]
    with open(daemon.log_path, "wb") as log:  # a file: a reader beside would take part of a core
        daemon.start_counted("--once", stderr=log, sync=sync)
        while daemon.process.poll() is None:
            peaks[0] = max(peaks[0], peak_kb(daemon.process.pid))
            peaks[1] = max([peaks[1], *map(peak_kb, children(daemon.process.pid))])
            time.sleep(0.1)
    times = log_times(daemon.log())
    if daemon.process.returncode != 0 or len(times) != documents + 1:
        raise SystemExit(f"taxond filed {len(times) - 1} of {documents}")
    return (documents / (times[-1] - times[0]), daemon.syncs() / documents, peaks,
            daemon.data_syncs() / documents)


def probe_round(root, documents, sync, batch=64):
    inbox, work, archive = (root / name for name in ("inbox", "work", "archive"))
    fill(inbox, documents)
    os.sync()
    work.mkdir()
    archive.mkdir()
    program = harness.BUILD / "tests" / "bench" / "bare_probe"
    out = subprocess.run([program, inbox, work, archive, str(batch), "1" if sync else "0"],
                         capture_output=True, text=True, check=True).stdout.split()
    return int(out[0]) / float(out[1]), int(out[2]) / documents


def latency(root, documents, rate):
    daemon = Counted(root, workers=2)
    closed, done = {}, {}
    daemon.start_counted()
    ready = threading.Event()

    def listen():
        for line in daemon.process.stderr:
            now = time.monotonic()
            if "watching;" in line:
                ready.set()
            found = re.search(r" filed (\S+) ->", line)
            if found:
                done[found[1]] = now

    listener = threading.Thread(target=listen)
    listener.start()
    ready.wait()
    begin = time.monotonic()
    for number in range(documents):
        body = make_document(number)
        time.sleep(max(0.0, begin + number / rate - time.monotonic()))
        with open(daemon.inbox / f"{number}.txt", "wb") as file:
            file.write(body)
        closed[f"{number}.txt"] = time.monotonic()
    harness.wait_until(lambda: len(done) == documents, "all filed")
    daemon.stop()
    listener.join()
    times = sorted((done[name] - closed[name]) * 1000 for name in closed)
    return statistics.median(times), times[int(len(times) * 0.99)], daemon.syncs() / documents


def in_temporary(work, *arguments):
    return work(pathlib.Path(tempfile.mkdtemp(prefix="round-", dir=FOLDER)), *arguments)


FOLDER = None  # of the whole run


def median(rows, column):
    return statistics.median(row[column] for row in rows)


def run_batches(options):
    """A table with a line for each size of batch."""
    print(f"documents of {SIZE // 1024} KB, {options.rounds} rounds, medians; documents/s, ratios, "
          "syncs a document")
    print(f"{'':17}{'taxond':^16}{'bare probe':^16}{'taxond: bare probe':^20}{'syncs of taxond':^20}"
          f"{'of bare':>8}")
    print(f"{'batch':>6}{'documents':>11}{'':>8}{'no sync':>8}{'':>8}{'no sync':>8}{'':>10}"
          f"{'no sync':>10}{'data':>10}{'others':>10}{'all':>8}")
    for batch in options.batches:
        documents = min(options.documents, 500 * batch)
        rounds = [[in_temporary(taxond_round, documents, batch),
                   in_temporary(probe_round, documents, True, batch),
                   in_temporary(taxond_round, documents, batch, False),
                   in_temporary(probe_round, documents, False, batch)]
                  for _ in range(options.rounds)]
        ours, bare, ours_unsynced, bare_unsynced = zip(*rounds)
        to_bare, to_unsynced = (
            statistics.median(one[0] / other[0] for one, other in zip(ours, others))
            for others in (bare, bare_unsynced))
        print(f"{batch:6}{documents:11}{median(ours, 0):8.0f}{median(ours_unsynced, 0):8.0f}"
              f"{median(bare, 0):8.0f}{median(bare_unsynced, 0):8.0f}{to_bare:10.2f}"
              f"{to_unsynced:10.2f}{median(ours, 3):10.3f}"
              f"{median(ours, 1) - median(ours, 3):10.3f}{median(bare, 1):8.3f}", flush=True)


def main():
    global FOLDER
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", help="where to work (default: the temporary folder)")
    parser.add_argument("--batches", type=lambda text: [int(word) for word in text.split(",")],
                        help="sizes of batches to compare, such as 1,8,64,512")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="taxond-bench-", dir=options.folder) as FOLDER:
        run(options)


def run(options):
    if options.batches:
        run_batches(options)
        return
    ours, bare, unsynced = [], [], []
    for _ in range(options.rounds):
        ours.append(in_temporary(taxond_round, options.documents))
        bare.append(in_temporary(probe_round, options.documents, True))
        unsynced.append(in_temporary(probe_round, options.documents, False))
    p50, p99, alone_syncs = in_temporary(latency, 500, 100.0)
    print(f"{options.documents} documents of {SIZE // 1024} KB, {options.rounds} rounds, medians")
    print(f"{'':34}{'documents/s':>12}{'syncs/document':>16}")
    print(f"{'taxond, 2 workers':34}{median(ours, 0):12.0f}{median(ours, 1):16.3f}")
    print(f"{'bare probe, same syncs, batch 64':34}{median(bare, 0):12.0f}{median(bare, 1):16.3f}")
    print(f"{'bare probe, no sync':34}{median(unsynced, 0):12.0f}{0:16.3f}")
    ratio = statistics.median(o[0] / b[0] for o, b in zip(ours, bare))
    print(f"ratio taxond : bare probe {ratio:.2f}")
    print(f"close to filed at 100/s: p50 {p50:.1f} ms, p99 {p99:.1f} ms "
          f"({alone_syncs:.2f} syncs a document)")
    print(f"peak memory: taxond {max(o[2][0] for o in ours) / 1024:.1f} MB, "
          f"a worker {max(o[2][1] for o in ours) / 1024:.1f} MB")


if __name__ == "__main__":
    main()
