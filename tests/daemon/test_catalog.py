"""The catalog held against the disk, and mended."""
import json
import os
import shutil
import threading
import unittest

from catalog_case import PLAIN, TEXT, Catalog, text_of
from harness import SIDECAR, wait_until


class Check(Catalog):
    def test_what_taxond_leaves_is_clean(self):
        daemon = self.filed_daemon(limits="file: 1K")
        daemon.drop("big.txt", TEXT * 50)
        daemon.drop("again/0.txt", text_of(0))
        daemon.drop(b"\xff\n.txt", text_of("bytes"))
        self.assertEqual(daemon.run_once(), 0)
        self.assertIn("big.txt", daemon.quarantined())
        sums = self.assert_clean(daemon)
        self.assertEqual((sums["rows"], sums["files"]), (6, 5))  # 0.txt is there once
        self.assertEqual(self.check(daemon, "--quick")[0], 0)
        self.assertEqual(self.check(daemon, "--repair")[0], 0)
        text = daemon.taxon("catalog", "check").stdout
        self.assertIn("6 rows and 5 filed documents checked", text)

    def test_without_sidecars_it_is_clean_too(self):
        self.assert_clean(self.filed_daemon(placement="sidecar: false"))

    def test_a_missing_document_is_found_and_kept_in_the_catalog(self):
        daemon = self.filed_daemon()
        path = self.path(daemon)
        path.unlink()
        for arguments in ((), ("--repair",)):
            status, findings, _ = self.check(daemon, *arguments)
            self.assertEqual((status, list(findings)), (1, ["missing"]))
        self.assertEqual(findings["missing"][0]["path"], str(path.relative_to(daemon.archive)))
        told = daemon.taxon("catalog", "check", check=False).stdout
        self.assertIn("from a backup", told)
        self.assertIn("taxon why", told)

    def test_changed_bytes_are_found_by_contents_and_by_size(self):
        daemon = self.filed_daemon()
        path = self.path(daemon)
        content = path.read_bytes()
        path.write_bytes(content[:-1] + b"x")
        self.assertEqual(list(self.check(daemon)[1]), ["changed"])
        self.assertEqual(self.check(daemon, "--quick")[0], 0)  # as it says of itself
        path.write_bytes(content + b"x")
        self.assertEqual(list(self.check(daemon, "--quick")[1]), ["changed"])
        path.unlink()
        path.symlink_to("/etc/passwd")
        self.assertEqual(list(self.check(daemon)[1]), ["changed"])

    def test_a_missing_record_is_written_anew(self):
        daemon = self.filed_daemon()
        sidecar = self.sidecar(self.path(daemon))
        before = sidecar.read_bytes()
        mode = sidecar.stat().st_mode
        sidecar.unlink()
        status, findings, _ = self.check(daemon)
        self.assertEqual((status, list(findings)), (1, ["sidecar-missing"]))
        self.assertFalse(sidecar.exists())
        status, findings, sums = self.check(daemon, "--repair")
        self.assertEqual((status, sums["repaired"]), (0, 1))
        self.assertTrue(findings["sidecar-missing"][0]["repaired"])
        self.assertEqual(sidecar.read_bytes(), before)
        self.assertEqual(sidecar.stat().st_mode, mode)
        self.assert_clean(daemon)

    def test_a_record_that_somebody_changed_is_told_and_left(self):
        daemon = self.filed_daemon()
        sidecar = self.sidecar(self.path(daemon))
        for other in (b"{}", sidecar.read_bytes().replace(b'"record": 1', b'"record": 1 ')):
            sidecar.write_bytes(other)
            status, findings, _ = self.check(daemon, "--repair")
            self.assertEqual((status, list(findings)), (1, ["sidecar-changed"]))
            self.assertEqual(sidecar.read_bytes(), other)

    def test_a_moved_document_gets_its_new_place(self):
        daemon = self.filed_daemon()
        path = self.path(daemon)
        folder = daemon.archive / "by-hand"
        folder.mkdir()
        shutil.move(path, folder / "new.txt")
        shutil.move(self.sidecar(path), folder / ("new.txt" + SIDECAR))
        status, findings, _ = self.check(daemon)
        self.assertEqual((status, list(findings)), (1, ["moved"]))
        self.assertEqual(self.check(daemon, "--repair")[0], 0)
        self.assertEqual(self.rows(daemon, "SELECT count(*) FROM documents WHERE placed = ?",
                                   b"by-hand/new.txt"), [(1,)])
        self.assert_clean(daemon)

    def test_a_copy_is_told_of_and_the_row_stays(self):
        daemon = self.filed_daemon()
        path = self.path(daemon)
        shutil.copy(path, path.with_name("copy.txt"))
        shutil.copy(self.sidecar(path), path.with_name("copy.txt" + SIDECAR))
        status, findings, _ = self.check(daemon, "--repair")
        self.assertEqual((status, list(findings)), (1, ["copy"]))

    def test_a_row_is_made_for_a_document_whose_record_holds(self):
        daemon = self.filed_daemon(plugins=None)
        columns = ("id, state, attempts, inbox, path, size, sha256, text_sha256, root, target,"
                   " rule, sidecar, effect, placed, device, inode, claimed_ms, mtime_ns / 1000000")
        everything = (f"SELECT {columns}, (SELECT record FROM records r WHERE r.number = d.number)"
                      " FROM documents d ORDER BY id")
        before = self.rows(daemon, everything)
        every_label = "SELECT scheme, label, round(score, 4) FROM labels ORDER BY 1, 2"
        labels = self.rows(daemon, every_label)
        self.assertTrue(labels)
        self.rows(daemon, "DELETE FROM documents")
        status, findings, _ = self.check(daemon)
        self.assertEqual((status, len(findings["no-row"])), (1, 3))
        self.rows(daemon, "DELETE FROM labels")
        self.rows(daemon, "DELETE FROM records")
        self.assertEqual(self.check(daemon, "--repair")[0], 0)
        self.assertEqual(self.rows(daemon, everything), before)
        self.assertEqual(self.rows(daemon, every_label), labels)
        self.assert_clean(daemon)

    def test_an_older_catalog_from_a_backup_learns_what_was_filed_since(self):
        daemon = self.filed_daemon(1)
        saved = daemon.root / "saved.sqlite"
        for number in (10, 11, 12):
            daemon.drop(f"{number}.txt", text_of(number))
        self.assertEqual(daemon.run_once(), 0)
        query = ("SELECT id, state, path, sha256, root, target, placed, effect FROM documents"
                 " ORDER BY id")
        before = self.rows(daemon, query)
        # As if it had been saved while they were in hand, gone by an abrupt end, not yet known.
        unfinished = ("UPDATE documents SET sha256 = NULL, text_sha256 = NULL, root = NULL,"
                      " target = NULL, placed = NULL, effect = NULL, state = ? WHERE path = ?")
        self.rows(daemon, "DELETE FROM records WHERE number IN"
                          " (SELECT number FROM documents WHERE path <> ?)", b"0.txt")
        self.rows(daemon, unfinished, 1, b"10.txt")
        self.rows(daemon, unfinished, 4, b"11.txt")
        self.rows(daemon, "DELETE FROM documents WHERE path = ?", b"12.txt")
        daemon.taxon("catalog", "backup", str(saved))
        shutil.copy(saved, daemon.state / "catalog.sqlite")
        status, findings, _ = self.check(daemon)
        self.assertEqual((status, len(findings["no-row"])), (1, 3))
        self.assertEqual(self.check(daemon, "--repair")[0], 0)
        self.assertEqual(self.rows(daemon, query), before)
        self.assert_clean(daemon)

    def test_a_record_with_the_id_of_a_document_in_hand_is_not_believed(self):
        daemon = self.filed_daemon(1)
        record = json.loads(self.sidecar(self.path(daemon)).read_bytes())
        stray = "019f0000-0000-7000-8000-000000000000"
        shutil.copy(self.path(daemon), daemon.archive / "forged")
        (daemon.archive / ("forged" + SIDECAR)).write_text(json.dumps(dict(record, id=stray)))
        work = daemon.inbox / ".taxond" / "work" / stray
        work.write_text(text_of("in hand"))
        self.assertEqual(list(self.check(daemon, "--repair")[1]), ["wrong-sidecar"])
        daemon.taxon("catalog", "rebuild", check=False)
        self.assertEqual(daemon.run_once(), 0)  # would remove what the catalog calls filed
        self.assertIn(text_of("in hand"),
                      [(daemon.archive / os.fsdecode(path)).read_text() for path in daemon.filed()])

    def test_forged_records_are_not_believed(self):
        daemon = self.filed_daemon()
        record = json.loads(self.sidecar(self.path(daemon)).read_bytes())
        forged = {
            "other-bytes": dict(record, id="019f0000-0000-7000-8000-000000000000"),
            "stolen-id": dict(record),
            "no-record": [],
            "no-id": dict(record, id="../../etc"),
            "size-text": dict(record, size="7"),
            "big": dict(record, size=2 ** 70),
            "many": [[]] * 3_000_000,
        }
        for name, content in forged.items():
            (daemon.archive / name).write_text("something else")
            (daemon.archive / (name + SIDECAR)).write_text(json.dumps(content))
        (daemon.archive / "binary").write_text("x")
        (daemon.archive / ("binary" + SIDECAR)).write_bytes(b"\xff\x00" * 100)
        status, findings, sums = self.check(daemon, "--repair")
        self.assertEqual((status, list(findings)), (1, ["wrong-sidecar"]))
        self.assertEqual(len(findings["wrong-sidecar"]), len(forged) + 1)
        self.assertEqual(sums["rows"], 3)

    def test_files_that_nobody_knows(self):
        daemon = self.filed_daemon()
        sidecar = self.sidecar(self.path(daemon)).read_bytes()
        filed_id = json.loads(sidecar)["id"]
        (daemon.archive / "mine.txt").write_text("mine")
        (daemon.archive / ("lone" + SIDECAR)).write_bytes(sidecar)
        (daemon.archive / f".taxond-{filed_id}.tmp").write_text("a rest")
        (daemon.archive / ".taxond-019f0000-0000-7000-8000-000000000000.part").write_text("a rest")
        os.mkfifo(daemon.archive / "fifo")
        status, findings, _ = self.check(daemon)
        self.assertEqual(status, 1)
        self.assertEqual({word: len(found) for word, found in findings.items()},
                         {"unknown": 2, "lone-sidecar": 1, "leftover": 2})
        _, findings, _ = self.check(daemon, "--repair")
        self.assertEqual([f["repaired"] for f in
                          sorted(findings["leftover"], key=lambda f: f["path"])], [False, True])
        self.assertEqual((daemon.archive / "mine.txt").read_text(), "mine")

    def test_names_are_printed_harmlessly(self):
        daemon = self.filed_daemon(1)
        (daemon.archive / "evil\x1b[31m\n.txt").write_text("x")
        told = daemon.taxon("catalog", "check", check=False).stdout
        self.assertNotIn("\x1b", told)
        self.assertEqual(self.check(daemon)[0], 1)

    def test_what_is_in_hand_is_no_finding(self):
        daemon = self.daemon(plugins="  text: {}\n  hang: {}\n", time_limit="1h")
        daemon.start()
        daemon.drop("late.txt", "a text with poison-hang in it\n")
        wait_until(lambda: self.rows(daemon, "SELECT 1 FROM documents WHERE state = 1"), "claimed")
        self.assertEqual(self.assert_clean(daemon)["in_hand"], 1)
        daemon.kill()
        sums = self.assert_clean(daemon)
        self.assertEqual((sums["in_hand"], sums["running"]), (1, False))

    def test_a_decided_document_that_is_nowhere_is_told(self):
        daemon = self.filed_daemon(1)
        self.rows(daemon, "UPDATE documents SET state = 2, placed = NULL, effect = NULL")
        self.assert_clean(daemon)  # it lies there with its record: the next start finds it
        path = self.path(daemon)
        self.sidecar(path).unlink()
        self.assert_clean(daemon)  # with its bytes
        path.unlink()
        self.assertEqual(list(self.check(daemon)[1]), ["lost"])
        daemon.config.write_text(daemon.config.read_text().replace("  main: {path: inbox",
                                                                   "  other: {path: inbox"))
        self.assertEqual(list(self.check(daemon)[1]), ["no-inbox"])

    def test_an_archive_that_is_not_there_is_told_once(self):
        daemon = self.filed_daemon()
        aside = daemon.root / "aside"
        daemon.archive.rename(aside)
        status, findings, _ = self.check(daemon, "--repair")
        self.assertEqual((status, list(findings), len(findings["no-root"])), (1, ["no-root"], 1))
        aside.rename(daemon.archive)
        self.assert_clean(daemon)

    def test_two_rows_at_one_place(self):
        daemon = self.filed_daemon(2, placement="sidecar: false")
        self.rows(daemon, "UPDATE documents SET (placed, sha256, size) ="
                          " (SELECT placed, sha256, size FROM documents WHERE number = 1)")
        self.assertIn("row-twice", self.check(daemon)[1])

    def test_beside_a_running_taxond_nothing_is_found_and_repair_is_refused(self):
        daemon = self.daemon(plugins=PLAIN)
        daemon.start()
        stop = threading.Event()

        def feed():
            number = 0
            while not stop.is_set() and number < 3000:
                daemon.drop(f"{number}.txt", text_of(number))
                number += 1
        feeder = threading.Thread(target=feed)
        feeder.start()
        try:
            for _ in range(10):
                status, findings, sums = self.check(daemon)
                self.assertEqual((status, findings), (0, {}))
                self.assertTrue(sums["running"])
            for verb in (("check", "--repair"), ("rebuild",)):
                refused = daemon.taxon("catalog", *verb, check=False)
                self.assertEqual(refused.returncode, 1)
                self.assertIn("uses the state folder", refused.stderr)
        finally:
            stop.set()
            feeder.join()
        daemon.wait_empty()
        self.assertEqual(daemon.stop(), 0)
        self.assert_clean(daemon)

    def test_wrong_arguments(self):
        daemon = self.daemon()
        for arguments in ((), ("mend",), ("check", "x"), ("backup",), ("rebuild", "--force"),
                          ("check", "--quick", "--repair"), ("check", "--nothing")):
            done = daemon.taxon("catalog", *arguments, check=False)
            self.assertEqual(done.returncode, 2, arguments)
        for verb in ("check", "check --repair"):
            done = daemon.taxon("catalog", *verb.split(), check=False)
            self.assertEqual(done.returncode, 1)
        self.assertFalse((daemon.state / "catalog.sqlite").exists())


if __name__ == "__main__":
    unittest.main()
