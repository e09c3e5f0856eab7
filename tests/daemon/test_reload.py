"""A new configuration comes in as a new generation, or not at all."""
import os
import signal
import unittest

from harness import DaemonTest, wait_until

RULE = "rules:\n  - {{name: default, file: '{folder}/{{name}}'}}\n"
TEXT = "Some plain text, long enough to be read as a document by anybody.\n"


class Reload(DaemonTest):
    def rules(self, daemon, folder):
        (daemon.root / "rules.yaml").write_text(RULE.format(folder=folder))

    def test_hangup_takes_new_rules(self):
        daemon = self.daemon(rules=RULE.format(folder="old")).start()
        daemon.drop("a.txt", TEXT)
        daemon.wait_filed(1)
        self.rules(daemon, "new")
        daemon.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "reloaded; generation 2" in daemon.log(), "the reload")
        daemon.drop("b.txt", TEXT)
        self.assertEqual(daemon.wait_filed(2), [b"new/b.txt", b"old/a.txt"])
        self.assertEqual(daemon.record(b"new/b.txt")["generation"], 2)
        self.assertEqual(daemon.record(b"old/a.txt")["generation"], 1)

    def test_a_bad_configuration_is_refused_and_the_old_one_goes_on(self):
        daemon = self.daemon(rules=RULE.format(folder="old")).start()
        (daemon.root / "rules.yaml").write_text("rules:\n  - {name: default, fiel: x}\n")
        answer = daemon.taxon("reload", check=False)
        self.assertEqual(answer.returncode, 1)
        self.assertIn("rules.yaml:2:", answer.stderr)
        self.assertIn("file", answer.stderr)
        daemon.drop("a.txt", TEXT)
        self.assertEqual(daemon.wait_filed(1), [b"old/a.txt"])
        self.assertEqual(daemon.status()["generation"], 1)

    def test_a_plugin_that_cannot_start_is_refused_by_its_canary(self):
        daemon = self.daemon().start()
        text = daemon.config.read_text().replace("rules:", "  badmajor: {}\nrules:")
        daemon.config.write_text(text)
        answer = daemon.taxon("reload", check=False)
        self.assertEqual(answer.returncode, 1)
        self.assertIn("badmajor", answer.stderr)
        daemon.drop("a.txt", TEXT)
        daemon.wait_filed(1)

    def test_an_inbox_may_come_and_go(self):
        rules = "rules:\n  - {name: default, file: '{source}/{name}'}\n"
        daemon = self.daemon(rules=rules).start()
        (self.root / "late").mkdir()
        daemon.write_config(rules=rules, inboxes="  late: {path: late, settle: 50ms}\n")
        daemon.taxon("reload")
        daemon.drop("a.txt", TEXT)
        (self.root / "late" / "b.txt").write_text(TEXT)
        self.assertEqual(daemon.wait_filed(1), [b"late/b.txt"])
        self.assertTrue((daemon.inbox / "a.txt").exists())
        daemon.write_config(rules=rules)
        daemon.taxon("reload")
        self.assertEqual(daemon.wait_filed(2), [b"late/b.txt", b"main/a.txt"])

    def test_a_lexicon_changed_on_disk_is_not_used_by_a_recycled_worker(self):
        """A worker that starts later opens the same bytes as the first of its generation."""
        topics = self.root / "topics"
        topics.mkdir()
        source = os.path.join(os.environ["TAXOND_SOURCE"], "config", "topics")
        for name in os.listdir(source):
            with open(os.path.join(source, name), "rb") as file:
                (topics / name).write_bytes(file.read())
        daemon = self.daemon(
            plugins=f"  text: {{}}\n  topics: {{options: {{definitions: {topics}}}}}\n",
            extra="")
        text = daemon.config.read_text().replace("workers: {count: 2",
                                                 "workers: {documents: 1, count: 1")
        daemon.config.write_text(text)
        daemon.start()
        for name in os.listdir(topics):  # replaced, as editors do: the old bytes stay open
            draft = topics / (name + ".new")
            draft.write_text("this: [is no lexicon\n")
            draft.rename(topics / name)
        for number in range(5):
            daemon.drop(f"{number}.txt", f"{number} 生态环境保护 污染防治 {TEXT}")
        daemon.wait_filed(5)
        self.assertEqual(daemon.quarantined(), {})

    def test_state_cannot_move(self):
        daemon = self.daemon().start()
        daemon.config.write_text(daemon.config.read_text().replace("state: state", "state: other"))
        answer = daemon.taxon("reload", check=False)
        # The command line looks for the daemon at the new place; the daemon itself refuses.
        self.assertEqual(answer.returncode, 1)
        daemon.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "reload refused" in daemon.log(), "the refusal")
        self.assertIn("state", daemon.log())


if __name__ == "__main__":
    unittest.main(verbosity=2)
