"""Every example of the documentation works: configurations, rule files and label files pass `taxon
check`, plugins compile and load, commands run and print what is shown, messages are those that come.
A block of a kind that nothing here looks at is a failure, so that none is forgotten.
"""
import json
import os
import re
import subprocess
import unittest

import pages
from harness import BUILD, SOURCE, TAXON, environment
from shipped import ShippedTest

SAMPLES = SOURCE / "tests" / "samples"
MISTAKE = re.compile(r"^\S*\.yaml:\d+:\d+: ")
LOG = re.compile(r"^\S+Z (?:info|warning|error) ")
PATHS = re.compile(r"^[A-Z]+/\S+$")
VALUE = re.compile(r"^([\w.-]+) +(\S+) +(default|\S*\.yaml:\d+:\d+)$")  # of taxon config
FINDING = re.compile(r"^(ok|warn|bad) +(\S+) +(.*?) \(needs .*\)$|^      mend: (.*)$")  # of doctor
# Of taxon catalog check; what is told of it stands indented below.
AUDIT = re.compile(r"^sidecar-missing archive:main/\S+/(\S+)$|^ {16}\S.*$")
NEED_A_DAEMON = ("reload", "status", "drain", "why", "quarantine")
# Folders of label files, by the plugin whose README shows one: `options: {OPTION: FOLDER}`.
LABEL_FOLDERS = {"plugins/genre/README.md": "genres", "plugins/topics/README.md": "topics",
                 "plugins/boilerplate/README.md": "boilerplate", "plugins/official/README.md": "official"}


def months(text):
    return re.sub(r"\d{4}-\d{2}", "YYYY-MM", text)


def shape(text):
    return [re.sub(r"\d+(?:\.\d+)?", "#", months(line)).rstrip() for line in text.splitlines()]


