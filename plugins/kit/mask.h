/* kit/mask: the parts of a document that are page furniture, so that a classifier does not take
 * them for what the document says. Made of the spans of scheme `boilerplate`; a classifier that
 * uses it names "boilerplate" in its descriptor's `after`.
 */
#ifndef KIT_MASK_H
#define KIT_MASK_H

#include <stddef.h>

#include <taxon/plugin.h>

/* A boilerplate span counts from this score on. */
#define MASK_SCORE 0.5

struct mask_range {
    size_t begin; /* offsets of the text */
    size_t end;
};

struct mask {
    const struct mask_range *ranges; /* ascending, apart from each other */
    size_t count;
    size_t bytes; /* of the text, covered by them */
};

/* Gathers the spans of `document`. Lives as long as the task. 0 or -ENOMEM. */
int mask_init(struct mask *mask, struct taxon_task *task, const struct taxon_document *document);

/* Does text range [begin, end) touch page furniture? O(log ranges). */
int mask_touches(const struct mask *mask, size_t begin, size_t end);

/* The same for a folded range; 0 at once when the mask is empty. */
int mask_touches_folded(const struct mask *mask, struct taxon_task *task, size_t begin, size_t end);

#endif
