/* text/language_count: counts the letters and words of a text.
 *
 * Called by text/language. ASCII and the ideographs that are most of a Chinese text are counted in
 * rows; what is neither is looked at character by character. It does not decide anything.
 */
#include "text/language_count.h"

#include <string.h>

#include "base/utf8.h"
#include "text/han_script.h"

const struct language_other language_others[LANGUAGE_OTHERS] = {
    {0x0370, 0x03FF, "el", "Grek"}, {0x0531, 0x0587, "hy", "Armn"}, {0x05D0, 0x05F2, "he", "Hebr"},
    {0x0900, 0x097F, "hi", "Deva"}, {0x0980, 0x09FF, "bn", "Beng"}, {0x0A01, 0x0A76, "pa", "Guru"},
    {0x0A81, 0x0AFF, "gu", "Gujr"}, {0x0B82, 0x0BFA, "ta", "Taml"}, {0x0C00, 0x0C7F, "te", "Telu"},
    {0x0C80, 0x0CFF, "kn", "Knda"}, {0x0D00, 0x0D7F, "ml", "Mlym"}, {0x0D81, 0x0DF4, "si", "Sinh"},
    {0x0E01, 0x0E5B, "th", "Thai"}, {0x0E81, 0x0EDF, "lo", "Laoo"}, {0x0F00, 0x0FFF, "bo", "Tibt"},
    {0x1000, 0x109F, "my", "Mymr"}, {0x10A0, 0x10FF, "ka", "Geor"}, {0x1200, 0x139F, "am", "Ethi"},
    {0x1780, 0x17FF, "km", "Khmr"}, {0x1820, 0x18AA, "mn", "Mong"},
};

static bool is_between(uint32_t code_point, uint32_t first, uint32_t last)
{
    return code_point >= first && code_point <= last;
}

static bool is_latin(uint32_t c)
{
    return is_between(c | 0x20, 'a', 'z') ||
           (is_between(c, 0xC0, 0x24F) && c != 0xD7 && c != 0xF7) ||
           is_between(c, 0x1E00, 0x1EFF) || is_between(c, 0xFF21, 0xFF3A) ||
           is_between(c, 0xFF41, 0xFF5A);
}

static bool is_han(uint32_t c)
{
    return is_between(c, 0x3400, 0x9FFF) || is_between(c, 0xF900, 0xFAFF) ||
           is_between(c, 0x20000, 0x3FFFD) || c == 0x3005 || c == 0x3007;
}

static bool is_kana(uint32_t c)
{
    /* Without U+30FB, the dot between words, which Chinese uses too. */
    return is_between(c, 0x3041, 0x30FA) || is_between(c, 0x30FC, 0x30FF) ||
           is_between(c, 0x31F0, 0x31FF) || is_between(c, 0xFF66, 0xFF9D);
}

static bool is_hangul(uint32_t c)
{
    return is_between(c, 0xAC00, 0xD7A3) || is_between(c, 0x1100, 0x11FF) ||
           is_between(c, 0x3131, 0x318E);
}

static bool is_arabic(uint32_t c)
{
    return is_between(c, 0x0620, 0x065F) || is_between(c, 0x066E, 0x06D3) ||
           is_between(c, 0x0750, 0x077F) || is_between(c, 0xFB50, 0xFDFB) ||
           is_between(c, 0xFE70, 0xFEFC);
}

static unsigned script_of(uint32_t c)
{
    if (is_latin(c))
        return SCRIPT_LATIN;
    if (c < 0x0370 || is_between(c, 0x2000, 0x2FFF)) /* digits, punctuation, signs */
        return SCRIPT_NONE;
    if (is_han(c))
        return SCRIPT_HAN;
    if (is_between(c, 0x0400, 0x052F))
        return SCRIPT_CYRILLIC;
    if (is_kana(c))
        return SCRIPT_KANA;
    if (is_hangul(c))
        return SCRIPT_HANGUL;
    if (is_arabic(c))
        return SCRIPT_ARABIC;
    if (is_between(c, 0x1F00, 0x1FFF)) /* Greek with breathings and accents */
        return SCRIPT_OTHERS;
    for (unsigned i = 0; i < LANGUAGE_OTHERS; i++)
        if (is_between(c, language_others[i].first, language_others[i].last))
            return SCRIPT_OTHERS + i;
    return SCRIPT_NONE;
}

static void count_cyrillic(struct language_counts *counts, uint32_t c)
{
    switch (c) {
    case u'ы':
    case u'э':
    case u'ё':
    case u'Ы':
    case u'Э':
    case u'Ё':
        counts->russian++;
        break;
    case u'і':
    case u'ї':
    case u'є':
    case u'ґ':
    case u'І':
    case u'Ї':
    case u'Є':
    case u'Ґ':
        counts->ukrainian++;
        break;
    case u'ў':
    case u'Ў':
        counts->belarusian++;
        break;
    case u'ј':
    case u'љ':
    case u'њ':
    case u'ћ':
    case u'ђ':
    case u'Ј':
    case u'Љ':
    case u'Њ':
    case u'Ћ':
    case u'Ђ':
        counts->serbian++;
        break;
    case u'ъ':
    case u'Ъ':
        counts->hard_sign++;
        break;
    case u'ә':
    case u'ғ':
    case u'қ':
    case u'ң':
    case u'ө':
    case u'ұ':
    case u'ү':
    case u'Ә':
    case u'Ғ':
    case u'Қ':
    case u'Ң':
    case u'Ө':
    case u'Ұ':
    case u'Ү':
        counts->kazakh++;
        break;
    default:
        break;
    }
}

