/* text/language: which language and script a text is in, by counting scripts and, for Latin and
 * Han, telling words and characters. Answers "und" and "Zyyy" rather than guess.
 */
#ifndef TEXT_LANGUAGE_H
#define TEXT_LANGUAGE_H

#include <stddef.h>

struct language_result {
    const char *language; /* static: "zh", "en", "ja", "ko", "ru", "el", …, "und" */
    const char *script;   /* static: "Hans", "Hant", "Latn", "Cyrl", "Jpan", "Kore", …, "Zyyy" */
    double share;         /* 0..1: letters of that script among all letters */
};

/* Looks at the whole text up to 256 KiB, beyond that at evenly spread samples. */
void language_detect(const char *text, size_t len, struct language_result *out_result);

#endif
