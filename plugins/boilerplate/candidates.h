/* candidates: the patterns of a list that a line may match, in the order of the list: sums of
 * floating point depend on it.
 */
#ifndef CANDIDATES_H
#define CANDIDATES_H

#include <stddef.h>
#include <stdint.h>

#include "boilerplate.h"

#define CANDIDATES_NONE UINT32_MAX

struct candidates {
    uint64_t *bits; /* by place in the list; all 0 between lines */
    uint32_t *word; /* the one that is being taken from */
    uint32_t words;
};

/* Room for either set of the instance. Lives as long as the task. 0 or -ENOMEM. */
int candidates_init(struct candidates *candidates, struct taxon_task *task,
                    const struct boilerplate *boilerplate);

/* Asks the set for the folded line. All are to be taken before the next line. */
void candidates_find(const struct candidates *candidates, const struct pattern_set *set,
                     const char *line, size_t len);

/* Takes the next one by rising place; CANDIDATES_NONE when there is none left. */
uint32_t candidates_take(const struct candidates *candidates);

#endif
