"""Containers: each member becomes a document of its own, the container is filed after them, and
nothing is lost or doubled, however often taxond ends on the way."""
import gzip
import hashlib
import json
import os
import sqlite3
import tarfile
import unittest

from containers import (http, json_lines, page, tar_of, warc_gz, warc_record, warc_records,
                        zip_of)
from harness import BUILD, DaemonTest, shared, wait_until

PLUGINS = "  text: {}\n  html: {}\n  warc: {}\n"
RULES = """
rules:
  - name: crawls
    when: {media_type: application/warc}
    file: "containers/{name}"
  - name: default
    file: "pages/{name}"
"""


class ContainerTest(DaemonTest):
    plugins = PLUGINS
    folders = ("warc",)

    def containers(self, **options):
        options.setdefault("rules", RULES)
        options.setdefault("plugins", self.plugins)
        folders = [BUILD / "plugins" / name for name in self.folders]
        return self.daemon(plugin_folders=folders, **options)

    def names(self, daemon):
        return sorted(os.fsdecode(path) for path in daemon.filed())

    def check_whole(self, daemon):
        """Every record's digest is its document's, and no two have an id in common."""
        ids = set()
        for path in daemon.filed():
            record = daemon.record(path)
            data = (daemon.archive / os.fsdecode(path)).read_bytes()
            self.assertEqual(record["sha256"], hashlib.sha256(data).hexdigest(), path)
            self.assertNotIn(record["id"], ids)
            ids.add(record["id"])
        self.assertEqual(list((daemon.inbox / ".taxond" / "work").iterdir()), [])


