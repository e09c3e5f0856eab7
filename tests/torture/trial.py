"""One trial: a fresh scene, taxond with one blow at one call, then taxond until all is filed.

A Point is a call by its site and how often that was passed, which (unlike the number of the call)
means the same in every run. A Blow is what is done there.
"""
import dataclasses
import errno
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile

from verify import verify
from workload import BUILD, SANITIZED, Scene

TAXOND = BUILD / "core" / "taxond"
CALLS = BUILD / "tests" / "torture" / "torture-calls.so"
STARVE = BUILD / "tests" / "torture" / "torture-starve.so"
PATIENCE_S = 60
RESTARTS_MAX = 4
STRUCK = "torture: struck"

ERRNOS = ("EIO", "ENOSPC", "EDQUOT", "EACCES", "EROFS", "EMFILE", "EXDEV", "EINTR")
# What a call that only reads can be told. EACCES is not among them: in an archive, what may not be
# read is somebody else's, on purpose (core/route/place_look.c).
READ_ERRNOS = ("EIO", "EMFILE", "EINTR")


@dataclasses.dataclass(frozen=True)
class Point:
    site: str
    times: int
    kind: str    # c: it changes the disk; r: it reads; m: memory
    name: str
    path: str
    offsets: str


@dataclasses.dataclass(frozen=True)
class Blow:
    action: str  # before, after, errno, short, starve
    site: str
    times: int
    error: str = ""

    def __str__(self):
        return ":".join(filter(None, (self.action, self.site, str(self.times), self.error)))

    @staticmethod
    def parse(words):
        action, site, times, *error = words.split(":")
        return Blow(action, site, int(times), error[0] if error else "")

    def environment(self):
        if self.action == "starve":
            return {"LD_PRELOAD": str(STARVE), "STARVE_PLAN": f"{self.site}:{self.times}"}
        number = getattr(errno, self.error) if self.error else 0
        return {"LD_PRELOAD": str(CALLS), "TORTURE_READS": "1",
                "TORTURE_PLAN": f"{self.action}:{self.site}:{self.times}:{number}"}

    @property
    def kills(self):
        return self.action in ("before", "after")


def is_final(blow):
    """EXDEV in an archive says that its path leads out, and quarantines the document. Of other
    errors the next try may know nothing: they may send no document there."""
    return blow.error == "EXDEV"


def has_parts(scene):
    """Whether something half made was left in work/."""
    return any(name.endswith(".part") for name in os.listdir(scene.inbox / ".taxond" / "work"))


def read_points(path):
    points = []
    if path.exists():
        for line in path.read_text(errors="surrogateescape").splitlines():
            fields = line.split("\t")
            if len(fields) == 6:
                points.append(Point(fields[0], int(fields[1]), fields[2], fields[3], fields[4],
                                    fields[5]))
    return points


@dataclasses.dataclass
class Outcome:
    problems: list
    log: str
    statuses: list
    struck: bool
    states: int = 1  # that were looked at


