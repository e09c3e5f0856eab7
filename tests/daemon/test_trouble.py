"""Archives that are full or away, what others did to our folders, drains and reloads at bad moments."""
import contextlib
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import unittest

from harness import SANITIZED, DaemonTest, wait_until

TEXT = "Some plain text, long enough to be read as a document by anybody.\n"
FLAT = "rules:\n  - {name: default, file: '{name}'}\n"
BY_SOURCE = "rules:\n  - {name: default, file: '{source}/{name}'}\n"
SLOW = "  text: {}\n  slow: {}\n"
ID = "0198f3a0-0000-7000-8000-000000000001"


def work_of(daemon):
    return daemon.inbox / ".taxond" / "work"


class Archives(DaemonTest):
    @contextlib.contextmanager
    def read_only(self, daemon):
        """A folder of the archive cannot be written to; for root that takes a mount of its own."""
        folder = daemon.archive / "main"
        folder.mkdir()
        if os.geteuid() != 0:
            folder.chmod(0o500)
            yield
            folder.chmod(0o700)
            return
        mount = lambda *words: subprocess.run(["mount", *words, str(folder)], capture_output=True)
        if mount("-t", "tmpfs", "-o", "size=1m", "taxond-test").returncode != 0:
            self.skipTest("root, but no right to mount")
        self.stack.callback(subprocess.run, ["umount", "-l", str(folder)])
        mount("-o", "remount,ro").check_returncode()
        yield
        mount("-o", "remount,rw").check_returncode()

    def wait_held(self, daemon, count):
        wait_until(lambda: daemon.status()["documents"]["held"] == count, f"{count} held back")

    def test_filed_when_the_archive_can_be_written_again(self):
        daemon = self.daemon(rules=BY_SOURCE)
        with self.read_only(daemon):
            daemon.start()
            for number in range(3):
                daemon.drop(f"{number}.txt", f"{number} {TEXT}")
            self.wait_held(daemon, 3)
            self.assertEqual(daemon.filed(), [])
            why = daemon.status()["documents"]["held_why"]
            self.assertRegex(why, "Read-only file system|Permission denied")
            self.assertIn(f"held back because: {why}", daemon.taxon("status").stdout)
        self.assertEqual(daemon.wait_filed(3), [b"main/0.txt", b"main/1.txt", b"main/2.txt"])
        daemon.wait_empty()
        self.assertEqual(daemon.quarantined(), {})

    def test_once_ends_with_1_when_nothing_can_be_filed(self):
        daemon = self.daemon(rules=BY_SOURCE)
        daemon.drop("a.txt", TEXT)
        with self.read_only(daemon):
            self.assertEqual(daemon.run_once(), 1)
            self.assertIn("cannot be filed now", daemon.log())
            self.assertEqual(daemon.filed(), [])
        self.assertEqual(daemon.run_once(), 0)
        self.assertEqual(daemon.filed(), [b"main/a.txt"])

    def test_drain_leaves_what_cannot_be_filed_to_the_next_start(self):
        daemon = self.daemon(rules=BY_SOURCE)
        with self.read_only(daemon):
            daemon.start()
            daemon.drop("a.txt", TEXT)
            self.wait_held(daemon, 1)
            for number in range(20):  # some of them are on their way when the signal comes
                daemon.drop(f"{number}.txt", f"{number} {TEXT}")
            self.assertEqual(daemon.kill(signal.SIGTERM), 0)
        self.assertEqual(daemon.run_once(), 0)
        self.assertEqual(len(daemon.filed()), 21)

    def test_an_archive_that_was_removed_and_made_anew(self):
        daemon = self.daemon(rules=BY_SOURCE).start()
        shutil.rmtree(daemon.archive)
        daemon.drop("a.txt", TEXT)
        self.wait_held(daemon, 1)
        daemon.archive.mkdir()
        self.assertEqual(daemon.wait_filed(1), [b"main/a.txt"])
        self.assertEqual(daemon.quarantined(), {})

    def test_a_conflict_that_fails_is_quarantined(self):
        daemon = self.daemon(rules="rules:\n  - {name: default, file: '{name}', "
                                   "on_conflict: fail}\n").start()
        daemon.drop("a.txt", TEXT)
        daemon.wait_filed(1)
        daemon.drop("a.txt", "other " + TEXT)
        wait_until(lambda: "a.txt" in daemon.quarantined(), "the quarantine")
        self.assertIn("taken", str(daemon.quarantined()["a.txt"]))
        self.assertEqual(daemon.filed(), [b"a.txt"])
        self.assertEqual((daemon.archive / "a.txt").read_text(), TEXT)


