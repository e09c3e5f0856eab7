/* text/fold_entity: character references that are left in a text because they were encoded twice.
 * Inside core/text only. */
#ifndef TEXT_FOLD_ENTITY_H
#define TEXT_FOLD_ENTITY_H

#include <stddef.h>

#include "text/fold_table.h"

/* A text with fewer means them: a word that is looked for, or a text about HTML. */
#define FOLD_ENTITIES_LEAST 3

/* How many references there are. */
size_t fold_entity_count(const char *text, const char *end);

/* What folding does with the reference at `at` (an '&'): its length, and the action of the
 * character it stands for; NULL when there is none. */
const struct fold_action *fold_entity(const char *at, const char *end, size_t *out_len);

#endif