class Crawls(ContainerTest):

    def test_each_page_is_filed_and_then_the_crawl(self):
        daemon = self.containers()
        crawl = warc_gz(warc_records(3))
        daemon.drop("walk.warc.gz", crawl)
        self.assertEqual(daemon.run_once(), 0, daemon.log())
        self.assertEqual(self.names(daemon), [
            "containers/walk.warc.gz", "pages/0.html", "pages/1.html", "pages/2.html"])
        self.check_whole(daemon)
        record = daemon.record(b"pages/1.html")
        self.assertEqual(record["member_of"], {
            "sha256": hashlib.sha256(crawl).hexdigest(), "index": 2, "name": "1.html"})
        self.assertEqual(record["url"], "http://ostrel.example/a/1.html")
        self.assertEqual(record["date"], "2024-05-06T07:08:09Z")
        self.assertEqual(record["path"], "walk.warc.gz/1.html")
        self.assertEqual(record["charset"]["declared"], "utf-8")
        self.assertEqual(record["title"], "Ferry 1")
        self.assertEqual((daemon.archive / "pages/1.html").read_bytes(), page(1))
        record = daemon.record(b"containers/walk.warc.gz")
        self.assertEqual(record["members"], {
            "count": 3, "bytes": sum(len(page(n)) for n in range(3)), "complete": True})
        self.assertNotIn("member_of", record)
        self.assertTrue(record["usable"])

    def test_the_ids_are_those_of_the_bytes(self):
        ids = []
        for folder in "a", "b":
            daemon = self.containers(folder=folder)
            daemon.drop("walk.warc", b"".join(warc_records(2)))
            self.assertEqual(daemon.run_once(), 0, daemon.log())
            ids.append([daemon.record(path)["id"] for path in (b"pages/0.html", b"pages/1.html")])
        self.assertEqual(ids[0], ids[1])

    def test_the_same_crawl_again_loses_nothing_and_doubles_nothing(self):
        daemon = self.containers()
        for _ in range(2):
            daemon.drop("walk.warc", b"".join(warc_records(2)))
            self.assertEqual(daemon.run_once(), 0, daemon.log())
        self.assertEqual(self.names(daemon),
                         ["containers/walk.warc", "pages/0.html", "pages/1.html"])
        with sqlite3.connect(daemon.state / "catalog.sqlite") as catalog:
            effects = [effect for effect, in catalog.execute("SELECT effect FROM documents")]
        self.assertEqual(sorted(effects), [1, 1, 1, 2, 2, 2])

    def test_the_same_crawl_under_many_names_at_once(self):
        daemon = self.containers()
        for number in range(8):
            daemon.drop(f"walk-{number}.warc", b"".join(warc_records(5)))
        self.assertEqual(daemon.run_once(), 0, daemon.log())
        self.assertEqual(self.names(daemon), [f"containers/walk-{n}.warc" for n in range(8)]
                         + [f"pages/{n}.html" for n in range(5)])
        self.check_whole(daemon)
        with sqlite3.connect(daemon.state / "catalog.sqlite") as catalog:
            states = catalog.execute("SELECT state, count(*) FROM documents GROUP BY 1").fetchall()
        self.assertEqual(states, [(3, 48)])

    def test_a_member_that_is_quarantined_keeps_what_it_is_a_member_of(self):
        daemon = self.containers(plugins=PLUGINS + "  segv: {}\n")
        records = warc_records(3)
        records.append(warc_record("resource", "http://o.example/bad.txt",
                                   b"A text that crashes its plugin: poison-segv\n", "text/plain"))
        daemon.drop("walk.warc", b"".join(records))
        daemon.start()
        daemon.wait_filed(4)
        reason = daemon.quarantined()["bad.txt"]
        self.assertEqual(reason["member_of"]["index"], 4)
        self.assertEqual(reason["url"], "http://o.example/bad.txt")
        daemon.taxon("quarantine", "release", reason["id"])
        wait_until(lambda: daemon.status()["documents"]["quarantined"] == 2, "there again")
        daemon.wait_empty()
        again = daemon.quarantined()["bad.txt"]
        self.assertEqual((again["id"], again["member_of"]), (reason["id"], reason["member_of"]))

    def test_what_is_on_its_way_is_no_finding_of_a_check(self):
        daemon = self.containers(limits="queue: 16")
        daemon.drop("walk.warc.gz", warc_gz(warc_records(400)))
        daemon.start()
        daemon.wait_filed(50)
        daemon.kill()
        self.assertIn("0 findings", daemon.taxon("catalog", "check").stdout)
        self.assertEqual(daemon.run_once(), 0, daemon.log())
        self.assertEqual(len(self.names(daemon)), 401)
        self.assertIn("0 findings", daemon.taxon("catalog", "check").stdout)

    def test_more_members_than_a_turn_or_the_queue_has_room_for(self):
        daemon = self.containers(limits="queue: 16")
        daemon.drop("walk.warc.gz", warc_gz(warc_records(700)))
        daemon.drop("whole.warc.gz", gzip.compress(b"".join(warc_records(300, first=1000))))
        self.assertEqual(daemon.run_once(), 0, daemon.log())
        self.assertEqual(len(self.names(daemon)), 1002)
        self.check_whole(daemon)

    def test_a_crawl_that_is_cut_off_gives_what_it_has(self):
        daemon = self.containers()
        crawl = b"".join(warc_records(3))
        daemon.drop("cut.warc", crawl[:-200])
        daemon.drop("cut.warc.gz", warc_gz(warc_records(3, first=10))[:-100])
        self.assertEqual(daemon.run_once(), 0, daemon.log())
        self.assertEqual(len(self.names(daemon)), 8)
        for name in b"containers/cut.warc", b"containers/cut.warc.gz":
            members = daemon.record(name)["members"]
            self.assertFalse(members["complete"])
            self.assertIn("truncated: record 3", members["verdict"])
        self.check_whole(daemon)

    def test_chunks_codings_revisits_and_other_kinds(self):
        chunked = b"".join(b"%x;a=b\r\n%s\r\n" % (len(part), part)
                           for part in (page(1)[:100], page(1)[100:])) + b"0\r\n\r\n"
        records = [
            warc_record("response", "http://o.example/chunked",
                        http(chunked, extra="Transfer-Encoding: chunked\r\n")),
            warc_record("response", "http://o.example/coded.html", http(
                gzip.compress(page(2)), extra="Content-Encoding: gzip\r\n")),
            warc_record("response", "http://o.example/only-said.html", http(
                page(3), extra="Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n")),
            warc_record("revisit", "http://o.example/again.html", http(b"")),
            warc_record("request", "http://o.example/asked.html", b"GET / HTTP/1.1\r\n\r\n",
                        "application/http; msgtype=request"),
            warc_record("conversion", "<http://o.example/text>", b"Plain words of a page.\n",
                        "text/plain", version="1.1"),
            b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: no number\r\n\r\nspoilt\r\n\r\n",
            warc_record("resource", "http://o.example/last.txt", b"Behind what was spoilt.\n",
                        "text/plain"),
        ]
        daemon = self.containers()
        daemon.drop("kinds.warc", b"".join(records))
        self.assertEqual(daemon.run_once(), 0, daemon.log())
        self.assertEqual(self.names(daemon), [
            "containers/kinds.warc", "pages/chunked.html", "pages/coded.html", "pages/last.txt",
            "pages/only-said.html", "pages/text"])
        for number, name in (1, "chunked.html"), (2, "coded.html"), (3, "only-said.html"):
            self.assertEqual((daemon.archive / "pages" / name).read_bytes(), page(number))
        self.assertIn("malformed: record 6",
                      daemon.record(b"containers/kinds.warc")["members"]["verdict"])

    def test_arc(self):
        block = http(page(4))
        line = b"http://o.example/old.html 192.0.2.1 20080430204825 text/html %d\n" % len(block)
        info = b"1 0 Made by hand\nURL IP-address Archive-date Content-type Archive-length\n\n"
        head = b"filedesc://old.arc 0.0.0.0 20080430204825 text/plain %d\n" % len(info)
        daemon = self.containers()
        daemon.drop("old.arc", head + info + b"\n" + line + block + b"\n")
        self.assertEqual(daemon.run_once(), 0, daemon.log())
        record = daemon.record(b"pages/old.html")
        self.assertEqual(record["date"], "2008-04-30T20:48:25Z")
        self.assertEqual((daemon.archive / "pages/old.html").read_bytes(), page(4))


