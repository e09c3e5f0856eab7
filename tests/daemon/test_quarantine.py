"""taxon quarantine: what is there, and why; back in hand exactly once; gone for good."""
import fcntl
import json
import pathlib
import shutil
import sqlite3
import unittest

from harness import DaemonTest, wait_until

GOOD = "An ordinary text, with nothing in it that anybody would mind.\n"
NOBODY = "01a20d2a-e3c5-73da-a1e5-2dc580b29452"


class Quarantine(DaemonTest):
    def with_quarantined(self, names=("poison.txt",), **options):
        """A running daemon; returns it and {name: id}. With `mended` in force nothing fails."""
        daemon = self.daemon(plugins="  text: {}\n  segv: {}\n", **options)
        if "quarantine" in options:
            text = daemon.config.read_text()
            daemon.quarantine = options["quarantine"]
            daemon.config.write_text(text.replace("quarantine: quarantine",
                                                  f"quarantine: {daemon.quarantine}"))
        daemon.start()
        for name in names:
            daemon.drop(name, self.content(name))
        wait_until(lambda: len(daemon.quarantined()) == len(names), daemon.log)
        wait_until(lambda: len(self.listed(daemon)) == len(names), daemon.log)
        return daemon, {name: reason["id"] for name, reason in daemon.quarantined().items()}

    def content(self, name):
        return f"{name} {GOOD} poison-segv {GOOD}"

    def mend(self, daemon):
        """Another plugin under another name: nothing is released by itself."""
        text = daemon.config.read_text()
        daemon.config.write_text(text.replace("  segv: {}\n", "  other: {file: mended.so}\n"))
        daemon.taxon("reload")

    def listed(self, daemon, *arguments):
        lines = daemon.taxon("quarantine", "list", "--json", *arguments).stdout.splitlines()
        return {line["id"]: line for line in map(json.loads, lines)}

    def state(self, daemon, document):
        with sqlite3.connect(daemon.state / "catalog.sqlite") as catalog:
            return catalog.execute("SELECT state, effect FROM documents WHERE id = ?",
                                   (document,)).fetchone()

    def rows(self, daemon):
        with sqlite3.connect(daemon.state / "catalog.sqlite") as catalog:
            return catalog.execute("SELECT count(*) FROM documents").fetchone()[0]

    def test_list_and_show(self):
        daemon, ids = self.with_quarantined(["one.txt", "two.txt"])
        listed = self.listed(daemon)
        self.assertEqual({line["name"]: line["id"] for line in listed.values()}, ids)
        for line in listed.values():
            self.assertRegex(line["plugin"], r"^segv@1\.0#")
            self.assertEqual(line["stage"], "classify segv")
            self.assertEqual(line["attempts"], 2)
        text = daemon.taxon("quarantine", "list").stdout
        self.assertEqual(len(text.splitlines()), 2)
        self.assertIn("one.txt", text)
        self.assertEqual(len(self.listed(daemon, "--plugin", "segv")), 2)
        self.assertEqual(self.listed(daemon, "--plugin", "seg"), {})
        shown = daemon.taxon("quarantine", "show", ids["one.txt"]).stdout
        self.assertIn("one.txt", shown)
        self.assertIn("classify segv", shown)
        record = json.loads(daemon.taxon("quarantine", "show", "--json", ids["one.txt"]).stdout)
        self.assertEqual(record, daemon.quarantined()["one.txt"])
        self.assertEqual(daemon.taxon("quarantine", "show", NOBODY, check=False).returncode, 1)

    def test_what_is_asked_wrongly(self):
        daemon, ids = self.with_quarantined()
        document = ids["poison.txt"]
        for arguments in ([], ["release"], ["release", "--all", document], ["release", "x"],
                          ["drop", document], ["drop", "--all"], ["list", document],
                          ["show", "--all"], ["empty"], ["release", "--nothing"]):
            done = daemon.taxon("quarantine", *arguments, check=False)
            self.assertEqual(done.returncode, 2, arguments)
        self.assertEqual(daemon.taxon("quarantine", "release", NOBODY, check=False).returncode, 1)
        self.assertEqual(len(daemon.quarantined()), 1)

    def test_a_released_document_is_filed_under_its_id_and_name(self):
        daemon, ids = self.with_quarantined(["sub/poison.txt"])
        self.mend(daemon)
        [document] = ids.values()
        self.assertEqual(daemon.taxon("quarantine", "release", document).stdout,
                         f"{document} released\n")
        [path] = daemon.wait_filed(1)
        record = daemon.record(path)
        self.assertEqual(record["id"], document)
        self.assertEqual(record["path"], "sub/poison.txt")
        self.assertNotIn("failure", record)
        self.assertEqual((daemon.archive / path.decode()).read_text(),
                         self.content("sub/poison.txt"))
        daemon.wait_empty()
        self.assertEqual(list(daemon.quarantine.iterdir()), [])
        self.assertEqual(self.rows(daemon), 1)
        self.assertEqual(daemon.taxon("quarantine", "release", document, check=False).returncode, 1)

    def test_one_that_fails_again_is_in_quarantine_again(self):
        daemon, ids = self.with_quarantined()
        [document] = ids.values()
        daemon.taxon("quarantine", "release", document)
        wait_until(lambda: self.listed(daemon) and daemon.quarantined(), daemon.log)
        self.assertEqual(daemon.quarantined()["poison.txt"]["id"], document)
        self.assertEqual(self.state(daemon, document), (3, 3))
        self.assertEqual(self.rows(daemon), 1)

    def test_all_and_by_plugin(self):
        names = [f"poison{number}.txt" for number in range(12)]
        daemon, _ = self.with_quarantined(names, limits="queue: 4, attempts: 1",
                                          worker_options="plugin_failures: 0")
        self.mend(daemon)
        nothing = daemon.taxon("quarantine", "release", "--plugin", "text")
        self.assertEqual(nothing.stdout, "")
        first = daemon.taxon("quarantine", "release", "--plugin", "segv").stdout
        self.assertEqual(len(first.splitlines()), 12)
        daemon.wait_filed(12)
        self.assertEqual(daemon.taxon("quarantine", "release", "--all").stdout, "")
        self.assertEqual(len(daemon.filed()), 12)

    def test_dropped_for_good(self):
        daemon, ids = self.with_quarantined(["one.txt", "two.txt"])
        dropped = ids["one.txt"]
        self.assertEqual(daemon.taxon("quarantine", "drop", "--yes", dropped).stdout,
                         f"{dropped} dropped\n")
        self.assertEqual(list(daemon.quarantined()), ["two.txt"])
        self.assertFalse((daemon.quarantine / dropped).exists())
        self.assertEqual(self.state(daemon, dropped), (3, 4))
        self.assertIn("dropped on request", daemon.taxon("why", dropped).stdout)
        self.assertEqual(list(self.listed(daemon)), [ids["two.txt"]])
        self.assertEqual(daemon.taxon("quarantine", "release", dropped, check=False).returncode, 1)
        daemon.stop()
        checked = daemon.taxon("catalog", "check")  # that it is gone is as it should be
        self.assertNotIn(dropped, checked.stdout)

    def test_released_without_a_daemon_it_is_tried_by_the_next(self):
        daemon, ids = self.with_quarantined(["one.txt", "two.txt"])
        daemon.stop()
        document = ids["one.txt"]
        self.assertEqual(daemon.taxon("quarantine", "release", document).stdout,
                         f"{document} released: the next taxond that starts tries it again\n")
        self.assertEqual(list(self.listed(daemon)), [ids["two.txt"]])
        again = daemon.taxon("quarantine", "release", document, check=False)
        self.assertEqual(again.returncode, 1)
        text = daemon.config.read_text()
        daemon.config.write_text(text.replace("  segv: {}\n", "  other: {file: mended.so}\n"))
        self.assertEqual(daemon.run_once(), 0, daemon.log())
        record = daemon.record(daemon.filed()[0])
        self.assertEqual((record["id"], record["attempts"]), (document, 1))
        self.assertEqual(self.rows(daemon), 2)

    def test_one_that_fails_again_after_that_had_all_its_attempts(self):
        daemon, ids = self.with_quarantined()
        daemon.stop()
        self.assertEqual(len(daemon.taxon("quarantine", "release", "--all").stdout.splitlines()), 1)
        self.assertEqual(self.listed(daemon), {})
        self.assertEqual(daemon.run_once(), 0, daemon.log())
        self.assertEqual(daemon.quarantined()["poison.txt"]["id"], ids["poison.txt"])
        self.assertEqual(daemon.quarantined()["poison.txt"]["attempts"], 2)

    def test_dropped_without_a_daemon(self):
        daemon, ids = self.with_quarantined(["one.txt", "two.txt"])
        daemon.stop()
        dropped = ids["one.txt"]
        self.assertEqual(daemon.taxon("quarantine", "drop", "--yes", dropped).stdout,
                         f"{dropped} dropped\n")
        self.assertFalse((daemon.quarantine / dropped).exists())
        self.assertEqual(self.state(daemon, dropped), (3, 4))
        self.assertEqual(list(self.listed(daemon)), [ids["two.txt"]])
        unknown = NOBODY
        done = daemon.taxon("quarantine", "drop", "--yes", unknown, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("no such document is in quarantine", done.stderr)

    def test_an_inbox_that_is_no_more_keeps_it_in_quarantine(self):
        daemon, ids = self.with_quarantined()
        daemon.stop()
        text = daemon.config.read_text()
        daemon.config.write_text(text.replace("  main: {path: inbox", "  late: {path: inbox"))
        done = daemon.taxon("quarantine", "release", *ids.values(), check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("its inbox 'main' is not configured any more", done.stderr)
        self.assertEqual(len(self.listed(daemon)), 1)

    def test_with_the_state_folder_in_use_and_nobody_to_ask_it_says_so(self):
        daemon, ids = self.with_quarantined()
        daemon.stop()
        with open(daemon.state / "lock", "rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            done = daemon.taxon("quarantine", "release", *ids.values(), check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("another taxond uses the state folder", done.stderr)
        self.assertEqual(len(self.listed(daemon)), 1)

    def test_a_file_that_was_taken_away_by_hand(self):
        daemon, ids = self.with_quarantined()
        [document] = ids.values()
        shutil.rmtree(daemon.quarantine / document)
        done = daemon.taxon("quarantine", "release", document, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("not in the quarantine any more", done.stderr)
        daemon.wait_empty()
        self.assertEqual(self.state(daemon, document), (3, 3))

    def test_from_another_file_system(self):
        memory = pathlib.Path("/dev/shm")
        if not memory.is_dir() or memory.stat().st_dev == self.root.stat().st_dev:
            self.skipTest("no second file system at /dev/shm")
        folder = memory / self.root.name
        folder.mkdir()
        self.addCleanup(shutil.rmtree, folder)
        daemon, ids = self.with_quarantined(quarantine=folder)
        self.mend(daemon)
        daemon.taxon("quarantine", "release", *ids.values())
        [path] = daemon.wait_filed(1)
        self.assertEqual((daemon.archive / path.decode()).read_text(), self.content("poison.txt"))
        daemon.wait_empty()
        self.assertEqual(list(folder.iterdir()), [])

    def ended_after_the_commit(self, copied):
        """As a release leaves things that ended when its row was committed: with nothing moved, or
        with a copy made and its source not yet removed."""
        daemon, ids = self.with_quarantined()
        [document] = ids.values()
        self.mend(daemon)
        daemon.stop()
        with sqlite3.connect(daemon.state / "catalog.sqlite") as catalog:
            catalog.execute("UPDATE documents SET state = 1, attempts = 1, effect = NULL, device = 0,"
                            " inode = 0 WHERE id = ?", (document,))
        work = daemon.inbox / ".taxond" / "work"
        if copied:
            shutil.copy(daemon.quarantine / document / "poison.txt", work / document)
        self.assertEqual(daemon.run_once(), 0, daemon.log())
        [path] = daemon.filed()
        self.assertEqual(daemon.record(path)["id"], document)
        self.assertEqual((daemon.archive / path.decode()).read_text(), self.content("poison.txt"))
        self.assertEqual(list(daemon.quarantine.iterdir()), [])
        self.assertEqual(list(work.iterdir()), [])
        self.assertEqual(self.rows(daemon), 1)

    def test_a_release_that_ended_before_the_move_is_finished(self):
        self.ended_after_the_commit(copied=False)

    def test_a_release_that_ended_after_the_copy_is_finished(self):
        self.ended_after_the_commit(copied=True)

    def test_killed_amid_releases_each_is_filed_exactly_once(self):
        names = [f"poison{number}.txt" for number in range(30)]
        daemon, ids = self.with_quarantined(names, limits="attempts: 1",
                                            worker_options="plugin_failures: 0")
        self.mend(daemon)
        for part in range(0, 30, 6):
            batch = list(ids.values())[part:part + 6]
            daemon.taxon("quarantine", "release", *batch, check=False)
            daemon.kill()
            daemon.start()
        daemon.taxon("quarantine", "release", "--all")
        daemon.wait_filed(30)
        daemon.wait_empty()
        self.assertEqual({daemon.record(path)["id"] for path in daemon.filed()}, set(ids.values()))
        self.assertEqual(len(daemon.filed()), 30)
        self.assertEqual(daemon.quarantined(), {})
        self.assertEqual(self.rows(daemon), 30)


if __name__ == "__main__":
    unittest.main(verbosity=2)
