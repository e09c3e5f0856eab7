/* A batch is decided in the order of ids, whatever the order of answers: of two that are alike the
 * later says whose copy it is; and what is decided stays so. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../route/fixture.h"
#include "line/line_state.h"

#define DOCUMENTS 4u

static struct fixture fixture;
static struct rules *rules;
static struct catalog *catalog;
static struct documents documents;
static struct document *document[DOCUMENTS]; /* by id */
static struct reply replies[DOCUMENTS];
static struct minhash sketches[DOCUMENTS];
static struct generation generation;
static struct settings_inbox inbox_settings = {.source = "web"};
static struct inbox inbox = {.settings = &inbox_settings, .name = "main"};
static struct line_inbox from = {.inbox = &inbox};
static struct batch batch;
static char path[128];
static struct err err;

/* Sketches of a thousand members from `begin` on. */
static struct minhash sketch_of(uint64_t begin)
{
    struct minhash sketch;

    minhash_init(&sketch);
    for (uint64_t i = begin; i < begin + 1000; i++)
        minhash_add(&sketch, minhash_mix(i + 1));
    return sketch;
}

static void setup(void)
{
    fixture_init(&fixture);
    rules = fixture_rules(&fixture, "rules:\n"
                                    "- {name: copies, when: {copy_of: true}, file: \"c/{name}\"}\n"
                                    "- {name: rest, file: \"r/{name}\"}\n");
    snprintf(path, sizeof path, "%s/catalog.sqlite", fixture.folder);
    ck_assert_msg(catalog_open(path, &catalog, &err) == 0, "%s", err.text);
    generation = (struct generation){.manifest = &fixture.manifest,
                                     .settings = &fixture.settings,
                                     .companion = rules,
                                     .references = 100};
    ck_assert_int_eq(documents_init(&documents, NULL, DOCUMENTS), 0);
    batch_init(&batch);
    for (size_t i = 0; i < DOCUMENTS; i++) {
        char name[16];

        document[i] = document_take(&documents);
        document_set_inbox(document[i], &from);
        snprintf(name, sizeof name, "%zu.txt", i);
        document_set_path(document[i], strdup(name));
        sketches[i] = sketch_of(i * 100000);
        replies[i] = fixture.reply;
        replies[i].minhash = &sketches[i];
        document[i]->reply = &replies[i];
        document[i]->generation = &generation;
        document[i]->undecided = true;
        document[i]->attempts = 1;
    }
}

static void teardown(void)
{
    documents_release(&documents);
    catalog_close(catalog);
    rules_free(rules);
    unlink(path);
    fixture_release(&fixture);
}

static void decide(void)
{
    ck_assert_msg(decide_batch(catalog, &batch) == 0, "%s", batch.err.text);
}

static void assert_copy(size_t which, size_t of)
{
    ck_assert_str_eq(document[which]->plan.rule, "copies");
    ck_assert_int_eq(document[which]->near.kind, NEAR_COPY);
    ck_assert_str_eq(document[which]->near.id.text, document[of]->id.text);
}

/* Claims them all and commits what was decided, as step 2 of a batch does. */
static void commit(void)
{
    struct line line = {.catalog = catalog};
    struct batch claims;

    batch_init(&claims);
    document_list_move(&batch.decided, &claims.claims, UINT32_MAX);
    ck_assert_msg(rows_commit(&line, &claims) == 0, "%s", claims.err.text);
    document_list_move(&claims.claims, &batch.decided, UINT32_MAX);
    ck_assert_msg(rows_commit(&line, &batch) == 0, "%s", batch.err.text);
    document_list_init(&batch.decided);
}

START_TEST(the_later_id_is_the_copy_although_it_was_answered_first)
{
    sketches[3] = sketches[0];
    for (size_t i = DOCUMENTS; i-- > 0;)
        document_list_push(&batch.decided, document[i]);
    decide();
    assert_copy(3, 0);
    for (size_t i = 0; i < 3; i++)
        ck_assert_str_eq(document[i]->plan.rule, "rest");
    for (size_t i = 0; i < DOCUMENTS; i++) {
        ck_assert(!document[i]->undecided);
        ck_assert_ptr_null(document[i]->reply);
    }
    ck_assert_ptr_eq(batch.decided.first, document[3]); /* and placed in the order as before */
}
END_TEST

START_TEST(of_three_the_same_both_later_ones_name_the_first)
{
    sketches[1] = sketches[2] = sketches[0];
    document_list_push(&batch.decided, document[2]);
    document_list_push(&batch.decided, document[0]);
    document_list_push(&batch.decided, document[1]);
    decide();
    assert_copy(1, 0);
    assert_copy(2, 0);
}
END_TEST

START_TEST(one_of_a_batch_before_is_found_in_the_catalog)
{
    sketches[1] = sketches[2] = sketches[3];
    document_list_push(&batch.decided, document[2]); /* the worker of 1 was slow */
    decide();
    ck_assert_str_eq(document[2]->plan.rule, "rest");
    commit();
    document_list_push(&batch.decided, document[3]);
    document_list_push(&batch.decided, document[1]);
    decide();
    assert_copy(1, 2); /* what was said of 2 is said: now 1 is the one that came later */
    assert_copy(3, 2);
}
END_TEST

START_TEST(a_batch_that_is_tried_again_says_the_same)
{
    struct strbuf before = STRBUF_INIT;

    sketches[1] = sketches[0];
    document_list_push(&batch.decided, document[1]);
    document_list_push(&batch.decided, document[0]);
    decide();
    strbuf_append(&before, document[1]->record.data, document[1]->record.len);
    sketches[2] = sketches[0];
    document_list_push(&batch.decided, document[2]); /* nothing was committed; another has come */
    decide();
    ck_assert_str_eq(strbuf_text(&before), strbuf_text(&document[1]->record));
    assert_copy(1, 0);
    assert_copy(2, 0);
    strbuf_release(&before);
}
END_TEST

START_TEST(one_that_failed_is_like_nobody_and_nobody_like_it)
{
    sketches[1] = sketches[0];
    document[0]->reply = NULL;
    strcpy(document[0]->failure, "it hung");
    document_list_push(&batch.decided, document[0]);
    document_list_push(&batch.decided, document[1]);
    decide();
    ck_assert_str_eq(document[0]->plan.root, "quarantine");
    ck_assert_ptr_nonnull(strstr(strbuf_text(&document[0]->record), "it hung"));
    ck_assert_str_eq(document[1]->plan.rule, "rest");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_later_id_is_the_copy_although_it_was_answered_first,
        of_three_the_same_both_later_ones_name_the_first,
        one_of_a_batch_before_is_found_in_the_catalog,
        a_batch_that_is_tried_again_says_the_same,
        one_that_failed_is_like_nobody_and_nobody_like_it,
    };
    Suite *suite = suite_create("line/decide");
    TCase *tcase = tcase_create("decide");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(tcase, setup, teardown);
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++)
        tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
