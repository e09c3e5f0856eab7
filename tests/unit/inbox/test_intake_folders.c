/* Tests of inbox/intake with folders that come, move and go. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixture.h"

#define HOUR_MS  3600000u
#define SHORT_MS 30u

static struct fixture fixture;
static const char *wanted;
static uint32_t wanted_count;

static void setup(void)
{
    fixture_open(&fixture);
}

static void teardown(void)
{
    fixture_close(&fixture);
}

static bool took_wanted(struct fixture *f)
{
    return fixture_taken(f, wanted) > 0;
}

static void run_until_taken(const char *path)
{
    wanted = path;
    run_until(took_wanted);
}

static bool has_watches(struct fixture *f)
{
    struct intake_stats stats = fixture_stats(f);

    return stats.watches == wanted_count && !stats.scanning;
}

static void run_until_watches(uint32_t count)
{
    wanted_count = count;
    run_until(has_watches);
}

static void start_and_scan(uint32_t settle_ms, bool recursive)
{
    fixture_start(&fixture, settle_ms, recursive);
    run_until(fixture_is_scanned);
}

START_TEST(folder_filled_at_once)
{
    start_and_scan(SHORT_MS, true);
    fixture_mkdir(&fixture, "x");
    fixture_put(&fixture, "x/a", "text");
    fixture_mkdir(&fixture, "x/y");
    fixture_mkdir(&fixture, "x/y/z");
    fixture_put(&fixture, "x/y/z/b", "text");
    run_until_taken("x/a");
    run_until_taken("x/y/z/b");
    ck_assert_uint_eq(fixture.taken_count, 2);
    ck_assert_uint_eq(fixture_stats(&fixture).watches, 4);
}
END_TEST

START_TEST(folder_moved_in_whole)
{
    start_and_scan(SHORT_MS, true);
    fixture_mkdir(&fixture, "../x");
    fixture_mkdir(&fixture, "../x/y");
    fixture_put(&fixture, "../x/y/a", "text");
    fixture_rename(&fixture, "../x", "x");
    run_until_taken("x/y/a");
    ck_assert_uint_eq(fixture_stats(&fixture).watches, 3);
}
END_TEST

/* With an hour to settle, only a watch on the new folder can bring it up. */
START_TEST(new_folder_is_watched)
{
    start_and_scan(HOUR_MS, true);
    fixture_mkdir(&fixture, "x");
    fixture_mkdir(&fixture, "x/y");
    run_until_watches(3);
    fixture_put(&fixture, "x/y/a", "text");
    run_until_taken("x/y/a");
}
END_TEST

START_TEST(renamed_folder_gives_new_paths)
{
    fixture_mkdir(&fixture, "x");
    fixture_mkdir(&fixture, "x/y");
    fixture_mkdir(&fixture, "other");
    start_and_scan(HOUR_MS, true);
    fixture_rename(&fixture, "x", "other/z");
    uint64_t scans = fixture_stats(&fixture).scans;
    while (fixture_stats(&fixture).scans == scans || fixture_stats(&fixture).scanning)
        uv_run(&fixture.loop, UV_RUN_ONCE);
    run_until_watches(4);
    fixture_put(&fixture, "other/z/y/a", "text");
    run_until_taken("other/z/y/a");
    ck_assert_uint_eq(fixture.taken_count, 1);
}
END_TEST

/* The file is closed under the old watch's path while the folder is already elsewhere. */
START_TEST(file_closed_while_its_folder_moves_is_found)
{
    fixture_mkdir(&fixture, "x");
    fixture_mkdir(&fixture, "x/y");
    start_and_scan(SHORT_MS, true);
    int fd = fixture_open_file(&fixture, "x/y/a", O_WRONLY | O_CREAT);
    fixture_rename(&fixture, "x", "z");
    close(fd);
    run_until_taken("z/y/a");
    ck_assert_uint_eq(fixture.taken_count, 1);
}
END_TEST

START_TEST(folder_moved_out_is_let_go)
{
    fixture_mkdir(&fixture, "x");
    fixture_mkdir(&fixture, "x/y");
    start_and_scan(0, true);
    ck_assert_uint_eq(fixture_stats(&fixture).watches, 3);
    fixture_rename(&fixture, "x", "../x");
    run_until_watches(1);
    fixture_put(&fixture, "../x/y/a", "text");
    fixture_put(&fixture, "b", "text");
    run_until_taken("b");
    ck_assert_uint_eq(fixture.taken_count, 1);
}
END_TEST

