"""A real taxond in a temporary folder, for tests: started, fed, waited for, stopped.

Nothing here waits for time to pass: it waits for a condition, and fails after a generous while.
"""
import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

BUILD = pathlib.Path(os.environ["TAXOND_BUILD"])
SOURCE = pathlib.Path(os.environ["TAXOND_SOURCE"])
SANITIZED = os.environ.get("TAXOND_SANITIZED") == "1"
TAXOND = BUILD / "core" / "taxond"
TAXON = BUILD / "core" / "taxon"
ROGUE = BUILD / "tests" / "rogue"
PATIENCE_S = 120.0
SIDECAR = ".taxon.json"

# The lock-down cannot hold a sanitizer's runtime (its limits and its exit); the plain build has it.
SANDBOX = "off" if SANITIZED else "require"


def wait_until(condition, what, patience_s=PATIENCE_S):
    """Returns the first true value of condition(), polled; fails with `what` after a while."""
    deadline = time.monotonic() + patience_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            what = what() if callable(what) else what
            raise AssertionError(f"waited {patience_s} s in vain: {what}")
        time.sleep(0.005)  # between looks at the condition; how often, not how long, is what it says


class Daemon:
    """Folders, configuration and process of one taxond."""

    def __init__(self, root, **options):
        self.root = pathlib.Path(root)
        self.inbox = self.root / "inbox"
        self.archive = pathlib.Path(options.get("archive", self.root / "archive"))
        self.quarantine = self.root / "quarantine"
        self.state = self.root / "state"
        self.config = self.root / "taxond.yaml"
        self.log_path = self.root / "log"
        self.process = None
        self.environment = options.get("environment", {})
        self.wrapper = options.get("wrapper", [])  # a program that runs taxond, with arguments
        for folder in (self.inbox, self.archive, self.quarantine):
            folder.mkdir(parents=True, exist_ok=True)
        self.write_config(**options)

    def write_config(self, plugins=None, rules=None, extra="", inboxes=None, workers=2,
                     limits="", sandbox=SANDBOX, plugin_folders=(), settle="50ms", scan="1h",
                     placement="", time_limit="20s", worker_options="", **_):
        folders = [BUILD / "plugins" / name
                   for name in ("text", "html", "boilerplate", "genre", "topics")]
        folders += [ROGUE, *plugin_folders]
        if plugins is None:
            plugins = (
                "  text: {}\n"
                "  html: {}\n"
                f"  boilerplate: {{options: {{definitions: "
                f"{SOURCE / 'config' / 'boilerplate'}, "
                f"weights: {SOURCE / 'config' / 'boilerplate.weights'}}}}}\n"
                f"  genre: {{options: {{definitions: {SOURCE / 'config' / 'genres'}, "
                f"unusable: {SOURCE / 'config' / 'unusable'}}}}}\n"
                f"  topics: {{options: {{definitions: {SOURCE / 'config' / 'topics'}}}}}\n")
        if inboxes is None:
            inboxes = f"  main: {{path: inbox, settle: {settle}, scan_every: {scan}}}\n"
        rule_files = "[]"
        if rules is not None:
            (self.root / "rules.yaml").write_text(rules)
            rule_files = "[rules.yaml]"
        memory = "" if SANITIZED else ", memory: 2G"
        self.config.write_text(
            f"state: state\nquarantine: quarantine\ninboxes:\n{inboxes}"
            f"archives: {{main: {self.archive}}}\n"
            f"plugin_folders: {json.dumps([str(f) for f in folders])}\n"
            f"data_folders: [{SOURCE / 'config'}]\n"
            f"plugins:\n{plugins}rules: {rule_files}\n"
            f"workers: {{count: {workers}, sandbox: {sandbox}"
            f"{', ' + worker_options if worker_options else ''}}}\n"
            f"limits: {{time: {time_limit}{memory}{', ' + limits if limits else ''}}}\n"
            + (f"placement: {{{placement}}}\n" if placement else "") + extra)

    # --- process

    def start(self, *arguments, wait=True, **options):
        log = open(self.log_path, "ab")
        self.log_start = self.log_path.stat().st_size
        self.process = subprocess.Popen(
            [*self.wrapper, TAXOND, "-c", self.config, *arguments], stdin=subprocess.DEVNULL,
            stdout=log, stderr=log, env=environment() | self.environment, **options)
        log.close()
        if wait:
            wait_until(lambda: self.process.poll() is not None or "watching;" in self.fresh_log(),
                       "taxond started")
            if self.process.poll() is not None and "--once" not in arguments:
                raise AssertionError(f"taxond ended at its start:\n{self.fresh_log()}")
        return self

    def run_once(self):
        """Starts with --once and waits for the end; returns the exit status."""
        self.start("--once", wait=False)
        return self.process.wait(PATIENCE_S)

    def log(self):
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def fresh_log(self):
        with open(self.log_path, "rb") as log:
            log.seek(self.log_start)
            return log.read().decode(errors="replace")

    def kill(self, number=signal.SIGKILL):
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.kill(signal.SIGTERM)
        return self.process.returncode if self.process is not None else 0

    def status(self):
        return json.loads(self.taxon("status", "--json").stdout)

    def taxon(self, *arguments, check=True, **options):
        command = [TAXON, arguments[0], "-c", self.config, *arguments[1:]]
        done = subprocess.run(command, capture_output=True, text=True, env=environment(),
                              timeout=PATIENCE_S, **options)
        if check and done.returncode != 0:
            raise AssertionError(f"{command}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    # --- documents

    def drop(self, name, content):
        """As a careful scraper does: written beside, renamed in. `name` may be bytes."""
        if isinstance(content, str):
            content = content.encode()
        target = os.path.join(os.fsencode(self.inbox), os.fsencode(name))
        os.makedirs(os.path.dirname(target), exist_ok=True)
        draft = os.path.join(os.fsencode(self.root), b"draft")
        with open(draft, "wb") as file:
            file.write(content)
        os.rename(draft, target)

    def filed(self):
        """Document paths in the archive (bytes, relative), without sidecars."""
        return sorted(path for path in walk(self.archive) if not path.endswith(SIDECAR.encode()))

    def wait_filed(self, count):
        return wait_until(lambda: len(self.filed()) >= count and self.filed(),
                          lambda: f"{count} documents filed; log:\n{self.log()[-3000:]}")

    def wait_empty(self):
        """Until the inbox is empty and nothing is in hand."""
        def empty():
            status = self.status()
            return (status["documents"]["in_hand"] == 0
                    and status["documents"]["asleep"] == 0
                    and all(inbox["empty"] for inbox in status["inboxes"]))
        wait_until(empty, lambda: f"an empty inbox; log:\n{self.log()[-3000:]}")

    def record(self, path):
        return json.loads((self.archive / os.fsdecode(path + SIDECAR.encode())).read_bytes())

    def quarantined(self):
        """{name: reason} of the quarantine."""
        reasons = {}
        for path in walk(self.quarantine):
            folder, name = os.path.split(path)
            if name != b"reason.json":
                reason = self.quarantine / os.fsdecode(folder) / "reason.json"
                reasons[os.fsdecode(name)] = json.loads(reason.read_bytes())
        return reasons


def walk(root):
    root = os.fsencode(root)
    for folder, _, names in os.walk(root):
        for name in names:
            if not name.startswith(b".taxond-"):
                yield os.path.relpath(os.path.join(folder, name), root)


def environment():
    kept = {name: os.environ[name] for name in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS")
            if name in os.environ}
    if SANITIZED:
        # A worker is killed, not asked to leave: what it holds then is no leak.
        kept.setdefault("ASAN_OPTIONS", "detect_leaks=0:abort_on_error=1")
        kept.setdefault("UBSAN_OPTIONS", "halt_on_error=1:print_stacktrace=1")
    return kept


class DaemonTest(unittest.TestCase):
    """A temporary folder, and daemons that are gone when the test is over."""

    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="taxond-test-"))
        self.stack.callback(shutil.rmtree, self.root, ignore_errors=True)

    def daemon(self, folder=".", **options):
        daemon = Daemon(self.root / folder, **options)
        self.stack.callback(daemon.stop)
        return daemon

    def assert_refused(self, daemon, *words):
        """taxond does not start, and one line says why."""
        daemon.start(wait=False)
        status = daemon.process.wait(PATIENCE_S)
        log = daemon.fresh_log()
        self.assertEqual(status, 2, log)
        for word in words:
            self.assertIn(word, log)
        return log


def shared(*parts):
    """A path of the developers' shared folder beside the project, or None when it is not there."""
    path = SOURCE.parent.joinpath("shared", *parts)
    return path if path.exists() else None
