/* Tests of the genre plugin: places, patterns, caps, absence, rivals, the rest, bad definitions. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fake_host.h"
#include "suite.h"

#define S(text) fake_scalar(text)

/* A verdict that no text of these tests earns. */
static void add_verdict(struct fake *fake)
{
    const struct taxon_node *cue =
        fake_map("terms", fake_map("zzcaptcha", S("3"), NULL), "cap", S("3"), NULL);

    fake_file(fake, "/unusable/blocked.yaml",
              fake_map("id", S("blocked"), "cues", fake_list(cue, NULL), NULL));
}

/* A file with family f and one child x that has this one cue. */
static struct fake *opened_with(const struct taxon_node *cue)
{
    struct fake *fake = fake_new();

    fake_file(fake, "/g/f.yaml",
              fake_map("id", S("f"), "threshold", S("0.5"), "children",
                       fake_list(fake_map("id", S("x"), "cues", fake_list(cue, NULL), NULL), NULL),
                       NULL));
    fake_file(fake, "/g/other.yaml", fake_map("id", S("other"), "rest", S("true"), NULL));
    add_verdict(fake);
    ck_assert_int_eq(fake_open(fake), 0);
    ck_assert_uint_eq(fake->mistake_count, 0);
    return fake;
}

static double score(struct fake *fake, const char *text)
{
    const struct fake_label *label;

    ck_assert_int_eq(fake_classify(fake, text, NULL, 0, NULL, 0), 0);
    label = fake_label(fake, "f/x");
    if (label != NULL)
        ck_assert(fake_label(fake, "f")->score >= label->score);
    return label == NULL ? 0 : label->score;
}

static const struct taxon_node *terms_at(const char *at)
{
    return fake_map("terms", fake_map("通知", S("1"), NULL), "at", S(at), NULL);
}

START_TEST(places)
{
    ck_assert(score(opened_with(terms_at("title")), "关于通知\n正文") > 0.5);
    ck_assert(score(opened_with(terms_at("title")), "正文\n关于通知") == 0);
    ck_assert(score(opened_with(terms_at("line-begin")), "甲\n通知如下") > 0.5);
    ck_assert(score(opened_with(terms_at("line-begin")), "甲\n(一)“通知如下") > 0.5);
    ck_assert(score(opened_with(terms_at("line-begin")), "甲\n有通知如下") == 0);
    ck_assert(score(opened_with(terms_at("line-end")), "特此通知。\n乙") > 0.5);
    ck_assert(score(opened_with(terms_at("line-end")), "特此通知你\n乙") == 0);
    ck_assert(score(opened_with(terms_at("head")), "1\n2\n3\n4\n5\n通知\n7") > 0.5);
    ck_assert(score(opened_with(terms_at("head")), "1\n2\n3\n4\n5\n6\n通知\n8") == 0);
    ck_assert(score(opened_with(terms_at("tail")), "通知\n2\n3\n4\n5\n6\n7\n8") == 0);
    ck_assert(score(opened_with(terms_at("tail")), "1\n2\n3\n4\n5\n6\n7\n通知") > 0.5);
}
END_TEST

START_TEST(a_page_of_one_line_has_no_title_and_a_short_head)
{
    char *text = calloc(1, 3000);

    for (int i = 0; i < 300; i++)
        strcat(text, "长");
    strcat(text, "通知");
    ck_assert(score(opened_with(terms_at("title")), text) == 0);
    ck_assert(score(opened_with(terms_at("head")), text) > 0.5);
    for (int i = 0; i < 10; i++)
        text[i * 3] = '\xE7';
    text[0] = '\0';
    for (int i = 0; i < 310; i++)
        strcat(text, "长");
    strcat(text, "通知");
    ck_assert(score(opened_with(terms_at("head")), text) == 0);
    free(text);
}
END_TEST

START_TEST(caps_and_absence)
{
    const struct taxon_node *capped =
        fake_map("terms", fake_map("a", S("1"), NULL), "cap", S("1"), NULL);
    const struct taxon_node *absent =
        fake_map("terms", fake_map("a", S("1"), NULL), "min", S("2"), "absent", S("0.7"), NULL);

    ck_assert(score(opened_with(capped), "a a a a a a") == score(opened_with(capped), "a"));
    ck_assert(score(opened_with(absent), "nothing") > 0.5);
    ck_assert(score(opened_with(absent), "a") == score(opened_with(absent), "nothing"));
    ck_assert(score(opened_with(absent), "a a") > score(opened_with(absent), "a"));
}
END_TEST

START_TEST(lines_and_structures)
{
    const struct taxon_node *lines =
        fake_map("lines", fake_map("关于*的#号通知", S("1"), NULL), NULL);
    const struct taxon_node *turns =
        fake_map("structure", S("question-turns"), "weight", S("0.4"), "min", S("2"), NULL);

    ck_assert(score(opened_with(lines), "x\n关于种树的12号通知") > 0.5);
    ck_assert(score(opened_with(lines), "x\n关于种树的号通知") == 0);
    ck_assert(score(opened_with(turns), "问:一?\n答:一。\n问:二?") > 0.5);
    ck_assert(score(opened_with(turns), "问:一?\n答:一。") == 0);
}
END_TEST

