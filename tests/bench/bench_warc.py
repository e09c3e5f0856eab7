"""Reading crawls: taxond's reader beside npm's warcio, in one run, on the same files.

    script/bench warc [--data FOLDER] [--warcio FOLDER] [--cuts]

FOLDER of the data holds crawls (default: ../shared's, when they are there); a larger one is made
here, of invented pages, plain and compressed record by record. FOLDER of warcio is one in which
`npm install warcio` was run; without it, or without node, only taxond's reader is measured.
`--cuts` reads each file cut at every 997th byte as well.
"""
import argparse
import collections
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile

BUILD = pathlib.Path(os.environ["TAXOND_BUILD"])
SOURCE = pathlib.Path(os.environ["TAXOND_SOURCE"])
sys.path.insert(0, str(SOURCE / "tests" / "daemon"))
from containers import warc_gz, warc_records  # noqa: E402

READER = BUILD / "tests" / "bench" / "read_warc"
PAGES, STEP = 20000, 997


def ours(*arguments):
    return subprocess.run([READER, *map(str, arguments)], capture_output=True, text=True,
                          errors="replace", check=True).stdout


class Warcio:
    def __init__(self, folder):
        self.folder = folder
        script = folder and pathlib.Path(folder) / "warcio_read.mjs"
        if script:
            script.write_text((SOURCE / "tests" / "bench" / "warcio_read.mjs").read_text())
        self.script = script

    def run(self, what, times, files):
        return subprocess.run(["node", self.script, what, str(times), *map(str, files)],
                              capture_output=True, text=True, errors="replace", check=True,
                              cwd=self.folder).stdout


def compare(warcio, files):
    same = 0
    for file in files:
        left = collections.Counter(ours("list", file).splitlines())
        right = collections.Counter(warcio.run("list", 1, [file]).splitlines())
        if left == right:
            same += 1
            continue
        print(f"  {file.name}: {sum((left - right).values())} only taxond's, "
              f"{sum((right - left).values())} only warcio's, {sum((left & right).values())} in both")
    print(f"members with the same url, length and SHA-1: in {same} of {len(files)} files")


def rate(said, size, times):
    members, payload, us = map(int, said.split())
    seconds = us / 1e6
    return (f"{members / seconds:10.0f} members/s {payload / seconds / 1e6:8.1f} MB/s of members "
            f"{size * times / seconds / 1e6:8.1f} MB/s of file"), members / seconds


def measure(warcio, name, files, times):
    size = sum(file.stat().st_size for file in files)
    words, fast = rate(ours("time", times, *files), size, times)
    print(f"{name} ({len(files)} files, {size / 1e6:.1f} MB)\n  taxond {words}")
    if warcio:
        words, slow = rate(warcio.run("time", times, files), size, times)
        print(f"  warcio {words}\n  {fast / slow:.1f} times as fast")


def find_data(folder, scratch):
    if folder:
        return pathlib.Path(folder)
    packed = SOURCE.parent / "shared" / "data" / "warc.tar.xz"
    if not packed.exists():
        return None
    with tarfile.open(packed) as archive:
        archive.extractall(scratch, filter="data")
    return pathlib.Path(scratch)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--data")
    parser.add_argument("--warcio")
    parser.add_argument("--cuts", action="store_true")
    options = parser.parse_args()
    warcio = Warcio(options.warcio) if options.warcio else None
    if warcio is None:
        print("without warcio: run `npm install warcio` in a folder and name it with --warcio")
    with tempfile.TemporaryDirectory() as scratch:
        large = pathlib.Path(scratch) / "large.warc"
        records = warc_records(PAGES)
        large.write_bytes(b"".join(records))
        packed = pathlib.Path(scratch) / "large.warc.gz"
        packed.write_bytes(warc_gz(records))
        data = find_data(options.data, pathlib.Path(scratch) / "data")
        files = sorted(path for path in (data.rglob("*") if data else []) if path.is_file()
                       and (".warc" in path.name or ".arc" in path.name))
        warcs = [path for path in files if ".arc" not in path.name]
        if warcio:
            compare(warcio, [*warcs, large, packed])
        measure(warcio, "made, plain", [large], 5)
        measure(warcio, "made, compressed record by record", [packed], 3)
        if warcs:
            measure(warcio, "those of the data", warcs, 20)
        if options.cuts:
            for file in [*files, packed] if files else [packed]:
                print(f"{file.name}: {ours('cuts', STEP, file).strip()}" if file != packed else
                      f"made: {ours('cuts', STEP * 101, file).strip()}")


if __name__ == "__main__":
    main()
