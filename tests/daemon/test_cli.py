"""The command line: what it prints and how it exits."""
import json
import os
import re
import signal
import stat
import subprocess
import unittest

from harness import TAXON, TAXOND, DaemonTest, environment, wait_until

NEWS = "云溪市召开生态环境保护会议。会议强调,要持续打好污染防治攻坚战,改善空气质量。\n" * 5


class CommandLine(DaemonTest):
    def test_classify_a_file(self):
        daemon = self.daemon()
        path = self.root / "a.txt"
        path.write_text(NEWS)
        done = daemon.taxon("classify", str(path))
        self.assertIn("a.txt", done.stdout)
        self.assertIn("ecology", done.stdout)
        self.assertTrue(path.exists())

    def test_classify_gives_the_daemons_record(self):
        daemon = self.daemon()
        path = self.root / "a.txt"
        path.write_text(NEWS)
        lines = daemon.taxon("classify", "--json", str(path), str(path)).stdout.splitlines()
        self.assertEqual(len(lines), 2)
        mine = json.loads(lines[0])
        daemon.drop("a.txt", NEWS)
        self.assertEqual(daemon.run_once(), 0)
        theirs = daemon.record(daemon.filed()[0])
        for key in ("record", "sha256", "text_sha256", "name", "charset", "language", "labels",
                    "blocks", "plan", "rules"):
            self.assertEqual(mine.get(key), theirs.get(key), key)

    def test_classify_standard_input(self):
        done = self.daemon().taxon("classify", "--json", "-", input=NEWS)
        self.assertEqual(json.loads(done.stdout)["name"], "stdin")

    def test_classify_exit_statuses(self):
        daemon = self.daemon()
        missing = daemon.taxon("classify", str(self.root / "no-such-file"), check=False)
        self.assertEqual(missing.returncode, 1)
        self.assertIn("no-such-file", missing.stderr)
        self.assertEqual(daemon.taxon("classify", check=False).returncode, 2)
        daemon.config.write_text("state: [\n")
        broken = daemon.taxon("classify", "-", check=False, input="x")
        self.assertEqual(broken.returncode, 2)
        self.assertRegex(broken.stderr, r"taxond\.yaml:\d+:\d+")

    def test_classify_goes_on_after_a_crash(self):
        daemon = self.daemon(plugins="  text: {}\n  segv: {}\n")
        (self.root / "bad.txt").write_text("a text with poison-segv in it\n")
        (self.root / "good.txt").write_text("a text with nothing in it\n")
        done = daemon.taxon("classify", "--json", str(self.root / "bad.txt"),
                            str(self.root / "good.txt"), check=False)
        self.assertEqual(done.returncode, 1)
        bad, good = (json.loads(line) for line in done.stdout.splitlines())
        self.assertIn("segv", json.dumps(bad["failure"]))
        self.assertNotIn("failure", good)

    def test_standard_input_without_end_is_refused_by_its_limit(self):
        daemon = self.daemon(limits="file: 100K")
        with open("/dev/zero", "rb") as endless:
            done = daemon.taxon("classify", "--json", "-", stdin=endless, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("limits.file", json.dumps(json.loads(done.stdout)["failure"]))

    def test_what_is_no_file_is_refused_without_waiting(self):
        daemon = self.daemon()
        fifo = self.root / "fifo\x1b[31m"
        os.mkfifo(fifo)
        for path in (fifo, self.root):
            done = daemon.taxon("classify", str(path), check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn("not a regular file", done.stderr)
            self.assertNotIn("\x1b", done.stderr)

    def test_arguments_that_mean_nothing_are_refused(self):
        daemon = self.daemon()
        for words in (("check", "x"), ("status", "x"), ("reload", "x"), ("drain", "x"),
                      ("plugin", "list", "x"), ("plugin", "lost"), ("check", "--json")):
            done = daemon.taxon(*words, check=False)
            self.assertEqual(done.returncode, 2, words)
            self.assertIn("taxon " + words[0], done.stderr)

    def test_output_that_cannot_be_written_is_a_failure(self):
        daemon = self.daemon()
        with open("/dev/full", "w") as full:
            done = subprocess.run([TAXON, "plugin", "list", "-c", daemon.config], stdout=full,
                                  stderr=subprocess.PIPE, text=True, env=environment())
        self.assertEqual(done.returncode, 1)
        self.assertIn("standard output", done.stderr)
        reader, writer = os.pipe()
        os.close(reader)
        with os.fdopen(writer, "w") as closed:
            done = subprocess.run([TAXON, "check", "-c", daemon.config], stdout=closed,
                                  stderr=subprocess.PIPE, text=True, env=environment())
        self.assertEqual((done.returncode, done.stderr), (1, ""))

    def test_check_runs_the_rules_own_tests(self):
        rules = ("rules:\n"
                 "  - name: green\n"
                 "    when: {topic: ecology}\n"
                 "    file: 'green/{name}'\n"
                 "    tests:\n"
                 "      - {text: \"生态环境保护,污染防治,空气质量,生物多样性。\", expect: %s}\n"
                 "  - {name: default, file: '{name}'}\n")
        daemon = self.daemon(rules=rules % "green")
        self.assertIn("1 of 1 rule tests passed", daemon.taxon("check").stdout)
        (daemon.root / "rules.yaml").write_text(rules % "default")
        failed = daemon.taxon("check", check=False)
        self.assertEqual(failed.returncode, 1)
        self.assertRegex(failed.stderr, r"rules\.yaml:6:\d+: .*expected 'default'.*'green'")

    def test_check_finds_mistakes(self):
        daemon = self.daemon(rules="rules:\n  - {name: a, when: {topik: ecology}, file: x}\n")
        failed = daemon.taxon("check", check=False)
        self.assertEqual(failed.returncode, 2)
        self.assertRegex(failed.stderr, r"rules\.yaml:2:\d+: .*topik.*topic")

    def test_status_reload_drain(self):
        daemon = self.daemon()
        none = daemon.taxon("status", check=False)
        self.assertEqual(none.returncode, 1)
        self.assertIn("no taxond runs", none.stderr)
        daemon.start()
        self.assertIn("generation 1", daemon.taxon("status").stdout)
        self.assertEqual(daemon.status()["phase"], "running")
        self.assertIn("reloaded", daemon.taxon("reload").stdout)
        self.assertEqual(daemon.status()["generation"], 2)
        daemon.taxon("drain")
        self.assertEqual(daemon.process.wait(60), 0)

    def test_the_control_socket_is_its_owners(self):
        daemon = self.daemon().start()
        mode = os.lstat(daemon.state / "control").st_mode
        self.assertTrue(stat.S_ISSOCK(mode))
        self.assertEqual(stat.S_IMODE(mode), 0o600)
        self.assertEqual(stat.S_IMODE(os.stat(daemon.state).st_mode), 0o700)

    def test_garbage_on_the_control_socket_is_answered_or_cut_off(self):
        import socket
        daemon = self.daemon().start()
        for question in (b"no such thing\n", b"\0\xff\n", b"x" * 1000, b""):
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(60)
                client.connect(str(daemon.state / "control"))
                try:
                    client.sendall(question)
                    client.shutdown(socket.SHUT_WR)
                    answer = client.recv(1000)
                except (BrokenPipeError, ConnectionResetError):
                    answer = b""
                self.assertTrue(answer == b"" or answer.startswith(b"error"), answer)
        self.assertEqual(daemon.status()["phase"], "running")

    def test_plugin_list(self):
        daemon = self.daemon()
        table = daemon.taxon("plugin", "list").stdout
        for word in ("text", "html", "genre", "topics", "reader", "classifier", "sandbox:"):
            self.assertIn(word, table)
        listed = json.loads(daemon.taxon("plugin", "list", "--json").stdout)
        self.assertEqual({plugin["name"] for plugin in listed},
                         {"text", "html", "boilerplate", "genre", "topics"})

    def test_help_and_version(self):
        run = lambda *words: subprocess.run(words, capture_output=True, text=True,
                                            env=environment())
        for command in ("classify", "explain", "why", "check", "config", "scheme", "plugin",
                        "doctor", "status", "reload", "drain"):
            done = run(TAXON, command, "--help")
            self.assertEqual(done.returncode, 0)
            self.assertTrue(done.stdout.startswith("Usage: taxon " + command), done.stdout)
            self.assertIn(command, run(TAXON, "--help").stdout)
            self.assertEqual(run(TAXON, command, "--no-such-option").returncode, 2)
        self.assertRegex(run(TAXON, "--version").stdout, r"^taxon \d+\.\d+\.\d+\n$")
        self.assertRegex(run(TAXOND, "--version").stdout, r"^taxond \d+\.\d+\.\d+\n$")
        self.assertEqual(run(TAXOND, "--help").returncode, 0)
        self.assertEqual(run(TAXON).returncode, 2)
        self.assertEqual(run(TAXON, "frobnicate").returncode, 2)

    def test_a_plugin_sees_only_the_documents_of_its_filter(self):
        config = os.environ["TAXOND_SOURCE"] + "/config"
        options = f"options: {{definitions: {config}/genres}}"
        daemon = self.daemon(plugins=f"  text: {{}}\n  genre: {{{options}, "
                                     "when: {name: ['n*.txt'], source: [main]}}\n")
        daemon.drop("news.txt", NEWS)
        daemon.drop("other.txt", NEWS)
        self.assertEqual(daemon.run_once(), 0)
        seen = {path.rsplit(b"/", 1)[-1]: daemon.record(path) for path in daemon.filed()}
        self.assertIn("classify genre", seen[b"news.txt"]["timings_us"])
        self.assertNotIn("classify genre", seen[b"other.txt"]["timings_us"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
