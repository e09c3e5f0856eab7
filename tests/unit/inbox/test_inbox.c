/* Tests of inbox/inbox: the private folder is ours alone, and so is the inbox. */
#include "inbox/inbox.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixture.h"

static struct fixture fixture;

static void setup(void)
{
    fixture_open(&fixture);
}

static void teardown(void)
{
    fixture_close(&fixture);
}

static void close_inbox(void)
{
    inbox_close(fixture.inbox);
    fixture.inbox = NULL;
}

/* Opens the inbox again and returns the code; a success is closed. */
static int reopen(struct err *err)
{
    struct inbox *inbox = NULL;
    int code;

    err->text[0] = '\0';
    code = inbox_open(&fixture.settings, &inbox, err);
    if (code == 0)
        inbox_close(inbox);
    else
        ck_assert_ptr_null(inbox);
    return code;
}

START_TEST(makes_private_folder)
{
    struct stat status;

    ck_assert_int_eq(fstat(fixture.inbox->private_fd, &status), 0);
    ck_assert_uint_eq(status.st_mode & 07777, 0700);
    ck_assert_int_eq(fstat(fixture.inbox->work_fd, &status), 0);
    ck_assert_uint_eq(status.st_mode & 07777, 0700);
    ck_assert(fixture_exists(&fixture, ".taxond/work"));
    ck_assert_str_eq(fixture.inbox->name, "test");
    ck_assert_uint_eq(fixture.inbox->device, status.st_dev);
}
END_TEST

START_TEST(ignores_umask_and_set_group_id)
{
    struct err err;

    close_inbox();
    ck_assert_int_eq(rmdir(strcat(strcpy((char[128]){0}, fixture.in), "/.taxond/work")), 0);
    ck_assert_int_eq(remove(strcat(strcpy((char[128]){0}, fixture.in), "/.taxond/lock")), 0);
    ck_assert_int_eq(rmdir(strcat(strcpy((char[128]){0}, fixture.in), "/.taxond")), 0);
    ck_assert_int_eq(chmod(fixture.in, 02775), 0);
    umask(0377);
    ck_assert_msg(reopen(&err) == 0, "%s", err.text);
    umask(022);
    ck_assert_msg(reopen(&err) == 0, "%s", err.text);
}
END_TEST

START_TEST(second_one_is_refused_with_pid)
{
    struct err err;
    char pid[32];

    ck_assert_int_eq(reopen(&err), -EBUSY);
    snprintf(pid, sizeof pid, "pid %d", (int)getpid());
    ck_assert_msg(strstr(err.text, "another taxond") != NULL, "%s", err.text);
    ck_assert_msg(strstr(err.text, pid) != NULL, "%s", err.text);
    close_inbox();
    ck_assert_int_eq(reopen(&err), 0);
}
END_TEST

START_TEST(open_folder_is_refused)
{
    struct err err;

    close_inbox();
    char *path = fixture_path(&fixture, ".taxond");
    ck_assert_int_eq(chmod(path, 0750), 0);
    ck_assert_int_eq(reopen(&err), -EPERM);
    ck_assert_msg(strstr(err.text, "chmod 0700 '") != NULL, "%s", err.text);
    ck_assert_int_eq(chmod(path, 0700), 0);
    ck_assert_int_eq(reopen(&err), 0);
    free(path);
}
END_TEST

START_TEST(foreign_folder_is_refused)
{
    struct err err;

    if (geteuid() != 0) {
        printf("skipped: needs root to give a folder away\n");
        return;
    }
    close_inbox();
    char *path = fixture_path(&fixture, ".taxond");
    ck_assert_int_eq(chown(path, 65534, (gid_t)-1), 0);
    ck_assert_int_eq(reopen(&err), -EPERM);
    ck_assert_msg(strstr(err.text, "belongs to user 65534") != NULL, "%s", err.text);
    free(path);
}
END_TEST

