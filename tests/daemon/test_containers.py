"""Containers: each member becomes a document of its own, the container is filed after them, and
nothing is lost or doubled, however often taxond ends on the way."""
import gzip
import hashlib
import json
import os
import signal
import sqlite3
import unittest

from containers import (http, page, warc_gz, warc_record, warc_records)
from harness import BUILD, DaemonTest, wait_until

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


if __name__ == "__main__":
    unittest.main()
