"""Our own sample documents through the shipped configuration: what it says of them is what
tests/samples/expected.yaml says, and the rules' own tests pass."""
import os
import pathlib
import re
import shutil
import unittest

from harness import SANDBOX, SOURCE, DaemonTest

SAMPLES = SOURCE / "tests" / "samples"


def read_expected():
    """The subset of YAML that expected.yaml is written in: NAME: then '  key: value' lines."""
    expected, current = {}, None
    for line in (SAMPLES / "expected.yaml").read_text().splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not line.startswith(" "):
            current = expected.setdefault(line.rstrip(": ").strip('"'), {})
            continue
        key, value = line.strip().split(":", 1)
        value = value.split(" #")[0].strip()
        current[key] = (re.findall(r"[\w/-]+", value) if value.startswith("[")
                        else value.strip('"'))
    return expected


class Samples(DaemonTest):
    def shipped(self):
        """A daemon on the rules that are shipped."""
        daemon = self.daemon()
        text = daemon.config.read_text()
        daemon.config.write_text(text.replace("rules: []",
                                              f"rules: [{SOURCE / 'config' / 'rules.d'}]"))
        return daemon

    def test_samples_are_what_we_say_they_are(self):
        daemon = self.shipped()
        expected = read_expected()
        self.assertGreaterEqual(len(expected), 12)
        for name in expected:
            daemon.drop(name, (SAMPLES / name).read_bytes())
        self.assertEqual(daemon.run_once(), 0, daemon.log())
        records = {}
        for path in daemon.filed():
            record = daemon.record(path)
            records[record["name"]] = record
        self.assertEqual(set(records), set(expected))
        for name, want in expected.items():
            with self.subTest(name):
                self.check(records[name], want)

    def check(self, record, want):
        held = {scheme: [label["id"] for label in record["labels"] if label["scheme"] == scheme]
                for scheme in ("genre", "topic")}
        self.assertEqual(record["language"]["id"], want["language"])
        self.assertEqual(record["charset"]["name"], want["charset"])
        # A label implies its root: the strongest of those with none below it is what counts.
        finest = [label for label in held["genre"]
                  if not any(other.startswith(label + "/") for other in held["genre"])]
        self.assertEqual(finest[:1], [want["genre"]], held)
        roots = {label.split("/")[0] for label in held["topic"]} | set(held["topic"])
        for topic in want.get("topics_all", []):
            self.assertIn(topic, roots)
        for topic in want.get("topics_none", []):
            self.assertNotIn(topic, roots)
        for label in record["labels"]:
            self.assertGreaterEqual(label["score"], label["threshold"])
            self.assertTrue(label["evidence"], label["id"])

    def test_the_shipped_rules_pass_their_own_tests(self):
        done = self.shipped().taxon("check")
        self.assertRegex(done.stdout, r"^ok: ")
        passed, total = map(int, re.search(r"(\d+) of (\d+) rule tests", done.stdout).groups())
        self.assertEqual(passed, total)
        self.assertGreater(total, 5)

    def test_every_example_configuration_works(self):
        """config/taxond.yaml as it stands, but with this build's plugins and a place of its own."""
        root = self.root / "checkout"
        shutil.copytree(SOURCE / "config", root / "config")
        (root / "build").mkdir(parents=True)
        (root / "build" / "plugins").symlink_to(pathlib.Path(os.environ["TAXOND_BUILD"], "plugins"))
        examples = sorted((root / "config").glob("*.yaml"))
        self.assertTrue(examples)
        for example in examples:
            if SANDBOX == "off":
                text = re.sub(r"sandbox: require", "sandbox: off", example.read_text())
                example.write_text(re.sub(r"memory: \S+", "memory: 2G", text))
            daemon = self.daemon()
            daemon.config = example
            with self.subTest(example.name):
                done = daemon.taxon("check", check=False)
                self.assertEqual(done.returncode, 0, done.stderr + done.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
