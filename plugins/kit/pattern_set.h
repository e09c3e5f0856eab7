/* kit/pattern_set: many line patterns at once: which of them may match this line? */
#ifndef KIT_PATTERN_SET_H
#define KIT_PATTERN_SET_H

#include <stddef.h>
#include <stdint.h>

#include <taxon/plugin.h>

/* A pattern as kit/pattern has it; the text must live as long as the set. */
struct pattern_set_item {
    const char *pattern; /* folded */
    size_t pattern_len;
    uint32_t id;
};

struct pattern_set;

/* Makes the set, which lives as long as the instance. 0 or -ENOMEM. */
int pattern_set_build(const struct pattern_set_item *items, size_t count,
                      struct taxon_opening *opening, const struct pattern_set **out_set);

typedef void pattern_set_fn(void *data, uint32_t id);

/* Tells the ids of all patterns that match the folded line, and of some that do not: the caller
 * asks pattern_matches. In no particular order, and the same id maybe more than once. */
void pattern_set_find(const struct pattern_set *set, const char *line, size_t line_len,
                      pattern_set_fn *candidate, void *data);

#endif
