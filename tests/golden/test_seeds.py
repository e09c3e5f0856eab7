"""The documents that the project started from, ../shared/data/seeds, against what a careful reader
says of them there (expected.yaml): by `taxon classify` and through the daemon. And nothing that is
shipped knows them: no place, person, host or paper of theirs stands in code, lexicons or rules.

Where the folder is not there, this says so and is skipped.
"""
import hashlib
import re
import unittest

import expectations
from harness import SOURCE, shared
from shipped import ShippedTest

SEEDS = shared("data", "seeds")
WHERE = "there is no ../shared/data/seeds: nothing was compared"

# At least two of this one's topics_some, as its comment there says; of the others, one.
AT_LEAST = {"000": 2}
CONTENT_LINES = 2  # of all, may be marked as furniture


def seeds():
    return sorted(SEEDS.glob("*.txt"))


def expected():
    wanted = expectations.read(SEEDS / "expected.yaml")
    for name, want in wanted.items():
        want["at_least"] = AT_LEAST.get(name[:3], 1)
        for key in ("charset", "media_type"):
            want.setdefault(key, {"charset": "UTF-8", "media_type": "text/plain"}[key])
    return wanted


def lines_of(text):
    """[(number from 1, [(begin, end) in bytes of each character that is not white space])]."""
    lines, at = [], 0
    for number, line in enumerate(text.split("\n"), 1):
        characters = []
        for character in line:
            size = len(character.encode())
            if not character.isspace():
                characters.append((at, at + size))
            at += size
        lines.append((number, characters))
        at += 1
    return lines


def covered(characters, spans):
    """{role: share of the characters that lie in spans of the role}, and under "" in any."""
    shares = {"": 0}
    for begin, end in characters:
        roles = {role for first, last, role in spans if first <= begin and end <= last}
        for role in roles | ({""} if roles else set()):
            shares[role] = shares.get(role, 0) + 1 / len(characters)
    return shares


@unittest.skipUnless(SEEDS, WHERE)
class Seeds(ShippedTest, expectations.Compare):
    def test_by_taxon_classify(self):
        self.compare(self.classify(self.shipped(), seeds()))

    def test_through_the_daemon(self):
        filed = self.file_all(self.shipped(), seeds())
        self.compare({name: record for name, (_, record) in filed.items()})

    def compare(self, records):
        wanted = expected()
        self.assertEqual(set(records), set(wanted))
        self.assertEqual(len(records), 5)
        marked = []
        for name, want in wanted.items():
            self.check(name, records[name], want)
            with self.subTest(name, what="furniture"):
                marked += self.check_lines(name, records[name], want["boilerplate"])
        with self.subTest("content that was marked"):
            self.assertLessEqual(len(marked), CONTENT_LINES, marked)

    def check_lines(self, name, record, want):
        """Every line of `want` is marked, by its role; returns the other lines that are."""
        raw = (SEEDS / name).read_bytes()
        self.assertEqual(record["text_sha256"], hashlib.sha256(raw).hexdigest(), "the same text")
        roles = {line: role for role, lines in want.items() for line in lines}
        spans = expectations.furniture(record)
        marked, missed = [], []
        for number, characters in lines_of(raw.decode()):
            if not characters:
                continue
            shares = covered(characters, spans)
            role = roles.pop(number, None)
            if role is None and shares[""] > 0.5:
                marked.append((name, number, shares))
            if role is not None and not self.is_marked(shares, role):
                missed.append((number, role, shares))
        self.assertFalse(roles, "lines that are empty or not there")
        self.assertFalse(missed, "(line, role, marked)")
        return marked

    def is_marked(self, shares, role):
        accepted = {role} | expectations.LOOSE.get(role, set())
        return shares[""] > 0.5 and bool(accepted & set(shares))


GLOSS = r"\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹ]+\)"
HAN = "[\u4e00-\u9fff]"


def names_in(text):
    """Names that a reader sees in a seed: hosts, numbers, people who speak, papers that ask."""
    text = re.sub(GLOSS, "", text, flags=re.I)
    names = set(re.findall(r"\b([\w-]{4,})\.(?:com|cn|net|org)\b", text, re.A))
    names |= set(re.findall(r"(?<!\d)\d{7,}(?!\d)", text))
    people = re.findall(rf"(?m)^({HAN}{{2,3}})[:：]", text)
    people += re.findall(rf"(?m)^.*(?:主任|主持人|秘书长)({HAN}{{3}})[:：]$", text)
    people += re.findall(rf"记者 ?({HAN}{{2,3}})[)）摄 ]", text)
    names |= {word for word in people if not re.search("记者|主持|发布", word)}
    names |= set(re.findall(rf"(?m)^({HAN}{{2,6}})记者[:：]", text))
    names |= set(re.findall(rf"(?m)^({HAN}{{2,6}})\d+月\d+日讯", text))
    # A list of speakers without a space between name and office, and the site at a trail's beginning.
    names |= set(re.findall(rf"(?m)^({HAN}{{3}})市", text))
    names |= set(re.findall(rf"[:：]\s*({HAN}{{3,}})\s*>", text.split("\n")[0]))
    return names


@unittest.skipUnless(SEEDS, WHERE)
class NothingKnowsThem(unittest.TestCase):
    def names(self):
        wanted = expectations.read(SEEDS / "expected.yaml")
        names = {want["place"] for want in wanted.values() if "place" in want}
        places = len(names)
        for want in wanted.values():
            names |= set(re.findall(rf"^({HAN}{{2,4}}?)(?:国家|市|区|县)", want.get("title", "")))
        for path in seeds():
            names |= names_in(path.read_text())
        self.assertGreaterEqual(places, 3)
        self.assertGreater(len(names), places + 10)
        return names

    def test_no_name_of_theirs_is_shipped(self):
        names = self.names()
        shipped = [path for folder in ("config", "plugins", "core")
                   for path in sorted((SOURCE / folder).rglob("*")) if path.is_file()]
        self.assertGreater(len(shipped), 100)
        for path in shipped:
            text = path.read_text(errors="replace")
            found = {name for name in names if name in text}
            self.assertFalse(found, path)


if __name__ == "__main__":
    unittest.main(verbosity=2)
