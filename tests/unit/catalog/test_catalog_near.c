/* Finding documents whose sketches are alike, with the bounds that keep it flat. */
#include <check.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "catalog/catalog.h"
#include "place.h"

static struct err err;
static struct catalog *catalog;

static void setup(void)
{
    place_make();
    ck_assert_msg(catalog_open(path, &catalog, &err) == 0, "%s", err.text);
}

static void teardown(void)
{
    catalog_close(catalog);
    place_remove();
}

static struct minhash sketch_of(uint64_t from, uint64_t count)
{
    struct minhash sketch;

    minhash_init(&sketch);
    for (uint64_t i = from; i < from + count; i++)
        minhash_add(&sketch, minhash_mix(i + 1));
    return sketch;
}

static void decide(struct id id, const struct minhash *sketch, bool is_known)
{
    struct catalog_decision decision = {.id = id,
                                        .root = "archive:main",
                                        .target = "a.txt",
                                        .rule = "r",
                                        .record = "{}",
                                        .record_len = 2,
                                        .sketch = sketch,
                                        .sketch_is_known = is_known};

    memset(decision.digest.bytes, 9, DIGEST_SIZE);
    ck_assert_int_eq(catalog_begin(catalog, &err), 0);
    ck_assert_msg(catalog_set_decided(catalog, &decision, &err) == 0, "%s", err.text);
    ck_assert_int_eq(catalog_commit(catalog, &err), 0);
}

static struct id add(const struct minhash *sketch, bool is_known)
{
    struct id id;
    ck_assert_int_eq(id_new(&id), 0);
    const struct catalog_claim claim = {.id = id, .inbox = "main", .path = "a.txt"};

    ck_assert_int_eq(catalog_begin(catalog, &err), 0);
    ck_assert_int_eq(catalog_add_claim(catalog, &claim, 1, &err), 0);
    ck_assert_int_eq(catalog_commit(catalog, &err), 0);
    decide(id, sketch, is_known);
    return id;
}

static struct catalog_near found[CATALOG_NEAR_MAX];

static int look(const struct minhash *sketch)
{
    struct id id = {"019f0000-0000-7000-8000-000000000001"};
    int count = catalog_look_near(catalog, sketch, &id, found, &err);

    ck_assert_msg(count >= 0, "%s", err.text);
    return count;
}

/* The rows of both tables. */
static int rows(void)
{
    sqlite3 *db;
    sqlite3_stmt *statement;
    int count;

    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_prepare_v2(
                         db, "SELECT (SELECT count(*) FROM near) + (SELECT count(*) FROM sketches)",
                         -1, &statement, NULL),
                     SQLITE_OK);
    ck_assert_int_eq(sqlite3_step(statement), SQLITE_ROW);
    count = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return count;
}

START_TEST(who_is_alike_is_found_and_nobody_else)
{
    struct minhash text = sketch_of(0, 1000);
    struct minhash like = sketch_of(200, 1000);
    struct minhash other = sketch_of(90000, 1000);
    struct id first = add(&text, false);
    struct id second = add(&like, false);

    add(&other, false);
    add(NULL, false);
    ck_assert_int_eq(look(&text), 2);
    ck_assert_str_eq(found[0].id.text, first.text);
    ck_assert_str_eq(found[1].id.text, second.text);
    ck_assert_uint_eq(found[0].digest.bytes[31], 9);
    ck_assert_mem_eq(&found[1].sketch, &like, sizeof like);
    ck_assert_int_eq(catalog_look_near(catalog, &text, &first, found, &err), 1);
    ck_assert_str_eq(found[0].id.text, second.text);
    other = sketch_of(500000, 1000);
    ck_assert_int_eq(look(&other), 0);
}
END_TEST

START_TEST(a_sketch_that_is_known_takes_no_rows)
{
    struct minhash text = sketch_of(0, 1000);
    struct id first = add(&text, false);
    int before = rows();

    ck_assert_int_eq(before, 1); /* its keys wait in memory */
    for (int i = 0; i < 50; i++)
        add(&text, true);
    ck_assert_int_eq(rows(), before);
    ck_assert_int_eq(look(&text), 1);
    ck_assert_str_eq(found[0].id.text, first.text);
}
END_TEST

START_TEST(another_decision_replaces_it)
{
    struct minhash text = sketch_of(0, 1000);
    struct minhash other = sketch_of(90000, 1000);
    struct id id = add(&text, false);

    decide(id, &other, false);
    ck_assert_int_eq(look(&text), 0);
    ck_assert_int_eq(look(&other), 1);
    decide(id, NULL, false);
    ck_assert_int_eq(look(&other), 0);
    ck_assert_int_eq(rows(), 0);
}
END_TEST

START_TEST(who_vanished_is_not_named)
{
    struct minhash text = sketch_of(0, 1000);
    struct id id = add(&text, false);

    ck_assert_int_eq(catalog_begin(catalog, &err), 0);
    ck_assert_int_eq(catalog_set_gone(catalog, &id, &err), 0);
    ck_assert_int_eq(catalog_commit(catalog, &err), 0);
    ck_assert_int_eq(look(&text), 0);
}
END_TEST

