"""Inboxes that go away and come back, and those that the kernel gives no notice of."""
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

from harness import BUILD, SANITIZED, DaemonTest, wait_until

PLUGINS = "  text: {}\n"
FLAT = "rules:\n  - {name: default, file: '{name}'}\n"
TEXT = "Some plain text, long enough to be read as a document by anybody.\n"


class Away(DaemonTest):
    def lean(self, **options):
        return self.daemon(**{"plugins": PLUGINS, "rules": FLAT, "settle": "20ms"} | options)

    def trouble(self, daemon):
        return daemon.status()["inboxes"][0]["trouble"]

    def wait_trouble(self, daemon, *words):
        wait_until(lambda: all(word in self.trouble(daemon) for word in words), str(words))
        wait_until(lambda: all(word in daemon.fresh_log() for word in words), "the log of it")

    def wait_back(self, daemon):
        wait_until(lambda: self.trouble(daemon) == "" and
                   len(daemon.status()["inboxes"]) == 1, "the inbox is back")

    def test_removed_and_made_again(self):
        daemon = self.lean().start()
        for number in range(2):
            shutil.rmtree(daemon.inbox)
            self.wait_trouble(daemon, "removed or moved away", str(daemon.inbox))
            daemon.inbox.mkdir()
            self.wait_back(daemon)
            daemon.drop(f"{number}.txt", f"{number} {TEXT}")  # heard of: there is no other scan
            daemon.drop(f"folder/{number}-below.txt", f"{number} below {TEXT}")
            daemon.wait_filed(2 * number + 2)
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(sorted(os.listdir(daemon.inbox)), [".taxond", "folder"])

    def test_moved_away_and_back(self):
        """What is written to it elsewhere is filed still, as long as there is no other."""
        daemon = self.lean().start()
        away = self.root / "away"
        daemon.inbox.rename(away)
        self.wait_trouble(daemon, "removed or moved away")
        (away / "a.txt").write_text(TEXT)
        daemon.wait_filed(1)
        away.rename(daemon.inbox)
        self.wait_back(daemon)
        daemon.drop("b.txt", "other " + TEXT)
        daemon.wait_filed(2)
        self.assertNotIn("another folder", daemon.log())

    def test_another_in_its_place(self):
        """That one is watched; what is in hand of the first is filed all the same."""
        slow = "  text: {}\n  slow: {}\n"
        daemon = self.lean(plugins=slow, workers=1, time_limit="5s").start()
        daemon.drop("slow.txt", "poison-slow " + TEXT)
        wait_until(lambda: daemon.status()["workers"]["busy"] == 1, "a busy worker")
        for number in range(5):
            daemon.drop(f"{number}.txt", f"{number} {TEXT}")
        wait_until(lambda: daemon.status()["documents"]["in_hand"] == 6, "all in hand")
        first = self.root / "first"
        daemon.inbox.rename(first)
        daemon.inbox.mkdir()
        daemon.drop("new.txt", "new " + TEXT)
        wait_until(lambda: "another folder is at" in daemon.log(), "the log")
        (first / "left.txt").write_text(TEXT)  # nobody's now
        self.assertIn("the folder that was there before", daemon.taxon("status").stdout)
        self.assertIn(b"new.txt", wait_until(
            lambda: len(daemon.filed()) + len(daemon.quarantined()) >= 7 and daemon.filed(), "all"))
        self.wait_back(daemon)
        self.assertEqual(os.listdir(first / ".taxond" / "work"), [])
        self.assertTrue((first / "left.txt").exists())
        # A reload makes no third one of them.
        daemon.taxon("reload")
        daemon.drop("later.txt", "later " + TEXT)
        wait_until(lambda: b"later.txt" in daemon.filed(), "the later one")
        self.assertEqual(len(daemon.status()["inboxes"]), 1)

    def test_one_that_cannot_be_used_is_tried_again(self):
        daemon = self.lean().start()
        daemon.inbox.rename(self.root / "away")
        daemon.inbox.mkdir()
        (daemon.inbox / ".taxond").write_text("in the way\n")
        self.wait_trouble(daemon, "is no folder")
        (daemon.inbox / ".taxond").unlink()
        self.wait_back(daemon)
        daemon.drop("a.txt", TEXT)
        daemon.wait_filed(1)

    def test_a_mount_that_comes_and_goes(self):
        """Each time another folder is at the path; each is watched."""
        mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "taxond-test"]
        daemon = self.lean()
        if os.geteuid() != 0 or subprocess.run([*mount, daemon.inbox],
                                               capture_output=True).returncode != 0:
            self.skipTest("no right to mount")
        unmount = ["umount", "-l", daemon.inbox]
        self.stack.callback(subprocess.run, unmount, capture_output=True)
        daemon.start()
        subprocess.run(unmount, check=True)
        wait_until(lambda: daemon.log().count("another folder is at") == 1, "the folder below")
        daemon.drop("below.txt", "below " + TEXT)
        daemon.wait_filed(1)
        subprocess.run([*mount, daemon.inbox], check=True)
        wait_until(lambda: daemon.log().count("another folder is at") == 2, "the mount")
        (daemon.inbox / "above.txt").write_text("above " + TEXT)
        self.assertEqual(daemon.wait_filed(2), [b"above.txt", b"below.txt"])
        self.assertEqual(daemon.stop(), 0)