class Ground:
    """A place for one trial after another, with a folder on another file system beside."""

    def __init__(self, base=None):
        base = base or os.environ.get("TORTURE_TMP") or ("/dev/shm" if os.path.isdir("/dev/shm")
                                                         else None)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="taxond-torture-", dir=base))
        self.far, self.mounted, self.far_temporary = None, False, None
        self.find_far()

    def find_far(self):
        """Another file system: a mount of our own, or a temporary folder elsewhere."""
        far = self.folder / "far"
        far.mkdir()
        mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "taxond-torture", far],
                               capture_output=True)
        if mount.returncode == 0:
            self.far, self.mounted = far / "archive", True
            return
        for base in ("/dev/shm", "/tmp", "/var/tmp"):
            if os.path.isdir(base) and os.stat(base).st_dev != os.stat(self.folder).st_dev:
                self.far_temporary = tempfile.mkdtemp(prefix="taxond-torture-far-", dir=base)
                self.far = pathlib.Path(self.far_temporary) / "archive"
                return

    def close(self):
        if self.mounted:
            subprocess.run(["umount", "-l", self.folder / "far"], capture_output=True)
        for folder in (self.folder, self.far_temporary):
            if folder is not None:
                shutil.rmtree(folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # --- running

    def scene(self, variant):
        scene = Scene(self.folder / "run", self.far, variant)
        scene.make()
        self.config = scene.write_config(self.folder / "conf")
        self.log = self.folder / "log"
        self.log.write_bytes(b"")
        return scene

    def environment(self, scene):
        kept = {"PATH": os.environ.get("PATH", ""),
                "TORTURE_ROOTS": ":".join(f"{folder}" for folder in scene.watched)}
        if SANITIZED:
            kept["ASAN_OPTIONS"] = "detect_leaks=0:abort_on_error=1:verify_asan_link_order=0"
            kept["UBSAN_OPTIONS"] = "halt_on_error=1:print_stacktrace=1"
        return kept

    def run(self, scene, extra=None):
        """taxond --once; its exit status, negative for a signal, None when it did not end."""
        with open(self.log, "ab") as log:
            process = subprocess.Popen([TAXOND, "-c", self.config, "--once"],
                                       stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                       env={**self.environment(scene), **(extra or {})})
            try:
                return process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                return None

    def record(self, variant, kind="calls"):
        """All points of a run to which nothing happens; the scene must be right in the end."""
        scene = self.scene(variant)
        points = self.folder / "points"
        points.unlink(missing_ok=True)
        extra = ({"LD_PRELOAD": str(STARVE), "STARVE_LOG": str(points)} if kind == "memory" else
                 {"LD_PRELOAD": str(CALLS), "TORTURE_LOG": str(points), "TORTURE_READS": "1"})
        status = self.run(scene, extra)
        problems = verify(scene)
        if status != 0 or problems:
            raise AssertionError(f"without a blow: status {status}, {problems}\n"
                                 f"{self.log.read_text(errors='replace')}")
        return read_points(points)

    def trial(self, variant, blows):
        """The blows, one a run; then runs without any until all is filed."""
        scene = self.scene(variant)
        problems, statuses = [], []
        for blow in blows:
            status = self.run(scene, blow.environment())
            statuses.append(status)
            problems += self.judge_struck(blow, status)
        for _ in range(RESTARTS_MAX):
            if statuses and statuses[-1] == 0:
                break
            statuses.append(self.run(scene))
        if statuses[-1] == 0 and not all(blow.kills for blow in blows) and has_parts(scene):
            statuses.append(self.run(scene))  # its removal failed; a start makes up for that
        if statuses[-1] != 0:
            problems.append(("stuck", f"statuses {statuses}"))
        problems += verify(scene, forgiving=any(map(is_final, blows)))
        log = self.log.read_text(errors="replace")
        return Outcome(problems, log, statuses, log.count(STRUCK) == len(blows))

    def record_restart(self, variant, blow):
        """The points of the run after a kill: those of the taking up."""
        scene = self.scene(variant)
        points = self.folder / "points"
        points.unlink(missing_ok=True)
        self.run(scene, blow.environment())
        self.run(scene, {"LD_PRELOAD": str(CALLS), "TORTURE_LOG": str(points),
                         "TORTURE_READS": "1"})
        return read_points(points)

    @staticmethod
    def words(log):
        """The errors that taxond logged."""
        return [line for line in log.splitlines() if re.match(r"\S+ error ", line)]

    def judge_struck(self, blow, status):
        """How a run may end that was struck: killed by us, done, or stopped with a clear line."""
        log = self.log.read_text(errors="replace")
        if status is None:
            return [("hung", str(blow))]
        if blow.kills and status in (-signal.SIGKILL, 0):
            return []
        if blow.action == "starve" and status == -signal.SIGABRT:
            return []
        if status < 0:
            return [("crashed", f"{blow}: {signal.Signals(-status).name}")]
        if status not in (0, 1, 2):
            return [("crashed", f"{blow}: status {status}")]
        if status != 0 and not self.words(log):
            return [("silent", f"{blow}: status {status} and no word")]
        return []
