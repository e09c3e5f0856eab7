/* Tests of kit/pattern_set: what it leaves out never matches, and it does leave out. */
#include "kit/pattern_set.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fake_host.h"
#include "kit/pattern.h"
#include "suite.h"

#define PATTERNS_MAX 64

struct found {
    int told[PATTERNS_MAX];
    unsigned count;
};

static void tell(void *data, uint32_t id)
{
    struct found *found = data;

    ck_assert_uint_lt(id, PATTERNS_MAX);
    found->count += !found->told[id];
    found->told[id] = 1;
}

static const struct pattern_set *build(const char *const *patterns, size_t count)
{
    struct pattern_set_item items[PATTERNS_MAX];
    const struct pattern_set *set;

    for (size_t i = 0; i < count; i++)
        items[i] = (struct pattern_set_item){patterns[i], strlen(patterns[i]), (uint32_t)i};
    ck_assert_int_eq(pattern_set_build(items, count, &fake_new()->opening, &set), 0);
    return set;
}

/* Asks on a copy exactly as long, so that a sanitizer sees a read beyond it. */
static struct found find(const struct pattern_set *set, const char *line)
{
    struct found found = {.count = 0};
    size_t len = strlen(line);
    char *copy = malloc(len > 0 ? len : 1);

    memcpy(copy, line, len);
    pattern_set_find(set, copy, len, tell, &found);
    free(copy);
    return found;
}

START_TEST(each_kind_is_found_where_it_may_match)
{
    static const char *const patterns[] = {"关于*的通知", "*的通知", "*答记者问*", "#、*", "第#条*",
                                           "q#*",         "*",       "",           "#) *", "?- *"};
    const struct pattern_set *set = build(patterns, 10);

    ck_assert(find(set, "关于秋收的通知").told[0]);
    ck_assert(!find(set, "县府关于秋收").told[0]);
    ck_assert(find(set, "县府的通知").told[1]);
    ck_assert(find(set, "局长答记者问全文").told[2]);
    ck_assert(!find(set, "局长答问").told[2]);
    ck_assert(find(set, "三、要求").told[3]);
    ck_assert(!find(set, "三是要求").told[3]);
    ck_assert(find(set, "第五条 本法").told[4]);
    ck_assert(find(set, "q1 why").told[5]);
    ck_assert(find(set, "").told[6] && find(set, "").told[7]);
    ck_assert(find(set, "2) two").told[8]);
    ck_assert(!find(set, "two").told[8]);
    ck_assert(find(set, "a- b").told[9]);
}
END_TEST

START_TEST(a_line_meets_few_of_many)
{
    static const char *const patterns[] = {"*市政府*", "*县政府*", "*乡政府*", "*村委会*",
                                           "*居委会*", "通知*",    "公告*",    "#年*"};

    ck_assert_uint_eq(find(build(patterns, 8), "某市政府发出通知").count, 1);
    ck_assert_uint_eq(find(build(patterns, 8), "天气晴").count, 0);
}
END_TEST

START_TEST(what_matches_is_told)
{
    static const char *const parts[] = {"a", "b", "ab", "甲", "乙", "3", "五", "#", "?", "*"};
    uint64_t random = 11;
    unsigned matched = 0;

    for (int i = 0; i < 3000; i++) {
        char patterns[PATTERNS_MAX][40] = {""};
        const char *list[PATTERNS_MAX];
        char line[80] = "";
        const struct pattern_set *set;
        struct found found;

        for (size_t k = 0; k < 20; k++) {
            for (size_t n = suite_random(&random) % 7; n > 0; n--)
                strcat(patterns[k], parts[suite_random(&random) % 10]);
            list[k] = patterns[k];
        }
        for (size_t n = suite_random(&random) % 16; n > 0; n--)
            strcat(line, parts[suite_random(&random) % 7]);
        set = build(list, 20);
        found = find(set, line);
        for (size_t k = 0; k < 20; k++) {
            int matches = pattern_matches(list[k], strlen(list[k]), line, strlen(line));

            ck_assert_msg(!matches || found.told[k], "%s on %s", list[k], line);
            matched += (unsigned)matches;
        }
    }
    ck_assert_uint_gt(matched, 1000);
}
END_TEST

START_TEST(an_empty_set_and_no_memory)
{
    struct fake *fake = fake_new();
    const struct pattern_set_item item = {.pattern = "a", .pattern_len = 1, .id = 0};
    const struct pattern_set *set;

    ck_assert_uint_eq(find(build(NULL, 0), "天气晴").count, 0);
    for (uint32_t keeps = 0; keeps < 5; keeps++) {
        fake->keeps_left = keeps;
        ck_assert_int_eq(pattern_set_build(&item, 1, &fake->opening, &set), -ENOMEM);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        each_kind_is_found_where_it_may_match,
        a_line_meets_few_of_many,
        what_matches_is_told,
        an_empty_set_and_no_memory,
    };

    return SUITE_RUN("kit/pattern_set", tests);
}
