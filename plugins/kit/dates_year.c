/* dates_year: the year of a date that stands there without one.
 *
 * Called by dates.c for findings without a year. Only what the document says counts: when it was
 * published; the same day with its year; which year of a five-year plan it was written in. When
 * these say nothing, or contradict one another, the year stays unknown: no date is better than a
 * wrong one.
 *
 * Five-year plans of China: the first ran 1953-1957, the second 1958-1962, and after three years
 * without a plan the third began in 1966; since then there is one every five years.
 */
#include "kit/dates_number.h"
#include "kit/dates_private.h"

#include <string.h>

#define WINDOWS_MAX     400 /* places in the text looked at closely */
#define FIVES_MAX       4000
#define STOP_EVERY      64
#define PLAN_AHEAD      60 /* bytes behind the name of a plan in which its year is told */
#define NEAR_MONTHS     2  /* between publication and event: no more, and the year is plain */
#define FIRST_PLAN      1953
#define THIRD_PLAN      1966
#define PLAN_NUMBER_MAX 40

/* Does the text speak of the day as one to come: 将于2月1日, 2月1日将召开? */
static int is_to_come(const struct dates_place *place)
{
    static const char *const ahead[] = {"将于",   "将在",   "将从",   "定于",   "拟于",
                                        "预计于", "预计在", "计划于", "计划在", NULL};

    for (size_t i = 0; ahead[i] != NULL; i++) {
        if (dates_context_ends(&place->before, place->before.len, ahead[i])) {
            return 1;
        }
    }
    return dates_context_holds(&place->after, "将") || dates_context_holds(&place->after, "拟");
}

/* The year from the document's own date: the same one, or the one before when the month would not
 * have come yet, unless the text speaks of what is to come. */
static int from_stamp(const struct dates_date *stamp, struct dates_finding *finding)
{
    struct dates_date date = finding->date;
    int32_t apart;

    if (stamp == NULL || stamp->year == 0 || stamp->month == 0) {
        return 0;
    }
    apart = stamp->month - date.month;
    date.year = stamp->year;
    if (apart < 0 && !is_to_come(finding->place)) {
        date.year--;
        apart += 12;
    }
    if (!dates_is_possible(&date)) {
        return 0;
    }
    finding->date = date;
    finding->score *= apart <= NEAR_MONTHS && apart >= -NEAR_MONTHS ? 1.0 : 0.7;
    finding->year_from = "the date of publication";
    return 1;
}

/* Bytes of the digit, Arabic or Chinese, that ends at `at` in plain text that begins at `text`. */
static size_t digit_before(const char *text, const char *at)
{
    static const char *const han[] = {"一", "二", "三", "四", "五", "六", "七",
                                      "八", "九", "十", "百", "零", NULL};
    struct dates_cursor cursor = {at - 3, at};

    if (at > text && at[-1] >= '0' && at[-1] <= '9') {
        return 1;
    }
    return at - text >= 3 && dates_take_any(&cursor, han) ? 3 : 0;
}

/* The number that ends at `mark` in plain text: 五 in 五周年. 0 when there is none. */
static int32_t number_before(const char *text, const char *mark)
{
    struct dates_cursor cursor = {mark, mark};
    int32_t number = 0;
    size_t size;

    while (mark - cursor.at < 15 && (size = digit_before(text, cursor.at)) > 0) {
        cursor.at -= size;
    }
    if ((dates_take_number(&cursor, 1, 3, &number) || dates_take_han_number(&cursor, &number)) &&
        cursor.at == mark) {
        return number;
    }
    return 0;
}

/* The year of the date at `at`, if it is the same day with a year; else 0. The year stands in
 * front of the words in Chinese (2024年5月6日), behind them in English. */
static int32_t year_at(const struct dates_scan *scan, size_t at, const struct dates_date *day)
{
    static const size_t backs[] = {0, 7, 15}; /* bytes of 2024年 and of 二〇二四年 */

    for (size_t i = 0; i < sizeof(backs) / sizeof(backs[0]); i++) {
        struct dates_date date;

        if (backs[i] <= at &&
            dates_parse(scan->text + at - backs[i], scan->len - at + backs[i], &date) > 0 &&
            date.year != 0 && date.month == day->month && date.day == day->day) {
            return date.year;
        }
    }
    return 0;
}

/* The year of the same day elsewhere in the text; two different ones say nothing. */
static int32_t whole_date_year(const struct dates_scan *scan, const struct dates_finding *finding)
{
    const struct dates_place *place = finding->place;
    const char *words = scan->text + place->begin;
    const char *end = scan->text + scan->len;
    const char *at = scan->text;
    int32_t found = 0;

    for (int i = 0; i < WINDOWS_MAX; i++) {
        int32_t year;

        at = memmem(at, (size_t)(end - at), words, place->end - place->begin);
        if (at == NULL || (i % STOP_EVERY == 0 && scan->task->host->should_stop(scan->task))) {
            break;
        }
        year = year_at(scan, (size_t)(at - scan->text), &finding->date);
        if (year != 0 && found != 0 && year != found) {
            return 0;
        }
        found = year != 0 ? year : found;
        at += place->end - place->begin;
    }
    return found;
}

/* The same day with its year elsewhere. Where the sentence says that the day is an anniversary
 * (7月2日,是…五周年), the other one is what is remembered, and so many years earlier. */
