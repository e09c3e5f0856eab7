/* dates_parse: the one date that a text begins with.
 *
 * Called by dates_scan.c for each place that could begin a date, and by readers for attributes and
 * metadata. Knows nothing of what the date is of, nor of what stands before it. Looks at no more
 * than some hundred bytes, so that a call costs the same whatever follows.
 *
 * Forms: GB/T 15835-2011 (2024年5月17日, 二〇二四年五月十七日), ISO 8601, the years of the Republic
 * of China (1912 is the first), and English with the month in words.
 */
#include "kit/dates.h"
#include "kit/dates_number.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define YEAR_MIN       1900
#define YEAR_MAX       2100
#define CLEAR_YEAR_MIN 1000
#define CLEAR_YEAR_MAX 2999
#define REPUBLIC_ZERO  1911
#define WINDOW_MAX     160 /* bytes; no form is longer */

static int32_t days_of(int32_t year, int32_t month)
{
    static const int32_t days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    if (month == 2 && year != 0 && (year % 4 != 0 || (year % 100 == 0 && year % 400 != 0))) {
        return 28;
    }
    return days[month - 1];
}

int dates_is_possible(const struct dates_date *date)
{
    if (date->year < 0 || date->year > CLEAR_YEAR_MAX || date->month < 0 || date->month > 12 ||
        date->day < 0) {
        return 0;
    }
    return date->day == 0 || (date->month != 0 && date->day <= days_of(date->year, date->month));
}

static int is_year(int32_t year, int clear)
{
    return clear ? year >= CLEAR_YEAR_MIN && year <= CLEAR_YEAR_MAX
                 : year >= YEAR_MIN && year <= YEAR_MAX;
}

/* 月5日 and on, behind the number of the month. */
static int take_day_mark(struct dates_cursor *cursor)
{
    static const char *const marks[] = {"日", "号", "號", NULL};

    return dates_take_any(cursor, marks) > 0;
}

/* 5月17日 or, if `day_needed` is 0, 5月; leaves the cursor behind what it took. */
static int take_month_day(struct dates_cursor *cursor, int day_needed, struct dates_date *date)
{
    struct dates_cursor next = *cursor;
    struct dates_cursor ahead;
    int32_t day;

    if (!dates_take_part(&next, &date->month)) {
        return 0;
    }
    dates_skip_blanks(&next);
    if (!dates_take(&next, "月")) {
        return 0;
    }
    ahead = next;
    (void)dates_take(&ahead, "份");
    dates_skip_blanks(&ahead);
    if (dates_take_part(&ahead, &day)) {
        dates_skip_blanks(&ahead);
        if (take_day_mark(&ahead)) {
            date->day = day;
            *cursor = ahead;
            return day != 0 && date->month != 0;
        }
    }
    *cursor = next;
    return !day_needed && date->month != 0;
}

/* 民國113年: the year that 113 is. */
static int take_republic_year(struct dates_cursor *cursor, int32_t *out_year)
{
    static const char *const eras[] = {"中華民國", "中华民国", "民國", "民国", NULL};
    struct dates_cursor next = *cursor;
    int32_t number;

    if (!dates_take_any(&next, eras)) {
        return 0;
    }
    dates_skip_blanks(&next);
    if (dates_take(&next, "元")) {
        number = 1;
    } else if (!dates_take_number(&next, 1, 3, &number) && !dates_take_han_number(&next, &number)) {
        return 0;
    }
    if (number < 1 || number > YEAR_MAX - REPUBLIC_ZERO) {
        return 0;
    }
    *cursor = next;
    *out_year = number + REPUBLIC_ZERO;
    return 1;
}

/* 2024年5月17日, 2024年5月, 2024年 and the same in Chinese digits or years of the Republic. */
static int take_chinese(struct dates_cursor *cursor, struct dates_date *date)
{
    struct dates_cursor next = *cursor;
    struct dates_cursor ahead;
    int year = take_republic_year(&next, &date->year) ||
               dates_take_number(&next, 4, 4, &date->year) > 0 ||
               dates_take_han_year(&next, &date->year) > 0;

    if (!year) {
        return take_month_day(cursor, 1, date);
    }
    dates_skip_blanks(&next);
    if (!dates_take(&next, "年")) {
        return 0;
    }
    ahead = next;
    dates_skip_blanks(&ahead);
    if (take_month_day(&ahead, 0, date)) {
        next = ahead;
    } else {
        date->month = 0;
    }
    *cursor = next;
    return is_year(date->year, date->month != 0);
}

