/* What is done beside filing, documents that give way, bytes that are there already; and a catalog
 * of the first version brought up. */
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

static struct catalog *open_it(void)
{
    struct catalog *catalog;

    ck_assert_msg(catalog_open(path, &catalog, &err) == 0, "%s", err.text);
    return catalog;
}

static const struct catalog_also also[] = {
    {.kind = 1, .root = "archive:main", .target = "c/\xff.txt"},
    {.kind = 6,
     .root = "streams",
     .target = "a.jsonl",
     .amount = 4096,
     .text = "\"t\"",
     .text_len = 3},
};

static struct catalog_decision decision_of(struct id id, unsigned char byte, uint32_t policy)
{
    struct catalog_decision decision = {.id = id,
                                        .root = "archive:main",
                                        .target = "x/a.txt",
                                        .rule = "r",
                                        .policy = policy,
                                        .record = "{}",
                                        .record_len = 2,
                                        .also = also,
                                        .also_count = 2};

    memset(decision.digest.bytes, byte, DIGEST_SIZE);
    return decision;
}

/* Claimed and decided; filed when `placed` is not NULL. */
static struct id add(struct catalog *catalog, unsigned char byte, uint32_t policy,
                     const char *placed)
{
    struct id id;
    ck_assert_int_eq(id_new(&id), 0);
    const struct catalog_claim claim = {.id = id, .inbox = "main", .path = "a.txt"};
    const struct catalog_decision decision = decision_of(id, byte, policy);

    ck_assert_int_eq(catalog_begin(catalog, &err), 0);
    ck_assert_int_eq(catalog_add_claim(catalog, &claim, 1, &err), 0);
    ck_assert_msg(catalog_set_decided(catalog, &decision, &err) == 0, "%s", err.text);
    if (placed != NULL)
        ck_assert_int_eq(catalog_set_filed(catalog, &id, CATALOG_EFFECT_PLACED, placed, 1, &err),
                         0);
    ck_assert_int_eq(catalog_commit(catalog, &err), 0);
    return id;
}

static int count;

static int look(void *context, const struct catalog_open_row *row)
{
    const struct catalog_decision *decision = &row->decision;

    (void)context;
    count++;
    ck_assert_uint_eq(decision->also_count, 2);
    ck_assert_uint_eq(decision->also[0].kind, 1);
    ck_assert_str_eq(decision->also[0].root, "archive:main");
    ck_assert_str_eq(decision->also[0].target, "c/\xff.txt");
    ck_assert_ptr_null(decision->also[0].text);
    ck_assert_uint_eq(decision->also[1].amount, 4096);
    ck_assert_uint_eq(decision->also[1].text_len, 3);
    ck_assert_str_eq(decision->also[1].text, "\"t\"");
    return 0;
}

