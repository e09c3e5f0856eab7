/* learn/matrix: some of a data set's documents as rows of weighted features.
 *
 * A column is a feature that is used; its gain is its inverse document frequency,
 * 1 + ln((1 + N) / (1 + n)) for n of N documents (smoothed as scikit-learn's TfidfVectorizer). A
 * value is (1 + ln count) times the gain, and rows have length 1 (taxon/model.h).
 */
#ifndef LEARN_MATRIX_H
#define LEARN_MATRIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "learn/dataset.h"

struct columns {
    uint32_t count;
    uint32_t *ids;   /* of the features, rising */
    float *gains;    /* at most COLUMNS_GAIN_MAX */
    uint32_t *slots; /* open addressing: column plus one */
    uint32_t slot_count;
};

/* Families of features that are weighed: the three highest bits of an id. */
#define COLUMNS_FAMILIES 8

#define COLUMNS_MAX      4194304u
#define COLUMNS_GAIN_MAX 15.9f

/* The features that occur in at least `least` of the documents that are `in`; with more than
 * COLUMNS_MAX of them, `least` is raised. Gains are multiplied by the weight of the feature's
 * family; one of weight 0 is left out. -ENOMEM. */
int columns_init(struct columns *columns, const struct dataset *dataset, const bool *in,
                 uint32_t least, const float weights[COLUMNS_FAMILIES]) MUST_CHECK;
/* Keeps the columns that `keep` says, in their order. -ENOMEM. */
int columns_keep(struct columns *columns, const bool *keep) MUST_CHECK;
void columns_release(struct columns *columns);

struct matrix {
    size_t count;     /* rows */
    size_t *starts;   /* of each row in `cells`; starts[count] is the end */
    uint32_t *origin; /* of each row: the document */
    struct cell {
        uint32_t column;
        float value;
    } * cells;
};

/* Rows of the documents that are `in`, in their order. -ENOMEM. */
int matrix_init(struct matrix *matrix, const struct dataset *dataset, const bool *in,
                const struct columns *columns) MUST_CHECK;
void matrix_release(struct matrix *matrix);

#endif
