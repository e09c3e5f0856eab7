/* text/fold_table: what folding does with each character; generated, see generate_fold_table.py.
 * Inside core/text only. */
#ifndef TEXT_FOLD_TABLE_H
#define TEXT_FOLD_TABLE_H

#include <stddef.h>
#include <stdint.h>

/* In this order: the first three keep the character's length and ask for nothing around it. */
enum fold_kind {
    FOLD_COPY,
    FOLD_CASE,      /* by .utf8 */
    FOLD_HAN,       /* Traditional: by .utf8 */
    FOLD_PHRASE,    /* the same, or .utf8 is the character itself, but a phrase may begin here */
    FOLD_HAN_OTHER, /* Traditional: by .utf8, of another length */
    FOLD_SHORTER,   /* case: by .utf8, shorter */
    FOLD_WIDTH,     /* full width: by .utf8, shorter */
    FOLD_OPEN,      /* a parenthesis, where a gloss may begin; otherwise as FOLD_WIDTH */
    FOLD_SPACE,     /* white space */
    FOLD_LINE_END,  /* white space that ends a line */
    FOLD_DROP,      /* format character */
};

struct fold_action {
    char utf8[4]; /* zero when nothing is put in the character's place */
    uint8_t len;
    uint8_t kind;    /* enum fold_kind */
    uint16_t phrase; /* FOLD_PHRASE: its number in fold_phrase_groups */
};

/* A phrase whose characters fold otherwise than one by one. `to` has as many characters; the first
 * two have three bytes each. */
struct fold_phrase {
    const char *from;
    const char *to;
    unsigned characters;
};

/* The phrases that begin with one character, the longest first. */
struct fold_phrase_group {
    uint64_t seconds; /* bit n: in one of them the second character's last byte is 0x80 + n */
    uint16_t begin;
    uint16_t count;
};

struct fold_astral {
    uint32_t code_point;
    uint16_t action;
};

/* The action of U+0080 to U+FFFF: fold_pages[fold_index[code point / 64]][code point % 64], which
 * in UTF-8 is: all bytes but the last, and the last. Action 0 is FOLD_COPY. */
extern const struct fold_action fold_actions[];
extern const uint16_t fold_index[1024];
extern const uint16_t fold_pages[][64];
/* Beyond U+FFFF, ascending. */
extern const struct fold_astral fold_astrals[];
extern const size_t fold_astral_count;
extern const struct fold_phrase fold_phrases[];
extern const struct fold_phrase_group fold_phrase_groups[]; /* from 1 on */

#endif
