/* What a row may become next, what survives a rollback and a reopening, what is refused. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "catalog/catalog.h"
#include "place.h"

static struct err err;

static struct catalog *open_it(void)
{
    struct catalog *catalog;

    ck_assert_msg(catalog_open(path, &catalog, &err) == 0, "%s", err.text);
    return catalog;
}

static struct catalog_claim claim_of(struct id id)
{
    struct catalog_claim claim = {.id = id,
                                  .inbox = "main",
                                  .path = "a/\xff\n.txt",
                                  .device = 5,
                                  .inode = UINT64_MAX,
                                  .size = 7,
                                  .mtime_ns = -1,
                                  .claimed_ms = 1000};
    return claim;
}

static struct catalog_decision decision_of(struct id id, const struct catalog_label *labels,
                                           size_t count)
{
    struct catalog_decision decision = {.id = id,
                                        .root = "archive:main",
                                        .target = "x/\xff.txt",
                                        .rule = "default",
                                        .policy = 1,
                                        .sidecar = true,
                                        .record = "{\"record\":1}",
                                        .record_len = 12,
                                        .labels = labels,
                                        .label_count = count,
                                        .decided_ms = 2000};
    memset(decision.digest.bytes, 0xab, DIGEST_SIZE);
    return decision;
}

static void claim_one(struct catalog *catalog, struct id *out_id)
{
    struct catalog_claim claim;

    ck_assert_int_eq(id_new(out_id), 0);
    claim = claim_of(*out_id);
    ck_assert_int_eq(catalog_begin(catalog, &err), 0);
    ck_assert_msg(catalog_add_claim(catalog, &claim, 1, &err) == 0, "%s", err.text);
    ck_assert_int_eq(catalog_commit(catalog, &err), 0);
}

struct seen {
    int count;
    struct catalog_open_row last;
    char path[64], target[64], record[64];
};

static int look(void *context, const struct catalog_open_row *row)
{
    struct seen *seen = context;

    seen->count++;
    seen->last = *row;
    snprintf(seen->path, sizeof(seen->path), "%s", row->claim.path);
    snprintf(seen->target, sizeof(seen->target), "%s", row->decision.target);
    snprintf(seen->record, sizeof(seen->record), "%s", row->decision.record);
    return 0;
}

START_TEST(test_a_row_from_claim_to_filed)
{
    static const struct catalog_label labels[] = {{"genre", "news/report", 0.9, true},
                                                  {"topic", "ecology", 0.2, false}};
    struct catalog *catalog = open_it();
    struct catalog_counts counts;
    struct catalog_decision decision;
    struct seen seen = {0};
    struct id id;

    claim_one(catalog, &id);
    decision = decision_of(id, labels, 2);
    ck_assert_int_eq(catalog_each_open(catalog, look, &seen, &err), 0);
    ck_assert_int_eq(seen.count, 1);
    ck_assert_int_eq(seen.last.state, CATALOG_CLAIMED);
    ck_assert_str_eq(seen.path, "a/\xff\n.txt");
    ck_assert(seen.last.claim.inode == UINT64_MAX && seen.last.claim.mtime_ns == -1);

    ck_assert_int_eq(catalog_begin(catalog, &err), 0);
    ck_assert_msg(catalog_set_decided(catalog, &decision, &err) == 0, "%s", err.text);
    ck_assert_int_eq(catalog_commit(catalog, &err), 0);
    ck_assert_int_eq(catalog_each_open(catalog, look, &seen, &err), 0);
    ck_assert_int_eq(seen.last.state, CATALOG_DECIDED);
    ck_assert_str_eq(seen.target, "x/\xff.txt");
    ck_assert_str_eq(seen.record, "{\"record\":1}");
    ck_assert_int_eq(seen.last.decision.policy, 1);
    ck_assert_mem_eq(seen.last.decision.digest.bytes, decision.digest.bytes, DIGEST_SIZE);

    ck_assert_int_eq(catalog_begin(catalog, &err), 0);
    ck_assert_int_eq(catalog_set_filed(catalog, &id, CATALOG_EFFECT_PLACED, "x/a.txt", 3000, &err),
                     0);
    ck_assert_int_eq(catalog_commit(catalog, &err), 0);
    ck_assert_int_eq(catalog_count(catalog, &counts, &err), 0);
    ck_assert_uint_eq(counts.filed, 1);
    ck_assert_uint_eq(counts.claimed + counts.decided + counts.gone + counts.same, 0);
    catalog_close(catalog);
}
END_TEST

START_TEST(test_a_person_sees_a_document_at_each_state)
{
    struct catalog *catalog = open_it();
    struct catalog_document document;
    struct catalog_decision decision;
    struct id id, other;

    claim_one(catalog, &id);
    claim_one(catalog, &other);
    ck_assert_int_eq(catalog_look(catalog, &id, &document, &err), 0);
    ck_assert_int_eq(document.state, CATALOG_CLAIMED);
    ck_assert_str_eq(document.id.text, id.text);
    ck_assert_str_eq(document.path, "a/\xff\n.txt");
    ck_assert_str_eq(document.record, "");
    ck_assert_str_eq(document.placed, "");
    catalog_document_release(&document);

    decision = decision_of(id, NULL, 0);
    ck_assert_int_eq(catalog_begin(catalog, &err), 0);
    ck_assert_int_eq(catalog_set_decided(catalog, &decision, &err), 0);
    ck_assert_int_eq(catalog_set_filed(catalog, &id, CATALOG_EFFECT_SAME, "x/\xff.txt", 3000, &err),
                     0);
    ck_assert_int_eq(catalog_commit(catalog, &err), 0);
    ck_assert_int_eq(catalog_look_placed(catalog, "archive:main", "x/\xff.txt", &document, &err),
                     0);
    ck_assert_str_eq(document.id.text, id.text);
    ck_assert_int_eq(document.effect, CATALOG_EFFECT_SAME);
    ck_assert_str_eq(document.record, "{\"record\":1}");
    ck_assert_str_eq(document.root, "archive:main");
    ck_assert_int_eq(document.filed_ms, 3000);
    catalog_document_release(&document);

    ck_assert_int_eq(catalog_look_placed(catalog, "archive:other", "x/\xff.txt", &document, &err),
                     -ENOENT);
    ck_assert_int_eq(id_new(&other), 0);
    ck_assert_int_eq(catalog_look(catalog, &other, &document, &err), -ENOENT);
    ck_assert_ptr_nonnull(strstr(err.text, other.text));
    catalog_close(catalog);
}
END_TEST

START_TEST(test_steps_out_of_order_are_refused)
{
    struct catalog *catalog = open_it();
    struct catalog_decision decision;
    struct catalog_claim claim;
    struct id id, other;

    claim_one(catalog, &id);
    ck_assert_int_eq(id_new(&other), 0);
    decision = decision_of(other, NULL, 0);
    claim = claim_of(id);
    ck_assert_int_eq(catalog_begin(catalog, &err), 0);
    ck_assert_int_eq(catalog_set_decided(catalog, &decision, &err), -ENOENT);
    ck_assert_int_eq(catalog_set_filed(catalog, &id, CATALOG_EFFECT_PLACED, "x", 1, &err), -ENOENT);
    ck_assert_int_lt(catalog_add_claim(catalog, &claim, 1, &err), 0); /* twice */
    ck_assert_int_eq(catalog_set_gone(catalog, &id, &err), 0);
    ck_assert_int_eq(catalog_set_gone(catalog, &id, &err), -ENOENT);
    ck_assert_int_eq(catalog_set_attempts(catalog, &id, 2, &err), -ENOENT);
    catalog_rollback(catalog);
    catalog_rollback(catalog); /* harmless */
    catalog_close(catalog);
}
END_TEST