static char *ask(const char *query)
{
    sqlite3 *db;
    sqlite3_stmt *statement;
    char *answer = NULL;

    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_prepare_v2(db, query, -1, &statement, NULL), SQLITE_OK);
    if (sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_text(statement, 0) != NULL)
        answer = strdup((const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return answer;
}

static void answers(const char *query, const char *wanted)
{
    char *answer = ask(query);

    ck_assert_msg(answer != NULL, "%s", query);
    ck_assert_str_eq(answer, wanted);
    free(answer);
}

static int shown;

static int show(void *context, const struct catalog_also *one, const char *placed)
{
    (void)context;
    ck_assert_str_eq(one->root, also[shown].root);
    ck_assert_str_eq(one->target, also[shown].target);
    ck_assert_uint_eq(one->kind, also[shown].kind);
    if (shown == 0)
        ck_assert_str_eq(placed, "c/b.txt");
    else
        ck_assert_ptr_null(placed);
    shown++;
    return 0;
}

static int stop(void *context, const struct catalog_also *one, const char *placed)
{
    (void)context;
    (void)one;
    (void)placed;
    return 7;
}

START_TEST(test_what_is_done_beside_comes_back_after_an_end)
{
    struct catalog *catalog = open_it();
    struct id id = add(catalog, 1, 0, NULL);
    struct catalog_decision again = decision_of(id, 1, 0);

    count = 0;
    ck_assert_int_eq(catalog_each_open(catalog, look, NULL, &err), 0);
    ck_assert_int_eq(count, 1);
    ck_assert_int_eq(catalog_begin(catalog, &err), 0); /* decided anew: not twice */
    ck_assert_int_eq(catalog_set_decided(catalog, &again, &err), 0);
    ck_assert_int_eq(catalog_commit(catalog, &err), 0);
    catalog_close(catalog);
    catalog = open_it();
    ck_assert_int_eq(catalog_each_open(catalog, look, NULL, &err), 0);
    ck_assert_int_eq(count, 2);
    ck_assert_int_eq(catalog_begin(catalog, &err), 0);
    ck_assert_int_eq(catalog_set_filed(catalog, &id, CATALOG_EFFECT_PLACED, "x", 1, &err), 0);
    ck_assert_int_eq(catalog_set_also(catalog, &id, 0, "c/b.txt", &err), 0);
    ck_assert_int_eq(catalog_set_also(catalog, &id, 1, NULL, &err), 0);
    ck_assert_int_eq(catalog_commit(catalog, &err), 0);
    shown = 0;
    ck_assert_int_eq(catalog_each_also(catalog, 1, show, NULL, &err), 0);
    ck_assert_int_eq(shown, 2);
    ck_assert_int_eq(catalog_each_also(catalog, 2, show, NULL, &err), 0);
    ck_assert_int_eq(shown, 2);
    ck_assert_int_eq(catalog_each_also(catalog, 1, stop, NULL, &err), 7);
    catalog_close(catalog);
    answers("SELECT placed FROM also WHERE place = 0", "c/b.txt");
    answers("SELECT count(*) FROM also WHERE placed IS NULL", "1");
    answers("SELECT count(*) FROM also WHERE text IS NOT NULL", "0");
}
END_TEST

START_TEST(test_a_document_that_gave_way_is_found_where_it_is)
{
    struct catalog *catalog = open_it();
    struct id id = add(catalog, 1, 3, "d/a.txt");
    struct catalog_document document;

    ck_assert_int_eq(catalog_begin(catalog, &err), 0);
    ck_assert_int_eq(catalog_set_moved(catalog, &id, "archive:main", "d/other", "d/x", &err), 0);
    ck_assert_int_eq(catalog_set_moved(catalog, &id, "archive:press", "d/a.txt", "d/x", &err), 0);
    ck_assert_int_eq(catalog_commit(catalog, &err), 0);
    ck_assert_int_eq(catalog_look(catalog, &id, &document, &err), 0);
    ck_assert_str_eq(document.placed, "d/a.txt");
    catalog_document_release(&document);
    ck_assert_int_eq(catalog_begin(catalog, &err), 0);
    ck_assert_int_eq(catalog_set_moved(catalog, &id, "archive:main", "d/a.txt", "d/x", &err), 0);
    ck_assert_int_eq(catalog_commit(catalog, &err), 0);
    ck_assert_int_eq(catalog_look(catalog, &id, &document, &err), 0);
    ck_assert_str_eq(document.placed, "d/x");
    catalog_document_release(&document);
    catalog_close(catalog);
}
END_TEST

START_TEST(test_bytes_that_are_there_are_known_by_their_policy)
{
    struct catalog *catalog = open_it();
    char *placed[CATALOG_SAME_MAX];
    struct digest digest;

    memset(digest.bytes, 7, DIGEST_SIZE);
    add(catalog, 7, 0, "kept-both.txt");
    add(catalog, 8, 2, "other-bytes.txt");
    add(catalog, 7, 2, NULL);
    ck_assert_int_eq(catalog_look_same(catalog, &digest, "archive:main", placed, &err), 0);
    for (int i = 0; i < 6; i++)
        add(catalog, 7, 2, i == 5 ? "last.txt" : "first.txt");
    ck_assert_int_eq(catalog_look_same(catalog, &digest, "archive:press", placed, &err), 0);
    int found = catalog_look_same(catalog, &digest, "archive:main", placed, &err);
    ck_assert_int_eq(found, CATALOG_SAME_MAX);
    ck_assert_str_eq(placed[0], "last.txt");
    ck_assert_str_eq(placed[1], "first.txt");
    for (int i = 0; i < found; i++)
        free(placed[i]);
    catalog_close(catalog);
}
END_TEST

/* As the first version made it; never to be changed. */
static const char first_version[] =
    "CREATE TABLE documents ("
    " number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, state INTEGER NOT NULL,"
    " attempts INTEGER NOT NULL, inbox TEXT NOT NULL, path BLOB NOT NULL,"
    " device INTEGER NOT NULL, inode INTEGER NOT NULL,"
    " size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, claimed_ms INTEGER NOT NULL,"
    " sha256 BLOB, text_sha256 BLOB,"
    " root TEXT, target BLOB, rule TEXT, policy INTEGER, sidecar INTEGER, decided_ms INTEGER,"
    " effect INTEGER, placed BLOB, filed_ms INTEGER);"
    "CREATE INDEX documents_open ON documents (number) WHERE state IN (1, 2);"
    "CREATE TABLE records (number INTEGER PRIMARY KEY, record TEXT NOT NULL);"
    "CREATE TABLE labels ("
    " number INTEGER NOT NULL, scheme TEXT NOT NULL, label TEXT NOT NULL, score REAL NOT NULL,"
    " PRIMARY KEY (number, scheme, label)) WITHOUT ROWID;"
    "INSERT INTO documents VALUES (1, '01932f5c-7b1a-7000-8000-0123456789ab', 2, 1, 'main',"
    " 'a.txt', 1, 2, 3, 4, 5, zeroblob(32), zeroblob(32), 'archive:main', 'x/a.txt', 'r', 0, 1, 6,"
    " NULL, NULL, NULL);"
    "INSERT INTO records VALUES (1, '{}');"
    "PRAGMA user_version = 1;";

static int look_at_old(void *context, const struct catalog_open_row *row)
{
    (void)context;
    count++;
    ck_assert_int_eq(row->state, CATALOG_DECIDED);
    ck_assert_str_eq(row->decision.target, "x/a.txt");
    ck_assert_uint_eq(row->decision.also_count, 0);
    return 0;
}

START_TEST(test_the_first_version_is_brought_up)
{
    const struct id id = {"01932f5c-7b1a-7000-8000-0123456789ab"};
    sqlite3 *db;

    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(db, first_version, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    struct catalog *catalog = open_it();
    count = 0;
    ck_assert_int_eq(catalog_each_open(catalog, look_at_old, NULL, &err), 0);
    ck_assert_int_eq(count, 1);
    ck_assert_int_eq(catalog_begin(catalog, &err), 0);
    ck_assert_int_eq(catalog_set_filed(catalog, &id, CATALOG_EFFECT_PLACED, "x", 1, &err), 0);
    ck_assert_int_eq(catalog_set_also(catalog, &id, 0, "none", &err), 0);
    ck_assert_int_eq(catalog_commit(catalog, &err), 0);
    catalog_close(catalog);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("catalog, beside filing");
    TCase *tests = tcase_create("rows");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(tests, place_make, place_remove);
    tcase_add_test(tests, test_what_is_done_beside_comes_back_after_an_end);
    tcase_add_test(tests, test_a_document_that_gave_way_is_found_where_it_is);
    tcase_add_test(tests, test_bytes_that_are_there_are_known_by_their_policy);
    tcase_add_test(tests, test_the_first_version_is_brought_up);
    suite_add_tcase(suite, tests);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
