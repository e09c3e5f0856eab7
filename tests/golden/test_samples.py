"""Our own sample documents through the shipped configuration: what it says of them is what
tests/samples/expected.yaml says, what is about something else stays so, the archive that comes of
them is one that an archivist would want, and the rules' own tests pass and leave no rule out."""
import json
import re
import unittest

import expectations
from harness import SANDBOX, SIDECAR, SOURCE, walk
from shipped import ShippedTest, unlock

SAMPLES = SOURCE / "tests" / "samples"
OFF_TOPIC = SAMPLES / "off-topic"
NOT_THEIRS = {"ecology", "industry", "innovation", "governance"}


def documents(folder):
    """What script/run drops of this folder: every file but expected.yaml."""
    return sorted(path for path in folder.iterdir()
                  if path.is_file() and path.name != "expected.yaml")


class Samples(ShippedTest, expectations.Compare):
    def test_samples_are_what_we_say_they_are(self):
        expected = expectations.read(SAMPLES / "expected.yaml")
        paths = documents(SAMPLES)
        self.assertEqual({path.name for path in paths}, set(expected))
        records = self.classify(self.shipped(), paths)
        for name, want in expected.items():
            self.check(name, records[name], want)
            with self.subTest(name, look="furniture"):
                self.check_furniture(records[name], want)
            with self.subTest(name, look="rule"):
                self.assertEqual(records[name]["rules"][-1]["rule"], want["rule"])

    def check_furniture(self, record, want):
        found = {role for _, _, role in expectations.furniture(record)}
        for role in want.get("boilerplate", []):
            self.assertTrue(found & ({role} | expectations.LOOSE.get(role, set())),
                            f"{role} is not among {sorted(found)}")
        if "content_bytes" in want:
            left = record["text_bytes"] - expectations.marked_bytes(record)
            self.assertGreater(left, 0.75 * want["content_bytes"], "content was marked")
            self.assertLess(left, 1.35 * want["content_bytes"], "page furniture was left")

    def test_what_is_about_something_else_has_none_of_the_four_topics(self):
        expected, records = self.off_topic()
        for name in expected:
            with self.subTest(name):
                topics = expectations.with_roots(records[name], "topic")
                self.assertFalse(topics & NOT_THEIRS)

    def test_what_is_about_something_else_is_mostly_seen_for_what_it_is(self):
        """Mostly: a column or a toast hides its kind well. The family counts; languages always."""
        expected, records = self.off_topic()
        wrong = {"genre": {}, "topics_some": {}}
        for name, want in expected.items():
            self.check_text(records[name], want)
            genres = expectations.finest(records[name], "genre") or ["none"]
            families = {genre.split("/")[0] for genre in want.get("genre", genres)}
            if genres[0].split("/")[0] not in families:
                wrong["genre"][name] = genres
            topics = expectations.with_roots(records[name], "topic")
            if "topics_some" in want and not set(want["topics_some"]) & topics:
                wrong["topics_some"][name] = sorted(topics)
        for key, names in wrong.items():
            with self.subTest(key):
                asked = sum(key in want for want in expected.values())
                self.assertLessEqual(len(names), asked / 3, names)

    def off_topic(self):
        expected = expectations.read(OFF_TOPIC / "expected.yaml")
        paths = documents(OFF_TOPIC)
        self.assertEqual({path.name for path in paths}, set(expected))
        self.assertGreaterEqual(len(expected), 12)
        self.assertEqual({want["language"] for want in expected.values()}, {"zh", "en"})
        return expected, self.classify(self.shipped(), paths)


