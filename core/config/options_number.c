/* config/options_number: numbers as people write them in YAML, with their units, both ways.
 *
 * Called by options_value.c to read and by options_words.c to print. The grammars are decimal and
 * closed: no octal, no "1.5s", no lower-case sizes, so that a value means the same to every reader.
 * What a number may be is the range's business, not theirs.
 */
#include "config/options_number.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <taxon/types.h>

/* The decimal digits at *text as a number, and *text behind them. False: none, or too large. */
static bool take_digits(const char **text, int64_t *out_number)
{
    const char *at = *text;
    int64_t number = 0;

    for (; *at >= '0' && *at <= '9'; at++)
        if (__builtin_mul_overflow(number, 10, &number) ||
            __builtin_add_overflow(number, *at - '0', &number))
            return false;
    if (at == *text)
        return false;
    *text = at;
    *out_number = number;
    return true;
}

struct unit {
    const char *name;
    int64_t size;
};

/* Largest first; the last is the one that everything is a whole number of. */
static const struct unit durations[] = {{"d", 86400000}, {"h", 3600000}, {"m", 60000},
                                        {"s", 1000},     {"ms", 1},      {NULL, 0}};
static const struct unit sizes[] = {
    {"G", 1 << 30}, {"M", 1 << 20}, {"K", 1 << 10}, {"", 1}, {NULL, 0}};

static bool parse_with_unit(const char *text, const struct unit *units, int64_t *out_number)
{
    int64_t number = 0;

    if (!take_digits(&text, &number))
        return false;
    for (; units->name != NULL; units++)
        if (strcmp(text, units->name) == 0)
            return !__builtin_mul_overflow(number, units->size, out_number);
    return number == 0 && text[0] == '\0'; /* nothing is nothing in any unit */
}

bool number_parse_duration(const char *text, int64_t *out_ms)
{
    return parse_with_unit(text, durations, out_ms);
}

bool number_parse_bytes(const char *text, int64_t *out_bytes)
{
    return parse_with_unit(text, sizes, out_bytes);
}

bool number_parse_int(const char *text, int64_t *out_number)
{
    bool negative = text[0] == '-';

    text += negative;
    if (!take_digits(&text, out_number) || text[0] != '\0')
        return false;
    if (negative)
        *out_number = -*out_number;
    return true;
}

/* Decimal only: strtod(3) would also take "inf", "nan" and hexadecimal. The programs never call
 * setlocale(3), so that the point is a point. */
bool number_parse_real(const char *text, double *out_number)
{
    char *end = NULL;

    if (text[0] == '\0' || text[strspn(text, "+-.0123456789eE")] != '\0')
        return false;
    double number = strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(number))
        return false;
    *out_number = number;
    return true;
}

bool number_parse_bool(const char *text, int64_t *out_number)
{
    static const char *const words[] = {"false", "true", "no", "yes", "off", "on"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcasecmp(text, words[i]) == 0) {
            *out_number = (int64_t)(i % 2);
            return true;
        }
    return false;
}

/* In the largest unit that leaves a whole number. */
static void print_in_units(double number, const struct unit *units, struct strbuf *out)
{
    while (units->size > 1 && fmod(number, (double)units->size) != 0)
        units++;
    strbuf_printf(out, "%.0f%s", number / (double)units->size, units->name);
}

void number_print(uint32_t type, double number, struct strbuf *out_text)
{
    if (number == 0)
        strbuf_putc(out_text, '0');
    else if (type == TAXON_OPTION_DURATION)
        print_in_units(number, durations, out_text);
    else if (type == TAXON_OPTION_BYTES)
        print_in_units(number, sizes, out_text);
    else if (type == TAXON_OPTION_INT)
        strbuf_printf(out_text, "%.0f", number);
    else
        strbuf_printf(out_text, "%g", number);
}
