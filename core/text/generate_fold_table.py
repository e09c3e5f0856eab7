"""Writes the folding tables as C, at build time: Traditional to Simplified out of OpenCC's
dictionaries, the rest out of Unicode's properties as Python's unicodedata knows them.

Usage: generate_fold_table.py OPENCC_DICT DICTIONARY_FOLDER OUT_FOLD_C OUT_HAN_SCRIPT_C

core/text/fold_table.h says what the tables mean; core/text/meson.build runs this. Nothing of
OpenCC's data is kept in the source tree. Same dictionaries, same output, byte for byte.
"""

import os
import subprocess
import sys
import tempfile
import unicodedata

# Words that OpenCC's TSPhrases leaves to its regional dictionaries. Taiwan writes the particle 着
# as 著, which in other words stays 著 (著作, 顯著), so it has to be told word by word.
EXTRA_PHRASES = {
    "甚麼": "什么",
    "甚么": "什么",
}
BEFORE_PARTICLE = (
    "隨沿接跟看有對向朝帶靠憑本按照圍繞伴執穿拿抱站坐躺走跑笑哭聽說想望忙活守含藏存流連"
    "牽扶指盯面懷背戴披掛插握捧頂騎踏踩冒閃住留迎試陪佔充滿味"
)
AFTER_PARTICLE = "急手力眼重落想實陸火涼迷魔色裝慌"
# 著 as in writing or as plain to see; in both scripts, since text of either is folded.
WRITTEN_WORDS = "著作 著名 著者 著稱 著称 著述 著錄 著录 著書 著书".split()
WRITTEN_BEFORE = "原名專专巨鉅論论編编譯译所合土顯显卓昭遺遗拙自"

SPACES = [c for c in range(0x80, 0x3001) if chr(c).isspace() and c not in range(0x1C, 0x20)]
LINE_ENDS = {0x85, 0x2028, 0x2029}

# General category Cf but visible, or needed where they stand: Arabic and other number signs.
VISIBLE_FORMATS = {*range(0x0600, 0x0606), 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2}


def read_dictionary(tool, path):
    with tempfile.TemporaryDirectory() as folder:
        text = os.path.join(folder, "text")
        subprocess.run([tool, "-f", "ocd2", "-t", "text", "-i", path, "-o", text], check=True)
        with open(text, encoding="utf-8") as lines:
            pairs = [line.rstrip("\n").split("\t") for line in lines]
    return {key: value.split(" ") for key, value in pairs}


def particle_phrases(characters):
    def simplified(text):
        return "".join(characters.get(character, character) for character in text)

    kept = [before + word for before in BEFORE_PARTICLE for word in WRITTEN_WORDS]
    kept += [before + "著" for before in WRITTEN_BEFORE]
    particle = [before + "著" for before in BEFORE_PARTICLE]
    particle += ["著" + after for after in AFTER_PARTICLE]
    phrases = {phrase: simplified(phrase) for phrase in kept}
    phrases.update({phrase: simplified(phrase).replace("著", "着") for phrase in particle})
    return phrases


def convert(text, characters, phrases):
    """Leftmost longest phrase, otherwise by character: what OpenCC does and fold.c does."""
    out, at = "", 0
    longest = max(map(len, phrases), default=0)
    while at < len(text):
        for size in range(min(longest, len(text) - at), 1, -1):
            if text[at : at + size] in phrases:
                out += phrases[text[at : at + size]]
                at += size
                break
        else:
            out += characters.get(text[at], text[at])
            at += 1
    return out


def needed_phrases(characters, phrases):
    """Leaves out phrases that change nothing, in whatever text they stand: converted alike without
    them, and no other phrase begins inside them and goes on past their end."""
    kept = dict(phrases)
    for phrase in sorted(phrases):
        rest = {key: value for key, value in kept.items() if key != phrase}
        reaches_out = any(
            other != phrase and other.startswith(phrase[at:])
            for at in range(1, len(phrase))
            for other in kept
        )
        if not reaches_out and convert(phrase, characters, rest) == phrases[phrase]:
            del kept[phrase]
    return kept