@unittest.skipIf(SANITIZED, "a sanitizer's runtime must be loaded first")
class Polled(DaemonTest):
    def pretending(self, inboxes, **environment):
        return self.daemon(plugins=PLUGINS, rules=FLAT, inboxes=inboxes, environment={
            "LD_PRELOAD": str(BUILD / "tests" / "daemon" / "pretend.so"), **environment})

    def test_a_network_file_system(self):
        daemon = self.pretending("  main: {path: inbox, settle: 20ms, scan_every: 1h, "
                                 "poll_every: 50ms}\n", PRETEND_MAGIC="0x6969").start()
        wait_until(lambda: daemon.status()["inboxes"][0]["scans"] > 3, "polls")
        [inbox] = daemon.status()["inboxes"]
        self.assertEqual((inbox["polled"], inbox["file_system"]), (True, "nfs"))
        self.assertEqual(inbox["trouble"], "")
        self.assertIn("polled every 0.05 s: nfs gives no notice of what others write",
                      daemon.taxon("status").stdout)
        wait_until(lambda: "on nfs, which gives no notice" in daemon.log(), "the log")
        daemon.drop("a.txt", TEXT)
        (daemon.inbox / "b.txt").write_text("other " + TEXT)
        self.assertEqual(daemon.wait_filed(2), [b"a.txt", b"b.txt"])

    def test_the_limit_of_watches(self):
        daemon = self.pretending("  main: {path: inbox, settle: 20ms, scan_every: 1h, "
                                 "poll_every: 50ms}\n", PRETEND_WATCHES="3")
        for number in range(10):
            (daemon.inbox / f"folder{number}").mkdir()
        daemon.start()
        wait_until(lambda: daemon.status()["inboxes"][0]["scans"] > 3, "polls")
        [inbox] = daemon.status()["inboxes"]
        self.assertTrue(inbox["polled"])
        with open("/proc/sys/fs/inotify/max_user_watches") as file:
            present = file.read().strip()
        for words in ("11 folders need an inotify watch", f"max_user_watches is {present}",
                      "sysctl -w fs.inotify.max_user_watches="):
            self.assertIn(words, inbox["trouble"])
            self.assertIn(words, daemon.taxon("status").stdout)
            wait_until(lambda: words in daemon.log(), "the log")
        for number in range(10):
            (daemon.inbox / f"folder{number}" / f"{number}.txt").write_text(f"{number} {TEXT}")
        daemon.wait_filed(10)


