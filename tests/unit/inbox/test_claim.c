/* Tests of inbox/claim and inbox/copy: what is taken is what was claimed, and nothing is lost. */
#include "inbox/claim.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "fixture.h"

#define ID_TEXT  "01936f7e-0000-7000-8000-00000000000a"
#define WORK     ".taxond/work/"
#define OUTCOMES 200

static const struct id id = {ID_TEXT};
static struct fixture fixture;

static void setup(void)
{
    fixture_open(&fixture);
}

static void teardown(void)
{
    fixture_close(&fixture);
}

static int take(const struct claim *claim, struct claimed *out_claimed)
{
    *out_claimed = (struct claimed){.fd = -1};
    return claim_take(fixture.inbox, claim, &id, out_claimed);
}

static bool work_is_empty(void)
{
    DIR *dir = fdopendir(openat(fixture.inbox->work_fd, ".", O_RDONLY | O_DIRECTORY));
    unsigned count = 0;

    while (readdir(dir) != NULL)
        count++;
    closedir(dir);
    return count == 2;
}

static void check_refused(const struct claim *claim, int code)
{
    struct claimed claimed;

    ck_assert_int_eq(take(claim, &claimed), code);
    ck_assert_int_eq(claimed.fd, -1);
    ck_assert(work_is_empty());
}

