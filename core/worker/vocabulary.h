/* worker/vocabulary: the labels that one plugin declared, and nothing it may say beyond them. */
#ifndef WORKER_VOCABULARY_H
#define WORKER_VOCABULARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <taxon/types.h>

#include "base/arena.h"
#include "base/err.h"
#include "wire/manifest.h"

struct vocabulary {
    struct arena *arena;
    const char *const *schemes; /* of the plugin; ends with NULL */
    struct manifest_label *labels;
    size_t count;
    size_t size;       /* room in `labels` */
    uint32_t *slots;   /* open addressing: index in `labels` plus one; 0 is empty */
    size_t slot_count; /* a power of two, or 0 */
};

/* Whether the plugin publishes that scheme. Any pointer: it is measured first. */
bool vocabulary_has_scheme(const struct vocabulary *vocabulary, const char *scheme);

void vocabulary_init(struct vocabulary *vocabulary, struct arena *arena,
                     const char *const *schemes);

/* Checks and copies one label. -EEXIST when it is there already; -EINVAL when malformed; -E2BIG
 * beyond MANIFEST_LABELS_MAX; -ENOMEM. */
int vocabulary_add(struct vocabulary *vocabulary, const struct taxon_label_decl *label,
                   struct err *err) MUST_CHECK;

/* Sorts by scheme and id, and checks that each parent is there and leads to a root. No label is
 * added afterwards. */
int vocabulary_seal(struct vocabulary *vocabulary, struct err *err) MUST_CHECK;

/* The label, or NULL. Any pointers: the names are measured first. */
const struct manifest_label *vocabulary_find(const struct vocabulary *vocabulary,
                                             const char *scheme, const char *id);

#endif
