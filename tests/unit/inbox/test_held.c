/* Tests of inbox/held: the rows stay in their lists, in order, however they collide. */
#include "inbox/held.h"

#include <stdio.h>
#include <string.h>

#include "fixture.h"

#define MANY 20000

static struct held_table *table;

static void setup(void)
{
    table = calloc(1, sizeof *table);
    ck_assert_ptr_nonnull(table);
}

static void teardown(void)
{
    for (int state = 0; state < HELD_STATES; state++)
        held_clear(table, (enum held_state)state);
    free(table);
}

START_TEST(finds_by_path)
{
    struct held *a = held_add(table, "a", HELD_WAITING);
    struct held *b = held_add(table, "b/a", HELD_OUT);

    ck_assert_ptr_eq(held_find(table, "a"), a);
    ck_assert_ptr_eq(held_find(table, "b/a"), b);
    ck_assert_ptr_null(held_find(table, "b"));
    held_remove(table, a);
    ck_assert_ptr_null(held_find(table, "a"));
    ck_assert_uint_eq(held_count(table, HELD_WAITING), 0);
    ck_assert_uint_eq(held_count(table, HELD_OUT), 1);
}
END_TEST

START_TEST(keeps_each_list_in_order)
{
    struct held *a = held_add(table, "a", HELD_WAITING);
    struct held *b = held_add(table, "b", HELD_WAITING);
    struct held *c = held_add(table, "c", HELD_WAITING);

    held_move(table, b, HELD_READY);
    held_move(table, a, HELD_READY);
    ck_assert_ptr_eq(table->lists[HELD_READY].first, b);
    ck_assert_ptr_eq(b->next, a);
    ck_assert_ptr_eq(table->lists[HELD_WAITING].first, c);
    held_remove(table, b);
    ck_assert_ptr_eq(table->lists[HELD_READY].first, a);
    ck_assert_ptr_eq(table->lists[HELD_READY].last, a);
    held_move(table, c, HELD_WAITING); /* to its own end */
    ck_assert_uint_eq(held_count(table, HELD_WAITING), 1);
}
END_TEST

START_TEST(holds_many_more_than_buckets)
{
    char path[32];

    for (int i = 0; i < MANY; i++) {
        snprintf(path, sizeof path, "folder/%d", i);
        ck_assert_ptr_nonnull(held_add(table, path, (enum held_state)(i % HELD_STATES)));
    }
    for (int i = 0; i < MANY; i += 2) {
        snprintf(path, sizeof path, "folder/%d", i);
        held_remove(table, held_find(table, path));
    }
    for (int i = 0; i < MANY; i++) {
        snprintf(path, sizeof path, "folder/%d", i);
        const struct held *held = held_find(table, path);
        ck_assert_int_eq(held != NULL, i % 2);
        if (held != NULL)
            ck_assert_str_eq(held->path, path);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("inbox/held");
    TCase *tcase = tcase_create("all");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, finds_by_path);
    tcase_add_test(tcase, keeps_each_list_in_order);
    tcase_add_test(tcase, holds_many_more_than_buckets);
    suite_add_tcase(suite, tcase);
    return fixture_main(suite);
}
