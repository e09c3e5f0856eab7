/* Tests of base/id: valid, ever greater whatever the clock does, and carrying their time.
 *
 * clock_wall_ms is this file's own. The linker takes base/clock out of the static library only for
 * what is still missing, so it is not linked here at all.
 */
#include "base/id.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "suite.h"

#define START_MS INT64_C(0x019326a51b2c)

static int64_t now_ms = START_MS;

int64_t clock_wall_ms(void)
{
    return now_ms;
}

/* Makes `count` ids; the clock goes on by `step_ms` after each. */
static void assert_each_greater(int count, int64_t step_ms)
{
    struct id before;

    ck_assert_int_eq(id_new(&before), 0);
    for (int i = 0; i < count; i++) {
        struct id id;
        now_ms += step_ms;
        ck_assert_int_eq(id_new(&id), 0);
        ck_assert(id_is_valid(id.text));
        ck_assert_uint_eq(strlen(id.text), ID_TEXT_SIZE - 1);
        ck_assert_int_gt(strcmp(id.text, before.text), 0);
        before = id;
    }
}

START_TEST(greater_as_time_goes_on)
{
    assert_each_greater(10000, 1);
}
END_TEST

START_TEST(greater_while_time_stands_still)
{
    assert_each_greater(20000, 0); /* more than the counter's 4096 */
}
END_TEST

START_TEST(greater_while_time_goes_back)
{
    assert_each_greater(20000, -1000);
}
END_TEST

START_TEST(begins_with_the_time)
{
    struct id id;

    ck_assert_int_eq(id_new(&id), 0);
    ck_assert_mem_eq(id.text, "019326a5-1b2c-7", 15);
    now_ms += 0x10000;
    ck_assert_int_eq(id_new(&id), 0);
    ck_assert_mem_eq(id.text, "019326a6-1b2c-7", 15);
}
END_TEST

START_TEST(differ_between_processes)
{
    struct id ids[2];
    int ends[2];

    ck_assert_int_eq(pipe(ends), 0);
    pid_t child = fork();
    ck_assert_int_eq(id_new(&ids[0]), 0);
    if (child == 0)
        _exit(write(ends[1], &ids[0], sizeof ids[0]) == sizeof ids[0] ? 0 : 1);
    ck_assert_int_eq(read(ends[0], &ids[1], sizeof ids[1]), sizeof ids[1]);
    ck_assert_str_ne(ids[0].text + 19, ids[1].text + 19); /* the random tail */
    waitpid(child, NULL, 0);
}
END_TEST

START_TEST(others_are_refused)
{
    const char *good = "019326a5-1b2c-7def-8a0b-0123456789ab";
    static const char *const bad[] = {
        "",
        "019326a5",
        "019326a5-1b2c-7def-8a0b-0123456789a",   /* short */
        "019326a5-1b2c-7def-8a0b-0123456789abc", /* long */
        "019326A5-1b2c-7def-8a0b-0123456789ab",  /* upper case */
        "019326a5-1b2c-4def-8a0b-0123456789ab",  /* version 4 */
        "019326a5-1b2c-7def-7a0b-0123456789ab",  /* variant */
        "019326a5-1b2c-7def-ca0b-0123456789ab",
        "019326a5_1b2c-7def-8a0b-0123456789ab",
        "019326a51-b2c-7def-8a0b-0123456789ab",
        "019326a5-1b2c-7def-8a0b-0123456789/.",
        "../326a5-1b2c-7def-8a0b-0123456789ab",
    };

    ck_assert(id_is_valid(good));
    ck_assert(!id_is_valid(NULL));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert_msg(!id_is_valid(bad[i]), "%s", bad[i]);
    for (size_t at = 0; at < strlen(good); at++) {
        char *text = strndup(good, at); /* exact, so that the sanitizer sees a read past the end */
        ck_assert(!id_is_valid(text));
        free(text);
    }
}
END_TEST

START_TEST(derived_ones_are_always_the_same)
{
    struct id a, b, c;

    ck_assert_int_eq(id_derive("seed", 4, &a), 0);
    ck_assert_int_eq(id_derive("seed", 4, &b), 0);
    ck_assert_int_eq(id_derive("other", 5, &c), 0);
    ck_assert_str_eq(a.text, b.text);
    ck_assert_str_ne(a.text, c.text);
    ck_assert(id_is_valid(a.text) && a.text[14] == '8');
    ck_assert(id_is_valid(c.text));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        greater_as_time_goes_on,          greater_while_time_stands_still,
        greater_while_time_goes_back,     begins_with_the_time,
        differ_between_processes,         others_are_refused,
        derived_ones_are_always_the_same,
    };

    return SUITE_RUN("base/id", tests);
}
