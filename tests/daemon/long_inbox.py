"""The long form of test_inbox_many.py, run by hand: inboxes of up to a million files.

    TAXOND_BUILD=build TAXOND_SOURCE=. tests/daemon/long_inbox.py [--most 1000000] [--burst 200000]
                                                                  [--folder /var/tmp]

1. For each of 1,000, 10,000, … files that lie there before the start: files them, and prints a line
   of the table: how long it took, the supervisor's resident memory when the first was filed and at
   its most, and how many scans it took. At the end, memory must not have grown with the files.
2. A burst: the daemon is stopped while so many files are written, so that the kernel's queue of
   notices overflows; then each must be filed, once.

Every document is read again from the archive. A million files take about ten minutes in memory
(/dev/shm), several times that on a disk, 8 GB and a million inodes in --folder; the exit status is 1
when anything is lost, doubled, or grows.
"""
import argparse
import os
import pathlib
import re
import shutil
import signal
import sys
import tempfile
import time

os.environ.setdefault("TAXOND_BUILD", "build")
os.environ.setdefault("TAXOND_SOURCE", ".")
for variable in ("TAXOND_BUILD", "TAXOND_SOURCE"):
    os.environ[variable] = os.path.abspath(os.environ[variable])

from harness import Daemon, wait_until  # noqa: E402 (it reads those two)

RULES = "rules:\n  - {name: default, file: '{sha256:2}/{name}'}\n"
GROWTH_KB = 4096  # of a supervisor, whatever waits
HOURS_S = 4 * 3600.0


class Run:
    def __init__(self, folder):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="taxond-long-", dir=folder))
        self.daemon = Daemon(self.root, plugins="  text: {}\n", rules=RULES, settle="50ms",
                             placement="sidecar: false")

    def make(self, count):
        for number in range(count):
            with open(self.daemon.inbox / f"{number}.txt", "w") as file:
                file.write(f"This is document number {number} of many.\n")

    def memory(self, what):
        text = pathlib.Path(f"/proc/{self.daemon.process.pid}/status").read_text()
        return int(re.search(what + r":\s+(\d+) kB", text).group(1))

    def done(self, count):
        documents = self.daemon.status()["documents"]
        return documents["filed"] >= count and documents["in_hand"] == 0

    def check(self, count):
        """Each is there, once, whole; nothing else is."""
        seen = bytearray(count)
        for folder, _, names in os.walk(self.daemon.archive):
            for name in names:
                number = int(name.removesuffix(".txt"))
                text = pathlib.Path(folder, name).read_text()
                if text != f"This is document number {number} of many.\n" or seen[number]:
                    return f"{name} is not whole, or there twice"
                seen[number] = 1
        left = os.listdir(self.daemon.inbox) + os.listdir(self.daemon.inbox / ".taxond" / "work")
        if not all(seen) or left != [".taxond"] or self.daemon.quarantined():
            return f"{count - sum(seen)} lost, {len(left) - 1} left, and " \
                   f"{len(self.daemon.quarantined())} in quarantine"
        return ""

    def close(self):
        self.daemon.stop()
        shutil.rmtree(self.root, ignore_errors=True)


def lying_there(folder, count):
    run = Run(folder)
    try:
        run.make(count)
        begin = time.monotonic()
        run.daemon.start()
        wait_until(lambda: run.daemon.status()["documents"]["filed"] > 0, "the first", HOURS_S)
        first_kb = run.memory("VmRSS")
        wait_until(lambda: time.sleep(0.2) or run.done(count), "all of them", HOURS_S)
        seconds = time.monotonic() - begin
        most_kb = run.memory("VmHWM")
        [inbox] = run.daemon.status()["inboxes"]
        progress = run.daemon.log().count("being looked through")
        fault = run.check(count)
        print(f"{count:>9} {seconds:>9.1f} {count / seconds:>7.0f} {first_kb:>9} {most_kb:>9} "
              f"{inbox['scans']:>6} {progress:>9}  {fault or 'all filed once'}", flush=True)
        return most_kb, fault
    finally:
        run.close()


def burst(folder, count):
    run = Run(folder)
    try:
        run.daemon.start()
        run.daemon.process.send_signal(signal.SIGSTOP)
        run.make(count)
        run.daemon.process.send_signal(signal.SIGCONT)
        begin = time.monotonic()
        wait_until(lambda: time.sleep(0.2) or run.done(count), "all of them", HOURS_S)
        [inbox] = run.daemon.status()["inboxes"]
        fault = run.check(count)
        print(f"burst of {count}: {inbox['events']} events, {inbox['overflows']} overflows, "
              f"{inbox['scans']} scans, {time.monotonic() - begin:.1f} s, at most "
              f"{run.memory('VmHWM')} kB: {fault or 'all filed once'}", flush=True)
        return fault or ("" if inbox["overflows"] > 0 else "the queue did not overflow")
    finally:
        run.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--most", type=int, default=1_000_000)
    parser.add_argument("--burst", type=int, default=200_000)
    parser.add_argument("--folder", default=None)
    options = parser.parse_args()
    faults = []
    memory = []
    print("    files   seconds  files/s  first kB   most kB  scans  progress")
    count = 1000
    while count <= options.most:
        most_kb, fault = lying_there(options.folder, count)
        memory.append(most_kb)
        faults.append(fault)
        count *= 10
    if memory and max(memory) - memory[0] > GROWTH_KB:
        faults.append(f"memory grew from {memory[0]} kB to {max(memory)} kB")
    if options.burst > 0:
        faults.append(burst(options.folder, options.burst))
    faults = [fault for fault in faults if fault]
    print("\n".join(faults) or "nothing lost, nothing twice, memory flat")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
