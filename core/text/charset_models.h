/* text/charset_models: how likely one letter is after another, a table for each language. Inside
 * core/text only. */
#ifndef TEXT_CHARSET_MODELS_H
#define TEXT_CHARSET_MODELS_H

#include <stddef.h>

struct charset_model {
    const char *language;
    const char *letters; /* small ones, UTF-8; symbol 1 is the first, 0 the border of a word */
    const char *cells; /* symbol before × symbol after, a character each: see charset_letters.c */
};

extern const struct charset_model charset_models_latin[];
extern const size_t charset_models_latin_count;
extern const struct charset_model charset_models_other[];
extern const size_t charset_models_other_count;

#endif
