"""More files than fit anywhere but in the inbox: memory stays as it is, and who asks is told how far
it has come. The long form, with a million, is long_inbox.py."""
import os
import pathlib
import re
import shutil
import signal
import tempfile
import unittest

from harness import SANITIZED, DaemonTest, wait_until

PLUGINS = "  text: {}\n"
FLAT = "rules:\n  - {name: default, file: '{name}'}\n"
TEXT = "Some plain text, long enough to be read as a document by anybody.\n"
QUEUE_MAX = 65536  # notices; a larger queue of the kernel takes too long to fill
MANY = 4000 if SANITIZED else 15000


class Many(DaemonTest):
    def setUp(self):
        super().setUp()
        if os.access("/dev/shm", os.W_OK):  # it is not the disk that is tested
            self.root = pathlib.Path(tempfile.mkdtemp(prefix="taxond-test-", dir="/dev/shm"))
            self.stack.callback(shutil.rmtree, self.root, ignore_errors=True)

    def lean(self, **options):
        return self.daemon(**{"plugins": PLUGINS, "rules": FLAT, "settle": "20ms"} | options)

    def memory_kb(self, daemon, what):
        text = pathlib.Path(f"/proc/{daemon.process.pid}/status").read_text()
        return int(re.search(what + r":\s+(\d+) kB", text).group(1))

    def test_many_that_lie_there_at_the_start(self):
        most = []
        for count in (1000, MANY):
            # A small queue: how many of its slots are ever in use at once is a matter of chance.
            daemon = self.lean(folder=str(count), placement="sidecar: false", limits="queue: 64")
            for number in range(count):
                (daemon.inbox / f"{number}.txt").write_text(f"{number} {TEXT}")
            daemon.start()
            wait_until(lambda: daemon.status()["documents"]["filed"] == count, "all are filed")
            most.append(self.memory_kb(daemon, "VmHWM"))
            [inbox] = daemon.status()["inboxes"]
            self.assertEqual((inbox["scans"], inbox["scan_files"]), (1, count))
            self.assertEqual(len(daemon.filed()), count)
            self.assertEqual(daemon.stop(), 0)
        if not SANITIZED:  # whose runtime keeps freed memory for a while
            self.assertLess(most[1] - most[0], 4096)

    def test_a_long_scan_tells_how_far_it_is(self):
        """It is held up by a line that has no room, and says so in the status and in the log."""
        daemon = self.lean(plugins="  text: {}\n  slow: {}\n", workers=1, time_limit="20s",
                           limits="queue: 4")
        for number in range(1000):
            (daemon.inbox / f"{number}.txt").write_text(f"poison-slow {number} {TEXT}")
        daemon.start()
        [inbox] = daemon.status()["inboxes"]
        self.assertTrue(inbox["scanning"])
        wait_until(lambda: "being looked through for" in daemon.log(), "a line of the log")
        [inbox] = daemon.status()["inboxes"]
        self.assertGreater(inbox["scan_ms"], 4000)
        self.assertGreater(inbox["scan_files"], 0)
        self.assertLess(inbox["scan_files"], 1000)
        self.assertRegex(daemon.taxon("status").stdout, r"scanning: \d+ files met in \d+\.\d s")
        daemon.kill()

    def test_a_burst_that_overflows_the_kernels_queue(self):
        """While the loop is held: what came last was heard of by nobody."""
        queue = int(pathlib.Path("/proc/sys/fs/inotify/max_queued_events").read_text())
        if queue > QUEUE_MAX:
            self.skipTest(f"fs.inotify.max_queued_events is {queue}")
        daemon = self.lean().start()
        daemon.process.send_signal(signal.SIGSTOP)
        for number in range(queue + 1):  # two in turn: equal notices in a row become one
            with open(daemon.inbox / f"{number % 2}.txt", "w") as file:
                file.write(f"{number % 2} {TEXT}")
        for number in range(2, 500):
            (daemon.inbox / f"{number}.txt").write_text(f"{number} {TEXT}")
        for number in range(500, 600):
            daemon.drop(f"new{number % 7}/below/{number}.txt", f"{number} {TEXT}")
        daemon.process.send_signal(signal.SIGCONT)
        daemon.wait_filed(600)
        daemon.wait_empty()
        self.assertEqual(set(daemon.filed()), {f"{number}.txt".encode() for number in range(600)})
        self.assertGreater(daemon.status()["inboxes"][0]["overflows"], 0)
        # And all is heard of again.
        daemon.drop("new0/below/later.txt", "later " + TEXT)
        daemon.wait_filed(601)


if __name__ == "__main__":
    unittest.main(verbosity=2)
