/* Tests of the text reader: blocks, title, and texts that are none. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_host.h"
#include "suite.h"

/* The blocks as "H1:title P:text L1:item ". */
static const char *blocks(struct fake *fake, const char *text)
{
    static char out[4096];
    size_t len = 0;

    ck_assert_int_eq(fake_read(fake, text), 0);
    out[0] = '\0';
    for (size_t i = 0; i < fake->block_count; i++) {
        const struct taxon_block *block = &fake->blocks[i];
        const char *kind = block->kind == TAXON_BLOCK_HEADING     ? "H"
                           : block->kind == TAXON_BLOCK_LIST_ITEM ? "L"
                                                                  : "P";
        int n = snprintf(out + len, sizeof(out) - len, "%s%u[%.*s] ", kind, block->level,
                         (int)(block->end - block->begin), text + block->begin);

        if (n < 0 || (size_t)n >= sizeof(out) - len)
            break;
        len += (size_t)n;
    }
    return out;
}

#define BLOCKS(text, expected) ck_assert_str_eq(blocks(fake_new(), text), expected)

/* The first fact of a name, or NULL. */
static const struct taxon_fact *find_fact(const struct fake *fake, const char *name)
{
    for (size_t i = 0; i < fake->fact_count; i++)
        if (strcmp(fake->facts[i].name, name) == 0)
            return &fake->facts[i];
    return NULL;
}

/* `place`: how the title stands in the text, where that is not the title itself. */
static void expect_title_at(const char *text, const char *title, const char *place)
{
    struct fake *fake = fake_new();
    const struct taxon_fact *fact;

    ck_assert_int_eq(fake_read(fake, text), 0);
    fact = find_fact(fake, "title");
    if (title == NULL) {
        ck_assert_ptr_null(fact);
        return;
    }
    ck_assert_ptr_nonnull(fact);
    ck_assert_uint_eq(fact->value_len, strlen(title));
    ck_assert_mem_eq(fact->value, title, strlen(title));
    ck_assert_uint_eq(fact->end - fact->begin, strlen(place));
    ck_assert_mem_eq(text + fact->begin, place, strlen(place));
}

static void expect_title(const char *text, const char *title)
{
    expect_title_at(text, title, title);
}

START_TEST(each_line_is_a_paragraph)
{
    BLOCKS("城市治水记\n  今天下雨了。\r\n\r\n　　明天也下。\n",
           "H1[城市治水记] P0[今天下雨了。] P0[明天也下。] ");
}
END_TEST

START_TEST(numbering_makes_headings_and_items)
{
    BLOCKS(
        "题目在此\n第一章 总则\n一、总体要求\n(一)指导思想\n1. 第一件。\n(2) 第二件\n① 三\n- 四\n"
        "一、这一条是正文，有句号。\n",
        "H1[题目在此] H2[第一章 总则] H2[一、总体要求] H3[(一)指导思想] L1[1. 第一件。] "
        "L1[(2) 第二件] L1[① 三] L1[- 四] P0[一、这一条是正文，有句号。] ");
    BLOCKS("正文开始了。\n3.5 公里长。\n", "P0[正文开始了。] P0[3.5 公里长。] ");
}
END_TEST

START_TEST(a_wrapped_text_is_joined)
{
    const char *text = "The rain came down on the roofs of the old town all through the night and\n"
                       "nobody could sleep for the noise it made on the tin of the harbour sheds,\n"
                       "which had been put up in haste after the war and never been taken away in\n"
                       "all the years since then, although the council had often promised to do\n"
                       "it.\n"
                       "\n"
                       "In the morning the gutters were full of leaves and the streets of puddles\n"
                       "in which the children of the quarter sailed their boats.\n";
    struct fake *fake = fake_new();

    ck_assert_int_eq(fake_read(fake, text), 0);
    ck_assert_uint_eq(fake->block_count, 2);
    ck_assert_uint_eq(fake->blocks[0].kind, TAXON_BLOCK_PARAGRAPH);
}
END_TEST

