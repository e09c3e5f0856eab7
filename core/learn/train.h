/* learn/train: from a data set to a model, with what cross-validation says of it. */
#ifndef LEARN_TRAIN_H
#define LEARN_TRAIN_H

#include "learn/calibration.h"
#include "learn/dataset.h"
#include "learn/matrix.h"
#include "learn/measure.h"
#include "learn/solver.h"

struct train_options {
    struct solver_options solver;
    float weights[COLUMNS_FAMILIES]; /* of families of features */
    uint32_t least;                  /* documents that a feature must occur in */
    uint32_t rows;                   /* features that the model keeps, at most; 0: all */
    uint32_t folds;                  /* of cross-validation, at least 2 */
    double precision;                /* that each label's threshold is to reach */
    void (*progress)(void *data, const char *what); /* NULL: nobody is told */
    void *progress_data;
};

struct trained {
    bool exclusive; /* every document has one label */
    struct columns columns;
    struct weights weights;
    struct calibration *calibrations; /* by label */
    float *thresholds;                /* by label */
    float *scores;                    /* documents * labels: of models that had not seen them */
    bool *is_true;                    /* documents * labels */
    struct judgement judgement;       /* of the two */
    struct measures measures;
};

/* The documents of a group are in one fold, and which one depends on the group and the seed alone.
 * -EINVAL when there are not two labels or not two groups; -ENOMEM; -EAGAIN. */
int train_run(const struct dataset *dataset, const struct train_options *options,
              struct trained *out, struct err *err) MUST_CHECK;
void train_release(struct trained *trained);

#endif