class Shown(ContainerTest):

    def test_classify_and_explain_show_members_and_then_the_container(self):
        daemon = self.containers()
        crawl = daemon.root / "walk.warc.gz"
        crawl.write_bytes(warc_gz(warc_records(300)))
        lines = daemon.taxon("classify", "--json", str(crawl)).stdout.splitlines()
        records = [json.loads(line) for line in lines]
        self.assertEqual(len(records), 301)
        self.assertEqual(records[7]["member_of"]["index"], 8)
        self.assertEqual(records[7]["title"], "Ferry 7")
        self.assertEqual(records[-1]["members"]["count"], 300)
        self.assertEqual(records[-1]["name"], "walk.warc.gz")
        crawl.write_bytes(warc_gz(warc_records(2))[:-60])
        shown = daemon.taxon("classify", str(crawl)).stdout
        self.assertIn("members   2 taken out of it; truncated", shown)
        shown = daemon.taxon("explain", str(crawl)).stdout
        self.assertIn("Ferry 0", shown)
        self.assertIn("Ferry 1", shown)


class Ends(ContainerTest):

    def test_killed_again_and_again_it_goes_on_where_it_was(self):
        daemon = self.containers(limits="queue: 16")
        daemon.drop("walk.warc.gz", warc_gz(warc_records(600)))
        for round_number in range(12):
            daemon.start()
            most = 20 + round_number * 40
            wait_until(lambda: len(daemon.filed()) >= most or daemon.process.poll() is not None,
                       "some pages filed")
            daemon.kill()
        self.assertEqual(daemon.run_once(), 0, daemon.log())
        self.assertEqual(len(self.names(daemon)), 601)
        self.check_whole(daemon)
        self.assertEqual(daemon.quarantined(), {})



EVERYTHING = ("  text: {}\n  html: {}\n  warc: {}\n  json: {}\n  archive: {}\n  mail: {}\n")
ALL_RULES = """
rules:
  - name: default
    file: "all/{name}"
"""


