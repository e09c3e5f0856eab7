/* Each version of the catalog becomes the newest with every row as it was; a step that is broken
 * off leaves the version before, usable; a step that was released is never changed. */
#include <check.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/strbuf.h"
#include "catalog/catalog.h"
#include "catalog/schema.h"
#include "place.h"

#define ROWS 200 /* so many that a step takes more than one page */

static struct err err;

static void run_sql(sqlite3 *db, const char *sql)
{
    char *message = NULL;

    ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, &message) == SQLITE_OK, "%s: %s", sql, message);
}

/* A catalog of version 1, in WAL mode as taxond leaves it, with rows in every state. */
static void make_version_1(void)
{
    sqlite3 *db;
    char sql[1024];

    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    run_sql(db, "PRAGMA journal_mode = WAL");
    ck_assert_int_eq(schema_prepare_to(db, path, 1, &err), 0);
    run_sql(db, "BEGIN");
    for (int i = 1; i <= ROWS; i++) {
        snprintf(sql, sizeof(sql),
                 "INSERT INTO documents VALUES (%d, '019f0000-0000-7000-8000-%012d', %d, 2, 'main',"
                 " x'612fff', 5, -1, %d, -7, 1000, %s)",
                 i, i, 1 + i % 4, i,
                 i % 4 == 0   ? "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL"
                 : i % 4 == 1 ? "zeroblob(32), x'00', 'archive:main', x'74ff', 'rule', 1, 1, 2000,"
                                " NULL, NULL, NULL"
                 : i % 4 == 2 ? "zeroblob(32), x'00', 'archive:main', x'74ff', 'rule', 1, 1, 2000,"
                                " 1, x'702fff', 3000"
                              : "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL");
        run_sql(db, sql);
        snprintf(sql, sizeof(sql),
                 "INSERT INTO records VALUES (%d, '{\"record\":1}');"
                 "INSERT INTO labels VALUES (%d, 'genre', 'news', 0.5)",
                 i, i);
        run_sql(db, sql);
    }
    run_sql(db, "COMMIT");
    sqlite3_close(db);
}

/* All rows of all tables of version 1, in words; the version in *out_version. */
static void dump(struct strbuf *out_text, int *out_version)
{
    static const char *const questions[] = {
        "PRAGMA user_version",
        "SELECT number, id, state, attempts, inbox, hex(path), device, inode, size, mtime_ns,"
        " claimed_ms, hex(sha256), hex(text_sha256), root, hex(target), rule, policy, sidecar,"
        " decided_ms, effect, hex(placed), filed_ms FROM documents ORDER BY number",
        "SELECT * FROM records ORDER BY number", "SELECT * FROM labels ORDER BY number",
        "PRAGMA integrity_check"};
    sqlite3 *db;

    strbuf_clear(out_text);
    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
        sqlite3_stmt *statement;

        ck_assert_int_eq(sqlite3_prepare_v2(db, questions[i], -1, &statement, NULL), SQLITE_OK);
        while (sqlite3_step(statement) == SQLITE_ROW) {
            if (i == 0)
                *out_version = sqlite3_column_int(statement, 0);
            for (int column = 0; i > 0 && column < sqlite3_column_count(statement); column++)
                strbuf_printf(out_text, "%s|",
                              (const char *)sqlite3_column_text(statement, column));
            strbuf_putc(out_text, '\n');
        }
        sqlite3_finalize(statement);
    }
    sqlite3_close(db);
}

static void open_and_close(void)
{
    struct catalog *catalog;

    ck_assert_msg(catalog_open(path, &catalog, &err) == 0, "%s", err.text);
    catalog_close(catalog);
}

START_TEST(rows_in_every_state_are_the_same_in_the_newest)
{
    struct strbuf before = STRBUF_INIT;
    struct strbuf after = STRBUF_INIT;
    struct catalog_document document;
    struct catalog *catalog;
    int version = 0;

    make_version_1();
    dump(&before, &version);
    ck_assert_int_eq(version, 1);
    open_and_close();
    dump(&after, &version);
    ck_assert_int_eq(version, SCHEMA_VERSION);
    ck_assert_str_eq(strbuf_text(&before), strbuf_text(&after));
    ck_assert_ptr_nonnull(strstr(strbuf_text(&after), "\nok|\n"));
    ck_assert_int_eq(catalog_open_readonly(path, &catalog, &err), 0);
    ck_assert_int_eq(catalog_look_placed(catalog, "archive:main", "p/\xff", &document, &err), 0);
    ck_assert_int_eq(document.number, ROWS - ROWS % 4 - 2);
    catalog_document_release(&document);
    catalog_close(catalog);
    strbuf_release(&before);
    strbuf_release(&after);
}
END_TEST