static void count_arabic(struct language_counts *counts, uint32_t c)
{
    switch (c) {
    case u'پ':
    case u'چ':
    case u'ژ':
    case u'گ':
    case u'ک':
    case u'ی':
        counts->persian++;
        break;
    case u'ٹ':
    case u'ڈ':
    case u'ڑ':
    case u'ں':
    case u'ے':
    case u'ہ':
        counts->urdu++;
        break;
    default:
        break;
    }
}

static void count_telling_letter(struct language_counts *counts, unsigned script, uint32_t c)
{
    if (script == SCRIPT_HAN) {
        counts->simplified += han_script_has(han_only_simplified, c);
        counts->traditional += han_script_has(han_only_traditional, c);
    } else if (script == SCRIPT_CYRILLIC) {
        count_cyrillic(counts, c);
    } else if (script == SCRIPT_ARABIC) {
        count_arabic(counts, c);
    }
}

/* Where the words that begin with each byte stand: of 26 letters one is left to search. */
static void index_words(struct language_counts *counts)
{
    size_t at = 0;

    for (unsigned byte = 0; byte < 256; byte++) {
        counts->starts[byte] = (uint16_t)at;
        while (at < language_word_count && (unsigned char)language_words[at].word[0] == byte)
            at++;
    }
    counts->starts[256] = (uint16_t)at;
    counts->has_starts = true;
}

static void count_word(struct language_counts *counts, const char *word, size_t len)
{
    if (!counts->has_starts)
        index_words(counts);
    counts->words++;
    size_t low = counts->starts[(unsigned char)word[0]];
    size_t high = counts->starts[(unsigned char)word[0] + 1];

    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct language_word *row = &language_words[middle];
        int order = strncmp(row->word, word, len);
        if (order == 0 && row->word[len] != '\0')
            order = 1;
        if (order == 0) {
            for (unsigned i = 0; i < LANGUAGE_WORD_LANGUAGES; i++)
                counts->hits[i] += (row->languages >> i) & 1;
            return;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
}

/* A word in the making; len past the buffer's: too long to be one that is looked for. */
struct word {
    char text[LANGUAGE_WORD_LEN_MAX + 4];
    size_t len;
};

static void end_word(struct language_counts *counts, struct word *word)
{
    if (word->len > 0 && word->len <= LANGUAGE_WORD_LEN_MAX)
        count_word(counts, word->text, word->len);
    else if (word->len > 0)
        counts->words++;
    word->len = 0;
}

static void add_letter(struct word *word, const char *letter, size_t len)
{
    if (word->len + len <= sizeof word->text) {
        memcpy(word->text + word->len, letter, len);
        if (len == 1)
            word->text[word->len] |= 0x20;
        word->len += len;
    } else {
        word->len = sizeof word->text;
    }
}

static bool is_ascii_letter(char c)
{
    return (unsigned char)((c | 0x20) - 'a') < 26;
}

/* The ASCII at `text`, up to the first byte that is none: of a text of letters most. Returns its
 * bytes. */
static size_t count_ascii(struct language_counts *counts, struct word *word, const char *text,
                          size_t len)
{
    size_t at = 0;

    for (; at < len && (unsigned char)text[at] < 0x80; at++) {
        bool is_letter = is_ascii_letter(text[at]);

        counts->letters[is_letter ? SCRIPT_LATIN : SCRIPT_NONE]++;
        if (is_letter || (text[at] == '\'' && word->len > 0))
            add_letter(word, text + at, 1);
        else
            end_word(counts, word);
    }
    return at;
}

/* The ideographs at `text` from U+4000 to U+9FFF: of a Chinese text most. Returns their bytes. */
static size_t count_ideographs(struct language_counts *counts, struct word *word, const char *text,
                               size_t len)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t at = 0;

    for (; len - at >= 3 && p[at] >= 0xE4 && p[at] <= 0xE9; at += 3) {
        uint32_t c = (p[at] & 15u) << 12 | (p[at + 1] & 63u) << 6 | (p[at + 2] & 63u);

        counts->simplified += han_script_has(han_only_simplified, c);
        counts->traditional += han_script_has(han_only_traditional, c);
    }
    if (at > 0)
        end_word(counts, word);
    counts->letters[SCRIPT_HAN] += at / 3;
    return at;
}

void language_count(struct language_counts *counts, const char *text, size_t len)
{
    struct word word = {.len = 0};

    for (size_t at = 0, step; at < len; at += step) {
        uint32_t code_point = 0;
        step = count_ascii(counts, &word, text + at, len - at);
        if (step > 0)
            continue;
        step = count_ideographs(counts, &word, text + at, len - at);
        if (step > 0)
            continue;
        step = utf8_decode(text + at, len - at, &code_point);
        if (step == 0)
            break;
        unsigned script = script_of(code_point);
        counts->letters[script]++;
        if (script == SCRIPT_LATIN || (code_point == '\'' && word.len > 0)) {
            add_letter(&word, text + at, step);
            continue;
        }
        end_word(counts, &word);
        if (script != SCRIPT_NONE)
            count_telling_letter(counts, script, code_point);
    }
    end_word(counts, &word);
}
