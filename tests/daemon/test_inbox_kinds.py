"""What lies in an inbox beside plain documents: links, devices, folders named like files, forged
records, names of all kinds, files that are empty, huge, or not to be read."""
import hashlib
import json
import os
import socket
import stat
import threading
import unittest

from harness import SIDECAR, DaemonTest, wait_until

PLUGINS = "  text: {}\n"
FLAT = "rules:\n  - {name: default, file: '{name}'}\n"
TEXT = "Some plain text, long enough to be read as a document by anybody.\n"
SECRET = "A text that lies outside and must stay there.\n" * 3
NOBODY = 65534


def documents(daemon):
    """[(path, record)] of all that has a record, whatever it is called."""
    paths = {os.fsdecode(os.path.relpath(os.path.join(folder, name), os.fsencode(daemon.archive)))
             for folder, _, names in os.walk(os.fsencode(daemon.archive)) for name in names}
    return [(path, json.loads((daemon.archive / (path + SIDECAR)).read_bytes()))
            for path in sorted(paths) if path + SIDECAR in paths]


class Kinds(DaemonTest):
    def setUp(self):
        super().setUp()
        self.lean = self.daemon(plugins=PLUGINS, rules=FLAT, scan="20ms", settle="20ms")
        self.inbox = self.lean.inbox
        self.outside = self.root / "outside"
        self.outside.mkdir()
        (self.outside / "secret.txt").write_text(SECRET)

    def outside_is_untouched(self):
        self.assertEqual(os.listdir(self.outside), ["secret.txt"])
        self.assertEqual((self.outside / "secret.txt").read_text(), SECRET)
        for path in self.lean.filed():
            self.assertNotIn("must stay", (self.lean.archive / os.fsdecode(path)).read_text())

    def wait_scans(self, count=5):
        begin = self.lean.status()["inboxes"][0]["scans"]
        wait_until(lambda: self.lean.status()["inboxes"][0]["scans"] >= begin + count, "scans")

    def test_what_is_no_file_stays_and_is_in_nobodys_way(self):
        (self.inbox / "to-file.txt").symlink_to(self.outside / "secret.txt")
        (self.inbox / "to-folder").symlink_to(self.outside)
        (self.inbox / "to-inbox").symlink_to(".")
        (self.inbox / "to-nothing.txt").symlink_to("nowhere")
        (self.inbox / "to-itself.txt").symlink_to("to-itself.txt")
        os.mkfifo(self.inbox / "fifo.txt")
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(self.inbox / "socket.txt"))
        if os.geteuid() == 0:
            os.mknod(self.inbox / "device.txt", stat.S_IFCHR | 0o600, os.makedev(1, 5))  # zero
            os.mknod(self.inbox / "disk.txt", stat.S_IFBLK | 0o600, os.makedev(7, 200))
        before = set(os.listdir(self.inbox))
        (self.inbox / "folder.txt").mkdir()
        (self.inbox / "folder.txt" / "inside.txt").write_text("inside " + TEXT)
        self.lean.start()
        self.lean.drop("a.txt", TEXT)
        self.assertEqual(self.lean.wait_filed(2), [b"a.txt", b"inside.txt"])
        self.wait_scans()
        self.lean.wait_empty()  # none of them counts as waiting
        self.assertEqual(set(os.listdir(self.inbox)), before | {".taxond", "folder.txt"})
        self.assertEqual(len(self.lean.filed()), 2)
        self.outside_is_untouched()

    def swap_until(self, done, first, second, at):
        """Each bears the name `at` in turn, by renames, as fast as can be."""
        while not done.is_set():
            for each in (first, second):
                try:
                    os.rename(each, at)
                    os.rename(at, each)
                except FileNotFoundError:  # it was taken
                    return

    def test_a_link_swapped_for_a_file(self):
        """Between the look and the open, many times over; the file is filed when it stands still."""
        self.lean.start()
        for number in range(25):
            file = self.root / "file"
            link = self.root / "link"
            file.write_text(f"{number} {TEXT}")
            link.unlink(missing_ok=True)
            link.symlink_to(self.outside / "secret.txt")
            done = threading.Event()
            thread = threading.Thread(target=self.swap_until,
                                      args=(done, file, link, self.inbox / f"{number}.txt"))
            thread.start()
            self.wait_scans(1)
            done.set()
            thread.join()
            if file.exists():
                os.rename(file, self.inbox / f"{number}.txt")
        self.lean.wait_filed(25)
        self.lean.wait_empty()
        self.assertEqual(len(self.lean.filed()), 25)
        self.outside_is_untouched()

    def test_a_link_swapped_for_a_folder_on_the_way_down(self):
        self.lean.start()
        for number in range(15):
            folder = self.root / "folder"
            link = self.root / "link"
            folder.mkdir()
            (folder / f"{number}.txt").write_text(f"{number} {TEXT}")
            (folder / "secret.txt").write_text(f"not the one outside, {number}\n")
            link.unlink(missing_ok=True)
            link.symlink_to(self.outside)
            done = threading.Event()
            at = self.inbox / f"f{number}"
            thread = threading.Thread(target=self.swap_until, args=(done, folder, link, at))
            thread.start()
            self.wait_scans(1)
            done.set()
            thread.join()
            if folder.exists():
                os.rename(folder, at)
        self.lean.wait_filed(30)
        self.lean.wait_empty()
        self.assertEqual(len(self.lean.filed()), 30)
        self.outside_is_untouched()

    def test_two_links_to_one_file(self):
        """Both names are documents; a third name, outside, keeps its bytes, whatever its holder
        writes to it afterwards goes nowhere else."""
        kept = self.root / "kept.txt"
        kept.write_text(TEXT)
        os.link(kept, self.inbox / "a.txt")
        os.link(kept, self.inbox / "b.txt")
        self.lean.start()
        self.assertEqual(self.lean.wait_filed(2), [b"a.txt", b"b.txt"])
        self.lean.wait_empty()
        with open(kept, "a") as file:
            file.write("more")
        for path in self.lean.filed():
            content = (self.lean.archive / os.fsdecode(path)).read_bytes()
            self.assertEqual(content, TEXT.encode())
            self.assertEqual(self.lean.record(path)["sha256"], hashlib.sha256(content).hexdigest())
        self.assertEqual(os.stat(kept).st_nlink, 1)
        self.assertEqual(os.listdir(self.inbox), [".taxond"])

    def test_a_forged_record_is_a_document_like_any(self):
        """Dropped before, beside and after the document whose record it would be."""
        self.lean.start()
        forged = json.dumps({"record": 1, "id": "01936f7e-0000-7000-8000-00000000000a",
                             "name": "a.txt", "sha256": "0" * 64,
                             "plan": {"root": "archive:main", "target": "../../x"}})
        self.lean.drop("a.txt" + SIDECAR, forged)
        wait_until(lambda: len(documents(self.lean)) == 1, "the forged one is filed")
        for number, name in enumerate(["b.txt" + SIDECAR, "a.txt", "b.txt"]):
            self.lean.drop(name, forged if SIDECAR in name else f"{name} {TEXT}")
            wait_until(lambda: len(documents(self.lean)) == 2 + number, f"{name} is filed")
        self.lean.wait_empty()
        contents = []
        for path, record in documents(self.lean):
            content = (self.lean.archive / path).read_bytes()
            contents.append(content)
            self.assertEqual(record["sha256"], hashlib.sha256(content).hexdigest())
            self.assertNotEqual(record["id"], "01936f7e-0000-7000-8000-00000000000a")
        self.assertEqual(sorted(contents), sorted(
            [forged.encode()] * 2 + [f"{name} {TEXT}".encode() for name in ("a.txt", "b.txt")]))
        self.assertEqual(self.lean.quarantined(), {})

    def test_names(self):
        """Each is filed, and its record holds the name as it was, byte for byte."""
        names = [b"x" * 255, b"new\nline", b"tab\tcr\resc\x1b[2J\x7fbell\x07", b"\x01", b"\xff\xfe\x80",
                 "許功蓋.txt".encode("big5"), "乗a誠.txt".encode("gbk"), b"\x95\\.txt", b"-rf", b"--",
                 b"-", b"..a", b"...", b"a..", b"a b ", b" ", b"*?[a]", b"%s%n", b"{name}", b"$(id)`id`",
                 b"'\"", b"\\", b"a\\..\\b", b"con", b"aux.txt", b"\xc0\xae\xc0\xae", b"\xe2\x80\xae.txt"]
        self.lean.write_config(plugins=PLUGINS, rules=FLAT.replace("{name}", "{id}/{name}"),
                               extra="", inboxes="  main: {path: inbox, settle: 20ms, ignore: []}\n")
        expected = {}
        for number, name in enumerate(names):
            self.lean.drop(b"folder \xff\n/" + name, f"{number} {TEXT}")
            expected[f"{number} {TEXT}"] = name
        self.assertEqual(self.lean.run_once(), 0, self.lean.log())
        self.assertEqual(self.lean.quarantined(), {})
        for path in self.lean.filed():
            content = (self.lean.archive / os.fsdecode(path)).read_text()
            name = expected.pop(content)
            record = self.lean.record(path)
            found = bytes.fromhex(record["name_bytes"]) if "name_bytes" in record else record[
                "name"].encode()
            self.assertEqual(found, name)
        self.assertEqual(expected, {})
        for line in self.lean.log().splitlines():  # no name has made a line of its own
            self.assertRegex(line, r"^\d{4}-\d\d-\d\dT[0-9:.]+Z (info|warning) ")

    def test_empty_and_huge(self):
        """A sparse file of more bytes than any disk here could read in time is judged by its size."""
        self.lean.start()
        self.lean.drop("empty.txt", b"")
        huge = self.root / "huge"
        with open(huge, "wb") as file:
            file.truncate(5 << 40)
        os.rename(huge, self.inbox / "huge.txt")
        with open(self.root / "large", "wb") as file:
            file.truncate(5 << 30)
        os.rename(self.root / "large", self.inbox / "large.txt")
        self.lean.drop("a.txt", TEXT)
        self.assertEqual(self.lean.wait_filed(2), [b"a.txt", b"empty.txt"])
        wait_until(lambda: len(self.lean.quarantined()) == 2, "the quarantine")
        for name, record in self.lean.quarantined().items():
            self.assertIn("limits.file", record["failure"]["reason"], name)
            self.assertNotIn("sha256", record)  # it was not read
        self.assertFalse(self.lean.record(b"empty.txt")["usable"])


