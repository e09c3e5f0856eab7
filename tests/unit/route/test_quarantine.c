/* The way out of the quarantine: once, whole, and with nothing of others' touched. */
#include "route/quarantine.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "fixture.h"

#define ID "01a20d2a-e3c5-73da-a1e5-2dc580b29452"

static const struct id id = {ID};
static char folder[64];
static int top_fd, root_fd, work_fd;

static int make(const char *name)
{
    ck_assert_int_eq(mkdirat(top_fd, name, 0700), 0);
    return openat(top_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void begin(void)
{
    strcpy(folder, "/tmp/taxond-quarantine-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    top_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    root_fd = make("quarantine");
    work_fd = make("work");
    ck_assert_int_eq(mkdirat(root_fd, ID, 0700), 0);
}

static void end(void)
{
    char command[128];

    snprintf(command, sizeof(command), "rm -r '%s'", folder);
    ck_assert_int_eq(system(command), 0);
    file_close(&top_fd);
    file_close(&root_fd);
    file_close(&work_fd);
}

static void put(int dir_fd, const char *name, const char *text)
{
    int fd = openat(dir_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(file_write_all(fd, text, strlen(text)), 0);
    file_close(&fd);
}

static void check_text(int dir_fd, const char *name, const char *text)
{
    struct strbuf found = STRBUF_INIT;
    int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(file_slurp(fd, 1000, &found), 0);
    ck_assert_str_eq(strbuf_text(&found), text);
    strbuf_release(&found);
    file_close(&fd);
}

static bool exists(int dir_fd, const char *name)
{
    return faccessat(dir_fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

START_TEST(a_document_is_taken_out_and_its_folder_goes)
{
    begin();
    put(root_fd, ID "/reason.json", "{}");
    put(root_fd, ID "/-a\n.txt", "text");
    ck_assert_int_eq(quarantine_take(root_fd, &id, work_fd), 0);
    check_text(work_fd, ID, "text");
    ck_assert(!exists(root_fd, ID));
    ck_assert_int_eq(quarantine_take(root_fd, &id, work_fd), -ENOENT);
    check_text(work_fd, ID, "text");
    end();
}
END_TEST

START_TEST(what_is_no_document_is_not_taken)
{
    begin();
    put(root_fd, ID "/reason.json", "{}");
    put(root_fd, ID "/.taxond-" ID ".part", "half");
    ck_assert_int_eq(quarantine_take(root_fd, &id, work_fd), -ENOENT);
    ck_assert_int_eq(symlinkat("/etc/passwd", root_fd, ID "/a.txt"), 0);
    ck_assert_int_lt(quarantine_take(root_fd, &id, work_fd), 0);
    ck_assert(!exists(work_fd, ID));
    ck_assert(exists(root_fd, ID "/reason.json"));
    end();
}
END_TEST

START_TEST(a_copy_that_was_made_before_is_compared_first)
{
    begin();
    put(root_fd, ID "/a.txt", "text");
    put(work_fd, ID, "other");
    ck_assert_int_eq(quarantine_take(root_fd, &id, work_fd), -EEXIST);
    check_text(root_fd, ID "/a.txt", "text");
    check_text(work_fd, ID, "other");
    ck_assert_int_eq(unlinkat(work_fd, ID, 0), 0);
    put(work_fd, ID, "text");
    ck_assert_int_eq(quarantine_take(root_fd, &id, work_fd), 0);
    check_text(work_fd, ID, "text");
    ck_assert(!exists(root_fd, ID));
    end();
}
END_TEST

START_TEST(a_folder_that_is_a_link_is_not_followed)
{
    begin();
    ck_assert_int_eq(unlinkat(root_fd, ID, AT_REMOVEDIR), 0);
    ck_assert_int_eq(mkdirat(top_fd, "elsewhere", 0700), 0);
    put(top_fd, "elsewhere/a.txt", "text");
    ck_assert_int_eq(symlinkat("../elsewhere", root_fd, ID), 0);
    ck_assert_int_lt(quarantine_take(root_fd, &id, work_fd), 0);
    ck_assert_int_lt(quarantine_remove(root_fd, &id), 0);
    check_text(top_fd, "elsewhere/a.txt", "text");
    end();
}
END_TEST

START_TEST(what_is_removed_is_gone_and_may_be_removed_again)
{
    begin();
    put(root_fd, ID "/reason.json", "{}");
    put(root_fd, ID "/a.txt", "text");
    put(root_fd, "other", "another's");
    ck_assert_int_eq(quarantine_remove(root_fd, &id), 0);
    ck_assert(!exists(root_fd, ID));
    ck_assert_int_eq(quarantine_remove(root_fd, &id), 0);
    check_text(root_fd, "other", "another's");
    end();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_document_is_taken_out_and_its_folder_goes,      what_is_no_document_is_not_taken,
        a_copy_that_was_made_before_is_compared_first,    a_folder_that_is_a_link_is_not_followed,
        what_is_removed_is_gone_and_may_be_removed_again,
    };

    return FIXTURE_RUN("quarantine", tests);
}
