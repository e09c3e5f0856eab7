/* boost: fits an ensemble of trees by gradient boosting with the logistic loss. */
#ifndef TESTS_TRAIN_BOOST_H
#define TESTS_TRAIN_BOOST_H

#include <stddef.h>
#include <stdint.h>

#include "weights.h"

#define BOOST_BINS 48u

struct boost_data {
    size_t rows;
    uint32_t inputs;     /* the first of each row that trees may look at */
    uint32_t stride;     /* from one row to the next */
    const uint8_t *bins; /* rows by stride */
    const float *cuts;   /* inputs by BOOST_BINS: bin b holds values up to cuts[b] */
    const float *targets;
    const float *weights; /* 0: the row is left out */
};

struct boost_options {
    uint32_t trees;
    uint32_t leaves;
    double rate;
    double ridge;       /* added to the second derivatives of a leaf */
    double least;       /* sum of second derivatives of a leaf */
    double row_share;   /* of the rows that each tree sees */
    double input_share; /* of the inputs that it does */
    uint64_t seed;
};

struct forest {
    struct weights_node *nodes;
    uint32_t *firsts;
    uint32_t trees;
    uint32_t node_count;
    float bias;
};

/* Bins for `values` (rows by inputs): *out_bins and *out_cuts are the caller's to free. */
void boost_bins(const float *values, size_t rows, uint32_t inputs, uint8_t **out_bins,
                float **out_cuts);

/* Bins the inputs from `first` on anew. */
void boost_rebin(const float *values, size_t rows, uint32_t inputs, uint32_t first, uint8_t *bins,
                 float *cuts);

/* Ends the program where there is no memory. The same data and options give the same forest. */
struct forest boost_fit(const struct boost_data *data, const struct boost_options *options);
void forest_free(struct forest *forest);

double forest_sum(const struct forest *forest, const float *inputs);

#endif
