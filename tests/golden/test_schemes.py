"""The schemes that are shipped hold what the reference of the default schemes says: every label, with
names in Chinese and English, a definition and codes of vocabularies that are known; and what each
plugin needs to find it. Read by labels.py, without taxon."""
import os
import pathlib
import re
import unittest

import labels

SOURCE = pathlib.Path(os.environ.get("TAXOND_SOURCE", pathlib.Path(__file__).parents[2]))

# Vocabularies that a label's crosswalk may name, and what their codes look like.
VOCABULARIES = {
    "iptc": r"[0-9]{8}",                      # IPTC Media Topics
    "weborganizer": r"[0-9]|1[0-9]|2[0-3]",   # the number of a topic, or of a format
    "sdg": r"[1-9]|1[0-7]",                   # UN goals
    "gbt4754": r"[A-T]",                      # sections of GB/T 4754-2017
}

TOPICS = {
    "ecology": "air water-pollution waste soil biodiversity forest climate conservation policy",
    "water": "supply conservation flood sea-and-rivers",
    "energy": "renewable hydrogen-and-storage electricity oil-and-gas coal nuclear",
    "industry": "manufacturing mining metals chemicals construction new-materials batteries "
                "logistics parks-and-clusters",
    "agriculture": "crops livestock forestry-and-fishery rural-development food-security",
    "innovation": "research talent digital biotech space intellectual-property",
    "governance": "policy party administration regulation inspection grass-roots",
    "economy": "macro trade investment business-climate market",
    "finance": "banking securities insurance tax-and-budget",
    "employment": "jobs wages training",
    "education": "",
    "health": "care disease medicine elderly-care",
    "society": "welfare housing poverty-relief community disability",
    "urban": "planning infrastructure real-estate",
    "transport": "road rail aviation ports-and-shipping",
    "law": "crime courts legislation",
    "safety": "work-safety disaster fire food-safety",
    "culture": "arts heritage literature media",
    "tourism": "",
    "sport": "",
    "entertainment": "film-and-tv music games celebrities",
    "technology-products": "software electronics internet",
    "lifestyle": "food fashion home hobbies family",
    "history": "",
    "religion": "",
    "military": "",
    "weather": "",
    "diplomacy": "",
    "adult": "",
}

# Codes of the roots: the reference's table, where it has one.
TOPIC_CODES = {
    "ecology": {"iptc": "06000000", "sdg": "13 14 15", "gbt4754": "N"},
    "water": {"weborganizer": "15", "sdg": "6", "gbt4754": "D N"},
    "energy": {"iptc": "20000257 20000260 20001243 20000265", "weborganizer": "15", "sdg": "7",
               "gbt4754": "B D"},
    "industry": {"iptc": "20000209", "weborganizer": "15", "sdg": "9", "gbt4754": "B C E"},
    "agriculture": {"iptc": "20000210", "weborganizer": "15", "sdg": "2", "gbt4754": "A"},
    "innovation": {"iptc": "13000000", "weborganizer": "19", "sdg": "9", "gbt4754": "M"},
    "governance": {"iptc": "11000000", "weborganizer": "17", "sdg": "16", "gbt4754": "S"},
    "economy": {"iptc": "04000000", "weborganizer": "9", "sdg": "8", "gbt4754": "F L"},
    "finance": {"weborganizer": "9", "sdg": "8", "gbt4754": "J"},
    "employment": {"iptc": "09000000", "weborganizer": "4", "sdg": "8"},
    "education": {"iptc": "05000000", "weborganizer": "4", "sdg": "4", "gbt4754": "P"},
    "health": {"iptc": "07000000", "weborganizer": "12", "sdg": "3", "gbt4754": "Q"},
    "society": {"iptc": "14000000", "weborganizer": "7", "sdg": "1 10", "gbt4754": "Q"},
    "urban": {"iptc": "20000235", "weborganizer": "14", "sdg": "11", "gbt4754": "E K"},
    "transport": {"weborganizer": "22", "sdg": "9 11", "gbt4754": "G"},
    "law": {"iptc": "02000000", "weborganizer": "3", "sdg": "16"},
    "safety": {"iptc": "03000000", "sdg": "11"},
    "culture": {"iptc": "01000000", "weborganizer": "1 16", "gbt4754": "R"},
    "tourism": {"weborganizer": "23", "sdg": "8", "gbt4754": "H"},
    "sport": {"iptc": "15000000", "weborganizer": "21", "gbt4754": "R"},
    "entertainment": {"iptc": "01000000", "weborganizer": "6 11", "gbt4754": "R"},
    "technology-products": {"weborganizer": "2 5 20", "gbt4754": "I"},
    "lifestyle": {"iptc": "10000000", "weborganizer": "7 8 10 14"},
    "history": {"weborganizer": "13"},
    "religion": {"iptc": "12000000", "weborganizer": "18"},
    "military": {"iptc": "16000000", "sdg": "16"},
    "weather": {"iptc": "17000000", "gbt4754": "M"},
    "diplomacy": {"iptc": "11000000", "weborganizer": "17", "sdg": "17", "gbt4754": "T"},
    "adult": {"weborganizer": "0"},
}

