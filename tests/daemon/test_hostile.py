"""Documents that were made to do harm: each is filed, with a record that holds, and says nothing
about the documents beside it."""
import hashlib
import json
import re
import unittest

from harness import DaemonTest

SIZE = 2 << 20
TEXT = ("关于印发《云溪市水污染防治工作方案》的通知\n各县(区)人民政府：现将方案印发给你们，请认真贯彻执行。\n"
        "一、总体要求。坚持生态优先，到2025年底水质优良比例达到85%。\n记者：谢谢。\n"
        "The river was polluted; \"we are sorry\", said the mayor {genre} %s %n.\n")


def repeat(piece, size=SIZE):
    piece = piece.encode() if isinstance(piece, str) else piece
    return (piece * (size // len(piece) + 1))[:size]


DOCUMENTS = {
    "one line": repeat("abcdefgh "),
    "one word": repeat("a"),
    "one number": repeat("1"),
    "one line of Han": repeat("水利部今天召开新闻发布会介绍情况"),
    "parentheses after Han": repeat("水") + repeat("(a)"),
    "an open gloss": "水(".encode() + repeat("ā"),
    "half open glosses": repeat("發(f"),
    "glosses": repeat("發(fā)布會(huì)"),
    "marks on one letter": b"a" + repeat("\u0301"),
    "blank lines": repeat("\n"),
    "blank lines of two bytes": repeat("\r\n"),
    "white space": repeat(" \t\u3000"),
    "nested brackets": repeat("[", SIZE // 2) + repeat("]", SIZE // 2),
    "opening quotation marks": repeat("“《「"),
    "numbered lines": repeat("1.\n"),
    "turns": repeat("问：水\n答：火\n"),
    "dates": repeat("2024年1月2日 3:2 21-15 〔2024〕12号 ¥19 50克\n"),
    "many topics": repeat(TEXT + "污染 大气 水质 生态 教育 医疗 足球 经济 法院 交通 农业 旅游 气象\n"),
    "format characters": repeat("%s%n%d{genre}{{}}{date:%Y}\n"),
    "UTF-16 of an odd length": b"\xff\xfe" + repeat(TEXT.encode("utf-16-le")) + b"\x00",
    "halves of surrogate pairs": b"\xff\xfe" + repeat(b"\x00\xd8"),
    "bytes of no charset": repeat(b"\xff"),
    "GB18030 beyond Unicode": repeat(b"\xfe\x39\xfe\x39"),
    "terminal sequences": repeat("\x1b]0;title\x07\x1b[2J\x9b31m\u2028\u202e"),
    "NUL": b"\0" * SIZE,
    "NUL at the end": TEXT.encode() + b"\0",
    "nothing": b"",
    "a byte order mark": b"\xef\xbb\xbf",
    "HTML: nested elements": repeat("<div><b>") + b"text",
    "HTML: nested tables": repeat("<table><tr><td>x"),
    "HTML: attributes": b"<p " + repeat("a b=c ") + b">text</p>",
    "HTML: one attribute": b"<p title='" + repeat("a>") + b"'>text</p>",
    "HTML: attributes to be merged":
        b"".join(b"<html a%d><body b%d>" % (n, n) for n in range(SIZE // 24)) + b"text",
    "HTML: formatting left open":
        b"".join(b"<font size=%d>" % n for n in range(5000)) + repeat("<p>x</p>"),
    "HTML: text between rows": b"<table>" + repeat("abc<tr>") + b"</table>text",
    "HTML: references": b"<p>" + repeat("&lt;&#x6c34;&nGt;&") + b"</p>",
    "HTML: NUL in all places": repeat("<p\0a='\0'>水\0</\0p><select>\0水<table>\0水"),
    "HTML: lines": repeat("<br>水"),
    "HTML: links": b"<title>t</title>" + repeat("<li><a href=x>水</a>"),
    "HTML: never closed": b"<script>" + repeat("<!--<script>"),
    "half a character": TEXT.encode() + "水".encode()[:2],
}


def without_what_differs(record):
    """The record less what is of this one filing of these bytes."""
    kept = {key: value for key, value in record.items()
            if key not in ("id", "name", "path", "received", "modified", "timings_us", "copy_of")}
    return json.dumps(kept, sort_keys=True).replace(record["id"], "ID").replace(
        record["name"], "NAME")


class Hostile(DaemonTest):
    def run_with(self, documents, **options):
        daemon = self.daemon(**options)
        for name, content in documents.items():
            daemon.drop(name, content)
        self.assertEqual(daemon.run_once(), 0, daemon.log())
        self.assertEqual(daemon.quarantined(), {})
        self.assertEqual(len(daemon.filed()), len(documents), daemon.log())
        return {record["name"]: record for record in map(daemon.record, daemon.filed())}

    def check_evidence(self, record, content):
        text = content.removeprefix(b"\xef\xbb\xbf")
        if hashlib.sha256(text).hexdigest() != record["text_sha256"]:
            return 0
        count = 0
        for label in record["labels"] + record.get("near", []):
            for evidence in label.get("evidence", []):
                there = text[evidence["begin"]:evidence["end"]].decode()  # on character borders
                quote = re.sub("[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", there).encode()[:120]
                self.assertEqual(evidence["quote"], quote.decode(errors="ignore"))
                count += 1
        return count

    def test_each_is_filed_in_its_time_with_a_record_that_holds(self):
        names = {f"{name}.txt": content for name, content in DOCUMENTS.items()}
        records = self.run_with(names, time_limit="20s")
        self.assertEqual(sorted(records), sorted(names))
        pieces = 0
        for name, record in records.items():
            with self.subTest(name):
                self.assertEqual(record["attempts"], 1)
                self.assertEqual(record["sha256"], hashlib.sha256(names[name]).hexdigest())
                self.assertNotIn("failures", record)
                pieces += self.check_evidence(record, names[name])
        self.assertGreater(pieces, 50)
        for name in ("NUL", "nothing", "a byte order mark", "blank lines", "white space"):
            self.assertFalse(records[f"{name}.txt"]["usable"], name)

    def test_names_that_look_like_formats_and_templates(self):
        names = ["%s%n%d.txt", "{genre}.txt", "{{}}{date:%q}.txt", "$(reboot).txt", "-rf.txt",
                 "\"quoted\\\".txt", "a\nb\x1b[2J.txt", "x.taxon.json", "none", "%", "{"]
        records = self.run_with({name: f"{name}\n" for name in names})
        self.assertEqual(len(records), len(names))

    def test_the_same_bytes_have_the_same_labels_whoever_came_before(self):
        """In two workers, and each copy behind another neighbour."""
        documents = {}
        for number, neighbour in enumerate(list(DOCUMENTS.values())[:20]):
            documents[f"{number:02}-neighbour.txt"] = neighbour[:200_000]
            documents[f"{number:02}-same.txt"] = TEXT * 3
        records = self.run_with(documents, workers=2, placement="sidecar: true",
                                rules="rules: [{name: default, file: '{stem}/{name}'}]\n")
        same = [record for name, record in records.items() if "-same" in name]
        self.assertEqual(len(same), 20)
        self.assertTrue(same[0]["labels"])
        first = without_what_differs(same[0])
        for record in same:
            self.assertEqual(re.sub(r"\d\d-same", "", without_what_differs(record)),
                             re.sub(r"\d\d-same", "", first))


if __name__ == "__main__":
    unittest.main(verbosity=2)