class Unreadable(DaemonTest):
    def test_is_told_and_left_until_it_can_be_read(self):
        if os.geteuid() != 0:
            self.skipTest("needs root to be somebody else")
        daemon = self.daemon(plugins=PLUGINS, rules=FLAT, scan="50ms", settle="20ms")
        for path in (self.root, *self.root.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
        daemon.start(user=NOBODY)
        for name in ("closed.txt", "open.txt"):
            draft = self.root / name
            draft.write_text(f"{name} {TEXT}")
            draft.chmod(0o600 if name == "closed.txt" else 0o644)
            draft.rename(daemon.inbox / name)
        self.assertEqual(daemon.wait_filed(1), [b"open.txt"])
        wait_until(lambda: "closed.txt" in daemon.status()["inboxes"][0]["trouble"], "the trouble")
        self.assertIn("Permission denied", daemon.status()["inboxes"][0]["trouble"])
        wait_until(lambda: "closed.txt and maybe others cannot be taken" in daemon.log(), "the log")
        scans = daemon.status()["inboxes"][0]["scans"]
        wait_until(lambda: daemon.status()["inboxes"][0]["scans"] > scans + 10, "scans")
        # Not tried again and again: no rows, and one line of the log.
        self.assertEqual(daemon.status()["documents"]["gone"], 0)
        self.assertEqual(daemon.log().count("closed.txt"), 1)
        (daemon.inbox / "closed.txt").chmod(0o644)
        daemon.wait_filed(2)
        wait_until(lambda: daemon.status()["inboxes"][0]["trouble"] == "", "no trouble")

    def test_a_folder_that_may_not_be_changed(self):
        if os.geteuid() != 0:
            self.skipTest("needs root to be somebody else")
        daemon = self.daemon(plugins=PLUGINS, rules=FLAT, scan="50ms", settle="20ms")
        for path in (self.root, *self.root.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
        folder = daemon.inbox / "folder"
        folder.mkdir()
        (folder / "a.txt").write_text(TEXT)
        daemon.start(user=NOBODY)
        wait_until(lambda: "folder/a.txt" in daemon.status()["inboxes"][0]["trouble"], "the trouble")
        self.assertEqual(daemon.status()["documents"]["gone"], 0)
        folder.chmod(0o777)
        self.assertEqual(daemon.wait_filed(1), [b"a.txt"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
