/* Tests of base/minhash: estimates near the truth of made sets, keys, and packed sketches of
 * whoever's bytes. */
#include "base/minhash.h"

#include <string.h>

#include "suite.h"

/* A sketch of the members [from, to). */
static struct minhash sketch_of(uint64_t from, uint64_t to)
{
    struct minhash sketch;

    minhash_init(&sketch);
    for (uint64_t i = from; i < to; i++)
        minhash_add(&sketch, minhash_mix(i + 1));
    return sketch;
}

/* The mean estimate over many pairs of sets of `size` of which `common` are the same. */
static double mean_resemblance(uint64_t size, uint64_t common)
{
    double sum = 0;

    for (uint64_t i = 0; i < 400; i++) {
        uint64_t from = i * 1000000;
        struct minhash a = sketch_of(from, from + size);
        struct minhash b = sketch_of(from + size - common, from + 2 * size - common);
        sum += minhash_resemblance(&a, &b);
    }
    return sum / 400;
}

START_TEST(estimates_are_unbiased_at_every_size)
{
    static const uint64_t sizes[] = {40, 100, 1000};

    for (size_t i = 0; i < 3; i++) {
        double size = (double)sizes[i];
        ck_assert_double_lt(mean_resemblance(sizes[i], 0), 1e-3);
        ck_assert_double_eq_tol(mean_resemblance(sizes[i], sizes[i] / 2),
                                size / 2 / (2 * size - size / 2), 0.015);
        ck_assert_double_eq_tol(mean_resemblance(sizes[i], sizes[i]), 1, 1e-9);
    }
}
END_TEST

START_TEST(the_smaller_one_is_seen_to_be_contained)
{
    struct minhash whole = sketch_of(0, 3000);
    struct minhash part = sketch_of(1000, 2000);
    double resemblance = minhash_resemblance(&whole, &part);

    ck_assert_double_eq_tol(resemblance, 1.0 / 3, 0.12);
    ck_assert_double_ge(minhash_containment(&whole, &part, resemblance), 0.75);
    ck_assert_double_eq_tol(minhash_containment(&whole, &part, 1.0 / 3), 1, 1e-9);
    ck_assert_double_eq_tol(minhash_containment(&part, &whole, 1.0 / 7), 0.5, 1e-9);
    ck_assert_double_eq_tol(minhash_containment(&part, &whole, 0), 0, 1e-9);
    ck_assert_double_le(minhash_containment(&part, &whole, 1), 1);
}
END_TEST

START_TEST(nothing_is_like_nothing)
{
    struct minhash none = sketch_of(0, 0);
    uint64_t keys[MINHASH_KEYS];

    ck_assert_double_eq_tol(minhash_resemblance(&none, &none), 0, 1e-9);
    ck_assert_double_eq_tol(minhash_containment(&none, &none, 0), 0, 1e-9);
    ck_assert_uint_eq(minhash_keys(&none, keys), 0);
}
END_TEST

START_TEST(keys_are_the_least_ascending_and_shared_as_promised)
{
    unsigned without = 0;

    for (uint64_t i = 0; i < 500; i++) {
        uint64_t from = i * 1000000;
        struct minhash a = sketch_of(from, from + 600);
        struct minhash b = sketch_of(from + 360, from + 960); /* a resemblance of 0.25 */
        uint64_t a_keys[MINHASH_KEYS], b_keys[MINHASH_KEYS];
        unsigned below = 0;
        bool shared = false;

        ck_assert_uint_eq(minhash_keys(&a, a_keys), MINHASH_KEYS);
        ck_assert_uint_eq(minhash_keys(&b, b_keys), MINHASH_KEYS);
        for (size_t k = 1; k < MINHASH_KEYS; k++)
            ck_assert_uint_lt(a_keys[k - 1], a_keys[k]);
        for (size_t k = 0; k < MINHASH_BINS; k++)
            below += ((uint64_t)a.bins[k] << 7 | k) < a_keys[MINHASH_KEYS - 1];
        ck_assert_uint_eq(below, MINHASH_KEYS - 1);
        for (size_t k = 0; k < MINHASH_LOOK_KEYS; k++)
            for (size_t m = 0; m < MINHASH_KEYS; m++)
                shared |= a_keys[k] == b_keys[m];
        without += !shared;
    }
    ck_assert_uint_lt(without, 40); /* 0.6^6 of 500 are 23 */
}
END_TEST

START_TEST(few_members_give_few_keys)
{
    struct minhash sketch = sketch_of(0, 3);
    uint64_t keys[MINHASH_KEYS];
    size_t count = minhash_keys(&sketch, keys);

    ck_assert_uint_ge(count, 1);
    ck_assert_uint_le(count, 3);
    for (size_t i = 0; i < count; i++)
        ck_assert_uint_eq(sketch.bins[keys[i] & 127], keys[i] >> 7);
}
END_TEST

START_TEST(packed_and_unpacked_it_is_the_same)
{
    struct minhash sketch = sketch_of(7, 60);
    struct minhash back;
    uint8_t data[MINHASH_SIZE];

    minhash_pack(&sketch, data);
    ck_assert(minhash_unpack(data, sizeof data, &back));
    ck_assert_mem_eq(&sketch, &back, sizeof back);
}
END_TEST

START_TEST(what_is_no_sketch_is_refused)
{
    struct minhash sketch = sketch_of(7, 60);
    struct minhash back = sketch;
    uint8_t data[MINHASH_SIZE + 1] = {0};

    minhash_pack(&sketch, data);
    ck_assert(!minhash_unpack(data, MINHASH_SIZE - 1, &back));
    ck_assert(!minhash_unpack(data, MINHASH_SIZE + 1, &back));
    ck_assert(!minhash_unpack(data, 0, &back));
    data[0]++;
    ck_assert(!minhash_unpack(data, MINHASH_SIZE, &back)); /* another version */
    data[0]--;
    memset(data + 1, 0, 4);
    ck_assert(!minhash_unpack(data, MINHASH_SIZE, &back)); /* more bins than members */
    data[1] = 200;
    ck_assert(minhash_unpack(data, MINHASH_SIZE, &back));
    memset(data + 5, 0xff, MINHASH_SIZE - 5);
    ck_assert(!minhash_unpack(data, MINHASH_SIZE, &back)); /* every bin empty */
    ck_assert_uint_eq(back.members, 200);
}
END_TEST

START_TEST(the_greatest_value_is_not_taken_for_empty)
{
    struct minhash sketch;
    uint64_t keys[MINHASH_KEYS];

    minhash_init(&sketch);
    minhash_add(&sketch, UINT64_MAX);
    ck_assert_uint_eq(minhash_keys(&sketch, keys), 1);
    sketch.members = UINT32_MAX;
    minhash_add(&sketch, 1);
    ck_assert_uint_eq(sketch.members, UINT32_MAX);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        estimates_are_unbiased_at_every_size,
        the_smaller_one_is_seen_to_be_contained,
        nothing_is_like_nothing,
        keys_are_the_least_ascending_and_shared_as_promised,
        few_members_give_few_keys,
        packed_and_unpacked_it_is_the_same,
        what_is_no_sketch_is_refused,
        the_greatest_value_is_not_taken_for_empty,
    };
    return SUITE_RUN("base/minhash", tests);
}
