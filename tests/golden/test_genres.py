"""The schemes of genres and of verdicts as they are shipped, and short documents of our own for
each of their labels, by real classification.

The documents stand in tests/genres: after some lines on the file itself each has a line
"=== LABEL", then its text. In verdicts.txt the label is a verdict, or "usable"."""
import json
import pathlib
import re
import subprocess
import unittest

from harness import SOURCE, TAXON, DaemonTest, environment

DOCUMENTS = SOURCE / "tests" / "genres"

# The closed vocabulary: ids that records, rules and sidecars out there hold. One that is missing, or
# new without standing here, fails.
GENRES = {
    "news": "report meeting brief sport interview editorial",
    "transcript": "press-conference interview hearing broadcast",
    "qa": "press faq forum policy",
    "speech": "address pledge ceremony work-report",
    "gov": "resolution decision order communique announcement public-notice opinions notice "
           "circular report request reply bill letter minutes statement regulation plan "
           "interpretation tender award personnel statistics",
    "legal": "law terms contract judgment",
    "info": "encyclopedia academic technical about event structured-data job-ad prospectus",
    "howto": "tutorial recipe advice support",
    "opinion": "review essay blog",
    "forum": "thread comments",
    "promo": "product advertisement press-release spam",
    "literary": "fiction poem lyrics",
    "listing": "index search-results catalogue",
    "other": "",
}
VERDICTS = {"blocked", "login", "error", "empty", "script-shell", "parked", "garbled", "binary",
            "too-short"}

# What a crosswalk may name, and the form of its codes.
VOCABULARIES = {
    "x-genre": {"Information/Explanation", "News", "Instruction", "Opinion/Argumentation", "Forum",
                "Prose/Lyrical", "Legal", "Promotion", "Other"},
    "weborganizer": {str(number) for number in range(24)},
    "core": set("NA NE SR PB HA TB SS MA ON IN DT DP RA EN FI LT CM TR IB OI OP RV OB RS AV LE AD OO "
                "HI HT RE FH TS OH ID DF QA RR OF LY SL PO PR OL SP IT TA FS TV OS IP DS PA ED "
                "OE".split()),
}


def read_documents(name):
    """[(label, text)] of a file in tests/genres."""
    parts = re.split(r"^=== (\S+)\n", (DOCUMENTS / name).read_text(), flags=re.M)
    return list(zip(parts[1::2], parts[2::2]))


def read_labels(folder):
    """{id: the lines of its file that are its own} of the label files, whose form is fixed: a root
    without indent, its children two spaces in."""
    labels = {}
    for path in sorted((SOURCE / "config" / folder).glob("*.yaml")):
        root = current = None
        for line in path.read_text().splitlines():
            found = re.match(r"(  - )?id: ([a-z-]+)$", line)
            if found and not found[1]:
                root = current = found[2]
            elif found:
                current = f"{root}/{found[2]}"
            if current is not None:
                labels.setdefault(current, []).append(line)
    return {label: "\n".join(lines) for label, lines in labels.items()}


class Scheme(unittest.TestCase):
    def check_texts(self, labels):
        for label, text in labels.items():
            with self.subTest(label):
                self.assertRegex(text, r"names: \{zh: [^,{}]+, en: [^{}]+\}")
                self.assertRegex(text, r"definition: \S.{10,}")

    def test_every_genre_is_there_and_no_other(self):
        expected = set(GENRES) | {f"{root}/{child}" for root, children in GENRES.items()
                                  for child in children.split()}
        self.assertEqual(set(read_labels("genres")), expected)

    def test_every_verdict_is_there_and_no_other(self):
        self.assertEqual(set(read_labels("unusable")), VERDICTS)

    def test_labels_have_names_and_definitions(self):
        self.check_texts(read_labels("genres"))
        self.check_texts(read_labels("unusable"))

    def test_labels_at_the_bottom_have_cues(self):
        genres = read_labels("genres")
        for label, text in {**genres, **read_labels("unusable")}.items():
            bottom = not any(other.startswith(label + "/") for other in genres)
            with self.subTest(label):
                if bottom and label != "other":
                    self.assertIn("cues:", text)

    def test_codes_are_lists_of_known_codes(self):
        for label, text in read_labels("genres").items():
            for crosswalk in re.findall(r"^ *crosswalk: \{(.*)\}$", text, flags=re.M):
                pairs = re.findall(r"([a-z-]+): \[([^\]]+)\]", crosswalk)
                with self.subTest(label):
                    self.assertEqual(", ".join(f"{name}: [{codes}]" for name, codes in pairs),
                                     crosswalk, "codes are a list")
                    for name, codes in pairs:
                        for code in codes.split(", "):
                            self.assertIn(code.strip('"'), VOCABULARIES[name])


class Documents(DaemonTest):
    def classify(self, documents):
        """The records of texts, in one run of taxon classify."""
        daemon = self.daemon()
        folder = pathlib.Path(daemon.root) / "documents"
        folder.mkdir()
        paths = []
        for number, (_, text) in enumerate(documents):
            paths.append(folder / f"{number}.txt")
            paths[-1].write_text(text)
        done = subprocess.run([TAXON, "classify", "-c", daemon.config, "--json", *paths],
                              capture_output=True, text=True, env=environment(), timeout=300)
        records = {record["name"]: record for record in map(json.loads, done.stdout.splitlines())}
        self.assertEqual(len(records), len(paths), done.stderr)
        return [records[path.name] for path in paths]

    def held(self, record, scheme):
        """The labels that hold, the finest of the highest score first."""
        labels = [label for label in record["labels"] if label["scheme"] == scheme]
        labels.sort(key=lambda label: (-label["score"], -label["id"].count("/")))
        return [label["id"] for label in labels]

    def check_genres(self, name):
        documents = read_documents(name)
        for (label, text), record in zip(documents, self.classify(documents)):
            with self.subTest(label, text=text[:40]):
                held = self.held(record, "genre")
                self.assertEqual(held[:1], [label], held)
                self.assertEqual(self.held(record, "unusable"), [])

    def test_chinese_documents_are_what_they_are(self):
        self.check_genres("genres-zh.txt")

    def test_english_documents_are_what_they_are(self):
        self.check_genres("genres-en.txt")

    def test_there_is_a_document_for_every_label(self):
        labels = {label for name in ("genres-zh.txt", "genres-en.txt")
                  for label, _ in read_documents(name)}
        bottom = {f"{root}/{child}" for root, children in GENRES.items()
                  for child in children.split()} | {"other"}
        self.assertEqual(labels, bottom)
        self.assertGreaterEqual(sum(len(read_documents(name))
                                    for name in ("genres-zh.txt", "genres-en.txt")), 100)

    def test_pages_that_are_no_documents_say_why(self):
        documents = read_documents("verdicts.txt")
        for verdict in VERDICTS:
            self.assertGreaterEqual(sum(label == verdict for label, _ in documents), 3, verdict)
        for (label, text), record in zip(documents, self.classify(documents)):
            with self.subTest(label, text=text[:40]):
                held = self.held(record, "unusable")
                if label == "usable":
                    self.assertEqual(held, [])
                    self.assertTrue(self.held(record, "genre"))
                else:
                    self.assertEqual(held[:1], [label], held)
                    self.assertEqual(self.held(record, "genre"), [], "no genre beside a verdict")


if __name__ == "__main__":
    unittest.main(verbosity=2)
