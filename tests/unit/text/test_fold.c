/* Unit tests of core/text/fold: what it folds, and that the map tells the truth. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/utf8.h"
#include "text/fold.h"

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

static struct folded fold(const char *text, size_t len)
{
    struct folded folded;

    ck_assert_int_eq(fold_text(&arena, text, len, &folded), 0);
    ck_assert(utf8_is_valid(folded.text, folded.len));
    ck_assert_int_eq(folded.text[folded.len], '\0');
    return folded;
}

static struct folded fold_c(const char *text)
{
    return fold(text, strlen(text));
}

#define ck_folds(from, to) ck_assert_str_eq(fold_c(from).text, to)

/* The text bytes behind the first place of `needle` in the folded text. */
static const char *text_behind(const char *text, const char *needle)
{
    struct folded folded = fold_c(text);
    const char *at = strstr(folded.text, needle);
    size_t begin = 0;
    size_t end = 0;

    ck_assert_ptr_nonnull(at);
    size_t offset = (size_t)(at - folded.text);
    ck_assert_int_eq(fold_unfold(&folded, offset, offset + strlen(needle), &begin, &end), 0);
    ck_assert_uint_lt(begin, end);
    ck_assert_uint_le(end, strlen(text));
    return arena_strndup(&arena, text + begin, end - begin);
}

START_TEST(letter_case)
{
    ck_folds("Hello, WORLD 42!", "hello, world 42!");
    ck_folds("ÄÖÜ Éclair ŁÓDŹ İstanbul", "äöü éclair łódź istanbul");
    ck_folds("ΟΔΟΣ οδος ΆΈ", "οδοσ οδοσ άέ");
    ck_folds("МОСКВА Ёлка Ґанок", "москва ёлка ґанок");
    ck_folds("ՀԱՅ", "հայ");
    ck_folds("ẞtraße TIẾNG VIỆT", "ßtraße tiếng việt");
    ck_folds("ȺȾ", "ȺȾ"); /* their small letters are longer: as they stand */
}
END_TEST

/* Encoded twice, so left in the text; one or two of them are what is meant. */
START_TEST(entities)
{
    ck_folds("&nbsp;", "&nbsp;");
    ck_folds("R&amp;D &lt;", "r&amp;d &lt;");
    ck_folds("A&nbsp;&nbsp;B &amp; C&#39;s &ldquo;X&rdquo;&emsp;", "a b & c's “x”");
    ck_folds("&nbsp;&nbsp;\n &nbsp;x &unknown; & &; &nbsp", "x &unknown; & &; &nbsp");
    ck_assert_str_eq(text_behind("&lt;&gt;&lt;B&gt;&nbsp; C", "b> c"), "B&gt;&nbsp; C");
}
END_TEST

START_TEST(width)
{
    struct folded folded = fold_c("ＧＤＰ：１２％，（ａ）　￥５");

    ck_assert_str_eq(folded.text, "gdp:12%,(a) ¥5");
    ck_assert_uint_eq(folded.full_width, 13);
    ck_folds("ｶﾀｶﾅ。「」、", "ｶﾀｶﾅ。「」、");
}
END_TEST

START_TEST(white_space)
{
    ck_folds("", "");
    ck_folds(" \n\t\r\n　\u00A0", "");
    ck_folds("  a \t b\r\n\r\n c  ", "a b\nc");
    ck_folds("a\u2003b\u2028c\xC2\x85"
             "d",
             "a b\nc\nd");
    ck_folds("a \u200B b\u200B", "a b");
    ck_folds("\uFEFF \u200Bx \uFEFF", "x");
    ck_folds("\x01 \x7F", "\x01 \x7F");
}
END_TEST

START_TEST(format_characters)
{
    ck_folds("so\u00ADft hy\u200Bphen\u2060", "soft hyphen");
    ck_folds("葛\U000E0100飾 ❤\uFE0F", "葛饰 ❤");
    ck_folds("\u202Eabc\u202C", "abc");
}
END_TEST

START_TEST(nul_and_four_bytes)
{
    struct folded folded = fold("A\0B", 3);

    ck_assert_uint_eq(folded.len, 3);
    ck_assert_mem_eq(folded.text, "a\0b", 3);
    ck_folds("😀𠮷", "😀𠮷");
    ck_folds("鰤𡞵A", "𫚕㛟a"); /* three bytes become four, four three */
    ck_assert_str_eq(text_behind("x鰤𡞵A", "𫚕"), "鰤");
    ck_assert_str_eq(text_behind("x鰤𡞵A", "㛟a"), "𡞵A");
}
END_TEST

START_TEST(traditional)
{
    struct folded folded = fold_c("國務院發展研究中心 国务院");

    ck_assert_str_eq(folded.text, "国务院发展研究中心 国务院");
    ck_assert_uint_eq(folded.traditional, 3);
    ck_folds("頭髮 乾淨 樹幹 皇后 後天 鐘錶", "头发 干净 树干 皇后 后天 钟表");
    ck_folds("简体中文保持不变，有不明上金回手。", "简体中文保持不变,有不明上金回手。");
}
END_TEST

