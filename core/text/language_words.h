/* text/language_words: frequent function words of languages in Latin script. Inside core/text
 * only. */
#ifndef TEXT_LANGUAGE_WORDS_H
#define TEXT_LANGUAGE_WORDS_H

#include <stddef.h>
#include <stdint.h>

#define LANGUAGE_WORD_LANGUAGES 19
#define LANGUAGE_WORD_LEN_MAX   8

struct language_word {
    const char *word; /* small letters */
    uint32_t languages;
};

extern const char *const language_word_codes[LANGUAGE_WORD_LANGUAGES];
extern const struct language_word language_words[]; /* in bytewise order */
extern const size_t language_word_count;

#endif
