/* Tests of inbox/intake: a file is given out when it is complete, once, and not before. */
#include "inbox/intake.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "fixture.h"

#define HOUR_MS  3600000u
#define SHORT_MS 30u

static struct fixture fixture;
static const char *wanted; /* what took_wanted waits for */

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

static bool is_quiet(struct fixture *f)
{
    struct intake_stats stats = fixture_stats(f);

    return stats.waiting == 0 && stats.ready == 0 && !stats.scanning && stats.scans > 0;
}

static bool has_two_waiting(struct fixture *f)
{
    return fixture_stats(f).waiting == 2;
}

static bool has_one_waiting(struct fixture *f)
{
    return fixture_stats(f).waiting == 1;
}

static bool is_ready(struct fixture *f)
{
    return fixture_stats(f).ready > 0;
}

static bool has_two_ready(struct fixture *f)
{
    return fixture_stats(f).ready == 2;
}

static void start_and_scan(uint32_t settle_ms)
{
    fixture_start(&fixture, settle_ms, true);
    run_until(fixture_is_scanned);
}

/* A file that comes by link(2) is given out only after `settle`; when it is, whatever else had its
 * time has been looked at too. */
static void pass_time(const char *name)
{
    fixture_put(&fixture, "../before", "text");
    char *from = fixture_path(&fixture, "../before");
    char *to = fixture_path(&fixture, name);
    ck_assert_int_eq(link(from, to), 0);
    ck_assert_int_eq(unlink(from), 0);
    free(from);
    free(to);
    run_until_taken(name);
}

START_TEST(first_scan_finds_what_is_there)
{
    fixture_put(&fixture, "a", "text");
    fixture_mkdir(&fixture, "x");
    fixture_put(&fixture, "x/b", "longer");
    fixture_start(&fixture, SHORT_MS, true);
    ck_assert(!fixture_is_idle(&fixture));
    run_until_taken("a");
    run_until_taken("x/b");
    ck_assert_uint_eq(fixture.taken_count, 2);
    struct claim claim = fixture_claim(&fixture, "a");
    const struct candidate *first = &fixture.taken[0];
    if (strcmp(first->path, "a") != 0)
        first++;
    ck_assert_ptr_eq(first->inbox, fixture.inbox);
    ck_assert_uint_eq(first->inode, claim.inode);
    ck_assert_uint_eq(first->device, claim.device);
    ck_assert_uint_eq(first->size, claim.size);
    ck_assert_int_eq(first->mtime_ns, claim.mtime_ns);
    ck_assert_uint_gt(first->seen_us, 0);
}
END_TEST

START_TEST(idle_only_when_all_is_done)
{
    fixture.takes = false;
    fixture_put(&fixture, "a", "text");
    fixture_start(&fixture, 0, true);
    ck_assert(!fixture_is_idle(&fixture));
    run_until(is_ready);
    run_until(fixture_is_scanned);
    ck_assert(!fixture_is_idle(&fixture)); /* ready */
    ck_assert_uint_eq(fixture_take(&fixture, 8), 1);
    ck_assert(!fixture_is_idle(&fixture)); /* out */
    fixture_forget_all(&fixture);
    ck_assert(fixture_is_idle(&fixture)); /* at once, whatever is still in the folder */
    fixture_put(&fixture, "b", "text");
    ck_assert(!fixture_is_idle(&fixture)); /* an event is unread */
    intake_rescan(fixture.intake);
    fixture.takes = true;
    run_until_taken("b");
    ck_assert(!fixture_is_idle(&fixture));
}
END_TEST

static bool was_called(struct fixture *f)
{
    return f->ready_calls > 0;
}

/* The line is told, or it would wait for a document to learn that there is none. */
START_TEST(empty_inbox_is_idle_after_the_scan)
{
    fixture_start(&fixture, HOUR_MS, true);
    run_until(was_called);
    ck_assert(fixture_is_idle(&fixture));
    ck_assert_uint_eq(fixture_stats(&fixture).scans, 1);
    fixture_put(&fixture, ".taxond-x", "text"); /* means nothing, and is no news */
    while (!fixture_is_idle(&fixture))
        uv_run(&fixture.loop, UV_RUN_NOWAIT);
    ck_assert_uint_eq(fixture.ready_calls, 1);
    ck_assert_uint_eq(fixture.taken_count, 0);
    ck_assert_str_eq(intake_trouble(fixture.intake), "");
}
END_TEST

