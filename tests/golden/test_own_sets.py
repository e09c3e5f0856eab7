"""The passages and pages of our own (tests/passages, tests/usable): that the sets are what their READMEs
say, and that classification does not fall below what it has reached on them.

Bounds lie a few documents below what was measured, so that a change of one word does not fail while
a loss does. Figures worth quoting come from `script/report passages usable`, and docs/quality.md says
which of them are blind.
"""
import pathlib
import sys
import unittest

from harness import SOURCE
from shipped import ShippedTest

sys.path.insert(0, str(pathlib.Path(SOURCE) / "tests" / "bench"))
import corpora  # noqa: E402
import own_sets  # noqa: E402
import report_passages  # noqa: E402
import report_usable  # noqa: E402

# {part: {topic: (precision, recall)}}, at least.
PASSAGES = {
    corpora.TUNING: {"ecology": (0.95, 0.88), "industry": (0.95, 0.94)},
    corpora.HELD: {"ecology": (0.95, 0.82), "industry": (0.92, 0.90)},
    own_sets.LATER: {"ecology": (0.75, 0.12), "industry": (0.66, 0.08)},
}
# {part: {figure: at least}}
PAGES = {
    corpora.TUNING: {"precision": 0.94, "recall": 0.87, "verdict": 0.85},
    corpora.HELD: {"precision": 0.84, "recall": 0.88, "verdict": 0.78},
    own_sets.LATER: {"precision": 0.66, "recall": 0.07, "verdict": 0.07},
}
VERDICTS = {path.stem for path in (SOURCE / "config" / "unusable").glob("*.yaml")}


class Sets(unittest.TestCase):
    def test_passages_are_as_many_and_as_long_as_is_said(self):
        passages = own_sets.passages()
        self.assertEqual(len({passage.id for passage in passages}), len(passages))
        self.assertGreaterEqual(len(passages), 300)
        neither = sum(not passage.right for passage in passages)
        self.assertAlmostEqual(neither / len(passages), 0.5, delta=0.1)
        for passage in passages:
            with self.subTest(passage.text[:30]):
                self.assertIn(passage.language, ("zh", "en"))
                length, bounds = ((len("".join(passage.text.split())), (60, 400))
                                  if passage.language == "zh"
                                  else (len(passage.text.split()), (40, 150)))
                self.assertTrue(bounds[0] <= length <= bounds[1], length)

    def test_pages_have_verdicts_that_there_are_and_half_are_usable(self):
        pages = own_sets.pages()
        self.assertEqual(len({page.id for page in pages}), len(pages))
        self.assertGreaterEqual(len(pages), 120)
        self.assertAlmostEqual(sum(not page.right for page in pages) / len(pages), 0.5, delta=0.1)
        for page in pages:
            self.assertLessEqual(page.right, VERDICTS, page.id)
        self.assertEqual(set().union(*(page.right for page in pages)), VERDICTS)

    def test_damage_is_the_same_each_time(self):
        self.assertEqual([page.data for page in own_sets.pages()],
                         [page.data for page in own_sets.pages()])


class Reached(ShippedTest):
    def test_ecology_and_industry_are_told_from_what_sounds_like_them(self):
        config = self.shipped().config
        for part, topics in PASSAGES.items():
            measured = report_passages.measure(own_sets.passages(part), config)
            for topic, bounds in topics.items():
                with self.subTest(part, topic=topic):
                    precision, recall = measured[topic]["taxond"]
                    self.assertGreaterEqual(precision, bounds[0])
                    self.assertGreaterEqual(recall, bounds[1])
                    self.assertGreaterEqual(recall, measured[topic]["obvious words"][1])

    def test_pages_that_are_no_documents_are_told_from_those_that_are(self):
        config = self.shipped().config
        for part, bounds in PAGES.items():
            measured = report_usable.measure(own_sets.pages(part), config)
            for figure, bound in bounds.items():
                with self.subTest(part, figure=figure):
                    self.assertGreaterEqual(measured[figure], bound)


if __name__ == "__main__":
    unittest.main(verbosity=2)
