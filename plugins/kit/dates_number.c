/* dates_number: the small pieces that dates are made of: numbers in Arabic and Chinese digits.
 *
 * Called by dates_parse.c and, for the ordinals of plans and anniversaries, by dates_year.c. Knows
 * nothing of months and years.
 */
#include "kit/dates_number.h"

#include <string.h>

int dates_take(struct dates_cursor *cursor, const char *word)
{
    size_t size;

    if (cursor->at >= cursor->end || *cursor->at != word[0]) {
        return 0; /* nearly always */
    }
    size = strlen(word);
    if ((size_t)(cursor->end - cursor->at) < size || memcmp(cursor->at, word, size) != 0) {
        return 0;
    }
    cursor->at += size;
    return 1;
}

/* Takes the first of `words` (ends with NULL) that stands there; its number from 1, or 0. */
int dates_take_any(struct dates_cursor *cursor, const char *const *words)
{
    for (int i = 0; words[i] != NULL; i++) {
        if (dates_take(cursor, words[i])) {
            return i + 1;
        }
    }
    return 0;
}

void dates_skip_blanks(struct dates_cursor *cursor)
{
    static const char *const blanks[] = {" ", "\t", "\xC2\xA0", "　", NULL};

    for (int i = 0; i < 4 && dates_take_any(cursor, blanks); i++) {
    }
}

/* One Arabic digit, of half or full width; -1 for none. */
static int take_digit(struct dates_cursor *cursor)
{
    const unsigned char *p = (const unsigned char *)cursor->at;
    size_t left = (size_t)(cursor->end - cursor->at);

    if (left >= 1 && p[0] >= '0' && p[0] <= '9') {
        cursor->at += 1;
        return p[0] - '0';
    }
    if (left >= 3 && p[0] == 0xEF && p[1] == 0xBC && p[2] >= 0x90 && p[2] <= 0x99) {
        cursor->at += 3;
        return p[2] - 0x90;
    }
    return -1;
}

int dates_is_digit_next(struct dates_cursor cursor)
{
    return take_digit(&cursor) >= 0;
}

int dates_is_letter_next(const struct dates_cursor *cursor)
{
    char c = cursor->at < cursor->end ? *cursor->at : '\0';

    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* The whole number that stands there, if it has `min` to `max` digits; returns how many it has, or
 * 0, with the cursor unmoved. */
int dates_take_number(struct dates_cursor *cursor, int min, int max, int32_t *out_number)
{
    struct dates_cursor next = *cursor;
    int32_t number = 0;
    int count = 0;
    int digit;

    while (count < max && (digit = take_digit(&next)) >= 0) {
        number = number * 10 + digit;
        count++;
    }
    if (count < min || dates_is_digit_next(next)) {
        return 0;
    }
    *cursor = next;
    *out_number = number;
    return count;
}

/* One Chinese digit; -1 for none. Zero is written in many ways, by hand and by machine. */
static int take_han_digit(struct dates_cursor *cursor)
{
    static const char *const digits[] = {"一", "二", "三", "四", "五",
                                         "六", "七", "八", "九", NULL};
    static const char *const zeros[] = {"〇", "○", "零", "◯", "Ｏ", "O", "o", NULL};
    int digit = dates_take_any(cursor, digits);

    if (digit > 0) {
        return digit;
    }
    return dates_take_any(cursor, zeros) ? 0 : -1;
}

/* 二〇二四: digits without 十, four of them. */
int dates_take_han_year(struct dates_cursor *cursor, int32_t *out_number)
{
    struct dates_cursor next = *cursor;
    int32_t number = 0;

    for (int i = 0; i < 4; i++) {
        int digit = take_han_digit(&next);

        if (digit < 0) {
            return 0;
        }
        number = number * 10 + digit;
    }
    *cursor = next;
    *out_number = number;
    return 4;
}

/* 五, 十七, 二十, 三十一, 廿三, 一百一十三: below 200. */
int dates_take_han_number(struct dates_cursor *cursor, int32_t *out_number)
{
    struct dates_cursor next = *cursor;
    struct dates_cursor ahead;
    int32_t number = 0;
    int digit;

    ahead = next;
    if (dates_take(&ahead, "一百")) {
        number = 100;
        next = ahead;
        (void)(dates_take(&next, "零") || dates_take(&next, "〇"));
    }
    ahead = next;
    digit = take_han_digit(&ahead);
    if (digit != 0 && dates_take(&ahead, "十")) {
        number += digit > 0 ? 10 * digit : 10;
        next = ahead;
    } else if (dates_take(&next, "廿")) {
        number += 20;
    }
    ahead = next;
    digit = take_han_digit(&ahead);
    if (digit > 0) {
        number += digit;
        next = ahead;
    }
    if (number == 0) {
        return 0;
    }
    *cursor = next;
    *out_number = number;
    return 1;
}

/* A month or a day: 5, 05, 五. */
int dates_take_part(struct dates_cursor *cursor, int32_t *out_number)
{
    return dates_take_number(cursor, 1, 2, out_number) > 0 ||
           dates_take_han_number(cursor, out_number);
}
