/* learn/calibration: from margins to probabilities, and from those to thresholds. */
#ifndef LEARN_CALIBRATION_H
#define LEARN_CALIBRATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct calibration {
    double slope; /* below 0 */
    double offset;
};

/* score = 1 / (1 + exp(slope * margin + offset)), fitted to `count` margins of documents that the
 * model was not trained on (Platt 1999, by the Newton method of Lin, Lin and Weng 2007, with their
 * smoothed targets). `stride` is the distance from one margin to the next. Where all are of one
 * kind, a slope of -1 that meets the share. */
struct calibration calibration_fit(const float *margins, size_t stride, const bool *is_true,
                                   size_t count);

double calibration_score(const struct calibration *calibration, double margin);

/* Where each document has one label: the slope by which the scores exp(-slope * margin), divided by
 * their sum over `label_count` labels, are likeliest to be right (temperature scaling, Guo et al.
 * 2017). `margins` has a row for each document; `truths` its label. Below 0. */
double calibration_fit_exclusive(const float *margins, uint32_t label_count, const uint32_t *truths,
                                 size_t count);

/* Those scores, in place of a row of margins. */
void calibration_share_out(float *row, uint32_t label_count, double slope);

/* The lowest threshold from which on `precision` of the labels given are right, found on the scores
 * of the same documents; at least 5 must be given. Where no threshold reaches it, the one of the
 * highest precision. In 0.05..0.95. */
double calibration_threshold(const float *scores, size_t stride, const bool *is_true, size_t count,
                             double precision);

#endif
