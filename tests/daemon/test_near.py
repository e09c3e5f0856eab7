"""Copies and versions: the later document says whose it is, rules file it by that, and nothing is
ever dropped or put elsewhere than its rule says for being like another."""
import hashlib
import os
import pathlib
import random
import re
import signal
import unittest

from catalog_case import PLAIN, Catalog
from harness import ROGUE, SIDECAR, SOURCE, wait_until

RULES = """rules:
  - name: copies
    when: {copy_of: true}
    file: "copies/{earlier}/{name}"
  - name: versions
    when: {version_of: true, similarity: ">=0.3"}
    file: "versions/{earlier}/{name}"
  - name: rest
    file: "rest/{name}"
"""
PLACES = ["云溪", "松洲", "青岚", "澜口", "栖霞渡", "望江", "鹭泉", "桐麓"]
THINGS = ["泵站", "鱼道", "雨棚", "索桥", "旧厂房", "苗圃", "水塔", "渡船", "粮仓", "碑亭", "茶山", "苇荡"]
DEEDS = ["修好了", "挪到", "卖给", "借给", "画进", "围着", "拆掉一半的", "照看着", "量过", "忘了"]


def text_of(seed, sentences=40):
    """No two share more than a few characters in a row."""
    rng = random.Random(seed)
    return "".join(f"{rng.choice(PLACES)}{rng.randint(3, 9999)}{rng.choice(DEEDS)}"
                   f"{rng.choice(PLACES)}的{rng.choice(THINGS)}和{rng.choice(THINGS)}"
                   f"{'。' if n % 3 else chr(10)}" for n in range(sentences)) + "\n"


def edited(text, seed=1):
    """Every sixth sentence another."""
    other = re.split(r"(?<=[。\n])", text_of(f"edited {seed}"))
    parts = re.split(r"(?<=[。\n])", text)
    return "".join(other[at] if at % 6 == 0 else part for at, part in enumerate(parts))


def near_of(record):
    return record.get("copy_of") or record.get("version_of")