START_TEST(phrases)
{
    ck_folds("乾隆皇帝、乾坤、乾杯", "乾隆皇帝、乾坤、干杯");
    ck_folds("據瞭解，不瞭解；一目瞭然；瞭望", "据了解,不了解;一目了然;瞭望");
    ck_folds("藉口、藉助、藉此機會、狼藉", "借口、借助、借此机会、狼藉");
    ck_folds("著急 甚麼 為甚麼", "着急 什么 为什么");
    ck_folds("隨著經濟發展，有著名學者的著作", "随着经济发展,有著名学者的著作");
    ck_folds("計畫 反覆 覆蓋 項鍊 傢俱 彷彿", "计划 反复 覆盖 项链 家具 仿佛");
    ck_folds("角徵羽 徵求", "角徵羽 征求");
    ck_folds("乾", "干");
    ck_folds("二噁英", "二𫫇英");
    ck_assert_str_eq(text_behind("據瞭解到", "了解"), "瞭解");
    /* Glosses inside a phrase. */
    ck_folds("乾(qián)隆(lóng)年", "乾隆年");
    ck_folds("瞭（liǎo）解", "了解");
    ck_assert_str_eq(text_behind("不瞭（liǎo）解(jiě)a", "了解a"), "瞭（liǎo）解(jiě)a");
}
END_TEST

START_TEST(glosses)
{
    struct folded folded = fold_c("召開新聞發(fā)布會(huì)，習(xí)近平總書(shū)記");

    ck_assert_str_eq(folded.text, "召开新闻发布会,习近平总书记");
    ck_assert_uint_eq(folded.glosses, 4);
    ck_folds("綠(lǜ)色 女(nǚ) 創(chuàng)新 鄉(xiāng) 二(èr) 耳（ĕr）", "绿色 女 创新 乡 二 耳");
    ck_folds("發(fa\u0304)布 綠(lu\u0308\u0300) 發(FĀ)", "发布 绿 发");
    ck_folds("的(de)", "的(de)");              /* no toned gloss in this text */
    ck_folds("的(de)會(huì)", "的会");         /* with one */
    ck_folds("會(huì)的(de)(de)", "会的(de)"); /* the second follows no Han character */
    ck_assert_str_eq(text_behind("新聞發(fā)布會(huì)於", "发布会"), "發(fā)布會");
    ck_assert_str_eq(text_behind("新聞發(fā)布會(huì)於", "布会于"), "布會(huì)於");
}
END_TEST

START_TEST(what_is_no_gloss)
{
    static const char *const texts[] = {
        "產值(gdp)", "會(huì長", "會(huì", "會(",     "會()",        "公里(km)會(huì)", "a(fā)b",
        "會(huìx)",  "會( huì)", "(fā)",   "會(fāá)", "會(zhuangg)", "會(xǘxx)",
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct folded folded = fold_c(texts[i]);
        const char *want = strstr(texts[i], "km") != NULL ? "公里(km)会" : NULL;
        ck_assert_uint_eq(folded.glosses, want != NULL);
        if (want != NULL)
            ck_assert_str_eq(folded.text, want);
        else
            ck_assert_ptr_nonnull(strchr(folded.text, '('));
    }
}
END_TEST

START_TEST(unfold_bounds)
{
    struct folded folded = fold_c("ａ b");
    size_t begin = 7;
    size_t end = 7;

    ck_assert_int_eq(fold_unfold(&folded, 0, 4, &begin, &end), -EINVAL);
    ck_assert_int_eq(fold_unfold(&folded, 1, 1, &begin, &end), -EINVAL);
    ck_assert_int_eq(fold_unfold(&folded, 2, 1, &begin, &end), -EINVAL);
    ck_assert_int_eq(fold_unfold(&folded, SIZE_MAX, 1, &begin, &end), -EINVAL);
    ck_assert_uint_eq(begin, 7);
    ck_assert_int_eq(fold_unfold(&folded, 0, 1, &begin, &end), 0);
    ck_assert_uint_eq(begin, 0);
    ck_assert_uint_eq(end, 3);
    folded = fold_c(" ");
    ck_assert_int_eq(fold_unfold(&folded, 0, 0, &begin, &end), -EINVAL);
}
END_TEST

START_TEST(budget)
{
    struct arena small;
    struct folded folded;
    char text[4096];

    memset(text, 'a', sizeof text);
    arena_init(&small, 1024);
    ck_assert_int_eq(fold_text(&small, text, sizeof text, &folded), -ENOMEM);
    arena_release(&small);
    arena_init(&small, 8192); /* the text fits, its map does not: a run for each character */
    for (size_t i = 0; i + 3 <= sizeof text; i += 3)
        memcpy(text + i, "Ａ", 3);
    ck_assert_int_eq(fold_text(&small, text, sizeof text / 3 * 3, &folded), -ENOMEM);
    arena_release(&small);
}
END_TEST

