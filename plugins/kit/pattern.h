/* kit/pattern: a whole line against a simple pattern: '*' any run, '?' any one character, '#' a
 * number (a run of Arabic or of Chinese digits); anything else is itself. */
#ifndef KIT_PATTERN_H
#define KIT_PATTERN_H

#include <stddef.h>

/* Both are folded, valid UTF-8. Time is at most the product of the two lengths. */
int pattern_matches(const char *pattern, size_t pattern_len, const char *line, size_t line_len);

/* Where `what` (at least one byte) first stands in the line; NULL: nowhere. Meant for lines: time
 * is at most the product of the two lengths. */
const char *pattern_find(const char *line, size_t len, const char *what, size_t size);

/* Bytes of the number that `text` begins with; 0 when there is none. */
size_t pattern_number(const char *text, size_t len);

/* Where, from `at` on, the next number begins; `len` when there is none. */
size_t pattern_next_number(const char *text, size_t len, size_t at);

/* Bytes of the character that `text` begins with (len > 0). */
size_t pattern_character(const char *text, size_t len);

#endif
