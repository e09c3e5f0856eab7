/* base/utf8: UTF-8 as Unicode 15, table 3-7 defines it: no surrogates, no overlong forms. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UTF8_REPLACEMENT 0xFFFDu

/* Length of the longest valid prefix. */
size_t utf8_valid_prefix(const char *text, size_t len);
bool utf8_is_valid(const char *text, size_t len);
bool utf8_is_ascii(const char *text, size_t len);
/* Decodes the character at text[0]; len > 0. Returns its bytes (1 to 4), or 0 when it is illegal or
 * cut off. */
size_t utf8_decode(const char *text, size_t len, uint32_t *out_code_point);
/* Where utf8_decode says 0: the bytes (1 to 3) that one U+FFFD stands for, the "maximal subpart" of
 * Unicode 15, section 3.9, as browsers and Python count. len > 0. */
size_t utf8_illegal_len(const char *text, size_t len);
/* Encodes; returns the bytes written (1 to 4), 0 for a surrogate or a value past U+10FFFF. */
size_t utf8_encode(uint32_t code_point, char out_text[4]);
/* The largest offset <= at that begins a character of valid UTF-8 `text`. */
size_t utf8_floor(const char *text, size_t len, size_t at);

#endif
