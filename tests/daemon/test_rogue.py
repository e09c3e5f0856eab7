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

    def test_junk_on_the_workers_socket(self):
        self.assert_quarantined("babble", "protocol")

    def test_forged_frames(self):
        """Documents are named after what they make the plugin forge: each costs itself alone."""
        daemon = self.daemon(plugins="  text: {}\n  forge: {}\n", time_limit="1s")
        forged = ["reply", "ready", "job", "huge"]
        for what in forged:
            daemon.drop(f"{what}.txt", f"{GOOD} poison-forge-{what} {GOOD}")
        for number in range(10):
            daemon.drop(f"good{number}.txt", f"{number} {GOOD}")
        self.assertEqual(daemon.run_once(), 0, daemon.log())
        self.assertEqual(daemon.filed(), sorted(
            path for path in daemon.filed() if b"/good" in path), daemon.log())
        self.assertEqual(len(daemon.filed()), 10, daemon.log())
        reasons = daemon.quarantined()
        self.assertEqual(sorted(reasons), sorted(f"{what}.txt" for what in forged))
        for name, reason in reasons.items():
            self.assertEqual(reason["attempts"], 2, name)
        for path in daemon.filed():
            self.assertEqual([label["id"] for label in daemon.record(path)["labels"]], ["safe"])

    def test_descriptors_left_open_harm_no_later_document(self):
        daemon = self.daemon(plugins="  text: {}\n  leak: {}\n", workers=1)
        for number in range(20):
            daemon.drop(f"good{number}.txt", f"{number} {GOOD}")
        self.assertEqual(daemon.run_once(), 0, daemon.log())
        self.assertEqual(len(daemon.filed()), 20, daemon.log())
        for path in daemon.filed():
            record = daemon.record(path)
            self.assertEqual(record["attempts"], 1)
            self.assertEqual([label["id"] for label in record["labels"]], ["safe"])

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


# What each attempt of evil/inside.c is answered, from the constructor on.
REFUSED = {"read": "EACCES", "create": "EACCES", "socket": "EPERM", "fork": "EPERM",
           "exec": "EPERM", "kill-parent": "EPERM", "limit-parent": "EPERM",
           "outlive-parent": "EPERM"}
STREAMS = "0=null 1=null 2=null 3=socket"


@unittest.skipIf(SANITIZED, "a sanitizer cannot live in the lock-down")
class Inside(DaemonTest):
    """The lock-down as it is in the worker of a daemon."""

    def test_a_plugin_is_locked_in_from_its_first_moment(self):
        daemon = self.daemon(plugins="  text: {}\n  inside: {}\n", workers=1, sandbox="require")
        daemon.start()
        for number in range(3):
            daemon.drop(f"{number}.txt", f"{number} {GOOD}")
        daemon.wait_filed(3)
        for path in daemon.filed():
            facts = {fact["name"]: fact["value"] for fact in daemon.record(path)["facts"]
                     if fact["by"].startswith("inside@")}
            self.assert_locked_in(facts)
        self.assertIsNone(daemon.process.poll())
        self.assertEqual(daemon.stop(), 0, daemon.log())

    def assert_locked_in(self, facts):
        for moment in ("constructor", "open", "classify"):
            outcomes = {name: facts[f"{moment}-{name}"] for name in REFUSED}
            self.assertEqual(outcomes, REFUSED, moment)
            self.assertEqual(facts[f"{moment}-writable"], "0 1 2 3", moment)
        # The shared objects, which are mapped by their descriptors; at the end nothing but the
        # socket, not even the document, which was read by then.
        for moment in ("constructor", "open"):
            self.assertRegex(facts[f"{moment}-descriptors"], rf"^{STREAMS}( \d+=file)*$")
        self.assertEqual(facts["classify-descriptors"], STREAMS)


if __name__ == "__main__":
    unittest.main(verbosity=2)
