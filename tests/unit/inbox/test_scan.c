/* Tests of inbox/scan: all that is there, nothing that is not, and never through a link. */
#include "inbox/scan.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "fixture.h"

static struct fixture fixture;
static struct scan *scan;
static struct strbuf log_text; /* "d:PATH f:PATH … !:PATH" in the order told */

static void setup(void)
{
    fixture_open(&fixture);
    fixture.settings.ignore = NULL;
    scan = calloc(1, sizeof *scan);
    strbuf_init(&log_text);
}

static void teardown(void)
{
    strbuf_release(&log_text);
    scan_end(scan);
    free(scan);
    fixture_close(&fixture);
}

static void walk(const char *path)
{
    struct scan_entry entry;

    strbuf_clear(&log_text);
    ck_assert_int_eq(scan_begin(scan, fixture.inbox->root_fd, path, &fixture.settings), 0);
    do {
        scan_next(scan, &entry);
        if (entry.kind == SCAN_FILE)
            strbuf_printf(&log_text, " f:%s", entry.path);
        else if (entry.kind == SCAN_FOLDER)
            strbuf_printf(&log_text, " d:%s", entry.path);
        else if (entry.kind == SCAN_TROUBLE)
            strbuf_printf(&log_text, " !%d:%s", entry.code, entry.path);
    } while (entry.kind != SCAN_END);
    strbuf_puts(&log_text, " ");
    ck_assert(!scan->running);
}

static void check_has(const char *item)
{
    ck_assert_msg(strstr(strbuf_text(&log_text), item) != NULL, "no '%s' in '%s'", item,
                  strbuf_text(&log_text));
}

static void check_before(const char *first, const char *second)
{
    check_has(first);
    check_has(second);
    ck_assert(strstr(strbuf_text(&log_text), first) < strstr(strbuf_text(&log_text), second));
}

START_TEST(walks_all_folders_first)
{
    fixture_put(&fixture, "a", "");
    fixture_mkdir(&fixture, "x");
    fixture_mkdir(&fixture, "x/y");
    fixture_mkdir(&fixture, "x/y.txt"); /* a folder named like a file */
    fixture_put(&fixture, "x/y/b", "");
    fixture_put(&fixture, "x/c", "");
    fixture_mkdir(&fixture, "empty");
    walk("");
    check_before(" d: ", " f:a ");
    check_before(" d:x ", " f:x/c ");
    check_before(" d:x/y ", " f:x/y/b ");
    check_has(" d:empty ");
    check_has(" d:x/y.txt ");
    ck_assert_ptr_null(strstr(strbuf_text(&log_text), ".taxond"));
    walk("x/y");
    ck_assert_str_eq(strbuf_text(&log_text), " d:x/y f:x/y/b ");
}
END_TEST

START_TEST(root_only_when_not_recursive)
{
    fixture_put(&fixture, "a", "");
    fixture_mkdir(&fixture, "x");
    fixture_put(&fixture, "x/b", "");
    fixture.settings.recursive = false;
    walk("");
    ck_assert_str_eq(strbuf_text(&log_text), " d: f:a ");
}
END_TEST

START_TEST(ignores_by_name_at_any_depth)
{
    static const char *const patterns[] = {".*", "*.part", "~$*"};

    fixture.settings.ignore = patterns;
    fixture.settings.ignore_count = 3;
    fixture_put(&fixture, ".hidden", "");
    fixture_put(&fixture, "a.part", "");
    fixture_put(&fixture, "~$a.docx", "");
    fixture_put(&fixture, "a.part.txt", "");
    fixture_mkdir(&fixture, ".git");
    fixture_put(&fixture, ".git/HEAD", "");
    fixture_mkdir(&fixture, "x");
    fixture_put(&fixture, "x/b.part", "");
    walk("");
    check_has(" f:a.part.txt ");
    check_has(" d:x ");
    ck_assert_uint_eq(log_text.len, strlen(" d: f:a.part.txt d:x "));
}
END_TEST

START_TEST(never_sees_what_is_ours)
{
    fixture_put(&fixture, ".taxond/work/secret", "");
    fixture_mkdir(&fixture, "x");
    fixture_put(&fixture, "x/.taxond-01936f7e-0000-7000-8000-00000000000a", "");
    walk("");
    ck_assert_str_eq(strbuf_text(&log_text), " d: d:x ");
}
END_TEST

