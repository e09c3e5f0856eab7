"""How many files the charset is decided right for, by taxond, uchardet and ICU in one run.

Files of ../shared/data/charset (by-encoding, a folder per encoding; gb18030-raw), whole and cut to
1,000 and 200 bytes. A cut begins at the first character beyond ASCII behind the middle of the text
and holds whole characters. What a page declares is not told to anybody, but for the column
"declared", where taxond believes it as far as it ever does. Right: the charset is of the class that
the folder's is of (one decoder reads them all), or reads this file's bytes as the same text.

    bench_charset.py [--part tuning|held|all] [--wrong] [--json FILE]
"""
import argparse
import codecs
import collections
import json
import pathlib
import subprocess
import sys

import corpora

PROBE = corpora.BUILD / "tests" / "bench" / "charset_probe"
CUTS = (None, 1000, 200)
WHO = ("taxond", "declared", "uchardet", "icu")
CJK = {"big5", "cp932", "cp949", "euc_jp", "euc_kr", "gb18030", "gb2312", "iso2022_jp",
       "iso2022_kr", "johab", "shift_jis", "gb18030-raw"}
UNICODE = {"ascii", "utf_8", "utf_16", "utf_16_be", "utf_16_le", "utf_32", "utf_32_be",
           "utf_32_le"}
# Names that one decoder reads. The first is a codec of Python that reads them all.
CLASSES = [
    ("gb18030", "gb2312", "gbk", "hz"), ("big5hkscs", "big5", "cp950", "big5-hkscs"),
    ("cp932", "shift_jis", "windows-31j"), ("euc_jis_2004", "euc_jp", "euc-jp"),
    ("cp949", "euc_kr", "euc-kr", "uhc", "windows-949"), ("johab",),
    ("utf-8", "ascii", "utf_8"), ("utf-16",  "utf_16"), ("utf-32", "utf_32"),
    ("utf-16-le", "utf_16_le"), ("utf-16-be", "utf_16_be"),
    ("utf-32-le", "utf_32_le"), ("utf-32-be", "utf_32_be"),
    ("cp1252", "iso8859_1", "windows_1252"), ("cp1254", "iso8859_9", "windows_1254"),
    ("cp874", "tis_620", "iso8859_11", "windows-874"), ("iso2022_jp_2", "iso2022_jp"),
    ("mac_cyrillic", "x-mac-cyrillic", "maccyrillic"), ("ptcp154", "pt154"), ("kz1048", "kz-1048"),
    ("cp037", "ibm037"), ("cp424", "ibm424", "ibm424_rtl", "ibm424_ltr"), ("cp866", "ibm866"),
    ("cp855", "ibm855"), ("cp775", "ibm775"), ("cp852", "ibm852"), ("cp857", "ibm857"),
    ("cp869", "ibm869"), ("iso8859_8", "iso-8859-8-i"),
]
CODEC = {name.lower().replace("_", "-"): names[0] for names in CLASSES for name in names}


def codec_of(name):
    name = name.lower().replace("_", "-")
    name = CODEC.get(name, name)
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None


def text_as(content, codec):
    try:
        return content.decode(codec, "replace")
    except (LookupError, UnicodeError):
        return None


def is_right(found, expected, content):
    if expected == "None":
        return found == "?"
    want, have = codec_of(expected), codec_of(found)
    if have is None:
        return False
    if have == want:
        return True
    if want == "utf-8" and content.isascii():
        return text_as(content, have) == text_as(content, want)
    if {want, have} <= {"utf-16", "utf-16-le", "utf-16-be"} or \
            {want, have} <= {"utf-32", "utf-32-le", "utf-32-be"}:
        return text_as(content, have).lstrip("\ufeff") == text_as(content, want).lstrip("\ufeff")
    return text_as(content, have) == text_as(content, want)


