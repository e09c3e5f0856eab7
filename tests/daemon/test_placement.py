"""What rules say of names that are taken and of what is done beside filing; owners, attributes, archives
that are missing; and ends in the middle of all of it."""
import collections
import ctypes
import json
import os
import pathlib
import platform
import shutil
import signal
import sqlite3
import struct
import subprocess
import tempfile
import unittest

from harness import SIDECAR, DaemonTest, walk, wait_until

TEXT = "Some plain text, long enough to be read as a document by anybody.\n"
MARK = ".taxond-archive"


def rule(*lines, **more):
    keys = "".join(f"    {key}: {value}\n" for key, value in more.items())
    return "rules:\n  - name: default\n" + keys + "".join(f"    {line}\n" for line in lines)


class Placement(DaemonTest):
    def streams(self, daemon):
        return daemon.root / "streams"

    def daemon_with(self, rules, **options):
        options.setdefault("extra", "streams: streams\n")
        return self.daemon(rules=rules, **options)

    def rows(self, daemon, query, *values):
        catalog = sqlite3.connect(daemon.state / "catalog.sqlite")
        found = catalog.execute(query, values).fetchall()
        catalog.close()
        return found

    def drop_dated(self, daemon, name, content, seconds):
        draft = daemon.root / "dated"
        draft.write_text(content)
        os.utime(draft, (seconds, seconds))
        os.rename(draft, daemon.inbox / name)

    # --- names that are taken

    def test_the_later_document_has_the_name_and_the_older_is_beside(self):
        daemon = self.daemon_with(rule(file='"d/{name}"', on_conflict="replace-older")).start()
        self.drop_dated(daemon, "a.txt", "first " + TEXT, 1000000000)
        daemon.wait_filed(1)
        daemon.wait_empty()
        self.drop_dated(daemon, "a.txt", "second " + TEXT, 1000000001)
        daemon.wait_filed(2)
        daemon.wait_empty()
        self.drop_dated(daemon, "a.txt", "oldest " + TEXT, 900000000)
        daemon.wait_filed(3)
        daemon.wait_empty()
        aside = b"d/a-2001-09-09-014640.txt"
        self.assertEqual(daemon.filed(), [b"d/a-2.txt", aside, b"d/a.txt"])
        self.assertEqual((daemon.archive / "d/a.txt").read_text(), "second " + TEXT)
        self.assertEqual((daemon.archive / os.fsdecode(aside)).read_text(), "first " + TEXT)
        self.assertEqual((daemon.archive / "d/a-2.txt").read_text(), "oldest " + TEXT)
        self.check_records(daemon, 3)
        daemon.stop()
        older = daemon.record(aside)["id"]  # the catalog knows where it went
        self.assertEqual(self.rows(daemon, "SELECT placed FROM documents WHERE id = ?", older),
                         [(aside,)])

    def check_records(self, daemon, count):
        """Each document has the record that is its own."""
        paths = daemon.filed()
        self.assertEqual(len(paths), count)
        for path in paths:
            with open(os.path.join(os.fsencode(daemon.archive), path), "rb") as file:
                content = file.read()
            self.assertEqual(daemon.record(path)["sha256"], digest(content), path)

    def test_bytes_that_are_there_under_any_name_are_filed_once(self):
        daemon = self.daemon_with(rule(file='"{name}"', on_conflict="same-is-same")).start()
        for number in range(12):
            daemon.drop(f"{number}.txt", TEXT)
        daemon.drop("other.txt", "other " + TEXT)
        daemon.wait_filed(2)
        daemon.wait_empty()
        wait_until(lambda: daemon.status()["documents"]["same"] == 11, "eleven that are the same")
        self.assertEqual(len(daemon.filed()), 2)
        # What is there no more, or has changed, is no reason to drop anything.
        kept = next(path for path in daemon.filed() if path != b"other.txt")
        (daemon.archive / os.fsdecode(kept)).write_text("changed")
        daemon.drop("anew.txt", TEXT)
        daemon.wait_filed(3)
        daemon.wait_empty()
        self.assertEqual((daemon.archive / "anew.txt").read_text(), TEXT)

    def test_the_same_bytes_in_another_archive_are_another_document(self):
        rules = ("rules:\n  - {name: one, when: {name: 'a*'}, file: '{name}', archive: press}\n"
                 "  - {name: default, file: '{name}'}\n")
        daemon = self.daemon(rules=None, placement="on_conflict: same-is-same")
        (daemon.root / "rules.yaml").write_text(rules)
        text = daemon.config.read_text()
        text = text.replace(f"archives: {{main: {daemon.archive}}}",
                            f"archives: {{main: {daemon.archive}, press: press}}")
        daemon.config.write_text(text.replace("rules: []", "rules: [rules.yaml]"))
        daemon.drop("a.txt", TEXT)
        daemon.drop("b.txt", TEXT)
        self.assertEqual(daemon.run_once(), 0)
        self.assertEqual(daemon.filed(), [b"b.txt"])
        self.assertTrue((daemon.root / "press" / "a.txt").exists())

    # --- beside filing

    ALL = rule("copy: ['c/{name}', 'd/{name}']", "link: ['l/{name}', {to: 'h/{name}', kind: hard}]",
               "emit: [all.jsonl, {to: 'text/{lang}.jsonl', what: text}, {to: both.jsonl, what: both}]",
               file='"{name}"')

    def lines(self, daemon, name):
        """The documents of a stream; each line is whole."""
        documents = []
        stem, extension = os.path.splitext(name)
        folder = self.streams(daemon) / os.path.dirname(name)
        for path in sorted(folder.glob(os.path.basename(stem) + "*" + extension)):
            content = path.read_bytes()
            self.assertTrue(content.endswith(b"\n"), path)
            documents += [json.loads(line) for line in content.splitlines()]
        return documents

    def assert_why_tells(self, daemon, record):
        """As planned, from the record; as it became, from the catalog."""
        language = record["language"]["id"]
        done = ["copy archive:main/c/a.txt", "copy archive:main/d/a.txt",
                "link archive:main/l/a.txt", "link archive:main/h/a.txt",
                "emit streams/all.jsonl", f"emit streams/text/{language}.jsonl",
                "emit streams/both.jsonl"]

        def told(what):
            lines = [" ".join(line.split()[:2])
                     for line in daemon.taxon("why", what).stdout.splitlines()]
            return [line for line in lines if line.split(" ")[0] in ("copy", "link", "emit")]

        self.assertEqual(told(str(daemon.archive / "a.txt")), done)
        self.assertEqual(told(record["id"]), done + done)

    def test_copies_links_and_lines(self):
        daemon = self.daemon_with(self.ALL).start()
        daemon.drop("a.txt", TEXT)
        daemon.wait_filed(4)
        daemon.wait_empty()
        for name in ("a.txt", "c/a.txt", "d/a.txt", "l/a.txt", "h/a.txt"):
            self.assertEqual((daemon.archive / name).read_text(), TEXT)
        self.assertEqual(os.readlink(daemon.archive / "l/a.txt"), "../a.txt")
        self.assertEqual((daemon.archive / "h/a.txt").stat().st_ino,
                         (daemon.archive / "a.txt").stat().st_ino)
        self.assertNotEqual((daemon.archive / "c/a.txt").stat().st_ino,
                            (daemon.archive / "a.txt").stat().st_ino)
        record = daemon.record(b"a.txt")
        self.assert_why_tells(daemon, record)
        self.assertEqual(self.lines(daemon, "all.jsonl"), [record])
        text = {"id": record["id"], "text": TEXT}
        language = record["language"]["id"]
        self.assertEqual(self.lines(daemon, f"text/{language}.jsonl"), [text])
        self.assertEqual(self.lines(daemon, "both.jsonl"), [{**record, "text": TEXT}])
        (daemon.archive / MARK).touch()
        told = daemon.taxon("catalog", "check", "--json").stdout.splitlines()
        self.assertEqual(json.loads(told[-1])["findings"], 0, told)
        self.assertEqual(
            [(key, also[key]) for also in record["plan"]["also"] for key in ("copy", "link", "emit")
             if key in also],
            [("copy", "c/a.txt"), ("copy", "d/a.txt"), ("link", "l/a.txt"), ("link", "h/a.txt"),
             ("emit", "all.jsonl"), ("emit", f"text/{language}.jsonl"), ("emit", "both.jsonl")])

    def test_a_name_beside_that_is_taken_is_made_different(self):
        daemon = self.daemon_with(self.ALL)
        (daemon.archive / "c").mkdir()
        (daemon.archive / "l").mkdir()
        (daemon.archive / "c/a.txt").write_text("other")
        (daemon.archive / "l/a.txt").write_text("other")
        daemon.drop("a.txt", TEXT)
        self.assertEqual(daemon.run_once(), 0)
        self.assertEqual((daemon.archive / "c/a.txt").read_text(), "other")
        self.assertEqual((daemon.archive / "c/a-2.txt").read_text(), TEXT)
        self.assertEqual(os.readlink(daemon.archive / "l/a-2.txt"), "../a.txt")
        self.assertEqual(self.rows(daemon, "SELECT placed FROM also WHERE target = ?", b"c/a.txt"),
                         [(b"c/a-2.txt",)])
        told = daemon.taxon("why", daemon.record(b"a.txt")["id"]).stdout
        self.assertRegex(told, r"copy +archive:main/c/a-2\.txt\n")
        self.assertRegex(told, r"link +archive:main/l/a-2\.txt\n")

    def test_what_cannot_be_done_beside_is_told_and_the_document_is_filed(self):
        daemon = self.daemon_with(rule("copy: 'c/{name}'", file='"{name}"', on_conflict="fail"))
        (daemon.archive / "c").mkdir()
        (daemon.archive / "c/a.txt").write_text("other")
        daemon.drop("a.txt", TEXT)
        self.assertEqual(daemon.run_once(), 0)
        self.assertIn("filed, but cannot be done beside: c/a.txt", daemon.log())
        self.assertRegex(daemon.taxon("why", daemon.record(b"a.txt")["id"]).stdout,
                         r"copy +not done: archive:main/c/a\.txt\n")
        self.assertEqual((daemon.archive / "a.txt").read_text(), TEXT)
        self.assertEqual(daemon.quarantined(), {})

    def test_a_stream_that_grows_is_begun_anew(self):
        daemon = self.daemon_with(rule("emit: {to: a.jsonl, rotate: 8K}", file='"{name}"')).start()
        for number in range(40):
            daemon.drop(f"{number}.txt", f"{number} {TEXT}")
        daemon.wait_filed(40)
        daemon.wait_empty()
        files = list(self.streams(daemon).iterdir())
        self.assertGreater(len(files), 3)
        for path in files:
            self.assertLessEqual(path.stat().st_size, 8192)
        names = [record["name"] for record in self.lines(daemon, "a.jsonl")]
        self.assertEqual(sorted(names), sorted(f"{number}.txt" for number in range(40)))

    # --- ends

    def test_killed_at_any_moment_all_of_it_is_done_once(self):
        daemon = self.daemon_with(self.ALL)
        for number in range(300):
            daemon.drop(f"{number}.txt", f"{number} {TEXT}")
        for least in (1, 40, 90, 150, 220, 280):
            daemon.start(wait=False)
            wait_until(lambda: len(list(walk(daemon.archive))) >= least * 6
                       or daemon.process.poll() is not None, f"some {least} filed")
            daemon.kill()
        self.assertEqual(daemon.run_once(), 0)
        names = sorted(f"{number}.txt" for number in range(300))
        for folder in (".", "c", "d", "l", "h"):
            files = [entry.name for entry in (daemon.archive / folder).iterdir()
                     if not entry.name.endswith(SIDECAR) and (folder != "." or entry.is_file())]
            self.assertEqual(sorted(files), names, folder)
        ids = {}
        for name in names:
            record = daemon.record(name.encode())
            ids[record["id"]] = name
            for folder in (".", "c", "d", "l", "h"):
                content = (daemon.archive / folder / name).read_bytes()
                self.assertEqual(digest(content), record["sha256"])
        language = record["language"]["id"]
        for stream in ("all.jsonl", f"text/{language}.jsonl", "both.jsonl"):
            seen = collections.Counter(line["id"] for line in self.lines(daemon, stream))
            self.assertEqual(set(seen), set(ids), stream)
            self.assertEqual(max(seen.values()), 1, stream)
        self.assertEqual(self.rows(daemon, "SELECT count(*) FROM also WHERE placed IS NULL"), [(0,)])

    def test_killed_while_documents_give_way_none_is_lost(self):
        self.kill_while_documents_give_way(sidecars=True)

    def test_killed_while_documents_without_records_give_way(self):
        self.kill_while_documents_give_way(sidecars=False)

    def kill_while_documents_give_way(self, sidecars):
        daemon = self.daemon_with(rule(file='"{name}"', on_conflict="replace-older"),
                                  placement="" if sidecars else "sidecar: false",
                                  inboxes="".join(f"  i{number}: {{path: in{number}, settle: 50ms, "
                                                  f"scan_every: 1h}}\n" for number in range(4)))
        for number in range(4):
            folder = daemon.root / f"in{number}"
            folder.mkdir()
            for name in range(60):
                path = folder / f"{name}.txt"
                path.write_text(f"{name} of {number} {TEXT}")
                os.utime(path, (1000000000 + number,) * 2)
        for least in (1, 60, 120, 200):
            daemon.start(wait=False)
            wait_until(lambda: len(daemon.filed()) >= least or daemon.process.poll() is not None,
                       f"{least} filed")
            daemon.kill()
        self.assertEqual(daemon.run_once(), 0)
        if sidecars:
            self.check_records(daemon, 240)
        contents = {(daemon.archive / os.fsdecode(path)).read_text() for path in daemon.filed()}
        self.assertEqual(len(contents), 240)
        gone = self.rows(daemon, "SELECT count(*) FROM documents WHERE state = 4 AND target IS NOT NULL")
        self.assertEqual(gone, [(0,)])
        for path in daemon.filed() if sidecars else ():  # and the catalog knows where each is, who gave way or not
            self.assertEqual(self.rows(daemon, "SELECT placed FROM documents WHERE id = ?",
                                       daemon.record(path)["id"]), [(path,)])
        for name in range(60):  # the latest has the name
            self.assertEqual((daemon.archive / f"{name}.txt").read_text(),
                             f"{name} of 3 {TEXT}")

    # --- owners, times, attributes

    @unittest.skipUnless(os.geteuid() == 0, "only root may give files away")
    def test_an_owner_as_configured(self):
        daemon = self.daemon_with(rule("copy: 'c/d/{name}'", "emit: s/a.jsonl", file='"x/{name}"'),
                                  placement="owner: 12345, group: 54321, file_mode: '0640'")
        daemon.drop("a.txt", TEXT)
        self.assertEqual(daemon.run_once(), 0, daemon.log())
        for path in (daemon.archive / "x", daemon.archive / "x/a.txt",
                     daemon.archive / f"x/a.txt{SIDECAR}", daemon.archive / "c/d/a.txt",
                     daemon.archive / "c", self.streams(daemon) / "s/a.jsonl"):
            status = path.stat()
            self.assertEqual((status.st_uid, status.st_gid), (12345, 54321), path)
        self.assertEqual((daemon.archive / "x/a.txt").stat().st_mode & 0o777, 0o640)

    def test_an_owner_that_is_not_there_is_refused(self):
        daemon = self.daemon_with(rule(file='"{name}"'), placement="owner: no-such-user-here")
        self.assert_refused(daemon, "taxond.yaml:", "there is no user 'no-such-user-here'")

    def test_times_and_attributes_of_origin_go_along(self):
        elsewhere = tempfile.mkdtemp(prefix="taxond-test-", dir="/dev/shm")
        self.stack.callback(shutil.rmtree, elsewhere, ignore_errors=True)
        for archive in (self.root / "here", pathlib.Path(elsewhere)):
            daemon = self.daemon_with(rule("copy: 'c/{name}'", file='"{name}"'),
                                      folder=f"of-{archive.name}", archive=archive)
            draft = daemon.root / "draft"
            draft.write_text(TEXT)
            os.utime(draft, ns=(1, 1234567890123456789))
            try:
                os.setxattr(draft, "user.xdg.origin.url", b"https://a.example/1")
                os.setxattr(archive, "user.probe", b"x")
            except OSError:
                self.skipTest("no extended attributes here")
            os.link(draft, daemon.root / "kept")  # a file with other links is copied already here
            os.link(draft, daemon.inbox / "linked.txt")
            shutil.copy2(draft, daemon.inbox / "a.txt")
            self.assertEqual(daemon.run_once(), 0)
            for name in ("a.txt", "c/a.txt", "linked.txt", "c/linked.txt"):
                path = archive / name
                self.assertEqual(path.stat().st_mtime_ns, 1234567890123456789, path)
                self.assertEqual(os.getxattr(path, "user.xdg.origin.url"), b"https://a.example/1")

    def test_an_origin_that_is_found_is_set(self):
        daemon = self.daemon_with(rule("copy: 'c/{name}'", file='"{name}"'),
                                  placement="origin_xattr: true")
        try:
            os.setxattr(daemon.archive, "user.probe", b"x")
        except OSError:
            self.skipTest("no extended attributes here")
        url = "https://a.example/2024/one.html"
        daemon.drop("a.html", f'<html><head><title>One</title><link rel="canonical" href="{url}">'
                              f'</head><body><p>{TEXT * 5}</p></body></html>')
        self.assertEqual(daemon.run_once(), 0)
        self.assertEqual(daemon.record(b"a.html")["url"], url)
        for name in ("a.html", "c/a.html"):
            self.assertEqual(os.getxattr(daemon.archive / name, "user.xdg.origin.url"),
                             url.encode())

    # --- archives that are missing

    def test_a_missing_archive_is_waited_for_and_an_empty_mount_point_not_filled(self):
        daemon = self.daemon_with(rule(file='"{name}"'), placement="on_missing_archive: wait")
        daemon.archive.rmdir()
        daemon.start()
        self.assertFalse(daemon.archive.exists())
        daemon.drop("a.txt", TEXT)
        held = lambda: daemon.status()["documents"]["held"] == 1
        wait_until(held, "one held back")
        daemon.archive.mkdir()  # the mount point, with nothing mounted
        daemon.stop()
        self.assertEqual(daemon.run_once(), 1)
        self.assertIn(f"has no file {MARK} in it: is it mounted?", daemon.fresh_log())
        self.assertEqual(os.listdir(daemon.archive), [])
        daemon.start()
        wait_until(held, "one held back")
        (daemon.archive / MARK).touch()
        wait_until(lambda: (daemon.archive / "a.txt").exists(), "filed when it was there")
        self.assertEqual((daemon.archive / "a.txt").read_text(), TEXT)
        self.assertEqual(daemon.quarantined(), {})

    # --- a kernel, or a filter, without openat2

    @unittest.skipUnless(platform.machine() == "x86_64", "the filter is of one architecture")
    def test_filed_without_openat2(self):
        daemon = self.daemon_with(self.ALL)
        daemon.drop("sub/a.txt", TEXT)
        os.symlink("/etc/passwd", daemon.inbox / "link.txt")
        (daemon.archive / "c").symlink_to(self.root)
        start = subprocess.Popen

        class Filtered(start):
            def __init__(self, *arguments, **options):
                super().__init__(*arguments, preexec_fn=take_openat2_away, **options)

        subprocess.Popen = Filtered
        try:
            daemon.start()
        finally:
            subprocess.Popen = start
        wait_until(lambda: (daemon.archive / "d/a.txt").exists(), "filed")
        wait_until(lambda: daemon.status()["documents"]["in_hand"] == 0, "nothing in hand")
        self.assertEqual((daemon.archive / "a.txt").read_text(), TEXT)
        self.assertEqual(os.readlink(daemon.archive / "l/a.txt"), "../a.txt")
        self.assertFalse((self.root / "a.txt").exists())  # by the link in the archive
        self.assertIn("cannot be done beside: c/a.txt", daemon.log())


def digest(content):
    import hashlib
    return hashlib.sha256(content).hexdigest()


def take_openat2_away():
    """A seccomp filter, as of a service manager: openat2 is not there. For the child alone."""
    libc = ctypes.CDLL(None, use_errno=True)
    code = b"".join(struct.pack("HBBI", *line) for line in (
        (0x20, 0, 0, 0),            # the number of the call
        (0x15, 0, 1, 437),          # openat2?
        (0x06, 0, 0, 0x00050026),   # ENOSYS
        (0x06, 0, 0, 0x7FFF0000)))  # allowed
    buffer = ctypes.create_string_buffer(code)
    program = struct.pack("HxxxxxxQ", 4, ctypes.addressof(buffer))
    if libc.prctl(38, 1, 0, 0, 0) != 0 or libc.prctl(22, 2, program, 0, 0) != 0:
        os._exit(99)


if __name__ == "__main__":
    unittest.main(verbosity=2)
