/* kit/dates_number: a cursor over a text, and the numbers that stand there. Each function that
 * takes something moves the cursor only when it returns other than 0. */
#ifndef KIT_DATES_NUMBER_H
#define KIT_DATES_NUMBER_H

#include <stddef.h>
#include <stdint.h>

/* What is left to read. */
struct dates_cursor {
    const char *at;
    const char *end;
};

int dates_take(struct dates_cursor *cursor, const char *word);
/* The first of `words` (ends with NULL) that stands there: its number from 1, or 0. */
int dates_take_any(struct dates_cursor *cursor, const char *const *words);
void dates_skip_blanks(struct dates_cursor *cursor);
int dates_is_digit_next(struct dates_cursor cursor);
int dates_is_letter_next(const struct dates_cursor *cursor);

/* The whole number in Arabic digits (half or full width) that stands there, if it has `min` to
 * `max` of them (at most 9): how many it has, or 0. */
int dates_take_number(struct dates_cursor *cursor, int min, int max, int32_t *out_number);
/* Four Chinese digits without 十: 二〇二四. */
int dates_take_han_year(struct dates_cursor *cursor, int32_t *out_number);
/* A number below 200 in Chinese: 五, 十七, 廿三, 一百一十三. */
int dates_take_han_number(struct dates_cursor *cursor, int32_t *out_number);
/* A month or a day, either way: 5, 05, 五. */
int dates_take_part(struct dates_cursor *cursor, int32_t *out_number);

#endif
