/* The solver against liblinear (L2R_L2LOSS_SVC_DUAL, bias 1), on the same rows: the value of what
 * both minimise must agree within a hundredth, for every label. */
#include <linear.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "learn/solver.h"
#include "made.h"
#include "suite.h"

#define LABELS 5
#define COST   0.7

static const float families[COLUMNS_FAMILIES] = {1, 1, 1, 1, 1, 1, 1, 1};

static struct dataset dataset;
static struct columns columns;
static struct matrix matrix;

static double sign_of(size_t row, uint32_t label)
{
    return dataset.documents[matrix.origin[row]].labels[0] == label ? 1 : -1;
}

/* What is minimised, at these weights: `stride` apart, the bias beside. */
static double objective(const double *weights, double bias, uint32_t label)
{
    double value = bias * bias / 2;

    for (uint32_t c = 0; c < columns.count; c++)
        value += weights[c] * weights[c] / 2;
    for (size_t i = 0; i < matrix.count; i++) {
        double margin = bias;
        for (size_t k = matrix.starts[i]; k < matrix.starts[i + 1]; k++)
            margin += weights[matrix.cells[k].column] * (double)matrix.cells[k].value;
        double loss = fmax(0, 1 - sign_of(i, label) * margin);
        value += COST * loss * loss;
    }
    return value;
}

static double liblinear_objective(uint32_t label)
{
    size_t cells = matrix.starts[matrix.count];
    struct feature_node *nodes = calloc(cells + 2 * matrix.count, sizeof *nodes);
    struct feature_node **rows = calloc(matrix.count, sizeof *rows);
    double *targets = calloc(matrix.count, sizeof *targets);
    double *weights = calloc(columns.count, sizeof *weights);
    struct problem problem = {(int)matrix.count, (int)columns.count + 1, targets, rows, 1};
    struct parameter parameter = {.solver_type = L2R_L2LOSS_SVC_DUAL, .eps = 1e-4, .C = COST};
    struct feature_node *node = nodes;

    for (size_t i = 0; i < matrix.count; i++) {
        rows[i] = node;
        targets[i] = sign_of(i, label);
        for (size_t k = matrix.starts[i]; k < matrix.starts[i + 1]; k++)
            *node++ = (struct feature_node){(int)matrix.cells[k].column + 1,
                                            (double)matrix.cells[k].value};
        *node++ = (struct feature_node){(int)columns.count + 1, 1};
        *node++ = (struct feature_node){-1, 0};
    }
    struct model *model = train(&problem, &parameter);
    double turn = model->label[0] == 1 ? 1 : -1;
    for (uint32_t c = 0; c < columns.count; c++)
        weights[c] = turn * model->w[c];
    double value = objective(weights, turn * model->w[columns.count], label);
    free_and_destroy_model(&model);
    free(nodes);
    free(rows);
    free(targets);
    free(weights);
    return value;
}

static void say_nothing(const char *text)
{
    (void)text;
}

START_TEST(liblinear_finds_no_better_weights)
{
    const struct solver_options options = {
        .cost = COST, .tolerance = 1e-3, .rounds = 2000, .seed = 1, .threads = 2};
    struct weights weights;

    set_print_string_function(say_nothing);
    made_dataset(&dataset, LABELS, 300, 25);
    bool *in = calloc(dataset.count, sizeof *in);
    memset(in, 1, dataset.count);
    ck_assert_int_eq(columns_init(&columns, &dataset, in, 2, families), 0);
    ck_assert_int_eq(matrix_init(&matrix, &dataset, in, &columns), 0);
    ck_assert_int_eq(solver_run(&dataset, &matrix, columns.count, &options, &weights), 0);
    double *own = calloc(columns.count, sizeof *own);
    for (uint32_t label = 0; label < LABELS; label++) {
        for (uint32_t c = 0; c < columns.count; c++)
            own[c] = (double)weights.rows[(size_t)c * weights.lanes + label];
        double ours = objective(own, (double)weights.biases[label], label);
        double theirs = liblinear_objective(label);
        ck_assert_msg(fabs(ours - theirs) < 0.01 * theirs, "label %u: %g, liblinear %g", label,
                      ours, theirs);
    }
    free(own);
    free(in);
    weights_release(&weights);
    matrix_release(&matrix);
    columns_release(&columns);
    dataset_release(&dataset);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {liblinear_finds_no_better_weights};

    return SUITE_RUN("learn/oracle", tests);
}