START_TEST(close_makes_ready)
{
    start_and_scan(SHORT_MS);
    int fd = fixture_open_file(&fixture, "slow", O_WRONLY | O_CREAT);
    ck_assert_int_eq(file_write_all(fd, "half", 4), 0);
    pass_time("other");
    ck_assert_uint_eq(fixture_taken(&fixture, "slow"), 0);
    ck_assert_int_eq(file_write_all(fd, " and half", 9), 0);
    close(fd);
    run_until_taken("slow");
    for (size_t i = 0; i < fixture.taken_count; i++) {
        if (strcmp(fixture.taken[i].path, "slow") == 0)
            ck_assert_uint_eq(fixture.taken[i].size, 13);
    }
}
END_TEST

/* With an hour to settle only the close can be the reason. */
START_TEST(close_needs_no_settling)
{
    start_and_scan(HOUR_MS);
    fixture_put(&fixture, "a", "text");
    run_until_taken("a");
}
END_TEST

START_TEST(rename_makes_ready)
{
    static const char *const patterns[] = {"*.part"};

    fixture.settings.ignore = patterns;
    fixture.settings.ignore_count = 1;
    start_and_scan(HOUR_MS);
    fixture_put(&fixture, "a.part", "text");
    fixture_rename(&fixture, "a.part", "a");
    fixture_put(&fixture, "../b", "text");
    fixture_rename(&fixture, "../b", "b");
    run_until_taken("a");
    run_until_taken("b");
    ck_assert_uint_eq(fixture.taken_count, 2);
}
END_TEST

START_TEST(writing_in_place_waits_for_the_close)
{
    fixture_put(&fixture, "a", "text");
    int fd = fixture_open_file(&fixture, "a", O_WRONLY);
    start_and_scan(SHORT_MS); /* the scan meets it open */
    pass_time("other");
    ck_assert_uint_eq(fixture_taken(&fixture, "a"), 0);
    close(fd);
    run_until_taken("a");
}
END_TEST

START_TEST(second_writer_keeps_it_back)
{
    start_and_scan(SHORT_MS);
    int fd = fixture_open_file(&fixture, "a", O_WRONLY | O_CREAT);
    int second_fd = fixture_open_file(&fixture, "a", O_WRONLY);
    close(fd);
    pass_time("other");
    ck_assert_uint_eq(fixture_taken(&fixture, "a"), 0);
    close(second_fd);
    run_until_taken("a");
}
END_TEST

START_TEST(writable_mapping_keeps_it_back)
{
    start_and_scan(SHORT_MS);
    fixture_put(&fixture, "../a", "text");
    int fd = fixture_open_file(&fixture, "../a", O_RDWR);
    void *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    ck_assert_ptr_ne(map, MAP_FAILED);
    close(fd);
    fixture_rename(&fixture, "../a", "a");
    pass_time("other");
    ck_assert_uint_eq(fixture_taken(&fixture, "a"), 0);
    ck_assert_int_eq(munmap(map, 4096), 0);
    run_until_taken("a");
}
END_TEST

START_TEST(linked_in_is_found_without_a_scan)
{
    start_and_scan(SHORT_MS);
    pass_time("linked");
    ck_assert_uint_eq(fixture_stats(&fixture).scans, 1);
}
END_TEST

START_TEST(given_out_once)
{
    start_and_scan(HOUR_MS);
    fixture_put(&fixture, "a", "text");
    fixture_put(&fixture, "a", "text again"); /* two closes before anybody looks */
    run_until_taken("a");
    fixture_put(&fixture, "a", "and again"); /* while it is out */
    intake_rescan(fixture.intake);
    fixture_put(&fixture, "b", "text");
    run_until_taken("b");
    run_until(is_quiet);
    ck_assert_uint_eq(fixture_taken(&fixture, "a"), 1);
    ck_assert_uint_eq(fixture_taken(&fixture, "b"), 1);
}
END_TEST

