/* iso_date: the date that a machine wrote into an attribute. Called by facts.c; dates that people
 * wrote into the text are not its affair. */
#include "iso_date.h"

#include <stdio.h>
#include <string.h>

#define YEAR_LEAST 1980u
#define YEAR_MOST  2099u

/* At most `digits` digits at *at; 0 when there are none. */
static unsigned take_number(const char *text, size_t len, size_t *at, unsigned digits)
{
    unsigned number = 0;

    while (digits > 0 && *at < len && text[*at] >= '0' && text[*at] <= '9') {
        number = number * 10 + (unsigned)(text[*at] - '0');
        ++*at;
        digits--;
    }
    return number;
}

static void skip_separator(const char *text, size_t len, size_t *at)
{
    static const char *const signs[] = {"-", "/", ".", "年", "月"};

    for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
        size_t sign_len = strlen(signs[i]);

        if (len - *at >= sign_len && memcmp(text + *at, signs[i], sign_len) == 0) {
            *at += sign_len;
            return;
        }
    }
}

static unsigned days_of(unsigned year, unsigned month)
{
    static const unsigned char days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return month == 2 && (year % 4 != 0 || (year % 100 == 0 && year % 400 != 0)) ? 28
                                                                                 : days[month - 1];
}

int iso_date_parse(const char *text, size_t len, char out_date[ISO_DATE_SIZE])
{
    size_t at = 0;
    unsigned year;
    unsigned month;
    unsigned day;

    while (text != NULL && at < len && (unsigned char)text[at] <= ' ') {
        at++;
    }
    if (text == NULL || at == len) {
        return 0;
    }
    year = take_number(text, len, &at, 4);
    skip_separator(text, len, &at);
    month = take_number(text, len, &at, 2);
    skip_separator(text, len, &at);
    day = take_number(text, len, &at, 2);
    if (year < YEAR_LEAST || year > YEAR_MOST || month < 1 || month > 12 || day < 1 ||
        day > days_of(year, month)) {
        return 0;
    }
    snprintf(out_date, ISO_DATE_SIZE, "%04u-%02u-%02u", year % 10000, month % 100, day % 100);
    return 1;
}
