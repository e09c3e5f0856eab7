"""taxon config: the values in force, and where each comes from."""
import json
import os
import subprocess
import unittest

from harness import TAXON, DaemonTest, environment


class Config(DaemonTest):
    def rows(self, daemon, *arguments):
        """{name: (value, from)} of the table."""
        rows = {}
        for line in daemon.taxon("config", *arguments).stdout.splitlines():
            name, rest = line.split(None, 1)
            value, place = rest.rsplit(None, 1)
            rows[name] = (value.strip(), place)
        return rows

    def place(self, daemon, text):
        """FILE:LINE:COLUMN of the first place where the configuration says `text`."""
        for number, line in enumerate(daemon.config.read_text().splitlines(), 1):
            if text in line:
                return f"{daemon.config}:{number}:{line.index(text) + 1}"
        raise AssertionError(f"no {text} in the configuration")

    def test_values_and_places(self):
        daemon = self.daemon(settle="250ms", scan="3600s", limits="file: 65536K")
        rows = self.rows(daemon)
        self.assertEqual(rows["state"], (str(daemon.state), f"{daemon.config}:1:8"))
        self.assertEqual(rows["inboxes.main.settle"], ("250ms", self.place(daemon, "250ms")))
        self.assertEqual(rows["inboxes.main.scan_every"], ("1h", self.place(daemon, "3600s")))
        self.assertEqual(rows["limits.file"], ("64M", self.place(daemon, "65536K")))
        self.assertEqual(rows["archives.main"],
                         (str(daemon.archive), self.place(daemon, str(daemon.archive))))

    def test_what_is_not_written_is_the_default(self):
        rows = self.rows(self.daemon())
        self.assertEqual(rows["limits.text"], ("16M", "default"))
        self.assertEqual(rows["batch.wait"], ("5ms", "default"))
        self.assertEqual(rows["inboxes.main.source"], ("main", "default"))
        self.assertEqual(rows["plugins.text.file"], ("text.so", "default"))
        self.assertEqual(rows["inboxes.main.ignore"][1], "default")

    def test_a_plugins_own_options(self):
        daemon = self.daemon()
        rows = self.rows(daemon, "plugins.topics.options")
        value, place = rows["plugins.topics.options.definitions"]
        self.assertEqual(value, os.environ["TAXOND_SOURCE"] + "/config/topics")
        self.assertTrue(place.startswith(f"{daemon.config}:"), place)
        self.assertEqual(rows["plugins.topics.options.title_weight"][1], "default")
        told = json.loads(daemon.taxon("config", "--json", "plugins.topics").stdout)
        self.assertIsInstance(told["plugins.topics.options.title_weight"]["value"], (int, float))

    def test_a_plugins_options_without_a_worker_are_as_written(self):
        daemon = self.daemon(plugins="  text: {}\n  lost: {options: {words: [a, 'b c'], n: 3s}}\n")
        done = daemon.taxon("config", "plugins")
        self.assertIn("lost.so", done.stderr)
        self.assertRegex(done.stdout, r"plugins\.lost\.options\.words +\[a, \"b c\"\] +\S+:\d+:\d+\n")
        told = json.loads(daemon.taxon("config", "--json").stdout)
        self.assertEqual(told["plugins.lost.options.words"]["value"], ["a", "b c"])
        self.assertEqual(daemon.taxon("config", "limits").stderr, "")

    def test_sections(self):
        daemon = self.daemon()
        names = list(self.rows(daemon, "limits", "inboxes.main.path"))
        self.assertEqual(names[0], "inboxes.main.path")
        self.assertIn("limits.time", names)
        self.assertTrue(all(name.startswith("limits.") for name in names[1:]), names)
        self.assertEqual(list(self.rows(daemon, "limits.time")), ["limits.time"])
        lost = daemon.taxon("config", "limi", check=False)
        self.assertEqual((lost.returncode, lost.stdout), (2, ""))
        self.assertIn("'limi'", lost.stderr)

    def test_columns_are_aligned(self):
        lines = self.daemon().taxon("config", "limits", "workers").stdout.splitlines()
        self.assertEqual(len({line.index("default") for line in lines if "default" in line}), 1)

    def test_json(self):
        daemon = self.daemon()
        told = json.loads(daemon.taxon("config", "--json").stdout)
        self.assertEqual(told["limits.text"], {"value": "16M", "from": "default"})
        self.assertEqual(told["inboxes.main.settle"],
                         {"value": "50ms", "from": self.place(daemon, "50ms")})
        self.assertIs(told["inboxes.main.recursive"]["value"], True)
        self.assertEqual(told["limits.attempts"]["value"], 2)
        self.assertIn("*.part", told["inboxes.main.ignore"]["value"])
        self.assertEqual(sorted(told), sorted(self.rows(daemon)))

    def test_two_runs_say_the_same(self):
        daemon = self.daemon()
        self.assertEqual(daemon.taxon("config").stdout, daemon.taxon("config").stdout)

    def test_a_configuration_that_does_not_work(self):
        daemon = self.daemon()
        daemon.config.write_text("state: [\n")
        done = daemon.taxon("config", check=False)
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, r"taxond\.yaml:\d+:\d+")
        done = subprocess.run([TAXON, "config", "--help"], capture_output=True, text=True,
                              env=environment())
        self.assertTrue(done.stdout.startswith("Usage: taxon config"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
