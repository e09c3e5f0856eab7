"""From the inbox to the archive: what is dropped in is filed, once, whole, with its record."""
import hashlib
import os
import pathlib
import signal
import stat
import unittest

from harness import DaemonTest, SIDECAR, wait_until

NEWS = "本报讯 8月3日,云溪市召开生态环境保护工作会议。会议强调,要持续打好污染防治攻坚战。\n" * 5


class Filing(DaemonTest):
    def test_a_dropped_file_is_filed_with_its_record(self):
        daemon = self.daemon().start()
        daemon.drop("a.txt", NEWS)
        [path] = daemon.wait_filed(1)
        record = daemon.record(path)
        self.assertEqual((daemon.archive / os.fsdecode(path)).read_text(), NEWS)
        self.assertEqual(record["record"], 1)
        self.assertEqual(record["name"], "a.txt")
        self.assertEqual(record["sha256"], hashlib.sha256(NEWS.encode()).hexdigest())
        self.assertEqual(record["language"]["id"], "zh")
        self.assertEqual(record["charset"]["name"], "UTF-8")
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(os.listdir(daemon.inbox), [".taxond"])

    def test_evidence_points_into_the_text(self):
        text = "8月19日,云溪市人民政府新聞辦召開新聞發(fā)布會(huì),就生態(tài)環(huán)境保護(hù)工作進(jìn)行發(fā)布。\n" * 4
        daemon = self.daemon()
        daemon.drop("g.txt", text)
        self.assertEqual(daemon.run_once(), 0)
        [path] = daemon.filed()
        record = daemon.record(path)
        found = [evidence for label in record["labels"] for evidence in label.get("evidence", [])]
        self.assertTrue(found, record)
        for evidence in found:
            there = text.encode()[evidence["begin"]:evidence["end"]].decode()
            self.assertTrue(there.startswith(evidence["quote"].rstrip("…")[:20]), evidence)
        self.assertEqual(record["damage"][0]["kind"], "pinyin-gloss")

    def test_once_ends_by_itself_on_an_empty_inbox(self):
        daemon = self.daemon()
        self.assertEqual(daemon.run_once(), 0)
        self.assertEqual(daemon.filed(), [])

    def test_what_lay_there_before_the_start_is_filed(self):
        daemon = self.daemon()
        for number in range(50):
            daemon.drop(f"sub/{number % 5}/d{number}.txt", f"{number} {NEWS}")
        self.assertEqual(daemon.run_once(), 0)
        self.assertEqual(len(daemon.filed()), 50)

    def test_written_in_place_is_taken_when_closed(self):
        daemon = self.daemon(settle="10s").start()
        with open(daemon.inbox / "slow.txt", "w") as file:
            for _ in range(20):
                file.write(NEWS)
                file.flush()
            # Another document goes all the way while this one is still open.
            daemon.drop("other.txt", "other " + NEWS)
            daemon.wait_filed(1)
            self.assertTrue((daemon.inbox / "slow.txt").exists())
        paths = daemon.wait_filed(2)
        slow = [path for path in paths if path.endswith(b"slow.txt")]
        self.assertEqual((daemon.archive / os.fsdecode(slow[0])).read_text(), NEWS * 20)

    def test_ignored_names_stay(self):
        daemon = self.daemon()
        ignored = [".hidden", "a.part", "b.tmp", "c.crdownload", "~$d.txt"]
        for name in ignored:
            daemon.drop(name, NEWS)
        daemon.drop("e.txt", NEWS)
        self.assertEqual(daemon.run_once(), 0)
        self.assertEqual(len(daemon.filed()), 1)
        self.assertEqual(sorted(os.listdir(daemon.inbox)), sorted(ignored + [".taxond"]))

    def test_names_of_all_kinds(self):
        names = [b"new\nline.txt", b"\xff\xfe.txt", b"-rf", b"x" * 255, "文件 名.txt".encode(),
                 "ＧＢ".encode("gb18030") + b".txt", b"a.taxon.json", b"..hidden?".replace(b"..", b"_.")]
        daemon = self.daemon()
        for number, name in enumerate(names):
            daemon.drop(name, f"{number} {NEWS}")
        self.assertEqual(daemon.run_once(), 0)
        filed = daemon.filed()
        self.assertEqual(len(filed) + len(daemon.quarantined()), len(names), daemon.log())
        contents = {(daemon.archive / os.fsdecode(path)).read_text()[0] for path in filed}
        self.assertEqual(len(contents), len(filed))

    def test_same_bytes_under_the_same_name_are_one_copy(self):
        daemon = self.daemon().start()
        daemon.drop("a.txt", NEWS)
        daemon.wait_filed(1)
        daemon.drop("a.txt", NEWS)
        wait_until(lambda: daemon.status()["documents"]["same"] == 1, "recorded as the same")
        self.assertEqual(len(daemon.filed()), 1)

    def test_same_name_with_other_bytes_keeps_both(self):
        daemon = self.daemon().start()
        daemon.drop("a.txt", NEWS)
        daemon.wait_filed(1)
        daemon.drop("a.txt", NEWS + "!")
        paths = daemon.wait_filed(2)
        self.assertEqual({(daemon.archive / os.fsdecode(path)).read_text() for path in paths},
                         {NEWS, NEWS + "!"})
        for path in paths:
            content = (daemon.archive / os.fsdecode(path)).read_bytes()
            self.assertEqual(daemon.record(path)["sha256"], hashlib.sha256(content).hexdigest())

    def test_archive_on_another_file_system(self):
        other = pathlib.Path("/dev/shm")
        if not other.is_dir() or os.stat(other).st_dev == os.stat(self.root).st_dev:
            self.skipTest("no second file system at /dev/shm")
        archive = other / self.root.name
        self.stack.callback(__import__("shutil").rmtree, archive, ignore_errors=True)
        daemon = self.daemon(archive=archive)
        for number in range(20):
            daemon.drop(f"{number}.txt", f"{number} {NEWS}")
        self.assertEqual(daemon.run_once(), 0)
        self.assertEqual(len(daemon.filed()), 20)
        for path in daemon.filed():
            content = (daemon.archive / os.fsdecode(path)).read_bytes()
            self.assertEqual(daemon.record(path)["sha256"], hashlib.sha256(content).hexdigest())
        self.assertEqual(os.listdir(daemon.inbox / ".taxond" / "work"), [])

    def test_file_modes_and_no_sidecar(self):
        daemon = self.daemon(placement="sidecar: false, file_mode: \"0640\"")
        daemon.drop("a.txt", NEWS)
        self.assertEqual(daemon.run_once(), 0)
        [path] = daemon.filed()
        full = daemon.archive / os.fsdecode(path)
        self.assertFalse((full.parent / (full.name + SIDECAR)).exists())
        self.assertEqual(stat.S_IMODE(full.stat().st_mode), 0o640)

    def test_a_file_that_is_too_large_is_quarantined_unread(self):
        daemon = self.daemon(limits="file: 1K")
        daemon.drop("big.txt", NEWS * 100)
        daemon.drop("small.txt", "short text, but text all the same\n")
        self.assertEqual(daemon.run_once(), 0)
        self.assertEqual(len(daemon.filed()), 1)
        self.assertIn("limits.file", str(daemon.quarantined()["big.txt"]))

    def test_a_name_that_is_anothers_folder_keeps_nobody_out(self):
        rules = ("rules:\n"
                 "  - {name: deep, when: {name: 'deep*'}, file: 'a/b/{name}'}\n"
                 "  - {name: default, file: 'a/{name}'}\n")
        daemon = self.daemon(rules=rules).start()
        daemon.drop("b", "The document that is called b.\n")
        daemon.wait_filed(1)
        for number in range(8):
            daemon.drop(f"deep{number}.txt", f"{number}\n")
            daemon.drop(f"x{number}.txt", "The same bytes under several names.\n")
        self.assertEqual(daemon.wait_filed(17), sorted(
            [b"a/b"] + [f"a/b-2/deep{number}.txt".encode() for number in range(8)]
            + [f"a/x{number}.txt".encode() for number in range(8)]))
        daemon.wait_empty()
        self.assertEqual(daemon.quarantined(), {})
        for path in daemon.filed():
            self.assertEqual(daemon.record(path)["sha256"], hashlib.sha256(
                (daemon.archive / os.fsdecode(path)).read_bytes()).hexdigest())
        self.assertEqual(daemon.stop(), 0)

    def test_an_archive_that_is_a_symbolic_link_inside_is_not_followed(self):
        daemon = self.daemon(rules="rules:\n  - {name: default, file: 'in/{name}'}\n")
        outside = self.root / "outside"
        outside.mkdir()
        (daemon.archive / "in").symlink_to(outside)
        daemon.drop("a.txt", NEWS)
        self.assertEqual(daemon.run_once(), 0)
        self.assertEqual(os.listdir(outside), [])
        self.assertEqual(list(daemon.quarantined()), ["a.txt"])

    def test_several_inboxes_with_settings_of_their_own(self):
        daemon = self.daemon(
            rules="rules:\n"
                  "  - {name: web, when: {source: web}, file: 'web/{name}'}\n"
                  "  - {name: default, file: '{source}/{name}'}\n",
            inboxes="  main: {path: inbox, settle: 50ms}\n"
                    "  second: {path: second, source: web, recursive: false, settle: 50ms}\n")
        (self.root / "second" / "deep").mkdir(parents=True)
        daemon.drop("a.txt", NEWS)
        (self.root / "second" / "b.txt").write_text(NEWS)
        (self.root / "second" / "deep" / "c.txt").write_text(NEWS)
        self.assertEqual(daemon.run_once(), 0)
        self.assertEqual(daemon.filed(), [b"main/a.txt", b"web/b.txt"])
        self.assertTrue((self.root / "second" / "deep" / "c.txt").exists())

    def test_terminate_files_what_is_in_hand(self):
        daemon = self.daemon().start()
        for number in range(200):
            daemon.drop(f"{number}.txt", f"{number} {NEWS}")
        daemon.wait_filed(1)
        self.assertEqual(daemon.kill(signal.SIGTERM), 0)
        left = [path for path in daemon.inbox.iterdir() if path.name != ".taxond"]
        self.assertEqual(len(left) + len(daemon.filed()), 200)
        self.assertEqual(os.listdir(daemon.inbox / ".taxond" / "work"), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
