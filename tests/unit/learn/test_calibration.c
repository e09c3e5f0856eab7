/* Tests of learn/calibration: probabilities that are met, and thresholds that keep their word. */
#include "learn/calibration.h"

#include <math.h>
#include <stdlib.h>

#include "suite.h"

#define COUNT 20000

static float margins[COUNT];
static bool is_true[COUNT];

/* Margins in -3..3 that are right with the probability 1 / (1 + exp(-2 margin + 1)). */
static void draw(void)
{
    uint64_t state = 7;

    for (size_t i = 0; i < COUNT; i++) {
        double margin = (double)(suite_random(&state) % 6000) / 1000 - 3;
        double p = 1 / (1 + exp(-2 * margin + 1));
        margins[i] = (float)margin;
        is_true[i] = (double)(suite_random(&state) % 100000) / 100000 < p;
    }
}

START_TEST(the_curve_is_found)
{
    draw();
    struct calibration found = calibration_fit(margins, 1, is_true, COUNT);
    ck_assert_msg(fabs(found.slope + 2) < 0.1 && fabs(found.offset - 1) < 0.1, "%g %g", found.slope,
                  found.offset);
    ck_assert(fabs(calibration_score(&found, 0.5) - 0.5) < 0.02);
}
END_TEST

START_TEST(one_kind_alone_is_no_curve)
{
    for (size_t i = 0; i < 100; i++)
        is_true[i] = false;
    struct calibration never = calibration_fit(margins, 1, is_true, 100);
    ck_assert(never.slope < 0 && calibration_score(&never, 0) < 0.02);
    for (size_t i = 0; i < 100; i++)
        is_true[i] = true;
    struct calibration always = calibration_fit(margins, 1, is_true, 100);
    ck_assert(always.slope < 0 && calibration_score(&always, 0) > 0.98);
}
END_TEST

START_TEST(a_margin_that_says_nothing_does_not_turn_round)
{
    for (size_t i = 0; i < 100; i++) {
        margins[i] = (float)i;
        is_true[i] = i < 50; /* the higher the margin, the less right */
    }
    struct calibration found = calibration_fit(margins, 1, is_true, 100);
    ck_assert(found.slope < 0);
    ck_assert(fabs(calibration_score(&found, 99) - calibration_score(&found, 0)) < 0.01);
}
END_TEST

START_TEST(a_threshold_keeps_its_precision)
{
    static float scores[COUNT];
    size_t given = 0;
    size_t right = 0;

    draw();
    struct calibration found = calibration_fit(margins, 1, is_true, COUNT);
    for (size_t i = 0; i < COUNT; i++)
        scores[i] = (float)calibration_score(&found, (double)margins[i]);
    double threshold = calibration_threshold(scores, 1, is_true, COUNT, 0.9);
    for (size_t i = 0; i < COUNT; i++) {
        given += (double)scores[i] >= threshold;
        right += (double)scores[i] >= threshold && is_true[i];
    }
    ck_assert_uint_gt(given, COUNT / 4);
    ck_assert((double)right >= 0.9 * (double)given);
    ck_assert((double)right < 0.92 * (double)given); /* and not more than it takes */
}
END_TEST

START_TEST(shares_are_likely_ones)
{
    const uint32_t truths[] = {0, 1, 2, 0};
    const float rows[] = {0.5f, -1, -1, -1, 0.5f, -1, -1, -1, 0.5f, -1, 0.5f, -1};
    float row[] = {1, 1, -1000};

    double slope = calibration_fit_exclusive(rows, 3, truths, 4); /* three of four are right */
    float first[] = {rows[0], rows[1], rows[2]};
    calibration_share_out(first, 3, slope);
    ck_assert_msg(first[0] > 0.70f && first[0] < 0.80f, "%g", (double)first[0]);
    ck_assert(fabsf(first[0] + first[1] + first[2] - 1) < 1e-5f);
    calibration_share_out(row, 3, -200);
    ck_assert(fabsf(row[0] - 0.5f) < 1e-6f && row[2] >= 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_curve_is_found,
        one_kind_alone_is_no_curve,
        a_margin_that_says_nothing_does_not_turn_round,
        a_threshold_keeps_its_precision,
        shares_are_likely_ones,
    };

    return SUITE_RUN("learn/calibration", tests);
}
