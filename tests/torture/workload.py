"""A small folder of documents with one of each kind, and the configuration that files them.

All of it is made by us. A Scene is a fresh folder with an inbox, archives, a state folder and the
documents; what has to become of each is in `scene.documents`.
"""
import hashlib
import json
import os
import pathlib
import shutil

BUILD = pathlib.Path(os.environ["TAXOND_BUILD"])
SOURCE = pathlib.Path(os.environ["TAXOND_SOURCE"])
SANITIZED = os.environ.get("TAXOND_SANITIZED") == "1"

MAIN, FAR, QUARANTINE = "archive:main", "archive:far", "quarantine"
FILE_LIMIT = 256 * 1024

RULES = """rules:
  - {name: far, when: {name: "far-*"}, archive: far, file: "{name}"}
  - {name: default, file: "papers/{source}/{name}"}
"""

# Ways of working that differ in which calls are made: (name, sidecars, documents in a batch).
VARIANTS = {
    "one-by-one": (True, 1),
    "together": (True, 64),
    "bare": (False, 2),
    "bare-together": (False, 64),
}


def text(word, size=400):
    """A text that no other word gives."""
    sentence = f"The {word} of the harbour was weighed on the day the ferry came. "
    return (sentence * (size // len(sentence) + 1)).encode()[:size] + b"\n"


class Document:
    """`inside`: it is not dropped, but comes out of the container of that name."""

    def __init__(self, path, body, root=MAIN, inside=None):
        self.path = path
        self.inside = inside
        self.body = body
        self.root = root
        self.digest = hashlib.sha256(body).hexdigest()

    @property
    def name(self):
        return self.path.rsplit("/", 1)[-1]


def crawl(members):
    """A crawl (WARC) that holds them."""
    return b"".join(
        b"WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: http://harbour.example/%s\r\n"
        b"Content-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"
        % (member.name.encode(), len(member.body), member.body) for member in members)


def all_documents():
    inside = [Document(f"crate.warc/{name}.txt", text(word), root, "crate.warc")
              for name, word, root in (("barrel", "barrel", MAIN), ("cask", "cask", MAIN),
                                       ("grain", "grain", MAIN), ("keg", "keg", MAIN))]
    inside.append(Document("crate.warc/bad.txt", text("pitch") + b"poison-segv\n", QUARANTINE,
                           "crate.warc"))
    return inside + [
        Document("crate.warc", crawl(inside)),
        Document("plain.txt", text("grain")),
        Document("other/plain.txt", text("timber")),     # the same name, other bytes
        Document("again/plain.txt", text("grain")),      # the same name, the same bytes
        Document("folder/rope.txt", text("rope")),
        Document("folder/deeper/salt.txt", text("salt", 9000)),
        Document("linked.txt", text("linen")),           # has another name outside
        Document("空港の話.txt", text("lamp")),
        Document("empty.txt", b""),
        Document("large.txt", text("coal", FILE_LIMIT + 100), QUARANTINE),
        Document("poison.txt", text("tar") + b"poison-segv\n", QUARANTINE),
        Document("far-one.txt", text("wool"), FAR),
        Document("far-two.txt", text("iron", 150000), FAR),
        Document("again/far-one.txt", text("wool"), FAR),
    ]


class Scene:
    """`far` is a folder on another file system, or None where there is none."""

    def __init__(self, root, far, variant, documents=None):
        self.root = pathlib.Path(root)
        self.far = pathlib.Path(far) if far else self.root / "far"
        self.sidecars, self.batch = VARIANTS[variant]
        self.inbox = self.root / "inbox"
        self.archive = self.root / "archive"
        self.quarantine = self.root / "quarantine"
        self.state = self.root / "state"
        self.outside = self.root / "outside"
        self.documents = all_documents() if documents is None else documents
        self.roots = {MAIN: self.archive, FAR: self.far, QUARANTINE: self.quarantine}

    @property
    def watched(self):
        """What the interposer looks at."""
        return [self.inbox, self.archive, self.quarantine, self.state, self.far]

    def make(self):
        for folder in (*self.watched, self.outside):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True, mode=0o700)
        for document in self.documents:
            self.drop(document)

    def drop(self, document, sync=False):
        if document.inside is not None:
            return
        path = self.inbox / document.path
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "wb") as file:
            file.write(document.body)
            if sync:
                os.fsync(file.fileno())
        if document.path == "linked.txt":
            os.link(path, self.outside / "linked.txt")
        if sync:
            folder = path.parent
            while True:
                fd = os.open(folder, os.O_RDONLY)
                os.fsync(fd)
                os.close(fd)
                if folder == self.inbox:
                    break
                folder = folder.parent

    def write_config(self, folder):
        """Outside of the folders that are watched; returns the file."""
        folder = pathlib.Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "rules.yaml").write_text(RULES)
        plugins = [str(BUILD / "plugins" / "text"), str(BUILD / "plugins" / "warc"),
                   str(BUILD / "tests" / "rogue")]
        memory = "" if SANITIZED else ", memory: 2G"
        (folder / "taxond.yaml").write_text(
            f"state: {self.state}\nquarantine: {self.quarantine}\n"
            f"inboxes:\n  main: {{path: {self.inbox}, settle: 20ms, scan_every: 1h}}\n"
            f"archives: {{main: {self.archive}, far: {self.far}}}\n"
            f"plugin_folders: {json.dumps(plugins)}\n"
            "plugins: {text: {}, warc: {}, segv: {}}\n"
            "rules: [rules.yaml]\n"
            f"workers: {{count: 2, sandbox: {'off' if SANITIZED else 'prefer'}}}\n"
            f"limits: {{time: 20s, file: {FILE_LIMIT}{memory}}}\n"
            f"placement: {{sidecar: {str(self.sidecars).lower()}}}\n"
            f"batch: {{documents: {self.batch}, wait: 2ms}}\n")
        return folder / "taxond.yaml"
