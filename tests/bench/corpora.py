"""The documents that reports measure on, and asking taxon about them.

The data lies beside the project (../shared/data) and is never part of it; a report says so and ends
where it is not there. Archives are unpacked once, under the build folder.
"""
import atexit
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ.get("TAXOND_SOURCE", pathlib.Path(__file__).parents[2])).resolve()
BUILD = pathlib.Path(os.environ.get("TAXOND_BUILD", SOURCE / "build")).resolve()
DATA = SOURCE.parent / "shared" / "data"
TAXON = BUILD / "core" / "taxon"


def shipped(root):
    """config/taxond.yaml in a place of its own, with the plugins of the build that is measured."""
    shutil.copytree(SOURCE / "config", root / "config")
    (root / "build").symlink_to(BUILD)
    return root / "config" / "taxond.yaml"


def configuration():
    """The one that TAXOND_CONFIG names, or the shipped one."""
    if "TAXOND_CONFIG" in os.environ:
        return pathlib.Path(os.environ["TAXOND_CONFIG"])
    root = pathlib.Path(tempfile.mkdtemp(prefix="taxond-shipped-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    return shipped(root)


# Models that have seen only the tuning half take the place of the shipped ones by script/report.
CONFIG = configuration()

# What a document may be tuned on. Which part it is in depends on its text alone, so that it stays
# there; figures for a claim come from `held`.
TUNING, HELD = "tuning", "held"


def need_data():
    """Ends the program where the data is not there."""
    if not DATA.is_dir():
        sys.exit(f"{sys.argv[0]}: no data at {DATA}; nothing measured")


def unpack(archive):
    """The folder of the unpacked archive NAME.tar.xz."""
    need_data()
    target = BUILD / "data" / archive
    if not target.is_dir():
        partial = target.with_suffix(".partial")
        partial.mkdir(parents=True, exist_ok=True)
        subprocess.run(["tar", "xf", DATA / f"{archive}.tar.xz", "-C", partial], check=True)
        partial.rename(target)
    return target


def read_jsonl(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def part_of(text):
    """Half of all documents are held back."""
    return HELD if hashlib.sha256(text.encode()).digest()[0] & 1 else TUNING


def classify(documents, config=CONFIG, timeout=600):
    """documents: {name: text or bytes}, names being file names. Returns {name: record}."""
    folder = BUILD / "data" / "asked" / str(os.getpid())
    folder.mkdir(parents=True, exist_ok=True)
    paths, records = [], {}
    try:
        for name, text in documents.items():
            path = folder / name
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
            paths.append(path)
        for start in range(0, len(paths), 500):
            done = subprocess.run([TAXON, "classify", "-c", config, "--json",
                                   *paths[start:start + 500]],
                                  stdout=subprocess.PIPE, timeout=timeout)
            for line in done.stdout.splitlines():
                record = json.loads(line)
                records[record["name"]] = record
    finally:
        for path in paths:
            path.unlink()
        folder.rmdir()
    missing = set(documents) - set(records)
    if missing:
        sys.exit(f"{sys.argv[0]}: no record of {len(missing)} documents: {sorted(missing)[:3]}")
    return records


def roots(record, scheme):
    """The first levels of the labels that hold."""
    return {label["id"].split("/")[0] for label in record["labels"] if label["scheme"] == scheme}


def best(record, scheme):
    """The finest label of the highest score, or None."""
    held = [label for label in record["labels"] if label["scheme"] == scheme]
    held.sort(key=lambda label: (-label["score"], -label["id"].count("/"), label["id"]))
    return held[0]["id"] if held else None
