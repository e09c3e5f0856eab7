/* Tests of what the plugin boilerplate decides by weights: the file of weights, the words of a
 * line, the containers that are rebuilt from depths, and the bound from which on lines are kept.
 */
#include <stdlib.h>
#include <string.h>

#include "boilerplate/containers.h"
#include "boilerplate/main_text.h"
#include "boilerplate/phrases.h"
#include "boilerplate/weights.h"

#include "fake_host.h"
#include "suite.h"

/* One tree a round: lines of at most 10 columns against, the others for. */
struct file {
    struct weights_header header;
    uint32_t firsts[2];
    struct weights_node nodes[6];
    int8_t phrases[PHRASE_SLOTS];
    char card[4];
};

static struct file made;

static void make(void)
{
    memset(&made, 0, sizeof(made));
    memcpy(made.header.magic, WEIGHTS_MAGIC, 8);
    made.header.version = WEIGHTS_VERSION;
    made.header.features_version = FEATURES_VERSION;
    made.header.inputs = FEATURES_COUNT;
    made.header.trees[0] = made.header.trees[1] = 1;
    made.header.nodes = 6;
    made.header.card_size = 4;
    made.header.low = 0.1f;
    made.header.high = 0.5f;
    made.header.size = (uint32_t)sizeof(made);
    made.firsts[1] = 3;
    for (size_t i = 0; i < 2; i++) {
        made.nodes[i * 3] = (struct weights_node){FEATURE_COLUMNS, 1, 10, 0.5f};
        made.nodes[i * 3 + 1] = (struct weights_node){0, 0, 0, -2};
        made.nodes[i * 3 + 2] = (struct weights_node){0, 0, 0, 3};
    }
}

static int reads(size_t size)
{
    struct weights weights;
    const char *why;

    return weights_read(&made, size, &weights, &why) == 0;
}

START_TEST(trees_are_walked)
{
    struct weights weights;
    float inputs[FEATURES_COUNT] = {0};
    float parts[FEATURES_COUNT] = {0};
    const char *why;

    make();
    ck_assert_int_eq(weights_read(&made, sizeof(made), &weights, &why), 0);
    inputs[FEATURE_COLUMNS] = 10;
    ck_assert_double_eq(weights_sum(&weights, 0, inputs), -2);
    inputs[FEATURE_COLUMNS] = 11;
    ck_assert_double_eq(weights_sum(&weights, 1, inputs), 3);
    weights_explain(&weights, 0, inputs, parts);
    ck_assert_float_eq(parts[FEATURE_COLUMNS], 2.5f);
    ck_assert_float_eq(parts[FEATURE_LINKED], 0);
}
END_TEST

START_TEST(damaged_files_are_refused)
{
    make();
    ck_assert(reads(sizeof(made)));
    ck_assert(!reads(sizeof(made) - 1));
    ck_assert(!reads(8));
    made.header.features_version++;
    ck_assert(!reads(sizeof(made)));
    make();
    made.nodes[0].left = 0xFFFF; /* beyond the tree */
    ck_assert(!reads(sizeof(made)));
    make();
    made.nodes[1] = (struct weights_node){0, 1, 0, 0}; /* its own child */
    ck_assert(!reads(sizeof(made)));
    make();
    made.nodes[3].feature = FEATURES_COUNT;
    ck_assert(!reads(sizeof(made)));
    make();
    made.firsts[1] = 9;
    ck_assert(!reads(sizeof(made)));
    make();
    made.header.nodes = UINT32_MAX;
    ck_assert(!reads(sizeof(made)));
    make();
    made.nodes[2].value = (float)(1e30 * 1e30);
    ck_assert(!reads(sizeof(made)));
}
END_TEST

START_TEST(words_have_slots)
{
    uint16_t one[PHRASES_MAX];
    uint16_t two[PHRASES_MAX];
    char lines[4096];

    ck_assert_uint_eq(phrases_slots("", 0, one), 0);
    ck_assert_uint_eq(phrases_slots("12:30, 5", 8, one), 0);
    /* Two words and the pair of them; the mark between parts them. */
    ck_assert_uint_eq(phrases_slots("read more", 9, one), 3);
    ck_assert_uint_eq(phrases_slots("more. read", 10, two), 2);
    ck_assert_uint_eq(one[0], two[1]);
    /* Three characters are two pairs. */
    ck_assert_uint_eq(phrases_slots("新闻网", strlen("新闻网"), one), 2);
    ck_assert_uint_eq(phrases_slots("闻网", strlen("闻网"), two), 1);
    ck_assert_uint_eq(one[1], two[0]);
    memset(lines, 'a', sizeof(lines));
    for (size_t i = 1; i < sizeof(lines); i += 2) {
        lines[i] = ' ';
    }
    ck_assert_uint_eq(phrases_slots(lines, sizeof(lines), one), PHRASES_MAX);
}
END_TEST

