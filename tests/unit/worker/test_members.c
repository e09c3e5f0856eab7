/* Tests of worker/members: what a turn takes of a container, what it leaves to the next, and where
 * it stops. */
#include "worker/members.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>

#include "worker/results.h"

#include "fixture.h"

static struct settings_limits limits;
static struct arena arena;
static struct results results;
static struct members members;
static struct turn turn;
static struct job job;
static int spool_fd;

static void setup(void)
{
    limits = small_limits();
    limits.file_bytes = 1000;
    arena_init(&arena, 0);
    results_init(&results, &arena, &limits);
    spool_fd = memfd_create("spool", MFD_CLOEXEC);
    ck_assert_int_ge(spool_fd, 0);
    job = (struct job){.members = JOB_MEMBERS_TAKE,
                       .members_left = 1000,
                       .bytes_left = (uint64_t)1 << 30};
    turn = (struct turn){.results = &results, .members = &members, .reading = true};
    turn_begin(&turn);
    members_begin(&members, &job, &limits, UINT64_MAX);
    members.spool_fd = spool_fd;
}

static void teardown(void)
{
    close(spool_fd);
    members_release(&members);
    results_release(&results);
    arena_release(&arena);
}

static int announce(uint64_t index)
{
    const struct taxon_member member = {.struct_size = sizeof member,
                                        .name = "a\0b",
                                        .name_len = 3,
                                        .url = "http://o.example/\n",
                                        .index = index,
                                        .offset = index * 10};

    return members_announce(&turn, &member);
}

static void take(uint64_t index, const char *text)
{
    ck_assert_int_eq(announce(index), 0);
    ck_assert_int_eq(members_write(&turn, text, strlen(text)), 0);
    ck_assert_int_eq(members_end(&turn), 0);
}

static const struct reply_member *row(size_t index)
{
    ck_assert_uint_lt(index, ROW_COUNT(&members.rows, struct reply_member));
    return &ROWS(&members.rows, struct reply_member)[index];
}

static bool was_reached(const char *limit)
{
    for (size_t i = 0; i < ROW_COUNT(&results.limit_names, const char *); i++)
        if (strcmp(ROWS(&results.limit_names, const char *)[i], limit) == 0)
            return true;
    return false;
}

START_TEST(members_stand_one_after_the_other)
{
    char data[8] = "";

    take(0, "one");
    take(5, "");
    take(6, "three");
    members_finish(&members);
    ck_assert(members.announced && !members.more);
    ck_assert_uint_eq(row(0)->begin, 0);
    ck_assert_uint_eq(row(1)->len, 0);
    ck_assert_uint_eq(row(2)->begin, 3);
    ck_assert_uint_eq(row(2)->len, 5);
    ck_assert_uint_eq(row(2)->index, 6);
    ck_assert_str_eq(row(2)->name, "a");
    ck_assert_str_eq(row(2)->url, "http://o.example/?");
    ck_assert_int_eq(pread(spool_fd, data, sizeof data, 0), 8);
    ck_assert_mem_eq(data, "onethree", 8);
}
END_TEST

START_TEST(what_earlier_turns_took_is_passed_by)
{
    job.member_from = 3;
    ck_assert_int_eq(announce(0), 1);
    ck_assert_int_eq(announce(2), 1);
    take(3, "here");
    ck_assert_uint_eq(ROW_COUNT(&members.rows, struct reply_member), 1);
}
END_TEST

START_TEST(a_turn_is_full_and_says_where_the_next_begins)
{
    for (uint64_t i = 0; i < JOB_MEMBERS_MAX; i++)
        take(i, "x");
    ck_assert_int_eq(announce(JOB_MEMBERS_MAX + 7), -ECANCELED);
    ck_assert_int_eq(announce(JOB_MEMBERS_MAX + 8), -ECANCELED);
    members_finish(&members);
    ck_assert(members.more);
    ck_assert_uint_eq(members.next, JOB_MEMBERS_MAX + 7);
    ck_assert_uint_eq(members.next_offset, (JOB_MEMBERS_MAX + 7) * 10);
}
END_TEST

