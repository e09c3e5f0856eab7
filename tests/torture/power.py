"""Loss of power: ext4 on loop devices, copied while taxond runs, mounted again and taken up.

Inbox, archive, quarantine and state are on one image, the second archive on another. After each
call that changes a disk taxond is held, and both images are copied as they are at that moment:
what was not synced is then missing. How much of it is missing is the `mode`:

    sync    nothing but what taxond's own syncs brought down
    near    before each copy the first file system's journal is committed, by syncing a file of
            ours: the names are there, and the data of files that nobody synced is not
    far     the same with the second; both: with both; chance: with either, by chance

That is what ext4 allows: its journal keeps the order of names, and data comes when it likes.
A document whose scraper synced it must be filed; of one that nobody synced, what taxond said to be
filed must be whole.
"""
import collections
import ctypes
import hashlib
import os
import pathlib
import random
import re
import shutil
import socket
import subprocess
import threading
import time

from trial import CALLS, PATIENCE_S, RESTARTS_MAX, TAXOND, Ground, Outcome
from verify import verify
from workload import Scene, all_documents

MODES = ("sync", "near", "far", "both", "chance")
IMAGE_BYTES = 24 << 20
STATES_MAX = 40
OPTIONS = "loop,commit=600,noatime"  # nothing comes down by itself while we look
LIBC = ctypes.CDLL(None, use_errno=True)


def sync_all(folder):
    fd = os.open(folder, os.O_RDONLY)
    if LIBC.syncfs(fd) != 0:
        raise OSError(ctypes.get_errno(), "syncfs")
    os.close(fd)


def parts_of(path):
    """The parts of a file that hold something: [(offset, bytes)]."""
    parts = []
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        at = 0
        while at < size:
            try:
                begin = os.lseek(file.fileno(), at, os.SEEK_DATA)
            except OSError:
                break
            at = os.lseek(file.fileno(), begin, os.SEEK_HOLE)
            parts.append((begin, os.pread(file.fileno(), at - begin, begin)))
    return parts


def still_parts_of(path):
    """The same, read twice: nothing was written meanwhile."""
    parts = parts_of(path)
    while (again := parts_of(path)) != parts:
        parts = again
    return parts


def digest_of_parts(images):
    digest = hashlib.sha1()
    for parts in images:
        for offset, data in parts:
            digest.update(b"%d," % offset)
            digest.update(data)
    return digest.digest()


class Image:
    def __init__(self, folder, name):
        self.path = folder / f"{name}.img"
        self.mount_point = folder / name
        self.mount_point.mkdir(exist_ok=True)
        self.mounted = False

    def make(self):
        self.path.unlink(missing_ok=True)
        with open(self.path, "wb") as file:
            file.truncate(IMAGE_BYTES)
        subprocess.run(["mkfs.ext4", "-q", "-F", "-E", "nodiscard", "-J", "size=4", self.path],
                       check=True, capture_output=True)

    def write(self, parts):
        self.path.unlink(missing_ok=True)
        with open(self.path, "wb") as file:
            file.truncate(IMAGE_BYTES)
            for offset, data in parts:
                os.pwrite(file.fileno(), data, offset)

    def mount(self):
        subprocess.run(["mount", "-t", "ext4", "-o", OPTIONS, self.path, self.mount_point],
                       check=True, capture_output=True)
        self.mounted = True

    def unmount(self):
        """A worker may live for a moment longer than taxond, and hold a document."""
        deadline = time.monotonic() + PATIENCE_S
        while self.mounted:
            done = subprocess.run(["umount", self.mount_point], capture_output=True)
            self.mounted = done.returncode != 0
            if self.mounted and time.monotonic() > deadline:
                done.check_returncode()

    def commit(self):
        """Has the journal committed: every name so far, and no other file's data."""
        with open(self.mount_point / "commit", "ab") as file:
            file.write(b".")
            file.flush()
            os.fsync(file.fileno())


