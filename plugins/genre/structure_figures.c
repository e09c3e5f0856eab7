/* structure_figures: counters of figures that tell a genre: kitchen amounts, prices, scores, dates.
 *
 * Called through the table of structure.c.
 */
#include "structure_private.h"

#include <string.h>

#include "kit/pattern.h"
#include "line_text.h"

/* Numbers of the line that one of `units` follows, a space between or not. */
static uint32_t count_units(const char *line, size_t len, const char *const *units)
{
    uint32_t count = 0;
    size_t at = 0;

    while ((at = pattern_next_number(line, len, at)) < len) {
        at += pattern_number(line + at, len - at);
        at += at < len && line[at] == ' ';
        count += (uint32_t)line_starts_one(line + at, len - at, units);
    }
    return count;
}

uint32_t structure_amounts(const char *line, size_t len)
{
    static const char *const units[] = {"克",    "毫升",  "勺",  "汤匙",       "茶匙",     "小匙",
                                        "大匙",  "瓣",    "g ",  "g,",         "g)",       "ml",
                                        "cup",   "tbsp",  "tsp", "tablespoon", "teaspoon", "oz",
                                        "clove", "pinch", NULL};

    return count_units(line, len, units);
}

/* Is there one of `signs` right before `at`? */
static int follows_one(const char *line, size_t at, const char *const *signs)
{
    for (const char *const *sign = signs; *sign != NULL; sign++) {
        size_t size = strlen(*sign);

        if (size <= at && line[at - 1] == (*sign)[size - 1] && line_ends(line, at, *sign)) {
            return 1;
        }
    }
    return 0;
}

uint32_t structure_prices(const char *line, size_t len)
{
    static const char *const units[] = {"元", "块钱", "usd", "rmb", "yuan", NULL};
    static const char *const signs[] = {"¥", "$", "€", "£", "rmb ", "usd ", NULL};
    uint32_t count = 0;
    size_t at = 0;

    while ((at = pattern_next_number(line, len, at)) < len) {
        count += (uint32_t)(line_is_digit(line[at]) && follows_one(line, at, signs));
        at += pattern_number(line + at, len - at);
        at += at < len && line[at] == ' ';
        count += (uint32_t)line_starts_one(line + at, len - at, units);
    }
    return count;
}

/* 3比1, 21-15; not a date, a phone number or a range of years. */
uint32_t structure_scores(const char *line, size_t len)
{
    uint32_t count = 0;
    size_t at = 0;

    while ((at = pattern_next_number(line, len, at)) < len) {
        size_t left = pattern_number(line + at, len - at);
        size_t mark = at + left;
        size_t right;

        if (!line_is_digit(line[at])) {
            at += left;
            continue;
        }
        right = line_starts(line + mark, len - mark, "比")  ? 3
                : line_starts(line + mark, len - mark, "-") ? 1
                                                            : 0;
        at = mark + right;
        if (right != 0 && left <= 3 && (mark == left || line[mark - left - 1] != '-')) {
            size_t number = pattern_number(line + at, len - at);

            if (number > 0 && number <= 3 && line_is_digit(line[at]) &&
                (at + number == len || line[at + number] != '-')) {
                count++;
            }
        }
    }
    return count;
}

/* A short line with a date, as in an index of articles. */
uint32_t structure_dated_lines(const char *line, size_t len)
{
    if (len > 240 || len < 8) {
        return 0;
    }
    for (size_t at = 0; at + 5 <= len; at++) {
        if (line_is_digit(line[at]) && line_is_digit(line[at + 1]) &&
            (line[at + 2] == '-' || line[at + 2] == '/') && line_is_digit(line[at + 3]) &&
            line_is_digit(line[at + 4])) {
            return 1;
        }
    }
    return 0;
}

static size_t month_len(const char *text, size_t len)
{
    static const char *const months[] = {"january",  "february", "march",  "april",     "may ",
                                         "june",     "july",     "august", "september", "october",
                                         "november", "december", "jan",    "feb",       "mar",
                                         "apr",      "jun",      "jul",    "aug",       "sept",
                                         "sep",      "oct",      "nov",    "dec",       NULL};

    for (const char *const *month = months; *month != NULL; month++) {
        if (line_starts(text, len, *month)) {
            return strlen(*month);
        }
    }
    return 0;
}

/* October 26, 2007; jan. 5; 26th of october is left to its number; 2024年5月17日, 5月17日. */
uint32_t structure_written_dates(const char *line, size_t len)
{
    uint32_t count = 0;
    size_t at = 0;

    while ((at = pattern_next_number(line, len, at)) < len) {
        size_t number = pattern_number(line + at, len - at);
        size_t back = at < 11 ? at : 11;
        int found = line_starts(line + at + number, len - at - number, "月");

        for (size_t from = at - back; number <= 2 && from + 3 < at && !found; from++) {
            if (line[from] < 'a' || line[from] > 's') {
                continue; /* no month begins so */
            }
            size_t month = from > 0 && line[from - 1] != ' ' && line[from - 1] != ','
                               ? 0
                               : month_len(line + from, at - from);

            found = month > 0 && at - from - month <= 2;
        }
        count += (uint32_t)found;
        at += number;
    }
    return count;
}
