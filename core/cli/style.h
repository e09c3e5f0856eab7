/* cli/style: colour and weight of what a person reads on a terminal. Into a pipe or a file goes
 * plain text.
 *
 *     bool styled = style_wanted(stdout);
 *     style_put(stdout, styled, STYLE_RED, "%zu wrong", count);
 */
#ifndef CLI_STYLE_H
#define CLI_STYLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum style {
    STYLE_PLAIN,
    STYLE_BOLD,
    STYLE_DIM,
    STYLE_RED,
    STYLE_GREEN,
    STYLE_YELLOW,
    STYLE_BLUE,
};

/* Whether the stream is a terminal that knows colours, and the user wants them: TERM is set and not
 * "dumb", NO_COLOR is unset or empty (no-color.org). */
bool style_wanted(FILE *stream);

/* The sequences themselves (ECMA-48, SGR), for text that is put together first. A style lasts until
 * style_end_text; styles add up: bold, then red. */
const char *style_begin_text(enum style style);
const char *style_end_text(void);

/* Around several writes. Nothing is written unless `styled`. */
void style_begin(FILE *stream, bool styled, enum style style);
void style_end(FILE *stream, bool styled);

/* fprintf in a style. */
void style_put(FILE *stream, bool styled, enum style style, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Columns that UTF-8 `text` takes on a terminal: two for an ideograph, none for a combining mark.
 * Control characters count as one; clean the text first (base/printable). */
size_t style_columns(const char *text);

#endif
