"""taxon explain, why and scheme: what they say is what the record says, whatever the document holds.
"""
import html.parser
import json
import os
import pty
import re
import subprocess
import unittest

from harness import TAXON, DaemonTest, environment

NEWS = ("云溪市召开生态环境保护会议\n"
        + "会议强调,要持续打好污染防治攻坚战,改善空气质量,推进减排。\n" * 4)
HOSTILE = "<forged onclick='x'>'污染'</forged>\x1b[31m 污染防治 & 减排 \"空气质量\" \u202e\n" * 3


class Page(html.parser.HTMLParser):
    """The elements of a page, and its text."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.text, self.tips, self.addresses = set(), [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.elements.add(tag)
        self.tips += [value for name, value in attributes if name == "title"]
        self.addresses += [value for name, value in attributes if name in ("src", "href")]

    def handle_data(self, data):
        self.text.append(data)


class Explain(DaemonTest):
    def write(self, text, name="a.txt"):
        path = self.root / name
        path.write_text(text)
        return str(path)

    def test_scores_stand_against_thresholds_with_their_evidence(self):
        daemon = self.daemon()
        path = self.write(NEWS)
        record = json.loads(daemon.taxon("classify", "--json", path).stdout)
        shown = daemon.taxon("explain", path).stdout
        self.assertTrue(record["labels"])
        for label in record["labels"]:
            line = (rf"{re.escape(label['id'])} +{label['score']:.2f} >= "
                    rf"{label['threshold']:.2f}  {label['names']['zh']}")
            self.assertRegex(shown, line)
            for piece in label["evidence"]:
                self.assertIn(piece["quote"], shown)
        for label in record.get("near", []):
            self.assertRegex(shown, rf"{label['id']} .* < .* \(near miss\)")
        self.assertIn(record["plan"]["target"], shown)

    def test_rules_are_traced(self):
        daemon = self.daemon(rules="rules:\n  - name: sport\n    when: {topic: sport}\n"
                                   "    file: 'sport/{name}'\n  - name: rest\n"
                                   "    file: 'rest/{name}'\n")
        shown = daemon.taxon("explain", self.write(NEWS)).stdout
        self.assertRegex(shown, r"no  sport +topic: sport; saw ecology")
        self.assertRegex(shown, r"yes rest")

    def test_the_text_is_shown_line_by_line_with_its_evidence(self):
        shown = self.daemon().taxon("explain", self.write(NEWS)).stdout
        self.assertRegex(shown, r"(?m)^ +2 .*«污染防治攻坚战»")
        self.assertNotIn("\x1b", shown)
        text = re.sub("[«»]", "", shown)
        for number, line in enumerate(NEWS.splitlines(), 1):
            self.assertRegex(text, rf"(?m)^ +{number} +{re.escape(line)}$")

    def test_colours_are_for_terminals_that_want_them(self):
        daemon = self.daemon()
        path = self.write(NEWS)

        def on_a_terminal(**variables):
            leader, follower = pty.openpty()
            process = subprocess.Popen([TAXON, "explain", "-c", daemon.config, path],
                                       stdout=follower, stderr=subprocess.DEVNULL,
                                       env={**environment(), "TERM": "xterm", **variables})
            os.close(follower)
            shown = b""
            while True:
                try:
                    piece = os.read(leader, 65536)
                except OSError:
                    break
                if not piece:
                    break
                shown += piece
            os.close(leader)
            process.wait()
            return shown.decode(errors="replace")

        self.assertIn("\x1b[", on_a_terminal())
        self.assertNotIn("\x1b[", on_a_terminal(NO_COLOR="1"))
        self.assertNotIn("\x1b[", on_a_terminal(TERM="dumb"))

    def test_a_document_cannot_write_to_the_terminal(self):
        shown = self.daemon().taxon("explain", self.write(HOSTILE)).stdout
        self.assertNotIn("\x1b", shown)
        self.assertNotIn("\u202e", shown)

    def test_the_page_holds_no_markup_of_the_document(self):
        page = self.daemon().taxon("explain", "--html", self.write(HOSTILE)).stdout
        seen = Page(page)
        self.assertNotIn("forged", seen.elements)
        self.assertNotIn("script", seen.elements)
        self.assertNotIn("img", seen.elements)
        self.assertEqual(seen.addresses, [])
        self.assertIn("<forged onclick='x'>", "".join(seen.text))
        self.assertNotIn("\x1b", page)
        self.assertNotIn("\u202e", page)
        self.assertIn("default-src 'none'", page)
        self.assertTrue(any("ecology" in tip for tip in seen.tips), seen.tips)

    def test_the_page_holds_the_whole_text(self):
        page = self.daemon().taxon("explain", "--html", self.write(NEWS)).stdout
        shown = "".join(Page(page).text)
        for line in NEWS.splitlines():
            self.assertIn(line, shown)

    def test_exit_statuses(self):
        daemon = self.daemon()
        self.assertEqual(daemon.taxon("explain", check=False).returncode, 2)
        self.assertEqual(daemon.taxon("explain", "a", "b", check=False).returncode, 2)
        self.assertEqual(daemon.taxon("explain", "--colour", "a", check=False).returncode, 2)
        missing = daemon.taxon("explain", str(self.root / "none"), check=False)
        self.assertEqual(missing.returncode, 1)
        self.assertIn("No such file", missing.stderr)
        self.assertIn("--html", daemon.taxon("explain", "--help").stdout)
        crash = self.daemon("other", plugins="  text: {}\n  segv: {}\n")
        path = self.write("a text with poison-segv in it\n")
        done = crash.taxon("explain", path, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("failed", done.stdout)


class Why(DaemonTest):
    def file_one(self, **options):
        daemon = self.daemon(**options)
        daemon.drop("a.txt", NEWS)
        self.assertEqual(daemon.run_once(), 0, daemon.log())
        self.assertEqual(len(daemon.filed()), 1)
        return daemon, daemon.archive / os.fsdecode(daemon.filed()[0])

    def test_by_path_by_record_and_by_id(self):
        daemon, path = self.file_one()
        record = daemon.record(daemon.filed()[0])
        by_path = daemon.taxon("why", str(path)).stdout
        by_record = daemon.taxon("why", str(path) + ".taxon.json").stdout
        by_id = daemon.taxon("why", record["id"]).stdout
        self.assertEqual(by_path, by_record)
        self.assertTrue(by_id.startswith(by_path))
        for label in record["labels"]:
            self.assertIn(label["id"], by_path)
        self.assertRegex(by_id, r"state +filed\n +at +archive:main/\S+ +since \d{4}-")

    def test_a_record_needs_no_configuration(self):
        daemon, path = self.file_one()
        daemon.config.unlink()
        self.assertIn("ecology", daemon.taxon("why", str(path)).stdout)

    def test_without_sidecars_the_catalog_knows(self):
        daemon, path = self.file_one(placement="sidecar: false")
        shown = daemon.taxon("why", str(path)).stdout
        self.assertIn("ecology", shown)
        self.assertIn("state", shown)

    def test_the_record_as_it_is(self):
        daemon, path = self.file_one()
        record = daemon.record(daemon.filed()[0])
        for what in (str(path), record["id"]):
            self.assertEqual(json.loads(daemon.taxon("why", "--json", what).stdout), record)

    def test_what_there_is_not(self):
        daemon, path = self.file_one()
        for what, word in (("0190b6a0-0000-7000-8000-000000000000", "no document"),
                           (str(self.root / "nothing"), "neither a document's id nor a file"),
                           (str(daemon.config), "in no archive")):
            done = daemon.taxon("why", what, check=False)
            self.assertEqual(done.returncode, 1, what)
            self.assertIn(word, done.stderr)
        self.assertEqual(daemon.taxon("why", check=False).returncode, 2)

    def test_a_forged_record_is_refused_or_harmless(self):
        daemon, path = self.file_one()
        sidecar = path.with_name(path.name + ".taxon.json")
        for forged in ("{", "[]", '{"record": 2}', '{"record": 1, "record": 1}', "[" * 100000,
                       '{"record": 1, "name": "\x1b[31m"}', "\xff"):
            sidecar.write_text(forged, encoding="latin-1")
            done = daemon.taxon("why", str(path), check=False)
            self.assertEqual(done.returncode, 1, forged[:40])
            self.assertNotIn("\x1b", done.stderr)
        sidecar.write_text(json.dumps({
            "record": 1, "name": "\x1b[31mred", "title": 7, "labels": "none",
            "answers": {"a\x1b": [], "b": "c\x07"}, "rules": [1, {"rule": "\x1b"}],
            "labels": [{"scheme": "b", "id": "\x1b[1m", "evidence": [3, {"quote": "\x9b"}]}],
            "spans": [{"id": "x\x1b", "begin": -1, "end": 10 ** 18}], "facts": {}, "plan": []}))
        done = daemon.taxon("why", str(path))
        self.assertNotIn("\x1b", done.stdout)
        self.assertNotIn("\x07", done.stdout)


class Scheme(DaemonTest):
    def test_list_and_show(self):
        daemon = self.daemon()
        listed = {row["scheme"]: row
                  for row in json.loads(daemon.taxon("scheme", "list", "--json").stdout)}
        self.assertLessEqual({"genre", "topic"}, set(listed))
        shown = json.loads(daemon.taxon("scheme", "show", "--json", "topic").stdout)
        self.assertEqual(len(shown["labels"]), listed["topic"]["labels"])
        ecology = next(label for label in shown["labels"] if label["id"] == "ecology")
        self.assertEqual(ecology["crosswalk"]["iptc"], ["06000000"])
        self.assertEqual(ecology["names"]["zh"], "生态环境")
        text = daemon.taxon("scheme", "show", "topic", "ecology").stdout
        self.assertIn("ecology/air", text)
        self.assertIn(ecology["definition"], text)
        self.assertNotIn("sport", text)

    def test_what_there_is_not(self):
        daemon = self.daemon()
        done = daemon.taxon("scheme", "show", "topics", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("did you mean 'topic'?", done.stderr)
        done = daemon.taxon("scheme", "show", "topic", "ecologia", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("no label 'ecologia'", done.stderr)
        for words in ((), ("show",), ("list", "topic"), ("shout", "topic")):
            self.assertEqual(daemon.taxon("scheme", *words, check=False).returncode, 2, words)


if __name__ == "__main__":
    unittest.main(verbosity=2)
