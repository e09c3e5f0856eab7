/* Tests of inbox/settle and inbox/lease: nothing is ready that is still being written. */
#include "inbox/settle.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "fixture.h"
#include "inbox/lease.h"

#define HOUR_MS   3600000u
#define NS_PER_MS 1000000

static struct fixture fixture;

static void setup(void)
{
    fixture_open(&fixture);
}

static void teardown(void)
{
    fixture_close(&fixture);
}

static enum settle_verdict look(const char *name, enum settle_cause cause, uint32_t settle_ms)
{
    const struct settle_terms terms = {.settle_ms = settle_ms};
    struct settle_state state = {.looked = false};
    uint64_t wait_us = 0;
    enum settle_verdict verdict =
        settle_look(fixture.inbox->root_fd, name, cause, &terms, &state, &wait_us);

    if (verdict == SETTLE_WAIT)
        ck_assert_uint_gt(wait_us, 0);
    return verdict;
}

START_TEST(event_is_ready_at_once_and_a_find_rests)
{
    fixture_put(&fixture, "a", "text");
    ck_assert_int_eq(look("a", SETTLE_CLOSED, HOUR_MS), SETTLE_READY);
    ck_assert_int_eq(look("a", SETTLE_RENAMED, HOUR_MS), SETTLE_READY);
    ck_assert_int_eq(look("a", SETTLE_FOUND, HOUR_MS), SETTLE_WAIT);
    ck_assert_int_eq(look("a", SETTLE_FOUND, 0), SETTLE_READY);
    ck_assert_int_eq(look("missing", SETTLE_CLOSED, 0), SETTLE_GONE);
}
END_TEST

START_TEST(writer_keeps_it_back)
{
    int fd = fixture_open_file(&fixture, "a", O_WRONLY | O_CREAT);

    ck_assert_int_eq(look("a", SETTLE_CLOSED, HOUR_MS), SETTLE_WAIT);
    ck_assert_int_eq(look("a", SETTLE_RENAMED, HOUR_MS), SETTLE_WAIT);
    ck_assert_int_eq(look("a", SETTLE_FOUND, 0), SETTLE_WAIT);
    close(fd);
    ck_assert_int_eq(look("a", SETTLE_FOUND, 0), SETTLE_READY);
}
END_TEST

START_TEST(writable_mapping_keeps_it_back)
{
    fixture_put(&fixture, "a", "text");
    int fd = fixture_open_file(&fixture, "a", O_RDWR);
    void *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    ck_assert_ptr_ne(map, MAP_FAILED);
    close(fd);
    ck_assert_int_eq(look("a", SETTLE_CLOSED, 0), SETTLE_WAIT);
    ck_assert_int_eq(munmap(map, 4096), 0);
    ck_assert_int_eq(look("a", SETTLE_CLOSED, 0), SETTLE_READY);
}
END_TEST

START_TEST(reader_does_not)
{
    fixture_put(&fixture, "a", "text");
    int fd = fixture_open_file(&fixture, "a", O_RDONLY);
    ck_assert_int_eq(look("a", SETTLE_CLOSED, 0), SETTLE_READY);
    close(fd);
}
END_TEST

START_TEST(what_is_no_file_is_left_alone)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char *fifo = fixture_path(&fixture, "fifo");
    char *link = fixture_path(&fixture, "link");
    char *path = fixture_path(&fixture, "socket");
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    ck_assert_uint_lt(strlen(path), sizeof address.sun_path);
    strcpy(address.sun_path, path);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    ck_assert_int_eq(mkfifo(fifo, 0600), 0);
    fixture_put(&fixture, "a", "text");
    ck_assert_int_eq(symlink("a", link), 0);
    fixture_mkdir(&fixture, "folder");
    int watch_fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    ck_assert_int_ge(inotify_add_watch(watch_fd, fifo, IN_OPEN), 0);
    static const char *const names[] = {"fifo", "link", "socket", "folder", ".", ".."};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        ck_assert_int_eq(look(names[i], SETTLE_RENAMED, 0), SETTLE_GONE);
        ck_assert_int_eq(look(names[i], SETTLE_FOUND, 0), SETTLE_GONE);
    }
    /* Nor even opened: that would let a writer in. */
    char event[512];
    ck_assert_int_lt(read(watch_fd, event, sizeof event), 0);
    close(watch_fd);
    close(fd);
    free(fifo);
    free(link);
    free(path);
}
END_TEST

