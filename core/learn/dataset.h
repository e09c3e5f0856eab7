/* learn/dataset: documents to learn from: what a classifier counted in each, its labels, and the
 * source that it came from.
 */
#ifndef LEARN_DATASET_H
#define LEARN_DATASET_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

#define DATASET_LABELS_MAX   4096 /* of the scheme */
#define DATASET_DOCUMENT_MAX 64   /* labels of a document */

struct dataset_feature {
    uint32_t id;
    float count;
};

struct dataset_document {
    uint64_t group; /* documents of one source, which are never parted, have the same */
    float weight;   /* how much its labels are trusted, above 0; 1 as a rule */
    uint32_t label_count;
    const uint32_t *labels;           /* in rising order */
    struct dataset_feature *features; /* by rising id, each once */
    size_t feature_count;
};

struct dataset {
    struct arena arena;
    struct dataset_document *documents;
    size_t count;
    size_t size;
    const char **labels; /* by name once dataset_sort_labels was called */
    uint32_t label_count;
    uint32_t label_size;
    size_t feature_total;
};

void dataset_init(struct dataset *dataset);
void dataset_release(struct dataset *dataset);

/* The number of a label, made if it is new; UINT32_MAX beyond DATASET_LABELS_MAX or without
 * memory. */
uint32_t dataset_label(struct dataset *dataset, const char *id);

/* Adds a document of features `ids` with `values`, `count` of them in any order; those of the same
 * id are added up, those that come to nothing left out. -E2BIG beyond DATASET_DOCUMENT_MAX labels,
 * -EINVAL when it has none or its weight is not above 0; -ENOMEM. */
int dataset_add(struct dataset *dataset, const uint32_t *ids, const float *values, size_t count,
                const uint32_t *labels, uint32_t label_count, uint64_t group,
                float weight) MUST_CHECK;

/* Puts the labels in the order of their names, so that numbers do not depend on which document came
 * first. */
int dataset_sort_labels(struct dataset *dataset) MUST_CHECK;

#endif