START_TEST(rivals_are_held_down_unless_near)
{
    struct fake *fake = fake_new();

    fake_file(fake, "/g/a.yaml",
              fake_map("id", S("a"), "cues",
                       fake_list(fake_map("terms", fake_map("x", S("2"), NULL), NULL), NULL),
                       NULL));
    fake_file(fake, "/g/b.yaml",
              fake_map("id", S("b"), "cues",
                       fake_list(fake_map("terms", fake_map("x", S("1.9"), NULL), NULL), NULL),
                       NULL));
    fake_file(fake, "/g/c.yaml",
              fake_map("id", S("c"), "cues",
                       fake_list(fake_map("terms", fake_map("x", S("1"), NULL), NULL), NULL),
                       NULL));
    fake_file(fake, "/g/other.yaml", fake_map("id", S("other"), "rest", S("true"), NULL));
    add_verdict(fake);
    ck_assert_int_eq(fake_open(fake), 0);
    ck_assert_int_eq(fake_classify(fake, "x", NULL, 0, NULL, 0), 0);
    ck_assert(fake_label(fake, "a")->score > 0.8);
    ck_assert(fake_label(fake, "b")->score > 0.8);
    ck_assert(fake_label(fake, "c") == NULL || fake_label(fake, "c")->score < 0.2);
    ck_assert_ptr_null(fake_label(fake, "other"));
    ck_assert_int_eq(fake_classify(fake, "y", NULL, 0, NULL, 0), 0);
    ck_assert_uint_eq(fake->label_count, 1);
    ck_assert(fake_label(fake, "other")->score == 1);
}
END_TEST

START_TEST(furniture_does_not_count)
{
    struct fake *fake = opened_with(terms_at("head"));
    const struct taxon_span nav = {.struct_size = sizeof(nav),
                                   .scheme = "boilerplate",
                                   .id = "nav",
                                   .begin = 0,
                                   .end = 6,
                                   .score = 1};

    ck_assert_int_eq(fake_classify(fake, "通知\n正文", &nav, 1, NULL, 0), 0);
    ck_assert_ptr_null(fake_label(fake, "f/x"));
    ck_assert_int_eq(fake_classify(fake, "通知\n1\n2\n3\n4\n5\n通知", &nav, 1, NULL, 0), 0);
    ck_assert_ptr_nonnull(fake_label(fake, "f/x")); /* the sixth line that counts */
}
END_TEST

START_TEST(furniture_counts_where_a_cue_says_so)
{
    const struct taxon_span byline = {.struct_size = sizeof(byline),
                                      .scheme = "boilerplate",
                                      .id = "byline",
                                      .begin = 0,
                                      .end = 4,
                                      .score = 1};
    const struct taxon_node *words = fake_map("a", S("1"), NULL);
    struct fake *terms =
        opened_with(fake_map("terms", words, "furniture", S("true"), "at", S("head"), NULL));

    ck_assert_int_eq(fake_classify(terms, "by a\nb", &byline, 1, NULL, 0), 0);
    ck_assert_ptr_nonnull(fake_label(terms, "f/x"));
    terms = opened_with(
        fake_map("lines", fake_map("by *", S("1"), NULL), "furniture", S("true"), NULL));
    ck_assert_int_eq(fake_classify(terms, "by a\nb", &byline, 1, NULL, 0), 0);
    ck_assert_ptr_nonnull(fake_label(terms, "f/x"));
    terms = opened_with(fake_map("lines", fake_map("by *", S("1"), NULL), NULL));
    ck_assert_int_eq(fake_classify(terms, "by a\nb", &byline, 1, NULL, 0), 0);
    ck_assert_ptr_null(fake_label(terms, "f/x"));
}
END_TEST

START_TEST(bounds_and_density)
{
    const struct taxon_node *length = fake_map("structure", S("content-length"), "weight", S("1"),
                                               "max", S("20"), "cap", S("1"), NULL);
    const struct taxon_node *density =
        fake_map("terms", fake_map("说", S("0.5"), NULL), "per", S("100"), NULL);
    const struct taxon_node *absent = fake_map("structure", S("content-length"), "weight", S("-1"),
                                               "absent", S("1"), "cap", S("5"), NULL);
    char *text = calloc(1, 4000);

    ck_assert(score(opened_with(length), "十个字以内的短句") > 0.5);
    ck_assert(score(opened_with(length), "比十个字长一些的句子就不算了") == 0);
    ck_assert(score(opened_with(absent), "…… —— !") > 0.5);
    ck_assert(score(opened_with(absent), "字") == 0);
    ck_assert(score(opened_with(density), "说 说") > 0.6);
    for (int i = 0; i < 300; i++)
        strcat(text, i == 1 || i == 2 ? "说" : "字");
    ck_assert(score(opened_with(density), text) == 0); /* two in six hundred letters */
    free(text);
}
END_TEST

