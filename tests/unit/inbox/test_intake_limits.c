/* Tests of inbox/intake where there is more than fits: files, events, watches. Nothing is lost and
 * nothing grows. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/id.h"
#include "fixture.h"
#include "inbox/intake_state.h"

#define HOUR_MS   3600000u
#define SHORT_MS  30u
#define FILES     5000
#define QUEUE_MAX 200000 /* events; a larger kernel queue takes too long to fill */

static struct fixture fixture;
static const char *wanted;
static unsigned claimed_count;
static bool was_claimed[FILES];

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

static void put_numbered(int i)
{
    char path[64];

    snprintf(path, sizeof path, "folder%d/sub%d/%d", i % 10, i % 7, i);
    fixture_put(&fixture, path, "text");
}

static void make_folders(void)
{
    char path[64];

    for (int i = 0; i < 10; i++) {
        snprintf(path, sizeof path, "folder%d", i);
        fixture_mkdir(&fixture, path);
        for (int j = 0; j < 7; j++) {
            snprintf(path, sizeof path, "folder%d/sub%d", i, j);
            fixture_mkdir(&fixture, path);
        }
    }
}

/* Complete at once, and heard of only as a name that appeared. */
static void link_numbered(int i)
{
    char path[64];

    snprintf(path, sizeof path, "../%d", i);
    fixture_put(&fixture, path, "text");
    char *from = fixture_path(&fixture, path);
    snprintf(path, sizeof path, "folder%d/sub%d/%d", i % 10, i % 7, i);
    char *to = fixture_path(&fixture, path);
    ck_assert_int_eq(link(from, to), 0);
    ck_assert_int_eq(unlink(from), 0);
    free(from);
    free(to);
}

/* Claims one that was taken, as the line does. */
static void claim_one(struct fixture *f, struct candidate *candidate)
{
    struct claim claim = {
        .path = candidate->path,
        .device = candidate->device,
        .inode = candidate->inode,
        .size = candidate->size,
        .mtime_ns = candidate->mtime_ns,
    };
    struct claimed claimed;
    struct id id;

    ck_assert_int_eq(id_new(&id), 0);
    int code = claim_take(f->inbox, &claim, &id, &claimed);
    ck_assert_msg(code == 0, "%s: %d", candidate->path, code);
    close(claimed.fd);
    int number = atoi(strrchr(candidate->path, '/') + 1);
    ck_assert_msg(!was_claimed[number], "%s twice", candidate->path);
    was_claimed[number] = true;
    claimed_count++;
}

/* A slow line: takes a few whenever the condition is asked for. */
static bool claimed_all(struct fixture *f)
{
    fixture_take(f, 37);
    for (size_t i = 0; i < f->taken_count; i++)
        claim_one(f, &f->taken[i]);
    fixture_forget_all(f);
    return claimed_count == FILES && fixture_is_idle(f);
}

START_TEST(burst_of_events_in_nested_folders)
{
    make_folders();
    fixture.takes = false;
    fixture_start(&fixture, SHORT_MS, true);
    run_until(fixture_is_scanned);
    for (int i = 0; i < FILES; i++)
        put_numbered(i);
    run_until(claimed_all);
    ck_assert_uint_eq(fixture.most_ready, INTAKE_READY_MAX); /* it was full and never fuller */
    ck_assert_uint_le(fixture.most_waiting, INTAKE_WAITING_MAX);
}
END_TEST

START_TEST(burst_with_its_folders)
{
    fixture.takes = false;
    fixture_start(&fixture, SHORT_MS, true);
    run_until(fixture_is_scanned);
    make_folders();
    for (int i = 0; i < FILES; i++)
        put_numbered(i);
    run_until(claimed_all);
    ck_assert_uint_le(fixture.most_ready, INTAKE_READY_MAX);
    ck_assert_uint_le(fixture.most_waiting, INTAKE_WAITING_MAX);
}
END_TEST

/* It settles from when it is first seen, however long the making of all took. */
static void put_from_the_future(int i)
{
    const struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = 4000000000}}; /* 2096 */
    char path[64];

    put_numbered(i);
    snprintf(path, sizeof path, "folder%d/sub%d/%d", i % 10, i % 7, i);
    ck_assert_int_eq(utimensat(fixture.inbox->root_fd, path, times, 0), 0);
}

/* All of them must settle, and there are more than may wait: 0 found by a scan, 1 heard of. */
START_TEST(more_files_than_may_wait)
{
    fixture.takes = false;
    make_folders();
    if (_i == 1) {
        fixture_start(&fixture, 1000, true);
        run_until(fixture_is_scanned);
    }
    for (int i = 0; i < FILES; i++) {
        if (_i == 0)
            put_from_the_future(i);
        else
            link_numbered(i);
    }
    if (_i == 0)
        fixture_start(&fixture, 1000, true);
    run_until(claimed_all);
    ck_assert_uint_eq(fixture.most_waiting, INTAKE_WAITING_MAX);
    if (_i == 0) /* it held its place while they settled */
        ck_assert_uint_eq(fixture_stats(&fixture).scans, 1);
    else
        ck_assert_uint_gt(fixture_stats(&fixture).scans, 1);
}
END_TEST

