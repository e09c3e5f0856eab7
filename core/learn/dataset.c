/* learn/dataset: the documents of a training set, in memory.
 *
 * Filled by cli/train from replies of a worker, read by all of learn/. Features of a document are
 * kept once each, in order, so that two runs over the same data do the same sums.
 */
#include "learn/dataset.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void dataset_init(struct dataset *dataset)
{
    memset(dataset, 0, sizeof *dataset);
    arena_init(&dataset->arena, 0);
}

void dataset_release(struct dataset *dataset)
{
    free(dataset->documents);
    free(dataset->labels);
    arena_release(&dataset->arena);
    memset(dataset, 0, sizeof *dataset);
}

uint32_t dataset_label(struct dataset *dataset, const char *id)
{
    for (uint32_t i = 0; i < dataset->label_count; i++)
        if (strcmp(dataset->labels[i], id) == 0)
            return i;
    if (dataset->label_count == DATASET_LABELS_MAX)
        return UINT32_MAX;
    if (dataset->label_count == dataset->label_size) {
        uint32_t size = dataset->label_size == 0 ? 64 : 2 * dataset->label_size;
        void *larger = realloc(dataset->labels, size * sizeof *dataset->labels);
        if (larger == NULL)
            return UINT32_MAX;
        dataset->labels = larger;
        dataset->label_size = size;
    }
    const char *copy = arena_strdup(&dataset->arena, id);
    if (copy == NULL)
        return UINT32_MAX;
    dataset->labels[dataset->label_count] = copy;
    return dataset->label_count++;
}

static int compare_features(const void *a, const void *b)
{
    uint32_t first = ((const struct dataset_feature *)a)->id;
    uint32_t second = ((const struct dataset_feature *)b)->id;

    return first < second ? -1 : first > second;
}

static int compare_numbers(const void *a, const void *b)
{
    uint32_t first = *(const uint32_t *)a;
    uint32_t second = *(const uint32_t *)b;

    return first < second ? -1 : first > second;
}

/* Sorts, adds up what is of one id; returns how many are left. */
static size_t add_up(struct dataset_feature *features, size_t count)
{
    size_t to = 0;

    if (count > 0)
        qsort(features, count, sizeof *features, compare_features);
    for (size_t i = 0; i < count;) {
        struct dataset_feature sum = features[i];
        for (i++; i < count && features[i].id == sum.id; i++)
            sum.count += features[i].count;
        if (isfinite(sum.count) && sum.count > 0)
            features[to++] = sum;
    }
    return to;
}

static int copy_features(struct dataset *dataset, const uint32_t *ids, const float *values,
                         size_t count, struct dataset_document *document)
{
    struct dataset_feature *scratch = malloc((count + 1) * sizeof *scratch);

    if (scratch == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++)
        scratch[i] = (struct dataset_feature){ids[i], values[i]};
    document->feature_count = add_up(scratch, count);
    document->features =
        arena_memdup(&dataset->arena, scratch, document->feature_count * sizeof *scratch);
    free(scratch);
    return document->features == NULL ? -ENOMEM : 0;
}

static int make_room(struct dataset *dataset)
{
    if (dataset->count < dataset->size)
        return 0;
    size_t size = dataset->size == 0 ? 1024 : 2 * dataset->size;
    void *larger = realloc(dataset->documents, size * sizeof *dataset->documents);
    if (larger == NULL)
        return -ENOMEM;
    dataset->documents = larger;
    dataset->size = size;
    return 0;
}

int dataset_add(struct dataset *dataset, const uint32_t *ids, const float *values, size_t count,
                const uint32_t *labels, uint32_t label_count, uint64_t group, float weight)
{
    struct dataset_document document = {.group = group,
                                        .weight = weight,
                                        .label_count = label_count};

    if (label_count > DATASET_DOCUMENT_MAX)
        return -E2BIG;
    if (label_count == 0 || !isfinite(weight) || weight <= 0)
        return -EINVAL;
    uint32_t *own = arena_memdup(&dataset->arena, labels, label_count * sizeof *labels);
    if (own == NULL || make_room(dataset) < 0 ||
        copy_features(dataset, ids, values, count, &document) < 0)
        return -ENOMEM;
    qsort(own, label_count, sizeof *own, compare_numbers);
    document.labels = own;
    dataset->documents[dataset->count++] = document;
    dataset->feature_total += document.feature_count;
    return 0;
}

struct named {
    const char *name;
    uint32_t number;
};

static int compare_names(const void *a, const void *b)
{
    return strcmp(((const struct named *)a)->name, ((const struct named *)b)->name);
}

int dataset_sort_labels(struct dataset *dataset)
{
    uint32_t count = dataset->label_count;
    struct named *named = arena_alloc(&dataset->arena, (count + 1) * sizeof *named);
    uint32_t *renumbered = arena_alloc(&dataset->arena, (count + 1) * sizeof *renumbered);

    if (named == NULL || renumbered == NULL)
        return -ENOMEM;
    for (uint32_t i = 0; i < count; i++)
        named[i] = (struct named){dataset->labels[i], i};
    if (count > 0)
        qsort(named, count, sizeof *named, compare_names);
    for (uint32_t i = 0; i < count; i++) {
        dataset->labels[i] = named[i].name;
        renumbered[named[i].number] = i;
    }
    for (size_t i = 0; i < dataset->count; i++) {
        uint32_t *labels = (uint32_t *)(uintptr_t)dataset->documents[i].labels;
        for (uint32_t k = 0; k < dataset->documents[i].label_count; k++)
            labels[k] = renumbered[labels[k]];
        qsort(labels, dataset->documents[i].label_count, sizeof *labels, compare_numbers);
    }
    return 0;
}
