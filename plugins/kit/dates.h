/* kit/dates: dates in running text, and what a document's dates are dates of.
 *
 * dates_parse.c reads one date; dates.c (with dates_scan.c, dates_role.c, dates_year.c) finds those
 * of a document and publishes them as facts with their place, score and reason. */
#ifndef KIT_DATES_H
#define KIT_DATES_H

#include <stddef.h>
#include <stdint.h>

#include <taxon/plugin.h>

/* A part that the text does not tell is 0. Either the year is known (then the day only with the
 * month), or the month and the day are. */
struct dates_date {
    int32_t year;
    int32_t month;
    int32_t day;
};

/* Reads the date that `text` begins with: 2024-05-17 (also with / or .), 2024-05, ISO 8601 with
 * time and zone, 2024年5月17日, 2024年5月, 2024年, 二〇二四年五月十七日, 民國113年5月3日, 5月17日,
 * 3 May 2024, May 3, 2024, May 2024, Tuesday, 4 June; digits may be full width. Returns the bytes
 * used, a time of day included; 0 when there is no date or an impossible one, and `*out_date` is
 * then untouched. What stands before `text` is the caller's to check: "12024-05-17" holds no date.
 * A year alone is one only with 年 behind it. Years are 1900 to 2100; 1000 to 2999 where a month in
 * words or 年 and 月 make plain that a year is meant. */
size_t dates_parse(const char *text, size_t len, struct dates_date *out_date);

/* The same for eight digits that nothing but their place makes a date: 20240517. */
size_t dates_parse_compact(const char *text, size_t len, struct dates_date *out_date);

/* Writes ISO 8601: YYYY, YYYY-MM or YYYY-MM-DD. -EINVAL when the year is unknown or the date is
 * impossible; `out` is then untouched. */
int dates_format(const struct dates_date *date, char out[11]);

/* Does a calendar have this date? Parts that are 0 are not asked. */
int dates_is_possible(const struct dates_date *date);

/* Publishes the facts date-published, date-event and date-copied of `text`, which is valid UTF-8
 * and what offsets of facts count in: at most three of a name. Reads the head and the tail whole,
 * the middle only for what tells a year, and no more than a bounded number of dates. 0, or a
 * negative errno from the host; a limit of the host is no error. */
int32_t dates_report(struct taxon_task *task, const char *text, size_t len);

/* The same where the document says outside its text when it was published (metadata of a page):
 * `published` is not published here, but the year of a date without one may follow from it. */
int32_t dates_report_known(struct taxon_task *task, const char *text, size_t len,
                           const struct dates_date *published);

#endif
