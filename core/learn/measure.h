/* learn/measure: how well labels given agree with labels that are right. */
#ifndef LEARN_MEASURE_H
#define LEARN_MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/json.h"

/* One score for each document and label. */
struct judgement {
    size_t count; /* documents */
    uint32_t label_count;
    const char *const *labels;
    const float *scores;     /* count * label_count; 0..1 */
    const bool *is_true;     /* count * label_count */
    const float *thresholds; /* by label: from there on a label is given */
};

struct measure {
    size_t right;  /* given and right */
    size_t wrong;  /* given and not right */
    size_t missed; /* right and not given */
    double precision, recall, f1;
};

struct interval {
    double low, high; /* of 95 % */
};

struct measures {
    uint32_t label_count;
    size_t count;
    /* Each document is given its best label. */
    struct measure *best; /* by label */
    double accuracy;      /* share of documents whose best label is right */
    double best_macro_f1;
    struct interval accuracy_interval;
    struct interval best_macro_interval;
    uint32_t *confusion; /* label_count * label_count: first right label, best label */
    /* Each document is given every label from its threshold on. */
    struct measure *given; /* by label */
    struct measure micro;
    double given_macro_f1;
    double calibration_error; /* expected, of the best label's score, in ten bins of equal width */
};

/* `rounds` resamplings for the intervals (Efron's bootstrap, percentiles), drawn by `seed`.
 * -ENOMEM. */
int measure_take(const struct judgement *judgement, uint32_t rounds, uint64_t seed,
                 struct measures *out) MUST_CHECK;
void measure_release(struct measures *measures);

/* As members of the object that is open in `json`. */
void measure_write(const struct measures *measures, const struct judgement *judgement,
                   struct json *json);

/* As a table for people, to standard output. */
void measure_print(const struct measures *measures, const struct judgement *judgement);

#endif
