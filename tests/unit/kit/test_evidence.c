/* Tests of kit/evidence: the strongest are kept, in order, and a bad range costs nothing. */
#include "kit/evidence.h"

#include <string.h>

#include "fake_host.h"
#include "suite.h"

START_TEST(the_strongest_are_kept_in_order)
{
    struct fake *fake = fake_new();
    struct evidence evidence;

    fake->text_len = 1000;
    evidence_init(&evidence);
    for (size_t i = 0; i < 100; i++)
        evidence_add(&evidence, &fake->task, i, i + 1, (double)(i * 37 % 100), "why");
    ck_assert_uint_eq(evidence.count, EVIDENCE_MAX);
    for (size_t i = 0; i < EVIDENCE_MAX; i++)
        ck_assert(evidence.items[i].weight == (double)(99 - i));
}
END_TEST

START_TEST(equal_weights_stay_as_they_came_and_negative_ones_count)
{
    struct fake *fake = fake_new();
    struct evidence evidence;

    fake->text_len = 1000;
    evidence_init(&evidence);
    for (size_t i = 0; i < 20; i++)
        evidence_add(&evidence, &fake->task, i, i + 1, 1, "why");
    evidence_add(&evidence, &fake->task, 50, 51, -3, "against");
    ck_assert_uint_eq(evidence.items[0].begin, 50);
    for (size_t i = 1; i < EVIDENCE_MAX; i++)
        ck_assert_uint_eq(evidence.items[i].begin, i - 1);
}
END_TEST

START_TEST(ranges_that_the_host_refuses_are_left_out)
{
    struct fake *fake = fake_new();
    struct evidence evidence;

    fake->text_len = 10;
    evidence_init(&evidence);
    evidence_add(&evidence, &fake->task, 5, 5, 1, "empty");
    evidence_add(&evidence, &fake->task, 5, 11, 1, "beyond");
    evidence_add(&evidence, &fake->task, 9, 3, 1, "backwards");
    ck_assert_uint_eq(evidence.count, 0);
    ck_assert_int_eq(evidence_publish(&evidence, &fake->task, "topic", "a", 7.5), 0);
    ck_assert(fake->labels[0].score == 1);
    ck_assert_int_eq(evidence_publish(&evidence, &fake->task, "topic", "b", -1), 0);
    ck_assert(fake->labels[1].score == 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_strongest_are_kept_in_order,
        equal_weights_stay_as_they_came_and_negative_ones_count,
        ranges_that_the_host_refuses_are_left_out,
    };

    return SUITE_RUN("kit/evidence", tests);
}
