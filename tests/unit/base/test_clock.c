/* Tests of base/clock. */
#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "suite.h"

START_TEST(known_times)
{
    static const struct {
        int64_t wall_ms;
        const char *text;
    } known[] = {
        {0, "1970-01-01T00:00:00.000Z"},
        {-1, "1969-12-31T23:59:59.999Z"},
        {-86400000, "1969-12-31T00:00:00.000Z"},
        {951782400000, "2000-02-29T00:00:00.000Z"},
        {1795512756123, "2026-11-24T09:32:36.123Z"},
        {4107542400000, "2100-03-01T00:00:00.000Z"}, /* 2100 is no leap year */
        {253402300799999, "9999-12-31T23:59:59.999Z"},
        {-62167219200000, "0000-01-01T00:00:00.000Z"},
        {253402300800000, "9999-12-31T23:59:59.999Z"}, /* clamped from here on */
        {-62167219200001, "0000-01-01T00:00:00.000Z"},
        {INT64_MAX, "9999-12-31T23:59:59.999Z"},
        {INT64_MIN, "0000-01-01T00:00:00.000Z"},
    };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        char text[CLOCK_RFC3339_SIZE];
        clock_rfc3339(known[i].wall_ms, text);
        ck_assert_str_eq(text, known[i].text);
    }
}
END_TEST

START_TEST(agrees_with_gmtime)
{
    uint64_t random = 7;

    for (int i = 0; i < 100000; i++) {
        const int64_t span = 253402300800000 + 62167219200000;
        int64_t wall_ms = (int64_t)(suite_random(&random) % (uint64_t)span) - 62167219200000;
        int64_t ms = (wall_ms % 1000 + 1000) % 1000;
        time_t seconds = (wall_ms - ms) / 1000;
        struct tm parts;
        char text[CLOCK_RFC3339_SIZE];
        char expected[128];

        gmtime_r(&seconds, &parts);
        snprintf(expected, sizeof expected, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
                 parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min,
                 parts.tm_sec, (int)ms);
        clock_rfc3339(wall_ms, text);
        ck_assert_str_eq(text, expected);
    }
}
END_TEST

START_TEST(clocks_run)
{
    uint64_t before_us = clock_monotonic_us();
    time_t before = time(NULL);

    for (int i = 0; i < 1000; i++) {
        uint64_t now_us = clock_monotonic_us();
        ck_assert_uint_ge(now_us, before_us);
        before_us = now_us;
    }
    int64_t wall_ms = clock_wall_ms();
    ck_assert_int_ge(wall_ms / 1000, before - 1); /* time(2) uses a coarser clock */
    ck_assert_int_le(wall_ms / 1000, time(NULL) + 1);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {known_times, agrees_with_gmtime, clocks_run};

    return SUITE_RUN("base/clock", tests);
}
