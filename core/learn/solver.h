/* learn/solver: linear classifiers, one label against the rest, by dual coordinate descent.
 *
 * Minimises |w|^2 / 2 + sum over rows of C_i max(0, 1 - y_i w x_i)^2 for each label, in the dual,
 * one row at a time (Hsieh, Chang, Lin, Keerthi, Sundararajan: A dual coordinate descent method for
 * large-scale linear SVM, ICML 2008, algorithm 1 with the L2 loss). The bias is the weight of a
 * feature that every row has, as in liblinear with -B 1. All labels are solved in step: a row's
 * cells are read once for all of them.
 */
#ifndef LEARN_SOLVER_H
#define LEARN_SOLVER_H

#include "learn/dataset.h"
#include "learn/matrix.h"

struct solver_options {
    double cost;      /* C of a document of weight 1 */
    double tolerance; /* of the projected gradient's spread; liblinear's -e, 0.1 as a rule */
    uint32_t rounds;  /* through all rows, at most */
    uint64_t seed;    /* of the order in which rows are taken */
    uint32_t threads; /* 1 or 2: labels are shared out; the result is the same */
};

struct weights {
    uint32_t label_count;
    uint32_t lanes; /* label_count, or a little more */
    uint32_t column_count;
    float *rows;   /* `lanes` for each column */
    float *biases; /* by label */
};

/* -ENOMEM, or -EAGAIN when a thread cannot be started. `weights` is released by the caller. */
int solver_run(const struct dataset *dataset, const struct matrix *matrix, uint32_t column_count,
               const struct solver_options *options, struct weights *out_weights) MUST_CHECK;
void weights_release(struct weights *weights);

/* The margins of row `row`, by label, into `out` of `weights->lanes`. */
void weights_margins(const struct weights *weights, const struct matrix *matrix, size_t row,
                     float *out);

#endif