def cut(content, expected, size):
    codec = codec_of(expected)
    text = content.decode(codec, "ignore")
    places = [i for i, c in enumerate(text) if c >= "\x80" and c != "\ufeff"]
    if not places:
        return None
    begin = next((i for i in places if i >= len(text) // 2), places[0])
    piece = text[begin:begin + size]
    if expected.endswith(("_le", "_be")):
        pass
    while len(piece.encode(codec, "ignore")) > size:
        piece = piece[:-1]
    return piece.encode(codec, "ignore")


def part_of(name):
    """A source is in as many encodings as somebody converted it to: all of them in one part."""
    return corpora.part_of(pathlib.PurePath(name).name.split(".xml")[0])


def documents(part):
    """Pairs of expected charset and path."""
    root = corpora.unpack("charset")
    root = root / "charset" if (root / "charset").is_dir() else root
    paths = [(path.parent.name, path) for path in sorted(root.glob("by-encoding/*/*"))]
    paths += [("gb18030-raw", path) for path in sorted(root.glob("gb18030-raw/*"))]
    return [(folder, path) for folder, path in paths
            if part == "all" or part_of(path.name) == part]


def prepare(files, size, folder):
    """Copies to ask about: list of expected, shown name, path, content."""
    asked = []
    for number, (expected, path) in enumerate(files):
        content = path.read_bytes()
        name = f"{expected}/{path.name}"
        kind = "gb18030" if expected == "gb18030-raw" else expected
        if size is not None:
            if expected in ("None", "ascii"):
                continue
            content = cut(content, kind, size)
            if not content:
                continue
            path = folder / f"{number}"
            path.write_bytes(content)
        asked.append((kind, name, path, content))
    return asked


def ask(asked):
    lines = "".join(f"{path}\n" for _, _, path, _ in asked)
    done = subprocess.run([PROBE], input=lines, stdout=subprocess.PIPE, text=True, check=True,
                          stderr=subprocess.DEVNULL)
    return [line.split("\t") for line in done.stdout.splitlines()]


def group_of(name):
    folder = name.split("/")[0]
    if folder == "gb18030-raw":
        return folder
    return "CJK" if folder in CJK else "Unicode" if folder in UNICODE else "one byte, other"


def measure(files, size, folder, show_wrong):
    right, total, us = collections.Counter(), collections.Counter(), collections.Counter()
    asked = prepare(files, size, folder)
    for (expected, name, _, content), row in zip(asked, ask(asked)):
        said = dict(zip(WHO, (row[1], row[2], row[5], row[7])))
        if float(row[3]) == 0:  # no evidence for any charset
            said["taxond"] = said["declared"] = "?"
        groups = [group_of(name)] + ([] if name.startswith("gb18030-raw") else ["by-encoding"])
        for group in groups:
            total[group] += 1
        for who in WHO:
            good = said[who] != "-" and is_right(said[who], expected, content)
            for group in groups:
                right[who, group] += good
            if not good and who == "taxond" and show_wrong:
                print(f"  wrong at {size}: {name}: {said} score {row[3]}")
        for who, column in (("taxond", 4), ("uchardet", 6), ("icu", 8)):
            us[who] += float(row[column])
    return {"total": dict(total), "us": {who: us[who] / len(asked) for who in us},
            "right": {who: {group: right[who, group] for group in total} for who in WHO}}


def main():
    options = argparse.ArgumentParser(description=__doc__,
                                      formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--part", choices=("tuning", "held", "all"), default="all")
    options.add_argument("--wrong", action="store_true", help="names what taxond decides wrong")
    options.add_argument("--json", type=pathlib.Path)
    options = options.parse_args()
    files = documents(options.part)
    folder = corpora.BUILD / "data" / "charset-cuts"
    folder.mkdir(parents=True, exist_ok=True)
    figures = {}
    print(f"part {options.part}: {len(files)} files")
    print(f"{'bytes':>6} {'group':16} {'files':>5} " + " ".join(f"{who:>9}" for who in WHO))
    for size in CUTS:
        figures[str(size)] = result = measure(files, size, folder, options.wrong)
        for group, total in sorted(result["total"].items()):
            shares = " ".join(f"{100 * result['right'][who][group] / total:8.1f}%" for who in WHO)
            print(f"{size or 'all':>6} {group:16} {total:5} {shares}")
        print(f"{size or 'all':>6} µs a file: " +
              ", ".join(f"{who} {us:.0f}" for who, us in result["us"].items()))
    speed = subprocess.run([PROBE, str(64 << 20)], stdout=subprocess.PIPE, text=True, check=True,
                           stderr=subprocess.DEVNULL)
    print("valid UTF-8, MB/s: " + ", ".join(": ".join(line.split("\t"))
                                            for line in speed.stdout.splitlines()))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    sys.exit(main())
