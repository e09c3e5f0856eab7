/* main_text: which lines of an HTML page are its main text, by trained weights. */
#ifndef MAIN_TEXT_H
#define MAIN_TEXT_H

#include "lines.h"
#include "weights.h"

#define MAIN_TEXT_WORK 5

/* Writes FEATURE_CONTEXT of each row from the first round's scores (0..1) of `count` lines. `work`
 * has room for MAIN_TEXT_WORK * (count + 1) numbers. */
void main_text_context(const struct line_features *features, size_t count, const float *scores,
                       double *work);

/* The score of a line with these FEATURES_COUNT numbers, whose log odds by the weights are `sum`.
 * What may be chosen in a form is no main text, whatever the weights say. */
float main_text_score(const float *row, double sum);

/* From which score on a line is kept so that the expected F1 of the page is greatest: half of that
 * F1 (Lipton et al. 2014), kept in low..high and not above the greatest score. */
double main_text_bound(const struct surroundings *around, size_t count, const float *scores,
                       double low, double high);

/* Decides for each line of an HTML page, where there are weights. Lines that are not main text have
 * a role afterwards, the others none. 0 or -ENOMEM. */
int main_text_mark(struct page *page);

/* What the weights say against a line that they dropped, in a few words: the heaviest features. */
void main_text_reason(const struct page *page, size_t index, char *buf, size_t size);

#endif
