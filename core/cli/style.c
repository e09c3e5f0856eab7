/* cli/style: colour and weight of what a person reads on a terminal.
 *
 * Called by the subcommands that print for people. It knows no terminal but what ECMA-48 promises
 * (SGR), which every one in use understands, and does not look into terminfo. Widths are the usual
 * ones of Unicode's UAX #11: without setlocale(3), which the programs never call, wcwidth(3) knows
 * none but ASCII's.
 */
#include "cli/style.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"

bool style_wanted(FILE *stream)
{
    const char *terminal = getenv("TERM");
    const char *refused = getenv("NO_COLOR");

    return isatty(fileno(stream)) == 1 && terminal != NULL && terminal[0] != '\0' &&
           strcmp(terminal, "dumb") != 0 && (refused == NULL || refused[0] == '\0');
}

const char *style_begin_text(enum style style)
{
    static const char *const codes[] = {
        [STYLE_PLAIN] = "",        [STYLE_BOLD] = "\x1b[1m",   [STYLE_DIM] = "\x1b[2m",
        [STYLE_RED] = "\x1b[31m",  [STYLE_GREEN] = "\x1b[32m", [STYLE_YELLOW] = "\x1b[33m",
        [STYLE_BLUE] = "\x1b[34m",
    };

    return codes[style];
}

const char *style_end_text(void)
{
    return "\x1b[0m";
}

void style_begin(FILE *stream, bool styled, enum style style)
{
    if (styled)
        fputs(style_begin_text(style), stream);
}

void style_end(FILE *stream, bool styled)
{
    if (styled)
        fputs(style_end_text(), stream);
}

void style_put(FILE *stream, bool styled, enum style style, const char *format, ...)
{
    va_list args;

    styled = styled && style != STYLE_PLAIN;
    style_begin(stream, styled, style);
    va_start(args, format);
    vfprintf(stream, format, args);
    va_end(args);
    style_end(stream, styled);
}

struct range {
    uint32_t first;
    uint32_t last;
};

static bool is_within(uint32_t code_point, const struct range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (code_point >= ranges[i].first && code_point <= ranges[i].last)
            return true;
    return false;
}

/* Wide and fullwidth (East Asian Width W and F). */
static bool is_wide(uint32_t code_point)
{
    static const struct range wide[] = {
        {0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0xA4CF}, {0xAC00, 0xD7A3},
        {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF01, 0xFF60}, {0xFFE0, 0xFFE6},
        {0x1F300, 0x1F64F}, {0x20000, 0x3FFFD},
    };

    return is_within(code_point, wide, sizeof wide / sizeof wide[0]);
}

/* Marks that stand on the character before, and characters without a shape. */
static bool has_no_width(uint32_t code_point)
{
    static const struct range none[] = {
        {0x0300, 0x036F}, {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF},
    };

    return is_within(code_point, none, sizeof none / sizeof none[0]);
}

size_t style_columns(const char *text)
{
    size_t len = strlen(text);
    size_t columns = 0;

    for (size_t i = 0; i < len;) {
        uint32_t code_point = 0;
        size_t bytes = utf8_decode(text + i, len - i, &code_point);
        if (bytes == 0 || !has_no_width(code_point))
            columns += bytes > 0 && is_wide(code_point) ? 2 : 1;
        i += bytes == 0 ? 1 : bytes;
    }
    return columns;
}
