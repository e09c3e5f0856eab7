/* Tests of kit/pattern: wildcards and numbers. */
#include "kit/pattern.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suite.h"

static int matches(const char *pattern, const char *line)
{
    return pattern_matches(pattern, strlen(pattern), line, strlen(line));
}

START_TEST(wildcards)
{
    ck_assert(matches("关于*的通知", "关于做好秋收工作的通知"));
    ck_assert(matches("关于*的通知", "关于的通知"));
    ck_assert(!matches("关于*的通知", "关于做好秋收工作的通知书"));
    ck_assert(!matches("关于*的通知", "县府关于做好秋收工作的通知"));
    ck_assert(matches("*的通知", "的通知的通知"));
    ck_assert(matches("*a*b*c", "xxaxxbxxabc"));
    ck_assert(!matches("*a*b*c", "xxbxxaxxc"));
    ck_assert(matches("?月", "三月"));
    ck_assert(!matches("?月", "十三月"));
    ck_assert(matches("*", ""));
    ck_assert(matches("", ""));
    ck_assert(!matches("", "a"));
    ck_assert(!matches("?", ""));
    ck_assert(matches("**a", "a"));
}
END_TEST

START_TEST(numbers_are_whole)
{
    ck_assert(matches("#月#日,*", "12月3日,晴"));
    ck_assert(matches("#月#日,*", "十二月三日,晴"));
    ck_assert(!matches("#月#日,*", "月3日,晴"));
    ck_assert(matches("第#条*", "第一百零三条 本法"));
    ck_assert(matches("*#楼", "在12楼"));
    ck_assert(!matches("#1", "11"));
    ck_assert_uint_eq(pattern_number("123a", 4), 3);
    ck_assert_uint_eq(pattern_number("二十三", 9), 9);
    ck_assert_uint_eq(pattern_number("两", 2), 0); /* cut */
    ck_assert_uint_eq(pattern_number("", 0), 0);
    ck_assert_uint_eq(pattern_number("丁", 3), 0);
}
END_TEST

/* The slow, obvious way. */
static int reference(const char *p, const char *l)
{
    if (*p == '\0')
        return *l == '\0';
    if (*p == '*')
        return reference(p + 1, l) || (*l != '\0' && reference(p, l + 1));
    if (*p == '?')
        return *l != '\0' && reference(p + 1, l + 1);
    return *p == *l && reference(p + 1, l + 1);
}

START_TEST(random_patterns_against_the_obvious_way)
{
    uint64_t random = 7;
    unsigned found = 0;

    for (int i = 0; i < 200000; i++) {
        char pattern[9] = "";
        char line[11] = "";
        size_t pattern_len = suite_random(&random) % 8;
        size_t line_len = suite_random(&random) % 10;

        for (size_t k = 0; k < pattern_len; k++)
            pattern[k] = "ab*?"[suite_random(&random) % 4];
        for (size_t k = 0; k < line_len; k++)
            line[k] = "ab"[suite_random(&random) % 2];
        ck_assert_msg(matches(pattern, line) == reference(pattern, line), "%s on %s", pattern,
                      line);
        found += (unsigned)matches(pattern, line);
    }
    ck_assert_uint_gt(found, 1000);
}
END_TEST

START_TEST(many_stars_stay_quick)
{
    static char line[4000];
    static char pattern[400];
    size_t len = 0;

    memset(line, 'a', sizeof(line) - 1);
    while (len < sizeof(pattern) - 4) {
        pattern[len++] = '*';
        pattern[len++] = 'a';
    }
    pattern[len++] = 'b';
    for (int i = 0; i < 100; i++) /* the test's own timeout is the judge */
        ck_assert(!pattern_matches(pattern, len, line, strlen(line)));
}
END_TEST

START_TEST(every_figure_begins_a_number)
{
    static const char *const figures[] = {"0",  "5",  "9",  "〇", "零", "一", "二", "三", "四",
                                          "五", "六", "七", "八", "九", "十", "百", "千", "两"};
    char line[32];

    for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++) {
        int len = snprintf(line, sizeof(line), "第a%s章", figures[i]);

        ck_assert_msg(pattern_next_number(line, (size_t)len, 0) == 4, "%s", figures[i]);
        ck_assert_uint_eq(pattern_number(line + 4, (size_t)len - 4), strlen(figures[i]));
    }
    ck_assert_uint_eq(pattern_next_number("四川", 6, 3), 6);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        every_figure_begins_a_number,
        wildcards,
        numbers_are_whole,
        random_patterns_against_the_obvious_way,
        many_stars_stay_quick,
    };

    return SUITE_RUN("kit/pattern", tests);
}