# Codes below the top level of a vocabulary that the reference has seen in their source.
IPTC_BELOW = {
    "20000418", "20000420", "20000423", "20000424", "20000430", "20000441", "20001374", "20000209",
    "20000210", "20000235", "20000257", "20000260", "20000265", "20001243", "20000316", "20000223",
    "20000230", "20000231", "20000343", "20000304", "20000349", "20000170", "20000344", "20000385",
}


def expected_ids(scheme):
    """{root: "child child"} as whole ids."""
    return {whole for root, children in scheme.items()
            for whole in [root] + [f"{root}/{child}" for child in children.split()]}


class Scheme(unittest.TestCase):
    """What holds for the labels of any scheme; a scheme's own test names its folder."""

    def check_labels(self, folder, expected, vocabularies):
        found = labels.read_scheme(SOURCE / "config" / folder)
        ids = [label["id"] for label in found]
        self.assertEqual(len(ids), len(set(ids)))
        self.assertEqual(set(ids), expected_ids(expected))
        for label in found:
            with self.subTest(label["id"]):
                self.check_label(label, vocabularies)
        return {label["id"]: label for label in found}

    def check_label(self, label, vocabularies):
        self.assertEqual(set(label["names"]), {"zh", "en"})
        self.assertRegex(label["names"]["zh"], "[\u4e00-\u9fff]")
        self.assertRegex(label["names"]["en"], r"^[A-Z&][A-Za-z ,&()-]+$")
        self.assertRegex(label["definition"], r"^[A-Z].{8,110}\.$")
        for vocabulary, codes in label.get("crosswalk", {}).items():
            self.assertIn(vocabulary, vocabularies)
            for code in labels.as_list(codes):
                self.assertRegex(code, f"^({vocabularies[vocabulary]})$")


class Topics(Scheme):
    def setUp(self):
        self.found = self.check_labels("topics", TOPICS, VOCABULARIES)

    def test_codes_are_those_of_the_reference(self):
        for root in TOPICS:
            codes = {vocabulary: " ".join(labels.as_list(values)) for vocabulary, values
                     in self.found[root].get("crosswalk", {}).items()}
            self.assertEqual(codes, TOPIC_CODES[root], root)
        for whole, label in self.found.items():
            for code in labels.as_list(label.get("crosswalk", {}).get("iptc", [])):
                self.assertTrue(code.endswith("000000") or code in IPTC_BELOW, f"{whole}: {code}")

    def test_lexicons_are_full(self):
        for whole, label in self.found.items():
            english = [term for term in label["terms"] if re.search("[a-z]", term)]
            chinese = len(label["terms"]) - len(english)
            least, least_english = (40, 12) if whole in TOPICS else (20, 5)
            with self.subTest(whole):
                self.assertGreaterEqual(len(label["terms"]), least)
                self.assertGreaterEqual(len(english), least_english)
                self.assertGreaterEqual(chinese, least_english)
                self.assertGreater(len(set(label["terms"].values())), 1, "all weigh the same")

    def test_every_root_says_what_it_is_not(self):
        for root in TOPICS:
            self.assertGreaterEqual(len(self.found[root].get("negative", {})), 5, root)

    def test_weights_are_within_reason(self):
        """One mention of one term must not make a topic hold, in the shortest text: up to a weight of
        3 it does not (plugins/topics/README.md)."""
        for whole, label in self.found.items():
            for term, weight in label["terms"].items():
                self.assertTrue(0 < float(weight) <= 3, f"{whole}: {term}")


class Reader(unittest.TestCase):
    """The reader itself, as the tests above rest on it."""

    def read(self, text):
        return labels.read_yaml(Text(text))

    def test_it_reads_what_label_files_hold(self):
        self.assertEqual(
            self.read('# note\nid: a   # why\nnames: {zh: 甲, en: "A, b"}\nlist:\n  - id: b\n'
                      "    terms: {\n      'x: y': 1, net-zero: 2.5,\n      z*: 1\n    }\n"
                      "  - id: c\nnone:\n"),
            {"id": "a", "names": {"zh": "甲", "en": "A, b"},
             "list": [{"id": "b", "terms": {"x: y": "1", "net-zero": "2.5", "z*": "1"}},
                      {"id": "c"}],
             "none": None})

    def test_it_refuses_what_it_does_not_know(self):
        for text in ("a: 1\na: 2\n", "a: {x: 1, x: 2}\n", "a: {x: 1\n", "a:\n    b: 1\n  c: 2\n"):
            with self.assertRaises(ValueError, msg=text):
                self.read(text)


class Text:
    def __init__(self, text):
        self.text = text

    def read_text(self, encoding):
        return self.text


if __name__ == "__main__":
    unittest.main(verbosity=2)
