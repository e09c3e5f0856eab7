/* learn/solver: the trainer of linear models. Called by learn/train.
 *
 * Weights lie column by column, a lane for each label, so that the labels of a column are
 * neighbours in memory and the inner loops are vectors. Two threads, if wanted, take half of the
 * labels each: they share nothing but what they read, so that the result does not depend on them.
 */
#include "learn/solver.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define LANES 8u /* labels of a column are a multiple of it */

typedef float lane8 __attribute__((vector_size(32)));

/* Some labels, with neighbouring lanes, and their part of the weights. */
struct part {
    const struct dataset *dataset;
    const struct matrix *matrix;
    const struct solver_options *options;
    uint32_t column_count;
    uint32_t first; /* label */
    uint32_t labels;
    uint32_t lanes;
    float *weights; /* column_count + 1 rows of `lanes`: the last one is the bias */
    float *alphas;  /* matrix->count rows of `lanes` */
    float *squares; /* of each row's length, by row */
    int result;
};

static uint32_t round_up(uint32_t count)
{
    return (count + LANES - 1) / LANES * LANES;
}

/* xorshift64* (Vigna 2016). */
static uint64_t next_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(0x2545F4914F6CDD1D);
}

static void shuffle(uint32_t *order, size_t count, uint64_t *state)
{
    for (size_t i = count; i > 1; i--) {
        size_t k = (size_t)((next_random(state) >> 32) * i >> 32);
        uint32_t kept = order[i - 1];
        order[i - 1] = order[k];
        order[k] = kept;
    }
}

static void add_product(float *sums, const float *weights, float value, uint32_t lanes)
{
    for (uint32_t l = 0; l < lanes; l += LANES) {
        lane8 sum;
        lane8 weight;
        memcpy(&sum, sums + l, sizeof sum);
        memcpy(&weight, weights + l, sizeof weight);
        sum += weight * value;
        memcpy(sums + l, &sum, sizeof sum);
    }
}

static void signs_of(const struct part *part, size_t row, float *signs)
{
    const struct dataset_document *document = &part->dataset->documents[part->matrix->origin[row]];

    for (uint32_t l = 0; l < part->lanes; l++)
        signs[l] = -1;
    for (uint32_t i = 0; i < document->label_count; i++)
        if (document->labels[i] >= part->first && document->labels[i] - part->first < part->labels)
            signs[document->labels[i] - part->first] = 1;
}

/* The step of each label's alpha, times its sign, into `steps`; whether any is not 0. */
static bool find_steps(struct part *part, size_t row, const float *signs, const float *margins,
                       float *steps, float *spread)
{
    float *alphas = part->alphas + row * part->lanes;
    float weight = part->dataset->documents[part->matrix->origin[row]].weight;
    float diagonal = 1 / (2 * (float)part->options->cost * weight);
    float curvature = part->squares[row] + 1 + diagonal;
    bool any = false;

    for (uint32_t l = 0; l < part->lanes; l++) {
        float gradient = signs[l] * margins[l] - 1 + diagonal * alphas[l];
        float projected = alphas[l] > 0 || gradient < 0 ? gradient : 0;
        float alpha = alphas[l] - gradient / curvature;
        alpha = alpha > 0 ? alpha : 0;
        steps[l] = l < part->labels ? (alpha - alphas[l]) * signs[l] : 0;
        if (l < part->labels && fabsf(projected) > *spread)
            *spread = fabsf(projected);
        any |= fabsf(steps[l]) > 1e-6f;
        alphas[l] = l < part->labels ? alpha : 0;
    }
    return any;
}

static void visit(struct part *part, size_t row, float *scratch, float *spread)
{
    const struct matrix *matrix = part->matrix;
    const struct cell *begin = matrix->cells + matrix->starts[row];
    const struct cell *end = matrix->cells + matrix->starts[row + 1];
    uint32_t lanes = part->lanes;
    float *margins = scratch;
    float *signs = scratch + lanes;
    float *steps = scratch + 2 * (size_t)lanes;
    float *biases = part->weights + (size_t)part->column_count * lanes;

    memcpy(margins, biases, lanes * sizeof *margins);
    for (const struct cell *cell = begin; cell < end; cell++) {
        if (cell + 8 < end)
            __builtin_prefetch(part->weights + (size_t)cell[8].column * lanes);
        add_product(margins, part->weights + (size_t)cell->column * lanes, cell->value, lanes);
    }
    signs_of(part, row, signs);
    if (!find_steps(part, row, signs, margins, steps, spread))
        return;
    for (const struct cell *cell = begin; cell < end; cell++)
        add_product(part->weights + (size_t)cell->column * lanes, steps, cell->value, lanes);
    add_product(biases, steps, 1, lanes);
}

