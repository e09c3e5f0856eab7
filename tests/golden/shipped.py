"""The shipped configuration, config/taxond.yaml, as it stands but in a place of its own."""
import json
import os
import pathlib
import re
import shutil

from harness import SANDBOX, SOURCE, DaemonTest

BUILT = pathlib.Path(os.environ["TAXOND_BUILD"])


class ShippedTest(DaemonTest):
    """A test of what is shipped, with this build's plugins."""

    def shipped(self, folder="checkout"):
        """A daemon on a copy of config/, laid out like a checkout: config, build and var beside."""
        root = self.root / folder
        shutil.copytree(SOURCE / "config", root / "config")
        (root / "build").mkdir()
        (root / "build" / "plugins").symlink_to(BUILT / "plugins")
        daemon = self.daemon(folder)
        daemon.config = root / "config" / "taxond.yaml"
        for name in ("inbox", "archive", "quarantine", "state"):
            setattr(daemon, name, root / "var" / name)
        daemon.inbox.mkdir(parents=True)
        if SANDBOX == "off":
            unlock(daemon.config)
        return daemon

    def classify(self, daemon, paths):
        """{name: record} as `taxon classify --json` gives them."""
        lines = daemon.taxon("classify", "--json", *map(str, paths)).stdout.splitlines()
        records = [json.loads(line) for line in lines]
        return {record["name"]: record for record in records}

    def file_all(self, daemon, paths):
        """Files all in one run; returns {name: (path in the archive, record)}."""
        for path in paths:
            daemon.drop(path.name, path.read_bytes())
        self.assertEqual(daemon.run_once(), 0, daemon.log())
        filed = {}
        for path in daemon.filed():
            record = daemon.record(path)
            filed[record["name"]] = (os.fsdecode(path), record)
        self.assertEqual(set(filed), {path.name for path in paths}, daemon.log()[-3000:])
        return filed


def unlock(config):
    """A sanitizer's runtime needs room and freedoms that the lock-down does not leave."""
    text = re.sub(r"sandbox: require", "sandbox: off", config.read_text())
    config.write_text(re.sub(r"memory: \S+", "memory: 2G", text))
