/* count: how often a document has what the cues look for, and where. */
#ifndef COUNT_H
#define COUNT_H

#include <stddef.h>
#include <stdint.h>

#include "genre.h"
#include "lines.h"
#include "measure.h"

#define COUNT_PLACES 3 /* places remembered of an item */

struct item_places {
    size_t begin[COUNT_PLACES]; /* folded */
    size_t end[COUNT_PLACES];
};

/* Most items of a set have no hit: they cost a document these few bytes. */
struct item_count {
    uint32_t hits;
    struct item_places *places; /* NULL: no hit, or no memory to remember where */
};

struct counts {
    const struct cue_set *set;
    struct item_count *items; /* by item of the set; measures are not in it */
    uint8_t *cues;            /* by cue: 1 where an item of it has a hit */
    struct lines lines;
    const struct measures *measures;
};

#define COUNT_SETS 2 /* at most, in one pass */

/* Takes the measures, and counts for `set_count` sets, which `counts` begin with, in the order in
 * which they were read. The counts live as long as the task and `measures`. 0 or -ENOMEM. */
int counts_take(struct counts *counts, size_t set_count, const struct cue_index *index,
                struct taxon_task *task, const struct taxon_document *document,
                struct measures *measures);

#endif
