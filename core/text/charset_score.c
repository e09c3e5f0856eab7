/* text/charset_score: tells text from bytes read in the wrong charset.
 *
 * Called by charset.c with a sample that one rival has decoded. Every character beyond ASCII earns
 * between 1 (frequent in what is written in that charset) and less than nothing (never seen in
 * text); illegal sequences cost. The mean is the score. It knows characters and their neighbours,
 * not words.
 */
#include "text/charset_score.h"

#include <stdbool.h>
#include <string.h>

#include "base/utf8.h"
#include "text/common_characters.h"

enum { SIMPLIFIED = 1, TRADITIONAL = 2, JAPANESE = 4, KOREAN = 8, PUNCTUATION = 16 };

#define ILLEGAL_COST 2.0

static void add(struct charset_score_table *table, const char *characters, uint8_t flag)
{
    size_t left = strlen(characters);

    while (left > 0) {
        uint32_t code_point = 0;
        size_t len = utf8_decode(characters, left, &code_point);
        table->common[code_point & 0xFFFF] |= flag;
        characters += len;
        left -= len;
    }
}

void charset_score_table_fill(struct charset_score_table *table)
{
    memset(table, 0, sizeof *table);
    add(table, common_simplified, SIMPLIFIED);
    add(table, common_traditional, TRADITIONAL);
    add(table, common_japanese, JAPANESE);
    add(table, common_korean, KOREAN);
    add(table, "　、。，．：；！？（）《》〈〉「」『』【】〔〕“”‘’—…·～％－＋／", PUNCTUATION);
    for (uint32_t code_point = 0x3041; code_point <= 0x30FC; code_point++)
        table->common[code_point] |= JAPANESE; /* kana */
}

static bool is_between(uint32_t code_point, uint32_t first, uint32_t last)
{
    return code_point >= first && code_point <= last;
}

/* What no charset's text holds: controls of the upper half, private use, noncharacters. */
static bool is_suspect(uint32_t code_point)
{
    return is_between(code_point, 0x80, 0x9F) || is_between(code_point, 0xE000, 0xF8FF) ||
           code_point >= 0xFFFE || (code_point < 0x20 && !is_between(code_point, 9, 13));
}

static uint8_t languages_of(enum charset_id id)
{
    switch (id) {
    case CHARSET_GB18030:
        return SIMPLIFIED | TRADITIONAL;
    case CHARSET_BIG5:
        return TRADITIONAL;
    case CHARSET_SHIFT_JIS:
    case CHARSET_EUC_JP:
        return JAPANESE;
    case CHARSET_EUC_KR:
        return KOREAN;
    default:
        return SIMPLIFIED | TRADITIONAL | JAPANESE | KOREAN;
    }
}

static double east_asian_worth(uint8_t common, uint8_t languages, uint32_t code_point)
{
    if ((common & languages) != 0)
        return 1.0;
    if ((common & PUNCTUATION) != 0)
        return 0.7;
    if (is_suspect(code_point))
        return -1.0;
    if (is_between(code_point, 0xFF01, 0xFF5E))
        return 0.5;
    if (is_between(code_point, 0xAC00, 0xD7A3))
        return languages == KOREAN ? 0.3 : -0.3;
    if (is_between(code_point, 0x4E00, 0x9FFF))
        return 0.1;
    if (is_between(code_point, 0xFF61, 0xFF9F)) /* half-width katakana: mostly a misreading */
        return -0.2;
    return 0.0;
}

enum letter_case { NO_LETTER, SMALL, CAPITAL };

static bool is_in(const char *characters, uint32_t code_point)
{
    char text[4];
    size_t len = utf8_encode(code_point, text);

    return len > 0 && memmem(characters, strlen(characters), text, len) != NULL;
}

static enum letter_case cyrillic_case(uint32_t code_point)
{
    if (is_between(code_point, 0x430, 0x45F))
        return SMALL;
    return is_between(code_point, 0x401, 0x42F) ? CAPITAL : NO_LETTER;
}

static bool is_ascii_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* `before`: the case of the character before. KOI8-R and windows-1251 read as each other turn
 * small letters into capitals and keep a first capital small, so case at its place is the
 * evidence. Letters of both alphabets in one word are none. */
