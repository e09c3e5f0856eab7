/* learn/calibration: Platt scaling and thresholds, by label. Called by learn/train with the margins
 * that cross-validation gave, so that no document is judged by a model that has seen it.
 */
#include "learn/calibration.h"

#include <math.h>
#include <stdlib.h>

#define ROUNDS      100
#define RIDGE       1e-12
#define LEAST_GIVEN 5 /* labels that a precision is worth counting of */

double calibration_score(const struct calibration *calibration, double margin)
{
    return 1 / (1 + exp(calibration->slope * margin + calibration->offset));
}

struct fit {
    const float *margins;
    size_t stride;
    const bool *is_true;
    size_t count;
    double high; /* smoothed targets */
    double low;
};

/* The negative log likelihood. */
static double loss_of(const struct fit *fit, const struct calibration *at)
{
    double loss = 0;

    for (size_t i = 0; i < fit->count; i++) {
        double t = fit->is_true[i] ? fit->high : fit->low;
        double f = at->slope * (double)fit->margins[i * fit->stride] + at->offset;
        loss += f >= 0 ? t * f + log1p(exp(-f)) : (t - 1) * f + log1p(exp(f));
    }
    return loss;
}

struct slope {
    double h11, h22, h21, g1, g2;
};

static struct slope slope_at(const struct fit *fit, const struct calibration *at)
{
    struct slope slope = {RIDGE, RIDGE, 0, 0, 0};

    for (size_t i = 0; i < fit->count; i++) {
        double margin = (double)fit->margins[i * fit->stride];
        double p = calibration_score(at, margin);
        double d1 = (fit->is_true[i] ? fit->high : fit->low) - p;
        double d2 = p * (1 - p);
        slope.h11 += margin * margin * d2;
        slope.h22 += d2;
        slope.h21 += margin * d2;
        slope.g1 += margin * d1;
        slope.g2 += d1;
    }
    return slope;
}

/* One Newton step with backtracking; false when there is nothing more to gain. */
static bool improve(const struct fit *fit, struct calibration *at, double *loss)
{
    struct slope s = slope_at(fit, at);
    double determinant = s.h11 * s.h22 - s.h21 * s.h21;

    if ((fabs(s.g1) < 1e-5 && fabs(s.g2) < 1e-5) || !(determinant > 0))
        return false;
    double step_slope = -(s.h22 * s.g1 - s.h21 * s.g2) / determinant;
    double step_offset = -(-s.h21 * s.g1 + s.h11 * s.g2) / determinant;
    double gain = s.g1 * step_slope + s.g2 * step_offset;
    double size = 1;
    for (int halved = 0; halved < 34; halved++) {
        struct calibration next = {at->slope + size * step_slope, at->offset + size * step_offset};
        double next_loss = loss_of(fit, &next);
        if (next_loss < *loss + 1e-4 * size * gain) {
            *at = next;
            *loss = next_loss;
            return true;
        }
        size /= 2;
    }
    return false;
}

struct calibration calibration_fit(const float *margins, size_t stride, const bool *is_true,
                                   size_t count)
{
    double right = 0;

    for (size_t i = 0; i < count; i++)
        right += is_true[i];
    double wrong = (double)count - right;
    struct calibration at = {right > 0 && wrong > 0 ? 0 : -1, log((wrong + 1) / (right + 1))};
    struct fit fit = {margins, stride, is_true, count, (right + 1) / (right + 2), 1 / (wrong + 2)};
    double loss = loss_of(&fit, &at);

    if (right <= 0 || wrong <= 0)
        return at;
    for (int round = 0; round < ROUNDS && improve(&fit, &at, &loss); round++)
        ;
    if (!(at.slope < 0)) /* a label that the model knows nothing of: its share, whatever is seen */
        at = (struct calibration){-1e-6, log((wrong + 1) / (right + 1))};
    return at;
}

void calibration_share_out(float *row, uint32_t label_count, double slope)
{
    float most = row[0];
    double sum = 0;

    for (uint32_t l = 1; l < label_count; l++)
        most = row[l] > most ? row[l] : most;
    for (uint32_t l = 0; l < label_count; l++) {
        row[l] = (float)exp(-slope * (double)(row[l] - most));
        sum += (double)row[l];
    }
    for (uint32_t l = 0; l < label_count; l++)
        row[l] = (float)((double)row[l] / sum);
}

/* The negative log likelihood of the right labels. */
static double exclusive_loss(const float *margins, uint32_t label_count, const uint32_t *truths,
                             size_t count, double slope)
{
    double loss = 0;

    for (size_t i = 0; i < count; i++) {
        const float *row = margins + i * label_count;
        float most = row[0];
        double sum = 0;
        for (uint32_t l = 1; l < label_count; l++)
            most = row[l] > most ? row[l] : most;
        for (uint32_t l = 0; l < label_count; l++)
            sum += exp(-slope * (double)(row[l] - most));
        loss += log(sum) + slope * (double)(row[truths[i]] - most);
    }
    return loss;
}

/* The loss is convex in the slope: golden section, in the slope's logarithm. */
double calibration_fit_exclusive(const float *margins, uint32_t label_count, const uint32_t *truths,
                                 size_t count)
{
    const double ratio = 0.6180339887498949;
    double low = log(0.05);
    double high = log(200);

    for (int round = 0; round < 40; round++) {
        double first = high - ratio * (high - low);
        double second = low + ratio * (high - low);
        if (exclusive_loss(margins, label_count, truths, count, -exp(first)) <
            exclusive_loss(margins, label_count, truths, count, -exp(second)))
            high = second;
        else
            low = first;
    }
    return -exp((low + high) / 2);
}

struct judged {
    double score;
    bool is_true;
};

static int compare_judged(const void *a, const void *b)
{
    double first = ((const struct judged *)a)->score;
    double second = ((const struct judged *)b)->score;

    return first > second ? -1 : first < second;
}

/* Goes down the scores; a threshold may only stand between two that differ. */
static double search(const struct judged *judged, size_t count, double precision)
{
    double found = -1;
    double best = 0.95;
    double best_precision = -1;
    size_t right = 0;

    for (size_t i = 0; i < count; i++) {
        right += judged[i].is_true;
        if (i + 1 < LEAST_GIVEN || (i + 1 < count && judged[i + 1].score >= judged[i].score))
            continue;
        double share = (double)right / (double)(i + 1);
        if (share >= precision)
            found = judged[i].score;
        if (share > best_precision) {
            best_precision = share;
            best = judged[i].score;
        }
    }
    return found >= 0 ? found : best;
}

double calibration_threshold(const float *scores, size_t stride, const bool *is_true, size_t count,
                             double precision)
{
    struct judged *judged = calloc(count + 1, sizeof *judged);
    double threshold = 0.5;

    if (judged == NULL)
        return threshold;
    for (size_t i = 0; i < count; i++)
        judged[i] = (struct judged){(double)scores[i * stride], is_true[i]};
    if (count > 0) {
        qsort(judged, count, sizeof *judged, compare_judged);
        threshold = search(judged, count, precision);
    }
    free(judged);
    return threshold < 0.05 ? 0.05 : threshold > 0.95 ? 0.95 : threshold;
}
