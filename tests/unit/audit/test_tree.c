/* Every file once, links never followed, the walk ended by its visitor, depth bounded. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/tree.h"

static char folder[64];
static int root_fd;
static int files;
static int unreadable;
static char seen[4096];

static void setup(void)
{
    strcpy(folder, "/tmp/taxond-tree-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    root_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    files = unreadable = 0;
    seen[0] = '\0';
}

static void teardown(void)
{
    char command[128];

    close(root_fd);
    snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    ck_assert_int_eq(system(command), 0);
}

static void make_file(int fd, const char *name)
{
    int file = openat(fd, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    ck_assert_int_ge(file, 0);
    close(file);
}

static int see(void *context, const struct tree_file *file)
{
    files++;
    strncat(seen, file->path, sizeof(seen) - strlen(seen) - 1);
    strncat(seen, ";", sizeof(seen) - strlen(seen) - 1);
    ck_assert_str_eq(strrchr(file->path, '/') == NULL ? file->path : strrchr(file->path, '/') + 1,
                     file->name);
    return context != NULL ? -ECANCELED : 0;
}

static int miss(void *context, const char *path, int error)
{
    (void)context;
    (void)path;
    ck_assert_int_eq(error, -ENAMETOOLONG);
    unreadable++;
    return 0;
}

START_TEST(files_of_all_folders_and_no_links)
{
    const struct tree_visitor visitor = {see, miss, NULL};

    ck_assert_int_eq(mkdirat(root_fd, "a", 0700), 0);
    ck_assert_int_eq(mkdirat(root_fd, "a/b", 0700), 0);
    ck_assert_int_eq(mkdirat(root_fd, "empty", 0700), 0);
    ck_assert_int_eq(symlinkat("/", root_fd, "a/link"), 0);
    make_file(root_fd, "one");
    make_file(root_fd, "a/b/\xff\n");
    ck_assert_int_eq(tree_walk(root_fd, &visitor), 0);
    ck_assert_int_eq(files, 3);
    ck_assert_ptr_nonnull(strstr(seen, "a/link;"));
    ck_assert_ptr_nonnull(strstr(seen, "one;"));
    ck_assert_ptr_nonnull(strstr(seen, "a/b/\xff\n;"));
}
END_TEST

START_TEST(the_visitor_ends_it)
{
    const struct tree_visitor visitor = {see, miss, &files};

    make_file(root_fd, "one");
    make_file(root_fd, "two");
    ck_assert_int_eq(tree_walk(root_fd, &visitor), -ECANCELED);
    ck_assert_int_eq(files, 1);
}
END_TEST

START_TEST(too_deep_is_told)
{
    const struct tree_visitor visitor = {see, miss, NULL};
    int fd = dup(root_fd);

    for (int depth = 0; depth < 400; depth++) {
        int next;

        ck_assert_int_eq(mkdirat(fd, "d", 0700), 0);
        next = openat(fd, "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        ck_assert_int_ge(next, 0);
        close(fd);
        fd = next;
    }
    close(fd);
    make_file(root_fd, "one");
    ck_assert_int_eq(tree_walk(root_fd, &visitor), 0);
    ck_assert_int_eq(files, 1);
    ck_assert_int_eq(unreadable, 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tree");
    TCase *tests = tcase_create("walks");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, files_of_all_folders_and_no_links);
    tcase_add_test(tests, the_visitor_ends_it);
    tcase_add_test(tests, too_deep_is_told);
    suite_add_tcase(suite, tests);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
