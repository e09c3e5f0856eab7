/* base/printable: text from anywhere as one harmless line, for err and log. */
#ifndef BASE_PRINTABLE_H
#define BASE_PRINTABLE_H

#include <stdarg.h>
#include <stddef.h>

/* In place: each control character, each character that breaks or reorders a line (U+2028, U+2029,
 * bidirectional overrides and isolates) and each illegal UTF-8 sequence becomes one '?'. Returns
 * the new length, which is never more than `len`; writes no NUL. */
size_t printable_clean(char *text, size_t len);
/* Cuts clean `text` to at most `room` bytes (at least 3), between characters, with "…" as its end.
 * Returns the new length; writes no NUL. */
size_t printable_cut(char *text, size_t len, size_t room);
/* vsnprintf, then clean and cut to `size` with its NUL (at least 4). Returns the length. */
size_t printable_format(char *out_text, size_t size, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

#endif