/* The line tells when it has room; until then a file waits in the ring and may change there. */
START_TEST(change_in_the_ring_is_seen)
{
    fixture.takes = false;
    start_and_scan(HOUR_MS);
    fixture_put(&fixture, "a", "text");
    run_until(is_ready);
    fixture_put(&fixture, "a", "longer text");
    fixture_put(&fixture, "b", "text"); /* its event comes after */
    run_until(has_two_ready);
    ck_assert_uint_eq(fixture_take(&fixture, 8), 2);
    ck_assert_str_eq(fixture.taken[0].path, "a");
    ck_assert_uint_eq(fixture.taken[0].size, 11);
    fixture_forget_all(&fixture);

    int fd = fixture_open_file(&fixture, "c", O_WRONLY | O_CREAT); /* ready, then written again */
    int second_fd = fixture_open_file(&fixture, "d", O_WRONLY | O_CREAT);
    close(fd);
    run_until(is_ready);
    fd = fixture_open_file(&fixture, "c", O_WRONLY);
    close(fixture_open_file(&fixture, "c", O_WRONLY));
    run_until(has_two_waiting);
    ck_assert_uint_eq(fixture_take(&fixture, 8), 0);
    close(fd);
    close(second_fd);
    run_until(has_two_ready);
}
END_TEST

static bool took_ten(struct fixture *f)
{
    return f->taken_count == 10;
}

/* The line takes three at a time and only when it is called. */
START_TEST(ready_is_called_until_all_is_taken)
{
    char name[8];

    fixture.take_max = 3;
    for (int i = 0; i < 10; i++) {
        snprintf(name, sizeof name, "%d", i);
        fixture_put(&fixture, name, "text");
    }
    fixture_start(&fixture, 0, true);
    run_until(took_ten);
    ck_assert_uint_eq(fixture.ready_calls, 4);
}
END_TEST

START_TEST(given_out_anew_when_written_while_out)
{
    start_and_scan(HOUR_MS);
    fixture_put(&fixture, "a", "text");
    run_until_taken("a");
    fixture_put(&fixture, "a", "newer text");
    fixture_put(&fixture, "b", "text");
    run_until_taken("b"); /* the event has been seen */
    fixture_forget_all(&fixture);
    run_until_taken("a");
    ck_assert_uint_eq(fixture.taken[0].size, 10);
}
END_TEST

START_TEST(what_cannot_be_claimed_comes_again_by_scan_only)
{
    start_and_scan(0);
    fixture_put(&fixture, "a", "text");
    run_until_taken("a");
    fixture_forget_all(&fixture);
    ck_assert(fixture_is_idle(&fixture));
    fixture_put(&fixture, "b", "text");
    run_until_taken("b");
    ck_assert_uint_eq(fixture_taken(&fixture, "a"), 0);
    fixture_forget_all(&fixture);
    intake_rescan(fixture.intake);
    run_until_taken("a");
    run_until_taken("b");
}
END_TEST

START_TEST(timer_scans_find_it_again)
{
    fixture.settings.scan_every_ms = 50;
    start_and_scan(0);
    fixture_put(&fixture, "a", "text");
    run_until_taken("a");
    fixture_forget_all(&fixture);
    run_until_taken("a");
}
END_TEST

START_TEST(forgetting_what_is_not_out_does_nothing)
{
    fixture.takes = false;
    start_and_scan(HOUR_MS);
    intake_forget(fixture.intake, "never seen");
    fixture_put(&fixture, "a", "text");
    run_until(is_ready);
    intake_forget(fixture.intake, "a");
    ck_assert_uint_eq(fixture_take(&fixture, 8), 1);
}
END_TEST

START_TEST(vanished_is_dropped)
{
    fixture_put(&fixture, "a", "text");
    fixture_put(&fixture, "b", "text");
    fixture_start(&fixture, SHORT_MS * 10, true);
    run_until(has_two_waiting);
    ck_assert_int_eq(unlinkat(fixture.inbox->root_fd, "a", 0), 0);
    run_until_taken("b");
    run_until(is_quiet);
    ck_assert_uint_eq(fixture.taken_count, 1);
}
END_TEST

