"""taxon doctor: what it finds, and that what it prints mends it."""
import json
import os
import pty
import shutil
import stat
import subprocess
import tempfile
import unittest

from harness import SANITIZED, TAXON, DaemonTest, environment


class Doctor(DaemonTest):
    def findings(self, daemon, **options):
        """{check: finding} and the exit status."""
        done = daemon.taxon("doctor", "--json", check=False, **options)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        told = json.loads(done.stdout)
        self.assertEqual(done.returncode, 1 if told["bad"] else 0)
        return {finding["check"]: finding for finding in told["checks"]}, done.returncode

    def mend(self, finding):
        subprocess.run(["sh", "-ec", finding["mend"]], check=True, env=environment())

    def assert_mended(self, daemon, check):
        """The check is bad, its own command mends it, and then it is well."""
        found, status = self.findings(daemon)
        self.assertEqual((found[check]["grade"], status), ("bad", 1), found[check])
        self.mend(found[check])
        found, status = self.findings(daemon)
        self.assertEqual((found[check]["grade"], status), ("ok", 0), found[check])

    def started_once(self):
        daemon = self.daemon()
        self.assertEqual(daemon.run_once(), 0)
        return daemon

    def test_a_sound_machine(self):
        daemon = self.started_once()
        found, status = self.findings(daemon)
        self.assertEqual(status, 0, found)
        for check in ("configuration", "state", "inboxes.main", "archives.main",
                      "inboxes.main.rename", "archives.main.rename", "kernel.openat2",
                      "inboxes.main.to.archives.main", "folders.apart", "plugins.text"):
            self.assertEqual(found[check]["grade"], "ok", found[check])
            self.assertIsNone(found[check]["mend"])
        self.assertIn("READY in", found["worker"]["found"])
        if not SANITIZED:
            self.assertIn("seccomp", found["worker"]["found"])

    def test_everything_wrong_has_a_mend_and_every_check_its_need(self):
        daemon = self.daemon()
        daemon.config.chmod(0o666)
        found, _ = self.findings(daemon)
        for finding in found.values():
            self.assertTrue(finding["needs"] and finding["found"], finding)
            self.assertEqual(finding["mend"] is None, finding["grade"] == "ok", finding)

    def test_the_state_folders_mode_is_found_and_mended(self):
        daemon = self.started_once()
        daemon.state.chmod(0o755)
        self.assert_mended(daemon, "state")
        self.assertEqual(stat.S_IMODE(daemon.state.stat().st_mode), 0o700)

    def test_the_inboxs_own_folder_is_found_and_mended(self):
        daemon = self.started_once()
        (daemon.inbox / ".taxond").chmod(0o777)
        self.assert_mended(daemon, "inboxes.main.taxond")

    def test_an_archive_without_its_mark_is_found_and_mended(self):
        daemon = self.daemon(placement="on_missing_archive: wait")
        self.assertEqual(daemon.run_once(), 0)
        self.assert_mended(daemon, "archives.main.mark")

    def test_a_configuration_that_everybody_writes_is_found_and_mended(self):
        daemon = self.started_once()
        daemon.config.chmod(0o666)
        self.assert_mended(daemon, "configuration.mode")

    def test_a_plugin_that_everybody_writes_is_found_and_mended(self):
        folder = self.root / "my plugins"
        folder.mkdir()
        text = shutil.copy(os.environ["TAXOND_BUILD"] + "/plugins/text/text.so", folder)
        daemon = self.daemon(plugins=f"  text: {{file: '{text}'}}\n")
        os.chmod(text, 0o666)
        found, _ = self.findings(daemon)
        self.assertEqual(found["plugins.text"]["mend"], f"chmod o-w '{text}'")
        self.assertEqual(found["worker"]["grade"], "bad")
        self.mend(found["plugins.text"])
        folder.chmod(0o777)
        self.assert_mended(daemon, "plugins.text")

    def test_a_file_where_a_folder_should_be_is_found_and_mended(self):
        daemon = self.daemon()
        daemon.archive.rmdir()
        daemon.archive.write_text("")
        self.assert_mended(daemon, "archives.main")

    def test_folders_within_one_another(self):
        daemon = self.daemon(archive=self.root / "inbox" / "archive")
        found, status = self.findings(daemon)
        self.assertEqual((found["folders.apart"]["grade"], status), ("bad", 1))
        self.assertIn("inboxes.main", found["folders.apart"]["found"])

    def test_missing_folders_are_named_and_not_made(self):
        daemon = self.daemon()
        for folder in (daemon.inbox, daemon.archive, daemon.quarantine):
            folder.rmdir()
        found, status = self.findings(daemon)
        self.assertEqual(status, 0, found)
        for check in ("state", "quarantine", "inboxes.main", "archives.main"):
            self.assertIn("taxond makes it", found[check]["found"])
        self.assertEqual(sorted(os.listdir(daemon.root)), ["taxond.yaml"])

    def test_nothing_is_left_behind(self):
        daemon = self.started_once()
        seen = lambda: sorted(path for path in daemon.root.rglob("*"))
        before = seen()
        self.findings(daemon)
        self.assertEqual(seen(), before)

    def test_an_archive_on_another_mount(self):
        memory = "/dev/shm"
        if not os.access(memory, os.W_OK) or os.stat(memory).st_dev == self.root.stat().st_dev:
            self.skipTest("there is no other file system to write to")
        archive = tempfile.mkdtemp(prefix="taxond-test-", dir=memory)
        self.addCleanup(shutil.rmtree, archive)
        daemon = self.daemon(archive=archive)
        before, _ = self.findings(daemon)
        self.assertEqual(daemon.run_once(), 0)
        for found in (before, self.findings(daemon)[0]):
            self.assertEqual(found["inboxes.main.to.archives.main"]["grade"], "warn")
            self.assertIn("findmnt", found["inboxes.main.to.archives.main"]["mend"])
        self.assertEqual(os.listdir(archive), [])

    def test_too_few_descriptors(self):
        daemon = self.started_once()
        few = subprocess.run(
            ["sh", "-c", 'ulimit -n 100; exec "$@"', "sh", TAXON, "doctor", "--json", "-c",
             daemon.config], capture_output=True, text=True, env=environment())
        self.assertEqual(few.returncode, 1)
        finding = next(finding for finding in json.loads(few.stdout)["checks"]
                       if finding["check"] == "limits.descriptors")
        self.assertEqual(finding["grade"], "bad")
        self.assertRegex(finding["mend"], r"^ulimit -n \d+ .*LimitNOFILE=\d+$")

    @unittest.skipIf(SANITIZED, "the sanitizers' configuration sets no limit of memory")
    def test_more_memory_than_there_is(self):
        daemon = self.daemon(workers=256)
        daemon.config.write_text(daemon.config.read_text().replace("memory: 2G", "memory: 1024G"))
        found, _ = self.findings(daemon)
        self.assertEqual(found["limits.memory"]["grade"], "warn")
        self.assertRegex(found["limits.memory"]["mend"], r"limits: \{memory: \d+M\}|count: \d+")

    def test_a_daemon_that_runs(self):
        daemon = self.daemon()
        found, status = self.findings(daemon)
        self.assertEqual((found["daemon"]["grade"], status), ("warn", 0))
        daemon.start()
        found, status = self.findings(daemon)
        self.assertEqual((found["daemon"]["grade"], status), ("ok", 0), found["daemon"])
        self.assertIn("taxond is running", found["daemon"]["found"])
        self.assertEqual(daemon.status()["phase"], "running")

    def test_a_configuration_that_does_not_load(self):
        daemon = self.daemon()
        daemon.config.write_text("state: st\nquarantina: q\n")
        found, status = self.findings(daemon)
        self.assertEqual((list(found), status), (["configuration"], 1))
        self.assertIn("did you mean 'quarantine'", found["configuration"]["found"])
        self.assertEqual(found["configuration"]["mend"],
                         f'"${{EDITOR:-vi}}" +2 {daemon.config}')

    def test_wrong_arguments(self):
        daemon = self.daemon()
        for words in (("x",), ("--no-such-option",)):
            self.assertEqual(daemon.taxon("doctor", *words, check=False).returncode, 2)
        done = subprocess.run([TAXON, "doctor", "--help"], capture_output=True, text=True,
                              env=environment())
        self.assertTrue(done.stdout.startswith("Usage: taxon doctor"))

    def on_terminal(self, daemon, **variables):
        """What it prints when standard output is a terminal."""
        main, side = pty.openpty()
        process = subprocess.Popen([TAXON, "doctor", "-c", daemon.config], stdout=side,
                                   stdin=subprocess.DEVNULL, env={**environment(), **variables})
        os.close(side)
        parts = []
        try:
            while part := os.read(main, 65536):
                parts.append(part)
        except OSError:  # the other side is closed
            pass
        os.close(main)
        process.wait(60)
        return b"".join(parts)

    def test_colour_is_for_terminals(self):
        daemon = self.daemon()
        piped = daemon.taxon("doctor", check=False).stdout
        self.assertNotIn("\x1b", piped)
        self.assertRegex(piped, r"(?m)^ok    configuration +\S")
        self.assertRegex(piped, r"\d+ ok, \d+ to be looked at, \d+ bad\n$")
        self.assertIn(b"\x1b[32mok", self.on_terminal(daemon, TERM="xterm"))
        self.assertNotIn(b"\x1b", self.on_terminal(daemon, TERM="xterm", NO_COLOR="1"))
        self.assertNotIn(b"\x1b", self.on_terminal(daemon, TERM="dumb"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
