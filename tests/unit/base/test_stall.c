/* What counts as a stall, by a clock of the test. */
#include "base/stall.h"

#include "suite.h"

#define LIMIT 1000u

START_TEST(a_beat_in_time_is_none)
{
    struct stall stall = {0};

    for (uint64_t now = 5000; now < 50000; now += 100)
        ck_assert_int_eq(stall_look(&stall, LIMIT, now - LIMIT + 1, now), STALL_NOTHING);
    ck_assert_uint_eq(stall.count, 0);
    ck_assert_uint_eq(stall.longest_us, 0);
}
END_TEST

/* Looks every 100 from `from` to `to` with the same beat; returns how many events came. */
static unsigned look_on(struct stall *stall, uint64_t beat, uint64_t from, uint64_t to)
{
    unsigned events = 0;

    for (uint64_t now = from; now <= to; now += 100)
        events += stall_look(stall, LIMIT, beat, now) != STALL_NOTHING;
    return events;
}

START_TEST(one_is_told_once_and_once_when_it_is_over)
{
    struct stall stall = {0};

    ck_assert_uint_eq(look_on(&stall, 5000, 5000, 5900), 0);
    ck_assert_int_eq(stall_look(&stall, LIMIT, 5000, 6000), STALL_BEGAN);
    ck_assert_uint_eq(stall.last_us, 1000);
    ck_assert_uint_eq(look_on(&stall, 5000, 6100, 9000), 0);
    ck_assert_uint_eq(stall.last_us, 4000);
    ck_assert_int_eq(stall_look(&stall, LIMIT, 9050, 9100), STALL_ENDED);
    ck_assert_uint_eq(stall.last_us, 4050); /* to the beat, not to the look */
    ck_assert_int_eq(stall_look(&stall, LIMIT, 9050, 9200), STALL_NOTHING);
    ck_assert_uint_eq(look_on(&stall, 9050, 9300, 10200), 1); /* another one */
    ck_assert_uint_eq(stall.count, 2);
    ck_assert_uint_eq(stall.longest_us, 4050);
}
END_TEST

START_TEST(a_watcher_that_was_stopped_itself_forgives)
{
    struct stall stall = {0};

    ck_assert_uint_eq(look_on(&stall, 5000, 5000, 5300), 0);
    ck_assert_uint_eq(look_on(&stall, 5000, 90000, 90900), 0); /* since then it looks again */
    ck_assert_int_eq(stall_look(&stall, LIMIT, 5000, 91000), STALL_BEGAN);
    ck_assert_uint_eq(stall.last_us, 1000);
}
END_TEST

START_TEST(without_a_limit_there_is_none)
{
    struct stall stall = {0};

    ck_assert_int_eq(stall_look(&stall, 0, 5000, 5000), STALL_NOTHING);
    ck_assert_int_eq(stall_look(&stall, 0, 5000, 500000), STALL_NOTHING);
    /* One that lasts is over when the limit is taken away. */
    ck_assert_int_eq(stall_look(&stall, LIMIT, 500000, 500000), STALL_NOTHING);
    ck_assert_uint_eq(look_on(&stall, 500000, 500100, 501000), 1);
    ck_assert_int_eq(stall_look(&stall, 0, 500000, 501100), STALL_ENDED);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_beat_in_time_is_none,
        one_is_told_once_and_once_when_it_is_over,
        a_watcher_that_was_stopped_itself_forgives,
        without_a_limit_there_is_none,
    };

    return SUITE_RUN("base/stall", tests);
}
