"""Whether two builds say the same of the same documents, to the last byte of their records.

    tests/bench/same_records.py BUILD BUILD [PATH…]

For a change that is to make something faster and nothing else: each build classifies every file
below the paths (default: the samples of the tests) with the shipped configuration, and the records
are compared as they are printed, but for what differs from run to run: the id, the time of
receipt, the timings and the digests of the plugins. Tells the first differences; exit status 1 if
there are any.
"""
import argparse
import difflib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
PART = 400  # documents a run of the command line
SHOWN = 5
VARIES = re.compile(r'"id": ?"[0-9a-f]{8}-[^"]*"|"received": ?"[^"]*"|"timings_us": ?\{[^}]*\}'
                    r'|(?<=\d#)[0-9a-f]{12}(?=")')


def find_files(paths):
    found = []
    for path in paths:
        found += sorted(file for file in path.rglob("*") if file.is_file()) \
            if path.is_dir() else [path]
    return found


def records(build, files):
    """The records of all files, each without what varies."""
    with tempfile.TemporaryDirectory(prefix="taxond-same-") as folder:
        root = pathlib.Path(folder)
        shutil.copytree(SOURCE / "config", root / "config")
        (root / "build").symlink_to(build)
        lines = []
        for begin in range(0, len(files), PART):
            done = subprocess.run(
                [build / "core" / "taxon", "classify", "-c", root / "config" / "taxond.yaml",
                 "--json", *files[begin:begin + PART]], stdout=subprocess.PIPE, check=False)
            lines += done.stdout.decode("utf-8", "surrogateescape").splitlines()
    return [VARIES.sub("", line) for line in lines]


def show(one, other):
    for tag, a, b, c, d in difflib.SequenceMatcher(None, one, other, False).get_opcodes():
        if tag != "equal":
            print(f"  {one[max(0, a - 60):b + 40]!r}\n  {other[max(0, c - 60):d + 40]!r}")
            return


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("builds", nargs=2, type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument("paths", nargs="*", type=pathlib.Path,
                        default=[SOURCE / "tests" / "samples"])
    options = parser.parse_args()
    files = [pathlib.Path(os.path.abspath(file)) for file in find_files(options.paths)]
    one, other = (records(build, files) for build in options.builds)
    differing = [(a, b) for a, b in zip(one, other) if a != b]
    for a, b in differing[:SHOWN]:
        print("differs:", re.search(r'"path": ?"[^"]*"', a)[0])
        show(a, b)
    print(f"{len(files)} files, {len(one)} and {len(other)} records, {len(differing)} differ")
    return 1 if differing or len(one) != len(other) or not one else 0


if __name__ == "__main__":
    sys.exit(main())