static int from_whole_date(const struct dates_scan *scan, struct dates_finding *finding)
{
    const struct dates_context *after = &finding->place->after;
    const char *mark = finding->role == DATES_ROLE_EVENT ? strstr(after->text, "周年") : NULL;
    struct dates_date date = finding->date;
    int32_t years = 0;

    date.year = whole_date_year(scan, finding);
    if (date.year == 0) {
        return 0;
    }
    if (mark != NULL) {
        years = number_before(after->text, mark);
        if (years == 0 ||
            !(dates_context_begins(after, ",是") || dates_context_begins(after, "是"))) {
            return 0;
        }
    }
    date.year += years;
    if (!dates_is_possible(&date)) {
        return 0;
    }
    finding->date = date;
    finding->score *= mark != NULL ? 0.75 : 0.9;
    finding->year_from = mark != NULL ? "an anniversary of a date in the text"
                                      : "the same day with its year in the text";
    return 1;
}

/* The first year of plan number `number`; 0 for none. */
static int32_t plan_begin(int32_t number)
{
    if (number < 1 || number > PLAN_NUMBER_MAX) {
        return 0;
    }
    return number < 3 ? FIRST_PLAN + 5 * (number - 1) : THIRD_PLAN + 5 * (number - 3);
}

/* The number of the plan whose name's last 五 stands at `at`: 14 for 十四五, 0 for none. */
static int32_t plan_number(const struct dates_scan *scan, size_t at)
{
    static const char *const units[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九", NULL};
    size_t begin = at >= 6 ? at - 6 : at >= 3 ? at - 3 : at;
    struct dates_cursor cursor = {scan->text + begin, scan->text + at};
    int32_t tens = 0;
    int unit;

    if (at - begin == 6) {
        tens = dates_take(&cursor, "十") ? 10 : 0;
        cursor.at = scan->text + at - 3;
    }
    if (dates_take(&cursor, "十")) {
        return 10;
    }
    unit = dates_take_any(&cursor, units);
    return unit == 0 ? 0 : tens + unit;
}

/* What a sentence says of the plan that it names: its first year, its last, or neither. */
static int32_t plan_year(const struct dates_context *ahead, int32_t begin)
{
    static const char *const first[] = {"开局", "开好局", "起好步", "第一年", "首年", NULL};
    static const char *const last[] = {"收官", "最后一年", NULL};
    char clause[DATES_CONTEXT_MAX + 1];
    char *stop;
    int is_first = 0;
    int is_last = 0;

    memcpy(clause, ahead->text, ahead->len + 1);
    stop = strstr(clause, "。");
    if (stop != NULL) {
        *stop = '\0';
    }
    clause[strcspn(clause, ",;\n")] = '\0';
    for (size_t i = 0; first[i] != NULL; i++) {
        is_first |= strstr(clause, first[i]) != NULL;
    }
    for (size_t i = 0; last[i] != NULL; i++) {
        is_last |= strstr(clause, last[i]) != NULL;
    }
    if (is_first == is_last) {
        return 0;
    }
    return is_first ? begin : begin + 4;
}

/* What the sentence around the 五 at `place` says: the year of a plan, 0 for nothing. Near the turn
 * of a year such words look ahead or back, so that then they count only where it says 今年. */
static int32_t plan_year_at(const struct dates_scan *scan, size_t place, int is_turn)
{
    const char *text = scan->text;
    size_t after = place + 3;
    size_t stop = scan->len - after > PLAN_AHEAD ? after + PLAN_AHEAD : scan->len;
    size_t from = place > PLAN_AHEAD ? place - PLAN_AHEAD : 0;
    int32_t begin = plan_begin(plan_number(scan, place));
    struct dates_context ahead;
    struct dates_context behind;

    if (begin == 0 || (scan->len - after >= 3 && memcmp(text + after, "五", 3) == 0)) {
        return 0; /* of 十五五 the last one counts */
    }
    while (stop < scan->len && ((unsigned char)text[stop] & 0xC0) == 0x80) {
        stop--;
    }
    while (((unsigned char)text[from] & 0xC0) == 0x80) {
        from++;
    }
    dates_context_init(&ahead, text, after, stop, 0);
    dates_context_init(&behind, text, from, place, 1);
    return is_turn && !dates_context_holds(&behind, "今年") ? 0 : plan_year(&ahead, begin);
}

/* "十四五"开好局: the year in which a plan begins, or ends. Two different years say nothing. */
static int from_plan(const struct dates_scan *scan, struct dates_finding *finding)
{
    const char *end = scan->text + scan->len;
    const char *at = scan->text;
    struct dates_date date = finding->date;
    int is_turn = date.month >= 11 || date.month <= 1;

    for (int i = 0; i < FIVES_MAX; i++) {
        int32_t year;

        at = memmem(at, (size_t)(end - at), "五", 3);
        if (at == NULL || (i % STOP_EVERY == 0 && scan->task->host->should_stop(scan->task))) {
            break;
        }
        year = plan_year_at(scan, (size_t)(at - scan->text), is_turn);
        if (year != 0 && date.year != 0 && year != date.year) {
            return 0;
        }
        date.year = year != 0 ? year : date.year;
        at += 3;
    }
    if (date.year == 0 || !dates_is_possible(&date)) {
        return 0;
    }
    finding->date = date;
    finding->score *= 0.75;
    finding->year_from = "the year of a five-year plan that the text names";
    return 1;
}

int dates_year_find(const struct dates_scan *scan, const struct dates_date *stamp,
                    struct dates_finding *finding)
{
    return from_stamp(stamp, finding) || from_whole_date(scan, finding) ||
           (finding->role == DATES_ROLE_EVENT && from_plan(scan, finding));
}