class Table:
    """Actions by character; action 0 is: as it stands."""

    def __init__(self):
        self.actions = [("FOLD_COPY", "", 0)]
        self.numbers = {}
        self.of = {}

    def set(self, code_point, kind, to="", phrase=0):
        action = (kind, to, phrase)
        if action not in self.numbers:
            self.numbers[action] = len(self.actions)
            self.actions.append(action)
        self.of[code_point] = self.numbers[action]


def set_case(table):
    ranges = [(0xC0, 0x17F), (0x180, 0x24F), (0x370, 0x3FF), (0x400, 0x52F), (0x531, 0x556)]
    for begin, end in ranges + [(0x1E00, 0x1FFF)]:
        for code_point in range(begin, end + 1):
            character = chr(code_point)
            lower = character.lower()
            # Only what does not grow: U+023A and its like would need three bytes for two.
            growth = len(lower.encode()) - len(character.encode())
            if len(lower) == 1 and lower != character and growth <= 0:
                table.set(code_point, "FOLD_CASE" if growth == 0 else "FOLD_SHORTER", lower)
    table.set(0x130, "FOLD_SHORTER", "i")  # its lower case is two characters, i and a dot
    table.set(0x3C2, "FOLD_CASE", "σ")  # final sigma: no capital tells it from σ


def set_width(table):
    for code_point in range(0xFF01, 0xFF5F):
        table.set(code_point, "FOLD_WIDTH", chr(code_point - 0xFEE0).lower())
    for code_point, to in zip(range(0xFFE0, 0xFFE7), "¢£¬¯¦¥₩"):
        table.set(code_point, "FOLD_WIDTH", to)
    table.set(0xFF08, "FOLD_OPEN", "(")


def set_space_and_format(table):
    for code_point in SPACES:
        table.set(code_point, "FOLD_LINE_END" if code_point in LINE_ENDS else "FOLD_SPACE")
    for code_point in range(0x80, 0x10000):
        if unicodedata.category(chr(code_point)) == "Cf" and code_point not in VISIBLE_FORMATS:
            table.set(code_point, "FOLD_DROP")
    for code_point in range(0xFE00, 0xFE10):  # variation selectors choose a glyph, not a character
        table.set(code_point, "FOLD_DROP")


def set_han(table, characters, phrases):
    """Returns the phrases in groups by first character, the longest first in each; numbered from
    1 on."""
    numbers = {
        first: number for number, first in enumerate(sorted({phrase[0] for phrase in phrases}), 1)
    }
    groups = [[] for _ in numbers]
    for phrase in sorted(phrases, key=lambda phrase: (-len(phrase), phrase)):
        groups[numbers[phrase[0]] - 1].append(phrase)
    for character in sorted({*characters, *numbers}):
        to = characters.get(character, character)
        in_step = len(to.encode()) == len(character.encode())
        if character in numbers:
            table.set(ord(character), "FOLD_PHRASE", to, numbers[character])
        elif to != character:
            table.set(ord(character), "FOLD_HAN" if in_step else "FOLD_HAN_OTHER", to)
    return groups


def c_string(text):
    return '"' + "".join(f"\\x{byte:02x}" for byte in text.encode()) + '"'


def rows_of(numbers, width=16):
    numbers = list(numbers)
    for at in range(0, len(numbers), width):
        yield "    " + ", ".join(str(number) for number in numbers[at : at + width]) + ","


