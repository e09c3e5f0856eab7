/* Tests of learn/solver and learn/matrix: what can be told apart is, and threads change nothing. */
#include "learn/solver.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "made.h"
#include "suite.h"

static const struct solver_options options = {
    .cost = 1, .tolerance = 0.01, .rounds = 100, .seed = 3, .threads = 1};

static const float families[COLUMNS_FAMILIES] = {1, 1, 1, 1, 1, 1, 1, 1};

static struct dataset dataset;
static struct columns columns;
static struct matrix matrix;

static void start(uint32_t labels, uint32_t noise)
{
    made_dataset(&dataset, labels, 400, noise);
    bool *in = calloc(dataset.count, sizeof *in);
    memset(in, 1, dataset.count);
    ck_assert_int_eq(columns_init(&columns, &dataset, in, 2, families), 0);
    ck_assert_int_eq(matrix_init(&matrix, &dataset, in, &columns), 0);
    free(in);
}

static void finish(void)
{
    matrix_release(&matrix);
    columns_release(&columns);
    dataset_release(&dataset);
}

START_TEST(rows_have_length_one)
{
    start(3, 0);
    ck_assert_uint_eq(matrix.count, 400);
    for (size_t i = 0; i < matrix.count; i++) {
        double square = 0;
        for (size_t k = matrix.starts[i]; k < matrix.starts[i + 1]; k++)
            square += (double)matrix.cells[k].value * (double)matrix.cells[k].value;
        ck_assert(fabs(square - 1) < 1e-4);
    }
    for (uint32_t c = 1; c < columns.count; c++)
        ck_assert_uint_lt(columns.ids[c - 1], columns.ids[c]);
    finish();
}
END_TEST

START_TEST(what_can_be_told_apart_is)
{
    struct weights weights;

    start(11, 0);
    ck_assert_int_eq(solver_run(&dataset, &matrix, columns.count, &options, &weights), 0);
    float *margins = calloc(weights.lanes, sizeof *margins);
    for (size_t i = 0; i < matrix.count; i++) {
        weights_margins(&weights, &matrix, i, margins);
        for (uint32_t l = 0; l < 11; l++)
            ck_assert_int_eq(margins[l] > 0, dataset.documents[i].labels[0] == l);
    }
    free(margins);
    weights_release(&weights);
    finish();
}
END_TEST

START_TEST(two_threads_give_the_same_bits)
{
    struct solver_options two = options;
    struct weights one_thread;
    struct weights two_threads;

    start(19, 20);
    two.threads = 2;
    ck_assert_int_eq(solver_run(&dataset, &matrix, columns.count, &options, &one_thread), 0);
    ck_assert_int_eq(solver_run(&dataset, &matrix, columns.count, &two, &two_threads), 0);
    ck_assert_uint_eq(one_thread.lanes, two_threads.lanes);
    for (uint32_t c = 0; c < columns.count; c++)
        ck_assert_mem_eq(one_thread.rows + (size_t)c * one_thread.lanes,
                         two_threads.rows + (size_t)c * one_thread.lanes, 19 * sizeof(float));
    weights_release(&one_thread);
    weights_release(&two_threads);
    finish();
}
END_TEST

START_TEST(columns_can_be_left_out)
{
    start(3, 0);
    uint32_t count = columns.count;
    uint32_t first = columns.ids[0];
    uint32_t third = columns.ids[2];
    bool *keep = calloc(count, sizeof *keep);
    keep[0] = keep[2] = true;
    ck_assert_int_eq(columns_keep(&columns, keep), 0);
    ck_assert_uint_eq(columns.count, 2);
    ck_assert_uint_eq(columns.ids[0], first);
    ck_assert_uint_eq(columns.ids[1], third);
    free(keep);
    finish();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        rows_have_length_one,
        what_can_be_told_apart_is,
        two_threads_give_the_same_bits,
        columns_can_be_left_out,
    };

    return SUITE_RUN("learn/solver", tests);
}