class OneOfEach(ContainerTest):
    plugins = EVERYTHING
    folders = ("warc", "json", "archive", "mail")

    def file(self, name, content, **options):
        daemon = self.containers(rules=ALL_RULES, **options)
        daemon.drop(name, content)
        self.assertEqual(daemon.run_once(), 0, daemon.log())
        self.check_whole(daemon)
        return daemon

    def body(self, daemon, name):
        return (daemon.archive / "all" / name).read_bytes()


class OtherContainers(OneOfEach):

    def test_zip_tar_and_what_is_compressed(self):
        files = [("a/one.html", page(1)), ("a/b/two.txt", b"Two lines\nof a text.\n"),
                 ("empty.txt", b""), ("../../up.txt", b"A name that climbs.\n")]
        for name, content in (("files.zip", zip_of(files)), ("files.tar", tar_of(files)),
                              ("files.tar.gz", tar_of(files, "w:gz"))):
            with self.subTest(name):
                daemon = self.file(name, content, folder=name)
                self.assertEqual(self.names(daemon), [
                    f"all/{name}", "all/one.html", "all/two.txt", "all/up.txt"])
                self.assertEqual(self.body(daemon, "one.html"), page(1))
                record = daemon.record(b"all/two.txt")
                self.assertEqual(record["member_of"]["name"], "a/b/two.txt")
                self.assertEqual(record["member_of"]["index"], 1)
                self.assertEqual(daemon.record(b"all/up.txt")["member_of"]["name"],
                                 "../../up.txt")
        daemon = self.file("page.html.gz", gzip.compress(page(3)), folder="gz")
        self.assertEqual(self.body(daemon, "page.html"), page(3))

    def test_what_is_inside_of_members_comes_out_as_well(self):
        inner = zip_of([("deep.txt", b"Deep inside of it.\n")])
        daemon = self.file("outer.zip", zip_of([("inner.zip", inner), ("flat.txt", b"Flat.\n")]))
        self.assertEqual(self.names(daemon), [
            "all/deep.txt", "all/flat.txt", "all/inner.zip", "all/outer.zip"])
        self.assertEqual(daemon.record(b"all/deep.txt")["member_of"]["sha256"],
                         hashlib.sha256(inner).hexdigest())
        self.assertEqual(daemon.record(b"all/deep.txt")["path"],
                         "outer.zip/inner.zip/deep.txt")

    def test_not_deeper_than_the_limit(self):
        inner = zip_of([("deep.txt", b"Deep inside of it.\n")])
        daemon = self.file("outer.zip", zip_of([("inner.zip", inner)]), limits="depth: 1")
        self.assertEqual(self.names(daemon), ["all/inner.zip", "all/outer.zip"])
        self.assertIn("limits.depth", daemon.record(b"all/inner.zip")["members"]["verdict"])

    def test_lines_of_json_by_the_known_schemas(self):
        lines = [
            {"id": "dolma-1", "text": "A text as dolma has it.", "source": "made up",
             "added": "2024-01-02", "metadata": {"url": "http://o.example/d"}},
            {"text": "As datatrove has it.", "id": "<urn:uuid:7>",
             "metadata": {"url": "http://o.example/t", "date": "2024-02-03T04:05:06Z"}},
            {"content": "As OSCAR has it.", "warc_headers": {
                "warc-target-uri": "http://o.example/o", "warc-date": "2021-03-04T00:00:00Z"}},
            {"title": "T", "hostname": "o.example", "date": "2024-05-05", "id": None,
             "text": "As trafilatura has it.", "source": "http://o.example/f"},
            {"id": 5, "html": page(5).decode(), "text": "not this", "url": "http://o.example/h"},
            {"nothing": "of interest"},
        ]
        text = json_lines(lines)
        text += b"{ this is no JSON\n" + json_lines([{"id": "last", "text": "渡轮九点开。"}])
        daemon = self.file("pages.jsonl", text)
        self.assertEqual(self.names(daemon), sorted([
            "all/000002.txt", "all/000003.txt", "all/5.html", "all/_urn_uuid_7_.txt",
            "all/dolma-1.txt", "all/last.txt", "all/pages.jsonl"]))
        self.assertEqual(self.body(daemon, "last.txt").decode(), "渡轮九点开。")
        self.assertEqual(self.body(daemon, "5.html"), page(5))
        for name, url, date in (("dolma-1.txt", "d", "2024-01-02"),
                                ("_urn_uuid_7_.txt", "t", "2024-02-03T04:05:06Z"),
                                ("000002.txt", "o", "2021-03-04T00:00:00Z"),
                                ("000003.txt", "f", "2024-05-05")):
            record = daemon.record(f"all/{name}".encode())
            self.assertEqual((record["url"], record["date"]), (f"http://o.example/{url}", date))
        members = daemon.record(b"all/pages.jsonl")["members"]
        self.assertEqual(members["count"], 6)
        self.assertIn("malformed: value 6", members["verdict"])

    def test_json_as_an_array_compressed_and_with_fields_of_ones_own(self):
        objects = [{"id": n, "nested": {"words": f"Number {n} of the list."}} for n in range(3)]
        plugins = EVERYTHING.replace("json: {}", "json: {options: {text: [nested.words]}}")
        for name, content in (("list.json", json.dumps(objects, indent=1).encode()),
                              ("list.jsonl.gz", gzip.compress(json_lines(objects)))):
            with self.subTest(name):
                daemon = self.file(name, content, plugins=plugins, folder=name)
                self.assertEqual(self.names(daemon), ["all/0.txt", "all/1.txt", "all/2.txt",
                                                      f"all/{name}"])
                self.assertEqual(self.body(daemon, "2.txt"), b"Number 2 of the list.")

    def test_json_that_holds_no_document_is_a_text(self):
        daemon = self.file("settings.json", b'{"colour": "blue", "size": 12}\n')
        record = daemon.record(b"all/settings.json")
        self.assertNotIn("members", record)
        self.assertEqual(record["reader"], "text")
        self.assertTrue(record["usable"])

    def test_a_mail_and_a_page_saved_as_one(self):
        mail = (b"From: harbour@ostrel.example\r\nTo: you@ostrel.example\r\n"
                b"Date: Mon, 6 May 2024 07:08:09 +0800\r\nSubject: Ferry\r\n"
                b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed;\r\n boundary=\"=x\"\r\n"
                b"\r\npreamble\r\n--=x\r\nContent-Type: text/plain; charset=gb2312\r\n"
                b"Content-Transfer-Encoding: base64\r\n\r\nttm0rLzVuaS\r\n--=x\r\n"
                b"Content-Type: text/html; charset=utf-8\r\nContent-Disposition: attachment;\r\n"
                b" filename=\"page.html\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
                + page(1).replace(b"=", b"=3D").replace(b"harbour", b"har=\r\nbour")
                + b"\r\n--=x--\r\nepilogue\r\n")
        daemon = self.file("ferry.eml", mail)
        self.assertEqual(self.names(daemon), ["all/ferry.eml", "all/page.html", "all/part-0.txt"])
        self.assertEqual(self.body(daemon, "page.html"), page(1))
        record = daemon.record(b"all/part-0.txt")
        self.assertEqual(record["charset"]["declared"], "gb2312")
        self.assertEqual(record["date"], "2024-05-06T07:08:09+08:00")
        self.assertTrue(daemon.record(b"all/ferry.eml")["members"]["complete"])


