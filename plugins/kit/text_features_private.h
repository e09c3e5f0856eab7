/* kit/text_features_private: tokens and the measures of the whole. Only kit/text_features*.c
 * include it. */
#ifndef KIT_TEXT_FEATURES_PRIVATE_H
#define KIT_TEXT_FEATURES_PRIVATE_H

#include <stddef.h>
#include <stdint.h>

#include "kit/text_features.h"

enum token_kind { TOKEN_NONE, TOKEN_WORD, TOKEN_NUMBER, TOKEN_HAN, TOKEN_SIGN };

struct token {
    enum token_kind kind;
    uint32_t begin; /* folded */
    uint32_t end;
    uint64_t hash;
};

/* The next token of `text` at or behind `at`, before `end`; kind TOKEN_NONE when there is none.
 * `text` is valid UTF-8. */
struct token token_next(const char *text, size_t at, size_t end);

static inline uint64_t token_mix(uint64_t a, uint64_t b)
{
    uint64_t x = (a ^ (b + UINT64_C(0x9E3779B97F4A7C15))) * UINT64_C(0xBF58476D1CE4E5B9);

    return x ^ (x >> 29);
}

static inline uint32_t token_id(enum features_family family, uint64_t hash)
{
    return (uint32_t)family << 29 | (uint32_t)((hash * UINT64_C(0x94D049BB133111EB)) >> 35);
}

/* What is counted over the whole text. */
enum features_measure {
    FEATURES_BYTES,
    FEATURES_LINES,
    FEATURES_LINE_MEAN,
    FEATURES_LINE_MAX,
    FEATURES_SHORT_LINES,
    FEATURES_ENDED_LINES,
    FEATURES_QUESTIONS,
    FEATURES_EXCLAMATIONS,
    FEATURES_NUMBERS,
    FEATURES_QUOTES,
    FEATURES_COLONS,
    FEATURES_DASHES,
    FEATURES_PARENTHESES,
    FEATURES_MONEY,
    FEATURES_BARS,
    FEATURES_CODE_SIGNS,
    FEATURES_YEARS,
    FEATURES_I,
    FEATURES_YOU,
    FEATURES_WE,
    FEATURES_THIRD,
    FEATURES_PAST,
    FEATURES_ING,
    FEATURES_HAN,
    FEATURES_MEASURES
};

struct features_counts {
    uint32_t values[FEATURES_MEASURES];
    uint32_t line_bytes; /* of the line in hand */
};

void features_count_token(struct features_counts *counts, const char *text,
                          const struct token *token);
void features_count_line(struct features_counts *counts, const char *text, size_t begin,
                         size_t end);
/* The id of measure `which` as the counts stand at the end of the text. */
uint32_t features_measure_id(const struct features_counts *counts, enum features_measure which);

#endif
