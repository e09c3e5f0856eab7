/* Tests of what is placed beside a document: copies, links, attributes, owners. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/file.h"
#include "base/xattr.h"
#include "faults.h"
#include "fixture.h"
#include "route/place.h"
#include "route/place_link.h"
#include "world.h"

#define ID       "01932f5c-7b1a-7000-8000-0123456789ab"
#define DOCUMENT "The document's own bytes.\n"

static struct fixture fixture;
static int work_fd;
static int root_fd;
static struct digest digest;

static void begin(void)
{
    fixture_init(&fixture);
    faults = (struct faults){.work_fd = -1, .error = EIO};
    work_fd = make_folder(&fixture, "work");
    root_fd = make_folder(&fixture, "archive");
    put(root_fd, "news/2026/a.txt", DOCUMENT);
    ck_assert_int_eq(digest_of_bytes(DOCUMENT, strlen(DOCUMENT), &digest), 0);
}

static void end(void)
{
    file_close(&work_fd);
    file_close(&root_fd);
    fixture_release(&fixture);
}

static struct placement copy_of(const char *target)
{
    return (struct placement){
        .work_fd = -1,
        .document_fd = openat(root_fd, "news/2026/a.txt", O_RDONLY | O_CLOEXEC),
        .id = {ID},
        .root_fd = root_fd,
        .target = target,
        .sidecar = "",
        .sidecar_data = "",
        .policy = CONFLICT_KEEP_BOTH,
        .file_mode = 0640,
        .folder_mode = 0750,
        .uid = FILE_SAME_OWNER,
        .gid = FILE_SAME_GROUP,
        .digest = &digest,
        .is_copy = true,
        .folder_fd = -1,
    };
}

static void done(struct placement *placement)
{
    place_release(placement);
    file_close(&placement->document_fd);
}

START_TEST(a_copy_is_a_file_of_its_own)
{
    struct stat status;

    begin();
    struct placement copy = copy_of("by/name/b.txt");
    ck_assert_int_eq(place_document(&copy, NULL), 0);
    ck_assert_str_eq(copy.placed, "by/name/b.txt");
    ck_assert_int_eq(place_finish(&copy, NULL), 0);
    check_file(root_fd, "by/name/b.txt", DOCUMENT);
    check_file(root_fd, "news/2026/a.txt", DOCUMENT);
    ck_assert_int_eq(fstatat(root_fd, "by/name/b.txt", &status, 0), 0);
    ck_assert_uint_eq(status.st_nlink, 1);
    done(&copy);
    put(root_fd, "by/name/c.txt", "other");
    copy = copy_of("by/name/c.txt");
    ck_assert_int_eq(place_document(&copy, NULL), 0);
    ck_assert_str_eq(copy.placed, "by/name/c-2.txt");
    check_file(root_fd, "by/name/c.txt", "other");
    done(&copy);
    copy = copy_of("by/name/c.txt");
    copy.policy = CONFLICT_FAIL;
    ck_assert_int_eq(place_document(&copy, NULL), -EEXIST);
    done(&copy);
    end();
}
END_TEST

static bool run_copy(int fail_at, bool dead)
{
    begin();
    struct placement copy = copy_of("c/b.txt");
    faults.count = 0;
    faults.dead = dead;
    faults.fail_at = fail_at;
    int code = place_document(&copy, NULL);
    bool failed = faults.count >= fail_at;
    faults.fail_at = 0;
    ck_assert(failed || code == 0);
    done(&copy);
    for (int again = 0; again < 2; again++) {
        copy = copy_of("c/b.txt");
        ck_assert_int_eq(place_document(&copy, NULL), 0);
        ck_assert_str_eq(copy.placed, "c/b.txt");
        done(&copy);
        check_file(root_fd, "c/b.txt", DOCUMENT);
        ck_assert_int_eq(count_files(root_fd, "c"), 1);
        check_file(root_fd, "news/2026/a.txt", DOCUMENT);
    }
    end();
    return failed;
}

START_TEST(a_copy_at_every_failure_and_crash)
{
    for (int dead = 0; dead < 2; dead++) {
        int calls = 0;
        while (run_copy(calls + 1, dead))
            calls++;
        ck_assert_int_ge(calls, 8);
    }
}
END_TEST

static struct place_link link_of(const char *target, bool hard, enum conflict_policy policy)
{
    return (struct place_link){
        .root_fd = root_fd,
        .placed = "news/2026/a.txt",
        .target = target,
        .id = {ID},
        .hard = hard,
        .policy = policy,
        .folder = {0750, FILE_SAME_OWNER, FILE_SAME_GROUP},
    };
}

static void check_link(const char *target, enum conflict_policy policy, const char *made,
                       const char *way)
{
    char says[256];
    struct err err = {""};

    for (int again = 0; again < 2; again++) {
        struct place_link link = link_of(target, false, policy);
        ck_assert_msg(place_link(&link, &err) == 0, "%s", err.text);
        ck_assert_str_eq(link.made, made);
        free(link.made);
        ssize_t len = readlinkat(root_fd, made, says, sizeof says - 1);
        ck_assert_int_gt(len, 0);
        says[len] = '\0';
        ck_assert_str_eq(says, way);
        check_file(root_fd, made, DOCUMENT);
    }
}

START_TEST(links_are_relative)
{
    begin();
    check_link("topics/air/b.txt", CONFLICT_KEEP_BOTH, "topics/air/b.txt", "../../news/2026/a.txt");
    check_link("b.txt", CONFLICT_KEEP_BOTH, "b.txt", "news/2026/a.txt");
    check_link("news/b.txt", CONFLICT_KEEP_BOTH, "news/b.txt", "2026/a.txt");
    check_link("news/2026/b.txt", CONFLICT_KEEP_BOTH, "news/2026/b.txt", "a.txt");
    check_link("news/2027/b.txt", CONFLICT_KEEP_BOTH, "news/2027/b.txt", "../2026/a.txt");
    end();
}
END_TEST

START_TEST(a_link_takes_no_name_from_anybody)
{
    begin();
    put(root_fd, "d/b.txt", "other");
    check_link("d/b.txt", CONFLICT_KEEP_BOTH, "d/b-2.txt", "../news/2026/a.txt");
    check_link("d/b.txt", CONFLICT_REPLACE_OLDER, "d/b-2.txt", "../news/2026/a.txt");
    check_file(root_fd, "d/b.txt", "other");
    struct place_link link = link_of("d/b.txt", false, CONFLICT_FAIL);
    ck_assert_int_eq(place_link(&link, NULL), -EEXIST);
    /* A link that says something else is another's, except where the later one is to have it. */
    ck_assert_int_eq(symlinkat("nowhere", root_fd, "d/latest"), 0);
    check_link("d/latest", CONFLICT_KEEP_BOTH, "d/latest-2", "../news/2026/a.txt");
    check_link("d/latest", CONFLICT_REPLACE_OLDER, "d/latest", "../news/2026/a.txt");
    ck_assert_int_eq(count_files(root_fd, "d"), 4);
    end();
}
END_TEST

