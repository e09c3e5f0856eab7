"""Workers are forked from a zygote, in which plugins live that nobody trusts: what becomes of a
daemon whose zygote is killed, stopped, or asked for what it may not do, and what workers have in
common."""
import os
import re
import signal
import unittest

from harness import ROGUE, SANITIZED, DaemonTest, wait_until

GOOD = "An ordinary text, with nothing in it that anybody would mind.\n"


def parent_and_group(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        return tuple(int(word) for word in file.read().rpartition(")")[2].split()[1:3])


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(word) for word in file.read().split()]


class Zygote(DaemonTest):
    def started(self, plugins="  text: {}\n", **options):
        daemon = self.daemon(plugins=plugins, **options).start()
        self.wait_zygote(daemon)
        return daemon

    def wait_zygote(self, daemon, not_this=None):
        def ready():
            zygote = daemon.status()["zygote"]
            return zygote["state"] == "ready" and zygote["process"] != not_this and zygote

        return wait_until(ready, daemon.log)

    def wait_workers(self, daemon, count):
        def ready():
            workers = daemon.status()["workers"]
            return workers["ready"] == count and workers["starting"] == 0

        wait_until(ready, daemon.log)

    def file_one(self, daemon, name):
        before = len(daemon.filed())
        daemon.drop(name, f"{name} {GOOD}")
        daemon.wait_filed(before + 1)

    def test_workers_are_children_of_the_daemon_in_the_zygotes_group(self):
        daemon = self.started(workers=3)
        self.wait_workers(daemon, 3)
        zygote = daemon.status()["zygote"]
        family = children(daemon.process.pid)
        self.assertEqual(len(family), 4)
        for pid in family:
            self.assertEqual(parent_and_group(pid), (daemon.process.pid, zygote["process"]))
        self.assertEqual(zygote["started"], 1)
        self.assertIn(f"zygote       ready (process {zygote['process']}); started 1",
                      daemon.taxon("status").stdout)
        self.assertEqual(daemon.stop(), 0)
        for pid in family:
            self.assertFalse(os.path.exists(f"/proc/{pid}"))

    def test_none_outlives_the_daemon(self):
        """The death signal, which a fork forgets, is asked for anew."""
        daemon = self.started("  text: {}\n  mute: {}\n", workers=2)
        self.wait_workers(daemon, 2)
        daemon.drop("mute.txt", f"{GOOD} poison-mute {GOOD}")
        wait_until(lambda: daemon.status()["workers"]["busy"] == 1, daemon.log)
        family = children(daemon.process.pid)
        self.assertEqual(len(family), 3)
        daemon.kill()
        wait_until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in family), "their end")

    def test_one_that_is_killed_is_replaced_and_documents_go_on(self):
        daemon = self.started(workers=2)
        self.wait_workers(daemon, 2)
        first = daemon.status()["zygote"]["process"]
        os.kill(first, signal.SIGKILL)
        self.file_one(daemon, "meanwhile.txt")
        second = self.wait_zygote(daemon, first)
        self.assertEqual(second["started"], 2)
        self.assertIn("no worker can be forked for now: the zygote was killed by signal 9",
                      daemon.log())
        self.file_one(daemon, "afterwards.txt")
        self.wait_workers(daemon, 2)
        # The workers of the first, and what was left of it, are gone.
        wait_until(lambda: {parent_and_group(pid)[1] for pid in children(daemon.process.pid)}
                   == {second["process"]}, "one family")
        self.assertEqual(daemon.status()["workers"]["crashed"], 0)
        self.assertEqual(daemon.stop(), 0, daemon.log())

    def test_one_that_is_killed_again_and_again_is_not_replaced_at_once(self):
        daemon = self.started(workers=1)
        killed = set()

        def kill_another():
            zygote = daemon.status()["zygote"]
            if zygote["process"] and zygote["process"] not in killed:
                os.kill(zygote["process"], signal.SIGKILL)
                killed.add(zygote["process"])
            return len(killed) == 4

        wait_until(kill_another, "four of them killed")
        wait_until(lambda: daemon.status()["zygote"]["started"] == 5, "a fifth")
        waits = [int(wait) for wait in re.findall(
            r"no worker can be forked for now: .*next try in (\d+) ms", daemon.log())]
        self.assertEqual(len(waits), 4, daemon.log())
        self.assertGreaterEqual(min(waits), 500)
        self.file_one(daemon, "afterwards.txt")

    def test_one_that_hangs_is_killed_and_replaced(self):
        daemon = self.started("  text: {}\n  exit0: {}\n", workers=1,
                              worker_options=f"start: {10 if SANITIZED else 2}s")
        self.wait_workers(daemon, 1)
        first = daemon.status()["zygote"]["process"]
        os.kill(first, signal.SIGSTOP)
        daemon.drop("poison.txt", f"{GOOD} poison-exit0 {GOOD}")
        daemon.drop("good.txt", GOOD)
        self.wait_zygote(daemon, first)
        daemon.wait_filed(1)
        wait_until(lambda: len(daemon.quarantined()) == 1, daemon.log)
        self.assertIn("the zygote made no worker in time (workers.start)", daemon.log())
        self.assertFalse(os.path.exists(f"/proc/{first}"))

    def test_a_reload_ends_the_zygote_and_its_canary_becomes_the_next(self):
        daemon = self.started(workers=2)
        self.wait_workers(daemon, 2)
        first = daemon.status()["zygote"]["process"]
        daemon.taxon("reload")
        second = self.wait_zygote(daemon, first)
        self.assertEqual(second["started"], 2)
        wait_until(lambda: not os.path.exists(f"/proc/{first}"), "its end")
        self.file_one(daemon, "afterwards.txt")

    def test_a_used_up_worker_is_replaced_by_a_fork(self):
        daemon = self.started(workers=1, worker_options="documents: 2")
        for number in range(7):
            self.file_one(daemon, f"{number}.txt")
        status = daemon.status()
        self.assertGreaterEqual(status["workers"]["started"], 4)
        self.assertEqual(status["workers"]["crashed"], 0)
        self.assertEqual(status["zygote"]["started"], 1)

    def test_memory_that_forks_would_share_is_refused(self):
        """In the daemon and, since it is the same question, in a check before it."""
        daemon = self.daemon(plugins="  text: {}\n  sharing: {}\n")
        checked = daemon.taxon("check", check=False)
        self.assertNotEqual(checked.returncode, 0)
        self.assertRegex(checked.stdout + checked.stderr,
                         r"plugin 'sharing' \(.*\): it keeps memory that processes share")
        self.assertNotEqual(daemon.run_once(), 0)
        self.assertIn("it keeps memory that processes share", daemon.log())

    @unittest.skipIf(SANITIZED, "without the lock-down nobody is asked")
    def test_who_asks_without_end_is_ended(self):
        daemon = self.started("  text: {}\n  asking: {}\n", workers=1, time_limit="30s")
        daemon.drop("poison.txt", f"{GOOD} poison-asking {GOOD}")
        daemon.drop("good.txt", GOOD)
        daemon.wait_filed(1)
        reason = wait_until(lambda: daemon.quarantined().get("poison.txt"), daemon.log)
        self.assertEqual(reason["failure"]["stage"], "classify asking")
        self.assertEqual(reason["failure"]["reason"], "the worker signals itself without end")


@unittest.skipIf(SANITIZED, "without the lock-down a fork needs no leave")
class Listener(DaemonTest):
    def test_without_a_listener_workers_are_started_one_by_one(self):
        """The tests' own filter holds the only listener that a process can have."""
        daemon = self.daemon(plugins="  text: {}\n", workers=2, sandbox="require",
                             wrapper=[ROGUE / "hold_listener"]).start()
        daemon.drop("a.txt", GOOD)
        daemon.wait_filed(1)
        self.assertEqual(daemon.status()["zygote"]["state"], "none")
        self.assertIn("workers are started one by one", daemon.log())
        self.assertIn("zygote       none: each worker is started by itself",
                      daemon.taxon("status").stdout)
        daemon.taxon("reload")
        daemon.drop("b.txt", "another " + GOOD)
        daemon.wait_filed(2)
        self.assertEqual(daemon.log().count("workers are started one by one"), 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
