/* learn/train: how a model is made. Called by `taxon train`.
 *
 * For each fold: features are counted and chosen, and a model trained, on the other folds only, and
 * the fold's documents scored. From those scores come calibration, thresholds and every figure that
 * the card states. Then a model is trained in the same way on all documents.
 */
#include "learn/train.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((format(printf, 2, 3))) static void tell(const struct train_options *options,
                                                       const char *format, ...)
{
    char line[160];
    va_list args;

    if (options->progress == NULL)
        return;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    options->progress(options->progress_data, line);
}

struct importance {
    float value;
    uint32_t column;
};

static int compare_importance(const void *a, const void *b)
{
    const struct importance *first = a;
    const struct importance *second = b;

    if (first->value > second->value || first->value < second->value)
        return first->value > second->value ? -1 : 1;
    return first->column < second->column ? -1 : first->column > second->column;
}

/* What a column moves all margins by, over all rows: sum of x^2 times sum of w^2. */
static int weigh_columns(const struct matrix *matrix, const struct weights *weights,
                         struct importance *all)
{
    for (uint32_t c = 0; c < weights->column_count; c++)
        all[c] = (struct importance){0, c};
    for (size_t k = 0; k < matrix->starts[matrix->count]; k++)
        all[matrix->cells[k].column].value += matrix->cells[k].value * matrix->cells[k].value;
    for (uint32_t c = 0; c < weights->column_count; c++) {
        const float *row = weights->rows + (size_t)c * weights->lanes;
        float square = 0;
        for (uint32_t l = 0; l < weights->label_count; l++)
            square += row[l] * row[l];
        all[c].value *= square;
    }
    return 0;
}

/* Keeps the `rows` columns that matter most. */
static int choose_columns(struct columns *columns, const struct matrix *matrix,
                          const struct weights *weights, uint32_t rows)
{
    struct importance *all = calloc((size_t)columns->count + 1, sizeof *all);
    bool *keep = calloc((size_t)columns->count + 1, sizeof *keep);
    int result = -ENOMEM;

    if (all != NULL && keep != NULL) {
        weigh_columns(matrix, weights, all);
        qsort(all, columns->count, sizeof *all, compare_importance);
        for (uint32_t i = 0; i < rows && i < columns->count; i++)
            keep[all[i].column] = true;
        result = columns_keep(columns, keep);
    }
    free(all);
    free(keep);
    return result;
}

/* Columns and weights from the documents that are `in`. Both are the caller's to release, also on
 * failure. */
static int fit(const struct dataset *dataset, const bool *in, const struct train_options *options,
               struct columns *columns, struct weights *weights)
{
    struct matrix matrix = {.count = 0};
    int result = columns_init(columns, dataset, in, options->least, options->weights);

    if (result == 0)
        result = matrix_init(&matrix, dataset, in, columns);
    if (result == 0)
        result = solver_run(dataset, &matrix, columns->count, &options->solver, weights);
    if (result == 0 && options->rows > 0 && columns->count > options->rows) {
        result = choose_columns(columns, &matrix, weights, options->rows);
        weights_release(weights);
        matrix_release(&matrix);
        if (result == 0)
            result = matrix_init(&matrix, dataset, in, columns);
        if (result == 0)
            result = solver_run(dataset, &matrix, columns->count, &options->solver, weights);
    }
    matrix_release(&matrix);
    return result;
}

static uint32_t fold_of(const struct dataset_document *document,
                        const struct train_options *options)
{
    uint64_t mixed = (document->group ^ options->solver.seed) * UINT64_C(0x9E3779B97F4A7C15);

    return (uint32_t)((mixed >> 40) % options->folds);
}

/* The margins of the documents of one fold, by a model that has not seen them. */
static int run_fold(const struct dataset *dataset, const struct train_options *options,
                    uint32_t fold, bool *in, float *margins)
{
    struct columns columns = {.count = 0};
    struct weights weights = {.label_count = 0};
    struct matrix matrix = {.count = 0};

    for (size_t i = 0; i < dataset->count; i++)
        in[i] = fold_of(&dataset->documents[i], options) != fold;
    int result = fit(dataset, in, options, &columns, &weights);
    for (size_t i = 0; i < dataset->count; i++)
        in[i] = !in[i];
    if (result == 0)
        result = matrix_init(&matrix, dataset, in, &columns);
    float *row = calloc((size_t)weights.lanes + 1, sizeof *row);
    if (row == NULL)
        result = -ENOMEM;
    for (size_t i = 0; result == 0 && i < matrix.count; i++) {
        weights_margins(&weights, &matrix, i, row);
        memcpy(margins + (size_t)matrix.origin[i] * dataset->label_count, row,
               dataset->label_count * sizeof *row);
    }
    free(row);
    matrix_release(&matrix);
    weights_release(&weights);
    columns_release(&columns);
    return result;
}

/* Platt's, label by label. */
static void calibrate_each(const struct dataset *dataset, bool *column, struct trained *out)
{
    uint32_t labels = dataset->label_count;

    for (uint32_t l = 0; l < labels; l++) {
        for (size_t i = 0; i < dataset->count; i++)
            column[i] = out->is_true[i * labels + l];
        out->calibrations[l] = calibration_fit(out->scores + l, labels, column, dataset->count);
        for (size_t i = 0; i < dataset->count; i++) {
            float *score = &out->scores[i * labels + l];
            *score = (float)calibration_score(&out->calibrations[l], (double)*score);
        }
    }
}

