"""Plugins that crash, hang and lie: each evil ends in a defined verdict that names the stage, and
the documents beside it are filed."""
import hashlib
import os
import unittest

from harness import SANITIZED, DaemonTest, wait_until

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


# Evils that cost their document: what the reason says, besides the plugin's name. A sanitizer keeps
# stack and heap for itself.
COSTLY = {
    "segv": "" if SANITIZED else "signal 11",
    "abort": "signal 6",
    "exit0": "exited with status 0",
    "hang": "limits.time",
    "stopless": "limits.time",
    "mute": "limits.time",
    "babble": "protocol",
    "closefds": "the worker",
    **({} if SANITIZED else {"stack": ""}),
}
# Evils that cost nothing: what they said is refused or cut off, and the record says so.
HARMLESS = ["stdout", "nan", "undeclared", "copycat"]
# Each reaches for something outside of its worker; without the lock-down some would get it.
REACHING = [] if SANITIZED else ["openfile", "connect", "fork", "sibling", "thread", "signal",
                                 "ptrace", "limits", "shrink"]


class Enemies(DaemonTest):
    """All evils in one daemon: each ends in its verdict, which names it, and nothing else in any."""

    def run_all(self, evils):
        plugins = "  text: {}\n" + "".join(f"  {evil}: {{}}\n" for evil in evils)
        daemon = self.daemon(plugins=plugins, time_limit="1s", worker_options="grace: 200ms")
        for evil in evils:
            daemon.drop(f"before-{evil}.txt", f"before {evil} {GOOD}")
            daemon.drop(f"{evil}.txt", f"{GOOD} poison-{evil} {GOOD}")
            daemon.drop(f"after-{evil}.txt", f"after {evil} {GOOD}")
        self.assertEqual(daemon.run_once(), 0, daemon.log())
        return daemon, {os.path.basename(os.fsdecode(path)): daemon.record(path)
                        for path in daemon.filed()}

    def test_each_evil_has_its_verdict_and_no_other_document_has_any(self):
        evils = [*COSTLY, *HARMLESS, "keeper", *REACHING]
        daemon, records = self.run_all(evils)
        reasons = daemon.quarantined()
        for evil, words in COSTLY.items():
            with self.subTest(evil):
                failure = reasons.pop(f"{evil}.txt")["failure"]
                self.assertEqual(failure["stage"], f"classify {evil}")
                self.assertRegex(failure["by"], rf"^{evil}@1\.0#[0-9a-f]{{12}}$")
                self.assertIn(words, failure["reason"])
        for evil in evils:
            for name in (f"before-{evil}.txt", f"after-{evil}.txt"):
                with self.subTest(name):
                    self.assert_right(records.pop(name), evils)
        self.check_harmless(records)
        for evil in REACHING:
            with self.subTest(evil):
                outcome = [fact["value"] for fact in records.pop(f"{evil}.txt")["facts"]
                           if fact["by"].startswith(f"{evil}@")]
                self.assertIn(outcome, [["EPERM"], ["EACCES"]])
        # What it does with memory that is not its own any more may end the worker, or nothing.
        self.assertEqual({*records, *reasons}, {"keeper.txt"})
        for reason in reasons.values():
            self.assertEqual(reason["failure"]["stage"], "classify keeper")

    def assert_right(self, record, evils):
        self.assertEqual(record["attempts"], 1)
        self.assertEqual(sorted(label["scheme"] for label in record["labels"]), sorted(evils))
        self.assertEqual({label["id"] for label in record["labels"]}, {"safe"})
        self.assertNotIn("failures", record)

    def check_harmless(self, records):
        for evil in HARMLESS:
            record = records.pop(f"{evil}.txt")
            with self.subTest(evil):
                own = [label for label in record["labels"] if label["scheme"] == evil]
                self.assertIn("safe", [label["id"] for label in own])
                if evil in ("nan", "undeclared"):
                    [failure] = record["failures"]
                    self.assertRegex(failure["by"], rf"^{evil}@")
                    self.assertEqual(len(own), 1)
                if evil == "copycat":
                    self.assert_itself(record)

    def assert_itself(self, record):
        """The digest that says which bytes these are is the supervisor's own, whatever it was told
        of the text."""
        content = f"{GOOD} poison-copycat {GOOD}".encode()
        other = hashlib.sha256(b"The document that copycat would like to be.\n").hexdigest()
        self.assertEqual(record["sha256"], hashlib.sha256(content).hexdigest())
        if not SANITIZED:
            self.assertEqual(record["text_sha256"], other, "it did not do its worst")

    def test_a_million_labels_are_cut_off(self):
        """And as many spans, facts, signatures and lines for the log."""
        daemon = self.daemon(plugins="  text: {}\n  flood: {}\n", time_limit="60s",
                             limits="labels: 1000, spans: 2000, facts: 200")
        daemon.drop("flood.txt", f"{GOOD} poison-flood {GOOD}")
        daemon.drop("good.txt", GOOD)
        self.assertEqual(daemon.run_once(), 0, daemon.log())
        good, flood = sorted((daemon.record(path) for path in daemon.filed()),
                             key=lambda record: len(record["labels"]))
        self.assertEqual([label["id"] for label in good["labels"]], ["safe"])
        self.assertEqual(len(flood["labels"]), 1000)
        self.assertEqual(len(flood["spans"]), 2000)
        self.assertEqual(len(flood["facts"]), 200)
        self.assertLessEqual({"limits.labels", "limits.spans", "limits.facts"},
                             set(flood["limits"]))
        self.assertTrue(all(label["by"].startswith("flood@") for label in flood["labels"]))
        self.assertLessEqual(daemon.log().count("one of a million lines"), 100)

    def test_documents_that_are_tried_again_do_not_keep_the_others_waiting(self):
        """While others wait, one worker at a time is for those."""
        daemon = self.daemon(plugins="  text: {}\n  mute: {}\n", workers=2, time_limit="1s",
                             worker_options="grace: 100ms")
        daemon.start()
        for number in range(3):
            daemon.drop(f"mute{number}.txt", f"{number} {GOOD} poison-mute {GOOD}")
        for number in range(10):
            daemon.drop(f"good{number}.txt", f"{number} {GOOD}")
        daemon.wait_filed(10)
        # The second of them is being tried again, or about to be, and the third waits for that.
        self.assertLessEqual(len(daemon.quarantined()), 1, daemon.log())
        wait_until(lambda: len(daemon.quarantined()) == 3, daemon.log)

    def test_a_document_is_no_copy_because_a_plugin_says_so(self):
        """The other document is there already, under the same name, and both are filed."""
        daemon = self.daemon(plugins="  text: {}\n  copycat: {}\n")
        daemon.start()
        daemon.drop("one.txt", "The document that copycat would like to be.\n")
        daemon.wait_filed(1)
        daemon.drop("one.txt", f"{GOOD} poison-copycat {GOOD}")
        daemon.wait_filed(2)
        self.assertEqual(len(daemon.filed()), 2)
        self.assertEqual(daemon.status()["documents"]["same"], 0)

    def test_a_second_reply_is_nobodys(self):
        """The first, well-formed, counts as what the plugin said of its own document; the worker's
        own one ends the worker, and the document that it got by then is tried once more."""
        daemon = self.daemon(plugins="  text: {}\n  twice: {}\n", workers=1)
        daemon.start()
        daemon.drop("twice.txt", f"{GOOD} poison-twice {GOOD}")
        wait_until(lambda: daemon.filed() or daemon.quarantined(), daemon.log)
        for number in range(5):
            daemon.drop(f"good{number}.txt", f"{number} {GOOD}")
        good = wait_until(lambda: len(found := [path for path in daemon.filed() if b"good" in path])
                          == 5 and found, daemon.log)
        for path in good:
            self.assertEqual([label["id"] for label in daemon.record(path)["labels"]], ["safe"])
        daemon.wait_empty()
        self.assertEqual(len(daemon.filed()) + len(daemon.quarantined()), 6)
        self.assertEqual(daemon.status()["workers"]["ready"], 1)


# What each attempt of evil/inside.c is answered, from the constructor on.
REFUSED = {"read": "EACCES", "create": "EACCES", "socket": "EPERM", "fork": "EPERM",
           "sibling": "EPERM", "leave-group": "EPERM", "signal-sibling": "EPERM",
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