START_TEST(moves_into_work)
{
    struct claimed claimed;

    fixture_mkdir(&fixture, "x");
    fixture_put(&fixture, "x/a.txt", "text");
    struct claim claim = fixture_claim(&fixture, "x/a.txt");
    ck_assert_int_eq(take(&claim, &claimed), 0);
    ck_assert(!fixture_exists(&fixture, "x/a.txt"));
    ck_assert_uint_eq(claimed.inode, claim.inode);
    ck_assert_uint_eq(claimed.size, 4);
    ck_assert_int_eq(claimed.mtime_ns, claim.mtime_ns);
    ck_assert_int_eq(fcntl(claimed.fd, F_GETFL) & O_ACCMODE, O_RDONLY);
    ck_assert_int_eq(fcntl(claimed.fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    fixture_check_fd(claimed.fd, "text");
    close(claimed.fd);
    ck_assert_int_eq(claim_open(fixture.inbox, &id, &claimed), 0);
    fixture_check_fd(claimed.fd, "text");
    close(claimed.fd);
}
END_TEST

START_TEST(takes_any_name)
{
    static const char *const names[] = {"-rf", "a\nb", "\xff\xfe\x80", "a b'\"$(x)",
                                        "\xe4\xb8\xad"};
    char longest[256];
    struct claimed claimed;

    memset(longest, 'x', 255);
    longest[255] = '\0';
    for (size_t i = 0; i <= sizeof names / sizeof names[0]; i++) {
        const char *name = i < sizeof names / sizeof names[0] ? names[i] : longest;
        fixture_put(&fixture, name, name);
        struct claim claim = fixture_claim(&fixture, name);
        ck_assert_int_eq(take(&claim, &claimed), 0);
        fixture_check_fd(claimed.fd, name);
        close(claimed.fd);
        ck_assert_int_eq(unlinkat(fixture.inbox->work_fd, ID_TEXT, 0), 0);
    }
}
END_TEST

START_TEST(vanished_or_never_there)
{
    fixture_mkdir(&fixture, "x");
    fixture_put(&fixture, "x/a", "text");
    struct claim claim = fixture_claim(&fixture, "x/a");
    ck_assert_int_eq(unlinkat(fixture.inbox->root_fd, "x/a", 0), 0);
    check_refused(&claim, -ENOENT);
    ck_assert_int_eq(unlinkat(fixture.inbox->root_fd, "x", AT_REMOVEDIR), 0);
    check_refused(&claim, -ENOENT);
    fixture_put(&fixture, "x", "a file where the folder was");
    check_refused(&claim, -ENOENT);
    claim.path = "";
    check_refused(&claim, -EINVAL);
    claim.path = "x/..";
    check_refused(&claim, -EINVAL);
}
END_TEST

START_TEST(another_file_is_left_alone)
{
    fixture_put(&fixture, "a", "text");
    struct claim claim = fixture_claim(&fixture, "a");
    fixture_put(&fixture, "b", "else");
    fixture_rename(&fixture, "b", "a");
    check_refused(&claim, -ESTALE);
    fixture_check_text(&fixture, "a", "else");
}
END_TEST

START_TEST(changed_file_is_left_alone)
{
    fixture_put(&fixture, "a", "text");
    struct claim claim = fixture_claim(&fixture, "a");
    struct claim older = claim;
    older.mtime_ns--;
    check_refused(&older, -ESTALE);
    struct claim shorter = claim;
    shorter.size--;
    check_refused(&shorter, -ESTALE);
    fixture_check_text(&fixture, "a", "text");
}
END_TEST

START_TEST(file_with_a_writer_goes_back)
{
    fixture_put(&fixture, "a", "text");
    struct claim claim = fixture_claim(&fixture, "a");
    int fd = fixture_open_file(&fixture, "a", O_WRONLY);
    check_refused(&claim, -ESTALE);
    fixture_check_text(&fixture, "a", "text");
    close(fd);
}
END_TEST

START_TEST(what_is_no_file_is_left_alone)
{
    fixture_mkdir(&fixture, "folder");
    ck_assert_int_eq(symlinkat("/etc/passwd", fixture.inbox->root_fd, "link"), 0);
    ck_assert_int_eq(mkfifoat(fixture.inbox->root_fd, "fifo", 0600), 0);
    static const char *const names[] = {"folder", "link", "fifo"};
    for (int i = 0; i < 3; i++) {
        struct claim claim = fixture_claim(&fixture, names[i]);
        check_refused(&claim, -EINVAL);
        ck_assert(fixture_exists(&fixture, names[i]));
    }
}
END_TEST

START_TEST(link_on_the_way_is_not_followed)
{
    char outside[128];

    snprintf(outside, sizeof outside, "%s/outside", fixture.dir);
    ck_assert_int_eq(mkdir(outside, 0755), 0);
    fixture_mkdir(&fixture, "x");
    fixture_put(&fixture, "x/a", "text");
    struct claim claim = fixture_claim(&fixture, "x/a");
    /* The very same file, reached through a link. */
    fixture_rename(&fixture, "x/a", strcat(strcpy((char[160]){0}, outside), "/a"));
    ck_assert_int_eq(unlinkat(fixture.inbox->root_fd, "x", AT_REMOVEDIR), 0);
    ck_assert_int_eq(symlinkat(outside, fixture.inbox->root_fd, "x"), 0);
    check_refused(&claim, -ESTALE);
    ck_assert_int_eq(unlinkat(fixture.inbox->root_fd, "x", 0), 0);
    claim.path = "../outside/a";
    check_refused(&claim, -ESTALE);
    claim.path = strcat(outside, "/a");
    check_refused(&claim, -ESTALE);
    ck_assert(fixture_exists(&fixture, outside));
}
END_TEST

START_TEST(unreadable_file_stays)
{
    if (geteuid() != 0) {
        printf("skipped: needs root to be somebody else\n");
        return;
    }
    fixture_put(&fixture, "a", "text");
    ck_assert_int_eq(fchmodat(fixture.inbox->root_fd, "a", 0600, 0), 0);
    struct claim claim = fixture_claim(&fixture, "a");
    struct claimed claimed;
    ck_assert_int_eq(chmod(fixture.dir, 0755), 0);
    ck_assert_int_eq(seteuid(65534), 0);
    ck_assert_int_eq(take(&claim, &claimed), -EACCES);
    ck_assert_int_eq(seteuid(0), 0);
    ck_assert(work_is_empty());
    fixture_check_text(&fixture, "a", "text");
}
END_TEST

START_TEST(file_that_may_not_be_moved_stays)
{
    if (geteuid() != 0) {
        printf("skipped: needs root to be somebody else\n");
        return;
    }
    fixture_put(&fixture, "a", "text"); /* readable, in a folder of root's */
    struct claim claim = fixture_claim(&fixture, "a");
    struct claimed claimed;
    ck_assert_int_eq(chmod(fixture.dir, 0755), 0);
    ck_assert_int_eq(seteuid(65534), 0);
    ck_assert_int_eq(take(&claim, &claimed), -EACCES);
    ck_assert_int_eq(seteuid(0), 0);
    fixture_check_text(&fixture, "a", "text");
}
END_TEST

/* --- files with other links --------------------------------------------------------------------
 */

static void link_file(const char *from, const char *to)
{
    ck_assert_int_eq(linkat(fixture.inbox->root_fd, from, fixture.inbox->root_fd, to, 0), 0);
}

START_TEST(what_is_returned_replaces_nothing)
{
    struct claimed claimed;

    fixture_mkdir(&fixture, "x");
    fixture_put(&fixture, "x/a", "text");
    struct claim claim = fixture_claim(&fixture, "x/a");
    ck_assert_int_eq(take(&claim, &claimed), 0);
    close(claimed.fd);
    ck_assert_int_eq(claim_return(fixture.inbox, "x/a", &id), 0);
    fixture_check_text(&fixture, "x/a", "text");
    ck_assert_int_eq(claim_return(fixture.inbox, "x/a", &id), -ENOENT);
    /* The name is taken by now. */
    claim = fixture_claim(&fixture, "x/a");
    ck_assert_int_eq(take(&claim, &claimed), 0);
    close(claimed.fd);
    fixture_put(&fixture, "x/a", "newer");
    ck_assert_int_eq(claim_return(fixture.inbox, "x/a", &id), 0);
    fixture_check_text(&fixture, "x/a", "newer");
    fixture_check_text(&fixture, "x/" ID_TEXT, "text");
    /* The folder is gone by now. */
    claim = fixture_claim(&fixture, "x/" ID_TEXT);
    ck_assert_int_eq(take(&claim, &claimed), 0);
    close(claimed.fd);
    fixture_rename(&fixture, "x", "y");
    ck_assert_int_eq(claim_return(fixture.inbox, "x/" ID_TEXT, &id), 0);
    fixture_check_text(&fixture, ID_TEXT, "text");
}
END_TEST

START_TEST(linked_file_is_copied)
{
    struct stat status;
    struct claimed claimed;
    const struct timespec times[2] = {{.tv_sec = 1000000000},
                                      {.tv_sec = 1234567890, .tv_nsec = 987654321}};

    fixture_mkdir(&fixture, "x");
    fixture_put(&fixture, "x/a", "text");
    ck_assert_int_eq(utimensat(fixture.inbox->root_fd, "x/a", times, 0), 0);
    link_file("x/a", "other");
    struct claim claim = fixture_claim(&fixture, "x/a");
    ck_assert_int_eq(take(&claim, &claimed), 0);
    ck_assert(!fixture_exists(&fixture, "x/a"));
    fixture_check_text(&fixture, "other", "text");
    fixture_check_fd(claimed.fd, "text");
    ck_assert_uint_ne(claimed.inode, claim.inode);
    ck_assert_int_eq(claimed.mtime_ns, claim.mtime_ns);
    ck_assert_int_eq(fstat(claimed.fd, &status), 0);
    ck_assert_uint_eq(status.st_nlink, 1);
    ck_assert_uint_eq(status.st_mode & 0777, 0600);
    close(claimed.fd);
    /* Whoever has the other link cannot change what we hold. */
    fixture_put(&fixture, "other", "changed");
    fixture_check_text(&fixture, WORK ID_TEXT, "text");
    ck_assert(!fixture_exists(&fixture, WORK ID_TEXT ".part"));
    ck_assert(!fixture_exists(&fixture, WORK ID_TEXT ".source"));
}
END_TEST

START_TEST(linked_file_with_a_writer_stays)
{
    fixture_put(&fixture, "a", "text");
    link_file("a", "b");
    struct claim claim = fixture_claim(&fixture, "a");
    int fd = fixture_open_file(&fixture, "b", O_WRONLY);
    check_refused(&claim, -ESTALE);
    fixture_check_text(&fixture, "a", "text");
    close(fd);
}
END_TEST

START_TEST(large_linked_file_is_copied_whole)
{
    char *text = malloc(200001);
    struct claimed claimed;

    for (int i = 0; i < 200000; i++)
        text[i] = (char)('a' + i % 23);
    text[200000] = '\0';
    fixture_put(&fixture, "a", text);
    link_file("a", "b");
    struct claim claim = fixture_claim(&fixture, "a");
    ck_assert_int_eq(take(&claim, &claimed), 0);
    fixture_check_fd(claimed.fd, text);
    close(claimed.fd);
    free(text);
}
END_TEST

START_TEST(file_on_a_mount_below_is_copied)
{
    char *mount_point = fixture_path(&fixture, "mnt");
    struct claimed claimed;

    fixture_mkdir(&fixture, "mnt");
    if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
        mount("none", mount_point, "tmpfs", 0, NULL) < 0) {
        printf("skipped: may not mount (%s)\n", strerror(errno));
        free(mount_point);
        return;
    }
    inbox_close(fixture.inbox); /* its descriptors belong to the old mounts */
    ck_assert_int_eq(inbox_open(&fixture.settings, &fixture.inbox, NULL), 0);
    fixture_put(&fixture, "mnt/a", "text");
    struct claim claim = fixture_claim(&fixture, "mnt/a");
    ck_assert_int_eq(take(&claim, &claimed), 0);
    fixture_check_fd(claimed.fd, "text");
    close(claimed.fd);
    ck_assert(!fixture_exists(&fixture, "mnt/a"));
    ck_assert(!fixture_exists(&fixture, "mnt/.taxond-" ID_TEXT));
    ck_assert_int_eq(umount(mount_point), 0);
    free(mount_point);
}
END_TEST

/* --- after a crash ------------------------------------------------------------------------------
 */

static void check_resumed(const struct claim *claim, const char *text)
{
    struct claimed claimed;

    ck_assert_int_eq(claim_resume(fixture.inbox, claim, &id, &claimed), 1);
    fixture_check_fd(claimed.fd, text);
    close(claimed.fd);
}

START_TEST(resume_finds_what_was_moved_and_what_was_not)
{
    struct claimed claimed = {.fd = -1};

    fixture_put(&fixture, "a", "text");
    struct claim claim = fixture_claim(&fixture, "a");
    ck_assert_int_eq(claim_resume(fixture.inbox, &claim, &id, &claimed), 0);
    ck_assert_int_eq(claimed.fd, -1);
    fixture_check_text(&fixture, "a", "text");
    fixture_rename(&fixture, "a", WORK ID_TEXT);
    fixture_put(&fixture, "a", "a new one");
    check_resumed(&claim, "text");
    fixture_check_text(&fixture, "a", "a new one");
}
END_TEST

START_TEST(resume_removes_a_copied_source)
{
    fixture_put(&fixture, "a", "text");
    link_file("a", "b");
    struct claim claim = fixture_claim(&fixture, "a");
    fixture_put(&fixture, WORK ID_TEXT, "text"); /* the copy; the crash came then */
    check_resumed(&claim, "text");
    ck_assert(!fixture_exists(&fixture, "a"));
    fixture_check_text(&fixture, "b", "text");
    check_resumed(&claim, "text"); /* and a crash now changes nothing */
}
END_TEST

START_TEST(resume_after_the_devices_were_renumbered)
{
    static const char *const places[] = {"a", WORK ID_TEXT ".source", ".taxond-" ID_TEXT};

    for (int i = 0; i < 3; i++) {
        fixture_put(&fixture, "a", "text");
        struct claim claim = fixture_claim(&fixture, "a");
        claim.device ^= 1; /* as the row has it, from before the machine was started anew */
        if (i > 0)
            fixture_rename(&fixture, "a", places[i]);
        fixture_put(&fixture, WORK ID_TEXT, "text");
        check_resumed(&claim, "text");
        ck_assert(!fixture_exists(&fixture, places[i]));
        ck_assert(!fixture_exists(&fixture, "a"));
    }
}
END_TEST

START_TEST(resume_removes_a_source_set_aside)
{
    static const char *const asides[] = {WORK ID_TEXT ".source", ".taxond-" ID_TEXT};

    for (int i = 0; i < 2; i++) {
        fixture_put(&fixture, "a", "text");
        struct claim claim = fixture_claim(&fixture, "a");
        fixture_rename(&fixture, "a", asides[i]);
        fixture_put(&fixture, WORK ID_TEXT, "text");
        check_resumed(&claim, "text");
        ck_assert(!fixture_exists(&fixture, asides[i]));
        ck_assert(!fixture_exists(&fixture, "a"));
    }
}
END_TEST

START_TEST(resume_removes_nothing_else)
{
    static const char *const asides[] = {WORK ID_TEXT ".source", ".taxond-" ID_TEXT};

    fixture_put(&fixture, "a", "text");
    struct claim claim = fixture_claim(&fixture, "a");
    fixture_put(&fixture, WORK ID_TEXT, "tExt"); /* same size, other bytes: no copy of it */
    check_resumed(&claim, "tExt");
    fixture_check_text(&fixture, "a", "text");
    for (int i = 0; i < 2; i++) { /* set aside, then found to be another: goes back */
        fixture_rename(&fixture, "a", asides[i]);
        check_resumed(&claim, "tExt");
        fixture_check_text(&fixture, "a", "text");
    }
    fixture_rename(&fixture, "a", asides[0]); /* its name was taken: it gets another */
    fixture_put(&fixture, "a", "newer");
    check_resumed(&claim, "tExt");
    fixture_check_text(&fixture, "a", "newer");
    fixture_check_text(&fixture, ID_TEXT, "text");
}
END_TEST

/* --- somebody swaps the file all the time
 * --------------------------------------------------------- */

struct swapper {
    atomic_bool end;
};

static void *swap_all_the_time(void *context)
{
    struct swapper *swapper = context;

    while (!atomic_load(&swapper->end)) {
        (void)renameat2(fixture.inbox->root_fd, "a", fixture.inbox->root_fd, "b", RENAME_EXCHANGE);
        sched_yield();
    }
    return NULL;
}

/* However the two change places, both files are always somewhere, and what a claim says it took is
 * what work/ holds. */
START_TEST(swapped_files_are_never_lost)
{
    struct swapper swapper = {false};
    pthread_t thread;
    unsigned took = 0;
    unsigned missed = 0;

    fixture_put(&fixture, "a", "one");
    fixture_put(&fixture, "b", "two+");
    struct claim one = fixture_claim(&fixture, "a");
    ck_assert_int_eq(pthread_create(&thread, NULL, swap_all_the_time, &swapper), 0);
    while (took < OUTCOMES || missed < OUTCOMES) {
        struct claimed claimed;
        int code = take(&one, &claimed);
        ck_assert_msg(code == 0 || code == -ESTALE, "%d", code);
        if (code == -ESTALE) {
            missed++;
            ck_assert(work_is_empty());
            continue;
        }
        took++;
        ck_assert_uint_eq(claimed.inode, one.inode);
        fixture_check_fd(claimed.fd, "one");
        close(claimed.fd);
        fixture_rename(&fixture, WORK ID_TEXT, "a");
    }
    atomic_store(&swapper.end, true);
    pthread_join(thread, NULL);
    ck_assert(fixture_exists(&fixture, "a") && fixture_exists(&fixture, "b"));
}
END_TEST

/* The same with files that have other links, and are copied: the name that goes is the one whose
 * bytes were copied. */
START_TEST(swapped_linked_files_are_never_lost)
{
    struct swapper swapper = {false};
    pthread_t thread;
    unsigned took = 0;
    unsigned missed = 0;

    fixture_put(&fixture, "a", "one");
    fixture_put(&fixture, "b", "two+");
    link_file("a", "one");
    link_file("b", "two");
    struct claim one = fixture_claim(&fixture, "a");
    ck_assert_int_eq(pthread_create(&thread, NULL, swap_all_the_time, &swapper), 0);
    while (took < OUTCOMES / 10 || missed < OUTCOMES / 10) {
        struct claimed claimed;
        int code = take(&one, &claimed);
        ck_assert_msg(code == 0 || code == -ESTALE, "%d", code);
        if (code == -ESTALE) {
            missed++;
            ck_assert(work_is_empty());
            continue;
        }
        took++;
        fixture_check_fd(claimed.fd, "one");
        close(claimed.fd);
        ck_assert_int_eq(unlinkat(fixture.inbox->work_fd, ID_TEXT, 0), 0);
        fixture_check_text(&fixture, "b", "two+");
        link_file("one", "a");
    }
    atomic_store(&swapper.end, true);
    pthread_join(thread, NULL);
    ck_assert(fixture_exists(&fixture, "a") && fixture_exists(&fixture, "b"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("inbox/claim");
    TCase *tcase = tcase_create("all");

    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, moves_into_work);
    tcase_add_test(tcase, takes_any_name);
    tcase_add_test(tcase, vanished_or_never_there);
    tcase_add_test(tcase, another_file_is_left_alone);
    tcase_add_test(tcase, changed_file_is_left_alone);
    tcase_add_test(tcase, file_with_a_writer_goes_back);
    tcase_add_test(tcase, what_is_no_file_is_left_alone);
    tcase_add_test(tcase, link_on_the_way_is_not_followed);
    tcase_add_test(tcase, unreadable_file_stays);
    tcase_add_test(tcase, file_that_may_not_be_moved_stays);
    tcase_add_test(tcase, what_is_returned_replaces_nothing);
    tcase_add_test(tcase, linked_file_is_copied);
    tcase_add_test(tcase, linked_file_with_a_writer_stays);
    tcase_add_test(tcase, large_linked_file_is_copied_whole);
    tcase_add_test(tcase, file_on_a_mount_below_is_copied);
    tcase_add_test(tcase, resume_finds_what_was_moved_and_what_was_not);
    tcase_add_test(tcase, resume_removes_a_copied_source);
    tcase_add_test(tcase, resume_after_the_devices_were_renumbered);
    tcase_add_test(tcase, resume_removes_a_source_set_aside);
    tcase_add_test(tcase, resume_removes_nothing_else);
    tcase_add_test(tcase, swapped_files_are_never_lost);
    tcase_add_test(tcase, swapped_linked_files_are_never_lost);
    suite_add_tcase(suite, tcase);
    return fixture_main(suite);
}
