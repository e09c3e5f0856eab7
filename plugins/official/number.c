/* number: finds and reads a document's number.
 *
 * Called for short lines and cells. GB/T 9704-2012, 7.2.5: the issuer's code, the year in full in
 * hexagonal brackets, the serial number without 第 and without leading zeros, 号. What is found on
 * pages has every other bracket, and 第.
 */
#include "number.h"

#include <stdio.h>
#include <string.h>

#include "kit/dates_number.h"

#define CODE_MAX   60 /* bytes of an issuer's code */
#define YEAR_FIRST 1949
#define YEAR_LAST  2100

static const char *const opening[] = {"〔", "[",  "(", "【", "〖", "{", "<", "〈",
                                      "﹝", "「", "⟨", "﹙", "《", "{", NULL};
static const char *const closing[] = {"〕", "]",  ")", "】", "〗", "}", ">", "〉",
                                      "﹞", "」", "⟩", "﹚", "》", " ", NULL};

static int take_year(struct dates_cursor *cursor, int32_t *year)
{
    struct dates_cursor next = *cursor;

    if (dates_take_number(&next, 4, 4, year) == 0 && dates_take_han_year(&next, year) == 0) {
        return 0;
    }
    if (*year < YEAR_FIRST || *year > YEAR_LAST) {
        return 0;
    }
    *cursor = next;
    return 1;
}

/* 第12号, 12号; the 第 is wanted with `is_ordinal`. */
static int take_serial(struct dates_cursor *cursor, int is_ordinal, int is_loose, int32_t *serial)
{
    struct dates_cursor next = *cursor;

    dates_skip_blanks(&next);
    if (!dates_take(&next, "第") && is_ordinal) {
        return 0;
    }
    dates_skip_blanks(&next);
    if (dates_take_number(&next, 1, 6, serial) == 0 && !dates_take_han_number(&next, serial)) {
        return 0;
    }
    dates_skip_blanks(&next);
    if (!dates_take(&next, "号") && (!is_loose || next.at < next.end)) {
        return 0;
    }
    *cursor = next;
    return 1;
}

static int is_code_character(const char *at)
{
    static const char *const not_code[] = {"。", "、", "《", "》", "“", "”", "〔", "〕", "…", NULL};
    unsigned char lead = (unsigned char)*at;

    if (lead < 0x80) {
        return (lead >= 'a' && lead <= 'z') || lead == '-';
    }
    if (lead < 0xE3 || lead > 0xE9) {
        return 0; /* not from U+3000 to U+9FFF */
    }
    for (size_t i = 0; not_code[i] != NULL; i++) {
        if (memcmp(at, not_code[i], 3) == 0) {
            return 0;
        }
    }
    return 1;
}

/* Where the code that ends at `end` begins; `end` when there is none. */
static size_t code_begin(const char *text, size_t from, size_t end)
{
    size_t at = end;

    while (at > from && end - at < CODE_MAX) {
        size_t before = at - 1;

        while (before > from && ((unsigned char)text[before] & 0xC0) == 0x80) {
            before--;
        }
        if (!is_code_character(text + before)) {
            break;
        }
        at = before;
    }
    return at;
}

/* A number whose year, or whose 第, stands at `at`. */
static int number_at(const char *text, size_t len, size_t from, size_t at, int is_loose,
                     struct number *out)
{
    struct dates_cursor cursor = {text + at, text + len};
    struct number found = {.begin = at};

    found.code_end = at;
    if (dates_take_any(&cursor, opening) > 0) {
        if (!take_year(&cursor, &found.year)) {
            return 0;
        }
        (void)dates_take(&cursor, "年");
        (void)dates_take_any(&cursor, closing);
        found.begin = code_begin(text, from, at);
        if (found.begin == at || !take_serial(&cursor, 0, is_loose, &found.serial)) {
            return 0;
        }
    } else {
        if (take_year(&cursor, &found.year) && !dates_take(&cursor, "年")) {
            return 0;
        }
        if (!take_serial(&cursor, 1, 0, &found.serial)) {
            return 0;
        }
    }
    found.end = (size_t)(cursor.at - text);
    *out = found;
    return 1;
}

int number_find(const char *text, size_t len, size_t from, int is_loose, struct number *out)
{
    for (size_t i = from; i < len; i++) {
        if (((unsigned char)text[i] & 0xC0) != 0x80 &&
            number_at(text, len, from, i, is_loose, out)) {
            return 1;
        }
    }
    return 0;
}

int number_format(const struct number *number, const char *code, size_t code_len, char *out,
                  size_t size)
{
    if (number->code_end > number->begin) {
        return snprintf(out, size, "%.*s〔%d〕%d号", (int)code_len, code, number->year,
                        number->serial);
    }
    if (number->year > 0) {
        return snprintf(out, size, "%d年第%d号", number->year, number->serial);
    }
    return snprintf(out, size, "第%d号", number->serial);
}
