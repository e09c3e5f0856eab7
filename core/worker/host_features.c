/* worker/host_features: the extension "features/1", by which a classifier shows what it counts.
 *
 * Called by plugins only, while worker/stages calls their classify(). Vectors are checked and
 * copied here, kept beside the other results, and sent by worker/answer to who asked; a document
 * that nobody asked about costs one comparison.
 */
#include "worker/host_features.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "worker/border.h"
#include "worker/host.h"
#include "worker/results.h"

_Static_assert(TAXON_FEATURES_VECTORS == REPLY_VECTOR_MAX, "a plugin is told another bound");
_Static_assert(TAXON_FEATURES_MAX == REPLY_FEATURE_MAX, "a plugin is told another bound");

static struct turn *classifying(struct taxon_task *task)
{
    struct host *host = host_of_task(task);

    return host == NULL || host->phase != HOST_CLASSIFYING ? NULL : host->turn;
}

static bool is_wanted(const struct turn *turn, const char *scheme)
{
    return turn->features != NULL && turn->features[0] != '\0' && border_is_name(scheme) &&
           strcmp(turn->features, scheme) == 0;
}

static int32_t features_wanted(struct taxon_task *task, const char *scheme)
{
    struct turn *turn = classifying(task);

    return turn == NULL ? -EPERM : is_wanted(turn, scheme);
}

static int check(struct turn *turn, const struct taxon_feature_vector *vector)
{
    bool nowhere = vector->begin == TAXON_NOWHERE && vector->end == TAXON_NOWHERE;

    if (!vocabulary_has_scheme(turn->vocabulary, vector->scheme))
        return turn_refuse(turn, "features of a scheme that is not the plugin's");
    if (!border_is_name(vector->space))
        return turn_refuse(turn, "a space of features is not [a-z0-9-]+");
    if (!nowhere && !turn_has_range(turn, vector->begin, vector->end))
        return turn_refuse(turn, "features of %zu-%zu, not in the text or cutting a character",
                           vector->begin, vector->end);
    if (vector->ids == NULL && vector->count > 0)
        return turn_refuse(turn, "features without ids");
    return 0;
}

/* Copies the ids and values, which may lie unaligned to nothing but their own type. */
static int copy_pairs(struct turn *turn, const struct taxon_feature_vector *from,
                      struct reply_vector *to)
{
    struct arena *arena = turn->results->arena;
    uint32_t *ids = arena_alloc(arena, from->count * sizeof *ids);
    float *values = arena_alloc(arena, from->count * sizeof *values);

    if (ids == NULL || values == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < from->count; i++) {
        ids[i] = from->ids[i];
        values[i] = from->values == NULL ? 1 : from->values[i];
        if (!isfinite(values[i]))
            return turn_refuse(turn, "a feature's value is not finite");
    }
    to->ids = ids;
    to->values = values;
    to->count = from->count;
    return 0;
}

static int32_t features_push(struct taxon_task *task, const struct taxon_feature_vector *vector)
{
    struct turn *turn = classifying(task);
    struct taxon_feature_vector copy;

    if (turn == NULL)
        return -EPERM;
    if (!border_read(&copy, sizeof copy, vector,
                     BORDER_SIZE_1_0(struct taxon_feature_vector, count)))
        return turn_refuse(turn, "struct taxon_feature_vector without its struct_size");
    int code = check(turn, &copy);
    if (code < 0)
        return code;
    if (!is_wanted(turn, copy.scheme))
        return 0;
    struct results *results = turn->results;
    if (ROW_COUNT(&results->vectors, struct reply_vector) >= REPLY_VECTOR_MAX ||
        copy.count > REPLY_FEATURE_MAX - results->feature_count)
        return turn_limit(turn, "features");
    struct reply_vector row = {
        .scheme = turn->features,
        .space = arena_strdup(results->arena, copy.space),
        .has_place = copy.begin != TAXON_NOWHERE,
        .begin = copy.begin == TAXON_NOWHERE ? 0 : copy.begin,
        .end = copy.begin == TAXON_NOWHERE ? 0 : copy.end,
        .plugin = turn->plugin,
    };
    if (row.space == NULL)
        return -ENOMEM;
    code = copy_pairs(turn, &copy, &row);
    if (code < 0)
        return code;
    results->feature_count += row.count;
    return results_add_row(&results->vectors, &row, sizeof row);
}

const struct taxon_features host_features = {
    .struct_size = sizeof host_features,
    .wanted = features_wanted,
    .push = features_push,
};
