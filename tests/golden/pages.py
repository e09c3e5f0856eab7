"""The examples that the documentation shows: taken out of the pages, and put in a frame to run in."""
import dataclasses
import re
import shlex
import shutil
import subprocess

from harness import SOURCE

PAGES = [SOURCE / "README.md", *sorted((SOURCE / "docs").rglob("*.md")),
         *sorted((SOURCE / "plugins").rglob("*.md")), *sorted((SOURCE / "tests").rglob("*.md"))]
COMMAND = re.compile(r"^    ((?:taxond? |script/|build/).*)$", re.M)


@dataclasses.dataclass
class Block:
    """A fenced block of a page."""
    page: str
    line: int
    kind: str
    text: str

    def __str__(self):
        return f"{self.page}:{self.line}"


def blocks(kind=None):
    found = []
    for path in PAGES:
        page = str(path.relative_to(SOURCE))
        begin, lines = None, path.read_text().split("\n")
        for number, line in enumerate(lines, 1):
            if not line.startswith("```"):
                continue
            if begin is None:
                begin, name = number, line[3:]
                continue
            text = "\n".join(lines[begin:number - 1]) + "\n"
            found.append(Block(page, begin, name, text))
            begin = None
    return [block for block in found if kind in (None, block.kind)]


def is_list_of_commands(block):
    """`$ command   what it is for` and nothing else; other blocks have output below a command."""
    return all(line.startswith("$ ") for line in block.text.splitlines())


def commands():
    """[(page, words)] of the commands that pages list, without what they say beside them."""
    lines = [(block.page, line[2:]) for block in blocks("text") if is_list_of_commands(block)
             for line in block.text.splitlines()]
    for path in PAGES:
        shown = COMMAND.findall(re.sub(r"(?ms)^```.*?^```$", "", path.read_text()))
        lines += [(str(path.relative_to(SOURCE)), line) for line in shown]
    return [(page, shlex.split(command)) for page, line in lines
            for command in re.split(r"\s{2,}", line)[0].replace("|", "-or-").split("&&")]


def sections(text):
    """{key: lines} of the top level of a configuration."""
    found, key = {}, None
    for line in text.split("\n"):
        if re.match(r"[a-z_]+:", line):
            key = line.split(":")[0]
        if key is not None and not line.startswith("#"):
            found[key] = found.get(key, "") + line + "\n"
    return found


def is_rules(text):
    return re.search(r"(?m)^rules:\n  - name:", text) is not None


# --- frames

def build_plugins(folder):
    """Every whole C plugin that a page shows, as NAME.so in this folder. Returns {name: block}."""
    built = {}
    for block in blocks("c"):
        name = re.search(r"TAXON_CLASSIFIER\((\w+),|\.name = \"(\w+)\",\s+\.version", block.text)
        if name is None:
            continue
        name = name[1] or name[2]
        source = folder / f"{name}.c"
        source.write_text(block.text)
        compile_c(source, "-shared", "-fPIC", "-o", folder / f"{name}.so")
        built[name] = block
    return built


def compile_c(source, *arguments):
    done = subprocess.run(["cc", "-Wall", "-Wextra", "-Werror", f"-I{SOURCE / 'include'}", source,
                           *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"{source}: {done.stderr}")


class Frame:
    """A place like the one that a page has in mind: the shipped configuration, plugins of the pages
    beside those that are built, a second inbox and archive, and folders that stand in for /srv."""

    def __init__(self, config):
        self.config = config  # of a ShippedTest.shipped()
        self.folder = config.parent
        self.root = self.folder.parent
        self.shipped = config.read_text()
        self.plugins = self.root / "srv" / "taxond" / "plugins"
        self.plugins.mkdir(parents=True)
        self.built = build_plugins(self.plugins)
        for built in (self.root / "build" / "plugins").glob("*/*.so"):
            shutil.copy(built, self.plugins)
        (self.folder / "words.yaml").write_text("- 公章\n- official stamp\n")

    def here(self, text):
        """The text with this place's folders."""
        text = text.replace("/usr/lib/taxond/plugins", str(self.plugins))
        return re.sub(r"(?<![\w/])/(srv|var/lib)/", rf"{self.root}/\1/", text)

    def complete(self, text):
        """A whole configuration of which `text` is a part, or all that it must hold."""
        given = sections(text)
        if {"state", "quarantine", "inboxes", "archives"} <= set(given):
            return self.here(text)
        base = sections(self.shipped)
        base["plugin_folders"] = f"plugin_folders: [{self.plugins}]\n"
        base["rules"] = "rules: []\n"  # the shipped ones ask for genres and topics, and carry tests
        return self.here("".join({**base, **given}.values()))

    def with_rules(self, name):
        """The configuration in which a page's rule file stands."""
        base = sections(self.shipped)
        base["plugin_folders"] = f"plugin_folders: [{self.plugins}]\n"
        base["plugins"] += "  greeting: {}\n"
        base["inboxes"] += "  second: {path: ../var/second, source: ministry}\n"
        base["archives"] += "  press: ../var/press\n"
        base["rules"] = f"rules: [{name}]\nstreams: ../var/streams\n"
        return "".join(base.values())

    def write(self, text):
        self.config.write_text(text)
