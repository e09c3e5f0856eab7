/* official/number: numbers of documents (发文字号): 松政发〔2024〕12号, 2024年第3号, 第12号. */
#ifndef OFFICIAL_NUMBER_H
#define OFFICIAL_NUMBER_H

#include <stddef.h>
#include <stdint.h>

struct number {
    size_t begin; /* in the text */
    size_t end;
    size_t code_end; /* the issuer's code is [begin, code_end); empty in 第12号 */
    int32_t year;    /* 0: none */
    int32_t serial;
};

/* Finds the first number that begins at or behind `from`; 1, or 0 for none. Brackets of any kind
 * stand around the year, not necessarily a pair; digits are Arabic or Chinese. Folded text without
 * blanks between Chinese characters. With `is_loose` the 号 may be missing. */
int number_find(const char *text, size_t len, size_t from, int is_loose, struct number *out);

/* Writes it as the standard has it: 松政发〔2024〕12号. `code` is the issuer's code as it stands in
 * the text. Returns what snprintf returns. */
int number_format(const struct number *number, const char *code, size_t code_len, char *out,
                  size_t size);

#endif
