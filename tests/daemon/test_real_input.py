"""Real documents, where the developers' shared folder is there: all are filed, each with a record
that a person can read. What is not understood is `default`, never lost."""
import pathlib
import subprocess
import sys
import unittest

from harness import DaemonTest, shared


class RealInput(DaemonTest):
    def setUp(self):
        super().setUp()
        if shared("data", "seeds") is None:
            self.skipTest("no ../shared/data beside the project")

    def unpack(self, archive, *members):
        target = self.root / "data"
        target.mkdir(exist_ok=True)
        subprocess.run(["tar", "xf", shared("data", archive), "-C", target], check=True)
        return sorted(path for path in target.rglob("*") if path.is_file())

    def file_all(self, files):
        daemon = self.daemon().start()
        for number, path in enumerate(files):
            daemon.drop(f"{number % 9}/{number}-{path.name}", path.read_bytes())
        daemon.wait_empty()
        self.assertEqual(daemon.stop(), 0, daemon.log()[-2000:])
        self.assertEqual(daemon.quarantined(), {})
        self.assertEqual(len(daemon.filed()), len(files), daemon.log()[-2000:])
        for path in daemon.filed():
            record = daemon.record(path)
            self.assertEqual(record["record"], 1)
            self.assertIn("language", record)
        return daemon

    def test_seeds(self):
        daemon = self.file_all(sorted(shared("data", "seeds").glob("*.txt")))
        records = [daemon.record(path) for path in daemon.filed()]
        self.assertEqual({record["language"]["id"] for record in records}, {"zh"})
        damaged = [record for record in records if record.get("damage")]
        self.assertEqual(len(damaged), 2, "the two with pinyin glosses")

    def test_charset_files(self):
        files = self.unpack("charset.tar.xz")
        self.assertGreater(len(files), 500)
        self.file_all(files)

    def test_foreign_ministry_pages(self):
        files = [path for path in self.unpack("genre.tar.xz") if "foreign-ministry" in str(path)]
        self.assertGreater(len(files), 250)
        self.file_all(files)


if __name__ == "__main__":
    unittest.main(verbosity=2)
