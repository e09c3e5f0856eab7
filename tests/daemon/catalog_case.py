"""What the tests of the catalog share: a taxond that has filed, its catalog's rows, its check."""
import json
import os
import sqlite3

from harness import SIDECAR, DaemonTest

TEXT = "云溪市召开生态环境保护会议。会议强调,要持续打好污染防治攻坚战。\n"
PLAIN = "  text: {}\n"  # starts fast, for what does not need labels


def text_of(number):
    return f"文档 {number}\n" + TEXT * 3


class Catalog(DaemonTest):
    def filed_daemon(self, count=3, plugins=PLAIN, **options):
        """A daemon that has filed some documents and has ended."""
        daemon = self.daemon(plugins=plugins, **options)
        for number in range(count):
            daemon.drop(f"{number}.txt", text_of(number))
        self.assertEqual(daemon.run_once(), 0, daemon.log())
        self.assertEqual(len(daemon.filed()), count)
        return daemon

    def check(self, daemon, *arguments):
        """(exit status, {word: findings}, sums)"""
        done = daemon.taxon("catalog", "check", "--json", *arguments, check=False)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertTrue(lines, done.stderr)
        findings = {}
        for finding in lines[:-1]:
            findings.setdefault(finding["finding"], []).append(finding)
        return done.returncode, findings, lines[-1]

    def assert_clean(self, daemon):
        status, findings, sums = self.check(daemon)
        self.assertEqual((status, findings, sums["findings"]), (0, {}, 0))
        return sums

    def rows(self, daemon, query, *values):
        catalog = sqlite3.connect(daemon.state / "catalog.sqlite")
        with catalog:
            found = catalog.execute(query, values).fetchall()
        catalog.close()
        return found

    def path(self, daemon, index=0):
        return daemon.archive / os.fsdecode(daemon.filed()[index])

    def sidecar(self, path):
        return path.with_name(path.name + SIDECAR)

    def damage(self, daemon):
        """So that it is a database no more."""
        with open(daemon.state / "catalog.sqlite", "r+b") as file:
            file.write(b"x" * 4096)
        for suffix in ("-wal", "-shm"):
            (daemon.state / f"catalog.sqlite{suffix}").unlink(missing_ok=True)