class Work(DaemonTest):
    """What lies in work/ at a start."""

    def rows(self, daemon, query, *values):
        catalog = sqlite3.connect(daemon.state / "catalog.sqlite")
        with catalog:
            found = catalog.execute(query, values).fetchall()
        catalog.close()
        return found

    def test_a_file_without_a_row_is_taken_up(self):
        daemon = self.daemon(rules=FLAT)
        self.assertEqual(daemon.run_once(), 0)
        (work_of(daemon) / ID).write_text(TEXT)
        self.assertEqual(daemon.run_once(), 0)
        self.assertEqual(daemon.filed(), [ID.encode()])

    def test_a_source_whose_removal_was_lost_is_not_filed_again(self):
        daemon = self.daemon(rules="rules:\n  - {name: default, file: '{id}/{name}'}\n")
        daemon.drop("a.txt", TEXT)
        self.assertEqual(daemon.run_once(), 0)
        [path] = daemon.filed()
        (work_of(daemon) / daemon.record(path)["id"]).write_text(TEXT)
        self.assertEqual(daemon.run_once(), 0)
        self.assertEqual(daemon.filed(), [path])
        self.assertEqual(os.listdir(work_of(daemon)), [])

    def test_a_file_whose_row_says_gone_is_taken_up_under_its_name(self):
        daemon = self.daemon(rules=FLAT)
        daemon.drop("a.txt", TEXT)
        self.assertEqual(daemon.run_once(), 0)
        identity = daemon.record(b"a.txt")["id"]
        self.rows(daemon, "UPDATE documents SET state = 4, path = ?", b"b.txt")
        (work_of(daemon) / identity).write_text("other " + TEXT)
        self.assertEqual(daemon.run_once(), 0)
        self.assertEqual(daemon.filed(), [b"a.txt", b"b.txt"])

    def test_an_inbox_that_got_another_name_keeps_its_documents(self):
        daemon = self.daemon(rules=FLAT)
        self.assertEqual(daemon.run_once(), 0)
        (work_of(daemon) / ID).write_text(TEXT)
        status = os.stat(work_of(daemon) / ID)
        self.rows(daemon, "INSERT INTO documents (id, state, attempts, inbox, path, device, inode,"
                          " size, mtime_ns, claimed_ms) VALUES (?, 1, 1, 'old-name', ?, ?, ?, ?, ?, 0)",
                  ID, b"c.txt", status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
        self.assertEqual(daemon.run_once(), 0)
        self.assertEqual(daemon.filed(), [b"c.txt"])


class Moments(DaemonTest):
    def ask(self, daemon, question):
        client = socket.socket(socket.AF_UNIX)
        self.stack.callback(client.close)
        client.settimeout(120)
        client.connect(str(daemon.state / "control"))
        client.sendall(question)
        return client

    def answer(self, client):
        said = b""
        while True:
            some = client.recv(4096)
            if not some:
                return said
            said += some

    def test_of_many_hangups_the_last_counts(self):
        daemon = self.daemon(rules=FLAT).start()
        for number in range(50):
            (daemon.root / "rules.yaml").write_text(
                f"rules:\n  - {{name: default, file: 'r{number}/{{name}}'}}\n")
            daemon.process.send_signal(signal.SIGHUP)

        def settled():
            name = f"{len(daemon.filed())}.txt"
            daemon.drop(name, name + TEXT)
            [path] = wait_until(lambda: [path for path in daemon.filed()
                                         if os.path.basename(path) == name.encode()], name)
            return path.startswith(b"r49/")
        wait_until(settled, "the last configuration is in force")

    def test_a_drain_during_a_reload_tells_both(self):
        for question in (b"drain\n", None):
            daemon = self.daemon("drain" if question else "signal").start()
            reload = self.ask(daemon, b"reload\n")
            if question:
                self.assertIn(b"draining", self.answer(self.ask(daemon, question)))
            else:
                daemon.process.send_signal(signal.SIGTERM)
            self.assertEqual(daemon.process.wait(120), 0)
            self.assertRegex(self.answer(reload), rb"^(ok\nreloaded|error: taxond is stopping)\n$")

    def test_a_client_that_leaves_during_a_reload(self):
        daemon = self.daemon().start()
        self.ask(daemon, b"reload\n").close()
        wait_until(lambda: daemon.status()["generation"] == 2, "the reload")
        self.assertIn("reloaded", daemon.taxon("reload").stdout)

    def test_documents_of_an_inbox_that_leaves_keep_their_source(self):
        """Their settings are gone with their generation while they wait for a worker."""
        daemon = self.daemon(rules=BY_SOURCE, workers=1, plugins=SLOW, time_limit="5s",
                             inboxes="  main: {path: inbox, source: before, settle: 50ms}\n")
        daemon.start()
        daemon.drop("slow.txt", "poison-slow " + TEXT)
        wait_until(lambda: daemon.status()["workers"]["busy"] == 1, "a busy worker")
        for number in range(5):
            daemon.drop(f"{number}.txt", f"{number} {TEXT}")
        wait_until(lambda: daemon.status()["documents"]["in_hand"] == 6, "all in hand")
        (self.root / "late").mkdir()
        daemon.write_config(rules=BY_SOURCE, inboxes="  late: {path: late, settle: 50ms}\n")
        daemon.taxon("reload")
        daemon.taxon("reload")
        self.assertEqual({path.split(b"/")[0] for path in daemon.wait_filed(6)}, {b"before"})
        wait_until(lambda: len(daemon.status()["inboxes"]) == 1, "the inbox is let go of")

    def test_an_inbox_that_leaves_may_come_back(self):
        daemon = self.daemon(rules=BY_SOURCE, workers=1, plugins=SLOW, time_limit="5s")
        (self.root / "late").mkdir()
        daemon.start()
        daemon.drop("slow.txt", "poison-slow " + TEXT)
        wait_until(lambda: daemon.status()["workers"]["busy"] == 1, "a busy worker")
        daemon.write_config(rules=BY_SOURCE, plugins=SLOW,
                            inboxes="  late: {path: late, settle: 50ms}\n")
        daemon.taxon("reload")
        daemon.write_config(rules=BY_SOURCE, plugins=SLOW)
        daemon.taxon("reload")
        daemon.drop("a.txt", TEXT)
        self.assertEqual(daemon.wait_filed(2), [b"main/a.txt", b"main/slow.txt"])

    def test_reloads_leak_nothing(self):
        daemon = self.daemon(plugins="  text: {}\n", workers=1, rules=FLAT).start()
        proc = f"/proc/{daemon.process.pid}"

        def reload(times):
            for number in range(times):
                bad = number % 4 == 3  # every fourth is refused by its rules
                (daemon.root / "rules.yaml").write_text(FLAT.replace("file", "fiel") if bad else FLAT)
                self.assertEqual(daemon.taxon("reload", check=False).returncode, int(bad))
            wait_until(lambda: daemon.status()["workers"]["starting"] == 0, "quiet")

        def descriptors():
            return sorted(re.sub(r":\[\d+\]", "", os.readlink(f"{proc}/fd/{fd}"))
                          for fd in os.listdir(f"{proc}/fd"))

        def resident_kb():
            with open(f"{proc}/status") as status:
                return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1))

        reload(40)
        before, before_kb = descriptors(), resident_kb()
        reload(160)
        wait_until(lambda: descriptors() == before, "the descriptors of before")
        if not SANITIZED:  # whose runtime keeps freed memory for a while
            self.assertLess(resident_kb() - before_kb, 1024)


if __name__ == "__main__":
    unittest.main(verbosity=2)
