/* taxon/features.h: the extension "features/1", by which a classifier shows what it counts.
 *
 * A classifier whose scores come from features (how often, where, how long) pushes them as sparse
 * vectors when the host asks, which it does while a model is trained and for no other document:
 *
 *     const struct taxon_features *features = task->host->extension(TAXON_EXTENSION_FEATURES);
 *     if (features != NULL && features->wanted(task, "genre"))
 *         features->push(task, &vector);
 *
 * A host that knows no such extension returns NULL, and nothing is lost. As an extension it has a
 * version of its own, in its name, beside the ABI's (docs/plugin-abi.md).
 */
#ifndef TAXON_FEATURES_H
#define TAXON_FEATURES_H

#include <taxon/host.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TAXON_EXTENSION_FEATURES "features/1"

/* Bounds of one document, all vectors together. */
#define TAXON_FEATURES_VECTORS 65536u
#define TAXON_FEATURES_MAX     1048576u /* pairs of id and value */

/* The features of the whole document or of a part of it. */
struct taxon_feature_vector {
    uint32_t struct_size;
    uint32_t reserved;
    const char *scheme; /* C string: one of the plugin's */
    /* C string, [a-z0-9-]+: what the ids mean, and which version of the plugin's way to count made
     * them ("text-1"). A model is of one space, and good for no other. */
    const char *space;
    size_t begin; /* the part, in offsets of the text; the whole document: TAXON_NOWHERE twice */
    size_t end;
    const uint32_t *ids; /* `count` of them, in any order; one that comes again is added up */
    const float *values; /* `count` finite numbers, or NULL: each is 1 */
    size_t count;
};

struct taxon_features {
    uint32_t struct_size;
    uint32_t reserved;

    /* [task: classify] 1 when the host wants the features of `scheme` of this document, else 0. */
    int32_t (*wanted)(struct taxon_task *task, const char *scheme);

    /* [task: classify] Takes a copy. -EINVAL for a malformed vector or a scheme that is not the
     * plugin's, -E2BIG beyond the bounds above; 0 and nothing kept when it is not wanted. */
    int32_t (*push)(struct taxon_task *task, const struct taxon_feature_vector *vector);
};

#ifdef __cplusplus
}
#endif

#endif
