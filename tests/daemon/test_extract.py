"""taxon extract: what it prints of a page, and how it exits."""
import json
import unittest

from harness import SOURCE, DaemonTest

WEIGHTS = SOURCE / "config" / "boilerplate.weights"
PARAGRAPHS = ["The ferry to Larkmoor will sail again from Monday, the harbour board said. Its hull was "
              "repaired over the winter, and the crew has been trained on the new engine.",
              "Tickets cost as much as last year. Those who hold a pass from before the repair may use "
              "it until the end of May, the board said in a statement on Friday afternoon.",
              "The island has been served by a smaller boat since November. It could carry no cars, and "
              "shops on the island say that trade fell by a third in those months."]
MENU = "".join(f"<li><a href='/{name}'>{name}</a></li>"
               for name in ("Home", "News", "Sport", "Weather", "Jobs", "Contact"))
PAGE = f"""<!DOCTYPE html><html lang=en><head><meta charset=utf-8>
<title>Ferry to Larkmoor sails again - Harbour Gazette</title></head><body>
<nav><ul>{MENU}</ul></nav>
<article><h1>Ferry to Larkmoor sails again</h1>
<p>{PARAGRAPHS[0]}</p><h2>Tickets</h2><p>{PARAGRAPHS[1]}</p>
<ul><li>Adults pay four crowns for a single journey across the sound.</li>
<li>Children below twelve travel free when an adult comes with them.</li></ul>
<p>{PARAGRAPHS[2]}</p></article>
<footer><p>Copyright 2024 Harbour Gazette. All rights reserved.</p>
<ul><li><a href=/privacy>Privacy policy</a></li><li><a href=/terms>Terms of use</a></li></ul></footer>
</body></html>
"""


class Extract(DaemonTest):
    def setUp(self):
        super().setUp()
        self.page = self.root / "ferry.html"
        self.page.write_text(PAGE)
        definitions = SOURCE / "config" / "boilerplate"
        self.tool = self.daemon(plugins=f"  text: {{}}\n  html: {{}}\n  boilerplate: {{options: "
                                        f"{{definitions: {definitions}, weights: {WEIGHTS}}}}}\n")

    def extract(self, *arguments, check=True, **options):
        return self.tool.taxon("extract", *map(str, arguments), check=check, **options)

    def test_text_has_the_article_and_no_furniture(self):
        text = self.extract(self.page).stdout
        for paragraph in PARAGRAPHS:
            self.assertIn(paragraph + "\n", text)
        self.assertIn("\n\n" + PARAGRAPHS[1] + "\n\n", text)
        for furniture in ("Weather", "All rights reserved", "Privacy policy"):
            self.assertNotIn(furniture, text)

    def test_markdown_keeps_headings_and_lists(self):
        text = self.extract("--format", "markdown", self.page).stdout
        self.assertIn("# Ferry to Larkmoor sails again\n", text)
        self.assertIn("\n## Tickets\n", text)
        self.assertIn("\n- Adults pay four crowns for a single journey across the sound.\n"
                      "- Children below twelve", text)

    def test_markdown_escapes_what_would_be_a_mark(self):
        odd = self.root / "odd.html"
        odd.write_text(PAGE.replace("<p>Copyright", "<p>Copyright").replace(
            PARAGRAPHS[0], "# 5 *stars* and [brackets] in a sentence are no marks, the board said. "
            + PARAGRAPHS[0]))
        text = self.extract("-f", "markdown", odd).stdout
        self.assertIn("\\# 5 \\*stars\\* and \\[brackets\\]", text)

    def test_json_says_what_was_dropped_and_why(self):
        lines = self.extract("--format", "json", self.page, self.page).stdout.splitlines()
        self.assertEqual(len(lines), 2)
        found = json.loads(lines[0])
        raw = PARAGRAPHS[2]
        self.assertEqual(found["title"], "Ferry to Larkmoor sails again")
        self.assertIn(raw, [block["text"] for block in found["blocks"]])
        self.assertTrue(found["dropped"])
        for span in found["dropped"]:
            self.assertTrue(span["role"] and span["reason"], span)
            self.assertGreaterEqual(span["score"], 0.5)
            self.assertLess(span["begin"], span["end"])

    def test_a_higher_bound_keeps_more(self):
        most = self.extract("--drop-from", "1", self.page).stdout
        self.assertGreater(len(most), len(self.extract(self.page).stdout))
        self.assertIn("Weather", most)

    def test_plain_text_and_standard_input(self):
        text = "A letter from the board.\n\nIt has two lines.\n"
        self.assertEqual(self.extract("-", input=text).stdout.split(), text.split())

    def test_names_stand_over_more_than_one(self):
        text = self.extract(self.page, self.page).stdout
        self.assertEqual(text.count("==> ferry.html <=="), 2)

    def test_exit_statuses(self):
        missing = self.extract(self.root / "none.html", self.page, check=False)
        self.assertEqual(missing.returncode, 1)
        self.assertIn("none.html", missing.stderr)
        self.assertIn(PARAGRAPHS[0], missing.stdout)
        for arguments in ((), ("--format", "pdf", self.page), ("--drop-from", "0.2", self.page),
                          ("--drop-from", "x", self.page), ("--nonsense",)):
            self.assertEqual(self.extract(*arguments, check=False).returncode, 2, arguments)
        self.assertEqual(self.extract("--help").returncode, 0)

    def test_a_text_longer_than_the_reply_is_told(self):
        long = self.root / "long.txt"
        long.write_text("A line that is one of very many lines of this text.\n" * 4000)
        tool = self.daemon(limits="reply: 64K")
        done = tool.taxon("extract", str(long), check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("limits.reply", done.stderr)

    def test_weights_that_are_none_are_refused(self):
        bad = self.root / "bad.weights"
        bad.write_bytes(WEIGHTS.read_bytes()[:-1])
        definitions = SOURCE / "config" / "boilerplate"
        tool = self.daemon(plugins=f"  text: {{}}\n  html: {{}}\n  boilerplate: {{options: "
                                   f"{{definitions: {definitions}, weights: {bad}}}}}\n")
        done = tool.taxon("check", check=False)
        self.assertEqual(done.returncode, 2 if "usage" in done.stderr else done.returncode)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("weights", done.stderr + done.stdout)


if __name__ == "__main__":
    unittest.main()