def pages_of(table):
    """Pages of 64 actions, and which page each two lead bytes (or one) take; page 0 is all zero."""
    pages, seen = [(0,) * 64], {(0,) * 64: 0}
    index = []
    for block in range(0x10000 // 64):
        page = tuple(table.of.get(block * 64 + at, 0) for at in range(64))
        if page not in seen:
            seen[page] = len(pages)
            pages.append(page)
        index.append(seen[page])
    return pages, index


def second_bits(group):
    bits = 0
    for phrase in group:
        bits |= 1 << (phrase[1].encode()[2] & 0x3F)
    return bits


def write_phrases(groups, phrases):
    lines = ["const struct fold_phrase fold_phrases[] = {"]
    for phrase in (phrase for group in groups for phrase in group):
        lines.append(f"    {{{c_string(phrase)}, {c_string(phrases[phrase])}, {len(phrase)}}},")
    lines += ["};", "", "const struct fold_phrase_group fold_phrase_groups[] = {", "    {0, 0, 0},"]
    begin = 0
    for group in groups:
        lines.append(f"    {{{second_bits(group):#x}, {begin}, {len(group)}}},")
        begin += len(group)
    return [*lines, "};", ""]


def write_fold(path, table, groups, phrases):
    pages, index = pages_of(table)
    astral = sorted(code_point for code_point in table.of if code_point > 0xFFFF)
    lines = ["/* Written by generate_fold_table.py. */", '#include "text/fold_table.h"', ""]
    lines += ["const struct fold_action fold_actions[] = {"]
    for kind, to, phrase in table.actions:
        lines.append(f"    {{{c_string(to)}, {len(to.encode())}, {kind}, {phrase}}},")
    lines += ["};", "", "const uint16_t fold_index[1024] = {", *rows_of(index), "};", ""]
    lines += ["const uint16_t fold_pages[][64] = {"]
    for page in pages:
        lines += ["    {", *rows_of(page), "    },"]
    lines += ["};", "", "const struct fold_astral fold_astrals[] = {"]
    lines += [f"    {{{code_point:#x}, {table.of[code_point]}}}," for code_point in astral]
    lines += ["};", f"const size_t fold_astral_count = {len(astral)};", ""]
    lines += write_phrases(groups, phrases)
    with open(path, "w", encoding="utf-8") as out:
        out.write("\n".join(lines))


def write_han_script(path, traditional, simplified):
    lines = ["/* Written by generate_fold_table.py. */", '#include "text/han_script.h"', ""]
    for name, members in (("traditional", traditional), ("simplified", simplified)):
        words = [0] * ((0xA000 - 0x3400) // 64)
        for character in members:
            if 0x3400 <= ord(character) < 0xA000:
                offset = ord(character) - 0x3400
                words[offset // 64] |= 1 << (offset % 64)
        lines += [f"const uint64_t han_only_{name}[HAN_SCRIPT_WORDS] = {{"]
        lines += rows_of((f"{word:#x}" for word in words), 4)
        lines += ["};", ""]
    with open(path, "w", encoding="utf-8") as out:
        out.write("\n".join(lines))


def changed(dictionary):
    return {key for key, values in dictionary.items() if key not in values}


def main():
    tool, folder, fold_path, script_path = sys.argv[1:]
    to_simplified = read_dictionary(tool, os.path.join(folder, "TSCharacters.ocd2"))
    to_traditional = read_dictionary(tool, os.path.join(folder, "STCharacters.ocd2"))
    characters = {key: values[0] for key, values in to_simplified.items()}
    words = read_dictionary(tool, os.path.join(folder, "TSPhrases.ocd2"))
    phrases = {key: values[0] for key, values in words.items()}
    phrases = {**EXTRA_PHRASES, **particle_phrases(characters), **phrases}
    phrases = {key: value for key, value in phrases.items() if len(key) == len(value)}
    phrases = needed_phrases(characters, phrases)
    if len(characters) < 4000 or "乾隆" not in phrases or "瞭解" not in phrases:
        sys.exit("generate_fold_table.py: OpenCC's dictionaries are not what they were")
    begins = {character for phrase in phrases for character in phrase[:2]}
    begins |= {characters.get(phrase[0], phrase[0]) for phrase in phrases}
    if any(len(character.encode()) != 3 for character in begins):
        sys.exit("generate_fold_table.py: a phrase begins outside the basic plane")

    table = Table()
    set_case(table)
    set_space_and_format(table)
    set_width(table)
    groups = set_han(table, characters, phrases)
    write_fold(fold_path, table, groups, phrases)

    # Written in one of the two scripts only. A form that either script keeps, such as 乾 or 里,
    # says nothing.
    traditional = changed(to_simplified) - to_traditional.keys()
    simplified = changed(to_traditional) - to_simplified.keys()
    write_han_script(script_path, traditional, simplified)


main()
