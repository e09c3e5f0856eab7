/* Tests of dates: what is one, what is none, and what a document's dates are dates of. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_host.h"
#include "kit/dates.h"
#include "suite.h"

struct parsing {
    const char *text;
    const char *date; /* as YYYY-MM-DD; 0000 for an unknown year; "" for none */
    size_t used;      /* bytes; 0: all of the text */
};

static void check_parsing(const struct parsing *row,
                          size_t (*parse)(const char *, size_t, struct dates_date *))
{
    struct dates_date date = {-1, -1, -1};
    size_t len = strlen(row->text);
    char *exact = malloc(len > 0 ? len : 1); /* so that a step too far is seen */
    char shown[64] = "";
    size_t used;

    ck_assert_ptr_nonnull(exact);
    memcpy(exact, row->text, len);
    used = parse(exact, len, &date);
    free(exact);
    if (used > 0)
        snprintf(shown, sizeof(shown), "%04d-%02d-%02d", date.year, date.month, date.day);
    else
        ck_assert_int_eq(date.year, -1);
    ck_assert_msg(strcmp(shown, row->date) == 0, "%s: %s", row->text, shown);
    if (used > 0)
        ck_assert_msg(used == (row->used == 0 ? len : row->used), "%s: %zu bytes", row->text, used);
}

START_TEST(dates_are_read)
{
    static const struct parsing rows[] = {
        {"2024-05-17", "2024-05-17", 0},
        {"2024/4/29 21:45:40", "2024-04-29", 0},
        {"2024.5.7", "2024-05-07", 0},
        {"2024.5.7。", "2024-05-07", 8},
        {"2024.5.7. Then", "2024-05-07", 8},
        {"2024-05", "2024-05-00", 0},
        {"2024年5月17日", "2024-05-17", 0},
        {"2024 年 5 月 17 日", "2024-05-17", 0},
        {"2024年5月17日 08:30 来源", "2024-05-17", 22},
        {"2024年5月", "2024-05-00", 0},
        {"2024年05月份", "2024-05-00", 12},
        {"2024年", "2024-00-00", 0},
        {"2024年3次", "2024-00-00", 7},
        {"二〇二四年五月十七日", "2024-05-17", 0},
        {"二○二四年十二月三十一日", "2024-12-31", 0},
        {"二零二四年十月二十日", "2024-10-20", 0},
        {"二○二四年", "2024-00-00", 0},
        {"一九八四年", "1984-00-00", 0},
        {"２０２４年５月１７日", "2024-05-17", 0},
        {"２０２４－０５－１７", "2024-05-17", 0},
        {"民國113年5月3日", "2024-05-03", 0},
        {"中華民國一百一十三年五月三日", "2024-05-03", 0},
        {"民国元年", "1912-00-00", 0},
        {"5月17日", "0000-05-17", 0},
        {"五月十七日", "0000-05-17", 0},
        {"5月17号上午", "0000-05-17", 9},
        {"2月29日", "0000-02-29", 0},
        {"1644年4月25日", "1644-04-25", 0},
        {"3 May 2024", "2024-05-03", 0},
        {"3rd of May, 2024", "2024-05-03", 0},
        {"May 3, 2024", "2024-05-03", 0},
        {"May 3rd 2024 and", "2024-05-03", 12},
        {"Sept. 12, 2023", "2023-09-12", 0},
        {"SEP 12 2023", "2023-09-12", 0},
        {"04-Jun-2024", "2024-06-04", 0},
        {"May 2024", "2024-05-00", 0},
        {"Tuesday, 4 June", "0000-06-04", 0},
        {"Tue, 4 Jun 2024 10:12:13 +0800", "2024-06-04", 24},
        {"May 3, 200 people", "0000-05-03", 5},
        {"July 4, 1776", "1776-07-04", 0},
        {"2024-05-17T08:30:00+08:00", "2024-05-17", 0},
        {"2024-05-17T08:30:00.123Z", "2024-05-17", 0},
        {"2024-02-29", "2024-02-29", 0},
        {"2000-02-29", "2000-02-29", 0},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        check_parsing(&rows[i], dates_parse);
}
END_TEST

START_TEST(what_is_no_date_is_refused)
{
    static const char *const texts[] = {
        "",
        "2",
        "2024",
        "2024-",
        "2024-02-30",
        "2023-02-29",
        "1900-02-29",
        "2024-04-31",
        "2024-13-01",
        "2024-00-10",
        "2024-05-00",
        "2024-5",
        "2024.5",
        "2024/05",
        "2018-2030年",
        "2024-05-171",
        "2024-05/17",
        "2024.1.2.3",
        "1.2.3",
        "3-2",
        "192.168.10.1",
        "1899-12-31",
        "2101-01-01",
        "2500年历史",
        "5000年",
        "0000年1月1日",
        "12024年",
        "5月",
        "5月后3日",
        "13月1日",
        "0月5日",
        "5月0日",
        "2月30日",
        "2024年2月30日",
        "十三五",
        "三千年",
        "二十年",
        "民國990年",
        "may 3",
        "Mayor 3",
        "March",
        "Marching 3 men",
        "3 Mayors",
        "31 June 2024",
        "April 31, 2024",
        "Tuesday",
        "20240517",
        "010-12345678",
        "〔2024〕12号",
        "$2024.50",
        "\xE4\xBA", /* half a character, as a reader's cut may leave it */
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        check_parsing(&(struct parsing){texts[i], "", 0}, dates_parse);
}
END_TEST

START_TEST(eight_digits_are_a_date_only_when_asked)
{
    check_parsing(&(struct parsing){"20240517", "2024-05-17", 0}, dates_parse_compact);
    check_parsing(&(struct parsing){"20240517.html", "2024-05-17", 8}, dates_parse_compact);
    check_parsing(&(struct parsing){"20240230", "", 0}, dates_parse_compact);
    check_parsing(&(struct parsing){"18990101", "", 0}, dates_parse_compact);
    check_parsing(&(struct parsing){"20240001", "", 0}, dates_parse_compact);
    check_parsing(&(struct parsing){"202405170", "", 0}, dates_parse_compact);
    check_parsing(&(struct parsing){"2024051", "", 0}, dates_parse_compact);
}
END_TEST

START_TEST(dates_are_written_as_iso)
{
    char out[11] = "untouched";

    ck_assert_int_eq(dates_format(&(struct dates_date){2024, 5, 7}, out), 0);
    ck_assert_str_eq(out, "2024-05-07");
    ck_assert_int_eq(dates_format(&(struct dates_date){2024, 5, 0}, out), 0);
    ck_assert_str_eq(out, "2024-05");
    ck_assert_int_eq(dates_format(&(struct dates_date){2024, 0, 0}, out), 0);
    ck_assert_str_eq(out, "2024");
    ck_assert_int_eq(dates_format(&(struct dates_date){0, 5, 7}, out), -EINVAL);
    ck_assert_int_eq(dates_format(&(struct dates_date){2023, 2, 29}, out), -EINVAL);
    ck_assert_int_eq(dates_format(&(struct dates_date){2024, 13, 1}, out), -EINVAL);
    ck_assert_int_eq(dates_format(&(struct dates_date){2024, 0, 1}, out), -EINVAL);
    ck_assert_str_eq(out, "2024");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        dates_are_read,
        what_is_no_date_is_refused,
        eight_digits_are_a_date_only_when_asked,
        dates_are_written_as_iso,
    };

    return SUITE_RUN("kit/dates", tests);
}
