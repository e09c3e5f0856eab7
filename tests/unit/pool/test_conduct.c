/* How plugins have behaved: counted by digest, written down, read back, whatever the file holds. */
#include "pool/conduct.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../base/suite.h"

static struct conduct conduct;
static char folder[64];
static struct err err;
static const struct digest one = {{1}};
static const struct digest two = {{2}};

static void setup(void)
{
    memset(&conduct, 0, sizeof(conduct));
    strcpy(folder, "/tmp/taxond-conduct-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void teardown(void)
{
    char path[128];

    snprintf(path, sizeof(path), "%s/" CONDUCT_FILE_NAME, folder);
    unlink(path);
    rmdir(folder);
}

START_TEST(test_failures_in_a_row_are_counted_for_each_digest)
{
    ck_assert_uint_eq(conduct_fail(&conduct, "genre", &one, "it crashed"), 1);
    ck_assert_uint_eq(conduct_fail(&conduct, "genre", &one, "it hung"), 2);
    ck_assert_uint_eq(conduct_fail(&conduct, "genre", &two, "it crashed"), 1);
    ck_assert_uint_eq(conduct_fail(&conduct, "topics", &one, "it crashed"), 1);
    ck_assert_str_eq(conduct_find(&conduct, "genre", &one)->why, "it hung");
    conduct_succeed(&conduct, "genre", &one);
    ck_assert_uint_eq(conduct_fail(&conduct, "genre", &one, "it crashed"), 1);
    ck_assert_uint_eq(conduct_fail(&conduct, "genre", &two, "it crashed"), 2);
}
END_TEST

START_TEST(test_what_is_off_stays_off_until_it_is_forgotten)
{
    conduct_fail(&conduct, "genre", &one, "it crashed");
    ck_assert(!conduct_is_off(&conduct, "genre", &one));
    conduct_switch_off(&conduct, "genre", &one, 1234);
    conduct_succeed(&conduct, "genre", &one); /* an answer that was under way */
    ck_assert(conduct_is_off(&conduct, "genre", &one));
    ck_assert(!conduct_is_off(&conduct, "genre", &two));
    ck_assert(!conduct_forget(&conduct, "topics"));
    ck_assert(conduct_forget(&conduct, "genre"));
    ck_assert(!conduct_is_off(&conduct, "genre", &one));
    ck_assert_uint_eq(conduct.count, 0);
}
END_TEST

START_TEST(test_it_is_written_and_read_back)
{
    struct conduct back = {.count = 0};
    struct strbuf text = STRBUF_INIT;
    char why[2000];

    memset(why, 'x', sizeof(why) - 1);
    why[sizeof(why) - 1] = '\0';
    memcpy(why, "a\tb\nc\x1b", 6); /* as no line of ours may hold */
    conduct_fail(&conduct, "genre", &one, why);
    conduct_switch_off(&conduct, "topics", &two, 1234);
    ck_assert(conduct.changed);
    conduct_print(&conduct, &text);
    ck_assert(!conduct.changed);
    ck_assert_msg(conduct_write(folder, strbuf_text(&text), text.len, &err) == 0, "%s", err.text);
    ck_assert_msg(conduct_read(&back, folder, &err) == 0, "%s", err.text);
    ck_assert_uint_eq(back.count, 2);
    ck_assert_uint_eq(conduct_find(&back, "genre", &one)->failures, 1);
    ck_assert_int_eq(strncmp(back.entries[0].why, "a?b?c?xxx", 9), 0);
    ck_assert_str_eq(back.entries[0].why, conduct.entries[0].why);
    ck_assert(conduct_is_off(&back, "topics", &two));
    ck_assert_int_eq(conduct_find(&back, "topics", &two)->off_ms, 1234);
    strbuf_release(&text);
}
END_TEST

START_TEST(test_no_file_is_a_clean_sheet_and_a_strange_one_an_error)
{
    static const char *const strange[] = {
        "",
        "something else\n",
        "taxond plugins 2\n",
        "taxond plugins 1\ngenre\n",
        "taxond plugins 1\ngenre\tzz\t1\t0\twhy\n",
        "taxond plugins 1\n"
        "genre\t0100000000000000000000000000000000000000000000000000000000000000\t-1\t0\twhy\n",
        "taxond plugins 1\n"
        "genre\t0100000000000000000000000000000000000000000000000000000000000000\t1\t0x\twhy\n",
        "taxond plugins 1\n"
        "genre\t0100000000000000000000000000000000000000000000000000000000000000\t1\t0\n",
    };

    ck_assert_int_eq(conduct_read(&conduct, folder, &err), 0);
    ck_assert_uint_eq(conduct.count, 0);
    for (size_t i = 0; i < sizeof(strange) / sizeof(strange[0]); i++)
        ck_assert_msg(conduct_parse(&conduct, strange[i]) == -EINVAL, "%zu", i);
    ck_assert_int_eq(conduct_write(folder, "noise", 5, &err), 0);
    ck_assert_int_eq(conduct_read(&conduct, folder, &err), -EINVAL);
    ck_assert_ptr_nonnull(strstr(err.text, folder));
}
END_TEST

START_TEST(test_the_oldest_makes_room)
{
    struct digest digest = {{0}};

    for (unsigned i = 0; i < CONDUCT_ENTRIES_MAX + 10; i++) {
        digest.bytes[0] = (uint8_t)i;
        digest.bytes[1] = (uint8_t)(i >> 8);
        ck_assert_uint_eq(conduct_fail(&conduct, "genre", &digest, "why"), 1);
    }
    ck_assert_uint_eq(conduct.count, CONDUCT_ENTRIES_MAX);
    ck_assert_ptr_nonnull(conduct_find(&conduct, "genre", &digest));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        test_failures_in_a_row_are_counted_for_each_digest,
        test_what_is_off_stays_off_until_it_is_forgotten,
        test_it_is_written_and_read_back,
        test_no_file_is_a_clean_sheet_and_a_strange_one_an_error,
        test_the_oldest_makes_room,
    };

    return suite_run_with("conduct", tests, sizeof(tests) / sizeof(tests[0]), setup, teardown);
}
