/* text/charset_score: how much a decoded sample looks like text of the charset's languages. Inside
 * core/text only. */
#ifndef TEXT_CHARSET_SCORE_H
#define TEXT_CHARSET_SCORE_H

#include <stddef.h>
#include <stdint.h>

#include "text/charset_convert.h"

/* For each character of the basic plane, in which ways of writing it is frequent. 64 KiB. */
struct charset_score_table {
    uint8_t common[0x10000];
};

void charset_score_table_fill(struct charset_score_table *table);

/* 0..1 for a rival's sample, decoded with `illegal` sequences replaced by U+FFFD. */
double charset_score(const struct charset_score_table *table, enum charset_id id,
                     const char *sample, size_t len, uint64_t illegal);

/* 0..1 for UTF-16 or UTF-32, of which ASCII is as good evidence as any other character. */
double charset_score_wide(const struct charset_score_table *table, const char *sample, size_t len,
                          uint64_t illegal);

#endif
