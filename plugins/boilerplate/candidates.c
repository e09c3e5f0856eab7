/* candidates: a bit for each pattern, set by kit/pattern_set in no order and taken in order.
 *
 * Called by score.c and unfinished.c for every line. Does not match: kit/pattern does.
 */
#include "candidates.h"

#include <errno.h>

int candidates_init(struct candidates *candidates, struct taxon_task *task,
                    const struct boilerplate *boilerplate)
{
    uint32_t patterns = boilerplate->lists[USE_PATTERN].count;
    uint32_t continues = boilerplate->lists[USE_CONTINUES].count;

    candidates->words = (patterns > continues ? patterns : continues) / 64 + 1;
    candidates->bits = task->host->alloc(task, candidates->words * sizeof(*candidates->bits));
    candidates->word = task->host->alloc(task, sizeof(*candidates->word));
    return candidates->bits == NULL || candidates->word == NULL ? -ENOMEM : 0;
}

static void set_bit(void *data, uint32_t id)
{
    const struct candidates *candidates = data;

    candidates->bits[id / 64] |= UINT64_C(1) << (id % 64);
}

void candidates_find(const struct candidates *candidates, const struct pattern_set *set,
                     const char *line, size_t len)
{
    struct candidates found = *candidates;

    *candidates->word = 0;
    pattern_set_find(set, line, len, set_bit, &found);
}

uint32_t candidates_take(const struct candidates *candidates)
{
    for (; *candidates->word < candidates->words; (*candidates->word)++) {
        uint64_t *bits = &candidates->bits[*candidates->word];

        if (*bits != 0) {
            uint32_t place = *candidates->word * 64 + (uint32_t)__builtin_ctzll(*bits);

            *bits &= *bits - 1;
            return place;
        }
    }
    return CANDIDATES_NONE;
}
