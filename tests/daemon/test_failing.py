"""Plugins that fail again and again are switched off, loudly, and come back when they are mended or
when somebody says so; a restart forgets nothing of it."""
import os
import shutil
import unittest

from harness import ROGUE, DaemonTest, wait_until

GOOD = "An ordinary text, with nothing in it that anybody would mind.\n"
RULES = """rules:
  - name: safe
    when: {labels: {segv: safe}}
    file: "safe/{name}"
"""


class Failing(DaemonTest):
    def failing(self, worker_options, **options):
        """A daemon with segv.so where a test can replace it."""
        self.plugin = self.root / "plugin" / "segv.so"
        self.plugin.parent.mkdir(mode=0o700)
        shutil.copy(ROGUE / "segv.so", self.plugin)
        return self.daemon(plugins=f"  text: {{}}\n  segv: {{file: {self.plugin}, "
                                   f"when: {{name: ['*.txt']}}}}\n",
                           worker_options=worker_options, rules=RULES, **options)

    def mend(self):
        draft = self.plugin.with_suffix(".new")
        shutil.copy(ROGUE / "mended.so", draft)
        draft.rename(self.plugin)

    def poison(self, daemon, name):
        daemon.drop(name, f"{name} {GOOD} poison-segv {GOOD}")

    def poison_one_by_one(self, daemon, count, name="poison"):
        """Each has its verdict before the next comes: quarantine, but for the one that switches the
        plugin off, whose second attempt may come to a worker that does not ask it any more."""
        for number in range(1, count + 1):
            self.poison(daemon, f"{name}{number}.txt")
            wait_until(lambda: f"{name}{number}.txt" in daemon.quarantined()
                       or self.filed(daemon, f"{name}{number}.txt"), daemon.log)

    def filed(self, daemon, name):
        return [path for path in daemon.filed() if os.path.basename(path) == name.encode()]

    def plugin_status(self, daemon):
        [status] = [plugin for plugin in daemon.status()["plugins"] if plugin["name"] == "segv"]
        return status

    def wait_off(self, daemon):
        """Until workers that never ask it are in force."""
        wait_until(lambda: "without what is switched off" in daemon.fresh_log(), daemon.log)

    def record_of(self, daemon, name):
        [path] = wait_until(lambda: self.filed(daemon, name), daemon.log)
        return daemon.record(path)

    def assert_skipped(self, record):
        self.assertEqual(record["labels"], [])
        self.assertEqual(record["answers"]["segv"], "none")
        [off] = record["switched_off"]
        self.assertRegex(off, r"^segv@1\.0#[0-9a-f]{12}$")
        self.assertEqual(record["plan"]["rule"], "default")

    def test_after_so_many_in_a_row_documents_are_filed_without_it(self):
        daemon = self.failing("plugin_failures: 3").start()
        self.poison_one_by_one(daemon, 3)
        self.wait_off(daemon)
        self.assertIn("PLUGIN 'segv' IS SWITCHED OFF", daemon.log())
        self.assertEqual(self.plugin_status(daemon)["off"], True)
        self.assertIn("SWITCHED OFF", daemon.taxon("status").stdout)
        self.poison(daemon, "later.txt")
        record = self.record_of(daemon, "later.txt")
        self.assert_skipped(record)
        self.assertEqual(record["generation"], 2)
        self.assertIn(len(daemon.quarantined()), (2, 3))

    def test_one_that_it_did_well_begins_the_row_anew(self):
        daemon = self.failing("plugin_failures: 3").start()
        for name in ("first", "second"):
            self.poison_one_by_one(daemon, 2, name)
            self.assertEqual(self.plugin_status(daemon)["failures"], 2)
            daemon.drop(f"{name}-good.txt", f"{name} {GOOD}")
            self.record_of(daemon, f"{name}-good.txt")
            self.assertEqual(self.plugin_status(daemon)["failures"], 0)
        # A document that it never saw is no merit.
        self.poison_one_by_one(daemon, 2, "third")
        daemon.drop("unseen.md", GOOD)
        self.record_of(daemon, "unseen.md")
        self.assertEqual(self.plugin_status(daemon)["failures"], 2)
        self.assertNotIn("SWITCHED OFF", daemon.log())

    def test_an_abrupt_end_forgets_neither_the_count_nor_that_it_is_off(self):
        daemon = self.failing("plugin_failures: 3").start()
        self.poison_one_by_one(daemon, 2)
        daemon.kill()
        daemon.start()
        self.assertEqual(self.plugin_status(daemon)["failures"], 2)
        self.poison_one_by_one(daemon, 1, "last")
        self.wait_off(daemon)
        daemon.kill()
        daemon.start()
        self.assertIn("plugin 'segv' is switched off", daemon.fresh_log())
        self.poison(daemon, "later.txt")
        self.assert_skipped(self.record_of(daemon, "later.txt"))

    def test_it_comes_back_when_somebody_says_so(self):
        daemon = self.failing("plugin_failures: 1").start()
        self.assertEqual(daemon.taxon("plugin", "enable", "segv", check=False).returncode, 1)
        self.poison_one_by_one(daemon, 1)
        self.wait_off(daemon)
        self.assertEqual(daemon.taxon("plugin", "enable", "segv").stdout, "reloaded\n")
        self.assertEqual(self.plugin_status(daemon)["off"], False)
        daemon.drop("good.txt", GOOD)
        self.assertEqual(self.record_of(daemon, "good.txt")["plan"]["rule"], "safe")

    def test_a_reload_without_a_new_version_does_not_bring_it_back(self):
        daemon = self.failing("plugin_failures: 1").start()
        self.poison_one_by_one(daemon, 1)
        self.wait_off(daemon)
        daemon.taxon("reload")
        self.assertEqual(self.plugin_status(daemon)["off"], True)
        self.poison(daemon, "later.txt")
        self.assert_skipped(self.record_of(daemon, "later.txt"))

    def test_a_new_version_is_on_and_gets_back_what_the_old_one_failed_on(self):
        daemon = self.failing("plugin_failures: 3").start()
        self.poison_one_by_one(daemon, 3)
        ids = {name: reason["id"] for name, reason in daemon.quarantined().items()}
        self.assertGreaterEqual(len(ids), 2)
        self.wait_off(daemon)
        self.mend()
        daemon.taxon("reload")
        for name, document in ids.items():
            record = self.record_of(daemon, name)
            self.assertEqual(record["id"], document)
            self.assertEqual(record["plan"]["rule"], "safe")
            self.assertEqual(record["inbox"], "main")
        daemon.wait_empty()
        self.assertEqual(len(daemon.filed()), 3)
        self.assertEqual(list(daemon.quarantine.iterdir()), [])
        self.assertEqual(daemon.status()["documents"]["released"], len(ids))

    def test_a_new_version_at_a_start_gets_them_back_too(self):
        daemon = self.failing("").start()
        self.poison_one_by_one(daemon, 2)
        daemon.stop()
        self.mend()
        self.assertEqual(daemon.run_once(), 0, daemon.log())
        self.assertEqual(len(daemon.filed()), 2, daemon.log())
        self.assertEqual(daemon.quarantined(), {})

    def test_they_stay_in_quarantine_when_so_configured(self):
        daemon = self.failing("release_fixed: false").start()
        self.poison_one_by_one(daemon, 1)
        self.mend()
        daemon.taxon("reload")
        daemon.drop("good.txt", GOOD)
        self.record_of(daemon, "good.txt")
        self.assertEqual(len(daemon.quarantined()), 1)

    def test_documents_wait_in_their_inbox_for_it_when_so_configured(self):
        daemon = self.failing("plugin_failures: 1, on_failing_plugin: hold").start()
        self.poison(daemon, "poison.txt")
        self.wait_off(daemon)
        for number in range(5):
            daemon.drop(f"{number}.txt", f"{number} {GOOD}")
        daemon.drop("unseen.md", GOOD)  # none that it would see
        self.record_of(daemon, "unseen.md")
        wait_until(lambda: daemon.status()["documents"]["waiting_for_plugin"] >= 5, daemon.log)
        wait_until(lambda: daemon.status()["documents"]["in_hand"] == 0, daemon.log)
        self.assertEqual(len(daemon.filed()), 1)
        waiting = {path.name for path in daemon.inbox.iterdir() if path.is_file()}
        self.assertLessEqual({f"{number}.txt" for number in range(5)}, waiting)
        # The one that switched it off waits as well: it is its document.
        self.assertEqual(len(waiting) + len(daemon.quarantined()), 6)
        self.mend()
        daemon.taxon("reload")
        daemon.wait_filed(7)
        daemon.wait_empty()
        self.assertEqual(len(daemon.filed()), 7)

    def test_once_says_that_documents_wait(self):
        daemon = self.failing("plugin_failures: 1, on_failing_plugin: hold", workers=1)
        self.poison(daemon, "poison.txt")
        self.assertEqual(daemon.run_once(), 1, daemon.log())
        self.assertIn("wait in their inbox", daemon.log())
        self.assertTrue((daemon.inbox / "poison.txt").exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)
