/* kit/text_features_measure: what is counted over a whole text, as features.
 *
 * Called by kit/text_features.c for each token and each line. A measure counts per 10,000 bytes of
 * the text where it is a count, and is told in steps, so that texts alike in it share a feature.
 */
#include <string.h>

#include "text_features_private.h"

#define SHORT_LINE 48u /* bytes */
#define PER        10000u

static int is_word(const char *text, const struct token *token, const char *word)
{
    size_t len = token->end - token->begin;

    return strlen(word) == len && memcmp(text + token->begin, word, len) == 0;
}

static int ends_with(const char *text, const struct token *token, const char *end)
{
    size_t len = token->end - token->begin;
    size_t end_len = strlen(end);

    return len > end_len + 1 && memcmp(text + token->end - end_len, end, end_len) == 0;
}

static void count_word(uint32_t *values, const char *text, const struct token *token)
{
    size_t len = token->end - token->begin;

    if (len <= 5) {
        values[FEATURES_I] += (uint32_t)(is_word(text, token, "i") || is_word(text, token, "my"));
        values[FEATURES_YOU] +=
            (uint32_t)(is_word(text, token, "you") || is_word(text, token, "your"));
        values[FEATURES_WE] +=
            (uint32_t)(is_word(text, token, "we") || is_word(text, token, "our"));
        values[FEATURES_THIRD] +=
            (uint32_t)(is_word(text, token, "he") || is_word(text, token, "she") ||
                       is_word(text, token, "his") || is_word(text, token, "her"));
    }
    values[FEATURES_PAST] += (uint32_t)ends_with(text, token, "ed");
    values[FEATURES_ING] += (uint32_t)ends_with(text, token, "ing");
}

static void count_sign(uint32_t *values, const char *text, const struct token *token)
{
    if (token->end - token->begin > 1) { /* quotes and dashes of General Punctuation */
        const unsigned char *sign = (const unsigned char *)text + token->begin;

        if (sign[0] == 0xE2 && sign[1] == 0x80) {
            values[FEATURES_QUOTES] += (uint32_t)(sign[2] >= 0x98 && sign[2] <= 0x9F);
            values[FEATURES_DASHES] += (uint32_t)(sign[2] >= 0x90 && sign[2] <= 0x95);
        }
        return;
    }
    switch (text[token->begin]) {
    case '?':
        values[FEATURES_QUESTIONS]++;
        break;
    case '!':
        values[FEATURES_EXCLAMATIONS]++;
        break;
    case '"':
        values[FEATURES_QUOTES]++;
        break;
    case ':':
        values[FEATURES_COLONS]++;
        break;
    case '-':
        values[FEATURES_DASHES]++;
        break;
    case '(':
        values[FEATURES_PARENTHESES]++;
        break;
    case '$':
        values[FEATURES_MONEY]++;
        break;
    case '|':
        values[FEATURES_BARS]++;
        break;
    case '{':
    case '}':
    case ';':
    case '=':
    case '<':
    case '>':
    case '_':
        values[FEATURES_CODE_SIGNS]++;
        break;
    default:
        break;
    }
}

void features_count_token(struct features_counts *counts, const char *text,
                          const struct token *token)
{
    uint32_t *values = counts->values;
    uint32_t len = token->end - token->begin;

    switch (token->kind) {
    case TOKEN_WORD:
        count_word(values, text, token);
        break;
    case TOKEN_SIGN:
        count_sign(values, text, token);
        break;
    case TOKEN_HAN:
        values[FEATURES_HAN]++;
        break;
    case TOKEN_NUMBER:
        values[FEATURES_NUMBERS] += len;
        values[FEATURES_YEARS] +=
            (uint32_t)(len == 4 && (text[token->begin] == '1' || text[token->begin] == '2'));
        break;
    default:
        break;
    }
}

void features_count_line(struct features_counts *counts, const char *text, size_t begin, size_t end)
{
    uint32_t len = (uint32_t)(end - begin);
    uint32_t *values = counts->values;

    values[FEATURES_BYTES] += len;
    values[FEATURES_LINES]++;
    values[FEATURES_LINE_MAX] = len > values[FEATURES_LINE_MAX] ? len : values[FEATURES_LINE_MAX];
    values[FEATURES_SHORT_LINES] += len < SHORT_LINE;
    if (len >= 3)
        values[FEATURES_ENDED_LINES] +=
            (uint32_t)(strchr(".!?", text[end - 1]) != NULL ||
                       memcmp(text + end - 3, "\xE3\x80\x82", 3) == 0); /* 。 */
}

/* Twice the binary logarithm, rounded down; 0 for 0. */
static uint32_t step(uint64_t value)
{
    uint32_t log;

    if (value == 0)
        return 0;
    log = 63 - (uint32_t)__builtin_clzll(value);
    return 1 + 2 * log + (uint32_t)(log > 0 && (value >> (log - 1) & 1));
}

uint32_t features_measure_id(const struct features_counts *counts, enum features_measure which)
{
    uint64_t value = counts->values[which];
    uint64_t bytes = counts->values[FEATURES_BYTES] + 1;
    uint64_t lines = counts->values[FEATURES_LINES] + 1;
    uint64_t told;

    switch (which) {
    case FEATURES_BYTES:
    case FEATURES_LINES:
    case FEATURES_LINE_MAX:
        told = step(value);
        break;
    case FEATURES_LINE_MEAN:
        told = step(bytes / lines);
        break;
    case FEATURES_SHORT_LINES:
    case FEATURES_ENDED_LINES:
        told = 10 * value / lines;
        break;
    default:
        told = step(PER * value / bytes);
        break;
    }
    return token_id(FEATURES_MEASURE, token_mix(UINT64_C(0x5E) + which, told));
}
