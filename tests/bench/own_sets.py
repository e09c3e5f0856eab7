"""Reads the project's own labelled sets: tests/passages and tests/usable. Their READMEs say what the
labels mean and how they came about; each text or page is in one half for good, by its id."""
import dataclasses
import gzip
import hashlib
import io
import random
import re
import struct
import zipfile
import zlib

import corpora

# Written when the lexicons were done with, and not tuned on: no half of these.
LATER = "later"

PASSAGES = corpora.SOURCE / "tests" / "passages"
PAGES = corpora.SOURCE / "tests" / "usable"
TOPICS = ("ecology", "industry")


@dataclasses.dataclass
class Passage:
    id: str
    language: str  # zh or en
    right: set     # topics that it is about
    open: set      # topics that may be said or not
    genre: str
    text: str
    part: str


@dataclasses.dataclass
class Page:
    id: str        # FILE/NAME
    right: set     # verdicts, any of which is right; none for a usable page
    name: str
    data: bytes
    part: str


def sections(path):
    """[(words of the line above, text)] of a file of such sections."""
    parts = re.split(r"^=== (.+)\n", path.read_text(encoding="utf-8"), flags=re.M)
    return [(head.split(), text) for head, text in zip(parts[1::2], parts[2::2])]


def passages(part=None):
    found = []
    for path in sorted(PASSAGES.glob("*.txt")):
        for (labels, genre, *_), text in sections(path):
            named = set(labels.split("+"))
            identity = hashlib.sha256(text.encode()).hexdigest()[:12]
            found.append(Passage(identity, path.stem[:2], named & set(TOPICS),
                                 {name[1:] for name in named if name.startswith("~")}, genre, text,
                                 LATER if path.stem.endswith(LATER)
                                 else corpora.part_of(identity)))
    return [passage for passage in found if part in (None, passage.part)]


def pages(part=None):
    frames = {words[0]: text.rstrip("\n") for words, text in sections(PAGES / "frames.txt")}
    found = []
    for stem in ("usable-zh", "usable-en", "unusable-zh", "unusable-en", "damaged", LATER):
        for (verdicts, name, *damage), text in sections(PAGES / f"{stem}.txt"):
            identity = f"{stem}/{name}"
            whole = re.sub(r"@([a-z-]+)@", lambda frame: frames[frame[1]], text)
            data = DAMAGE[damage[0]](whole) if damage else whole.encode()
            found.append(Page(identity, set(verdicts.split(",")) - {"usable"}, name, data,
                              LATER if stem == LATER else corpora.part_of(identity)))
    return [page for page in found if part in (None, page.part)]


# --- what happens to bytes on their way; the same for the same text

def misread(written, read):
    return lambda text: text.encode(written, "replace").decode(read, "replace").encode()


def ciphered(text):
    """Letters of scripts that no language mixes."""
    draw = random.Random(text)
    return "".join(character if character in " \n" else chr(draw.choice(
        (0x00A1, 0x0250, 0x2200, 0x2580, 0xE000, 0xFF61)) + draw.randrange(40))
        for character in text).encode()


def png(_):
    draw = random.Random(1)
    rows = b"".join(b"\0" + draw.randbytes(96) for _ in range(16))

    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data
                + struct.pack(">I", zlib.crc32(kind + data)))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 32, 16, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def zipped(_):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("a.dat"), random.Random(2).randbytes(1500))
    return target.getvalue()


def program(_):
    return (b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHIQ", 2, 62, 1, 0x401000)
            + random.Random(3).randbytes(600) + bytes(400) + b"\0.text\0.data\0.bss\0")


def table(_):
    """Records of fixed length, numbers in binary with a short name."""
    draw = random.Random(4)
    return b"".join(struct.pack("<IdH8s", row, draw.random() * 1e6, draw.randrange(65536),
                                b"item%d" % row) for row in range(80))


DAMAGE = {
    "utf8-as-latin1": misread("utf-8", "latin-1"),
    "utf8-as-gbk": misread("utf-8", "gbk"),
    "big5-as-gbk": misread("big5", "gbk"),
    "question-marks": lambda text: re.sub(r"[^\x00-\x7f]", "?", text).encode(),
    "replacement": lambda text: re.sub(r"[^\x00-\x7f]", "\ufffd", text).encode(),
    "ciphered": ciphered,
    "png": png,
    "zip": zipped,
    "gzip": lambda _: gzip.compress(random.Random(5).randbytes(900), mtime=0),
    "elf": program,
    "table": table,
    "noise": lambda _: random.Random(6).randbytes(1200),
}
