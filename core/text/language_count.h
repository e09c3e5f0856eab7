/* text/language_count: what a text has of each script, and of the letters and words that tell
 * languages of one script apart. Inside core/text only.
 */
#ifndef TEXT_LANGUAGE_COUNT_H
#define TEXT_LANGUAGE_COUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/language_words.h"

enum language_script {
    SCRIPT_NONE,
    SCRIPT_LATIN,
    SCRIPT_CYRILLIC,
    SCRIPT_ARABIC,
    SCRIPT_HAN,
    SCRIPT_KANA,
    SCRIPT_HANGUL,
    SCRIPT_OTHERS, /* from here on a script has one language: language_others */
};

/* A script that is written in one language, or nearly so. */
struct language_other {
    uint32_t first;
    uint32_t last;
    const char *language;
    const char *script;
};

#define LANGUAGE_OTHERS 20

extern const struct language_other language_others[LANGUAGE_OTHERS];

struct language_counts {
    uint64_t letters[SCRIPT_OTHERS + LANGUAGE_OTHERS];
    uint64_t simplified;
    uint64_t traditional;
    /* Letters that tell languages of one script apart. */
    uint64_t ukrainian;
    uint64_t belarusian;
    uint64_t russian;
    uint64_t serbian;
    uint64_t hard_sign;
    uint64_t kazakh;
    uint64_t persian;
    uint64_t urdu;
    uint64_t words;
    uint64_t hits[LANGUAGE_WORD_LANGUAGES];
    uint16_t starts[257]; /* of the words in their list, by first byte */
    bool has_starts;
};

/* Adds what `text`, valid UTF-8, has; what begins in it as a word ends in it. */
void language_count(struct language_counts *counts, const char *text, size_t len);

#endif