static void put_new(int *number, int count)
{
    char name[64];

    for (int i = 0; i < count; i++) {
        snprintf(name, sizeof name, "new%d", (*number)++);
        fixture_put(&fixture, name, "");
    }
}

static bool ring_is_full(struct fixture *f)
{
    return fixture_stats(f).ready == INTAKE_READY_MAX;
}

/* What came with a folder, and is found by a scan alone, is not kept waiting for ever because more
 * events keep coming than the line can take. */
START_TEST(events_do_not_starve_a_scan)
{
    int number = 0;

    fixture_mkdir(&fixture, "../x");
    fixture_put(&fixture, "../x/old", "text");
    fixture.takes = false;
    fixture_start(&fixture, 0, true);
    run_until(fixture_is_scanned);
    put_new(&number, 400);
    run_until(ring_is_full);
    fixture_rename(&fixture, "../x", "x");
    wanted = "x/old";
    for (int round = 0; !took_wanted(&fixture); round++) {
        ck_assert_int_lt(round, 100);
        put_new(&number, 60);
        fixture_take(&fixture, 30);
        uv_run(&fixture.loop, UV_RUN_NOWAIT);
    }
}
END_TEST

static long kernel_queue(void)
{
    struct strbuf text = STRBUF_INIT;
    long value = 0;

    if (file_slurp_path("/proc/sys/fs/inotify/max_queued_events", 64, &text) == 0)
        value = strtol(strbuf_text(&text), NULL, 10);
    strbuf_release(&text);
    return value;
}

static bool overflowed(struct fixture *f)
{
    return fixture_stats(f).overflows > 0;
}

START_TEST(overflow_is_made_up_for_by_a_scan)
{
    long queue = kernel_queue();

    if (queue <= 0 || queue > QUEUE_MAX) {
        printf("skipped: fs.inotify.max_queued_events is %ld\n", queue);
        return;
    }
    fixture_start(&fixture, 0, true);
    run_until(fixture_is_scanned);
    fixture_put(&fixture, "a", "text"); /* two in turn: equal events in a row become one */
    fixture_put(&fixture, "b", "text");
    for (long i = 0; i < queue; i++)
        close(fixture_open_file(&fixture, i % 2 == 0 ? "a" : "b", O_WRONLY));
    fixture_put(&fixture, "unheard", "text");
    fixture_mkdir(&fixture, "x");
    fixture_put(&fixture, "x/unheard", "text");
    run_until(overflowed);
    wanted = "unheard";
    run_until(took_wanted);
    wanted = "x/unheard";
    run_until(took_wanted);
    ck_assert_uint_eq(fixture_taken(&fixture, "a"), 1);
    ck_assert_uint_eq(fixture_stats(&fixture).watches, 2);
}
END_TEST

static bool has_rescanned(struct fixture *f)
{
    return fixture_stats(f).scans >= 3;
}

/* A user namespace has limits of its own, so that the machine's need not be touched. */
static bool limit_inotify(const char *name, const char *value)
{
    char path[64];
    int fd = -1;

    snprintf(path, sizeof path, "/proc/sys/user/%s", name);
    if (unshare(CLONE_NEWUSER) == 0)
        fd = open(path, O_WRONLY | O_CLOEXEC);
    bool done = fd >= 0 && write(fd, value, strlen(value)) == (ssize_t)strlen(value);
    if (!done)
        printf("skipped: no user namespace with limits of its own (%s)\n", strerror(errno));
    file_close(&fd);
    return done;
}

START_TEST(limit_of_watches_leaves_scans)
{
    if (!limit_inotify("max_inotify_watches", "4"))
        return;
    make_folders();
    fixture.settings.scan_every_ms = HOUR_MS;
    fixture.settings.poll_every_ms = 50;
    fixture_start(&fixture, 0, true);
    run_until(fixture_is_scanned);
    ck_assert_uint_eq(fixture_stats(&fixture).watches, 4);
    ck_assert(fixture_stats(&fixture).polled);
    const char *trouble = intake_trouble(fixture.intake);
    ck_assert_msg(strstr(trouble, "81 folders need an inotify watch and 4 could be had") != NULL,
                  "%s", trouble);
    ck_assert_msg(strstr(trouble, "sysctl -w fs.inotify.max_user_watches=") != NULL, "%s", trouble);
    for (int i = 0; i < 70; i++)
        put_numbered(i);
    for (int i = 0; i < 70; i++) {
        char path[64];
        snprintf(path, sizeof path, "folder%d/sub%d/%d", i % 10, i % 7, i);
        wanted = path;
        run_until(took_wanted);
    }
}
END_TEST

