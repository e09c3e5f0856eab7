/* structure: what can be counted in a line without knowing words of a subject: turns of a talk,
 * numbered steps, prices. Label files name them under `structure`.
 */
#ifndef STRUCTURE_H
#define STRUCTURE_H

#include <stddef.h>
#include <stdint.h>

struct structure {
    const char *name;
    const char *help; /* one line, for the README and for evidence */
    /* How many of it this folded line holds. */
    uint32_t (*count)(const char *line, size_t len);
    int is_share;     /* 1: counted once a line, and given as per cent of all lines */
    int needs_number; /* 1: a line that holds no number holds none of it */
};

#define STRUCTURE_COUNT 26

const struct structure *structure_at(size_t index); /* index < STRUCTURE_COUNT */

/* Its index, or STRUCTURE_COUNT for a name there is not. */
size_t structure_find(const char *name);

#endif
