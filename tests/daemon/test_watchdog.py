"""A loop that does not come back is told; a service manager hears that it does."""
import re
import signal
import socket
import unittest

from harness import BUILD, SANITIZED, DaemonTest, wait_until

PLUGINS = "  text: {}\n"
FLAT = "rules:\n  - {name: default, file: '{name}'}\n"
TEXT = "Some plain text, long enough to be read as a document by anybody.\n"


class Watchdog(DaemonTest):
    def lean(self, stall="10s", **options):
        return self.daemon(plugins=PLUGINS, rules=FLAT, settle="20ms",
                           extra=f"watchdog: {{stall: {stall}}}\n", **options)

    @unittest.skipIf(SANITIZED, "a sanitizer's runtime must be loaded first")
    def test_a_loop_that_hangs_is_told_and_when_it_goes_on(self):
        hang = self.root / "hang"
        daemon = self.lean(stall="300ms", environment={
            "LD_PRELOAD": str(BUILD / "tests" / "daemon" / "pretend.so"),
            "PRETEND_STALL": str(hang)}).start()
        before = daemon.status()["watchdog"]["stalls"]  # a machine that is busy may have made some
        hang.touch()
        (daemon.inbox / "folder").mkdir()  # the loop asks for a watch, and gets no answer
        words = "; it was looking for files in an inbox"
        wait_until(lambda: "error STALLED: taxond's loop has not come back for" in daemon.log()
                   and words in daemon.log(), "the stall")
        hang.unlink()
        wait_until(lambda: "goes on after a stall of" in daemon.log(), "its end")
        watchdog = wait_until(lambda: daemon.status()["watchdog"], "an answer")
        self.assertGreater(watchdog["stalls"], before)
        self.assertGreaterEqual(watchdog["longest_ms"], 300)
        self.assertIn("stalls of the loop, the longest", daemon.taxon("status").stdout)
        daemon.drop("a.txt", TEXT)
        self.assertEqual(daemon.wait_filed(1), [b"a.txt"])
        self.assertEqual(daemon.stop(), 0)

    @unittest.skipIf(SANITIZED, "a sanitizer's runtime must be loaded first")
    def test_a_step_of_a_batch_that_hangs_is_told_while_the_loop_goes_on(self):
        hang = self.root / "hang"
        daemon = self.lean(stall="300ms", environment={
            "LD_PRELOAD": str(BUILD / "tests" / "daemon" / "pretend.so"),
            "PRETEND_SYNC": str(hang)}).start()
        hang.touch()
        daemon.drop("a.txt", TEXT)
        told = r"error STALLED: for \d+\.\d s taxond has been [a-z ]+; nothing is filed meanwhile"
        wait_until(lambda: re.search(told, daemon.log()), daemon.log)
        self.assertEqual(daemon.status()["phase"], "running")  # the loop answers
        self.assertEqual(daemon.filed(), [])
        hang.unlink()
        wait_until(lambda: "the batch goes on after a step of" in daemon.log(), daemon.log)
        self.assertEqual(daemon.wait_filed(1), [b"a.txt"])
        self.assertEqual(daemon.stop(), 0)

    @unittest.skipIf(SANITIZED, "a sanitizer's runtime must be loaded first")
    def test_a_reload_turns_it_on(self):
        hang = self.root / "hang"
        daemon = self.lean(stall="0", environment={
            "LD_PRELOAD": str(BUILD / "tests" / "daemon" / "pretend.so"),
            "PRETEND_STALL": str(hang)}).start()
        config = daemon.config.read_text()
        daemon.config.write_text(config.replace("stall: 0", "stall: 100ms"))
        self.assertNotIn("STALLED", daemon.log())
        daemon.taxon("reload")
        hang.touch()
        (daemon.inbox / "folder").mkdir()
        wait_until(lambda: "STALLED" in daemon.log(), "the stall, now that it is on")
        hang.unlink()

    def test_the_service_manager_hears_of_it(self):
        """READY=1 when it watches; WATCHDOG=1 again and again; STOPPING=1."""
        manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.stack.callback(manager.close)
        manager.bind(str(self.root / "manager"))
        manager.settimeout(120)
        daemon = self.lean(environment={"NOTIFY_SOCKET": str(self.root / "manager"),
                                        "WATCHDOG_USEC": "200000"})
        daemon.start()
        heard = []
        while "READY=1" not in heard or heard.count("WATCHDOG=1") < 5:
            heard.append(manager.recv(100).decode())
        self.assertEqual(heard.count("READY=1"), 1)
        daemon.kill(signal.SIGTERM)
        while heard[-1] != "STOPPING=1":
            heard.append(manager.recv(100).decode())
        self.assertLessEqual(set(heard), {"READY=1", "WATCHDOG=1", "STOPPING=1"})

    @unittest.skipIf(SANITIZED, "a sanitizer's runtime must be loaded first")
    def test_a_loop_that_hangs_tells_the_service_manager_nothing(self):
        manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.stack.callback(manager.close)
        manager.bind(str(self.root / "manager"))
        manager.settimeout(120)
        hang = self.root / "hang"
        daemon = self.lean(stall="500ms", environment={
            "LD_PRELOAD": str(BUILD / "tests" / "daemon" / "pretend.so"),
            "PRETEND_STALL": str(hang), "NOTIFY_SOCKET": str(self.root / "manager"),
            "WATCHDOG_USEC": "100000"}).start()
        count = daemon.log().count("STALLED")
        hang.touch()
        (daemon.inbox / "folder").mkdir()
        wait_until(lambda: daemon.log().count("STALLED") > count, "the stall")
        manager.setblocking(False)
        with self.assertRaises(BlockingIOError):
            while True:
                manager.recv(100)  # what came before
        manager.settimeout(0.5)  # ten times as long as it would take
        with self.assertRaises(TimeoutError):
            manager.recv(100)
        hang.unlink()
        manager.settimeout(120)
        self.assertEqual(manager.recv(100), b"WATCHDOG=1")

    def test_without_a_service_manager_all_goes_on(self):
        daemon = self.lean(environment={"NOTIFY_SOCKET": str(self.root / "nobody")}).start()
        self.assertIn("the service manager cannot be told how things are", daemon.log())
        daemon.drop("a.txt", TEXT)
        daemon.wait_filed(1)
        self.assertEqual(daemon.stop(), 0)


if __name__ == "__main__":
    unittest.main()