/* The k-th write is the last thing that the process does. SQLite's own hook for its system calls
 * (sqlite3_vfs.xSetSystemCall). */
static long writes_left;

static ssize_t write_or_end(int fd, const void *data, size_t len, off_t offset)
{
    if (writes_left-- == 0)
        _exit(1);
    return pwrite(fd, data, len, offset);
}

/* Whether it came to its end before the k-th write. */
static bool migrate_until(long k)
{
    int status = 0;
    pid_t child = fork();

    ck_assert_int_ge(child, 0);
    if (child == 0) {
        sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
        struct catalog *catalog;

        writes_left = k;
        for (int i = 0; i < 2; i++) {
            const char *name = i == 0 ? "pwrite" : "pwrite64";

            if (vfs->xGetSystemCall(vfs, name) != NULL)
                vfs->xSetSystemCall(vfs, name, (sqlite3_syscall_ptr)write_or_end);
        }
        if (catalog_open(path, &catalog, &err) < 0)
            _exit(2);
        _exit(writes_left == k ? 3 : 0); /* 3: no write was seen, and nothing is tested */
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) <= 1, "status %d", status);
    return WEXITSTATUS(status) == 0;
}

START_TEST(broken_off_at_any_write_it_is_the_old_version_or_the_new)
{
    struct strbuf before = STRBUF_INIT;
    struct strbuf after = STRBUF_INIT;
    int old_versions = 0;
    bool whole = false;

    for (long k = 0; !whole; k++) {
        int version = 0;

        place_clear();
        make_version_1();
        dump(&before, &version);
        whole = migrate_until(k);
        dump(&after, &version);
        ck_assert(version >= 1 && version <= SCHEMA_VERSION); /* each step is whole or not */
        old_versions += version == 1;
        ck_assert_str_eq(strbuf_text(&before), strbuf_text(&after));
        open_and_close();
        dump(&after, &version);
        ck_assert_int_eq(version, SCHEMA_VERSION);
        ck_assert_str_eq(strbuf_text(&before), strbuf_text(&after));
    }
    ck_assert_int_gt(old_versions, 2);
    strbuf_release(&before);
    strbuf_release(&after);
}
END_TEST

START_TEST(a_step_that_was_released_is_not_changed)
{
    static const char *const released[SCHEMA_VERSION] = {
        "d9ed34cbad9daee781136e9dd573b5278063436fa20deb6f27b7c1567d727f0c",
        "bdd5218b2bf1d327717f864fe749c4431bba353b4d9c8e7a4b649231f21b7b4c",
        "39fe534558450c687195461b1e8c288ed87582eb933b083b2281f158169809ff",
        "bf24a0bf56c3ffdc5fae8fd9b7c40b0aac8d5d9688752ce76f01aa376ea4e974",
        "697ad3a55ee6f6e29de06c7dbd4829fd5eb509036da7bf5fc68b9818f22830c6",
    };

    for (int version = 1; version <= SCHEMA_VERSION; version++) {
        char hex[DIGEST_HEX_SIZE];
        struct digest digest;
        const char *step = schema_step(version);

        ck_assert_int_eq(digest_of_bytes(step, strlen(step), &digest), 0);
        digest_hex(&digest, hex);
        ck_assert_str_eq(hex, released[version - 1]);
    }
    ck_assert_ptr_null(schema_step(0));
    ck_assert_ptr_null(schema_step(SCHEMA_VERSION + 1));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("schema");
    TCase *tests = tcase_create("versions");
    SRunner *runner;
    int failed;

    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, place_make, place_remove);
    tcase_add_test(tests, rows_in_every_state_are_the_same_in_the_newest);
    tcase_add_test(tests, broken_off_at_any_write_it_is_the_old_version_or_the_new);
    tcase_add_test(tests, a_step_that_was_released_is_not_changed);
    suite_add_tcase(suite, tests);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