START_TEST(time_in_the_future_holds_nothing_up)
{
    const struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = 13000000000}}; /* 2381 */

    fixture_put(&fixture, "a", "text");
    ck_assert_int_eq(utimensat(fixture.inbox->root_fd, "a", times, 0), 0);
    fixture_start(&fixture, SHORT_MS, true);
    run_until_taken("a");
    ck_assert_int_eq(fixture.taken[0].mtime_ns, INT64_MAX);
    struct claim claim = {
        .path = "a",
        .device = fixture.taken[0].device,
        .inode = fixture.taken[0].inode,
        .size = fixture.taken[0].size,
        .mtime_ns = fixture.taken[0].mtime_ns,
    };
    const struct id id = {"01936f7e-0000-7000-8000-00000000000a"};
    struct claimed claimed;
    ck_assert_int_eq(claim_take(fixture.inbox, &claim, &id, &claimed), 0);
    close(claimed.fd);
}
END_TEST

START_TEST(any_name_is_given_out_as_it_is)
{
    static const char *const names[] = {
        "-rf", "a\nb", "\xff\xfe\x80", "a b'\"$(x)", "\xe4\xb8\xad\xe6\x96\x87.txt", "*"};
    char longest[256];

    memset(longest, 'x', 255);
    longest[255] = '\0';
    start_and_scan(SHORT_MS);
    fixture_mkdir(&fixture, "\n");
    fixture_put(&fixture, "\n/\xff", "in a folder");
    fixture_put(&fixture, longest, "text");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        fixture_put(&fixture, names[i], "text");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        run_until_taken(names[i]);
    run_until_taken(longest);
    run_until_taken("\n/\xff");
}
END_TEST

START_TEST(ignored_and_other_things_are_never_given_out)
{
    static const char *const patterns[] = {".*", "*.part", "*.tmp", "*.crdownload", "~$*"};
    static const char *const names[] = {".hidden", "a.part", "b.tmp", "c.crdownload", "~$d.doc"};

    fixture.settings.ignore = patterns;
    fixture.settings.ignore_count = 5;
    start_and_scan(0);
    for (int i = 0; i < 5; i++)
        fixture_put(&fixture, names[i], "text");
    ck_assert_int_eq(symlinkat("/etc/passwd", fixture.inbox->root_fd, "link"), 0);
    ck_assert_int_eq(mkfifoat(fixture.inbox->root_fd, "fifo", 0600), 0);
    fixture_mkdir(&fixture, "folder.txt");
    fixture_mkdir(&fixture, ".git");
    fixture_put(&fixture, ".git/HEAD", "text");
    fixture_put(&fixture, ".taxond/work/x", "text");
    intake_rescan(fixture.intake);
    fixture_put(&fixture, "good", "text");
    run_until_taken("good");
    run_until(is_quiet);
    ck_assert_uint_eq(fixture.taken_count, 1);
}
END_TEST

START_TEST(new_settings_hold_at_once)
{
    static const char *const patterns[] = {"*.log", "x"};
    struct settings_inbox other = fixture.settings;

    fixture.takes = false;
    fixture_put(&fixture, "a.log", "text");
    fixture_mkdir(&fixture, "x");
    fixture_put(&fixture, "x/b", "text");
    fixture_put(&fixture, "c", "text");
    start_and_scan(0);
    ck_assert_uint_eq(fixture_stats(&fixture).ready, 3);
    ck_assert_uint_eq(fixture_stats(&fixture).watches, 2);
    other.ignore = patterns;
    other.ignore_count = 2;
    other.settle_ms = 0;
    intake_reconfigure(fixture.intake, &other);
    ck_assert_ptr_eq(fixture.inbox->settings, &other);
    ck_assert_uint_eq(fixture_take(&fixture, 8), 0); /* all is looked at anew */
    fixture.takes = true;
    run_until_taken("c");
    run_until(is_quiet);
    ck_assert_uint_eq(fixture.taken_count, 1);
    ck_assert_uint_eq(fixture_stats(&fixture).watches, 1);
}
END_TEST