START_TEST(removed_folder_is_let_go)
{
    fixture_mkdir(&fixture, "x");
    fixture_mkdir(&fixture, "x/y");
    start_and_scan(HOUR_MS, true);
    ck_assert_int_eq(unlinkat(fixture.inbox->root_fd, "x/y", AT_REMOVEDIR), 0);
    ck_assert_int_eq(unlinkat(fixture.inbox->root_fd, "x", AT_REMOVEDIR), 0);
    run_until_watches(1);
    fixture_mkdir(&fixture, "x"); /* the same name, another folder */
    run_until_watches(2);
    fixture_put(&fixture, "x/a", "text");
    run_until_taken("x/a");
}
END_TEST

START_TEST(folders_are_left_alone_when_not_recursive)
{
    fixture_mkdir(&fixture, "x");
    fixture_put(&fixture, "x/a", "text");
    start_and_scan(0, false);
    fixture_mkdir(&fixture, "y");
    fixture_put(&fixture, "y/b", "text");
    fixture_put(&fixture, "c", "text");
    run_until_taken("c");
    intake_rescan(fixture.intake);
    run_until_watches(1);
    ck_assert_uint_eq(fixture.taken_count, 1);
}
END_TEST

START_TEST(inbox_that_moves_goes_on)
{
    char elsewhere[128];

    fixture_mkdir(&fixture, "x");
    start_and_scan(HOUR_MS, true);
    snprintf(elsewhere, sizeof elsewhere, "%s/elsewhere", fixture.dir);
    ck_assert_int_eq(rename(fixture.in, elsewhere), 0);
    fixture_put(&fixture, strcat(strcpy((char[160]){0}, elsewhere), "/x/a"), "text");
    run_until_taken("x/a");
    fixture_forget_all(&fixture);
    run_until(fixture_is_idle);
    /* Paths begin in it, so all are right still and none has to be found anew. */
    ck_assert_uint_eq(fixture_stats(&fixture).scans, 1);
}
END_TEST

/* More new folders than are remembered singly, and all at once. */
START_TEST(many_new_folders)
{
    char name[64];

    start_and_scan(SHORT_MS, true);
    for (int i = 0; i < 500; i++) {
        snprintf(name, sizeof name, "folder%d", i);
        fixture_mkdir(&fixture, name);
        snprintf(name, sizeof name, "folder%d/a", i);
        fixture_put(&fixture, name, "text");
    }
    for (int i = 0; i < 500; i++) {
        snprintf(name, sizeof name, "folder%d/a", i);
        run_until_taken(name);
    }
    ck_assert_uint_eq(fixture.taken_count, 500);
    run_until_watches(501);
}
END_TEST

START_TEST(unreadable_folder_is_told)
{
    if (geteuid() != 0) {
        printf("skipped: needs root to be somebody else\n");
        return;
    }
    fixture_mkdir(&fixture, "secret\n");
    ck_assert_int_eq(fchmodat(fixture.inbox->root_fd, "secret\n", 0700, 0), 0);
    fixture_put(&fixture, "a", "text");
    ck_assert_int_eq(chmod(fixture.dir, 0755), 0);
    ck_assert_int_eq(chmod(fixture.in, 0777), 0);
    ck_assert_int_eq(seteuid(65534), 0);
    start_and_scan(0, true);
    run_until_taken("a");
    const char *trouble = intake_trouble(fixture.intake);
    ck_assert_msg(strstr(trouble, "cannot look into") != NULL, "%s", trouble);
    ck_assert_msg(strstr(trouble, "/secret?: Permission denied") != NULL, "%s", trouble);
    fixture_forget_all(&fixture);
    ck_assert(fixture_is_idle(&fixture)); /* it will not get better by waiting */

    ck_assert_int_eq(seteuid(0), 0);
    ck_assert_int_eq(fchmodat(fixture.inbox->root_fd, "secret\n", 0755, 0), 0);
    intake_rescan(fixture.intake);
    run_until_watches(2);
    ck_assert_str_eq(intake_trouble(fixture.intake), "");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("inbox/intake_folders");
    TCase *tcase = tcase_create("all");

    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, folder_filled_at_once);
    tcase_add_test(tcase, folder_moved_in_whole);
    tcase_add_test(tcase, new_folder_is_watched);
    tcase_add_test(tcase, renamed_folder_gives_new_paths);
    tcase_add_test(tcase, file_closed_while_its_folder_moves_is_found);
    tcase_add_test(tcase, folder_moved_out_is_let_go);
    tcase_add_test(tcase, removed_folder_is_let_go);
    tcase_add_test(tcase, folders_are_left_alone_when_not_recursive);
    tcase_add_test(tcase, inbox_that_moves_goes_on);
    tcase_add_test(tcase, many_new_folders);
    tcase_add_test(tcase, unreadable_folder_is_told);
    suite_add_tcase(suite, tcase);
    return fixture_main(suite);
}