static void solve(struct part *part, uint32_t *order, float *scratch)
{
    const struct matrix *matrix = part->matrix;
    uint64_t state = part->options->seed * 2 + 1;

    for (size_t i = 0; i < matrix->count; i++) {
        double square = 0;
        order[i] = (uint32_t)i;
        for (size_t k = matrix->starts[i]; k < matrix->starts[i + 1]; k++)
            square += (double)matrix->cells[k].value * (double)matrix->cells[k].value;
        part->squares[i] = (float)square;
    }
    for (uint32_t round = 0; round < part->options->rounds; round++) {
        float spread = 0;
        shuffle(order, matrix->count, &state);
        for (size_t i = 0; i < matrix->count; i++)
            visit(part, order[i], scratch, &spread);
        if (spread < part->options->tolerance)
            break;
    }
}

static void *run_part(void *data)
{
    struct part *part = data;
    size_t rows = part->matrix->count;
    uint32_t *order = calloc(rows + 1, sizeof *order);
    float *scratch = calloc(3 * (size_t)part->lanes + 1, sizeof *scratch);

    part->weights = calloc(((size_t)part->column_count + 1) * part->lanes, sizeof *part->weights);
    part->alphas = calloc((rows + 1) * part->lanes, sizeof *part->alphas);
    part->squares = calloc(rows + 1, sizeof *part->squares);
    if (order == NULL || scratch == NULL || part->weights == NULL || part->alphas == NULL ||
        part->squares == NULL)
        part->result = -ENOMEM;
    else
        solve(part, order, scratch);
    free(order);
    free(scratch);
    free(part->alphas);
    free(part->squares);
    return NULL;
}

/* Puts the parts' weights side by side. */
static int join(const struct part *parts, uint32_t count, uint32_t column_count,
                struct weights *weights)
{
    weights->rows = calloc((size_t)column_count * weights->lanes + 1, sizeof *weights->rows);
    weights->biases = calloc(weights->lanes + 1, sizeof *weights->biases);
    if (weights->rows == NULL || weights->biases == NULL)
        return -ENOMEM;
    for (uint32_t p = 0; p < count; p++) {
        const struct part *part = &parts[p];
        for (size_t c = 0; c <= column_count; c++) {
            float *to = c == column_count ? weights->biases : weights->rows + c * weights->lanes;
            memcpy(to + part->first, part->weights + c * part->lanes, part->labels * sizeof *to);
        }
    }
    return 0;
}

static int run_parts(struct part *parts, uint32_t count)
{
    pthread_t thread;

    if (count == 2 && pthread_create(&thread, NULL, run_part, &parts[1]) != 0)
        return -EAGAIN;
    run_part(&parts[0]);
    if (count == 2)
        pthread_join(thread, NULL);
    for (uint32_t i = 0; i < count; i++)
        if (parts[i].result < 0)
            return parts[i].result;
    return 0;
}

int solver_run(const struct dataset *dataset, const struct matrix *matrix, uint32_t column_count,
               const struct solver_options *options, struct weights *out_weights)
{
    uint32_t labels = dataset->label_count;
    uint32_t count = options->threads >= 2 && labels > LANES ? 2 : 1;
    uint32_t first = count == 2 ? round_up(labels / 2) : labels;
    struct part parts[2];

    for (uint32_t i = 0; i < 2; i++) {
        uint32_t of_part = i == 0 ? first : labels - first;
        parts[i] = (struct part){
            .dataset = dataset,
            .matrix = matrix,
            .options = options,
            .column_count = column_count,
            .first = i == 0 ? 0 : first,
            .labels = of_part,
            .lanes = round_up(of_part),
        };
    }
    *out_weights = (struct weights){.label_count = labels,
                                    .lanes = round_up(labels),
                                    .column_count = column_count};
    int result = run_parts(parts, count);
    if (result == 0)
        result = join(parts, count, column_count, out_weights);
    for (uint32_t i = 0; i < 2; i++)
        free(parts[i].weights);
    if (result < 0)
        weights_release(out_weights);
    return result;
}

void weights_release(struct weights *weights)
{
    free(weights->rows);
    free(weights->biases);
    *weights = (struct weights){.label_count = 0};
}

void weights_margins(const struct weights *weights, const struct matrix *matrix, size_t row,
                     float *out)
{
    memcpy(out, weights->biases, weights->lanes * sizeof *out);
    for (size_t k = matrix->starts[row]; k < matrix->starts[row + 1]; k++)
        add_product(out, weights->rows + (size_t)matrix->cells[k].column * weights->lanes,
                    matrix->cells[k].value, weights->lanes);
}