START_TEST(no_inotify_leaves_scans)
{
    if (!limit_inotify("max_inotify_instances", "0"))
        return;
    fixture.settings.scan_every_ms = HOUR_MS;
    fixture.settings.poll_every_ms = 20;
    fixture_start(&fixture, 0, true);
    run_until(has_rescanned);
    ck_assert_uint_eq(fixture_stats(&fixture).watches, 0);
    const char *trouble = intake_trouble(fixture.intake);
    ck_assert_msg(strstr(trouble, "max_user_instances") != NULL, "%s", trouble);
    fixture_put(&fixture, "a", "text");
    wanted = "a";
    run_until(took_wanted);
    fixture_forget_all(&fixture);
    run_until(fixture_is_idle);
}
END_TEST

static bool has_rescanned_and_taken(struct fixture *f)
{
    return has_rescanned(f) && fixture_taken(f, "a") > 0;
}

/* What other machines write there raises no notice here. */
START_TEST(network_file_system_is_polled)
{
    static const uint64_t magics[] = {0x6969, 0xFF534D42, 0xFE534D42, 0x65735546}; /* magic.h */
    static const char *const names[] = {"nfs", "cifs", "smb2", "fuse"};

    fixture.inbox->file_system = file_system_find(magics[_i]);
    fixture.settings.scan_every_ms = HOUR_MS;
    fixture.settings.poll_every_ms = 20;
    fixture_put(&fixture, "a", "text");
    fixture_start(&fixture, SHORT_MS, true);
    run_until(has_rescanned_and_taken);
    ck_assert(fixture_stats(&fixture).polled);
    ck_assert_str_eq(fixture_stats(&fixture).remote->name, names[_i]);
    ck_assert_str_eq(intake_trouble(fixture.intake), ""); /* it is as it should be there */
}
END_TEST

START_TEST(local_file_system_is_not_polled)
{
    fixture.inbox->file_system = file_system_find(0xEF53);
    fixture.settings.scan_every_ms = HOUR_MS;
    fixture.settings.poll_every_ms = 20;
    fixture_start(&fixture, SHORT_MS, true);
    run_until(fixture_is_scanned);
    ck_assert(!fixture_stats(&fixture).polled);
    ck_assert_ptr_null(fixture_stats(&fixture).remote);
}
END_TEST

static bool met_trouble(struct fixture *f)
{
    return intake_trouble(f->intake)[0] != '\0';
}

/* Want of descriptors passes: what could not be looked into is looked into later. */
START_TEST(want_of_descriptors_passes)
{
    struct rlimit limit;
    struct rlimit none = {0};

    fixture_mkdir(&fixture, "x");
    fixture_put(&fixture, "x/a", "text");
    fixture_start(&fixture, 0, true);
    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    int next_fd = dup(0);
    close(next_fd);
    none.rlim_cur = (rlim_t)next_fd;
    none.rlim_max = limit.rlim_max;
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
    run_until(met_trouble);
    ck_assert(!fixture_is_idle(&fixture));
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    wanted = "x/a";
    run_until(took_wanted);
    ck_assert_str_eq(intake_trouble(fixture.intake), "");
}
END_TEST

START_TEST(deep_tree_is_told)
{
    int fd = dup(fixture.inbox->root_fd);

    for (int i = 0; i < 140; i++) {
        ck_assert_int_eq(mkdirat(fd, "d", 0755), 0);
        int next_fd = openat(fd, "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        close(fd);
        fd = next_fd;
    }
    close(fd);
    fixture_put(&fixture, "a", "text");
    fixture_start(&fixture, 0, true);
    run_until(fixture_is_scanned);
    ck_assert_msg(strstr(intake_trouble(fixture.intake), "too deep") != NULL, "%s",
                  intake_trouble(fixture.intake));
    wanted = "a";
    run_until(took_wanted);
    ck_assert_uint_eq(fixture_stats(&fixture).watches, SCAN_DEPTH_MAX);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("inbox/intake_limits");
    TCase *tcase = tcase_create("all");

    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, burst_of_events_in_nested_folders);
    tcase_add_test(tcase, burst_with_its_folders);
    tcase_add_loop_test(tcase, more_files_than_may_wait, 0, 2);
    tcase_add_test(tcase, events_do_not_starve_a_scan);
    tcase_add_test(tcase, overflow_is_made_up_for_by_a_scan);
    tcase_add_test(tcase, limit_of_watches_leaves_scans);
    tcase_add_test(tcase, no_inotify_leaves_scans);
    tcase_add_loop_test(tcase, network_file_system_is_polled, 0, 4);
    tcase_add_test(tcase, local_file_system_is_not_polled);
    tcase_add_test(tcase, want_of_descriptors_passes);
    tcase_add_test(tcase, deep_tree_is_told);
    suite_add_tcase(suite, tcase);
    return fixture_main(suite);
}