START_TEST(words_are_weighed)
{
    static int8_t table[PHRASE_SLOTS];
    uint16_t slots[3] = {5, 6, 7};
    float out[PHRASE_FEATURES];

    table[5] = -32;
    table[6] = 16;
    phrases_count(table, slots, 3, out);
    ck_assert_float_eq_tol(out[0], -1.0f / 3, 1e-6f);
    ck_assert_float_eq(out[1], -2);
    ck_assert_float_eq(out[2], -1);
    ck_assert_float_eq_tol(out[3], 2.0f / 3, 1e-6f);
    phrases_count(table, slots, 0, out);
    ck_assert_float_eq(out[0], 0);
}
END_TEST

/* div(1): div(2): p(3) p(3); then li(3) beside it in a div(2) of its own; then a p(2). */
static void make_page(struct page *page, struct line *lines)
{
    static const uint32_t depths[][2] = {{3, 0}, {3, 2}, {3, 1}, {2, 1}};

    memset(lines, 0, 4 * sizeof(*lines));
    for (size_t i = 0; i < 4; i++) {
        lines[i].depth = depths[i][0];
        lines[i].joint_depth = depths[i][1];
        lines[i].role = NO_ROLE;
        lines[i].shape.columns = 10;
    }
    *page = (struct page){.task = &fake_new()->task, .lines = lines, .count = 4};
}

START_TEST(containers_come_from_depths)
{
    struct line lines[4];
    struct page page;
    struct containers containers;
    const struct container *pair;

    make_page(&page, lines);
    ck_assert_int_eq(containers_init(&page, &containers), 0);
    pair = &containers.items[containers_around(&containers, 0, 2)];
    ck_assert_uint_eq(pair->begin, 0);
    ck_assert_uint_eq(pair->end, 2);
    ck_assert_uint_eq(pair->depth, 2);
    pair = &containers.items[containers_around(&containers, 2, 2)];
    ck_assert_uint_eq(pair->begin, 0);
    ck_assert_uint_eq(pair->end, 4);
    ck_assert_uint_eq(pair->depth, 1);
    ck_assert_double_eq(containers_mass(&containers, 1, 3).columns, 20);
}
END_TEST

/* Depths that no page has must not lead beyond the tables either. */
START_TEST(containers_take_any_depths)
{
    static struct line lines[200];
    struct page page = {.task = &fake_new()->task, .lines = lines, .count = 200};
    struct containers containers;
    uint32_t state = 1;

    for (size_t i = 0; i < 200; i++) {
        state = state * 1664525u + 1013904223u;
        lines[i].depth = state >> 24;
        lines[i].joint_depth = (state >> 8 & 0xFF) % (lines[i].depth + 1);
        lines[i].role = NO_ROLE;
    }
    ck_assert_int_eq(containers_init(&page, &containers), 0);
    ck_assert_uint_le(containers.count, 401);
    for (size_t i = 0; i < 200; i++) {
        const struct container *around = &containers.items[containers.innermost[i]];

        ck_assert_uint_le(around->begin, i);
        ck_assert_uint_gt(around->end, i);
        ck_assert_uint_le(around->end, 200);
    }
}
END_TEST

START_TEST(the_bound_is_half_of_the_expected_f1)
{
    struct surroundings around[3] = {{.weight = 10}, {.weight = 10}, {.weight = 10}};
    const float sure[3] = {1, 1, 0};
    const float unsure[3] = {0.2f, 0.1f, 0.05f};
    double bound = main_text_bound(around, 3, sure, 0.1, 0.5);

    ck_assert_double_eq_tol(bound, 0.5, 1e-9);
    bound = main_text_bound(around, 3, unsure, 0.1, 0.5);
    ck_assert_double_le(bound, 0.2); /* something is kept */
    ck_assert_double_ge(bound, 0.1);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        trees_are_walked,
        damaged_files_are_refused,
        words_have_slots,
        words_are_weighed,
        containers_come_from_depths,
        containers_take_any_depths,
        the_bound_is_half_of_the_expected_f1,
    };

    return SUITE_RUN("kit/main_text", tests);
}