START_TEST(a_verdict_leaves_no_genre)
{
    struct fake *fake = opened_with(terms_at("anywhere"));
    const struct taxon_span all = {.struct_size = sizeof(all),
                                   .scheme = "boilerplate",
                                   .id = "footer",
                                   .begin = 0,
                                   .end = 9,
                                   .score = 1};

    ck_assert_int_eq(fake_classify(fake, "通知\nzzcaptcha", NULL, 0, NULL, 0), 0);
    ck_assert(fake_label(fake, "blocked")->score > 0.9);
    ck_assert_ptr_null(fake_label(fake, "f/x"));
    ck_assert_ptr_null(fake_label(fake, "other"));
    /* A verdict is seen in page furniture, too. */
    ck_assert_int_eq(fake_classify(fake, "zzcaptcha\n通知", &all, 1, NULL, 0), 0);
    ck_assert_ptr_nonnull(fake_label(fake, "blocked"));
    ck_assert_int_eq(fake_classify(fake, "通知", NULL, 0, NULL, 0), 0);
    ck_assert_ptr_null(fake_label(fake, "blocked"));
    ck_assert_ptr_nonnull(fake_label(fake, "f/x"));
}
END_TEST

START_TEST(a_measure_shows_its_value)
{
    struct fake *fake =
        opened_with(fake_map("structure", S("content-length"), "weight", S("1"), NULL));

    ck_assert_int_eq(fake_classify(fake, "abc\ndef", NULL, 0, NULL, 0), 0);
    ck_assert_uint_eq(fake_label(fake, "f/x")->evidence_count, 1);
    ck_assert_str_eq(fake_label(fake, "f/x")->reasons[0],
                     "letters and digits outside page furniture: 6");
}
END_TEST

START_TEST(nothing_and_monsters)
{
    struct fake *fake = opened_with(fake_map("lines", fake_map("*a*a*a*b", S("1"), NULL), NULL));
    size_t size = 1 << 20;
    char *text = malloc(size + 1);

    ck_assert(score(fake, "") == 0);
    ck_assert(score(fake, "\n") == 0);
    memset(text, 'a', size);
    text[size] = '\0';
    ck_assert(score(fake, text) == 0);
    for (size_t i = 1; i < size; i += 2)
        text[i] = '\n';
    ck_assert(score(fake, text) == 0);
    fake->stop = 1;
    ck_assert(score(fake, text) == 0);
    free(text);
}
END_TEST

static void expect_refused(const struct taxon_node *cue, const char *part)
{
    struct fake *fake = fake_new();

    fake_file(fake, "/g/x.yaml", fake_map("id", S("x"), "cues", fake_list(cue, NULL), NULL));
    add_verdict(fake);
    ck_assert_int_eq(fake_open(fake), -EINVAL);
    ck_assert_msg(fake_has_mistake(fake, part), "\"%s\" does not say: %s", fake->mistakes[0], part);
}

START_TEST(bad_cues_are_refused)
{
    const struct taxon_node *terms = fake_map("a", S("1"), NULL);

    expect_refused(S("x"), "a cue should be a mapping");
    expect_refused(fake_map("cap", S("1"), NULL), "one of terms, lines and structure");
    expect_refused(fake_map("terms", terms, "lines", terms, NULL), "one of terms");
    expect_refused(fake_map("terms", fake_list(S("a"), NULL), NULL), "mapping of terms");
    expect_refused(fake_map("lines", fake_map(NULL, NULL), NULL), "mapping of patterns");
    expect_refused(fake_map("terms", fake_map("a", S("much"), NULL), NULL), "a weight");
    expect_refused(fake_map("terms", terms, "at", S("middle"), NULL), "is no place");
    expect_refused(fake_map("lines", terms, "at", S("line-begin"), NULL), "terms only");
    expect_refused(fake_map("terms", terms, "weight", S("1"), NULL), "goes with structure");
    expect_refused(fake_map("terms", terms, "min", S("-1"), NULL), "from 0");
    expect_refused(fake_map("terms", terms, "cap", S("-1"), NULL), "from 0");
    expect_refused(fake_map("structure", S("question-turns"), NULL), "the weight of a structure");
    expect_refused(fake_map("terms", terms, "min", S("3"), "max", S("2"), NULL), "less than min");
    expect_refused(fake_map("terms", terms, "per", S("5"), NULL), "from 100");
    expect_refused(fake_map("terms", terms, "furniture", S("no"), NULL), "true or left out");
    expect_refused(fake_map("structure", S("text-length"), "weight", S("1"), "at", S("head"), NULL),
                   "of the whole document");
    expect_refused(fake_map("structure", S("sonnets"), "weight", S("1"), NULL), "no structure");
    expect_refused(fake_map("terms", terms, "wieght", S("1"), NULL), "unknown key \"wieght\"");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        places,
        a_page_of_one_line_has_no_title_and_a_short_head,
        caps_and_absence,
        lines_and_structures,
        rivals_are_held_down_unless_near,
        furniture_does_not_count,
        furniture_counts_where_a_cue_says_so,
        bounds_and_density,
        a_verdict_leaves_no_genre,
        a_measure_shows_its_value,
        nothing_and_monsters,
        bad_cues_are_refused,
    };

    return SUITE_RUN("kit/genre", tests);
}
