"""Official documents: the fifteen kinds and their parts, by real classification of documents of our
own (tests/official/documents.txt), as text and as pages, and that the scheme is whole."""
import html
import re
import unittest

import labels
from harness import SOURCE
from shipped import ShippedTest

KINDS = {"resolution": "决议", "decision": "决定", "order": "命令（令）", "communique": "公报",
         "announcement": "公告", "public-notice": "通告", "opinions": "意见", "notice": "通知",
         "circular": "通报", "report": "报告", "request": "请示", "reply": "批复", "bill": "议案",
         "letter": "函", "minutes": "纪要"}


def read_documents():
    """[(kind, [(name, value, wanted)], text)]"""
    whole = (SOURCE / "tests" / "official" / "documents.txt").read_text()
    parts = re.split(r"^=== (\S+)\n", whole, flags=re.M)
    documents = []
    for kind, part in zip(parts[1::2], parts[2::2]):
        above, text = part.split("---\n", 1)
        facts = [(name, value, mark == "@") for mark, name, value
                 in re.findall(r"^(@!?) ([a-z-]+): (.*)$", above, flags=re.M)]
        documents.append((kind, facts, text))
    return documents


def as_page(text):
    """The lines as paragraphs of a page, with its ways about it; a line of labels as a table row."""
    rows = []
    for line in text.splitlines():
        cells = re.findall(r"\S[^：]*：\S+", line) if re.match(r"(索|发文|标|发文字)", line) else []
        if cells:
            rows.append("<table><tr>" + "".join(
                f"<th>{html.escape(cell.split('：')[0])}</th><td>{html.escape(cell.split('：')[1])}</td>"
                for cell in cells) + "</tr></table>")
        else:
            rows.append(f"<p>{html.escape(line)}</p>")
    return ("<html><head><title>云湖市政府网</title></head><body><div class='nav'><a href='/'>首页</a> "
            "<a href='/a'>政务公开</a> <a href='/b'>办事服务</a></div><div class='content'>"
            + "\n".join(rows) + "</div><div class='footer'>版权所有 云湖市政府网</div></body></html>")


def told(record):
    return [label["id"] for label in record["labels"]
            if label["scheme"] == "official" and label["score"] >= label["threshold"]]


class Kinds(unittest.TestCase):
    def test_the_fifteen_kinds_are_there_and_no_other(self):
        found = {label["id"]: label for label in labels.read_scheme(SOURCE / "config" / "official")}
        self.assertEqual({kind: label["names"]["zh"] for kind, label in found.items()}, KINDS)
        for kind, label in found.items():
            with self.subTest(kind):
                self.assertRegex(label["names"]["en"], "^[A-Z][a-z ]+$")
                self.assertRegex(label["definition"], r"^[A-Z].{20,}\.$")


class Documents(ShippedTest):
    def records(self, render, suffix):
        daemon = self.shipped()
        folder = self.root / "documents"
        folder.mkdir()
        paths = []
        for number, (_, _, text) in enumerate(read_documents()):
            paths.append(folder / f"{number:02}{suffix}")
            paths[-1].write_text(render(text))
        records = self.classify(daemon, paths)
        return [(kind, facts, records[path.name], path) for (kind, facts, _), path
                in zip(read_documents(), paths)]

    def check_parts(self, facts, record):
        found = [(fact["name"], fact["value"]) for fact in record["facts"]]
        for name, value, wanted in facts:
            if wanted:
                self.assertIn((name, value), found)
            else:
                self.assertNotIn((name, value), found)

    def check(self, records):
        for kind, facts, record, path in records:
            with self.subTest(path.name, kind=kind, text=path.read_text()[:200]):
                self.assertEqual(told(record), [] if kind == "none" else [kind])
                self.check_parts(facts, record)
                official = [fact for fact in record["facts"] if fact["name"].startswith("official-")]
                self.assertEqual(bool(official), kind != "none")
                for fact in official:
                    self.assertLess(fact["begin"], fact["end"])
                    self.assertTrue(fact["reason"])

    def test_every_kind_has_a_document(self):
        self.assertEqual({kind for kind, _, _ in read_documents()}, set(KINDS) | {"none"})

    def test_texts(self):
        self.check(self.records(lambda text: text, ".txt"))

    def test_pages(self):
        self.check(self.records(as_page, ".html"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