START_TEST(a_hard_link_is_the_same_file)
{
    struct stat here;
    struct stat there;

    begin();
    for (int again = 0; again < 2; again++) {
        struct place_link link = link_of("d/b.txt", true, CONFLICT_KEEP_BOTH);
        ck_assert_int_eq(place_link(&link, NULL), 0);
        ck_assert_str_eq(link.made, "d/b.txt");
        free(link.made);
    }
    ck_assert_int_eq(fstatat(root_fd, "d/b.txt", &here, 0), 0);
    ck_assert_int_eq(fstatat(root_fd, "news/2026/a.txt", &there, 0), 0);
    ck_assert_uint_eq(here.st_ino, there.st_ino);
    ck_assert_uint_eq(here.st_nlink, 2);
    end();
}
END_TEST

START_TEST(no_link_leads_out)
{
    begin();
    ck_assert_int_eq(symlinkat("/tmp", root_fd, "out"), 0);
    struct place_link link = link_of("out/b.txt", false, CONFLICT_KEEP_BOTH);
    ck_assert_int_eq(place_link(&link, NULL), -ELOOP);
    link = link_of("../b.txt", false, CONFLICT_KEEP_BOTH);
    ck_assert_int_eq(place_link(&link, NULL), -EXDEV);
    link = link_of("d/", false, CONFLICT_KEEP_BOTH);
    ck_assert_int_eq(place_link(&link, NULL), -EBADMSG);
    end();
}
END_TEST