/* No lease is to be had on another's file without CAP_LEASE. */
START_TEST(without_a_lease_quiet_time_decides_about_a_close)
{
    if (geteuid() != 0) {
        printf("skipped: needs root to be somebody else\n");
        return;
    }
    fixture_put(&fixture, "a", "text");
    int fd = fixture_open_file(&fixture, "a", O_WRONLY);
    ck_assert_int_eq(chmod(fixture.dir, 0755), 0);
    ck_assert_int_eq(chmod(fixture.in, 0777), 0);
    ck_assert_int_eq(seteuid(65534), 0);
    int probe_fd = fixture_open_file(&fixture, "a", O_RDONLY);
    ck_assert_int_eq(lease_probe(probe_fd), LEASE_UNKNOWN);
    close(probe_fd);
    ck_assert_int_eq(look("a", SETTLE_CLOSED, HOUR_MS), SETTLE_WAIT);
    ck_assert_int_eq(look("a", SETTLE_FOUND, HOUR_MS), SETTLE_WAIT);
    ck_assert_int_eq(look("a", SETTLE_RENAMED, HOUR_MS), SETTLE_READY);
    ck_assert_int_eq(look("a", SETTLE_CLOSED, 0), SETTLE_READY);
    ck_assert_int_eq(seteuid(0), 0);
    close(fd);
}
END_TEST

static void check_refused(const char *name, int code)
{
    const struct settle_terms terms = {.settle_ms = 0};
    struct settle_state state = {.looked = false};
    uint64_t wait_us;

    ck_assert_int_eq(settle_look(fixture.inbox->root_fd, name, SETTLE_FOUND, &terms, &state,
                                 &wait_us),
                     SETTLE_REFUSED);
    ck_assert_int_eq(state.refusal, code);
}

/* Not given out: each claim of it would fail, scan after scan. */
START_TEST(what_may_not_be_taken_is_refused)
{
    if (geteuid() != 0) {
        printf("skipped: needs root to be somebody else\n");
        return;
    }
    int fd = fixture_open_file(&fixture, "a", O_WRONLY | O_CREAT);
    ck_assert_int_eq(fchmod(fd, 0600), 0);
    close(fd);
    fixture_put(&fixture, "b", "text");
    ck_assert_int_eq(chmod(fixture.dir, 0755), 0);
    ck_assert_int_eq(chmod(fixture.in, 0777), 0);
    ck_assert_int_eq(seteuid(65534), 0);
    check_refused("a", -EACCES);
    ck_assert_int_eq(look("b", SETTLE_FOUND, 0), SETTLE_READY);
    ck_assert_int_eq(seteuid(0), 0);
    ck_assert_int_eq(chmod(fixture.in, 0755), 0);
    ck_assert_int_eq(seteuid(65534), 0);
    check_refused("b", -EACCES); /* it cannot be moved out of its folder */
    ck_assert_int_eq(seteuid(0), 0);
    ck_assert_int_eq(look("a", SETTLE_FOUND, 0), SETTLE_READY);
}
END_TEST

static struct settle_state state_of(int64_t mtime_ms, int64_t ctime_ms, uint64_t since_us)
{
    return (struct settle_state){
        .looked = true,
        .since_us = since_us,
        .identity = {.mtime_ns = mtime_ms * NS_PER_MS, .ctime_ns = ctime_ms * NS_PER_MS},
    };
}

static uint64_t quiet_left_ms(const struct settle_state *state, uint32_t settle_ms, int64_t wall_ms,
                              uint64_t now_us)
{
    const struct settle_terms terms = {.settle_ms = settle_ms};

    return settle_quiet_left_ms(state, &terms, wall_ms, now_us);
}

START_TEST(both_times_must_be_quiet)
{
    const int64_t now = 1000000;
    struct settle_state old = state_of(now - 5000, now - 5000, 0);
    struct settle_state moved = state_of(now - 5000, now - 300, 0);
    struct settle_state odd = state_of(now - 300, now - 5000, 0);

    ck_assert_uint_eq(quiet_left_ms(&old, 1000, now, 0), 0);
    ck_assert_uint_eq(quiet_left_ms(&moved, 1000, now, 0), 700);
    ck_assert_uint_eq(quiet_left_ms(&odd, 1000, now, 0), 700);
    ck_assert_uint_eq(quiet_left_ms(&odd, 300, now, 0), 0);
}
END_TEST

START_TEST(future_counts_from_first_sight)
{
    const int64_t now = 1000000;
    const uint64_t seen_us = 50000000;
    struct settle_state future = state_of(now + 99999, now - 5000, seen_us);
    struct settle_state clock_set_back = state_of(now - 5000, now + 1, seen_us);

    ck_assert_uint_eq(quiet_left_ms(&future, 1000, now, seen_us), 1000);
    ck_assert_uint_eq(quiet_left_ms(&future, 1000, now, seen_us + 400000), 600);
    ck_assert_uint_eq(quiet_left_ms(&future, 1000, now, seen_us + 1000000), 0);
    ck_assert_uint_eq(quiet_left_ms(&clock_set_back, 1000, now, seen_us), 1000);
}
END_TEST

/* The server's clock may be hours behind: what is being written there looks old to us. */
START_TEST(times_of_another_machine_say_nothing)
{
    const struct settle_terms terms = {.settle_ms = 1000, .remote = true};
    const uint64_t seen_us = 50000000;
    struct settle_state old = state_of(0, 0, seen_us);

    ck_assert_uint_eq(settle_quiet_left_ms(&old, &terms, 1000000, seen_us), 1000);
    ck_assert_uint_eq(settle_quiet_left_ms(&old, &terms, 1000000, seen_us + 400000), 600);
    ck_assert_uint_eq(settle_quiet_left_ms(&old, &terms, 1000000, seen_us + 1000000), 0);
}
END_TEST