static int count_one(void *context, const struct catalog_document *document)
{
    const struct id *id = context;

    ck_assert_str_eq(document->id.text, id->text);
    return 1;
}

START_TEST(test_what_is_in_quarantine_can_be_released_or_dropped)
{
    static const char record[] = "{\"failure\":{\"by\":\"genre@1.0#0123456789ab\"}}";
    struct catalog *catalog = open_it();
    struct catalog_quarantined row;
    struct catalog_decision decision;
    struct catalog_counts counts;
    struct seen seen = {0};
    struct id id;

    claim_one(catalog, &id);
    decision = decision_of(id, NULL, 0);
    decision.root = "quarantine";
    decision.record = record;
    decision.record_len = strlen(record);
    ck_assert_int_eq(catalog_quarantined(catalog, &id, &row, &err), -ENOENT);
    ck_assert_int_eq(catalog_begin(catalog, &err), 0);
    ck_assert_int_eq(catalog_set_released(catalog, &id, &err), -ENOENT);
    ck_assert_int_eq(catalog_set_dropped(catalog, &id, &err), -ENOENT);
    ck_assert_int_eq(catalog_set_kept(catalog, &id, &err), -ENOENT); /* never was there */
    ck_assert_int_eq(catalog_set_decided(catalog, &decision, &err), 0);
    ck_assert_int_eq(catalog_set_filed(catalog, &id, CATALOG_EFFECT_QUARANTINED, "x/a.txt", 3000,
                                       &err),
                     0);
    ck_assert_int_eq(catalog_quarantined(catalog, &id, &row, &err), 0);
    ck_assert_str_eq(row.path, "a/\xff\n.txt");
    ck_assert_str_eq(row.by, "genre@1.0#0123456789ab");
    catalog_quarantined_release(&row);
    ck_assert_int_eq(catalog_each_quarantined(catalog, count_one, &id, &err), 1);

    ck_assert_int_eq(catalog_set_released(catalog, &id, &err), 0);
    ck_assert_int_eq(catalog_set_released(catalog, &id, &err), -ENOENT);
    ck_assert_int_eq(catalog_each_quarantined(catalog, count_one, &id, &err), 0);
    ck_assert_int_eq(catalog_each_open(catalog, look, &seen, &err), 0);
    ck_assert_int_eq(seen.last.state, CATALOG_CLAIMED);
    ck_assert_uint_eq(seen.last.attempts, 1);
    ck_assert_int_eq(catalog_set_kept(catalog, &id, &err), 0);
    ck_assert_int_eq(catalog_set_dropped(catalog, &id, &err), 0);
    ck_assert_int_eq(catalog_set_dropped(catalog, &id, &err), 0);
    ck_assert_int_eq(catalog_set_released(catalog, &id, &err), -ENOENT);
    ck_assert_int_eq(catalog_commit(catalog, &err), 0);
    ck_assert_int_eq(catalog_count(catalog, &counts, &err), 0);
    ck_assert_uint_eq(counts.dropped, 1);
    ck_assert_uint_eq(counts.quarantined + counts.filed, 0);
    catalog_close(catalog);
}
END_TEST