/* No lease is to be had on another's file without CAP_LEASE. */
START_TEST(without_leases_quiet_time_decides)
{
    if (geteuid() != 0) {
        printf("skipped: needs root to be somebody else\n");
        return;
    }
    ck_assert_int_eq(chmod(fixture.dir, 0755), 0);
    ck_assert_int_eq(chmod(fixture.in, 0777), 0);
    start_and_scan(SHORT_MS);
    fixture_put(&fixture, "closed", "text");
    fixture_put(&fixture, "../renamed", "text");
    fixture_rename(&fixture, "../renamed", "renamed");
    ck_assert_int_eq(seteuid(65534), 0);
    run_until_taken("renamed");
    run_until_taken("closed");
    ck_assert_int_eq(seteuid(0), 0);
    ck_assert_str_eq(fixture.taken[0].path, "renamed"); /* at once, the other rested */
    ck_assert_str_eq(fixture.taken[1].path, "closed");
}
END_TEST

static void stop_now(void *context, struct intake *intake)
{
    struct fixture *f = context;

    ck_assert_ptr_eq(intake, f->intake);
    f->ready_calls++;
    intake_stop(intake, NULL, NULL);
    f->intake = NULL;
}

START_TEST(may_be_stopped_at_any_time)
{
    fixture_put(&fixture, "a", "text");
    fixture_start(&fixture, 0, true);
    fixture_stop(&fixture); /* before it ever ran */

    fixture_start(&fixture, 0, true);
    run_until_taken("a"); /* out */
    intake_rescan(fixture.intake);
    fixture_stop(&fixture); /* while a scan is due */
    fixture_forget_all(&fixture);

    fixture_start(&fixture, HOUR_MS, true);
    run_until(has_one_waiting);
    fixture_stop(&fixture);

    fixture.settings.settle_ms = 0;
    fixture.ready_calls = 0;
    ck_assert_int_eq(intake_start(&fixture.loop, fixture.inbox, stop_now, &fixture, &fixture.intake,
                                  NULL),
                     0);
    run_until(was_called); /* from within `ready` */
    ck_assert_uint_eq(fixture.ready_calls, 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("inbox/intake");
    TCase *tcase = tcase_create("all");

    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, first_scan_finds_what_is_there);
    tcase_add_test(tcase, idle_only_when_all_is_done);
    tcase_add_test(tcase, empty_inbox_is_idle_after_the_scan);
    tcase_add_test(tcase, close_makes_ready);
    tcase_add_test(tcase, close_needs_no_settling);
    tcase_add_test(tcase, rename_makes_ready);
    tcase_add_test(tcase, writing_in_place_waits_for_the_close);
    tcase_add_test(tcase, second_writer_keeps_it_back);
    tcase_add_test(tcase, writable_mapping_keeps_it_back);
    tcase_add_test(tcase, linked_in_is_found_without_a_scan);
    tcase_add_test(tcase, given_out_once);
    tcase_add_test(tcase, change_in_the_ring_is_seen);
    tcase_add_test(tcase, ready_is_called_until_all_is_taken);
    tcase_add_test(tcase, given_out_anew_when_written_while_out);
    tcase_add_test(tcase, what_cannot_be_claimed_comes_again_by_scan_only);
    tcase_add_test(tcase, timer_scans_find_it_again);
    tcase_add_test(tcase, forgetting_what_is_not_out_does_nothing);
    tcase_add_test(tcase, vanished_is_dropped);
    tcase_add_test(tcase, time_in_the_future_holds_nothing_up);
    tcase_add_test(tcase, any_name_is_given_out_as_it_is);
    tcase_add_test(tcase, ignored_and_other_things_are_never_given_out);
    tcase_add_test(tcase, new_settings_hold_at_once);
    tcase_add_test(tcase, without_leases_quiet_time_decides);
    tcase_add_test(tcase, may_be_stopped_at_any_time);
    suite_add_tcase(suite, tcase);
    return fixture_main(suite);
}
