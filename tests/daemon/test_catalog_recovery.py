"""The catalog made anew and saved; and starts without a sound one."""
import json
import os
import shutil
import sqlite3
import stat
import unittest

from catalog_case import PLAIN, TEXT, Catalog, text_of
from harness import SIDECAR


class Rebuild(Catalog):
    def rebuild(self, daemon):
        done = daemon.taxon("catalog", "rebuild", "--json", check=False)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertTrue(lines, done.stderr)
        return done.returncode, lines[:-1], lines[-1]

    def test_the_rows_come_back_from_the_records(self):
        daemon = self.filed_daemon(5, limits="file: 1K")
        daemon.drop("big.txt", TEXT * 50)
        daemon.drop(b"\xff\n.txt", text_of("bytes"))
        self.assertEqual(daemon.run_once(), 0)
        query = ("SELECT id, state, inbox, path, size, sha256, text_sha256, root, target, placed,"
                 " rule, effect, (SELECT record FROM records r WHERE r.number = d.number)"
                 " FROM documents d ORDER BY id")
        before = self.rows(daemon, query)
        self.damage(daemon)
        status, trouble, sums = self.rebuild(daemon)
        self.assertEqual((status, trouble, sums["rows"], sums["without_record"]), (0, [], 7, 0))
        self.assertEqual(self.rows(daemon, query), before)
        aside = sums["aside"]
        self.assertIn("catalog.sqlite.before-", aside)
        with open(aside, "rb") as file:
            self.assertEqual(file.read(4), b"xxxx")
        self.assert_clean(daemon)
        daemon.drop("after.txt", text_of("after"))
        self.assertEqual(daemon.run_once(), 0)
        self.assertEqual(self.assert_clean(daemon)["rows"], 8)

    def test_the_old_log_goes_with_the_old_catalog(self):
        daemon = self.filed_daemon()
        daemon.start()
        daemon.drop("late.txt", text_of("late"))
        daemon.wait_filed(4)
        daemon.wait_empty()
        daemon.kill()  # leaves the write-ahead log
        self.assertTrue((daemon.state / "catalog.sqlite-wal").stat().st_size > 0)
        _, _, sums = self.rebuild(daemon)
        self.assertEqual(sums["rows"], 4)
        old = sqlite3.connect(sums["aside"])
        self.assertEqual(old.execute("SELECT count(*) FROM documents").fetchone(), (4,))
        old.close()
        self.assert_clean(daemon)
        _, _, again = self.rebuild(daemon)  # within the same second, too, nothing is overwritten
        self.assertNotEqual(again["aside"], sums["aside"])

    def test_hostile_records_get_no_row(self):
        daemon = self.filed_daemon(2)
        good = self.path(daemon)
        record = json.loads(self.sidecar(good).read_bytes())
        (daemon.archive / "forged").write_text("something else")
        (daemon.archive / ("forged" + SIDECAR)).write_text(json.dumps(record))
        (daemon.archive / "twice").write_bytes(good.read_bytes())
        (daemon.archive / ("twice" + SIDECAR)).write_text(json.dumps(record))
        (daemon.archive / "deep").write_text("x")
        (daemon.archive / ("deep" + SIDECAR)).write_text("[" * 100000)
        (daemon.archive / "bare").write_text("no record")
        status, trouble, sums = self.rebuild(daemon)
        self.assertEqual(status, 1)
        self.assertEqual((sums["rows"], sums["refused"], sums["twice"], sums["without_record"]),
                         (2, 2, 1, 1))
        self.assertEqual(len(trouble), 3)

    def test_documents_in_hand_are_taken_up_by_the_next_start(self):
        daemon = self.filed_daemon(1)
        work = daemon.inbox / ".taxond" / "work"
        (work / "019f0000-0000-7000-8000-000000000000").write_text(text_of("in hand"))
        (daemon.state / "catalog.sqlite").unlink()
        self.assertEqual(self.rebuild(daemon)[0], 0)
        self.assertEqual(daemon.run_once(), 0)
        self.assertEqual(len(daemon.filed()), 2)
        self.assert_clean(daemon)

    def test_an_archive_that_is_not_there_is_refused_and_nothing_is_changed(self):
        daemon = self.filed_daemon(1)
        before = (daemon.state / "catalog.sqlite").read_bytes()
        daemon.archive.rename(daemon.root / "aside")
        done = daemon.taxon("catalog", "rebuild", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(str(daemon.archive), done.stderr)
        self.assertEqual((daemon.state / "catalog.sqlite").read_bytes(), before)


class Start(Catalog):
    def test_a_damaged_catalog_is_refused_with_the_way_out(self):
        daemon = self.filed_daemon()
        self.damage(daemon)
        before = (daemon.state / "catalog.sqlite").read_bytes()
        self.assert_refused(daemon, "taxon catalog rebuild", "backup", "catalog.sqlite")
        self.assertEqual((daemon.state / "catalog.sqlite").read_bytes(), before)
        self.assertIn("taxon catalog rebuild",
                      daemon.taxon("catalog", "check", check=False).stderr)

    def test_a_catalog_with_a_torn_page_is_refused(self):
        daemon = self.filed_daemon()
        catalog = daemon.state / "catalog.sqlite"
        root = self.rows(daemon, "SELECT rootpage FROM sqlite_schema WHERE name = 'documents_open'")
        with open(catalog, "r+b") as file:
            file.seek((root[0][0] - 1) * 4096)
            file.write(b"\xff" * 4096)
        self.assert_refused(daemon, "taxon catalog rebuild")

    def test_a_missing_catalog_beside_filed_documents_is_refused(self):
        daemon = self.filed_daemon()
        catalog = daemon.state / "catalog.sqlite"
        for empty in (False, True):
            catalog.unlink()
            if empty:
                catalog.touch()
            self.assert_refused(daemon, "there is no catalog", "taxon catalog rebuild", ".txt")
            if not empty:
                self.assertFalse(catalog.exists())
                catalog.touch()
        self.assertEqual(daemon.taxon("catalog", "rebuild").returncode, 0)
        self.assertEqual(daemon.run_once(), 0)

    def test_it_is_made_anew_where_the_configuration_says_so(self):
        daemon = self.filed_daemon(extra="catalog: {on_damage: rebuild}\n")
        for lose in (self.damage, lambda d: (d.state / "catalog.sqlite").unlink()):
            lose(daemon)
            self.assertEqual(daemon.run_once(), 0, daemon.log())
            self.assertIn("made anew: 3 rows", daemon.fresh_log())
            self.assert_clean(daemon)

    def test_an_older_catalog_is_brought_up_to_date(self):
        daemon = self.filed_daemon()
        for what in ("INDEX documents_bare", "INDEX documents_same", "TABLE also",
                     "TABLE sketches", "TABLE near"):
            self.rows(daemon, f"DROP {what}")
        self.rows(daemon, "PRAGMA user_version = 1")
        self.assertIn("start taxond once", daemon.taxon("catalog", "check", check=False).stderr)
        daemon.drop("late.txt", text_of("late"))
        self.assertEqual(daemon.run_once(), 0)
        self.assertEqual(self.assert_clean(daemon)["rows"], 4)


class Backup(Catalog):
    def test_while_taxond_files(self):
        daemon = self.daemon(plugins=PLAIN)
        daemon.start()
        for number in range(300):
            daemon.drop(f"{number}.txt", text_of(number))
        daemon.wait_filed(20)
        target = daemon.root / "saved.sqlite"
        daemon.taxon("catalog", "backup", str(target))
        self.assertEqual(stat.S_IMODE(target.stat().st_mode), 0o600)
        saved = sqlite3.connect(f"file:{target}?mode=ro", uri=True)
        self.assertGreaterEqual(saved.execute("SELECT count(*) FROM documents").fetchone()[0], 20)
        self.assertEqual(saved.execute("PRAGMA integrity_check").fetchone(), ("ok",))
        saved.close()
        daemon.wait_filed(300)
        daemon.wait_empty()
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual([path.name for path in daemon.root.glob("saved*")], ["saved.sqlite"])

    def test_it_can_be_put_in_the_place_of_a_damaged_one(self):
        daemon = self.filed_daemon()
        target = daemon.root / "saved.sqlite"
        daemon.taxon("catalog", "backup", str(target))
        self.damage(daemon)
        shutil.copy(target, daemon.state / "catalog.sqlite")
        self.assertEqual(daemon.run_once(), 0)
        self.assertEqual(self.assert_clean(daemon)["rows"], 3)

    def test_an_existing_file_is_kept_unless_forced(self):
        daemon = self.filed_daemon(1)
        target = daemon.root / "saved.sqlite"
        target.write_text("somebody's")
        refused = daemon.taxon("catalog", "backup", str(target), check=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("--force", refused.stderr)
        self.assertEqual(target.read_text(), "somebody's")
        daemon.taxon("catalog", "backup", "--force", str(target))
        self.assertEqual(target.read_bytes()[:6], b"SQLite")

    def test_the_catalog_itself_and_a_database_in_use_are_refused(self):
        daemon = self.filed_daemon(1)
        itself = daemon.state / "catalog.sqlite"
        before = itself.read_bytes()
        refused = daemon.taxon("catalog", "backup", "--force", str(itself), check=False)
        self.assertEqual(refused.returncode, 1)
        self.assertEqual(itself.read_bytes(), before)
        target = daemon.root / "saved.sqlite"
        (daemon.root / "saved.sqlite-wal").write_text("x")
        refused = daemon.taxon("catalog", "backup", str(target), check=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("saved.sqlite-wal", refused.stderr)

    def test_a_damaged_catalog_is_not_saved(self):
        daemon = self.filed_daemon(1)
        self.damage(daemon)
        target = daemon.root / "saved.sqlite"
        refused = daemon.taxon("catalog", "backup", str(target), check=False)
        self.assertEqual(refused.returncode, 1)
        self.assertEqual(list(daemon.root.glob("saved*")), [])


if __name__ == "__main__":
    unittest.main()
