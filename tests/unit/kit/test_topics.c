/* Tests of the topics plugin: overlaps, negative terms, length, title, furniture, bad definitions.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fake_host.h"
#include "suite.h"

#define S(text) fake_scalar(text)

static const struct taxon_node *ecology(void)
{
    return fake_map("id", S("ecology"), "terms",
                    fake_map("生态", S("1"), "污染", S("1"), "环保", S("1"), "湿地", S("1"), NULL),
                    "negative", fake_map("创新生态", S("0"), "精神污染", S("3"), NULL), "children",
                    fake_list(fake_map("id", S("water"), "terms",
                                       fake_map("水污染", S("2"), "污水", S("2"), NULL), NULL),
                              NULL),
                    NULL);
}

static struct fake *opened(void)
{
    struct fake *fake = fake_new();

    fake_file(fake, "/t/ecology.yaml", ecology());
    fake_file(fake, "/t/innovation.yaml",
              fake_map("id", S("innovation"), "terms",
                       fake_map("创新", S("2"), "科研", S("2"), "创新生态", S("2"), NULL), NULL));
    ck_assert_int_eq(fake_open(fake), 0);
    ck_assert_uint_eq(fake->mistake_count, 0);
    return fake;
}

static double score(struct fake *fake, const char *text, const char *id)
{
    const struct fake_label *label;

    ck_assert_int_eq(fake_classify(fake, text, NULL, 0, NULL, 0), 0);
    label = fake_label(fake, id);
    return label == NULL ? 0 : label->score;
}

START_TEST(a_short_text_holds_and_a_mention_in_a_long_one_does_not)
{
    struct fake *fake = opened();
    char *text = calloc(1, 60000);

    ck_assert(score(fake, "保护湿地,治理污染,建设生态。", "ecology") >= 0.5);
    for (int i = 0; i < 1000; i++)
        strcat(text, "今天我们讲另外的事情。");
    strcat(text, "也有湿地,也有污染,也有生态。");
    ck_assert(score(fake, text, "ecology") < 0.5);
    ck_assert(score(fake, "什么也没有", "ecology") == 0);
    ck_assert(score(fake, "", "ecology") == 0);
    free(text);
}
END_TEST

/* `count` times `filler` behind `head`. */
static double score_with(struct fake *fake, const char *head, const char *filler, int count)
{
    char *text = calloc(1, strlen(head) + strlen(filler) * (size_t)count + 1);
    double found;

    strcpy(text, head);
    for (int i = 0; i < count; i++)
        strcat(text, filler);
    found = score(fake, text, "ecology");
    free(text);
    return found;
}

START_TEST(a_text_on_one_thing_needs_less_than_one_on_many)
{
    struct fake *fake = opened();
    const char *one = "湿地,污染,生态,环保。别的,别的,别的。";
    const char *many = "湿地,污染,生态,环保。创新,创新,科研。";

    ck_assert_uint_eq(strlen(one), strlen(many));
    ck_assert(score_with(fake, one, "今天天好。", 100) > score_with(fake, many, "今天天好。", 100));
}
END_TEST

/* The same bytes hold more words of Chinese. */
START_TEST(length_is_in_words_of_either_script)
{
    struct fake *fake = opened();
    const char *head = "湿地,污染,生态,环保。";

    ck_assert(score_with(fake, head, "to be. ", 300) > score_with(fake, head, "今天 ", 300));
    ck_assert(score_with(fake, head, "to be. ", 300) > score_with(fake, head, "to be. ", 900));
}
END_TEST

START_TEST(what_speaks_against_a_root_is_no_share_of_another)
{
    struct fake *fake = opened();
    double with = score(fake, "精神污染,精神污染,创新,科研", "innovation");

    ck_assert_ptr_null(fake_label(fake, "ecology"));
    ck_assert(with == score(fake, "精神别的,精神别的,创新,科研", "innovation"));
}
END_TEST

START_TEST(one_term_alone_counts_less)
{
    struct fake *fake = opened();

    ck_assert(score(fake, "湿地", "ecology") < 0.5);
    ck_assert(score(fake, "湿地,污染", "ecology") >= 0.5);
    ck_assert(score(fake, "湿地,湿地,湿地", "ecology") < 0.5);
    ck_assert(score(fake, "水污染", "ecology") < 0.5);
}
END_TEST

START_TEST(a_negative_term_hides_what_it_contains_for_its_root_only)
{
    struct fake *fake = opened();

    ck_assert(score(fake, "创新生态创新生态创新生态", "ecology") == 0);
    ck_assert(fake_label(fake, "innovation") != NULL);
    ck_assert(score(fake, "生态,湿地", "ecology") > score(fake, "生态,湿地,精神污染", "ecology"));
}
END_TEST

