/* score: what a line has of each role. */
#ifndef SCORE_H
#define SCORE_H

#include "lines.h"

#define SCORE_REASONS 3

/* The strongest cues that speak for one role. */
struct score_reasons {
    uint32_t role;
    uint32_t count;
    uint32_t items[SCORE_REASONS]; /* by falling weight */
    double weights[SCORE_REASONS];
};

/* The sum that makes a score, and the other way round: score = 1 - e^-sum. */
double score_floor(double score);
double score_of(double sum);

/* Adds to out_sums (one a role) what the line's own words and form give (late 0), or its neighbours
 * and its part of the page (late 1). `reasons` may be NULL; it takes what speaks for its role. */
void score_line(const struct page *page, size_t index, int late, float *out_sums,
                struct score_reasons *reasons);

/* Gives the line the best role that its sums reach; NO_ROLE where they reach none. */
void score_decide(struct page *page, size_t index);

#endif