class Near(Catalog):
    def drop_in_turn(self, daemon, *documents):
        """Each is filed before the next comes; their records."""
        records = []
        for name, text in documents:
            before = len(daemon.filed())
            daemon.drop(name, text)
            daemon.wait_filed(before + 1)
            daemon.wait_empty()
            path = next(path for path in daemon.filed()
                        if os.path.basename(path) == os.fsencode(name))
            records.append((path.decode(), daemon.record(path)))
        return records

    def test_the_later_says_whose_it_is_and_a_rule_files_it_by_that(self):
        daemon = self.daemon(rules=RULES).start()
        text = text_of("a")
        framed = ("首页 > 新闻中心 > 正文\n字号：大 中 小　打印本页\n" + text.replace("。", "。\n")
                  + "\n版权所有：云溪在线　未经许可不得转载\n")
        (one, first), (two, copy), (three, version), (four, other) = self.drop_in_turn(
            daemon, ("a.txt", text), ("b.txt", framed), ("c.txt", edited(text)),
            ("d.txt", text_of("d")))
        self.assertEqual(one, "rest/a.txt")
        self.assertIsNone(near_of(first))
        self.assertEqual(two, f"copies/{first['id']}/b.txt")
        self.assertEqual(copy["copy_of"]["id"], first["id"])
        self.assertEqual(copy["copy_of"]["sha256"], first["sha256"])
        self.assertGreaterEqual(copy["copy_of"]["similarity"], 0.9)
        self.assertEqual(three, f"versions/{version['version_of']['id']}/c.txt")
        self.assertIn(version["version_of"]["id"], (first["id"], copy["id"]))
        self.assertTrue(0.3 < version["version_of"]["similarity"] < 0.9)
        self.assertEqual(four, "rest/d.txt")
        self.assertIsNone(near_of(other))
        trace = {rule["rule"]: rule for rule in other["rules"]}
        self.assertEqual(trace["copies"]["saw"], "like no earlier document")
        self.assertIn(f"copy of {first['id']}", daemon.log())
        self.assertEqual(daemon.stop(), 0)
        said = daemon.taxon("why", copy["id"]).stdout
        self.assertIn(f"copy of     {first['id']}", said)
        said = daemon.taxon("why", version["id"]).stdout
        self.assertIn("version of", said)

    def test_one_that_is_only_looked_at_is_held_against_the_catalog(self):
        daemon = self.daemon(rules=RULES)
        text = text_of("a")
        daemon.drop("a.txt", text)
        self.assertEqual(daemon.run_once(), 0, daemon.log())
        filed = daemon.record(daemon.filed()[0])["id"]
        path = self.root / "like.txt"
        path.write_text(edited(text))
        self.assertIn(f"version   {filed}", daemon.taxon("classify", str(path)).stdout)
        self.assertIn(f"version of  {filed}", daemon.taxon("explain", str(path)).stdout)
        self.assertIn("<th>Version of</th>", daemon.taxon("explain", "--html", str(path)).stdout)
        path.write_text(text_of("b"))
        self.assertNotIn("version", daemon.taxon("classify", str(path)).stdout)

    def test_every_family_has_one_that_is_like_nobody(self):
        """Whatever batches they came in, and whichever worker was faster."""
        daemon = self.daemon(plugins=PLAIN, rules=RULES, workers=2)
        self.drop_families(daemon)
        self.assertEqual(daemon.run_once(), 0, daemon.log())
        self.assert_families(daemon)

    def test_an_abrupt_end_changes_no_answer_that_was_given(self):
        daemon = self.daemon(plugins=PLAIN, rules=RULES, workers=2,
                             extra="batch: {documents: 8}\n")
        self.drop_families(daemon)
        given = {}
        for filed in (5, 20, 40):
            daemon.start()
            wait_until(lambda: len(daemon.filed()) >= filed, f"{filed} filed")
            daemon.kill(signal.SIGKILL)
            for path in daemon.filed():
                sidecar = pathlib.Path(daemon.archive, os.fsdecode(path) + SIDECAR).read_bytes()
                self.assertEqual(given.setdefault(path, sidecar), sidecar, path)
        decided = dict(self.rows(daemon, "SELECT id, record FROM documents JOIN records"
                                         " USING (number)"))
        self.assertEqual(daemon.run_once(), 0, daemon.log())
        for path, sidecar in given.items():
            self.assertEqual(pathlib.Path(daemon.archive, os.fsdecode(path) + SIDECAR).read_bytes(),
                             sidecar)
        for each, record in decided.items():
            self.assertEqual(self.rows(daemon, "SELECT record FROM documents JOIN records"
                                               " USING (number) WHERE id = ?", each), [(record,)])
        self.assert_families(daemon)

    def drop_families(self, daemon):
        for family in range(12):
            text = text_of(f"family {family}")
            for member in range(5):
                daemon.drop(f"{member}-{family}.txt", f"{text}{member}\n")

    def assert_families(self, daemon):
        records = [daemon.record(path) for path in daemon.filed()]
        self.assertEqual(len(records), 60)
        names = {record["id"]: record["name"] for record in records}
        alone = {}
        for record in records:
            family = record["name"].split("-")[1]
            near = near_of(record)
            if near is None:
                alone.setdefault(family, []).append(record["name"])
            else:
                self.assertEqual(names[near["id"]].split("-")[1], family)
                self.assertNotEqual(near["id"], record["id"])
        self.assertEqual(sorted(map(len, alone.values())), [1] * 12, alone)

    def test_a_rebuilt_catalog_finds_them_again(self):
        daemon = self.daemon(rules=RULES)
        text = text_of("a")
        daemon.drop("a.txt", text)
        self.assertEqual(daemon.run_once(), 0, daemon.log())
        first = daemon.record(daemon.filed()[0])
        daemon.drop("b.txt", text + "\n")
        self.assertEqual(daemon.run_once(), 0, daemon.log())
        before = [sorted(self.rows(daemon, f"SELECT count(*) FROM {table}"))
                  for table in ("near", "sketches")]
        self.damage(daemon)
        daemon.taxon("catalog", "rebuild")
        self.assertEqual([sorted(self.rows(daemon, f"SELECT count(*) FROM {table}"))
                          for table in ("near", "sketches")], before)
        daemon.drop("c.txt", edited(text))
        self.assertEqual(daemon.run_once(), 0, daemon.log())
        [version] = [record for record in map(daemon.record, daemon.filed())
                     if record["name"] == "c.txt"]
        self.assertEqual(version["version_of"]["id"], first["id"])

    def test_who_looks_like_another_is_filed_with_bytes_of_its_own(self):
        """At worst a forged signature says what is not so; also under same-is-same nobody goes."""
        rules = RULES.replace("    file:", "    on_conflict: same-is-same\n    file:")
        daemon = self.daemon(plugins="  text: {}\n  lookalike: {}\n", rules=rules,
                             plugin_folders=(ROGUE,)).start()
        shared = text_of("victim").replace("\n", "。")
        forger = shared + "\n\n" + text_of("forger") + "poison-lookalike\n"
        (one, victim), (two, forged) = self.drop_in_turn(
            daemon, ("victim.txt", shared + "\n"), ("forger.txt", forger))
        self.assertEqual(forged["copy_of"]["similarity"], 1, "it did not do its worst")
        self.assertEqual(forged["copy_of"]["id"], victim["id"])
        self.assertEqual((one, two), ("rest/victim.txt", f"copies/{victim['id']}/forger.txt"))
        for path, text in ((one, shared + "\n"), (two, forger)):
            content = (daemon.archive / path).read_bytes()
            self.assertEqual(content, text.encode())
            self.assertEqual(daemon.record(path.encode())["sha256"],
                             hashlib.sha256(content).hexdigest())
        self.assertEqual(daemon.stop(), 0)
        self.assert_clean(daemon)

    def test_a_text_of_a_few_words_is_like_nobody(self):
        daemon = self.daemon(plugins=PLAIN, rules=RULES)
        for number in range(5):
            daemon.drop(f"{number}.txt", "本馆周一闭馆，周二起照常开放。\n")
        self.assertEqual(daemon.run_once(), 0, daemon.log())
        self.assertEqual([near_of(daemon.record(path)) for path in daemon.filed()], [None] * 5)

    def test_the_samples_are_like_none_of_each_other(self):
        daemon = self.daemon()
        samples = sorted((SOURCE / "tests" / "samples").glob("*.*"))
        for sample in samples:
            if sample.suffix != ".yaml":
                daemon.drop(sample.name, sample.read_bytes())
        self.assertEqual(daemon.run_once(), 0, daemon.log())
        for path in daemon.filed():
            self.assertIsNone(near_of(daemon.record(path)), path)


if __name__ == "__main__":
    unittest.main()
