/* line_text: small questions to the text of a line, for the counters of structure. */
#ifndef LINE_TEXT_H
#define LINE_TEXT_H

#include <stddef.h>

/* Does the line begin with, end with, hold this text? The lists end with NULL. */
int line_starts(const char *line, size_t len, const char *with);
int line_ends(const char *line, size_t len, const char *with);
int line_holds(const char *line, size_t len, const char *what);
int line_starts_one(const char *line, size_t len, const char *const *list);
int line_ends_one(const char *line, size_t len, const char *const *list);

static inline int line_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Where the line first holds this text (not empty); NULL: nowhere. */
const char *line_find(const char *line, size_t len, const char *what);

/* Bytes before the first ':', if it comes soon and nothing before it ends a clause; else 0. */
size_t line_label_len(const char *line, size_t len);

#endif
