/* items: the array of terms, patterns and structures that an instance scores with. */
#ifndef ITEMS_H
#define ITEMS_H

#include "boilerplate.h"

struct items {
    struct boilerplate *boilerplate;
    struct definitions_check *check;
    struct lexicon_builder builder;
};

/* Makes room for every item that the files could hold. 0 or -ENOMEM. */
int items_init(struct items *items, struct boilerplate *boilerplate,
               struct definitions_check *check);

/* Takes the term or pattern `key` of weight `value`, the rest being as in `cue`. A mistake in them
 * is reported, and is no error. 0 or -ENOMEM. */
int items_add(struct items *items, struct cue_item cue, const struct taxon_node *key,
              const struct taxon_node *value);

/* Takes the structure that `cue` has, of weight `value`. */
int items_add_structure(struct items *items, struct cue_item cue, const struct taxon_node *value);

/* Builds the lexicon if `r` is 0, and lets go of what was needed for it. Returns what went wrong
 * first. */
int items_finish(struct items *items, int r);

#endif