static bool run_link(int fail_at, bool dead, bool hard, enum conflict_policy policy)
{
    begin();
    if (policy == CONFLICT_REPLACE_OLDER) {
        put(root_fd, "d/keep", "");
        ck_assert_int_eq(symlinkat("nowhere", root_fd, "d/b.txt"), 0);
        ck_assert_int_eq(unlinkat(root_fd, "d/keep", 0), 0);
    }
    struct place_link link = link_of("d/b.txt", hard, policy);
    faults.count = 0;
    faults.dead = dead;
    faults.fail_at = fail_at;
    int code = place_link(&link, NULL);
    bool failed = faults.count >= fail_at;
    faults.fail_at = 0;
    ck_assert(failed || code == 0);
    free(link.made);
    link = link_of("d/b.txt", hard, policy);
    ck_assert_int_eq(place_link(&link, NULL), 0);
    ck_assert_str_eq(link.made, "d/b.txt");
    free(link.made);
    check_file(root_fd, "d/b.txt", DOCUMENT);
    ck_assert_int_eq(count_files(root_fd, "d"), 1);
    end();
    return failed;
}

START_TEST(a_link_at_every_failure_and_crash)
{
    for (int i = 0; i < 6; i++) {
        int calls = 0;
        while (run_link(calls + 1, i % 2, i / 2 == 1,
                        i / 2 == 2 ? CONFLICT_REPLACE_OLDER : CONFLICT_KEEP_BOTH))
            calls++;
        ck_assert_int_ge(calls, 2);
    }
}
END_TEST

/* Whether the file system of the test has them. */
static bool set_attribute(int dir, const char *path, const char *name, const char *value)
{
    int fd = openat(dir, path, O_RDONLY);
    bool done = fsetxattr(fd, name, value, strlen(value), 0) == 0;

    file_close(&fd);
    return done;
}

static void check_attribute(const char *path, const char *name, const char *wanted)
{
    char value[256];
    int fd = openat(root_fd, path, O_RDONLY);
    ssize_t len = fgetxattr(fd, name, value, sizeof value - 1);

    file_close(&fd);
    ck_assert_msg(len >= 0, "%s has no %s", path, name);
    value[len] = '\0';
    ck_assert_str_eq(value, wanted);
}

START_TEST(attributes_and_times_go_with_a_copy)
{
    const struct timespec times[2] = {{.tv_sec = 1000000000}, {.tv_sec = 1000000001, .tv_nsec = 7}};
    struct stat status;

    begin();
    ck_assert_int_eq(utimensat(root_fd, "news/2026/a.txt", times, 0), 0);
    if (!set_attribute(root_fd, "news/2026/a.txt", XATTR_ORIGIN_URL, "https://a.example/1")) {
        puts("skipped: no extended attributes here");
        end();
        return;
    }
    ck_assert(set_attribute(root_fd, "news/2026/a.txt", XATTR_REFERRER_URL, "https://a.example/"));
    ck_assert(set_attribute(root_fd, "news/2026/a.txt", "user.note", "seen"));
    struct placement copy = copy_of("c/b.txt");
    copy.origin = "https://b.example/other"; /* not over what it has */
    ck_assert_int_eq(place_document(&copy, NULL), 0);
    check_attribute("c/b.txt", XATTR_ORIGIN_URL, "https://a.example/1");
    check_attribute("c/b.txt", XATTR_REFERRER_URL, "https://a.example/");
    check_attribute("c/b.txt", "user.note", "seen");
    ck_assert_int_eq(fstatat(root_fd, "c/b.txt", &status, 0), 0);
    ck_assert_int_eq(status.st_mtim.tv_sec, 1000000001);
    ck_assert_int_eq(status.st_mtim.tv_nsec, 7);
    done(&copy);
    put(root_fd, "news/2026/a.txt", DOCUMENT);
    ck_assert_int_eq(unlinkat(root_fd, "news/2026/a.txt", 0), 0);
    put(root_fd, "news/2026/a.txt", DOCUMENT);
    copy = copy_of("c/c.txt");
    copy.origin = "https://b.example/other";
    ck_assert_int_eq(place_document(&copy, NULL), 0);
    check_attribute("c/c.txt", XATTR_ORIGIN_URL, "https://b.example/other");
    done(&copy);
    end();
}
END_TEST