static double cyrillic_worth(uint32_t code_point, enum letter_case before, bool touches_latin)
{
    enum letter_case now = cyrillic_case(code_point);

    if (now != NO_LETTER && touches_latin)
        return -0.5;
    if (now == SMALL && before == CAPITAL)
        return 0.5;
    if (now == SMALL)
        return is_in("оеаинтсрвлкмдпуяыьгзбчйх", code_point) ? 1.0
               : is_in("жшюцщэфъёіїєґ", code_point)          ? 0.4
                                                             : 0.0;
    if (now == CAPITAL)
        return before == SMALL ? -1.0 : before == CAPITAL ? 0.2 : 0.8;
    if (is_in("«»—–“”„№…", code_point))
        return 0.7;
    return is_suspect(code_point) ? -1.0 : -0.5;
}

/* In Western text a letter with a mark stands alone among letters of ASCII, and small. */
static double latin_worth(uint32_t code_point, char before, char after)
{
    unsigned neighbours = is_ascii_letter(before) + is_ascii_letter(after);

    if (is_between(code_point, 0xDF, 0xFF) && code_point != 0xF7)
        return neighbours > 0 ? 1.0 : code_point == 0xE0 ? 0.5 : 0.0;
    if (is_between(code_point, 0xC0, 0xDE) && code_point != 0xD7)
        return is_ascii_letter(before) && (before & 0x20) != 0 ? -0.5 : neighbours > 0 ? 0.7 : 0.0;
    if (is_in("“”‘’–—…«»°§·£€©®™\u00A0¿¡", code_point))
        return (before & 0x80) != 0 && (after & 0x80) != 0 ? 0.0 : 0.7;
    return is_suspect(code_point) ? -1.0 : 0.0;
}

/* `doubt`: characters that speak for nothing; they keep a charset that has a letter for every byte
 * from winning by one or two. */
static double mean(double sum, size_t count, uint64_t illegal, double doubt)
{
    double all = (double)count + (double)illegal + doubt;
    double score = all > 0 ? (sum - ILLEGAL_COST * (double)illegal) / all : 0.0;

    return score < 0 ? 0 : score > 1 ? 1 : score;
}

double charset_score(const struct charset_score_table *table, enum charset_id id,
                     const char *sample, size_t len, uint64_t illegal)
{
    uint8_t languages = languages_of(id);
    bool is_cyrillic = id == CHARSET_WINDOWS_1251 || id == CHARSET_KOI8_R;
    enum letter_case before = NO_LETTER;
    double sum = 0;
    size_t count = 0;

    for (size_t at = 0, step; at < len; at += step) {
        uint32_t code_point = 0;
        step = utf8_decode(sample + at, len - at, &code_point);
        if (step == 0)
            break;
        if (code_point >= 0x80 && code_point != UTF8_REPLACEMENT) {
            count++;
            char left = at > 0 ? sample[at - 1] : ' ';
            char right = at + step < len ? sample[at + step] : ' ';
            if (id == CHARSET_WINDOWS_1252)
                sum += latin_worth(code_point, left, right);
            else if (is_cyrillic)
                sum += cyrillic_worth(code_point, before,
                                      is_ascii_letter(left) || is_ascii_letter(right));
            else if (code_point <= 0xFFFF)
                sum += east_asian_worth(table->common[code_point], languages, code_point);
        }
        before = cyrillic_case(code_point);
    }
    return mean(sum, count, illegal, is_cyrillic ? 2 : 0);
}

double charset_score_wide(const struct charset_score_table *table, const char *sample, size_t len,
                          uint64_t illegal)
{
    uint8_t languages = SIMPLIFIED | TRADITIONAL | JAPANESE | KOREAN;
    double sum = 0;
    size_t count = 0;

    for (size_t at = 0, step; at < len; at += step) {
        uint32_t code_point = 0;
        step = utf8_decode(sample + at, len - at, &code_point);
        if (step == 0)
            break;
        if (code_point == UTF8_REPLACEMENT)
            continue;
        count++;
        if (is_suspect(code_point))
            sum -= 1.0;
        else if (code_point < 0x600) /* alphabets from Latin to Hebrew */
            sum += code_point < 0x80 || code_point >= 0x370 ? 1.0 : 0.8;
        else if (code_point <= 0xFFFF)
            sum += east_asian_worth(table->common[code_point], languages, code_point);
    }
    return mean(sum, count, illegal, 0);
}