/* Of many that share a few phrases the one that shares most is among those compared. */
START_TEST(the_one_that_shares_most_is_found_among_many)
{
    struct minhash text = sketch_of(0, 1000);
    struct minhash like = sketch_of(200, 1000);
    struct id id = add(&like, false);
    bool seen = false;

    for (uint64_t i = 0; i < 300; i++) {
        struct minhash phrases = sketch_of(0, 100); /* those of every document */
        for (uint64_t k = 0; k < 900; k++)
            minhash_add(&phrases, minhash_mix(1000000 + i * 1000 + k));
        add(&phrases, false);
    }
    int count = look(&text);
    ck_assert_int_le(count, CATALOG_NEAR_MAX);
    for (int i = 0; i < count; i++)
        seen |= strcmp(found[i].id.text, id.text) == 0;
    ck_assert(seen);
}
END_TEST

static void reopen(void)
{
    catalog_close(catalog);
    ck_assert_msg(catalog_open(path, &catalog, &err) == 0, "%s", err.text);
}

static uint64_t next_random(void)
{
    static uint64_t seed = 88172645463325252u;

    seed ^= seed << 13; /* xorshift64: Marsaglia 2003 */
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

/* So many documents that are like nobody, filed in one transaction. */
static void add_strangers(int count)
{
    ck_assert_int_eq(catalog_begin(catalog, &err), 0);
    for (int i = 0; i < count; i++) {
        struct minhash sketch;
        struct catalog_filed filed = {.claim = {.inbox = "main", .path = "a"},
                                      .attempts = 1,
                                      .decision = {.root = "archive:main",
                                                   .target = "a",
                                                   .rule = "r",
                                                   .sidecar = true,
                                                   .record = "{}",
                                                   .record_len = 2,
                                                   .sketch = &sketch},
                                      .effect = CATALOG_EFFECT_PLACED,
                                      .placed = "a"};

        sketch.members = 1000;
        for (size_t k = 0; k < MINHASH_BINS; k++)
            sketch.bins[k] = (uint32_t)(next_random() >> 35);
        ck_assert_int_eq(id_new(&filed.claim.id), 0);
        filed.decision.id = filed.claim.id;
        ck_assert_msg(catalog_add_filed(catalog, &filed, &err) == 0, "%s", err.text);
    }
    ck_assert_int_eq(catalog_commit(catalog, &err), 0);
}

/* Whatever of its keys is in memory, or on disk, or in both after a start. */
START_TEST(it_is_found_however_many_come_after_it_and_after_every_start)
{
    static const int steps[] = {1, 62, 1, 1000, 30000, 40000};
    struct minhash text = sketch_of(0, 1000);
    struct minhash like = sketch_of(200, 1000);
    struct id id = add(&text, false);
    int all = 1;

    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        add_strangers(steps[i]);
        all += steps[i];
        for (int k = 0; k < 2; k++) {
            ck_assert_int_eq(look(&like), 1);
            ck_assert_str_eq(found[0].id.text, id.text);
            reopen();
        }
    }
    /* Every key of all that are not among the newest 16,384 is on disk. */
    ck_assert_int_ge(rows() - all, (int)MINHASH_KEYS * (all - 16384 - 16));
    decide(id, NULL, false);
    ck_assert_int_eq(look(&like), 0);
}
END_TEST

START_TEST(what_was_not_committed_is_not_found)
{
    struct minhash text = sketch_of(0, 1000);
    struct minhash other = sketch_of(50000, 1000);
    struct id id;
    const struct catalog_decision decision = {.root = "archive:main",
                                              .target = "a",
                                              .rule = "r",
                                              .record = "{}",
                                              .record_len = 2,
                                              .sketch = &text};
    struct catalog_decision own = decision;

    add(&other, false);
    ck_assert_int_eq(id_new(&id), 0);
    const struct catalog_claim claim = {.id = id, .inbox = "main", .path = "a"};
    own.id = id;
    ck_assert_int_eq(catalog_begin(catalog, &err), 0);
    ck_assert_int_eq(catalog_add_claim(catalog, &claim, 1, &err), 0);
    ck_assert_int_eq(catalog_set_decided(catalog, &own, &err), 0);
    catalog_rollback(catalog);
    ck_assert_int_eq(look(&text), 0);
    ck_assert_int_eq(look(&other), 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("catalog_near");
    TCase *tests = tcase_create("near");
    SRunner *runner;
    int failed;

    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, who_is_alike_is_found_and_nobody_else);
    tcase_add_test(tests, a_sketch_that_is_known_takes_no_rows);
    tcase_add_test(tests, another_decision_replaces_it);
    tcase_add_test(tests, who_vanished_is_not_named);
    tcase_add_test(tests, the_one_that_shares_most_is_found_among_many);
    tcase_add_test(tests, it_is_found_however_many_come_after_it_and_after_every_start);
    tcase_add_test(tests, what_was_not_committed_is_not_found);
    suite_add_tcase(suite, tests);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
