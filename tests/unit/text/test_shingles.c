/* Tests of text/shingles: what changes a sketch, and what does not. */
#include "text/shingles.h"

#include <string.h>

#include "base/strbuf.h"

#include "../base/suite.h"

static struct arena arena;

static void setup(void)
{
    arena_init(&arena, 0);
}

static void teardown(void)
{
    arena_release(&arena);
}

static const char zh[] =
    "云溪市昨日召开河道治理推进会，副市长沈砚主持。会议听取了三座水厂扩建的进展，\n"
    "要求年底以前完成东岸雨污分流改造，并向沿河居民公布监测数据。与会者还讨论了\n"
    "鱼道的位置，渔业合作社希望闸门在四月提前开启，以便青鱼洄游到上游的湿地产卵。\n";
static const char en[] =
    "The harbour trust met on Tuesday to hear how the tide mill might be opened again. Its wheel\n"
    "has not turned since the storm, and the trustees were told that oak for new paddles must be\n"
    "ordered before the end of the month. Two members asked whether visitors could be let in\n"
    "while the work goes on; the warden thought that the gallery at least was safe.\n";

/* False when the text is too short. */
static bool sketch(const char *text, struct minhash *out_sketch)
{
    struct folded folded;

    ck_assert_int_eq(fold_text(&arena, text, strlen(text), &folded), 0);
    return shingles_sketch(&folded, NULL, 0, out_sketch);
}

static double likeness(const char *a, const char *b)
{
    struct minhash left, right;

    ck_assert_msg(sketch(a, &left), "%s", a);
    ck_assert_msg(sketch(b, &right), "%s", b);
    return minhash_resemblance(&left, &right);
}

/* `text` with each `from` made `to`. */
static const char *replaced(const char *text, const char *from, const char *to)
{
    struct strbuf out = STRBUF_INIT;
    const char *at;

    while ((at = strstr(text, from)) != NULL) {
        strbuf_append(&out, text, (size_t)(at - text));
        strbuf_puts(&out, to);
        text = at + strlen(from);
    }
    strbuf_puts(&out, text);
    const char *copy = arena_strdup(&arena, strbuf_text(&out));
    strbuf_release(&out);
    return copy;
}

START_TEST(wrapping_and_punctuation_change_nothing)
{
    ck_assert_double_eq_tol(likeness(zh, replaced(zh, "\n", "")), 1, 1e-9);
    ck_assert_double_eq_tol(likeness(zh, replaced(zh, "。", "！\n\n")), 1, 1e-9);
    ck_assert_double_eq_tol(likeness(zh, replaced(zh, "，", ", ")), 1, 1e-9);
    ck_assert_double_eq_tol(likeness(en, replaced(en, "\n", " ")), 1, 1e-9);
    ck_assert_double_eq_tol(likeness(en, replaced(en, " ", "  ")), 1, 1e-9);
    ck_assert_double_eq_tol(likeness(en, replaced(en, "The ", "THE ")), 1, 1e-9);
    ck_assert_double_eq_tol(likeness(en, replaced(en, ";", ".")), 1, 1e-9);
}
END_TEST

START_TEST(a_word_changes_a_little_and_another_text_everything)
{
    double word = likeness(zh, replaced(zh, "青鱼", "鲫鱼"));

    ck_assert_double_gt(word, 0.8);
    ck_assert_double_lt(word, 1);
    ck_assert_double_lt(likeness(zh, en), 0.02);
    ck_assert_double_gt(likeness(en, replaced(en, "warden", "keeper")), 0.8);
    ck_assert_double_lt(likeness(en, replaced(en, "warden", "keeper")), 1);
}
END_TEST