class Archive(ShippedTest):
    """What script/run leaves in var/archive."""

    def setUp(self):
        super().setUp()
        self.expected = expectations.read(SAMPLES / "expected.yaml")
        self.served = self.shipped()
        self.filed = self.file_all(self.served, documents(SAMPLES))

    def test_folders_are_by_family_topic_and_month(self):
        for name, (path, record) in self.filed.items():
            with self.subTest(name):
                self.check_path(name, path, record)
        tops = {path.split("/")[0] for path, _ in self.filed.values()}
        self.assertGreaterEqual(len(tops), 8, tops)

    def check_path(self, name, path, record):
        want = self.expected[name]
        folders = path.split("/")[:-1]
        self.assertEqual(path.split("/")[-1], name)
        self.assertLessEqual(len(folders), 5, path)
        for folder in folders:
            self.assertRegex(folder, r"^[a-z0-9-]+$")
        month = re.search(r"/(\d{4}-\d{2})/", path)
        if month:
            day = (expectations.fact(record, "date-published")
                   or expectations.fact(record, "date-event") or record["modified"])
            self.assertEqual(month[1], day[:7], path)
        template = rule_templates()[want["rule"]]
        if "{topic" in template:
            roots = expectations.with_roots(record, "topic") or {"none"}
            self.assertTrue(roots & set(folders), f"{path}: none of {sorted(roots)}")
        if "{date" in template:
            self.assertTrue(month, path)

    def test_sidecars_can_be_read_by_people_and_programs(self):
        sidecars = [path for path in walk(self.served.archive)
                    if path.endswith(SIDECAR.encode())]
        self.assertEqual(len(sidecars), len(self.filed))
        for path in sidecars:
            with self.subTest(path):
                text = (self.served.archive / path.decode()).read_text(encoding="utf-8")
                self.check_sidecar(text)

    def check_sidecar(self, text):
        record = json.loads(text)
        self.assertRegex(text, r'^\{\n  "record": 1,\n')
        self.assertTrue(text.endswith("}\n"))
        self.assertNotRegex(text, r"\\u[4-9a-f]", "Chinese is written as such")
        for label in record["labels"]:
            self.assertTrue(label["names"]["en"] and label["names"]["zh"], label)
            self.assertTrue(label["by"], label)
            for evidence in label.get("evidence", []):
                self.assertLess(evidence["begin"], evidence["end"])
                self.assertTrue(evidence.get("quote"), label)
                self.assertLessEqual(len(evidence["quote"].encode()), 120)
        self.assertTrue(record["rules"][-1]["matched"])
        self.assertIn("target", record["plan"])


def rule_texts():
    """{name: the lines of the rule} of all rule files."""
    rules = {}
    for path in sorted((SOURCE / "config" / "rules.d").glob("*.yaml")):
        for rule in re.split(r"(?m)^  - name: ", path.read_text())[1:]:
            name, _, rest = rule.partition("\n")
            rules[name.strip()] = rest
    return rules


def rule_templates():
    return {name: re.search(r"(?m)^    file: \"(.*)\"$", text)[1]
            for name, text in rule_texts().items()}


class Rules(ShippedTest):
    def test_the_shipped_rules_pass_their_own_tests(self):
        done = self.shipped().taxon("check", check=False)
        self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
        self.assertRegex(done.stdout, r"^ok: ")
        passed, total = map(int, re.search(r"(\d+) of (\d+) rule tests", done.stdout).groups())
        self.assertEqual(passed, total)
        self.assertEqual(total, sum(len(re.findall(r"(?m)^      - (?:text|file):", text))
                                    for text in rule_texts().values()))

    def test_no_rule_is_without_a_test(self):
        """Each is shown to win: by a test of its own, or by a sample that says so."""
        samples = {want["rule"] for want in
                   expectations.read(SAMPLES / "expected.yaml").values()}
        rules = rule_texts()
        self.assertGreater(len(rules), 15)
        self.assertLessEqual(samples, set(rules))
        bare = {name for name, text in rules.items()
                if not re.search(r"(?m)^    tests:$", text)} - samples
        self.assertFalse(bare)

    def test_every_example_configuration_works(self):
        """Each file of config/ that is one, as it stands."""
        daemon = self.shipped()
        examples = sorted(daemon.config.parent.glob("*.yaml"))
        self.assertTrue(examples)
        for example in examples:
            with self.subTest(example.name):
                if SANDBOX == "off":
                    unlock(example)
                daemon.config = example
                done = daemon.taxon("check", check=False)
                self.assertEqual(done.returncode, 0, done.stderr + done.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
