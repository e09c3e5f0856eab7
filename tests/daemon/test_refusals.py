"""What taxond will not start with, and the one line that says why."""
import os
import shutil
import subprocess
import unittest

from harness import BUILD, ROGUE, DaemonTest


class Refusals(DaemonTest):
    def test_two_taxonds_on_one_state_folder(self):
        first = self.daemon().start()
        second = self.daemon("second", inboxes="  other: {path: inbox}\n")
        text = second.config.read_text().replace("state: state", f"state: {first.state}")
        second.config.write_text(text)
        self.assert_refused(second, "another taxond", str(first.state))

    def test_two_taxonds_on_one_inbox(self):
        first = self.daemon().start()
        second = self.daemon("second", inboxes=f"  other: {{path: {first.inbox}}}\n")
        self.assert_refused(second, "another taxond", "other")

    def test_a_state_folder_that_others_may_enter(self):
        daemon = self.daemon()
        daemon.state.mkdir(mode=0o755)
        self.assert_refused(daemon, "state folder", "chmod 700")

    def test_an_archive_inside_an_inbox(self):
        self.assert_refused(self.daemon(archive=self.root / "inbox" / "archive"),
                            "taxond.yaml:", "archive")

    def test_an_inbox_inside_an_archive_by_a_link(self):
        archive = self.root / "archive"
        (archive / "in").mkdir(parents=True)
        (self.root / "link").symlink_to(archive / "in")
        self.assert_refused(self.daemon(inboxes="  main: {path: link}\n"), "taxond.yaml:")

    def test_mistakes_have_a_position_and_the_nearest_name(self):
        daemon = self.daemon(extra="limitz: {}\n")
        line = 1 + daemon.config.read_text().splitlines().index("limitz: {}")
        self.assert_refused(daemon, f"taxond.yaml:{line}:1", "limitz", "limits")

    def test_an_unknown_label_in_a_rule(self):
        daemon = self.daemon(rules="rules:\n  - name: a\n    when: {genre: gov/notise}\n"
                                   "    file: '{name}'\n")
        self.assert_refused(daemon, "rules.yaml:3:", "gov/notise", "gov/notice")

    def test_an_archive_that_cannot_be_reached(self):
        (self.root / "file").write_text("")
        self.assert_refused(self.daemon_with_archive("file/archive"), "taxond.yaml:", "archive")

    def daemon_with_archive(self, path):
        daemon = self.daemon()
        text = daemon.config.read_text().replace(str(daemon.archive), path)
        daemon.config.write_text(text)
        return daemon


class RefusedPlugins(DaemonTest):
    def refused(self, plugins, *words, **options):
        return self.assert_refused(self.daemon(plugins=plugins, **options), "plugin", *words)

    def test_missing(self):
        self.refused("  nothing: {}\n", "'nothing'", "nothing.so", "plugin_folders")

    def test_no_shared_object(self):
        (self.root / "p").mkdir()
        (self.root / "p" / "noise.so").write_text("no machine code\n")
        self.refused("  noise: {}\n", "'noise'", "no shared object",
                     plugin_folders=[self.root / "p"])

    def test_no_symbol(self):
        self.refused("  nosymbol: {}\n", "'nosymbol'", "taxon_plugin_v1")

    def test_another_major(self):
        self.refused("  badmajor: {}\n", "'badmajor'", "ABI")

    def test_malformed_descriptor(self):
        self.refused("  baddescriptor: {}\n", "'baddescriptor'")

    def test_a_scheme_already_taken(self):
        config = os.environ["TAXOND_SOURCE"] + "/config"
        options = f"{{definitions: {config}/genres}}"
        self.refused(f"  genre: {{options: {options}}}\n  samescheme: {{}}\n",
                     "'samescheme'", "'genre'")

    def test_world_writable(self):
        folder = self.root / "p"
        folder.mkdir()
        shutil.copy(ROGUE / "segv.so", folder / "mine.so")
        os.chmod(folder / "mine.so", 0o666)
        self.refused("  mine: {}\n", "'mine'", "world-writable", plugin_folders=[folder])

    def test_in_a_world_writable_folder(self):
        folder = self.root / "p"
        (folder / "q").mkdir(parents=True)
        shutil.copy(ROGUE / "segv.so", folder / "q" / "mine.so")
        os.chmod(folder, 0o777)
        self.refused("  mine: {}\n", "'mine'", "world-writable", plugin_folders=[folder / "q"])

    @unittest.skipUnless(os.geteuid() == 0, "only root can give a file away")
    def test_owned_by_somebody_else(self):
        folder = self.root / "p"
        folder.mkdir()
        shutil.copy(ROGUE / "segv.so", folder / "mine.so")
        os.chown(folder / "mine.so", 12345, 12345)
        self.refused("  mine: {}\n", "'mine'", "owned by user 12345", plugin_folders=[folder])

    def test_an_unknown_option(self):
        self.refused("  topics: {options: {definition: x}}\n", "taxond.yaml:", "definition",
                     "definitions")


if __name__ == "__main__":
    unittest.main(verbosity=2)
