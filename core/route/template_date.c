/* route/template_date: which date {date} means.
 *
 * Called by template_expand. A date fact comes from a document and may be anything; one that is no
 * ISO 8601 calendar date (YYYY, YYYY-MM, YYYY-MM-DD) is passed over.
 */
#include "route/template_date.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "route/findings.h"

#define MS_PER_SECOND 1000

/* `digits` decimal digits at `text`, or -1. */
static int parse_digits(const char *text, int digits)
{
    int number = 0;

    for (int i = 0; i < digits; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        number = number * 10 + (text[i] - '0');
    }
    return number;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return month == 2 && leap ? 29 : days[month - 1];
}

static bool parse_date(const char *text, struct template_date *out_date)
{
    struct template_date date = {.year = parse_digits(text, 4)};

    if (date.year < 0)
        return false;
    if (text[4] != '\0') {
        if (text[4] != '-' || (date.month = parse_digits(text + 5, 2)) < 1 || date.month > 12)
            return false;
        if (text[7] != '\0' &&
            (text[7] != '-' || (date.day = parse_digits(text + 8, 2)) < 1 || text[10] != '\0' ||
             date.day > days_in_month(date.year, date.month)))
            return false;
    }
    *out_date = date;
    return true;
}

static bool date_of_fact(const struct subject *subject, const char *name,
                         struct template_date *out_date)
{
    const struct reply_fact *fact = findings_fact(subject, name);

    return fact != NULL && parse_date(fact->value, out_date);
}

/* A time that has no calendar date (anyone can set any) is all zeros. */
static void date_of_time(int64_t wall_ms, struct template_date *out_date)
{
    time_t seconds = (time_t)(wall_ms / MS_PER_SECOND - (wall_ms % MS_PER_SECOND < 0));
    struct tm tm;

    *out_date = (struct template_date){0};
    if (gmtime_r(&seconds, &tm) == NULL || tm.tm_year < -1900 || tm.tm_year > 9999 - 1900)
        return;
    *out_date = (struct template_date){
        .year = tm.tm_year + 1900,
        .month = tm.tm_mon + 1,
        .day = tm.tm_mday,
        .hour = tm.tm_hour,
        .minute = tm.tm_min,
        .second = tm.tm_sec,
    };
}

void template_date_of(const struct subject *subject, struct template_date *out_date)
{
    if (!date_of_fact(subject, "date-published", out_date) &&
        !date_of_fact(subject, "date-event", out_date))
        date_of_time(subject->mtime_ms, out_date);
}

void template_date_print(const struct template_date *date, char conversion,
                         char out_text[TEMPLATE_DATE_SIZE])
{
    int number = conversion == 'Y'   ? date->year
                 : conversion == 'y' ? date->year % 100
                 : conversion == 'm' ? date->month
                 : conversion == 'd' ? date->day
                 : conversion == 'H' ? date->hour
                 : conversion == 'M' ? date->minute
                                     : date->second;

    snprintf(out_text, TEMPLATE_DATE_SIZE, "%0*d", conversion == 'Y' ? 4 : 2, number);
}