class Docs(ShippedTest):
    def setUp(self):
        super().setUp()
        self.served = self.shipped()
        self.frame = pages.Frame(self.served.config)
        (self.frame.root / "build" / "core").symlink_to(BUILD / "core")
        (self.frame.root / "tests").symlink_to(SOURCE / "tests")

    def check_passes(self, text):
        self.frame.write(text)
        done = self.served.taxon("check", check=False)
        self.assertEqual(done.returncode, 0, done.stderr + done.stdout)

    def test_configurations_rule_files_and_label_files(self):
        found = pages.blocks("yaml")
        self.assertGreaterEqual(len(found), 15)
        for block in found:
            with self.subTest(str(block)):
                if pages.is_rules(block.text):
                    (self.frame.folder / "example.yaml").write_text(block.text)
                    self.check_passes(self.frame.with_rules("example.yaml"))
                elif block.text.startswith("id: "):
                    self.check_label_file(block)
                else:
                    self.check_passes(self.frame.complete(block.text))

    def check_label_file(self, block):
        """A page's label file takes the place of the shipped one of the same root."""
        folder = self.frame.folder / LABEL_FOLDERS[block.page]
        root = re.match(r"id: ([a-z0-9-]+)", block.text)[1]
        path = folder / f"{root}.yaml"
        kept = path.read_text()
        path.write_text(block.text)
        base = pages.sections(self.frame.shipped)
        try:
            self.check_passes("".join({**base, "rules": "rules: []\n"}.values()))
        finally:
            path.write_text(kept)

    def test_plugins(self):
        """They compile with warnings on (the frame does that) and load; pieces compile in place."""
        self.assertLessEqual({"greeting", "stamps", "lines"}, set(self.frame.built))
        plugins = "plugins:\n  lines: {}\n  greeting: {}\n  stamps: {options: {words: words.yaml}}\n"
        self.check_passes(self.frame.complete(plugins))
        pieces = [block for block in pages.blocks("c") if "#include" not in block.text]
        for number, block in enumerate(pieces):
            with self.subTest(str(block)):
                source = self.frame.root / f"piece{number}.c"
                source.write_text("#include <taxon/easy.h>\n"
                                  "int32_t piece(struct taxon_task *task);\n"
                                  f"int32_t piece(struct taxon_task *task)\n{{\n{block.text}}}\n")
                pages.compile_c(source, "-c", "-o", source.with_suffix(".o"))

    def test_every_block_is_of_a_kind_that_is_looked_at(self):
        for block in pages.blocks():
            with self.subTest(str(block)):
                if block.kind != "text":
                    self.assertIn(block.kind, ("yaml", "c", "json"))
                    continue
                lines = block.text.splitlines()
                self.assertTrue(lines[0].startswith("$ ") or "-->" in block.text or
                                any(all(kind.match(line) for line in lines)
                                    for kind in (MISTAKE, LOG, PATHS, VALUE, FINDING, AUDIT)), block.text)

    def test_commands_print_what_is_shown(self):
        """Line by line: the first word of each, and all of those that say what was decided."""
        shown = [block for block in pages.blocks("text")
                 if block.text.startswith("$ ") and not pages.is_list_of_commands(block)]
        self.assertGreaterEqual(len(shown), 3)
        for block in shown:
            with self.subTest(str(block)):
                command, _, output = block.text[2:].partition("\n")
                self.compare(shape(self.run_shown(block, command)), shape(output))

    def run_shown(self, block, command):
        """In a checkout, with `taxon` to be found; taxond.yaml is what the page showed last."""
        self.frame.write(self.frame.shipped)
        before = [other.text for other in pages.blocks("yaml")
                  if other.page == block.page and other.line < block.line
                  and not pages.is_rules(other.text)]
        (self.frame.folder / "taxond.yaml").write_text(
            self.frame.complete(before[-1]) if before and "-c taxond.yaml" in command
            else self.frame.shipped)
        where = self.frame.folder if "-c taxond.yaml" in command else self.frame.root
        if command.startswith("taxon ") and " -c " not in command:
            command += f" -c {self.frame.config}"
        if command.startswith("taxon status"):
            self.served.start()
        done = subprocess.run(["bash", "-c", command], cwd=where, capture_output=True, text=True,
                              env={**environment(), "PATH": f"{TAXON.parent}:{os.environ['PATH']}"})
        self.served.stop()
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def compare(self, printed, shown):
        words = [[line.split()[0] if line.split() else "" for line in lines]
                 for lines in (printed, shown)]
        self.assertEqual(*words)
        for line, other in zip(printed, shown):
            if line.split()[:1] in (["text"], ["genre"], ["file"], ["greeting"]):
                self.assertEqual(line, other)

    def test_log_lines_say_where_samples_go(self):
        shown = {}
        for block in pages.blocks("text"):
            for name, path in re.findall(r" info filed (\S+) -> main/(\S+) \[", block.text):
                shown[name] = months(path)
        self.assertGreaterEqual(len(shown), 4)
        filed = self.file_all(self.served, [SAMPLES / name for name in shown])
        self.assertEqual({name: months(path) for name, (path, _) in filed.items()}, shown)
        self.assertRegex(self.served.log(), r"info filed \S+ -> main/\S+ \[zh UTF-8, genre \S+, "
                                            r"topic [^\]]+\] \d+\.\d+ ms\n")

    def test_json_is_json_with_the_keys_that_there_are(self):
        (whole,) = [block for block in pages.blocks("json") if block.text.startswith("{")]
        config = self.frame.shipped.replace("file: 64M", "file: 1K", 1)
        self.frame.write(config)
        self.served.drop("huge.bin", b"x" * 2048)
        self.assertEqual(self.served.run_once(), 0)
        (reason,) = self.served.quarantined().values()
        self.assertEqual(list(json.loads(whole.text)), list(reason))
        for block in pages.blocks("json"):
            with self.subTest(str(block)):
                if block is not whole and not block.text.startswith("{"):
                    json.loads("{" + block.text + "}")

    def test_messages_are_those_that_come(self):
        shown = "".join(block.text for block in pages.blocks("text"))
        root = self.frame.root
        stamps = "plugins:\n  text: {}\n  stamps: {options: {%s}}\n"
        inbox = self.frame.shipped.replace("settle: 2s", "setle: 2s", 1)
        made = {
            "unknown key 'setle'; did you mean 'settle'?": inbox,
            "'time' is 5ms, but must be between 10ms and 1h":
                self.frame.shipped.replace("time: 10s", "time: 5ms", 1),
            "unknown key 'wrods'; did you mean 'words'? (plugin 'stamps')":
                self.frame.complete(stamps % "wrods: words.yaml"),
            f"option 'words': {root}/srv/nowhere.yaml: No such file or directory (plugin 'stamps')":
                self.frame.complete(stamps % "words: /srv/nowhere.yaml"),
            "words.yaml:3:3: a word is expected (plugin 'stamps')":
                self.frame.complete(stamps % "words: wrong.yaml").replace("wrong", "srv/words"),
        }
        (self.frame.folder / "srv").mkdir()
        (self.frame.folder / "srv" / "words.yaml").write_text("- one\n- two\n- {three: 3}\n")
        for message, config in made.items():
            with self.subTest(message):
                self.assertIn(message.replace(str(root), ""), shown)
                self.frame.write(config)
                done = self.served.taxon("check", check=False)
                self.assertEqual(done.returncode, 2)
                self.assertIn(message, done.stderr)
        listed = [line for block in pages.blocks("text") for line in block.text.splitlines()
                  if MISTAKE.match(line)]
        self.assertEqual(len(listed), len(made), "a message that is shown and not looked at")

    def shown_lines(self, kind):
        return [kind.match(line) for block in pages.blocks("text")
                for line in block.text.splitlines() if kind.match(line)]

    def test_values_of_taxon_config(self):
        """As a configuration would have them that gives limits.time and leaves out limits.memory."""
        config = re.sub(r"(?m)^  memory: .*\n", "", self.frame.shipped)
        self.frame.write(config.replace("time: 10s", "time: 5s", 1))
        for line in self.shown_lines(VALUE):
            with self.subTest(line[0]):
                origin = "default" if line[3] == "default" else r"\S*taxond\.yaml:\d+:\d+"
                self.assertRegex(self.served.taxon("config").stdout,
                                 rf"(?m)^{re.escape(line[1])} +{line[2]} +{origin}$")

    def test_findings_of_taxon_doctor(self):
        """Those that can be brought about here come so; of the others the words are in its source."""
        source = "".join(path.read_text() for path in
                         sorted((SOURCE / "core" / "cli").glob("doctor*.c")))
        self.served.state.mkdir()
        self.served.state.chmod(0o755)
        for line in self.shown_lines(FINDING):
            with self.subTest(line[0]):
                printed = self.served.taxon("doctor", check=False).stdout
                said = (line[3] or line[4]).replace("/srv/taxond/state", str(self.served.state))
                words = max(re.split(r"\S*/\S*|\S+: ", said), key=len).strip()
                self.assertTrue(said in printed or words in source, said)
                if line[2] and line[2] in printed:
                    self.assertRegex(printed, rf"(?m)^{line[1]} +{re.escape(line[2])} ")

    def test_a_finding_of_taxon_catalog_check(self):
        (shown,) = [block.text for block in pages.blocks("text")
                    if block.text.startswith("sidecar-missing ")]
        name = AUDIT.match(shown.splitlines()[0])[1]
        path, record = self.file_all(self.served, [SAMPLES / name])[name]
        (self.served.archive / (path + ".taxon.json")).unlink()
        done = self.served.taxon("catalog", "check", check=False)
        self.assertEqual(done.returncode, 1)
        printed = done.stdout.replace(record["id"], "ID")
        self.assertIn(re.sub(r"\(ID [0-9a-f-]+\)", "(ID ID)", shown.strip()), printed)

    def test_commands_beside_the_text_are_there(self):
        found = pages.commands()
        self.assertGreaterEqual(len(found), 8)
        for page, words in found:
            with self.subTest(f"{page}: {' '.join(words)}"):
                if words[0].startswith("script/"):
                    self.assertTrue(os.access(SOURCE / words[0], os.X_OK))
                    continue
                self.assertIn(words[0].rsplit("/", 1)[-1], ("taxon", "taxond"))
                self.check_command(words)

    def check_command(self, words):
        """The sub-command's help knows every option; what can be run here is run."""
        program = BUILD / "core" / words[0].rsplit("/", 1)[-1]
        sub = [word for word in words[1:2] if not word.startswith("-")]
        helped = subprocess.run([program, *sub, "--help"], capture_output=True, text=True,
                                env=environment())
        self.assertEqual(helped.returncode, 0, helped.stderr)
        for option in [word for word in words if word.startswith("-") and word != "-"]:
            self.assertRegex(helped.stdout, rf"(?m)(?<![\w-]){option}(?![\w-])")
        if program.name == "taxond" or sub[0] in NEED_A_DAEMON:
            return
        sample = str(SAMPLES / "109_recipe_1187.txt")
        self.frame.write(self.frame.complete(""))
        run = [sample if word.startswith("FILE") else word for word in words[1:]]
        done = subprocess.run([program, *run, *([] if "-c" in run else ["-c", "taxond.yaml"])],
                              cwd=self.frame.folder, capture_output=True, text=True,
                              env=environment())
        # Nothing was filed here: there is no catalog to look at.
        self.assertIn(done.returncode, (0, 1) if sub[0] in ("doctor", "catalog") else (0,),
                      done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
