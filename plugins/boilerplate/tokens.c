/* tokens: the forms of dates, times and numbers that page furniture is full of.
 *
 * Called by shape.c. Only forms: 2024-13-99 counts as a date; what a date says is for kit/dates.
 * All look at a bounded piece of the line.
 */
#include "tokens.h"

#include <string.h>

#include "kit/pattern.h"

#define PHONE_DIGITS_MIN 7
#define PHONE_DIGITS_MAX 15
#define DATE_BYTES_MAX   24 /* of a date at the end of a line, brackets and spaces counted */

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int is_alphanumeric(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z');
}

size_t token_digits(const char *line, size_t len, size_t at)
{
    size_t end = at;

    while (end < len && is_digit(line[end])) {
        end++;
    }
    return end - at;
}

/* Skips `mark` at *at if it is there. */
static int skip(const char *line, size_t len, size_t *at, const char *mark)
{
    size_t size = strlen(mark);

    if (size > len - *at || memcmp(line + *at, mark, size) != 0) {
        return 0;
    }
    *at += size;
    return 1;
}

static int skip_separator(const char *line, size_t len, size_t *at, const char *han)
{
    return skip(line, len, at, "-") || skip(line, len, at, "/") || skip(line, len, at, ".") ||
           skip(line, len, at, han);
}

size_t token_date(const char *line, size_t len, size_t at)
{
    size_t end = at;
    size_t first = token_digits(line, len, end);
    size_t second;
    size_t third;

    if (first == 0 || first > 4 || first == 3) {
        return 0;
    }
    end += first;
    if (!skip_separator(line, len, &end, "年")) {
        return 0;
    }
    second = token_digits(line, len, end);
    if (second == 0 || second > 2) {
        return 0;
    }
    end += second;
    if (!skip_separator(line, len, &end, "月")) {
        return 0;
    }
    third = token_digits(line, len, end);
    if (third == 0 || third == 3 || third > 4 || (first == 4) == (third == 4)) {
        return 0;
    }
    end += third;
    skip(line, len, &end, "日");
    return end - at;
}

size_t token_clock(const char *line, size_t len, size_t at)
{
    size_t hours = token_digits(line, len, at);
    size_t end = at + hours;

    if (hours == 0 || hours > 2 || !skip(line, len, &end, ":") ||
        token_digits(line, len, end) != 2) {
        return 0;
    }
    end += 2;
    if (end < len && line[end] == ':' && token_digits(line, len, end + 1) == 2) {
        end += 3;
    }
    return end - at;
}

/* Groups of digits with one mark between; 2019-2024 is a range of years. */
size_t token_phone(const char *line, size_t len, size_t at)
{
    size_t digits = 0;
    size_t groups = 0;
    size_t first = token_digits(line, len, at);
    size_t end = at;

    while (end < len && groups < 5) {
        size_t group = token_digits(line, len, end);

        if (group == 0) {
            break;
        }
        digits += group;
        groups++;
        end += group;
        if (end + 1 < len && (line[end] == '-' || line[end] == ' ' || line[end] == ')') &&
            is_digit(line[end + 1])) {
            end++;
        } else {
            break;
        }
    }
    if (digits < PHONE_DIGITS_MIN || digits > PHONE_DIGITS_MAX ||
        (groups == 2 && first == 4 && digits == 8 && (line[at] == '1' || line[at] == '2'))) {
        return 0;
    }
    return groups > 1 || (digits == 11 && line[at] == '1') || line[at] == '0' ? end - at : 0;
}

/* Bytes of the month's name (at least three letters of it) at `at`; 0 for none. */
static size_t month_name(const char *line, size_t len, size_t at)
{
    static const char *const months[] = {"january",   "february", "march",    "april",
                                         "may",       "june",     "july",     "august",
                                         "september", "october",  "november", "december"};
    size_t size = 0;

    if (at == len || strchr("jfmasond", line[at]) == NULL || line[at] == '\0') {
        return 0; /* no month begins so */
    }
    while (size < 10 && at + size < len && line[at + size] >= 'a' && line[at + size] <= 'z') {
        size++;
    }
    for (size_t i = 0; size >= 3 && i < 12; i++) {
        size_t whole;

        if (months[i][0] != line[at] || months[i][1] != line[at + 1]) {
            continue;
        }
        whole = strlen(months[i]);
        if ((size == whole || size == 3 || size == 4) && size <= whole &&
            memcmp(line + at, months[i], size) == 0) {
            return size;
        }
    }
    return 0;
}

int token_month_date(const char *line, size_t len, size_t at)
{
    size_t name = month_name(line, len, at);
    size_t end = at + name;

    if (name == 0) {
        return 0;
    }
    if (at >= 2 && line[at - 1] == ' ' && is_digit(line[at - 2])) {
        return 1; /* 3 may 2024 */
    }
    end += end < len && line[end] == '.';
    return end + 1 < len && line[end] == ' ' && is_digit(line[end + 1]);
}

int token_is_email(const char *line, size_t len, size_t at)
{
    size_t end = at + 1;

    if (at == 0 || !is_alphanumeric(line[at - 1])) {
        return 0;
    }
    while (end < len && end - at < 80 && (is_alphanumeric(line[end]) || line[end] == '-')) {
        end++;
    }
    return end > at + 1 && end + 1 < len && line[end] == '.' && is_alphanumeric(line[end + 1]);
}

/* A month and a day, from `at` to the end. */
static int is_month_day(const char *line, size_t len, size_t at)
{
    size_t month = token_digits(line, len, at);
    size_t end = at + month;
    size_t day;

    if (month == 0 || month > 2) {
        return 0;
    }
    if (skip(line, len, &end, "月")) {
        day = token_digits(line, len, end);
        end += day;
        return day > 0 && day <= 2 && skip(line, len, &end, "日") && end == len;
    }
    if (!skip(line, len, &end, "-") && !skip(line, len, &end, "/")) {
        return 0;
    }
    day = token_digits(line, len, end);
    return month == 2 && day == 2 && end + day == len;
}

int token_ends_dated(const char *line, size_t len)
{
    size_t from;

    while (len > 0 && memchr(")] ", line[len - 1], 3) != NULL) {
        len--;
    }
    from = len > DATE_BYTES_MAX ? len - DATE_BYTES_MAX : 0;
    for (size_t at = from; at < len; at++) {
        size_t date;

        if (!is_digit(line[at]) || (at > 0 && is_digit(line[at - 1]))) {
            continue;
        }
        date = token_date(line, len, at);
        if (date > 0) {
            size_t behind = at + date;
            size_t clock;

            behind += behind < len && line[behind] == ' ';
            clock = behind < len ? token_clock(line, len, behind) : 0;
            return behind + clock >= len;
        }
        if (is_month_day(line, len, at) && (at == 0 || line[at - 1] != '-')) {
            return 1;
        }
    }
    return 0;
}
