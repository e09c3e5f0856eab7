/* pattern: matching of line patterns.
 *
 * Called by classifiers for every line and pattern, and for numbers. '*' is tried shortest first,
 * and only the last one seen is ever lengthened: that is enough for patterns of this kind and keeps
 * the time bounded. Text that follows a '*' is searched for, not tried character by character. '#'
 * takes the whole number, never a part.
 */
#include "kit/pattern.h"

#include <stdint.h>
#include <string.h>

size_t pattern_character(const char *text, size_t len)
{
    unsigned char lead = (unsigned char)text[0];
    size_t size = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;

    return size < len ? size : len;
}

/* 〇零一二三四五六七八九十百千两 */
static int is_han_digit(const char *text, size_t len)
{
    const unsigned char *p = (const unsigned char *)text;

    if (len < 3 || p[0] < 0xE3 || p[0] > 0xE9) {
        return 0;
    }
    switch ((unsigned)p[0] << 16 | (unsigned)p[1] << 8 | p[2]) {
    case 0xE38087:
    case 0xE99BB6:
    case 0xE4B880:
    case 0xE4BA8C:
    case 0xE4B889:
    case 0xE59B9B:
    case 0xE4BA94:
    case 0xE585AD:
    case 0xE4B883:
    case 0xE585AB:
    case 0xE4B99D:
    case 0xE58D81:
    case 0xE799BE:
    case 0xE58D83:
    case 0xE4B8A4:
        return 1;
    default:
        return 0;
    }
}

size_t pattern_number(const char *text, size_t len)
{
    size_t at = 0;

    while (at < len && text[at] >= '0' && text[at] <= '9') {
        at++;
    }
    if (at > 0) {
        return at;
    }
    while (is_han_digit(text + at, len - at)) {
        at += 3;
    }
    return at;
}

/* By the first byte, less 0xE0: the second bytes, less 0x80, that a Chinese digit with it may have.
 * Rules out nearly every other character, and without a branch. */
static const uint64_t digit_seconds[16] = {
    [0x3] = UINT64_C(1) << 0x00,
    [0x4] = UINT64_C(1) << 0x38 | UINT64_C(1) << 0x39 | UINT64_C(1) << 0x3A,
    [0x5] = UINT64_C(1) << 0x05 | UINT64_C(1) << 0x0D | UINT64_C(1) << 0x1B,
    [0x7] = UINT64_C(1) << 0x19,
    [0x9] = UINT64_C(1) << 0x1B,
};

size_t pattern_next_number(const char *text, size_t len, size_t at)
{
    while (at < len) {
        unsigned char lead = (unsigned char)text[at];

        if (lead < 0xC0) {
            if (lead >= '0' && lead <= '9') {
                return at;
            }
            at++;
        } else if (lead < 0xE0) {
            at += 2;
        } else {
            if (lead < 0xF0 && len - at >= 3 &&
                (digit_seconds[lead & 15] >> ((unsigned char)text[at + 1] & 63) & 1) != 0 &&
                is_han_digit(text + at, len - at)) {
                return at;
            }
            at += lead < 0xF0 ? 3 : 4;
        }
    }
    return len;
}

/* Looks for the last byte first: of Chinese characters it tells more than their first one does, and
 * for a few bytes in a line a search that prepares itself takes longer than it saves. */
const char *pattern_find(const char *line, size_t len, const char *what, size_t size)
{
    const char *end = line + len;
    const char *at = size > len ? NULL : line + size - 1;

    while (at != NULL && at < end) {
        at = memchr(at, what[size - 1], (size_t)(end - at));
        if (at != NULL) {
            at++;
            if (memcmp(at - size, what, size) == 0) {
                return at - size;
            }
        }
    }
    return NULL;
}

/* One step of the pattern at *p against the line at *l; 0 when they differ. */
static int match_one(const char *pattern, size_t pattern_len, size_t *p, const char *line,
                     size_t line_len, size_t *l)
{
    size_t size;

    if (pattern[*p] == '#') {
        size = pattern_number(line + *l, line_len - *l);
        *l += size;
        *p += 1;
        return size > 0;
    }
    if (*l == line_len) {
        return 0;
    }
    if (pattern[*p] == '?') {
        *l += pattern_character(line + *l, line_len - *l);
        *p += 1;
        return 1;
    }
    if (pattern[*p] != line[*l]) {
        return 0;
    }
    size = pattern_character(pattern + *p, pattern_len - *p);
    if (size > line_len - *l) {
        return 0;
    }
    for (size_t i = 1; i < size; i++) {
        if (pattern[*p + i] != line[*l + i]) {
            return 0;
        }
    }
    *p += size;
    *l += size;
    return 1;
}

/* Bytes of the pattern from `at` on up to the next wildcard or the end. */
static size_t literal_len(const char *pattern, size_t pattern_len, size_t at)
{
    size_t end = at;

    while (end < pattern_len && pattern[end] != '*' && pattern[end] != '?' && pattern[end] != '#') {
        end++;
    }
    return end - at;
}

/* Where, from `retry` on, the line can go on with what stands at `star`, behind a '*': where the
 * text of the pattern up to its next wildcard is found, or at the line's end if there is no other
 * wildcard. Texts are found in whole characters, both being UTF-8. `line_len` + 1: nowhere. */
static size_t next_start(const char *pattern, size_t pattern_len, size_t star, const char *line,
                         size_t line_len, size_t retry)
{
    size_t size = literal_len(pattern, pattern_len, star);
    const char *found;

    if (size == 0) {
        return retry;
    }
    if (size > line_len - retry) {
        return line_len + 1;
    }
    if (star + size == pattern_len) {
        return memcmp(line + line_len - size, pattern + star, size) == 0 ? line_len - size
                                                                         : line_len + 1;
    }
    found = pattern_find(line + retry, line_len - retry, pattern + star, size);
    return found == NULL ? line_len + 1 : (size_t)(found - line);
}

int pattern_matches(const char *pattern, size_t pattern_len, const char *line, size_t line_len)
{
    size_t p = 0;
    size_t l = 0;
    size_t star = (size_t)-1; /* behind the last '*' of the pattern */
    size_t retry = 0;         /* where the line goes on after it */

    for (;;) {
        if (p < pattern_len && pattern[p] == '*') {
            star = ++p;
            if (star == pattern_len) {
                return 1;
            }
            retry = next_start(pattern, pattern_len, star, line, line_len, l);
        } else if (p == pattern_len && l == line_len) {
            return 1;
        } else if (p < pattern_len && match_one(pattern, pattern_len, &p, line, line_len, &l)) {
            continue;
        } else if (star == (size_t)-1 || retry >= line_len) {
            return 0;
        } else {
            retry += pattern_character(line + retry, line_len - retry);
            retry = next_start(pattern, pattern_len, star, line, line_len, retry);
        }
        if (retry > line_len) {
            return 0;
        }
        p = star;
        l = retry;
    }
}
