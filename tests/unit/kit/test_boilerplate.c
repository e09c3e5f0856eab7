/* Tests of the plugin boilerplate: role files and their mistakes, pages of HTML, hostile documents.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "boilerplate/structure.h"
#include "boilerplate_page.h"
#include "suite.h"

static void expect_refused(const char *cue, const char *part)
{
    char yaml[600];
    struct fake *fake;

    snprintf(yaml, sizeof(yaml), "id: note\n%s\n", cue);
    ck_assert_int_eq(page_open_yaml(yaml, &fake), -EINVAL);
    ck_assert_msg(fake_has_mistake(fake, part), "no mistake with \"%s\" for: %s; but: %s", part,
                  cue, fake->mistake_count > 0 ? fake->mistakes[0] : "none");
}

START_TEST(bad_roles_are_refused)
{
    expect_refused("at: middle", "\"middle\" is no place (known: anywhere, head, tail, edges)");
    expect_refused("max: 0", "from 1");
    expect_refused("max: wide", "max");
    expect_refused("cues: {a: 1}", "cues should be a sequence");
    expect_refused("cues: [{}]", "one of terms, lines and structure");
    expect_refused("cues: [{terms: {a: 1}, lines: {b: 1}}]", "one of terms, lines and structure");
    expect_refused("cues: [{terms: {}}]", "should be a mapping of terms to weights");
    expect_refused("cues: [{lines: [a]}]", "should be a mapping of patterns to weights");
    expect_refused("cues: [{terms: {a: much}}]", "a weight");
    expect_refused("cues: [{terms: {a: 11}}]", "a weight");
    expect_refused("cues: [{structure: sonnet, weight: 1}]", "no structure is called \"sonnet\"");
    expect_refused("cues: [{structure: date}]", "the weight of a structure");
    expect_refused("cues: [{terms: {a: 1}, weight: 1}]", "weight goes with structure");
    expect_refused("cues: [{lines: {a: 1}, at: line-begin}]", "goes with terms only");
    expect_refused("cues: [{terms: {a: 1}, min: 2}]", "unknown key \"min\"");
    expect_refused("continues: [a]", "should be a mapping of patterns to weights");
    expect_refused("colour: red", "unknown key \"colour\"");
}
END_TEST

START_TEST(roles_of_a_users_own)
{
    struct fake *fake;

    ck_assert_int_eq(page_open_yaml("id: slogan\nat: tail\nmax: 40\ncues:\n"
                                    "  - lines: {\"今天你*了吗?\": 1}\n"
                                    "  - terms: {好天气: 1}\n    at: line-begin\n",
                                    &fake),
                     0);
    page_text(fake, "一\n二\n今天你看书了吗？\n");
    ck_assert_str_eq(page_role("今天你看"), "slogan");
    page_text(fake, "一\n好天气！\n二好天气\n");
    ck_assert_str_eq(page_role("好天气"), "slogan");
    ck_assert_str_eq(page_role("二好天气"), "");
}
END_TEST

START_TEST(a_threshold_is_the_least_score)
{
    struct fake *fake;

    ck_assert_int_eq(page_open_yaml("id: slogan\nthreshold: 0.8\ncues: [{lines: {一*: 1}}]\n",
                                    &fake),
                     0);
    page_text(fake, "一二三\n");
    ck_assert_str_eq(page_role("一二三"), "");
    ck_assert_int_eq(page_open_yaml("id: slogan\nthreshold: 0.6\ncues: [{lines: {一*: 1}}]\n",
                                    &fake),
                     0);
    page_text(fake, "一二三\n");
    ck_assert_str_eq(page_role("一二三"), "slogan");
}
END_TEST

START_TEST(the_manual_names_every_structure)
{
    static char manual[1 << 16];
    FILE *file = fopen(SOURCE_ROOT "/plugins/boilerplate/README.md", "rb");

    ck_assert_ptr_nonnull(file);
    ck_assert_uint_lt(fread(manual, 1, sizeof(manual) - 1, file), sizeof(manual) - 1);
    fclose(file);
    for (size_t i = 0; i < STRUCTURE_COUNT; i++) {
        char quoted[80];

        snprintf(quoted, sizeof(quoted), "`%s`", structure_at(i)->name);
        ck_assert_msg(strstr(manual, quoted) != NULL, "the manual has no %s", quoted);
        ck_assert_uint_eq(structure_find(structure_at(i)->name), i);
    }
}
END_TEST

/* --- pages of HTML */

