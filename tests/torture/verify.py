"""Whether each document is where it has to be: once, whole, with a record and a row that match.

Looks at the disk and at the catalog's tables, with nothing of taxond's own. Gives a list of
(kind, words); kinds are those of the closing table: lost, doubled, torn, misplaced, stray (a
file that nobody should find), row (the catalog does not match).
"""
import collections
import hashlib
import json
import os
import re
import sqlite3

from workload import FAR, FILE_LIMIT, MAIN, QUARANTINE

SIDECAR = ".taxon.json"
FILED, GONE = 3, 4
SAME = 2  # an effect: the bytes were there already


def digest_of(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def files_of(root):
    return sorted(os.path.relpath(os.path.join(folder, name), root)
                  for folder, _, names in os.walk(root) for name in names)


class Verdict:
    def __init__(self, scene, forgiving, unsure):
        self.scene = scene
        self.forgiving = forgiving  # a fault may send a document to quarantine
        self.unsure = unsure        # documents that may be cut or gone: never synced, not filed
        self.problems = []
        self.found = {}             # (root, path) -> digest
        self.cut = set()            # places of what is the beginning of a document
        self.records = {}           # (root, path) -> record

    def say(self, kind, words):
        self.problems.append((kind, words))

    # --- what is there

    def collect(self):
        for root in (MAIN, FAR):
            self.collect_archive(root)
        self.collect_quarantine()

    def collect_archive(self, root):
        folder = self.scene.roots[root]
        paths = files_of(folder)
        for path in paths:
            if os.path.basename(path).startswith(".taxond-"):
                self.say("stray", f"{root}/{path}")
            elif path.endswith(SIDECAR):
                if path[:-len(SIDECAR)] not in paths:
                    self.say("stray", f"{root}/{path} without its document")
                if not self.scene.sidecars:
                    self.say("stray", f"{root}/{path}, and sidecars are off")
            else:
                self.found[root, path] = digest_of(folder / path)
                if self.scene.sidecars:
                    self.read_record(root, path, folder / (path + SIDECAR))

    def collect_quarantine(self):
        folder = self.scene.quarantine
        for path in files_of(folder):
            if os.path.basename(path).startswith(".taxond-"):
                self.say("stray", f"quarantine/{path}")
            elif os.path.basename(path) == "reason.json":
                if len(os.listdir(os.path.dirname(folder / path))) < 2:
                    self.say("stray", f"quarantine/{path} without its document")
            else:
                self.found[QUARANTINE, path] = digest_of(folder / path)
                if self.scene.sidecars:
                    self.read_record(QUARANTINE, path, folder / path.split("/")[0] / "reason.json")

    def read_record(self, root, path, file):
        try:
            record = json.loads(file.read_bytes())
        except (OSError, ValueError) as error:
            self.say("torn", f"record of {root}/{path}: {error}")
            return
        self.records[root, path] = record
        if record.get("sha256") is None and self.is_too_large((root, path)):
            return
        if record.get("sha256") != self.found[root, path]:
            self.say("torn", f"{root}/{path} is not what its record says")

    def is_too_large(self, place):
        root, path = place
        return (place in self.found
                and os.path.getsize(self.scene.roots[root] / path) > FILE_LIMIT)

    # --- against what was dropped

    def wanted(self):
        """digest -> how many files have to be there in the end."""
        names = {(document.digest, document.name) for document in self.scene.documents}
        return collections.Counter(digest for digest, _ in names)

    def check_documents(self):
        wanted = self.wanted()
        self.cut = {place for place in self.found if self.is_cut(*place)}
        found = collections.Counter(digest for place, digest in self.found.items()
                                    if place not in self.cut)
        # A document whose copy lies in the archive may itself have gone to quarantine by a fault.
        most = (collections.Counter(document.digest for document in self.scene.documents)
                if self.forgiving else wanted)
        for digest, count in wanted.items():
            name = next(d.path for d in self.scene.documents if d.digest == digest)
            if found[digest] < count and not self.is_unsure(digest):
                self.say("lost", f"{name}: {found[digest]} of {count}")
            elif found[digest] > most[digest]:
                self.say("doubled", f"{name}: {found[digest]}, not {count}")
        for (root, path), digest in self.found.items():
            if (root, path) in self.cut:
                continue
            if digest not in wanted:
                self.say("torn", f"{root}/{path} has bytes that nobody dropped")
            else:
                self.check_place(root, path, digest)

    def is_unsure(self, digest):
        return any(document.digest == digest for document in self.unsure)

    def is_cut(self, root, path):
        """The beginning of a document that was never synced; its record is held against it too."""
        body = (self.scene.roots[root] / path).read_bytes()
        stem, ext = os.path.splitext(os.path.basename(path))
        return any(body != document.body and document.body.startswith(body)
                   and document.name.endswith(ext) and stem.startswith(document.name[:-len(ext)])
                   for document in self.unsure)

    def check_place(self, root, path, digest):
        for document in self.scene.documents:
            stem, ext = os.path.splitext(document.name)
            if document.digest != digest:
                continue
            numbered = re.escape(stem) + r"(-[0-9a-f]+)?" + re.escape(ext)
            if root == QUARANTINE and (document.root == QUARANTINE or self.forgiving):
                pattern = r"[0-9a-f-]{36}/" + re.escape(document.name)
            elif root != document.root:
                continue
            elif root == MAIN:
                pattern = "papers/main/" + numbered
            else:
                pattern = numbered
            if re.fullmatch(pattern, path):
                return
        self.say("misplaced", f"{root}/{path}")

    def check_inbox(self):
        for path in files_of(self.scene.inbox):
            if path != os.path.join(".taxond", "lock"):
                self.say("stray", f"inbox/{path}")
        linked = self.scene.outside / "linked.txt"
        for document in self.scene.documents:
            if (document.path == "linked.txt" and document not in self.unsure
                    and digest_of(linked) != document.digest):
                self.say("torn", "the other name of linked.txt")

    # --- against the catalog

    def check_catalog(self):
        catalog = sqlite3.connect(self.scene.state / "catalog.sqlite")
        try:
            said = catalog.execute("PRAGMA integrity_check").fetchall()
            if said != [("ok",)]:
                self.say("row", f"integrity: {said}")
            rows = catalog.execute(
                "SELECT d.id, state, effect, root, placed, sha256, path, record FROM documents d "
                "LEFT JOIN records r ON r.number = d.number").fetchall()
        finally:
            catalog.close()
        placed, same, filed = (collections.Counter() for _ in range(3))
        for row in rows:
            self.check_row(row, placed, same, filed)
        for place in self.found:
            # Without sidecars a copy made just before an end looks like bytes that were there
            # already; its row says so (docs/reliability.md).
            if placed[place] != 1 and (self.scene.sidecars or placed[place] > 1
                                       or same[place] == 0):
                self.say("row", f"{'/'.join(place)} has {placed[place]} rows")
        for document in self.scene.documents:
            count = sum(document.digest == other.digest for other in self.scene.documents)
            told = filed[document.digest]
            if told != count and document.body and not self.is_unsure(document.digest):
                self.say("row", f"{document.path}: {told} filed rows, not {count}")

    def check_row(self, row, placed, same, filed):
        identity, state, effect, root, path, sha256, source, record = row
        source = os.fsdecode(source)
        if state == GONE:
            return
        if state != FILED:
            self.say("row", f"{source} ({identity}) is in state {state}")
            return
        place = root, os.fsdecode(path)
        # What is too large is not read; its row and record have no digest.
        unread = sha256 is None and root == QUARANTINE and self.is_too_large(place)
        digest = self.found[place] if unread else (sha256 or b"").hex()
        if self.found.get(place) != digest:
            self.say("row", f"{source} ({identity}): not at {'/'.join(place)}")
        try:
            told = json.loads(record or "null")
            if told.get("sha256") != (None if unread else digest) or told["id"] != identity:
                self.say("row", f"{source} ({identity}): its record is another's")
        except (ValueError, TypeError, KeyError):
            self.say("row", f"{source} ({identity}): no record")
        filed[digest] += 1
        if effect == SAME:
            same[place] += 1
        else:
            placed[place] += 1
            record = self.records.get(place)
            if record is not None and record.get("id") != identity:
                self.say("row", f"{'/'.join(place)}: its record has another id")


def verify(scene, forgiving=False, unsure=()):
    verdict = Verdict(scene, forgiving, unsure)
    verdict.collect()
    verdict.check_documents()
    verdict.check_inbox()
    try:
        verdict.check_catalog()
    except sqlite3.Error as error:
        verdict.say("row", f"the catalog: {error}")
    return verdict.problems
