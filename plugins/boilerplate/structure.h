/* structure: what can be measured of a line without words: its form, its block, its neighbours.
 * Role files name them under `structure`.
 */
#ifndef STRUCTURE_H
#define STRUCTURE_H

#include "lines.h"

struct structure {
    const char *name;
    const char *help; /* a few words, for the README and for reasons */
    /* How much of it line `index` has, from the view of `role`; mostly 0 or 1. */
    double (*measure)(const struct page *page, size_t index, uint32_t role);
    int is_late;    /* 1: looks at the roles of neighbours, so it is measured when all have one */
    int any_length; /* 1: measured of lines that are longer than the role's `max`, too */
};

#define STRUCTURE_COUNT 47

const struct structure *structure_at(size_t index); /* index < STRUCTURE_COUNT */

/* Its index, or STRUCTURE_COUNT for a name there is not. */
size_t structure_find(const char *name);

#endif