#define LONG                                                                                                                                     \
    "青岭县图书馆昨日重新开放，新馆比旧馆大了一倍，阅览室朝南，冬天也很暖和，读者说这里像家一样。" \
    "\n"

/* A block for each line; lines that begin with '@' are links from end to end. */
static size_t make_blocks(const char *text, struct taxon_block *blocks)
{
    size_t count = 0;

    for (const char *at = text; *at != '\0'; at = strchr(at, '\n') + 1) {
        size_t len = (size_t)(strchr(at, '\n') - at);

        blocks[count++] = (struct taxon_block){.struct_size = sizeof(struct taxon_block),
                                               .kind = TAXON_BLOCK_PARAGRAPH,
                                               .begin = (size_t)(at - text),
                                               .end = (size_t)(at - text) + len,
                                               .link_bytes = *at == '@' ? (uint32_t)len : 0};
    }
    return count;
}

START_TEST(links_around_the_main_part_are_furniture)
{
    static const char text[] =
        "@春耕\n@夏种\n@秋收\n图书馆开门了\n" LONG LONG LONG "@剧团下乡\n@戏台修好\n@桥通车了\n";
    struct taxon_block blocks[32];
    size_t count = make_blocks(text, blocks);
    struct fake *fake = page_open();

    page_html(fake, text, blocks, count);
    ck_assert_str_eq(page_role("@春耕"), "navigation");
    ck_assert_str_eq(page_role("@秋收"), "navigation");
    ck_assert_str_eq(page_role("青岭县图"), "");
    ck_assert_str_ne(page_role("@剧团"), "");
    ck_assert_str_ne(page_role("@桥通"), "");
    page_text(fake, text); /* no blocks: only words count, and there are none */
    ck_assert_str_eq(page_role("@春耕"), "");
}
END_TEST

START_TEST(elements_say_what_they_are)
{
    static const char text[] = "春耕\n" LONG LONG LONG LONG "老街\n";
    struct taxon_block blocks[8];
    size_t count = make_blocks(text, blocks);
    struct fake *fake = page_open();

    blocks[0].kind = TAXON_BLOCK_NAV;
    blocks[1].kind = TAXON_BLOCK_CAPTION;
    blocks[count - 1].kind = TAXON_BLOCK_FOOTER;
    page_html(fake, text, blocks, count);
    ck_assert_str_eq(page_role("春耕"), "navigation");
    ck_assert_str_eq(page_role("青岭县图"), "caption"); /* however much it reads like text */
    ck_assert_str_eq(page_role("老街"), "footer");
}
END_TEST

START_TEST(comments_go_on_to_the_next_heading)
{
    static const char text[] =
        "图书馆开门了\n" LONG LONG LONG LONG "Comments (2)\n春分\n馆里很安静。\n"
        "往期\n返回顶部\n";
    struct taxon_block blocks[16];
    size_t count = make_blocks(text, blocks);
    struct fake *fake = page_open();

    blocks[count - 2].kind = TAXON_BLOCK_HEADING;
    page_html(fake, text, blocks, count);
    ck_assert_str_eq(page_role("Comments"), "comment");
    ck_assert_str_eq(page_role("春分"), "comment");
    ck_assert_str_eq(page_role("馆里很"), "comment");
    ck_assert_str_ne(page_role("往期"), "comment");
}
END_TEST

