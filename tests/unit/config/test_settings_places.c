/* Tests of config/settings_places: folders made, refused, and found to lie in one another. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../base/suite.h"
#include "config/settings.h"

static char dir[PATH_MAX];
static struct err err;

/* Each test in a folder of its own, which is also its working folder. */
static void setup(void)
{
    char template[] = "/tmp/taxond-places-XXXXXX";

    ck_assert_ptr_nonnull(mkdtemp(template));
    ck_assert_int_eq(chmod(template, 0755), 0);
    ck_assert_int_eq(chdir(template), 0);
    ck_assert_ptr_nonnull(getcwd(dir, sizeof dir));
    umask(022);
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *ftw)
{
    (void)status;
    (void)kind;
    (void)ftw;
    return remove(path);
}

static void teardown(void)
{
    nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static int check(const char *state, const char *quarantine, const char *inbox, const char *archive)
{
    struct settings *settings = NULL;
    char text[4096];

    snprintf(text, sizeof text,
             "state: %s\nquarantine: %s\ninboxes: {in: {path: %s}}\n"
             "archives: {main: %s}\n",
             state, quarantine, inbox, archive);
    int code = settings_parse("t.yaml", text, strlen(text), &settings, &err);
    ck_assert_msg(code == 0, "%s", err.text);
    code = settings_check_places(settings, &err);
    settings_free(settings);
    return code;
}

/* `message` as err has it, with the folder of the test for each %. */
static void says(const char *message)
{
    char expected[8192];
    size_t len = 0;

    for (; *message != '\0'; message++) {
        if (*message == '%')
            len += (size_t)snprintf(expected + len, sizeof expected - len, "%s", dir);
        else
            expected[len++] = *message;
    }
    expected[len] = '\0';
    ck_assert_str_eq(err.text, expected);
}

static mode_t mode_of(const char *path)
{
    struct stat status;

    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert(S_ISDIR(status.st_mode));
    return status.st_mode & 07777;
}

START_TEST(missing_folders_are_made)
{
    ck_assert_msg(check("var/state", "var/q", "var/in/a/b", "var/archive") == 0, "%s", err.text);
    ck_assert_uint_eq(mode_of("var"), 0755);
    ck_assert_uint_eq(mode_of("var/state"), 0700);
    ck_assert_uint_eq(mode_of("var/q"), 0755);
    ck_assert_uint_eq(mode_of("var/in/a/b"), 0755);
    ck_assert_uint_eq(mode_of("var/archive"), 0755);
    ck_assert_msg(check("var/state", "var/q", "var/in/a/b", "var/archive") == 0, "%s", err.text);
}
END_TEST

START_TEST(a_file_is_no_folder)
{
    int fd = open("file", O_CREAT | O_WRONLY | O_CLOEXEC, 0644);

    ck_assert_int_ge(fd, 0);
    close(fd);
    ck_assert_int_eq(check("s", "q", "i", "file"), -ENOTDIR);
    says("t.yaml:4:18: archive 'main': %/file: Not a directory");
    ck_assert_int_eq(check("s", "q", "file/in", "a"), -ENOTDIR);
    says("t.yaml:3:22: inbox 'in': %/file/in: Not a directory");
    ck_assert_int_eq(check("file", "q", "i", "a"), -ENOTDIR);
    says("t.yaml:1:8: state: %/file: Not a directory");
    ck_assert_int_eq(check("s", "file", "i", "a"), -ENOTDIR);
    says("t.yaml:2:13: quarantine: %/file: Not a directory");
    ck_assert_int_eq(symlink("nowhere", "dangling"), 0);
    ck_assert_int_eq(check("s", "q", "i", "dangling"), -ENOTDIR);
    says("t.yaml:4:18: archive 'main': %/dangling: Not a directory");
}
END_TEST

START_TEST(a_folder_that_cannot_be_written)
{
    bool is_root = geteuid() == 0;

    ck_assert_int_eq(check("s", "q", "i", "a"), 0);
    if (is_root) { /* for whom no mode is an obstacle */
        ck_assert_int_eq(chown("s", 65534, 65534), 0);
        ck_assert_int_eq(chown("q", 65534, 65534), 0);
        ck_assert_int_eq(chown("i", 65534, 65534), 0);
        ck_assert_int_eq(setresuid(65534, 65534, 0), 0);
    } else {
        ck_assert_int_eq(chmod("a", 0555), 0);
    }
    int code = check("s", "q", "i", "a");
    says("t.yaml:4:18: archive 'main': %/a: Permission denied");
    ck_assert_int_eq(code, -EACCES);
    code = check("s", "q", "i", "a/b");
    says("t.yaml:4:18: archive 'main': %/a/b: Permission denied");
    ck_assert_int_eq(code, -EACCES);
    if (is_root)
        ck_assert_int_eq(setresuid(0, 0, 0), 0);
    else
        ck_assert_int_eq(chmod("a", 0755), 0);
}
END_TEST

START_TEST(no_folder_in_another)
{
    ck_assert_int_eq(check("s", "q", "i", "i/a"), -EINVAL);
    says("t.yaml:4:18: archive 'main' (%/i/a) lies in inbox 'in' (%/i); they must be apart");
    ck_assert_int_eq(check("s", "q", "a2/b/c/i", "a2"), -EINVAL);
    says("t.yaml:3:22: inbox 'in' (%/a2/b/c/i) lies in archive 'main' (%/a2); they must be apart");
    ck_assert_int_eq(check("s", "s/q", "i", "a"), -EINVAL);
    says("t.yaml:2:13: quarantine (%/s/q) lies in state (%/s); they must be apart");
    ck_assert_int_eq(check("i/.taxond/s", "q", "i", "a"), -EINVAL);
    says("t.yaml:1:8: state (%/i/.taxond/s) lies in inbox 'in' (%/i); they must be apart");
    /* A name that begins like another is not inside it. */
    ck_assert_int_eq(check("s", "s-q", "s-i", "s-archive"), 0);
}
END_TEST

START_TEST(no_folder_twice)
{
    ck_assert_int_eq(check("s", "q", "x", "x"), -EINVAL);
    says("t.yaml:3:22: inbox 'in' (%/x) is the same folder as archive 'main' (%/x); they must be "
         "apart");
    ck_assert_int_eq(check("s", "q", "x", "x/../x/."), -EINVAL);
    ck_assert_ptr_nonnull(strstr(err.text, "is the same folder as"));
}
END_TEST

START_TEST(symbolic_links_hide_nothing)
{
    ck_assert_int_eq(mkdir("i", 0755), 0);
    ck_assert_int_eq(mkdir("i/deep", 0755), 0);
    ck_assert_int_eq(mkdir("elsewhere", 0755), 0);
    ck_assert_int_eq(symlink("i/deep", "shortcut"), 0);
    ck_assert_int_eq(symlink("i", "alias"), 0);
    ck_assert_int_eq(symlink("../elsewhere", "i/out"), 0);

    ck_assert_int_eq(check("s", "q", "i", "shortcut"), -EINVAL);
    says("t.yaml:4:18: archive 'main' (%/shortcut) lies in inbox 'in' (%/i); they must be apart");
    ck_assert_int_eq(check("s", "q", "i", "shortcut/a"), -EINVAL);
    says("t.yaml:4:18: archive 'main' (%/shortcut/a) lies in inbox 'in' (%/i); they must be apart");
    ck_assert_int_eq(check("s", "q", "alias", "i"), -EINVAL);
    says("t.yaml:3:22: inbox 'in' (%/alias) is the same folder as archive 'main' (%/i); they must "
         "be apart");
    ck_assert_int_eq(check("s", "q", "alias", "i/deep"), -EINVAL);
    says("t.yaml:4:18: archive 'main' (%/i/deep) lies in inbox 'in' (%/alias); they must be apart");
    /* What only looks as if it were inside is not. */
    ck_assert_msg(check("s", "q", "i", "i/out/a") == 0, "%s", err.text);
}
END_TEST

START_TEST(all_inboxes_and_archives_are_looked_at)
{
    struct settings *settings = NULL;
    const char *text = "state: s\nquarantine: q\n"
                       "inboxes: {one: {path: i1}, two: {path: i2}, three: {path: i1/x}}\n"
                       "archives: {a: a1, b: a2}\n";

    ck_assert_int_eq(settings_parse("t.yaml", text, strlen(text), &settings, &err), 0);
    ck_assert_int_eq(settings_check_places(settings, &err), -EINVAL);
    says("t.yaml:3:59: inbox 'three' (%/i1/x) lies in inbox 'one' (%/i1); they must be apart");
    settings_free(settings);
    text = "state: s\nquarantine: q\ninboxes: {one: {path: i1}}\narchives: {a: a1, b: a1/b}\n";
    ck_assert_int_eq(settings_parse("t.yaml", text, strlen(text), &settings, &err), 0);
    ck_assert_int_eq(settings_check_places(settings, &err), -EINVAL);
    says("t.yaml:4:22: archive 'b' (%/a1/b) lies in archive 'a' (%/a1); they must be apart");
    settings_free(settings);
}
END_TEST

static struct settings *parse(const char *more)
{
    struct settings *settings = NULL;
    char text[4096];

    snprintf(text, sizeof text,
             "state: s\nquarantine: q\ninboxes: {in: {path: i}}\narchives: {main: a}\n%s", more);
    ck_assert_msg(settings_parse("t.yaml", text, strlen(text), &settings, &err) == 0, "%s",
                  err.text);
    return settings;
}

START_TEST(an_archive_that_is_waited_for_is_not_made)
{
    struct settings *settings = parse("placement: {on_missing_archive: wait}\n");

    ck_assert_msg(settings_check_places(settings, &err) == 0, "%s", err.text);
    ck_assert_int_lt(access("a", F_OK), 0);
    ck_assert_int_eq(access("q", F_OK), 0);
    /* What is there must be apart all the same. */
    ck_assert_int_eq(symlink("q", "a"), 0);
    ck_assert_int_eq(settings_check_places(settings, &err), -EINVAL);
    settings_free(settings);
}
END_TEST

START_TEST(streams_are_a_place_of_their_own)
{
    struct settings *settings = parse("streams: st\n");

    ck_assert_msg(settings_check_places(settings, &err) == 0, "%s", err.text);
    ck_assert_uint_eq(mode_of("st"), 0755);
    settings_free(settings);
    settings = parse("streams: a/st\n");
    ck_assert_int_eq(settings_check_places(settings, &err), -EINVAL);
    says("t.yaml:5:10: streams (%/a/st) lies in archive 'main' (%/a); they must be apart");
    settings_free(settings);
}
END_TEST

START_TEST(owners_that_cannot_be)
{
    struct settings *settings = parse("placement: {owner: no-such-user-here}\n");
    uid_t uid = 1;
    gid_t gid = 1;

    ck_assert_int_eq(settings_check_places(settings, &err), -EINVAL);
    says("t.yaml:5:20: there is no user 'no-such-user-here'");
    settings_free(settings);
    settings = parse("placement: {group: no-such-group-here}\n");
    ck_assert_int_eq(settings_check_places(settings, &err), -EINVAL);
    says("t.yaml:5:20: there is no group 'no-such-group-here'");
    settings_free(settings);
    settings = parse("placement: {owner: 4294967295}\n"); /* chown's "leave it" */
    ck_assert_int_eq(settings_check_places(settings, &err), -EINVAL);
    settings_free(settings);
    settings = parse("");
    ck_assert_int_eq(settings_find_owner(settings, &uid, &gid, &err), 0);
    ck_assert(uid == (uid_t)-1 && gid == (gid_t)-1);
    settings_free(settings);
    if (geteuid() == 0) {
        settings = parse("placement: {owner: 12345, group: root}\n");
        ck_assert_int_eq(settings_find_owner(settings, &uid, &gid, &err), 0);
        ck_assert(uid == 12345 && gid == 0);
        settings_free(settings);
        ck_assert_int_eq(setresuid(65534, 65534, 65534), 0);
    }
    settings = parse("placement: {owner: 12345}\n");
    ck_assert_int_eq(settings_find_owner(settings, &uid, &gid, &err), -EINVAL);
    says("t.yaml:5:20: no right to give files to user '12345': that takes root, or CAP_CHOWN");
    settings_free(settings);
    settings = parse("placement: {group: 12345}\n");
    ck_assert_int_eq(settings_find_owner(settings, &uid, &gid, &err), -EINVAL);
    settings_free(settings);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        missing_folders_are_made,
        a_file_is_no_folder,
        a_folder_that_cannot_be_written,
        no_folder_in_another,
        no_folder_twice,
        symbolic_links_hide_nothing,
        all_inboxes_and_archives_are_looked_at,
        an_archive_that_is_waited_for_is_not_made,
        streams_are_a_place_of_their_own,
        owners_that_cannot_be,
    };

    return suite_run_with("config/settings_places", tests, sizeof tests / sizeof tests[0], setup,
                          teardown);
}
