/* pattern: a whole line against a simple pattern: '*' any run, '?' any one character, '#' a number
 * (a run of Arabic or of Chinese digits); anything else is itself. */
#ifndef PATTERN_H
#define PATTERN_H

#include <stddef.h>
#include <stdint.h>

/* Both are folded, valid UTF-8. Time is at most the product of the two lengths. */
int pattern_matches(const char *pattern, size_t pattern_len, const char *line, size_t line_len);

/* Which runs of three bytes a line may hold: a pattern that needs another one does not match it,
 * which is far cheaper to find out. */
struct pattern_filter {
    uint64_t bits[32];
};

#define PATTERN_NO_KEY UINT32_MAX

/* The run of three bytes that a line must hold to match; PATTERN_NO_KEY when there is none. */
uint32_t pattern_key(const char *pattern, size_t pattern_len);

void pattern_filter_init(struct pattern_filter *filter, const char *line, size_t line_len);

/* 0: a line with this filter cannot match a pattern with this key. */
int pattern_filter_passes(const struct pattern_filter *filter, uint32_t key);

/* Bytes of the number that `text` begins with; 0 when there is none. */
size_t pattern_number(const char *text, size_t len);

/* Bytes of the character that `text` begins with (len > 0). */
size_t pattern_character(const char *text, size_t len);

#endif
