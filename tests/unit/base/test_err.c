/* Tests of base/err: one clean line, whatever is put in. */
#include "base/err.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "suite.h"

START_TEST(set_returns_the_code)
{
    struct err err = {""};

    ck_assert_int_eq(err_set(&err, -EIO, "%s: %d", "a", 7), -EIO);
    ck_assert_str_eq(err.text, "a: 7");
    ck_assert_int_eq(err_set(NULL, -EIO, "%s", "dropped"), -EIO);
    ck_assert_int_eq(err_prefix(NULL, -ENOENT, "%s", "dropped"), -ENOENT);
}
END_TEST

START_TEST(prefix_goes_in_front)
{
    struct err err = {""};

    err_prefix(&err, -1, "alone");
    ck_assert_str_eq(err.text, "alone");
    err_set(&err, -1, "no such file");
    ck_assert_int_eq(err_prefix(&err, -ENOENT, "%s:%d", "a.yaml", 3), -ENOENT);
    err_prefix(&err, -1, "settings");
    ck_assert_str_eq(err.text, "settings: a.yaml:3: no such file");
}
END_TEST

START_TEST(own_text_may_be_an_argument)
{
    struct err err = {""};

    err_set(&err, -1, "inner");
    err_set(&err, -1, "outer (%s)", err.text);
    ck_assert_str_eq(err.text, "outer (inner)");
    err_prefix(&err, -1, "<%s>", err.text);
    ck_assert_str_eq(err.text, "<outer (inner)>: outer (inner)");
}
END_TEST

START_TEST(hostile_text_stays_one_line)
{
    struct err err = {""};

    err_set(&err, -1, "%s", "a\nb\tc\x1b[31m\x7f \xff 中文");
    ck_assert_str_eq(err.text, "a?b?c?[31m? ? 中文");
    err_prefix(&err, -1, "%s", "x\r\n");
    ck_assert_str_eq(err.text, "x??: a?b?c?[31m? ? 中文");
}
END_TEST

START_TEST(long_text_is_cut_between_characters)
{
    for (size_t len = ERR_TEXT_MAX - 8; len < ERR_TEXT_MAX + 8; len++) {
        char text[2 * ERR_TEXT_MAX];
        struct err err = {""};

        memset(text, 'a', len % 3);
        for (size_t at = len % 3; at + 3 <= len; at += 3)
            memcpy(text + at, "中", 3);
        text[len] = '\0';
        err_set(&err, -1, "%s", text);
        ck_assert_uint_lt(strlen(err.text), ERR_TEXT_MAX);
        ck_assert(utf8_is_valid(err.text, strlen(err.text)));
        ck_assert_ptr_null(strchr(err.text, '?'));
        if (len < ERR_TEXT_MAX)
            ck_assert_str_eq(err.text, text);
        else
            ck_assert_str_eq(err.text + strlen(err.text) - 3, "…");
    }
}
END_TEST

START_TEST(a_long_prefix_does_not_push_the_reason_out)
{
    char path[4096];
    struct err err = {""};

    memset(path, 'p', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    err_set(&err, -1, "no such file");
    err_prefix(&err, -1, "%s", path);
    ck_assert_uint_eq(strlen(err.text), ERR_TEXT_MAX - 1);
    ck_assert_ptr_nonnull(strstr(err.text, "…: no such file"));
}
END_TEST

START_TEST(any_two_lengths_fit)
{
    uint64_t random = 3;

    for (int i = 0; i < 20000; i++) {
        char text[1500];
        struct err err;

        for (size_t at = 0; at < sizeof text; at++)
            text[at] = "a\xE4\xB8\xAD\xFF\n"[suite_random(&random) % 6];
        err_set(&err, -1, "%.*s", (int)(suite_random(&random) % sizeof text), text);
        err_prefix(&err, -1, "%.*s", (int)(suite_random(&random) % sizeof text), text);
        size_t len = strnlen(err.text, ERR_TEXT_MAX);
        ck_assert_uint_lt(len, ERR_TEXT_MAX);
        ck_assert(utf8_is_valid(err.text, len));
        ck_assert_ptr_null(strchr(err.text, '\n'));
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        set_returns_the_code,
        prefix_goes_in_front,
        own_text_may_be_an_argument,
        hostile_text_stays_one_line,
        long_text_is_cut_between_characters,
        a_long_prefix_does_not_push_the_reason_out,
        any_two_lengths_fit,
    };

    return SUITE_RUN("base/err", tests);
}
