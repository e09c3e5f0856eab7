"""Files of the developers' shared folder, where it is there, cut at every 997th byte: each gives
valid text, whatever its charset.

A long file is cut in few places, to keep within seconds; TAXOND_EVERY_CUT=1 takes them all."""
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from harness import BUILD, shared

MOST_CUTS = 0 if os.environ.get("TAXOND_EVERY_CUT") else 12


class CharsetCuts(unittest.TestCase):
    def test_every_file(self):
        archive = shared("data", "charset.tar.xz")
        if archive is None:
            self.skipTest("no ../shared/data beside the project")
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["tar", "xf", archive, "-C", folder], check=True)
            files = sorted(path for path in Path(folder).rglob("*") if path.is_file())
            self.assertGreater(len(files), 500)
            done = subprocess.run([BUILD / "tests" / "fuzz" / "charset_cuts", str(MOST_CUTS)],
                                  input="".join(f"{path}\n" for path in files), text=True,
                                  capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr[-2000:])
        self.assertGreater(int(done.stdout), 2 * len(files))


if __name__ == "__main__":
    unittest.main(verbosity=2)
