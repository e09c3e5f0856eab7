"""What a person changes in the label files is live after a reload, in all four schemes, and a mistake
is refused with its file, line and column while the old files stay in force."""
import unittest

from shipped import ShippedTest

WORD = "琉璃蟹栈桥"
TEXT = f"{WORD}见闻\n{WORD}的早晨很安静。栈桥上有人说起{WORD}，也有人说起{WORD}的来历。\n{WORD}特别声明\n"

# Folder, a label file of one's own, and what a document then has: (scheme, id).
ADDED = (
    ("topics", f"id: crab-pier\nnames: {{zh: 栈桥, en: Crab pier}}\nterms: {{{WORD}: 5, 栈桥: 3}}\n",
     ("topic", "crab-pier")),
    ("genres", f"id: crab-note\nnames: {{zh: 见闻, en: Crab note}}\ncues:\n"
               f"  - terms: {{{WORD}: 3}}\n    cap: 9\n", ("genre", "crab-note")),
    ("boilerplate", f"id: crab-notice\nnames: {{zh: 声明, en: Crab notice}}\ncues:\n"
                    f"  - lines: {{'{WORD}特别声明': 4}}\n",
     ("boilerplate", "crab-notice")),
    ("unusable", f"id: crab-wall\nnames: {{zh: 墙, en: Crab wall}}\ncues:\n"
                 f"  - terms: {{{WORD}: 5}}\n    cap: 9\n", ("unusable", "crab-wall")),
)


class Editing(ShippedTest):
    def file_one(self, daemon, name):
        """The record of the same text under another name."""
        daemon.drop(name, TEXT + name + "\n")
        daemon.wait_empty()
        records = [daemon.record(path) for path in daemon.filed()]
        return next(record for record in records if record["name"] == name)

    def said(self, record):
        return {(item["scheme"], item["id"])
                for item in [*record["labels"], *record.get("spans", [])]}

    def test_a_label_of_ones_own(self):
        daemon = self.shipped().start()
        folder = daemon.config.parent
        before = self.said(self.file_one(daemon, "before.txt"))
        for number, (scheme, text, wanted) in enumerate(ADDED):
            self.assertNotIn(wanted, before)
            (folder / scheme / "crab.yaml").write_text(text)
            self.assertNotIn(wanted, self.said(self.file_one(daemon, f"unasked-{number}.txt")))
            self.assertIn("reloaded", daemon.taxon("reload").stdout)
            record = self.file_one(daemon, f"asked-{number}.txt")
            self.assertIn(wanted, self.said(record), record["labels"])
        self.assertEqual(record["unusable"]["verdict"], "crab-wall")
        self.assertEqual(daemon.stop(), 0)

    def test_a_mistake_is_refused_where_it_stands(self):
        daemon = self.shipped().start()
        folder = daemon.config.parent
        for number, (scheme, text, _) in enumerate(ADDED):
            path = folder / scheme / "crab.yaml"
            path.write_text(text + "trems: {a: 1}\n")
            line = text.count("\n") + 1
            done = daemon.taxon("reload", check=False)
            self.assertEqual(done.returncode, 1, scheme)
            self.assertRegex(done.stdout + done.stderr,
                             rf"crab\.yaml:{line}:1: .*trems", scheme)
            check = daemon.taxon("check", check=False)
            self.assertEqual(check.returncode, 2)
            self.assertIn(f"crab.yaml:{line}:1", check.stderr)
            path.unlink()
            self.file_one(daemon, f"still-filed-{number}.txt")
        self.assertEqual(daemon.stop(), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