/* English that has only its small words in common is as far apart as Chinese is. */
START_TEST(unrelated_english_is_unlike)
{
    static const char other[] =
        "Bleed a radiator before winter. Turn the heating off and wait until the pipes are cold,\n"
        "then hold a cloth below the valve and open it by a quarter of a turn with the key. Air\n"
        "hisses out first; when water follows, close it, and look at the gauge on the boiler. If\n"
        "the pressure has dropped below one bar, fill it up as the manual of the boiler says.\n";

    ck_assert_double_lt(likeness(en, other), 0.03);
}
END_TEST

START_TEST(traditional_is_the_same_as_simplified)
{
    const char *traditional = replaced(replaced(zh, "会", "會"), "东岸", "東岸");

    ck_assert_double_eq_tol(likeness(zh, traditional), 1, 1e-9);
}
END_TEST

START_TEST(what_is_skipped_does_not_count)
{
    struct folded whole, inner;
    struct minhash left, right;
    const char *before = "首页 新闻 政务 服务 搜索 繁体版\n";
    struct strbuf page = STRBUF_INIT;

    strbuf_printf(&page, "%s%s%s", before, zh, "版权所有 云溪在线 未经许可不得转载\n");
    const char *framed = strbuf_text(&page);
    ck_assert_int_eq(fold_text(&arena, framed, strlen(framed), &whole), 0);
    ck_assert_int_eq(fold_text(&arena, zh, strlen(zh), &inner), 0);
    const struct shingle_range skipped[] = {
        {0, fold_position(&whole, 3)}, /* overlaps the next */
        {0, fold_position(&whole, strlen(before))},
        {fold_position(&whole, strlen(before) + strlen(zh)), whole.len},
    };
    ck_assert(shingles_sketch(&whole, skipped, 3, &left));
    ck_assert(shingles_sketch(&inner, NULL, 0, &right));
    ck_assert_double_eq_tol(minhash_resemblance(&left, &right), 1, 1e-9);
    ck_assert_uint_eq(left.members, right.members);
    const struct shingle_range all = {0, whole.len};
    ck_assert(!shingles_sketch(&whole, &all, 1, &left));
    strbuf_release(&page);
}
END_TEST

START_TEST(short_texts_have_no_sketch)
{
    struct minhash out;

    ck_assert(!sketch("", &out));
    ck_assert(!sketch("。，！ …\n", &out));
    ck_assert(!sketch("云溪市昨日召开河道治理推进会，副市长沈砚主持。", &out));
    ck_assert(sketch(zh, &out));
    ck_assert_uint_ge(out.members, SHINGLES_LEAST);
}
END_TEST

/* A position of the text is the first folded one that comes from there or from behind it. */
START_TEST(positions_agree_with_the_map_back)
{
    static const char *const texts[] = {"發(fā)布會(huì)  ＡＢＣ\n\n x", "a (b)  c\n", "plain",
                                        "  x  "};

    for (size_t i = 0; i < 4; i++) {
        struct folded folded;
        size_t len = strlen(texts[i]);

        ck_assert_int_eq(fold_text(&arena, texts[i], len, &folded), 0);
        for (size_t at = 0; at <= len; at++) {
            size_t position = fold_position(&folded, at);
            size_t begin = 0;
            size_t end = 0;

            ck_assert_uint_le(position, folded.len);
            if (position > 0) {
                ck_assert_int_eq(fold_unfold(&folded, position - 1, position, &begin, &end), 0);
                ck_assert_uint_lt(begin, at);
            }
            if (position < folded.len) {
                ck_assert_int_eq(fold_unfold(&folded, position, position + 1, &begin, &end), 0);
                ck_assert_uint_ge(end, at);
            }
        }
        ck_assert_uint_eq(fold_position(&folded, len), folded.len);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        wrapping_and_punctuation_change_nothing,
        a_word_changes_a_little_and_another_text_everything,
        unrelated_english_is_unlike,
        traditional_is_the_same_as_simplified,
        what_is_skipped_does_not_count,
        short_texts_have_no_sketch,
        positions_agree_with_the_map_back,
    };
    return suite_run_with("text/shingles", tests, sizeof tests / sizeof tests[0], setup, teardown);
}
