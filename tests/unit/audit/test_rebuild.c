/* The new catalog takes the old one's name so that an end at any moment leaves one or none, and
 * never a catalog with another's log. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/rebuild_swap.h"
#include "base/file.h"

static char folder[64];
static struct err err;

static void setup(void)
{
    strcpy(folder, "/tmp/taxond-rebuild-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void teardown(void)
{
    char command[128];

    snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    ck_assert_int_eq(system(command), 0);
}

static void put(const char *name, const char *content)
{
    char path[128];
    int fd;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(file_write_all(fd, content, strlen(content)), 0);
    close(fd);
}

static bool is_there(const char *name)
{
    char path[128];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return access(path, F_OK) == 0;
}

static void assert_holds(const char *path, const char *suffix, const char *content)
{
    struct strbuf text = STRBUF_INIT;
    char name[PATH_MAX + 8];

    snprintf(name, sizeof(name), "%s%s", path, suffix);
    ck_assert_int_eq(file_slurp_path(name, 1000, &text), 0);
    ck_assert_str_eq(strbuf_text(&text), content);
    strbuf_release(&text);
}

static void make_draft(void)
{
    struct catalog *catalog;

    ck_assert_msg(rebuild_draft_open(folder, &catalog, &err) == 0, "%s", err.text);
    catalog_close(catalog);
}

START_TEST(the_old_one_goes_aside_with_its_log)
{
    char aside[PATH_MAX];
    char again[PATH_MAX];

    put("catalog.sqlite", "old");
    put("catalog.sqlite-wal", "old log");
    put("catalog.sqlite-shm", "old index");
    make_draft();
    ck_assert_msg(rebuild_swap(folder, aside, &err) == 0, "%s", err.text);
    assert_holds(aside, "", "old");
    assert_holds(aside, "-wal", "old log");
    ck_assert(is_there("catalog.sqlite"));
    ck_assert(!is_there("catalog.sqlite-wal"));
    ck_assert(!is_there("catalog.sqlite.new"));
    put("catalog.sqlite", "second");
    make_draft();
    ck_assert_int_eq(rebuild_swap(folder, again, &err), 0);
    ck_assert_str_ne(again, aside);
    assert_holds(aside, "", "old");
    assert_holds(again, "", "second");
}
END_TEST

START_TEST(a_log_whose_catalog_is_gone_does_not_reach_the_new_one)
{
    char aside[PATH_MAX];

    put("catalog.sqlite-wal", "old log"); /* an end between the two renames leaves this */
    make_draft();
    ck_assert_int_eq(rebuild_swap(folder, aside, &err), 0);
    ck_assert(!is_there("catalog.sqlite-wal"));
    assert_holds(aside, "-wal", "old log");
}
END_TEST

START_TEST(where_there_was_none_nothing_is_aside)
{
    char aside[PATH_MAX];

    make_draft();
    ck_assert_int_eq(rebuild_swap(folder, aside, &err), 0);
    ck_assert_str_eq(aside, "");
}
END_TEST

START_TEST(what_a_broken_off_rebuilding_left_is_not_taken_up)
{
    struct catalog_counts counts;
    struct catalog *catalog;

    put("catalog.sqlite.new", "half a catalog");
    put("catalog.sqlite.new-wal", "half a log");
    put("catalog.sqlite", "old");
    ck_assert_msg(rebuild_draft_open(folder, &catalog, &err) == 0, "%s", err.text);
    ck_assert_int_eq(catalog_count(catalog, &counts, &err), 0);
    ck_assert_uint_eq(counts.filed, 0);
    catalog_close(catalog);
}
END_TEST

START_TEST(a_draft_that_is_not_whole_takes_nobodys_place)
{
    char aside[PATH_MAX];

    put("catalog.sqlite", "old");
    make_draft();
    put("catalog.sqlite.new-wal", "what closing could not fold in");
    ck_assert_int_eq(rebuild_swap(folder, aside, &err), -EIO);
    ck_assert_str_eq(aside, "");
    ck_assert(is_there("catalog.sqlite"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("rebuild");
    TCase *tests = tcase_create("swaps");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, the_old_one_goes_aside_with_its_log);
    tcase_add_test(tests, a_log_whose_catalog_is_gone_does_not_reach_the_new_one);
    tcase_add_test(tests, where_there_was_none_nothing_is_aside);
    tcase_add_test(tests, what_a_broken_off_rebuilding_left_is_not_taken_up);
    tcase_add_test(tests, a_draft_that_is_not_whole_takes_nobodys_place);
    suite_add_tcase(suite, tests);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
