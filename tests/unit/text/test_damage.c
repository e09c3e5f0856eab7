/* Tests of core/text/damage: what counts as damage, and what only looks like it. */
#include "text/damage.h"

#include <string.h>

#include "../base/suite.h"

static struct damage_counts count(const char *text, uint64_t illegal)
{
    struct damage_counts counts;

    damage_count(text, strlen(text), illegal, &counts);
    return counts;
}

START_TEST(lost_characters)
{
    ck_assert_uint_eq(count("", 0).lost, 0);
    ck_assert_uint_eq(count("a \uFFFD b \uFFFD", 0).lost, 2);
    ck_assert_uint_eq(count("a \uFFFD b \uFFFD", 1).lost, 1); /* the other is decoding's own */
    ck_assert_uint_eq(count("a \uFFFD", 5).lost, 0);
    ck_assert_uint_eq(count("???? ?? ??????\n", 0).lost, 12);
    ck_assert_uint_eq(count("What??? Really?? Why? 什么??? ?? ", 0).lost, 0);
    ck_assert_uint_eq(count("a?b=1&c=?? x.php?? ?? ??", 0).lost, 0);
}
END_TEST

START_TEST(entities)
{
    ck_assert_uint_eq(count("&nbsp;&nbsp;A&amp;B", 0).entities, 3);
    ck_assert_uint_eq(count("write &nbsp; or &#160;", 0).entities, 0);
    ck_assert_uint_eq(count("a & b && c &; &nbsp", 0).entities, 0);
}
END_TEST

START_TEST(controls)
{
    ck_assert_uint_eq(count("a\tb\nc\r\n\fd \x1B[0m", 0).controls, 0);
    ck_assert_uint_eq(count("a\x01\x02 \x7F", 0).controls, 3);
    ck_assert_uint_eq(count("\xC2\x85 \xC2\xA0 \xC3\x85", 0).controls, 1);
}
END_TEST

static bool truncated(const char *text)
{
    return damage_is_truncated(text, strlen(text), true, false);
}

START_TEST(pages_that_break_off)
{
    ck_assert(!truncated(""));
    ck_assert(!truncated("<html><body><p>a</body></html>\n"));
    ck_assert(!truncated("<HTML><BODY><p>a</BODY>"));
    ck_assert(!truncated("<p>a fragment without any end"));
    ck_assert(!truncated("<!doctype html><title>a</title><p>end tags may be left out"));
    ck_assert(!truncated("<p>1 < 2 and 3 <"));
    ck_assert(!truncated("<html><body>a</body></html><!-- served in 0.1 s -->"));
    ck_assert(truncated("<html><body><p>a paragraph that"));
    ck_assert(truncated("<p>a</p><a href=\"x"));
    ck_assert(truncated("<p>a</p"));
    ck_assert(damage_is_truncated("abc", 3, false, true));
    ck_assert(!damage_is_truncated("<a href", 7, false, false));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {lost_characters, entities, controls, pages_that_break_off};

    return SUITE_RUN("text/damage", tests);
}
