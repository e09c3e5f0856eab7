/* learn/measure: precision, recall, F1, calibration, and how sure they are.
 *
 * Called by learn/train on cross-validation and by `taxon eval` on any documents. F1 of a label
 * that is never right and never given is 0, as it is in the macro average of the field's tools;
 * labels without a document that is right are left out of macro averages.
 */
#include "learn/measure.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BINS 10

static void finish(struct measure *m)
{
    double given = (double)(m->right + m->wrong);
    double is = (double)(m->right + m->missed);

    m->precision = given > 0 ? (double)m->right / given : 0;
    m->recall = is > 0 ? (double)m->right / is : 0;
    m->f1 = m->right > 0 ? 2 * m->precision * m->recall / (m->precision + m->recall) : 0;
}

static uint32_t best_of(const struct judgement *j, size_t document)
{
    const float *scores = j->scores + document * j->label_count;
    uint32_t best = 0;

    for (uint32_t l = 1; l < j->label_count; l++)
        if (scores[l] > scores[best])
            best = l;
    return best;
}

static uint32_t first_true(const struct judgement *j, size_t document)
{
    const bool *is_true = j->is_true + document * j->label_count;
    uint32_t l = 0;

    while (l < j->label_count && !is_true[l])
        l++;
    return l;
}

/* The label that a document counts for: of several right ones the best, if it is one of them. */
static uint32_t truth_of(const struct judgement *j, size_t document, uint32_t best)
{
    return j->is_true[document * j->label_count + best] ? best : first_true(j, document);
}

static double macro_of(const struct measure *measures, uint32_t count)
{
    double sum = 0;
    uint32_t counted = 0;

    for (uint32_t l = 0; l < count; l++) {
        if (measures[l].right + measures[l].missed == 0)
            continue;
        sum += measures[l].f1;
        counted++;
    }
    return counted > 0 ? sum / counted : 0;
}

/* Of the documents that `drawn` lists (NULL: all): share that is right, and macro F1. */
static void score_best(const struct judgement *j, const uint32_t *bests, const uint32_t *truths,
                       const uint32_t *drawn, struct measure *by_label, double *out_accuracy,
                       double *out_macro)
{
    size_t right = 0;

    memset(by_label, 0, j->label_count * sizeof *by_label);
    for (size_t i = 0; i < j->count; i++) {
        size_t document = drawn == NULL ? i : drawn[i];
        uint32_t best = bests[document];
        uint32_t truth = truths[document];
        right += best == truth;
        by_label[best].right += best == truth;
        by_label[best].wrong += best != truth;
        if (truth < j->label_count && best != truth)
            by_label[truth].missed++;
    }
    for (uint32_t l = 0; l < j->label_count; l++)
        finish(&by_label[l]);
    *out_accuracy = j->count > 0 ? (double)right / (double)j->count : 0;
    *out_macro = macro_of(by_label, j->label_count);
}

static int compare_reals(const void *a, const void *b)
{
    double first = *(const double *)a;
    double second = *(const double *)b;

    return first < second ? -1 : first > second;
}

static struct interval middle(double *values, uint32_t count)
{
    qsort(values, count, sizeof *values, compare_reals);
    return (struct interval){values[count * 25 / 1000], values[(count * 975 - 1) / 1000]};
}

static int resample(const struct judgement *j, const uint32_t *bests, const uint32_t *truths,
                    uint32_t rounds, uint64_t seed, struct measures *out)
{
    uint32_t *drawn = calloc(j->count + 1, sizeof *drawn);
    double *accuracies = calloc(rounds + 1, sizeof *accuracies);
    double *macros = calloc(rounds + 1, sizeof *macros);
    struct measure *scratch = calloc(j->label_count + 1, sizeof *scratch);
    uint64_t state = seed * 2 + 1;
    int result = -ENOMEM;

    if (drawn != NULL && accuracies != NULL && macros != NULL && scratch != NULL) {
        for (uint32_t round = 0; round < rounds; round++) {
            for (size_t i = 0; i < j->count; i++) {
                state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
                drawn[i] = (uint32_t)((state >> 32) * j->count >> 32);
            }
            score_best(j, bests, truths, drawn, scratch, &accuracies[round], &macros[round]);
        }
        out->accuracy_interval = middle(accuracies, rounds);
        out->best_macro_interval = middle(macros, rounds);
        result = 0;
    }
    free(drawn);
    free(accuracies);
    free(macros);
    free(scratch);
    return result;
}

static void score_given(const struct judgement *j, struct measures *out)
{
    for (size_t i = 0; i < j->count; i++) {
        for (uint32_t l = 0; l < j->label_count; l++) {
            bool given = j->scores[i * j->label_count + l] >= j->thresholds[l];
            bool is = j->is_true[i * j->label_count + l];
            out->given[l].right += given && is;
            out->given[l].wrong += given && !is;
            out->given[l].missed += !given && is;
        }
    }
    for (uint32_t l = 0; l < j->label_count; l++) {
        out->micro.right += out->given[l].right;
        out->micro.wrong += out->given[l].wrong;
        out->micro.missed += out->given[l].missed;
        finish(&out->given[l]);
    }
    finish(&out->micro);
    out->given_macro_f1 = macro_of(out->given, j->label_count);
}

/* Guo et al. 2017: how far the best label's score is from the share of right ones, on average. */
static double expected_error(const struct judgement *j, const uint32_t *bests,
                             const uint32_t *truths)
{
    double scores[BINS] = {0};
    double right[BINS] = {0};
    double error = 0;

    for (size_t i = 0; i < j->count; i++) {
        double score = (double)j->scores[i * j->label_count + bests[i]];
        int bin = (int)(score * BINS);
        bin = bin < 0 ? 0 : bin >= BINS ? BINS - 1 : bin;
        scores[bin] += score;
        right[bin] += bests[i] == truths[i];
    }
    for (int bin = 0; bin < BINS; bin++)
        error += fabs(scores[bin] - right[bin]);
    return j->count > 0 ? error / (double)j->count : 0;
}

int measure_take(const struct judgement *j, uint32_t rounds, uint64_t seed, struct measures *out)
{
    size_t labels = j->label_count;
    uint32_t *bests = calloc(j->count + 1, sizeof *bests);
    uint32_t *truths = calloc(j->count + 1, sizeof *truths);
    int result = -ENOMEM;

    *out = (struct measures){
        .label_count = j->label_count,
        .count = j->count,
        .best = calloc(labels + 1, sizeof *out->best),
        .given = calloc(labels + 1, sizeof *out->given),
        .confusion = calloc(labels * labels + 1, sizeof *out->confusion),
    };
    if (bests != NULL && truths != NULL && out->best != NULL && out->given != NULL &&
        out->confusion != NULL) {
        for (size_t i = 0; i < j->count; i++) {
            bests[i] = best_of(j, i);
            truths[i] = truth_of(j, i, bests[i]);
            if (truths[i] < labels)
                out->confusion[truths[i] * labels + bests[i]]++;
        }
        score_best(j, bests, truths, NULL, out->best, &out->accuracy, &out->best_macro_f1);
        score_given(j, out);
        out->calibration_error = expected_error(j, bests, truths);
        result = rounds == 0 ? 0 : resample(j, bests, truths, rounds, seed, out);
    }
    free(bests);
    free(truths);
    if (result < 0)
        measure_release(out);
    return result;
}

void measure_release(struct measures *measures)
{
    free(measures->best);
    free(measures->given);
    free(measures->confusion);
    *measures = (struct measures){.count = 0};
}