def why_not():
    """Why no power can be lost here, or None."""
    if os.geteuid() != 0:
        return "not root"
    if shutil.which("mkfs.ext4") is None:
        return "no mkfs.ext4"
    with PowerGround() as ground:
        try:
            ground.images[0].make()
            ground.images[0].mount()
        except subprocess.CalledProcessError as error:
            return f"no loop mounts: {(error.stderr or b'').decode().strip()}"
    return None


State = collections.namedtuple("State", "point parts said")


class PowerGround(Ground):
    def find_far(self):
        self.images = [Image(self.folder, "near"), Image(self.folder, "far")]

    def close(self):
        for image in self.images:
            image.unmount()
        super().close()

    # --- the run that is recorded

    def prepare(self, variant, synced):
        for image in self.images:
            image.unmount()
            image.make()
            image.mount()
        near, far = self.images
        scene = Scene(near.mount_point / "run", far.mount_point / "archive", variant, [])
        scene.make()
        self.config = scene.write_config(self.folder / "conf")
        self.log = self.folder / "log"
        self.log.write_bytes(b"")
        for image in self.images:
            sync_all(image.mount_point)
        scene.documents = all_documents()
        for document in scene.documents:
            scene.drop(document)
        if synced:
            sync_all(near.mount_point)
        return scene

    def record(self, scene, mode, source):
        """Runs taxond, copying the images after each call: the states, each once."""
        states, last = [], None
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with open(self.log, "ab") as log:
            process = subprocess.Popen(
                [TAXOND, "-c", self.config, "--once"], stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, pass_fds=[theirs.fileno()],
                env={**self.environment(scene), "LD_PRELOAD": str(CALLS),
                     "TORTURE_ASK": str(theirs.fileno())})
        theirs.close()
        guard = threading.Timer(PATIENCE_S * 4, process.kill)
        guard.start()
        while line := ours.recv(1 << 16):
            for image, name in zip(self.images, ("near", "far")):
                if mode in (name, "both") or (mode == "chance" and source.random() < 0.3):
                    image.commit()
            parts = [still_parts_of(image.path) for image in self.images]
            digest = digest_of_parts(parts)
            if digest != last:
                last = digest
                point = "\t".join(line.decode(errors="replace").split("\t")[:4])
                states.append(State(point, parts, self.said()))
            ours.send(b".")
        ours.close()
        status = process.wait()
        guard.cancel()
        for image in self.images:
            image.unmount()
        return states, status

    def said(self):
        """Names that taxond has told to be filed, and how often."""
        log = self.log.read_text(errors="replace")
        return collections.Counter(re.findall(r" (?:filed|same as|quarantined) (\S+) -> ", log))

    # --- what is found afterwards

    def take_up(self, scene, state, synced, swapped):
        """`swapped`: mounted in the other order, so that they get other device numbers."""
        for image, parts in zip(self.images, state.parts):
            image.write(parts)
        for image in reversed(self.images) if swapped else self.images:
            image.mount()
        statuses = []
        while len(statuses) < RESTARTS_MAX and (not statuses or statuses[-1] != 0):
            statuses.append(self.run(scene))
        problems = [("stuck", f"statuses {statuses}")] if statuses[-1] != 0 else []
        names = collections.Counter(document.name for document in scene.documents)
        unsure = [] if synced else [document for document in scene.documents
                                    if state.said[document.name] < names[document.name]]
        problems += verify(scene, unsure=unsure)
        for image in self.images:
            image.unmount()
        return [(kind, f"after {state.point!r}: {words}") for kind, words in problems]

    def trial(self, variant, mode, synced, seed, most=STATES_MAX):
        source = random.Random(seed)
        scene = self.prepare(variant, synced)
        states, status = self.record(scene, mode, source)
        problems = [] if status == 0 else [("stuck", f"the recorded run: status {status}")]
        if len(states) > most:
            states = source.sample(states, most)
        for state in states:
            self.log.write_bytes(b"")
            found = self.take_up(scene, state, synced, source.random() < 0.5)
            problems += found
            if found and most == 1:
                break
        log = self.log.read_text(errors="replace")
        return Outcome(problems, log, [status], True, len(states))