START_TEST(test_a_rollback_leaves_nothing)
{
    struct catalog *catalog = open_it();
    struct catalog_claim claim;
    uint64_t open_rows = 99;
    struct id id;

    ck_assert_int_eq(id_new(&id), 0);
    claim = claim_of(id);
    ck_assert_int_eq(catalog_begin(catalog, &err), 0);
    ck_assert_int_eq(catalog_add_claim(catalog, &claim, 1, &err), 0);
    catalog_rollback(catalog);
    ck_assert_int_eq(catalog_count_open(catalog, &open_rows, &err), 0);
    ck_assert_uint_eq(open_rows, 0);
    catalog_close(catalog);
}
END_TEST

START_TEST(test_rows_survive_a_reopening_in_their_order)
{
    struct catalog *catalog = open_it();
    struct seen seen = {0};
    struct id first, last;

    claim_one(catalog, &first);
    claim_one(catalog, &last);
    ck_assert_int_eq(catalog_begin(catalog, &err), 0);
    ck_assert_int_eq(catalog_set_attempts(catalog, &last, 4, &err), 0);
    ck_assert_int_eq(catalog_commit(catalog, &err), 0);
    catalog_close(catalog);
    catalog = open_it();
    ck_assert_int_eq(catalog_each_open(catalog, look, &seen, &err), 0);
    ck_assert_int_eq(seen.count, 2);
    ck_assert_str_eq(seen.last.claim.id.text, last.text);
    ck_assert_uint_eq(seen.last.attempts, 4);
    catalog_close(catalog);
}
END_TEST

START_TEST(test_a_newer_catalog_is_refused)
{
    sqlite3 *db;
    struct catalog *catalog = open_it();

    catalog_close(catalog);
    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(db, "PRAGMA user_version = 1000", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    ck_assert_int_eq(catalog_open(path, &catalog, &err), -ENOTSUP);
    ck_assert_ptr_nonnull(strstr(err.text, "newer taxond"));
    ck_assert_int_eq(catalog_open_readonly(path, &catalog, &err), -ENOTSUP);
}
END_TEST

START_TEST(test_what_is_no_catalog_is_refused_and_left_as_it_is)
{
    static const char noise[] = "this is not a database, and must not be made one";
    struct strbuf text = STRBUF_INIT;
    struct catalog *catalog;
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(file_write_all(fd, noise, sizeof(noise)), 0);
    close(fd);
    ck_assert_int_eq(catalog_open(path, &catalog, &err), -EUCLEAN);
    ck_assert_ptr_nonnull(strstr(err.text, "not a usable catalog"));
    ck_assert_ptr_nonnull(strstr(err.text, "taxon catalog rebuild"));
    ck_assert_int_eq(file_slurp_path(path, 1000, &text), 0);
    ck_assert_mem_eq(text.data, noise, sizeof(noise));
    strbuf_release(&text);
}
END_TEST

START_TEST(test_reading_only_does_not_make_one)
{
    struct catalog *catalog;

    ck_assert_int_lt(catalog_open_readonly(path, &catalog, &err), 0);
    ck_assert_int_ne(access(path, F_OK), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("catalog");
    TCase *tests = tcase_create("rows");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(tests, place_make, place_remove);
    tcase_add_test(tests, test_a_row_from_claim_to_filed);
    tcase_add_test(tests, test_a_person_sees_a_document_at_each_state);
    tcase_add_test(tests, test_steps_out_of_order_are_refused);
    tcase_add_test(tests, test_what_is_in_quarantine_can_be_released_or_dropped);
    tcase_add_test(tests, test_a_rollback_leaves_nothing);
    tcase_add_test(tests, test_rows_survive_a_reopening_in_their_order);
    tcase_add_test(tests, test_a_newer_catalog_is_refused);
    tcase_add_test(tests, test_what_is_no_catalog_is_refused_and_left_as_it_is);
    tcase_add_test(tests, test_reading_only_does_not_make_one);
    suite_add_tcase(suite, tests);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