class Bombs(OneOfEach):
    """Each stops at a limit, with a verdict, and the container is kept."""

    def verdict(self, daemon, name):
        return daemon.record(f"all/{name}".encode())["members"]["verdict"]

    def test_a_member_that_is_too_large(self):
        daemon = self.file("bomb.zip", zip_of([("zeros", bytes(300 << 10)),
                                               ("small.txt", b"Small and whole.\n")]),
                           limits="file: 256K")
        self.assertEqual(self.names(daemon), ["all/bomb.zip", "all/small.txt"])
        self.assertIn("limits.file", self.verdict(daemon, "bomb.zip"))

    def test_more_than_it_may_expand_to(self):
        members = [(f"zeros-{n}.txt", b"0" * (900 << 10)) for n in range(20)]
        daemon = self.file("bomb.zip", zip_of(members), limits="expansion_ratio: 5")
        self.assertEqual(len(self.names(daemon)), 6)
        self.assertIn("limits.expansion_ratio", self.verdict(daemon, "bomb.zip"))

    def test_boxes_in_boxes_share_one_budget(self):
        inner = zip_of([(f"zeros-{n}.txt", b"0" * (500 << 10)) for n in range(4)])
        outer = zip_of([(f"box-{n}.zip", inner + bytes([n])) for n in range(6)])
        daemon = self.file("boxes.zip", outer, limits="expansion_ratio: 3", workers=1)
        zeros = [name for name in self.names(daemon) if "zeros" in name]
        self.assertLess(len(zeros), 10)
        self.assertTrue((daemon.archive / "all/boxes.zip").exists())

    def test_many_members(self):
        daemon = self.file("many.tar", tar_of([(f"{n}.txt", b"%d\n" % n) for n in range(400)]),
                           limits="members: 300")
        self.assertEqual(len(self.names(daemon)), 301)
        self.assertIn("limits.members", self.verdict(daemon, "many.tar"))

    def test_an_archive_of_empty_files(self):
        daemon = self.file("void.tar.gz", tar_of([(f"d/{n}", b"") for n in range(50000)], "w:gz"))
        self.assertEqual(self.names(daemon), ["all/void.tar.gz"])

    def test_a_box_in_a_box_in_a_box(self):
        content = b"The innermost.\n"
        for _ in range(40):
            content = gzip.compress(content, mtime=0)
        daemon = self.file("nested.txt.gz", content)
        self.assertEqual(len(self.names(daemon)), 9)  # itself and limits.depth of those inside
        verdicts = [daemon.record(path).get("members", {}).get("verdict", "")
                    for path in daemon.filed()]
        self.assertTrue(any("limits.depth" in verdict for verdict in verdicts), verdicts)

    def test_a_line_of_fifty_megabytes(self):
        daemon = self.file("line.jsonl", b'{"id": "first", "text": "Before it."}\n{"text": "'
                           + b"x" * (50 << 20) + b'"}\n{"id": "last", "text": "Behind it."}\n')
        self.assertEqual(self.names(daemon), ["all/first.txt", "all/last.txt", "all/line.jsonl"])
        self.assertIn("malformed: value 1: it is longer", self.verdict(daemon, "line.jsonl"))

    def test_deep_parts_and_deep_values(self):
        mail = b"From: a@o.example\nMIME-Version: 1.0\n"
        for n in range(200):
            mail += b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n)
        daemon = self.file("deep.eml", mail + b"\ntext\n")
        self.assertIn("all/deep.eml", self.names(daemon))
        daemon = self.file("deep.json", b'{"text": ' + b"[" * 100000, folder="json")
        self.assertIn("all/deep.json", self.names(daemon))