START_TEST(follows_no_link)
{
    char *link = fixture_path(&fixture, "link");
    char *loop = fixture_path(&fixture, "x/loop");
    char *file = fixture_path(&fixture, "file");

    fixture_mkdir(&fixture, "x");
    ck_assert_int_eq(symlink("/etc", link), 0);
    ck_assert_int_eq(symlink("..", loop), 0);
    ck_assert_int_eq(symlink("/etc/passwd", file), 0);
    walk("");
    ck_assert_str_eq(strbuf_text(&log_text), " d: d:x ");
    ck_assert_int_lt(scan_begin(scan, fixture.inbox->root_fd, "link", &fixture.settings), 0);
    ck_assert_int_lt(scan_begin(scan, fixture.inbox->root_fd, "x/loop", &fixture.settings), 0);
    ck_assert_int_lt(scan_begin(scan, fixture.inbox->root_fd, "..", &fixture.settings), 0);
    ck_assert_int_lt(scan_begin(scan, fixture.inbox->root_fd, "/etc", &fixture.settings), 0);
    ck_assert(!scan->running);
    free(link);
    free(loop);
    free(file);
}
END_TEST

/* Between two steps the tree may change at will; here after the kernel has told of both folders. */
START_TEST(folder_swapped_for_a_link_is_not_entered)
{
    struct scan_entry entry;
    unsigned folders = 0;
    unsigned files = 0;

    fixture_mkdir(&fixture, "x");
    fixture_mkdir(&fixture, "y");
    ck_assert_int_eq(scan_begin(scan, fixture.inbox->root_fd, "", &fixture.settings), 0);
    do {
        scan_next(scan, &entry);
    } while (entry.kind != SCAN_FOLDER || entry.path[0] == '\0');
    char *other = fixture_path(&fixture, entry.path[0] == 'x' ? "y" : "x");
    ck_assert_int_eq(rmdir(other), 0);
    ck_assert_int_eq(symlink("/etc", other), 0);
    do {
        scan_next(scan, &entry);
        folders += entry.kind == SCAN_FOLDER;
        files += entry.kind == SCAN_FILE;
        ck_assert_int_ne(entry.kind, SCAN_TROUBLE);
    } while (entry.kind != SCAN_END);
    ck_assert_uint_eq(folders, 0);
    ck_assert_uint_eq(files, 0);
    free(other);
}
END_TEST

START_TEST(too_deep_is_told_and_the_rest_walked)
{
    int fd = dup(fixture.inbox->root_fd);
    char deep[32];

    for (int i = 0; i <= SCAN_DEPTH_MAX; i++) {
        ck_assert_int_eq(mkdirat(fd, "d", 0755), 0);
        int next_fd = openat(fd, "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        close(fd);
        fd = next_fd;
    }
    close(fd);
    fixture_put(&fixture, "a", "");
    walk("");
    snprintf(deep, sizeof deep, " !%d:d/d/", -ELOOP);
    check_has(deep);
    check_has(" f:a ");
}
END_TEST

START_TEST(too_long_a_path_is_told_and_the_rest_walked)
{
    int fd = dup(fixture.inbox->root_fd);
    char name[256];
    char expected[32];

    memset(name, 'n', 255);
    name[255] = '\0';
    for (int i = 0; i < 17; i++) { /* 17 * 256 > PATH_MAX */
        ck_assert_int_eq(mkdirat(fd, name, 0755), 0);
        int next_fd = openat(fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        close(fd);
        fd = next_fd;
    }
    fixture_put(&fixture, "a", "");
    walk("");
    snprintf(expected, sizeof expected, " !%d:nnn", -ENAMETOOLONG);
    check_has(expected);
    check_has(" f:a ");
    for (int i = 0; i < 17; i++) { /* too long for nftw */
        int up_fd = openat(fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        close(fd);
        fd = up_fd;
        ck_assert_int_eq(unlinkat(fd, name, AT_REMOVEDIR), 0);
    }
    close(fd);
}
END_TEST

START_TEST(can_be_left_in_the_middle)
{
    struct scan_entry entry;

    fixture_mkdir(&fixture, "x");
    fixture_mkdir(&fixture, "x/y");
    ck_assert_int_eq(scan_begin(scan, fixture.inbox->root_fd, "", &fixture.settings), 0);
    for (int i = 0; i < 6; i++)
        scan_next(scan, &entry);
    scan_end(scan);
    scan_end(scan);
    scan_next(scan, &entry);
    ck_assert_int_eq(entry.kind, SCAN_END);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("inbox/scan");
    TCase *tcase = tcase_create("all");

    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, walks_all_folders_first);
    tcase_add_test(tcase, root_only_when_not_recursive);
    tcase_add_test(tcase, ignores_by_name_at_any_depth);
    tcase_add_test(tcase, never_sees_what_is_ours);
    tcase_add_test(tcase, follows_no_link);
    tcase_add_test(tcase, folder_swapped_for_a_link_is_not_entered);
    tcase_add_test(tcase, too_deep_is_told_and_the_rest_walked);
    tcase_add_test(tcase, too_long_a_path_is_told_and_the_rest_walked);
    tcase_add_test(tcase, can_be_left_in_the_middle);
    suite_add_tcase(suite, tcase);
    return fixture_main(suite);
}
