/* cues: what the two files that read cues share. */
#ifndef CUES_H
#define CUES_H

#include <stdint.h>

#include "genre.h"

#define CUES_WEIGHT_MAX 10

/* One reading of a set of labels. */
struct reading {
    struct cue_set *set;
    struct definitions_check *check;
    struct cue_index_builder *builder;
};

/* cues.c: the name of a place in a document (AT_…), as label files write it. */
const char *cues_place_name(uint32_t at);

/* cue_items.c: what cue number `cue`, already in the set, looks for: the terms or patterns of
 * `list`, or the structure of the cue's mapping `node`. Mistakes are counted. 0 or -ENOMEM. */
int cues_read_items(struct reading *reading, uint32_t cue, const struct taxon_node *list);
int cues_read_structure(struct reading *reading, uint32_t cue, const struct taxon_node *node);

#endif