@unittest.skipUnless(shared("data", "warc.tar.xz"), "the crawls of others are not here")
class CutCrawls(ContainerTest):
    """A sample of what `script/bench warc --cuts` does in full."""

    def test_a_verdict_each(self):
        with tarfile.open(shared("data", "warc.tar.xz")) as archive:
            members = [member for member in archive if member.isfile()
                       and (".warc" in member.name or ".arc" in member.name)]
            cuts = []
            for number, member in enumerate(members):
                data = archive.extractfile(member).read()
                places = range(997, len(data), 997)
                for at in places[number % 7::max(7, len(places) // 3)]:
                    name = f"{number}-{at}.{'arc' if '.arc' in member.name else 'warc'}"
                    cuts.append((name + (".gz" if member.name.endswith(".gz") else ""), data[:at]))
        self.assertGreater(len(cuts), 30)
        daemon = self.containers()
        for name, data in cuts:
            daemon.drop(name, data)
        self.assertEqual(daemon.run_once(), 0, daemon.log())
        self.assertEqual(daemon.quarantined(), {})
        self.assertEqual(daemon.log().count("was killed"), 0)
        filed = set(self.names(daemon))
        for name, _ in cuts:
            self.assertTrue({f"containers/{name}", f"pages/{name}"} & filed, name)


if __name__ == "__main__":
    unittest.main()
