"""How files come into an inbox: slowly, in place, by a rename, over another, or not after all. Each
is filed once, whole, and in no state that its writer did not mean to leave."""
import hashlib
import os
import signal
import unittest

from harness import DaemonTest, wait_until

PLUGINS = "  text: {}\n"
FLAT = "rules:\n  - {name: default, file: '{name}'}\n"
TEXT = "Some plain text, long enough to be read as a document by anybody.\n"


class Writers(DaemonTest):
    def lean(self, **options):
        options = {"plugins": PLUGINS, "rules": FLAT, "scan": "20ms", "settle": "20ms"} | options
        return self.daemon(**options)

    def wait_scans(self, daemon, count=5):
        """Until whoever looks has looked so often that what is to be taken was taken."""
        begin = daemon.status()["inboxes"][0]["scans"]
        wait_until(lambda: daemon.status()["inboxes"][0]["scans"] >= begin + count, "scans")

    def content(self, daemon, path):
        return (daemon.archive / os.fsdecode(path)).read_bytes()

    def check_whole(self, daemon, possible):
        """All that was filed is one of these, and as its record says."""
        for path in daemon.filed():
            content = self.content(daemon, path)
            self.assertIn(content, possible)
            self.assertEqual(daemon.record(path)["sha256"], hashlib.sha256(content).hexdigest())
        self.assertEqual(daemon.quarantined(), {})

    def test_a_writer_that_pauses_is_waited_for(self):
        daemon = self.lean().start()
        with open(daemon.inbox / "slow.txt", "w") as file:
            for _ in range(3):
                file.write(TEXT)
                file.flush()
                self.wait_scans(daemon)  # quiet for longer than `settle`, but open
                self.assertEqual(daemon.filed(), [])
        daemon.wait_filed(1)
        self.check_whole(daemon, {TEXT.encode() * 3})

    def test_a_file_that_stays_open_keeps_no_other_waiting(self):
        daemon = self.lean().start()
        with open(daemon.inbox / "open.txt", "w") as file:
            file.write(TEXT)
            file.flush()
            for number in range(20):
                daemon.drop(f"{number}.txt", f"{number} {TEXT}")
            daemon.wait_filed(20)
            self.assertEqual(daemon.status()["inboxes"][0]["waiting"], 1)
            # An end meanwhile: the next one waits for the writer just as well.
            self.assertEqual(daemon.stop(), 0)
            daemon.start()
            self.wait_scans(daemon)
            self.assertEqual(len(daemon.filed()), 20)
        daemon.wait_filed(21)

    def test_truncated_and_rewritten_in_place(self):
        daemon = self.lean()
        (daemon.inbox / "a.txt").write_text("old " + TEXT * 10)
        file = open(daemon.inbox / "a.txt", "r+")
        daemon.start()
        file.truncate(0)
        self.wait_scans(daemon)
        file.write("new " + TEXT)
        file.flush()
        self.wait_scans(daemon)
        self.assertEqual(daemon.filed(), [])
        file.close()
        daemon.wait_filed(1)
        self.check_whole(daemon, {("new " + TEXT).encode()})

    def test_rewritten_again_and_again_while_it_is_taken(self):
        """By a writer that truncates: what is filed is what some close has left."""
        daemon = self.lean().start()
        versions = {f"{number} {TEXT * (number % 5 + 1)}".encode() for number in range(300)}
        for version in sorted(versions):
            with open(daemon.inbox / "a.txt", "wb") as file:
                file.write(version)
        daemon.wait_empty()
        self.assertFalse((daemon.inbox / "a.txt").exists())
        self.check_whole(daemon, versions)
        self.assertIn(sorted(versions)[-1], map(lambda path: self.content(daemon, path),
                                               daemon.filed()))

    def test_renamed_over_a_name_that_waits(self):
        """The one below was replaced by its writer; the one above is filed."""
        daemon = self.lean().start()
        daemon.process.send_signal(signal.SIGSTOP)
        daemon.drop("a.txt", "replaced " + TEXT)
        daemon.drop("a.txt", "final " + TEXT)
        daemon.process.send_signal(signal.SIGCONT)
        daemon.wait_filed(1)
        daemon.wait_empty()
        self.assertEqual(daemon.filed(), [b"a.txt"])
        self.check_whole(daemon, {("final " + TEXT).encode()})

    def test_renamed_over_the_same_name_while_it_is_taken(self):
        daemon = self.lean().start()
        versions = [f"{number} {TEXT}".encode() for number in range(300)]
        for version in versions:
            daemon.drop("a.txt", version)
        daemon.wait_empty()
        self.check_whole(daemon, set(versions))
        filed = [self.content(daemon, path) for path in daemon.filed()]
        self.assertIn(versions[-1], filed)
        self.assertEqual(len(filed), len(set(filed)))

    def test_temporary_names_are_left_alone_until_the_rename(self):
        daemon = self.lean().start()
        part = daemon.inbox / "a.txt.part"
        part.write_text(TEXT)
        self.wait_scans(daemon)
        self.assertTrue(part.exists())
        part.rename(daemon.inbox / "a.txt")
        self.assertEqual(daemon.wait_filed(1), [b"a.txt"])

    def test_names_that_vanish_before_they_are_taken(self):
        daemon = self.lean().start()
        stay = set()
        for number in range(400):
            name = f"{number}.txt"
            daemon.drop(name, f"{number} {TEXT}")
            if number % 2 == 0:
                try:
                    (daemon.inbox / name).unlink()
                    continue
                except FileNotFoundError:  # taken already
                    pass
            stay.add(name.encode())
        daemon.wait_filed(len(stay))
        daemon.wait_empty()
        self.assertEqual(set(daemon.filed()), stay)
        self.assertEqual(os.listdir(daemon.inbox / ".taxond" / "work"), [])
        self.assertEqual(daemon.quarantined(), {})


class Folders(DaemonTest):
    def lean(self):
        return self.daemon(plugins=PLUGINS, rules="rules:\n  - {name: default, file: '{name}'}\n")

    def test_moved_in_whole_and_nested(self):
        daemon = self.lean().start()
        top = self.root / "top"
        deep = top.joinpath(*["d"] * 63)
        deep.mkdir(parents=True)
        (deep / "deep.txt").write_text("deep " + TEXT)
        for number in range(20):
            (top / f"{number}.txt").write_text(f"{number} {TEXT}")
        top.rename(daemon.inbox / "top")
        self.assertIn(b"deep.txt", daemon.wait_filed(21))
        daemon.wait_empty()
        self.assertEqual(daemon.status()["inboxes"][0]["trouble"], "")
        # And heard of without another scan, 64 folders down.
        daemon.drop("top/" + "d/" * 63 + "later.txt", "later " + TEXT)
        self.assertIn(b"later.txt", daemon.wait_filed(22))

    def test_made_and_removed_in_a_race(self):
        """Each folder gets a file and is taken away again, if it can be: with `rmdir`, which spares
        what is not empty, as a writer that tidies up does."""
        daemon = self.lean().start()
        for number in range(300):
            folder = daemon.inbox / f"f{number % 7}" / f"g{number}"
            folder.mkdir(parents=True)
            if number % 3 > 0:
                (folder / f"{number}.txt").write_text(f"{number} {TEXT}")
            for each in (folder, folder.parent):
                try:
                    each.rmdir()
                except OSError:
                    pass
        daemon.wait_filed(200)
        daemon.wait_empty()
        self.assertEqual(set(daemon.filed()),
                         {f"{number}.txt".encode() for number in range(300) if number % 3 > 0})


if __name__ == "__main__":
    unittest.main(verbosity=2)
