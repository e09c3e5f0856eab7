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
    case CHARSET_JOHAB:
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

static double mean(double sum, size_t count, uint64_t illegal)
{
    double all = (double)count + (double)illegal;
    double score = all > 0 ? (sum - ILLEGAL_COST * (double)illegal) / all : 0.0;

    return score < 0 ? 0 : score > 1 ? 1 : score;
}

double charset_score(const struct charset_score_table *table, enum charset_id id,
                     const char *sample, size_t len, uint64_t illegal)
{
    uint8_t languages = languages_of(id);
    double sum = 0;
    size_t count = 0;

    for (size_t at = 0, step; at < len; at += step) {
        uint32_t code_point = 0;
        step = utf8_decode(sample + at, len - at, &code_point);
        if (step == 0)
            break;
        if (code_point < 0x80 || code_point == UTF8_REPLACEMENT)
            continue;
        count++;
        if (code_point <= 0xFFFF)
            sum += east_asian_worth(table->common[code_point], languages, code_point);
    }
    return mean(sum, count, illegal);
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
    return mean(sum, count, illegal);
}
