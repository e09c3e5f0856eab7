/* text/charset_character: what kind of character a code point is, as far as telling charsets apart
 * needs it. Inside core/text only. */
#ifndef TEXT_CHARSET_CHARACTER_H
#define TEXT_CHARSET_CHARACTER_H

#include <stdbool.h>
#include <stdint.h>

enum charset_character {
    CHARACTER_BORDER, /* ASCII that is no letter */
    CHARACTER_SMALL,  /* also letters and marks without case */
    CHARACTER_CAPITAL,
    CHARACTER_PUNCTUATION, /* beyond ASCII, beside letters in text: quotes, dashes, no-break space
                            */
    CHARACTER_SIGN,        /* in text, but rarely beside letters: §, °, ©, … */
    CHARACTER_ODD,         /* other symbols */
    CHARACTER_BOX,         /* lines and blocks that draw boxes */
    CHARACTER_CONTROL,
    CHARACTER_NONE, /* U+FFFD: the charset has nothing there */
    CHARACTER_KINDS,
};

enum charset_character charset_character_of(uint32_t code_point);

/* Of Latin, Greek and Cyrillic letters in charsets of one byte; others as they are. */
uint32_t charset_character_small(uint32_t code_point);

#endif
