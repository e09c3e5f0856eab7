/* structure: what can be counted in a line without knowing words of a subject: turns of a talk,
 * numbered steps, prices. Label files name them under `structure`.
 */
#ifndef STRUCTURE_H
#define STRUCTURE_H

#include <stddef.h>
#include <stdint.h>

/* What a line can hold. */
#define HOLDS_DIGIT    1u /* 0 to 9 */
#define HOLDS_COLON    2u
#define HOLDS_BAR      4u  /* | */
#define HOLDS_DASH     8u  /* or what may be one */
#define HOLDS_QUESTION 16u /* ? */
#define HOLDS_QUOTE    32u /* what may be an opening quotation mark of more than one byte */
#define HOLDS_NUMBER   64u /* Arabic or Chinese */

struct structure {
    const char *name;
    const char *help; /* one line, for the README and for evidence */
    /* How many of it this folded line holds. */
    uint32_t (*count)(const char *line, size_t len);
    int is_share;   /* 1: counted once a line, and given as per cent of all lines */
    uint32_t needs; /* HOLDS_…: a line that has none of these holds none of it; 0: any may */
};

#define STRUCTURE_COUNT 26

const struct structure *structure_at(size_t index); /* index < STRUCTURE_COUNT */

/* Its index, or STRUCTURE_COUNT for a name there is not. */
size_t structure_find(const char *name);

#endif