/* Nor does a lease that is granted, nor then a close; a rename is how a careful writer says so. */
START_TEST(a_lease_on_anothers_file_system_says_nothing)
{
    const struct settle_terms terms = {.settle_ms = HOUR_MS, .remote = true};
    const enum settle_cause causes[] = {SETTLE_FOUND, SETTLE_CLOSED, SETTLE_RENAMED};
    const enum settle_verdict verdicts[] = {SETTLE_WAIT, SETTLE_WAIT, SETTLE_READY};
    uint64_t wait_us;

    fixture_put(&fixture, "a", "text");
    for (int i = 0; i < 3; i++) {
        struct settle_state state = {.looked = false};
        ck_assert_int_eq(settle_look(fixture.inbox->root_fd, "a", causes[i], &terms, &state,
                                     &wait_us),
                         verdicts[i]);
    }
}
END_TEST

START_TEST(time_outside_of_64_bits_is_held)
{
    struct stat status = {.st_mtim = {.tv_sec = INT64_MAX / 2},
                          .st_ctim = {.tv_sec = INT64_MIN / 2}};
    struct settle_state state = {.looked = true};

    identity_of(&status, &state.identity);
    ck_assert_int_eq(state.identity.mtime_ns, INT64_MAX);
    ck_assert_int_eq(state.identity.ctime_ns, INT64_MIN);
    ck_assert_uint_eq(quiet_left_ms(&state, 1000, 1000000, 0), 1000);
    ck_assert_uint_eq(quiet_left_ms(&state, 1000, 1000000, 1000000), 0);
}
END_TEST

START_TEST(change_begins_anew)
{
    const struct settle_terms terms = {.settle_ms = HOUR_MS};
    struct settle_state state = {.looked = false};
    uint64_t wait_us;

    fixture_put(&fixture, "a", "text");
    settle_look(fixture.inbox->root_fd, "a", SETTLE_FOUND, &terms, &state, &wait_us);
    state.since_us = 1;
    settle_look(fixture.inbox->root_fd, "a", SETTLE_FOUND, &terms, &state, &wait_us);
    ck_assert_uint_eq(state.since_us, 1);
    fixture_put(&fixture, "a", "longer text");
    settle_look(fixture.inbox->root_fd, "a", SETTLE_FOUND, &terms, &state, &wait_us);
    ck_assert_uint_ne(state.since_us, 1);
    ck_assert_uint_eq(state.identity.size, strlen("longer text"));
}
END_TEST

struct opener {
    char *path;
    atomic_bool end;
};

static void *open_again_and_again(void *context)
{
    struct opener *opener = context;

    while (!atomic_load(&opener->end)) {
        int fd = open(opener->path, O_WRONLY | O_CLOEXEC);
        if (fd >= 0)
            close(fd);
    }
    return NULL;
}

/* A writer that opens while the lease is held breaks it, and the holder gets a signal: were it
 * SIGIO, this test would be ended by it. */
START_TEST(broken_lease_does_not_kill)
{
    struct opener opener = {.path = fixture_path(&fixture, "a")};
    unsigned writers = 0;
    pthread_t thread;

    fixture_put(&fixture, "a", "text");
    int fd = fixture_open_file(&fixture, "a", O_RDONLY);
    ck_assert_int_eq(pthread_create(&thread, NULL, open_again_and_again, &opener), 0);
    for (int i = 0; i < 100000; i++)
        writers += lease_probe(fd) == LEASE_WRITER;
    atomic_store(&opener.end, true);
    pthread_join(thread, NULL);
    ck_assert_uint_gt(writers, 0); /* they did meet */
    close(fd);
    free(opener.path);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("inbox/settle");
    TCase *tcase = tcase_create("all");

    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, event_is_ready_at_once_and_a_find_rests);
    tcase_add_test(tcase, writer_keeps_it_back);
    tcase_add_test(tcase, writable_mapping_keeps_it_back);
    tcase_add_test(tcase, reader_does_not);
    tcase_add_test(tcase, what_is_no_file_is_left_alone);
    tcase_add_test(tcase, without_a_lease_quiet_time_decides_about_a_close);
    tcase_add_test(tcase, what_may_not_be_taken_is_refused);
    tcase_add_test(tcase, times_of_another_machine_say_nothing);
    tcase_add_test(tcase, a_lease_on_anothers_file_system_says_nothing);
    tcase_add_test(tcase, both_times_must_be_quiet);
    tcase_add_test(tcase, future_counts_from_first_sight);
    tcase_add_test(tcase, time_outside_of_64_bits_is_held);
    tcase_add_test(tcase, change_begins_anew);
    tcase_add_test(tcase, broken_lease_does_not_kill);
    suite_add_tcase(suite, tcase);
    return fixture_main(suite);
}
