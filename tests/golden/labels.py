"""Reads label files (config/topics, config/genres, …) with nothing but the standard library.

It knows the part of YAML that these files are written in: block mappings and sequences by
indentation, flow mappings and sequences over several lines, quoted and plain scalars, comments.
Scalars stay text. Anything else is an error with its line: such a file is not written as ours are.
"""
import re

_TOKEN = re.compile(r"""\s*(?:(?P<mark>[\[\]{},:])|"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>(?:[^']|'')*)')""")
_KEY = re.compile(r"""(?P<quote>["']?)(?P<key>(?:(?!(?P=quote)).)*?|[^:#]*?)(?P=quote):(?:\s+|$)""")


def _uncomment(line):
    quote = None
    for at, character in enumerate(line):
        if quote:
            quote = None if character == quote else quote
        elif character in "\"'" and (at == 0 or line[at - 1] in " ,[{:"):
            quote = character
        elif character == "#" and (at == 0 or line[at - 1] == " "):
            return line[:at].rstrip()
    return line.rstrip()


class _Flow:
    """A value in braces or brackets."""

    def __init__(self, text):
        self.text, self.at = text, 0

    def peek(self):
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        return self.text[self.at:self.at + 1]

    def take(self, mark):
        if self.peek() != mark:
            raise ValueError(f"{mark!r} expected before {self.text[self.at:self.at + 30]!r}")
        self.at += 1

    def scalar(self):
        token = _TOKEN.match(self.text, self.at)
        if token and not token["mark"]:
            self.at = token.end()
            return (re.sub(r"\\(.)", r"\1", token["double"]) if token["double"] is not None
                    else token["single"].replace("''", "'"))
        self.peek()
        plain = re.compile(r"(?:[^\[\]{},:]|:(?=\S))+").match(self.text, self.at)
        if not plain:
            raise ValueError(f"a scalar expected before {self.text[self.at:self.at + 30]!r}")
        self.at = plain.end()
        return plain[0].strip()

    def value(self):
        if self.peek() == "[":
            return self.sequence()
        return self.mapping() if self.peek() == "{" else self.scalar()

    def sequence(self):
        found = []
        self.take("[")
        while self.peek() != "]":
            found.append(self.value())
            if self.peek() != "]":
                self.take(",")
        self.take("]")
        return found

    def mapping(self):
        found = {}
        self.take("{")
        while self.peek() != "}":
            key = self.scalar()
            self.take(":")
            if key in found:
                raise ValueError(f"{key!r} twice")
            found[key] = self.value()
            if self.peek() != "}":
                self.take(",")
        self.take("}")
        return found


class _Block:
    def __init__(self, text):
        self.lines = [(number, line) for number, line
                      in enumerate(map(_uncomment, text.splitlines()), 1) if line.strip()]
        self.at = 0

    def indent(self):
        if self.at == len(self.lines):
            return -1
        line = self.lines[self.at][1]
        return len(line) - len(line.lstrip())

    def inline(self, text):
        """A value that begins behind its key, in flow style maybe over several lines."""
        if text[0] not in "[{":
            return _Flow(text).scalar() if text[0] in "\"'" else text
        while True:
            try:
                return _Flow(text).value()
            except ValueError:
                if self.at == len(self.lines):
                    raise
                text += " " + self.lines[self.at][1]
                self.at += 1

    def mapping(self, indent):
        found = {}
        while self.indent() == indent:
            number, line = self.lines[self.at]
            key = _KEY.match(line, indent)
            if not key:
                raise ValueError(f"line {number}: no key")
            if key["key"] in found:
                raise ValueError(f"line {number}: {key['key']!r} twice")
            self.at += 1
            rest = line[key.end():].strip()
            found[key["key"]] = self.inline(rest) if rest else self.node(indent)
        return found

    def sequence(self, indent):
        found = []
        while self.indent() == indent and self.lines[self.at][1].lstrip().startswith("- "):
            number, line = self.lines[self.at]
            # What stands behind the dash is a node of its own, two columns in.
            self.lines[self.at] = (number, line.replace("-", " ", 1))
            found.append(self.node(indent))
        return found

    def node(self, above):
        indent = self.indent()
        if indent <= above:
            return None
        line = self.lines[self.at][1]
        if line.lstrip().startswith("- "):
            return self.sequence(indent)
        if _KEY.match(line, indent):
            return self.mapping(indent)
        self.at += 1
        return self.inline(line.strip())


def read_yaml(path):
    block = _Block(path.read_text(encoding="utf-8"))
    node = block.node(-1)
    if block.at < len(block.lines):
        raise ValueError(f"{path}: line {block.lines[block.at][0]} is not understood")
    return node


def as_list(value):
    return value if isinstance(value, list) else [value]


def _flatten(node, above, found):
    label = dict(node, id=f"{above}/{node['id']}" if above else node["id"])
    children = label.pop("children", [])
    found.append(label)
    for child in children:
        _flatten(child, label["id"], found)


def read_scheme(folder):
    """All labels of a folder of label files, ids whole ("ecology/air"), children behind parents."""
    found = []
    for path in sorted(folder.glob("*.yaml")):
        _flatten(read_yaml(path), "", found)
    return found
