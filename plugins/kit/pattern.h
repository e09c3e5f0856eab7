/* kit/pattern: a whole line against a simple pattern: '*' any run, '?' any one character, '#' a
 * number (a run of Arabic or of Chinese digits); anything else is itself. */
#ifndef KIT_PATTERN_H
#define KIT_PATTERN_H

#include <stddef.h>
#include <stdint.h>

/* Both are folded, valid UTF-8. Time is at most the product of the two lengths. */
int pattern_matches(const char *pattern, size_t pattern_len, const char *line, size_t line_len);

/* Which runs of three bytes a line may hold: a pattern that needs others does not match it, which
 * is far cheaper to find out. */
struct pattern_filter {
    uint64_t bits[65]; /* the last word is for PATTERN_NO_KEY, which every line has */
};

#define PATTERN_NO_KEY 4096

/* Two runs of three bytes that a line must hold to match, as places in the filter; PATTERN_NO_KEY
 * for none. */
struct pattern_keys {
    uint16_t first;
    uint16_t last;
};

struct pattern_keys pattern_keys(const char *pattern, size_t pattern_len);

void pattern_filter_init(struct pattern_filter *filter, const char *line, size_t line_len);

/* 0: a line with this filter cannot match a pattern with these keys. */
static inline int pattern_filter_passes(const struct pattern_filter *filter,
                                        struct pattern_keys keys)
{
    uint64_t first = filter->bits[keys.first / 64] >> (keys.first % 64);
    uint64_t last = filter->bits[keys.last / 64] >> (keys.last % 64);

    return (int)(first & last & 1);
}

/* Bytes of the number that `text` begins with; 0 when there is none. */
size_t pattern_number(const char *text, size_t len);

/* Where, from `at` on, the next number begins; `len` when there is none. */
size_t pattern_next_number(const char *text, size_t len, size_t at);

/* Bytes of the character that `text` begins with (len > 0). */
size_t pattern_character(const char *text, size_t len);

#endif
