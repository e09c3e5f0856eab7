"""Plugins that crash, hang and lie: each evil ends in a defined verdict that names the stage, and
the documents beside it are filed."""
import unittest

from harness import SANITIZED, DaemonTest

GOOD = "An ordinary text, with nothing in it that anybody would mind.\n"


class Rogue(DaemonTest):
    def run_with(self, evil, count=10, limits="time: 1s", **options):
        daemon = self.daemon(plugins=f"  text: {{}}\n  {evil}: {{}}\n", **options)
        text = daemon.config.read_text().replace("time: 20s, memory: 2G", "time: 20s")
        text = text.replace("time: 20s", limits)
        daemon.config.write_text(text)
        daemon.drop("poison.txt", f"{GOOD} poison-{evil} {GOOD}")
        for number in range(count):
            daemon.drop(f"good{number}.txt", f"{number} {GOOD}")
        self.assertEqual(daemon.run_once(), 0, daemon.log())
        return daemon

    def assert_quarantined(self, evil, *words):
        daemon = self.run_with(evil)
        self.assertEqual(len(daemon.filed()), 10, daemon.log())
        [(name, reason)] = daemon.quarantined().items()
        self.assertEqual(name, "poison.txt")
        self.assertEqual(reason["attempts"], 2)
        for word in words:
            self.assertIn(word, str(reason["failure"]))

    def test_segfault(self):
        self.assert_quarantined("segv", "classify segv", *([] if SANITIZED else ["signal 11"]))

    def test_abort(self):
        self.assert_quarantined("abort", "classify abort", "signal 6")

    def test_exit(self):
        self.assert_quarantined("exit0", "classify exit0", "exited with status 0")

    def test_hang(self):
        self.assert_quarantined("hang", "classify hang", "limits.time")

    def test_close_every_descriptor(self):
        # Found out at once, or when the reply has nowhere to go.
        self.assert_quarantined("closefds", "the worker")

    @unittest.skipIf(SANITIZED, "a sanitizer keeps the stack and the heap for itself")
    def test_stack(self):
        self.assert_quarantined("stack", "classify stack")

    @unittest.skipIf(SANITIZED, "a sanitizer needs an address space without limit")
    def test_memory(self):
        daemon = self.run_with("oom", limits="time: 5s, memory: 512M")
        self.assertEqual(len(daemon.filed()) + len(daemon.quarantined()), 11, daemon.log())
        self.assertLessEqual(set(daemon.quarantined()), {"poison.txt"})

    def test_standard_output_is_nobodys(self):
        daemon = self.run_with("stdout")
        self.assertEqual(len(daemon.filed()), 11)

    def test_nonsense_results_are_refused_and_the_good_one_kept(self):
        daemon = self.run_with("nan")
        self.assertEqual(len(daemon.filed()), 11)
        record = daemon.record([path for path in daemon.filed() if b"poison" in path][0])
        for label in record["labels"]:
            self.assertTrue(0.0 <= label["score"] <= 1.0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
