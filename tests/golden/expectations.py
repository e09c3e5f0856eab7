"""What a careful reader says of documents, and whether a record agrees.

Readers' words stand in files called expected.yaml (tests/samples, and ../shared/data/seeds beside the
project). Nothing here knows how a record came about.
"""
import re

# A role of page furniture, and those that may stand for it: a footer is split into what it holds, and
# a site's menu, trail and lists of links are all ways of walking through it.
LOOSE = {
    "breadcrumb": {"navigation"},
    "navigation": {"breadcrumb", "related", "footer"},
    "dateline": {"byline", "share"},
    "byline": {"dateline"},
    "share": {"dateline", "byline", "navigation"},
    "pagination": {"navigation", "related"},
    "related": {"navigation", "pagination"},
    "contact": {"publisher", "footer"},
    "publisher": {"contact", "copyright", "footer"},
    "registration": {"publisher", "copyright", "footer"},
    "copyright": {"publisher", "registration", "footer"},
    "footer": {"contact", "publisher", "registration", "copyright", "navigation", "share"},
}


def read(path):
    """{document: {key: value}} of an expected.yaml: the part of YAML that these are written in.

    NAME: and below it, indented, `key: word`, `key: [words]` or `key:` with one more such level.
    Comments follow a space and #.
    """
    expected, stack = {}, []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = re.sub(r"(^|\s)#.*", "", line).rstrip()
        if not line:
            continue
        if not re.search(r":(\s|$)", line):
            raise ValueError(f"{path}:{number}: no key")
        indent = len(line) - len(line.lstrip())
        key, value = re.split(r":(?:\s+|$)", line.strip(), maxsplit=1)
        while stack and stack[-1][0] >= indent:
            stack.pop()
        parent = stack[-1][1] if stack else expected
        if value:
            parent[key] = read_value(value)
        else:
            parent[key] = {}
            stack.append((indent, parent[key]))
    return expected


def read_value(text):
    if text == "{}":
        return {}
    if text.startswith("["):
        return [read_value(word.strip()) for word in text.strip("[]").split(",") if word.strip()]
    return int(text) if text.isdigit() else text.strip('"')


# --- what a record says

def as_list(value):
    return value if isinstance(value, list) else [value]


def finest(record, scheme):
    """Labels of a scheme that hold and have none below them that does; the strongest first."""
    held = [label["id"] for label in record["labels"] if label["scheme"] == scheme]
    return [label for label in held if not any(other.startswith(label + "/") for other in held)]


def with_roots(record, scheme):
    held = {label["id"] for label in record["labels"] if label["scheme"] == scheme}
    return held | {label.split("/")[0] for label in held}


def is_or_below(label, wanted):
    """Whether a label is one of these, or below one of them."""
    return any(label == want or label.startswith(want + "/") for want in as_list(wanted))


def fact(record, name):
    """The value of the fact of this name of the highest score, or None."""
    facts = [fact for fact in record.get("facts", []) if fact["name"] == name]
    return max(facts, key=lambda fact: fact["score"])["value"] if facts else None


def furniture(record):
    """[(begin, end, role)] of what is marked as page furniture firmly enough to be left out."""
    return [(span["begin"], span["end"], span["id"]) for span in record.get("spans", [])
            if span["scheme"] == "boilerplate" and span["score"] >= 0.5]


def marked_bytes(record):
    """How many bytes lie in at least one piece of furniture."""
    total, end = 0, 0
    for begin, stop, _ in sorted(furniture(record)):
        total += max(0, stop - max(begin, end))
        end = max(end, stop)
    return total


class Compare:
    """Assertions for a unittest.TestCase: `check(name, record, want)` does all that `want` asks."""

    def check(self, name, record, want):
        self.assertNotIn("failure", record, name)
        self.assertNotIn("failures", record, name)
        for look in (self.check_text, self.check_genre, self.check_topics, self.check_evidence,
                     self.check_facts):
            with self.subTest(name, look=look.__name__):
                look(record, want)

    def check_text(self, record, want):
        if "language" in want:
            self.assertEqual(record["language"]["id"], want["language"])
        if "script" in want:
            self.assertEqual(record["language"]["script"], want["script"])
        if "charset" in want:
            self.assertEqual(record["charset"]["name"], want["charset"])
        if "media_type" in want:
            self.assertEqual(record["media_type"], want["media_type"])
        damage = [damage["kind"] for damage in record.get("damage", [])]
        self.assertEqual(damage, [want["damage"]] if "damage" in want else [])
        self.assertEqual(record.get("unusable", {}).get("verdict"), want.get("unusable"))
        self.assertEqual(record["usable"], "unusable" not in want)

    def check_genre(self, record, want):
        if "genre" in want:
            genres = finest(record, "genre")
            self.assertTrue(genres, "no genre holds")
            self.assertTrue(is_or_below(genres[0], want["genre"]),
                            f"{genres}, not {want['genre']}")

    def check_topics(self, record, want):
        topics = with_roots(record, "topic")
        missing = set(want.get("topics_all", [])) - topics
        self.assertFalse(missing, f"topics that are not among {sorted(topics)}")
        self.assertFalse(set(want.get("topics_none", [])) & topics, "topics that it is not about")
        if "topics_some" in want:
            found = set(want["topics_some"]) & topics
            self.assertGreaterEqual(len(found), want.get("at_least", 1),
                                    f"of {want['topics_some']} among {sorted(topics)}")

    def check_evidence(self, record, _):
        for label in record["labels"]:
            self.assertGreaterEqual(label["score"], label["threshold"])
            if label["id"] != "other":  # which is said where nothing speaks for anything else
                self.assertTrue(label.get("evidence"), label["id"])

    def check_facts(self, record, want):
        if "title" in want:
            self.assertIn(want["title"], record.get("title", ""))
        for key in ("date_published", "date_copied", "date_event"):
            if key in want:
                found = fact(record, key.replace("_", "-"))
                self.assertEqual(found or "none", str(want[key]), key)
        for key in ("template", "incomplete"):
            self.assertEqual(fact(record, key), want.get(key), key)