START_TEST(dates_are_facts)
{
    struct fake *fake = fake_new();
    const char *text =
        "青溪县开会\n发布日期：2024-04-12\n4月16日，县政府召开会议，部署农田水利工作，"
        "县长出席。\n";
    const struct taxon_fact *fact;

    ck_assert_int_eq(fake_read(fake, text), 0);
    fact = find_fact(fake, "date-published");
    ck_assert_ptr_nonnull(fact);
    ck_assert_str_eq(fact->value, "2024-04-12");
    ck_assert_mem_eq(text + fact->begin, "2024-04-12", strlen("2024-04-12"));
    fact = find_fact(fake, "date-event");
    ck_assert_ptr_nonnull(fact);
    ck_assert_str_eq(fact->value, "2024-04-16");
    ck_assert_ptr_nonnull(fact->reason);
}
END_TEST

START_TEST(titles)
{
    expect_title("首页 > 新闻 > 正文\n\n城市治水记\n\n发布日期：2024-01-01\n正文在此。\n",
                 "城市治水记");
    expect_title("# A heading\n\nText.\n", "A heading");
    expect_title(
        "这一行很长，因为它已经是正文了，正文总是很长，长到不能当作题目来看，所以没有题目，"
        "只有正文。\n下一行\n",
        NULL);
    expect_title("松洲市人民政府\n关于防汛的通知\n各单位：\n", "关于防汛的通知");
    expect_title("[求助] 为什么不结果？\n楼主 发表于昨天\n", "[求助] 为什么不结果？");
    expect_title("", NULL);
    expect_title("\n \n\t\n", NULL);
    expect_title("#\n", NULL);
    expect_title("大会在县城开幕。本报记者 江流 摄\n青溪县举行农田水利大会\n会议要求，抓好落实。\n",
                 "青溪县举行农田水利大会");
    expect_title_at("青溪縣召開新聞(wén)發(fā)布會(huì)的(de)事\n會議要求，抓好落實。\n",
                    "青溪縣召開新聞發布會的事", "青溪縣召開新聞(wén)發(fā)布會(huì)的(de)事");
    expect_title("青溪县的一天(new)\n会议要求，抓好落实。\n", "青溪县的一天(new)");
}
END_TEST

START_TEST(a_limit_of_blocks_is_no_failure)
{
    struct fake *fake = fake_new();

    fake->block_limit = 2;
    ck_assert_int_eq(fake_read(fake, "一。\n二。\n三。\n四。\n"), 0);
    ck_assert_uint_eq(fake->block_count, 2);
}
END_TEST

/* fake_host refuses blocks that are empty, overlap or go backwards; then fake_read fails. */
START_TEST(any_mix_of_lines_gives_ordered_blocks)
{
    static const char *const pieces[] = {"\n",
                                         "\r",
                                         "\r\n",
                                         " ",
                                         "　",
                                         "#",
                                         "第",
                                         "一",
                                         "、",
                                         "(",
                                         ")",
                                         "1",
                                         ".",
                                         "- ",
                                         "。",
                                         "字",
                                         "word ",
                                         "\xEF\xBB\xBF",
                                         "\xC2\xA0",
                                         "①",
                                         ":",
                                         "：",
                                         "\xF0\x9F\x98\x80"};
    uint64_t random = 5;

    for (int i = 0; i < 20000; i++) {
        struct fake *fake = fake_new();
        char text[400] = "";

        for (size_t k = suite_random(&random) % 40; k > 0; k--)
            strcat(text, pieces[suite_random(&random) % (sizeof(pieces) / sizeof(pieces[0]))]);
        ck_assert_int_eq(fake_read(fake, text), 0);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        each_line_is_a_paragraph,
        numbering_makes_headings_and_items,
        a_wrapped_text_is_joined,
        titles,
        dates_are_facts,
        a_limit_of_blocks_is_no_failure,
        any_mix_of_lines_gives_ordered_blocks,
    };

    return SUITE_RUN("kit/text_reader", tests);
}