/* 2024-05-17, 2024/5/7, 2024.5.7: one separator throughout. 2024-05 only with two digits, since
 * 2024.5 is a number and 2024-5 may be anything. */
static int take_numeric(struct dates_cursor *cursor, struct dates_date *date)
{
    static const char *const separators[] = {"-", "/", ".", "－", "／", "．", "‐", "–", NULL};
    struct dates_cursor next = *cursor;
    struct dates_cursor ahead;
    int separator;
    int month_digits;

    if (!dates_take_number(&next, 4, 4, &date->year) || !is_year(date->year, 0)) {
        return 0;
    }
    separator = dates_take_any(&next, separators);
    month_digits = separator == 0 ? 0 : dates_take_number(&next, 1, 2, &date->month);
    if (month_digits == 0 || date->month == 0) {
        return 0;
    }
    ahead = next;
    if (dates_take(&ahead, separators[separator - 1])) {
        if (!dates_take_number(&ahead, 1, 2, &date->day) || date->day == 0) {
            return 0;
        }
        next = ahead;
        if (dates_take(&ahead, separators[separator - 1]) && dates_is_digit_next(ahead)) {
            return 0; /* 2024.1.2.3 is a version */
        }
    } else if (month_digits != 2 || separator != 1 || dates_is_letter_next(&next) ||
               (dates_take_any(&ahead, separators) && dates_is_digit_next(ahead))) {
        return 0;
    }
    *cursor = next;
    return 1;
}

/* A month in words, whole or as three or four letters; capital, since "may" and "march" are words.
 */