START_TEST(an_owner_that_cannot_be_given_is_said_so)
{
    struct err err = {""};
    struct stat status;

    begin();
    put(work_fd, ID, DOCUMENT);
    struct placement placement = copy_of("o/p/a.txt");
    file_close(&placement.document_fd);
    placement.document_fd = openat(work_fd, ID, O_RDONLY | O_CLOEXEC);
    placement.is_copy = false;
    placement.work_fd = work_fd;
    if (geteuid() != 0)
        placement.uid = geteuid() + 1;
    else
        placement.uid = 12345;
    placement.gid = getegid();
    int code = place_document(&placement, &err);
    if (geteuid() == 0) {
        ck_assert_msg(code == 0, "%s", err.text);
        ck_assert_int_eq(fstatat(root_fd, "o/p/a.txt", &status, 0), 0);
        ck_assert_uint_eq(status.st_uid, 12345);
        ck_assert_uint_eq(status.st_mode & 07777, 0640);
        ck_assert_int_eq(fstatat(root_fd, "o", &status, 0), 0); /* both folders were made */
        ck_assert_uint_eq(status.st_uid, 12345);
    } else {
        ck_assert_int_eq(code, -EPERM);
        check_file(work_fd, ID, DOCUMENT);
    }
    done(&placement);
    /* Whoever we are: the call fails. */
    put(work_fd, ID, "another");
    put(root_fd, "q/x", "");
    placement = copy_of("q/a.txt");
    file_close(&placement.document_fd);
    placement.document_fd = openat(work_fd, ID, O_RDONLY | O_CLOEXEC);
    placement.is_copy = false;
    placement.work_fd = work_fd;
    placement.uid = 12345;
    bool seen = false;
    for (int at = 1; !seen && at < 40; at++) {
        faults.count = 0;
        faults.error = EPERM;
        faults.fail_at = at;
        code = place_document(&placement, &err);
        faults.fail_at = 0;
        seen = code < 0 && strcmp(faults.last, "fchown") == 0;
        if (code < 0)
            continue;
        done(&placement); /* that failure was borne */
        ck_assert_int_eq(unlinkat(root_fd, "q/a.txt", 0), 0);
        put(work_fd, ID, "another");
        placement.document_fd = openat(work_fd, ID, O_RDONLY | O_CLOEXEC);
    }
    ck_assert(seen || geteuid() != 0);
    if (seen)
        ck_assert_ptr_nonnull(strstr(err.text, "its owner cannot be set"));
    done(&placement);
    end();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_copy_is_a_file_of_its_own,
        a_copy_at_every_failure_and_crash,
        links_are_relative,
        a_link_takes_no_name_from_anybody,
        a_hard_link_is_the_same_file,
        no_link_leads_out,
        a_link_at_every_failure_and_crash,
        attributes_and_times_go_with_a_copy,
        an_owner_that_cannot_be_given_is_said_so,
    };

    return FIXTURE_RUN("route/place_also", tests);
}
