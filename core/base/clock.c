/* base/clock: what time it is.
 *
 * Called for deadlines (monotonic) and for records and log lines (wall). It does not know time
 * zones: gmtime_r is avoided because glibc opens the zone file on first use, and a worker may open
 * nothing once it is locked down.
 */
#include "base/clock.h"

#include <stdio.h>
#include <time.h>

#define DAY_MS 86400000

uint64_t clock_monotonic_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC,
                  &now); /* cannot fail: the clock exists and the address is ours */
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

int64_t clock_wall_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct date {
    unsigned year;
    unsigned month;
    unsigned day;
};

/* Days since 1970-01-01 to the Gregorian calendar, by years that begin in March (H. Hinnant,
 * "chrono-Compatible Low-Level Date Algorithms", civil_from_days). For the years 0 to 9999. */
static struct date date_of_day(int64_t days)
{
    unsigned since_march_0 = (unsigned)(days + 719468 + 146097); /* one era more: never negative */
    unsigned era = since_march_0 / 146097;
    unsigned day_of_era = since_march_0 % 146097;
    unsigned year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    unsigned march_month = (5 * day_of_year + 2) / 153;
    unsigned month = march_month < 10 ? march_month + 3 : march_month - 9;

    return (struct date){
        .year = era * 400 + year_of_era + (month <= 2) - 400,
        .month = month,
        .day = day_of_year - (153 * march_month + 2) / 5 + 1,
    };
}

/* RFC 3339 has four-digit years only. Files may carry any time, so others are clamped. */
static int64_t clamp_to_four_digit_years(int64_t wall_ms)
{
    const int64_t least = INT64_C(-62167219200000); /* 0000-01-01T00:00:00.000Z */
    const int64_t most = INT64_C(253402300799999);  /* 9999-12-31T23:59:59.999Z */

    return wall_ms < least ? least : wall_ms > most ? most : wall_ms;
}

void clock_rfc3339(int64_t wall_ms, char out_text[CLOCK_RFC3339_SIZE])
{
    int64_t clamped = clamp_to_four_digit_years(wall_ms);
    int64_t days = clamped / DAY_MS - (clamped % DAY_MS < 0);
    unsigned ms = (unsigned)(clamped - days * DAY_MS);
    struct date date = date_of_day(days);

    snprintf(out_text, CLOCK_RFC3339_SIZE, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ", date.year % 10000,
             date.month % 100, date.day % 100, ms / 3600000 % 24, ms / 60000 % 60, ms / 1000 % 60,
             ms % 1000);
}