@unittest.skipUnless(os.geteuid() == 0 and os.path.exists("/dev/fuse"), "no root, or no FUSE")
class Remote(DaemonTest):
    """Really on FUSE, mirrored from a folder that others write to, by a clock that is an hour behind."""

    def mounted(self, settle):
        daemon = self.daemon(plugins=PLUGINS, rules=FLAT, inboxes=f"  main: {{path: inbox, settle: "
                             f"{settle}, scan_every: 1h, poll_every: 50ms}}\n")
        self.mirror(daemon.inbox)
        self.stack.callback(daemon.stop)
        return daemon

    def mirror(self, mount_point, *options):
        """Returns the process that serves it."""
        self.server = self.root / f"server-{mount_point.name}"
        self.server.mkdir(exist_ok=True)
        program = pathlib.Path(__file__).with_name("fuse_mirror.py")
        mirror = subprocess.Popen([sys.executable, program, self.server, mount_point, *options],
                                  stderr=subprocess.PIPE)
        self.stack.callback(mirror.wait)
        self.stack.callback(mirror.stderr.close)
        self.stack.callback(mirror.kill)  # who holds the mount open would keep it alive
        self.stack.callback(subprocess.run, ["umount", "-l", mount_point], capture_output=True)
        wait_until(lambda: self.is_served(mount_point) or mirror.poll() is not None, "the mount")
        if mirror.poll() is not None:
            self.skipTest(f"no FUSE here: {mirror.stderr.read().decode().strip()}")
        return mirror

    def is_served(self, mount_point):
        try:
            return os.stat(mount_point).st_ino == os.stat(self.server).st_ino
        except OSError:
            return False

    def test_what_others_write_is_found(self):
        daemon = self.mounted("50ms").start()
        (self.server / "folder").mkdir()
        for number in range(20):
            (self.server / "folder" / f"{number}.txt").write_text(f"{number} {TEXT}")
        (daemon.inbox / "own.txt").write_text("own " + TEXT)
        self.assertEqual(set(daemon.wait_filed(21)),
                         {b"own.txt"} | {f"{number}.txt".encode() for number in range(20)})
        daemon.wait_empty()
        [inbox] = daemon.status()["inboxes"]
        self.assertEqual((inbox["polled"], inbox["file_system"]), (True, "fuse"))
        self.assertEqual(inbox["trouble"], "")
        self.assertEqual(os.listdir(self.server / ".taxond" / "work"), [])
        self.assertEqual(daemon.quarantined(), {})

    def test_what_others_are_writing_is_left_alone(self):
        """No lease tells of them, and what they write looks an hour old."""
        daemon = self.mounted("3s").start()
        scans = lambda: daemon.status()["inboxes"][0]["scans"]
        with open(self.server / "slow.txt", "w") as file:
            for number in range(20):
                file.write(f"{number} {TEXT}")
                file.flush()
                begin = scans()
                wait_until(lambda: scans() > begin + 1, "a poll")
                self.assertTrue((self.server / "slow.txt").exists(), "taken while it was written")
        daemon.wait_filed(1)
        self.assertEqual((daemon.archive / "slow.txt").read_text(),
                         "".join(f"{number} {TEXT}" for number in range(20)))


    def test_an_inbox_whose_server_goes_away(self):
        daemon = self.daemon(plugins=PLUGINS, rules=FLAT, settle="50ms", scan="50ms")
        server = self.mirror(daemon.inbox)
        self.stack.callback(daemon.stop)
        daemon.start()
        (self.server / "a.txt").write_text(TEXT)
        daemon.wait_filed(1)
        daemon.wait_empty()
        server.kill()
        wait_until(lambda: "not connected" in daemon.status()["inboxes"][0]["trouble"],
                   "the trouble")
        (self.server / "b.txt").write_text("other " + TEXT)
        self.mirror(daemon.inbox)
        self.assertEqual(daemon.wait_filed(2), [b"a.txt", b"b.txt"])
        wait_until(lambda: [inbox["trouble"] for inbox in daemon.status()["inboxes"]] == [""],
                   "no trouble")

    def test_an_archive_whose_server_goes_away(self):
        """What is in hand is held, the status says why, and it is filed when the server is back."""
        daemon = self.daemon(plugins=PLUGINS, rules=FLAT, settle="50ms")
        server = self.mirror(daemon.archive, "noreplace")
        self.stack.callback(daemon.stop)
        daemon.start()
        daemon.drop("a.txt", TEXT)
        self.assertEqual(daemon.wait_filed(1), [b"a.txt"])
        daemon.wait_empty()
        server.kill()
        for number in range(10):
            daemon.drop(f"{number}.txt", f"{number} {TEXT}")
        wait_until(lambda: daemon.status()["documents"]["held"] == 10, "all held")
        self.assertIn("not connected", daemon.status()["documents"]["held_why"])
        self.mirror(daemon.archive, "noreplace")
        daemon.wait_filed(11)
        daemon.wait_empty()
        self.assertEqual(daemon.quarantined(), {})
        for number in range(10):
            self.assertEqual((daemon.archive / f"{number}.txt").read_text(), f"{number} {TEXT}")


if __name__ == "__main__":
    unittest.main(verbosity=2)