/* No phrase begins with one of these, so that a part of a text folds as in the whole. */
static const char *const pieces[] = {
    "a",  "Z",  " ",  "\n",     "　", "國",         "鰤",     "𡞵",        "Ａ",
    "，", "（", "é",  "É",      "İ",  "ẞ",          "Ж",      "😀",         "院",
    "展", "\t", "。", "\u200B", "x",  "\U000E0101", "發(fā)", "會（huì）", "院(de)",
};

static void random_text(struct strbuf *text, uint64_t *state)
{
    unsigned count = (unsigned)(suite_random(state) % 24);

    strbuf_clear(text);
    for (unsigned i = 0; i < count; i++)
        strbuf_puts(text, pieces[suite_random(state) % (sizeof pieces / sizeof *pieces)]);
}

static bool is_border(const struct folded *folded, size_t at)
{
    return at == folded->len || ((unsigned char)folded->text[at] & 0xC0) != 0x80;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\n';
}

/* Folded [begin, end) comes from a text range inside the text, on borders of characters, that
 * folds to it. At white space the range's own ends would be trimmed; and an untoned gloss needs a
 * toned one in sight. */
static void check_range(const struct strbuf *text, const struct folded *folded, size_t begin,
                        size_t end)
{
    size_t text_begin;
    size_t text_end;
    const char *data = strbuf_text(text);

    ck_assert_int_eq(fold_unfold(folded, begin, end, &text_begin, &text_end), 0);
    ck_assert_uint_lt(text_begin, text_end);
    ck_assert_uint_le(text_end, text->len);
    ck_assert(utf8_is_valid(data + text_begin, text_end - text_begin));
    if (is_space(folded->text[begin]) || is_space(folded->text[end - 1]) ||
        memmem(data + text_begin, text_end - text_begin, "(de)", 4) != NULL)
        return;
    struct folded again = fold(data + text_begin, text_end - text_begin);
    ck_assert_uint_eq(again.len, end - begin);
    ck_assert_mem_eq(again.text, folded->text + begin, again.len);
}

START_TEST(map_of_random_texts)
{
    struct strbuf text = STRBUF_INIT;
    uint64_t state = 2463534242u;

    for (unsigned round = 0; round < 1500; round++) {
        random_text(&text, &state);
        arena_reset(&arena);
        struct folded folded = fold(strbuf_text(&text), text.len);
        size_t last_begin = 0;
        size_t last_end = 0;
        for (size_t begin = 0; begin < folded.len; begin++) {
            if (!is_border(&folded, begin))
                continue;
            size_t next = begin + 1;
            while (!is_border(&folded, next))
                next++;
            size_t text_begin;
            size_t text_end;
            ck_assert_int_eq(fold_unfold(&folded, begin, next, &text_begin, &text_end), 0);
            ck_assert(begin == 0 || text_begin > last_begin);
            ck_assert_uint_ge(text_begin, last_end);
            last_begin = text_begin;
            last_end = text_end;
            for (size_t end = next; end <= folded.len; end++)
                if (is_border(&folded, end))
                    check_range(&text, &folded, begin, end);
        }
    }
    strbuf_release(&text);
}
END_TEST

START_TEST(runs_are_merged)
{
    /* One run up to what changes its length, and none for what stays or keeps its length. */
    ck_assert_uint_eq(fold_c("國家 Abc É 中文，").run_count, 2);
    ck_assert_uint_eq(fold_c("國家 Abc É 中文").run_count, 1);
    ck_assert_uint_eq(fold_c("發(fā)布").run_count, 2);
    ck_assert_uint_eq(fold_c("").run_count, 0);
}
END_TEST

START_TEST(invalid_input_stays_in_bounds)
{
    uint64_t state = 88172645u;

    for (unsigned round = 0; round < 3000; round++) {
        size_t len = suite_random(&state) % 12;
        char *bytes = malloc(len + 1); /* exact, so that a sanitizer sees a step too far */
        ck_assert_ptr_nonnull(bytes);
        for (size_t i = 0; i < len; i++)
            bytes[i] = (char)(0xA0 ^ suite_random(&state));
        struct folded folded;
        char *exact = realloc(bytes, len > 0 ? len : 1);
        arena_reset(&arena);
        ck_assert_int_eq(fold_text(&arena, exact, len, &folded), 0);
        ck_assert_uint_le(folded.len, len + len / 3);
        for (size_t i = 0; i < folded.len; i++) {
            size_t begin;
            size_t end;
            ck_assert_int_eq(fold_unfold(&folded, i, folded.len, &begin, &end), 0);
            ck_assert_uint_le(end, len);
        }
        free(exact);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        letter_case,         entities,          width,
        white_space,         format_characters, nul_and_four_bytes,
        traditional,         phrases,           glosses,
        what_is_no_gloss,    unfold_bounds,     budget,
        map_of_random_texts, runs_are_merged,   invalid_input_stays_in_bounds,
    };

    return suite_run_with("text/fold", tests, sizeof tests / sizeof *tests, setup, teardown);
}