START_TEST(link_or_file_is_refused)
{
    struct err err;
    char *path = fixture_path(&fixture, ".taxond");

    close_inbox();
    fixture_rename(&fixture, ".taxond", "elsewhere");
    ck_assert_int_eq(symlink("elsewhere", path), 0);
    ck_assert_int_lt(reopen(&err), 0);
    ck_assert_msg(strstr(err.text, "is no folder") != NULL, "%s", err.text);
    ck_assert_int_eq(unlink(path), 0);
    fixture_put(&fixture, ".taxond", "mine");
    ck_assert_int_eq(reopen(&err), -ENOTDIR);
    fixture_check_text(&fixture, ".taxond", "mine");
    free(path);
}
END_TEST

START_TEST(missing_inbox_is_told)
{
    struct err err;

    fixture.settings.path = "/nonexistent/inbox";
    ck_assert_int_eq(reopen(&err), -ENOENT);
    ck_assert_msg(strstr(err.text, "inbox test: cannot open /nonexistent/inbox") != NULL, "%s",
                  err.text);
}
END_TEST

struct seen {
    unsigned count;
    char last[ID_TEXT_SIZE];
    int result;
};

static int see(void *context, const char *id)
{
    struct seen *seen = context;

    seen->count++;
    strcpy(seen->last, id);
    return seen->result;
}

#define ID_A "01936f7e-0000-7000-8000-00000000000a"
#define ID_B "01936f7e-0000-7000-8000-00000000000b"

/* Whether the path leads to it still. */
START_TEST(tells_where_it_is)
{
    char elsewhere[128];

    snprintf(elsewhere, sizeof elsewhere, "%s/elsewhere", fixture.dir);
    ck_assert_int_eq(inbox_place(fixture.inbox), 0);
    ck_assert_int_eq(rename(fixture.in, elsewhere), 0);
    ck_assert_int_eq(inbox_place(fixture.inbox), -ENOENT);
    ck_assert_int_eq(mkdir(fixture.in, 0755), 0);
    ck_assert_int_eq(inbox_place(fixture.inbox), -ESTALE);
    ck_assert_int_eq(rmdir(fixture.in), 0);
    fixture_put(&fixture, fixture.in, "a file");
    ck_assert_int_eq(inbox_place(fixture.inbox), -ENOENT);
    ck_assert_int_eq(unlink(fixture.in), 0);
    ck_assert_int_eq(rename(elsewhere, fixture.in), 0);
    ck_assert_int_eq(inbox_place(fixture.inbox), 0);
}
END_TEST

START_TEST(lists_work_and_drops_parts)
{
    struct seen seen = {0};
    struct err err = {""};

    fixture_put(&fixture, ".taxond/work/" ID_A, "a");
    fixture_put(&fixture, ".taxond/work/" ID_B, "b");
    fixture_put(&fixture, ".taxond/work/" ID_B ".part", "half");
    fixture_put(&fixture, ".taxond/work/note", "x");
    close_inbox();
    ck_assert_int_eq(inbox_open(&fixture.settings, &fixture.inbox, &err), 0);
    ck_assert_int_eq(inbox_each_in_work(fixture.inbox, see, &seen), 0);
    ck_assert_uint_eq(seen.count, 2);
    ck_assert(!fixture_exists(&fixture, ".taxond/work/" ID_B ".part"));
    ck_assert(fixture_exists(&fixture, ".taxond/work/note"));

    seen = (struct seen){.result = 7};
    ck_assert_int_eq(inbox_each_in_work(fixture.inbox, see, &seen), 7);
    ck_assert_uint_eq(seen.count, 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("inbox/inbox");
    TCase *tcase = tcase_create("all");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, makes_private_folder);
    tcase_add_test(tcase, ignores_umask_and_set_group_id);
    tcase_add_test(tcase, second_one_is_refused_with_pid);
    tcase_add_test(tcase, open_folder_is_refused);
    tcase_add_test(tcase, foreign_folder_is_refused);
    tcase_add_test(tcase, link_or_file_is_refused);
    tcase_add_test(tcase, missing_inbox_is_told);
    tcase_add_test(tcase, tells_where_it_is);
    tcase_add_test(tcase, lists_work_and_drops_parts);
    suite_add_tcase(suite, tcase);
    return fixture_main(suite);
}