START_TEST(the_longest_of_a_root_counts_once)
{
    struct fake *fake = opened();

    ck_assert_int_eq(fake_classify(fake, "水污染", NULL, 0, NULL, 0), 0);
    ck_assert_ptr_nonnull(fake_label(fake, "ecology"));
    ck_assert_uint_eq(fake_label(fake, "ecology")->evidence_count, 1);
    ck_assert_str_eq(fake_label(fake, "ecology")->reasons[0], "\"水污染\" x1");
    ck_assert_uint_eq(fake_label(fake, "ecology")->evidence[0].end, 9);
}
END_TEST

START_TEST(a_child_makes_its_root_hold)
{
    struct fake *fake = opened();
    double child = score(fake, "水污染和污水,都要治。精神污染,精神污染。", "ecology/water");

    ck_assert(child >= 0.5);
    ck_assert(fake_label(fake, "ecology")->score >= child);
}
END_TEST

START_TEST(the_title_counts_more)
{
    struct fake *fake = opened();
    const char *text = "湿地和污染";
    const struct taxon_fact title = {.struct_size = sizeof(title),
                                     .name = "title",
                                     .value = text,
                                     .value_len = 6,
                                     .begin = 0,
                                     .end = 6};
    double without = score(fake, text, "ecology");

    ck_assert_int_eq(fake_classify(fake, text, NULL, 0, &title, 1), 0);
    ck_assert(fake_label(fake, "ecology")->score > without);
    ck_assert_ptr_nonnull(strstr(fake_label(fake, "ecology")->reasons[0], "in the title"));
}
END_TEST

START_TEST(page_furniture_counts_for_nothing)
{
    struct fake *fake = opened();
    const char *text = "生态 湿地 污染\n讲别的";
    const struct taxon_span nav = {.struct_size = sizeof(nav),
                                   .scheme = "boilerplate",
                                   .id = "nav",
                                   .begin = 0,
                                   .end = 20,
                                   .score = 0.9};

    ck_assert(score(fake, text, "ecology") > 0.5);
    ck_assert_int_eq(fake_classify(fake, text, &nav, 1, NULL, 0), 0);
    ck_assert_ptr_null(fake_label(fake, "ecology"));
}
END_TEST

START_TEST(the_same_text_gives_the_same_scores)
{
    struct fake *fake = opened();
    double first = score(fake, "湿地,污染,创新,生态,科研", "ecology");

    for (int i = 0; i < 5; i++)
        ck_assert(score(fake, "湿地,污染,创新,生态,科研", "ecology") == first);
}
END_TEST

static void expect_refused(const struct taxon_node *root, const char *part)
{
    struct fake *fake = fake_new();

    fake_file(fake, "/t/x.yaml", root);
    ck_assert_int_eq(fake_open(fake), -EINVAL);
    ck_assert_msg(fake_has_mistake(fake, part), "\"%s\" does not say: %s", fake->mistakes[0], part);
}

START_TEST(bad_definitions_are_refused)
{
    expect_refused(fake_map("id", S("a"), "terms", S("x"), NULL), "mapping of terms");
    expect_refused(fake_map("id", S("a"), "terms", fake_map("x", S("heavy"), NULL), NULL),
                   "a term's weight");
    expect_refused(fake_map("id", S("a"), "terms", fake_map("x", S("11"), NULL), NULL), "0 to 10");
    expect_refused(fake_map("id", S("a"), "negative", fake_map("x", S("-1"), NULL), NULL),
                   "0 to 10");
    expect_refused(fake_map("id", S("a"), "terms", fake_map("*", S("1"), NULL), NULL),
                   "nothing to match");
    expect_refused(fake_map("id", S("a"), "terms", fake_map("Air", S("1"), NULL), "children",
                            fake_list(fake_map("id", S("b"), "terms", fake_map("air", S("1"), NULL),
                                               NULL),
                                      NULL),
                            NULL),
                   "of a/b is in a, too");
    expect_refused(fake_map("id", S("a"), "cues", fake_list(NULL), NULL), "unknown key \"cues\"");
}
END_TEST

START_TEST(no_memory_is_an_error)
{
    for (uint32_t left = 0; left < 4; left++) {
        struct fake *fake = opened();

        fake->allocations_left = left;
        ck_assert_int_eq(fake_classify(fake, "生态", NULL, 0, NULL, 0), -ENOMEM);
    }
    for (uint32_t left = 0; left < 12; left++) {
        struct fake *fake = fake_new();

        fake_file(fake, "/t/e.yaml", ecology());
        fake->keeps_left = left;
        ck_assert_int_lt(fake_open(fake), 0);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_short_text_holds_and_a_mention_in_a_long_one_does_not,
        a_text_on_one_thing_needs_less_than_one_on_many,
        length_is_in_words_of_either_script,
        what_speaks_against_a_root_is_no_share_of_another,
        one_term_alone_counts_less,
        a_negative_term_hides_what_it_contains_for_its_root_only,
        the_longest_of_a_root_counts_once,
        a_child_makes_its_root_hold,
        the_title_counts_more,
        page_furniture_counts_for_nothing,
        the_same_text_gives_the_same_scores,
        bad_definitions_are_refused,
        no_memory_is_an_error,
    };

    return SUITE_RUN("kit/topics", tests);
}