START_TEST(one_that_is_too_large_is_left_out_and_the_others_are_not)
{
    static const char large[1001];

    take(0, "small");
    ck_assert_int_eq(announce(1), 0);
    ck_assert_int_eq(members_write(&turn, large, 500), 0);
    ck_assert_int_eq(members_write(&turn, large, 501), -E2BIG);
    ck_assert_int_eq(members_write(&turn, large, 1), -E2BIG);
    ck_assert_int_eq(members_end(&turn), 0);
    take(2, "after");
    ck_assert(was_reached("limits.file"));
    ck_assert_uint_eq(row(1)->index, 2);
    ck_assert_uint_eq(row(1)->begin, 5);
}
END_TEST

START_TEST(limits_end_it)
{
    job.members_left = 2;
    take(0, "a");
    take(1, "b");
    ck_assert_int_eq(announce(2), -E2BIG);
    ck_assert_int_eq(announce(3), -ECANCELED);
    ck_assert(was_reached("limits.members") && !members.more);
}
END_TEST

START_TEST(bytes_end_it)
{
    job.bytes_left = 10;
    take(0, "12345678");
    ck_assert_int_eq(announce(1), 0);
    ck_assert_int_eq(members_write(&turn, "abc", 3), -E2BIG);
    ck_assert_int_eq(members_end(&turn), 0);
    ck_assert_int_eq(announce(2), -ECANCELED);
    members_finish(&members);
    ck_assert(was_reached("limits.expansion_ratio") && !members.more);
    ck_assert_uint_eq(ROW_COUNT(&members.rows, struct reply_member), 1);
}
END_TEST

START_TEST(what_time_cut_off_is_for_the_next_turn)
{
    take(0, "whole");
    ck_assert_int_eq(announce(1), 0);
    ck_assert_int_eq(members_write(&turn, "half", 4), 0);
    members.deadline_us = 1;
    members_finish(&members);
    ck_assert(members.more);
    ck_assert_uint_eq(members.next, 1);
    ck_assert_uint_eq(ROW_COUNT(&members.rows, struct reply_member), 1);
}
END_TEST

START_TEST(a_full_disk_is_for_the_next_turn)
{
    int full_fd = open("/dev/full", O_RDWR | O_CLOEXEC);

    take(0, "whole");
    members.spool_fd = full_fd;
    ck_assert_int_eq(announce(1), 0);
    ck_assert_int_eq(members_write(&turn, "x", 1), -E2BIG);
    ck_assert_int_eq(members_end(&turn), 0);
    ck_assert_int_eq(announce(2), -ECANCELED);
    members_finish(&members);
    ck_assert(members.more);
    ck_assert_uint_eq(members.next, 1);
    close(full_fd);
}
END_TEST

START_TEST(out_of_turn)
{
    ck_assert_int_eq(members_write(&turn, "x", 1), -EINVAL);
    ck_assert_int_eq(members_end(&turn), -EINVAL);
    ck_assert_int_eq(announce(4), 0);
    ck_assert_int_eq(announce(5), -EINVAL);
    ck_assert_int_eq(members_end(&turn), 0);
    ck_assert_int_eq(announce(4), -EINVAL);
    ck_assert_int_eq(announce(UINT64_MAX), -EINVAL);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        members_stand_one_after_the_other,
        what_earlier_turns_took_is_passed_by,
        a_turn_is_full_and_says_where_the_next_begins,
        one_that_is_too_large_is_left_out_and_the_others_are_not,
        limits_end_it,
        bytes_end_it,
        what_time_cut_off_is_for_the_next_turn,
        a_full_disk_is_for_the_next_turn,
        out_of_turn,
    };

    return suite_run_with("worker/members", tests, sizeof tests / sizeof tests[0], setup, teardown);
}