static int32_t take_month_name(struct dates_cursor *cursor)
{
    static const char *const names[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
    struct dates_cursor next = *cursor;
    size_t size = 0;

    while (dates_is_letter_next(&next)) {
        next.at++;
        size++;
    }
    for (int32_t i = 0; i < 12 && size >= 3; i++) {
        size_t whole = strlen(names[i]);
        int same = cursor->at[0] == names[i][0] && size <= whole;

        for (size_t c = 1; same && c < size; c++) {
            same = (cursor->at[c] | 0x20) == names[i][c];
        }
        if (same && (size == whole || size == 3 || (size == 4 && i == 8))) {
            if (size != whole) {
                (void)dates_take(&next, ".");
            }
            *cursor = next;
            return i + 1;
        }
    }
    return 0;
}

/* Tuesday, and Tue. in front of a date. */
static void skip_weekday(struct dates_cursor *cursor)
{
    static const char *const names[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                        "Friday", "Saturday", "Sunday",    NULL};
    static const char *const shorts[] = {"Mon", "Tues", "Tue", "Wed", "Thurs",
                                         "Thu", "Fri",  "Sat", "Sun", NULL};

    if (dates_take_any(cursor, names) || dates_take_any(cursor, shorts)) {
        (void)dates_take(cursor, ".");
        (void)dates_take(cursor, ",");
        dates_skip_blanks(cursor);
    }
}

/* 3, 3rd, 21st: a day in front of or behind an English month. */
static int take_english_day(struct dates_cursor *cursor, int32_t *out_day)
{
    static const char *const endings[] = {"st", "nd", "rd", "th", NULL};

    if (!dates_take_number(cursor, 1, 2, out_day) || *out_day == 0) {
        return 0;
    }
    (void)dates_take_any(cursor, endings);
    return !dates_is_letter_next(cursor);
}

/* The year behind an English month and day. What is none, as in "May 3, 200 people", stays. */
static void take_english_year(struct dates_cursor *cursor, struct dates_date *date)
{
    static const char *const separators[] = {",", "-", "，", NULL};
    struct dates_cursor next = *cursor;
    int32_t year;

    (void)dates_take_any(&next, separators);
    dates_skip_blanks(&next);
    if (dates_take_number(&next, 4, 4, &year) && is_year(year, 1) && !dates_is_letter_next(&next)) {
        date->year = year;
        *cursor = next;
    }
}

/* 3 May 2024, 3rd of May, May 3, 2024, May 2024. */
static int take_english(struct dates_cursor *cursor, struct dates_date *date)
{
    struct dates_cursor next = *cursor;
    struct dates_cursor ahead;
    int day_first;

    skip_weekday(&next);
    ahead = next;
    day_first = take_english_day(&ahead, &date->day);
    if (day_first) {
        next = ahead;
        (void)dates_take(&next, "-");
        dates_skip_blanks(&next);
        if (dates_take(&next, "of ")) {
            dates_skip_blanks(&next);
        }
    } else {
        date->day = 0;
    }
    date->month = take_month_name(&next);
    if (date->month == 0) {
        return 0;
    }
    ahead = next;
    dates_skip_blanks(&ahead);
    if (!day_first) {
        if (take_english_day(&ahead, &date->day)) {
            next = ahead;
        } else {
            date->day = 0;
        }
    }
    take_english_year(&next, date);
    *cursor = next;
    return date->year != 0 || date->day != 0;
}

/* 21:45:40.5+08:00, behind T or blanks; what does not look like a time stays. */
static void skip_time(struct dates_cursor *cursor)
{
    struct dates_cursor next = *cursor;
    int32_t number;

    if (!dates_take(&next, "T")) {
        (void)dates_take(&next, ",");
        dates_skip_blanks(&next);
    }
    if (next.at == cursor->at || !dates_take_number(&next, 1, 2, &number) || number > 24 ||
        !(dates_take(&next, ":") || dates_take(&next, "：")) ||
        !dates_take_number(&next, 2, 2, &number)) {
        return;
    }
    *cursor = next;
    if ((dates_take(&next, ":") || dates_take(&next, "：")) &&
        dates_take_number(&next, 2, 2, &number)) {
        *cursor = next;
        if (dates_take(&next, ".") && dates_take_number(&next, 1, 9, &number)) {
            *cursor = next;
        }
    }
    next = *cursor;
    if (dates_take(&next, "Z")) {
        *cursor = next;
    } else if ((dates_take(&next, "+") || dates_take(&next, "-")) &&
               dates_take_number(&next, 2, 2, &number)) {
        (void)dates_take(&next, ":");
        if (dates_take_number(&next, 2, 2, &number)) {
            *cursor = next;
        }
    }
}

size_t dates_parse(const char *text, size_t len, struct dates_date *out_date)
{
    static int (*const forms[])(struct dates_cursor *,
                                struct dates_date *) = {take_numeric, take_chinese, take_english};

    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        struct dates_cursor cursor = {text, text + (len < WINDOW_MAX ? len : WINDOW_MAX)};
        struct dates_date date = {0, 0, 0};

        if (!forms[i](&cursor, &date)) {
            continue;
        }
        if (!dates_is_possible(&date)) {
            return 0;
        }
        if (date.day != 0) {
            skip_time(&cursor);
        }
        *out_date = date;
        return (size_t)(cursor.at - text);
    }
    return 0;
}

size_t dates_parse_compact(const char *text, size_t len, struct dates_date *out_date)
{
    struct dates_cursor cursor = {text, text + (len < WINDOW_MAX ? len : WINDOW_MAX)};
    struct dates_date date;
    int32_t number;

    if (!dates_take_number(&cursor, 8, 8, &number)) {
        return 0;
    }
    date = (struct dates_date){number / 10000, number / 100 % 100, number % 100};
    if (!is_year(date.year, 0) || date.month == 0 || date.day == 0 || !dates_is_possible(&date)) {
        return 0;
    }
    *out_date = date;
    return (size_t)(cursor.at - text);
}

int dates_format(const struct dates_date *date, char out[11])
{
    char text[32];

    if (date->year < CLEAR_YEAR_MIN || !dates_is_possible(date)) {
        return -EINVAL;
    }
    if (date->month == 0) {
        snprintf(text, sizeof(text), "%04d", date->year);
    } else if (date->day == 0) {
        snprintf(text, sizeof(text), "%04d-%02d", date->year, date->month);
    } else {
        snprintf(text, sizeof(text), "%04d-%02d-%02d", date->year, date->month, date->day);
    }
    memcpy(out, text, strlen(text) + 1);
    return 0;
}
