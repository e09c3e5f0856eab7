"""Killed with -9 at random moments: each document is filed exactly once, its record matching."""
import collections
import hashlib
import os
import random
import signal
import threading
import unittest

from harness import SANITIZED, DaemonTest, wait_until

DOCUMENTS = 2000 if SANITIZED else 10000
KILLS = 20
PHRASES = ["云溪市召开会议,部署生态环境保护工作。", "The match ended in a draw after extra time. ",
           "第一章 总则\n第一条 为了规范管理,制定本办法。\n", "问:价格如何?\n答:请看说明。\n"]


def content(number, source):
    size = source.choice([0, 40, 400, 4000, 20000])
    text = f"document {number}\n"
    while len(text) < size:
        text += source.choice(PHRASES)
    return text.encode()


class Kill(DaemonTest):
    def test_each_is_filed_exactly_once(self):
        seed = int.from_bytes(os.urandom(4), "little")
        source = random.Random(seed)
        daemon = self.daemon()
        written = {}
        done = threading.Event()

        def write():
            for number in range(DOCUMENTS):
                body = content(number, source)
                written[hashlib.sha256(body).hexdigest()] = number
                daemon.drop(f"{number % 7}/{number}.txt", body)
            done.set()

        daemon.start()
        writer = threading.Thread(target=write)
        writer.start()
        kills = 0
        moments = random.Random(seed + 1)
        while kills < KILLS:
            # A random number of documents later, wherever the daemon is by then.
            goal = len(daemon.filed()) + moments.randrange(1, DOCUMENTS // 25)
            wait_until(lambda: done.is_set() or len(daemon.filed()) >= goal, "progress")
            daemon.kill(signal.SIGKILL)
            kills += 1
            daemon.start()
        writer.join()
        daemon.wait_empty()
        self.assertEqual(daemon.stop(), 0, daemon.log()[-2000:])
        self.check(daemon, written, f"seed {seed}")

    def check(self, daemon, written, seed):
        filed = collections.Counter()
        for path in daemon.filed():
            body = (daemon.archive / os.fsdecode(path)).read_bytes()
            digest = hashlib.sha256(body).hexdigest()
            self.assertEqual(daemon.record(path)["sha256"], digest, seed)
            filed[digest] += 1
        self.assertEqual(daemon.quarantined(), {}, seed)
        self.assertEqual(set(filed), set(written), seed)
        self.assertEqual(filed.total(), DOCUMENTS, seed)
        sidecars = sum(1 for _, _, names in os.walk(daemon.archive) for name in names
                       if name.endswith(".taxon.json"))
        self.assertEqual(sidecars, DOCUMENTS, seed)
        self.assertEqual(os.listdir(daemon.inbox / ".taxond" / "work"), [], seed)


class Suspect(DaemonTest):
    def test_a_document_in_hand_at_many_abrupt_ends_is_quarantined(self):
        """As one that brings the machine down each time would be; the others are filed."""
        daemon = self.daemon(plugins="  text: {}\n  hang: {}\n")
        daemon.drop("bad.txt", "a text that stops whoever reads it: poison-hang\n")
        ends = 0
        while not daemon.quarantined():
            self.assertLess(ends, 15, daemon.log())
            daemon.start()
            wait_until(lambda: daemon.status()["workers"]["busy"] == 1 or daemon.quarantined(),
                       "the document in a worker's hands, or given up")
            if ends == 3:
                daemon.drop("good.txt", "a text like any other\n")
                daemon.wait_filed(1)
            daemon.kill(signal.SIGKILL)
            ends += 1
        self.assertGreater(ends, 5)
        self.assertEqual(list(daemon.quarantined()), ["bad.txt"])
        self.assertIn("abrupt ends", str(daemon.quarantined()["bad.txt"]["failure"]))
        self.assertEqual(len(daemon.filed()), 1)
        self.assertEqual(daemon.run_once(), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