START_TEST(a_page_of_many_short_texts_keeps_them)
{
    static char text[20000];
    static struct taxon_block blocks[300];
    struct fake *fake = page_open();

    for (int i = 0; i < 30; i++)
        strcat(
            text,
            "@竹篮子\n手工编的竹篮子，可以装菜。\n@草帽\n晒不黑的草帽，下地也能戴，下雨也不怕。\n");
    page_html(fake, text, blocks, make_blocks(text, blocks));
    ck_assert_str_eq(page_role("手工编的"), "");
    ck_assert_str_eq(page_role("晒不黑的"), "");
}
END_TEST

/* --- hostile documents */

START_TEST(blocks_out_of_order)
{
    static const char text[] = "一二三\n" LONG "四五六\n";
    struct taxon_block blocks[8];
    size_t count = make_blocks(text, blocks);
    struct taxon_block swapped = blocks[0];
    struct fake *fake = page_open();

    blocks[0] = blocks[count - 1];
    blocks[count - 1] = swapped;
    blocks[1].begin = 5;
    blocks[1].end = SIZE_MAX;
    blocks[1].link_bytes = UINT32_MAX;
    page_html(fake, text, blocks, count);
    blocks[0] = (struct taxon_block){.struct_size = sizeof(*blocks), .begin = 9, .end = 3};
    page_html(fake, text, blocks, count);
}
END_TEST

static char *repeat(const char *piece, size_t count)
{
    size_t len = strlen(piece);
    char *text = malloc(len * count + 1);

    ck_assert_ptr_nonnull(text);
    for (size_t i = 0; i < count; i++)
        memcpy(text + i * len, piece, len);
    text[len * count] = '\0';
    return text;
}

static void survives(const char *piece, size_t count)
{
    char *text = repeat(piece, count);

    page_text(page_open(), text);
    free(text);
}

START_TEST(a_million_lines)
{
    survives("首页\n", 1000000);
}
END_TEST

START_TEST(a_line_of_ten_megabytes)
{
    survives("首页 > ", 1250000);
}
END_TEST

START_TEST(monsters)
{
    static const char *const pieces[] = {
        "x",   "*",      "_",        "{",       "[",       "(",     "【", "\\", "x个", "**项",
        "1",   "1-",     "1.1.",     "[1] [2]", "a:",      "来源:", "> ", "| ", "@a.", "相关阅读\n",
        "…\n", "\");\n", "&nbsp;\n", "[your\n", "01-02\n", "(\n",   ".",  "。"};
    struct fake *fake = page_open();

    page_text(fake, "");
    page_text(fake, "\n");
    for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
        char *text = repeat(pieces[i], 200000 / strlen(pieces[i]));

        page_text(fake, text);
        free(text);
    }
}
END_TEST

START_TEST(no_memory_no_time)
{
    struct fake *fake = page_open();
    const struct page_said *said;

    fake->stop = 1; /* what there is is published */
    said = page_text(fake, "首页 > 新闻 > 正文\n" LONG);
    ck_assert_uint_le(said->count, 2);
    for (uint32_t left = 0; left < 4; left++) {
        struct taxon_document document = {.struct_size = sizeof(document),
                                          .text = "a",
                                          .text_len = 1,
                                          .folded = "a",
                                          .folded_len = 1,
                                          .media_type = "text/plain"};

        fake->allocations_left = left;
        ck_assert_int_eq(taxon_plugin_v1()->classify(fake->task.instance, &fake->task, &document),
                         -ENOMEM);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        bad_roles_are_refused,
        roles_of_a_users_own,
        a_threshold_is_the_least_score,
        the_manual_names_every_structure,
        links_around_the_main_part_are_furniture,
        elements_say_what_they_are,
        comments_go_on_to_the_next_heading,
        a_page_of_many_short_texts_keeps_them,
        blocks_out_of_order,
        a_million_lines,
        a_line_of_ten_megabytes,
        monsters,
        no_memory_no_time,
    };

    return SUITE_RUN("kit/boilerplate", tests);
}