static int calibrate_together(const struct dataset *dataset, struct trained *out)
{
    uint32_t labels = dataset->label_count;
    uint32_t *truths = calloc(dataset->count + 1, sizeof *truths);

    if (truths == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < dataset->count; i++)
        truths[i] = dataset->documents[i].labels[0];
    double slope = calibration_fit_exclusive(out->scores, labels, truths, dataset->count);
    for (size_t i = 0; i < dataset->count; i++)
        calibration_share_out(out->scores + i * labels, labels, slope);
    for (uint32_t l = 0; l < labels; l++)
        out->calibrations[l] = (struct calibration){slope, 0};
    free(truths);
    return 0;
}

/* Turns the margins in out->scores into scores, and finds thresholds for them. */
static int calibrate(const struct dataset *dataset, const struct train_options *options,
                     bool *column, struct trained *out)
{
    uint32_t labels = dataset->label_count;
    int result = 0;

    if (out->exclusive)
        result = calibrate_together(dataset, out);
    else
        calibrate_each(dataset, column, out);
    for (uint32_t l = 0; l < labels && result == 0; l++) {
        for (size_t i = 0; i < dataset->count; i++)
            column[i] = out->is_true[i * labels + l];
        out->thresholds[l] = (float)calibration_threshold(out->scores + l, labels, column,
                                                          dataset->count, options->precision);
    }
    return result;
}

static int validate(const struct dataset *dataset, const struct train_options *options, bool *in,
                    struct trained *out)
{
    int result = 0;

    for (uint32_t fold = 0; fold < options->folds && result == 0; fold++) {
        tell(options, "cross-validation, part %u of %u", fold + 1, options->folds);
        result = run_fold(dataset, options, fold, in, out->scores);
    }
    if (result == 0)
        result = calibrate(dataset, options, in, out);
    if (result < 0)
        return result;
    out->judgement = (struct judgement){
        .count = dataset->count,
        .label_count = dataset->label_count,
        .labels = dataset->labels,
        .scores = out->scores,
        .is_true = out->is_true,
        .thresholds = out->thresholds,
    };
    return measure_take(&out->judgement, 1000, options->solver.seed, &out->measures);
}

static int allocate(const struct dataset *dataset, struct trained *out)
{
    size_t cells = dataset->count * dataset->label_count;

    *out = (struct trained){
        .calibrations = calloc(dataset->label_count + 1, sizeof *out->calibrations),
        .thresholds = calloc(dataset->label_count + 1, sizeof *out->thresholds),
        .scores = calloc(cells + 1, sizeof *out->scores),
        .is_true = calloc(cells + 1, sizeof *out->is_true),
    };
    if (out->calibrations == NULL || out->thresholds == NULL || out->scores == NULL ||
        out->is_true == NULL)
        return -ENOMEM;
    out->exclusive = true;
    for (size_t i = 0; i < dataset->count; i++) {
        out->exclusive &= dataset->documents[i].label_count == 1;
        for (uint32_t k = 0; k < dataset->documents[i].label_count; k++)
            out->is_true[i * dataset->label_count + dataset->documents[i].labels[k]] = true;
    }
    return 0;
}

/* Whether there is anything to tell apart, and to validate on. */
static int check(const struct dataset *dataset, const struct train_options *options,
                 struct err *err)
{
    uint64_t folds = 0; /* a bit for each that has documents */

    if (dataset->label_count < 2)
        return err_set(err, -EINVAL,
                       "the documents have %u label(s); a model tells two or more apart",
                       dataset->label_count);
    for (size_t i = 0; i < dataset->count; i++)
        folds |= UINT64_C(1) << (fold_of(&dataset->documents[i], options) & 63);
    if ((folds & (folds - 1)) == 0)
        return err_set(err, -EINVAL,
                       "all documents are of one source; cross-validation needs two or more");
    return 0;
}

int train_run(const struct dataset *dataset, const struct train_options *options,
              struct trained *out, struct err *err)
{
    bool *in = calloc(dataset->count + 1, sizeof *in);
    int result = allocate(dataset, out);

    if (in == NULL)
        result = -ENOMEM;
    if (result == 0)
        result = check(dataset, options, err);
    if (result < 0) {
        free(in);
        train_release(out);
        return result == -ENOMEM ? err_set(err, result, "out of memory") : result;
    }
    result = validate(dataset, options, in, out);
    if (result == 0) {
        tell(options, "training on all %zu documents", dataset->count);
        for (size_t i = 0; i < dataset->count; i++)
            in[i] = true;
        result = fit(dataset, in, options, &out->columns, &out->weights);
    }
    free(in);
    if (result == 0)
        return 0;
    train_release(out);
    return err_set(err, result, "%s",
                   result == -EAGAIN ? "no thread could be started" : "out of memory");
}

void train_release(struct trained *trained)
{
    columns_release(&trained->columns);
    weights_release(&trained->weights);
    measure_release(&trained->measures);
    free(trained->calibrations);
    free(trained->thresholds);
    free(trained->scores);
    free(trained->is_true);
    *trained = (struct trained){.thresholds = NULL};
}
