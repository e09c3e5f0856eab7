#!/usr/bin/env python3
"""Computes core/text/charset_models_*.c: how likely one letter is after another, for each language
that charsets of one byte a character are told apart by.

    generate_charset_models.py DICTIONARIES FOLDER

Not part of the build: what it writes is kept in the tree. The frequencies of words are those of the
Python package wordfreq 3.1.1 (R. Speer; subtitles, encyclopedias, news, books, web pages), which
must be importable. Four languages that it lacks are computed from Debian's spelling dictionaries,
each word counting once: DICTIONARIES holds be_BY.dic (hunspell-be), kk_KZ.dic (hunspell-kk),
et_EE.dic (myspell-et), th_TH.dic (hunspell-th). Only these figures are kept, no word.

A cell is -log2 P(letter | letter before) in thirds of a bit, as one printable character; index 0 is
the border of a word. P is smoothed with the letter's own frequency.
"""
import math
import pathlib
import sys
import unicodedata

LATIN = "abcdefghijklmnopqrstuvwxyz"
CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
# Letters by the alphabets of the languages; what words of wordfreq have beyond them is foreign.
LANGUAGES = {
    "latin": {
        "en": LATIN, "fr": LATIN + "àâæçèéêëîïôùûüÿœ", "de": LATIN + "äöüß",
        "es": LATIN + "áéíñóúü", "pt": LATIN + "àáâãçéêíóôõú", "it": LATIN + "àèéìòù",
        "nl": LATIN + "éëïöü", "sv": LATIN + "äåéö", "da": LATIN + "æøåé", "nb": LATIN + "æøåéò",
        "fi": LATIN + "äöåšž", "is": LATIN + "áéíóúýðþæö", "hu": LATIN + "áéíóöőúüű",
        "pl": LATIN + "ąćęłńóśźż", "cs": LATIN + "áčďéěíňóřšťúůýž",
        "sk": LATIN + "áäčďéíĺľňóôŕšťúýž", "sl": LATIN + "čšž", "sh": LATIN + "čćđšž",
        "ro": LATIN + "ăâîşţ", "tr": LATIN + "çğıöşüâ", "lt": LATIN + "ąčęėįšųūž",
        "lv": LATIN + "āčēģīķļņšūž", "et": LATIN + "äöüõšž",
        "vi": LATIN + "âăđêôơư\u0300\u0301\u0303\u0309\u0323",
    },
    "other": {
        "ru": CYRILLIC + "ё", "uk": CYRILLIC + "іїєґ", "be": CYRILLIC + "ёіў",
        "bg": CYRILLIC, "mk": CYRILLIC + "ѓѕјљњќџ", "kk": CYRILLIC + "ёәғқңөұүһі",
        "el": "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰ",
        "he": "אבגדהוזחטיךכלםמןנסעףפץצקרשת",
        "ar": "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي",
        "fa": "ءآأئابپتثجچحخدذرزژسشصضطظعغفقکگلمنهوی",
        "th": "".join(chr(c) for c in [*range(0xE01, 0xE3B), *range(0xE40, 0xE4F)]),
    },
}
DICTIONARIES = {"be": "be_BY.dic", "kk": "kk_KZ.dic", "et": "et_EE.dic", "th": "th_TH.dic"}
SMOOTHING = 0.02  # of a row's weight
LEVELS = 55


def words_of(language, dictionaries):
    """Pairs of word and weight."""
    if language not in DICTIONARIES:
        import wordfreq
        return wordfreq.get_frequency_dict(language, "small").items()
    path = dictionaries / DICTIONARIES[language]
    encoding = "iso8859-15" if language == "et" else "utf-8-sig"
    lines = path.read_text(encoding=encoding).split("\n")[1:]
    return [(line.split("/")[0].strip(), 1.0) for line in lines if line.strip()]


def spelled(word, language):
    word = word.lower()
    if language == "vi":  # windows-1258 writes the five tones apart, the other marks not
        tones = "\u0300\u0301\u0303\u0309\u0323"
        parts = []
        for character in word:
            pieces = unicodedata.normalize("NFD", character)
            tone = "".join(piece for piece in pieces if piece in tones)
            rest = "".join(piece for piece in pieces if piece not in tones)
            parts.append(unicodedata.normalize("NFC", rest) + tone)
        return "".join(parts)
    if language == "ro":  # charsets of one byte have the letters with a cedilla only
        word = word.translate({0x219: 0x15F, 0x21B: 0x163})
    return word


def cells_of(language, letters, dictionaries):
    index = {letter: i + 1 for i, letter in enumerate(letters)}
    size = len(letters) + 1
    pairs = [[0.0] * size for _ in range(size)]
    for word, weight in words_of(language, dictionaries):
        symbols = [0, *(index.get(letter, 0) for letter in spelled(word, language)), 0]
        for before, after in zip(symbols, symbols[1:]):
            if before or after:
                pairs[before][after] += weight
    singles = [sum(row[i] for row in pairs) for i in range(size)]
    total = sum(singles)
    cells = []
    for row in pairs:
        weight = sum(row) or total * 1e-6
        for i in range(size):
            part = (singles[i] + total * 1e-5) / (total * (1 + size * 1e-5))
            p = (row[i] + SMOOTHING * weight * part) / (weight * (1 + SMOOTHING))
            cells.append(min(LEVELS, round(-3 * math.log2(p))))
    return cells


def character(level):
    """35 to 91 without '?', so that a string needs no escapes."""
    return chr(35 + level if level < 28 else 36 + level)


def literal(text, width):
    return "\n".join(f'    "{text[i:i + width]}"' for i in range(0, len(text), width))


def main():
    dictionaries, folder = map(pathlib.Path, sys.argv[1:])
    for group, languages in LANGUAGES.items():
        out = [f"/* text/charset_models_{group}: pairs of letters in "
               f"{'languages of Latin letters' if group == 'latin' else 'other alphabets'}.\n *\n"
               " * Written by generate_charset_models.py, which says where the figures are from and "
               "what they\n * mean. For charset_letters.c.\n */",
               '#include "text/charset_models.h"\n',
               f"const struct charset_model charset_models_{group}[] = {{"]
        for language, letters in languages.items():
            cells = "".join(map(character, cells_of(language, letters, dictionaries)))
            out.append(f'    {{"{language}",\n    "{letters}",\n{literal(cells, 92)}}},')
        out.append("};\n")
        out.append(f"const size_t charset_models_{group}_count =\n"
                   f"    sizeof charset_models_{group} / sizeof *charset_models_{group};\n")
        (folder / f"charset_models_{group}.c").write_text("\n".join(out), encoding="utf-8")


if __name__ == "__main__":
    main()
