/* text/charset_unicode: marks and byte patterns of Unicode's own encodings. Inside core/text only.
 */
#ifndef TEXT_CHARSET_UNICODE_H
#define TEXT_CHARSET_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/charset_convert.h"

/* The byte order mark's length, 0 without one. */
size_t charset_bom(const char *bytes, size_t len, enum charset_id *out_id);

/* Whether there are more bytes below TAB than text of other charsets has: the upper halves of
 * alphabets in UTF-16 (0 for ASCII, 4 for Cyrillic). It may be a valid byte of UTF-8 each. */
bool charset_has_many_low_bytes(const char *bytes, size_t len);

/* Whether the zero bytes of four-byte units stand as in UTF-32. */
bool charset_is_utf32(const char *bytes, size_t len, enum charset_id *out_id);

/* Whether bytes below 40 hex are as rare as in EBCDIC, whose space is 40, and that is frequent. */
bool charset_is_ebcdic(const char *bytes, size_t len);

/* Whether there are more control characters than any text has. */
bool charset_has_controls(const char *bytes, size_t len);

struct charset_utf8_quality {
    size_t valid_len;   /* of the longest valid prefix */
    uint64_t sequences; /* valid, longer than a byte */
    uint64_t illegal;
    bool is_cut; /* the only illegal sequence is a legal one that the end has cut off */
};

void charset_utf8_quality(const char *bytes, size_t len, struct charset_utf8_quality *out_quality);

#endif
