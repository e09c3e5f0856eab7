/* Tests of genre/structure: each counter on lines it should and should not count, and all of them
 * on whatever else a line can be. */
#include "genre/line_view.h"
#include "genre/structure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suite.h"

static uint32_t count(const char *name, const char *line)
{
    size_t len = strlen(line);
    size_t index = structure_find(name);
    char *copy = malloc(len + 1); /* exactly as long, so that a sanitizer sees a read beyond it */
    uint32_t result;

    ck_assert_msg(index < STRUCTURE_COUNT, "no structure %s", name);
    memcpy(copy, line, len);
    copy = realloc(copy, len > 0 ? len : 1);
    result = structure_at(index)->count(copy, len);
    free(copy);
    return result;
}

#define COUNTS(name, line, n) ck_assert_msg(count(name, line) == (n), "%s: %s", name, line)

START_TEST(turns)
{
    COUNTS("question-turns", "问:为什么?", 1);
    COUNTS("question-turns", "1.记者:有什么特点?", 1);
    COUNTS("question-turns", "晚报记者:为什么?", 1);
    COUNTS("question-turns", "q3: why?", 1);
    COUNTS("question-turns", "答:因为。", 0);
    COUNTS("question-turns", "会后,记者:", 0);
    COUNTS("question-turns", "http://a.example/q: x", 0);
    COUNTS("answer-turns", "答:因为。", 1);
    COUNTS("answer-turns", "a: because", 1);
    COUNTS("speaker-lines", "市生态环境局局长沈砚舟:", 1);
    COUNTS("speaker-lines", "他说了很多。最后说:", 0);
    COUNTS("speaker-lines", "a:", 0);
    COUNTS("question-lines", "why is that so?", 1);
    COUNTS("salutations", "同志们:", 1);
    COUNTS("salutations", "尊敬的各位来宾,女士们、先生们:", 1);
    COUNTS("salutations", "同志们都很忙", 0);
    COUNTS("salutations", "主席先生,各位同事:七十五年前,世界人民经过浴血奋战。我们不会忘记。", 1);
    COUNTS("salutations", "各位都到了。会上宣布:散会。大家把椅子搬走,把灯关掉。", 1);
    COUNTS("salutations", "dear sir,", 1);
}
END_TEST

START_TEST(numbering)
{
    COUNTS("steps", "1. 切块", 1);
    COUNTS("steps", "第二步,加水", 1);
    COUNTS("steps", "step 3: stir", 1);
    COUNTS("steps", "3.5 inches", 0);
    COUNTS("steps", "2024. was a year", 0);
    COUNTS("steps", "1.", 1);
    COUNTS("sections", "一、总体要求", 1);
    COUNTS("sections", "(十二)督导", 1);
    COUNTS("sections", "1、总体", 0);
    COUNTS("articles", "第三十五条 禁止", 1);
    COUNTS("articles", "第三十五章 禁止", 0);
    COUNTS("chapters", "第二章 责任", 1);
    COUNTS("floors", "3楼 某人", 1);
    COUNTS("floors", "#12", 1);
    COUNTS("floors", "楼主 小农 发表于 2024-5-3", 1);
    COUNTS("floors", "楼房很高", 0);
    COUNTS("floors", "第5楼", 1);
}
END_TEST

START_TEST(figures)
{
    COUNTS("amounts", "盐3克,糖 15 克,油少许", 2);
    COUNTS("amounts", "2 tbsp oil and 1 cup milk", 2);
    COUNTS("amounts", "3公里", 0);
    COUNTS("prices", "¥129 原价:¥189", 2);
    COUNTS("prices", "39元一个", 1);
    COUNTS("prices", "投资3亿元", 0);
    COUNTS("prices", "$5 and $ 5 and us$7", 2);
    COUNTS("scores", "以3比1战胜", 1);
    COUNTS("scores", "21-15, 18-21", 2);
    COUNTS("scores", "2023-12-21", 0);
    COUNTS("scores", "0735-2892485", 0);
    COUNTS("document-numbers", "青政发〔2024〕27号", 1);
    COUNTS("document-numbers", "(2024)第5号", 1);
    COUNTS("document-numbers", "2024年27号楼", 0);
    COUNTS("dated-lines", "关于开会的通知 05-17", 1);
}
END_TEST

START_TEST(datelines_and_dates)
{
    const char *rest = " the council said on tuesday that the wall would be mended by winter, and "
                       "that the pumps would follow in the spring.";
    char line[300];

    snprintf(line, sizeof(line), "madison, wis. (ap) -%s", rest);
    COUNTS("datelines", line, 1);
    snprintf(line, sizeof(line), "harrowgate —%s", rest);
    COUNTS("datelines", line, 1);
    snprintf(line, sizeof(line), "- first -%s", rest);
    COUNTS("datelines", line, 0);
    snprintf(line, sizeof(line), "it was over. we knew -%s", rest);
    COUNTS("datelines", line, 0);
    COUNTS("datelines", "stanwick - harrowgate", 0);
    COUNTS("written-dates", "posted: friday, october 26, 2007", 1);
    COUNTS("written-dates", "on oct. 6 and on 5月17日", 2);
    COUNTS("written-dates", "chapter 12 of 40", 0);
    COUNTS("written-dates", "mayor 5, unmarked 7", 0);
}
END_TEST

START_TEST(what_no_reader_should_see)
{
    COUNTS("script-share", "var loader = document.getelementbyid(\"app\");", 1);
    COUNTS("script-share", "@media screen and (max-width:768px){", 1);
    COUNTS("script-share", "});", 1);
    COUNTS("script-share", "let us go to the harbour; it is late", 0);
    COUNTS("script-share", "the document. it was long (very long)", 0);
    COUNTS("script-share", "return tickets are sold at the gate", 0);
    COUNTS("data-share", "5801 | quay | 54.21 | -1.44", 1);
    COUNTS("data-share", "12 310 5801 44", 1);
    COUNTS("data-share", "in 1998 there were 12 lamps on the quay", 0);
}
END_TEST

/* Any bytes that are valid UTF-8, cut anywhere between characters. */
START_TEST(no_line_does_harm)
{
    static const char *const pieces[] = {"第",  "1",     ":",    "(",
                                         "#",   "〔",    "2024", "-",
                                         "比",  "元",    "月",   "oct",
                                         " - ", "q",     "¥",    "“",
                                         "楼",  "step ", "  ",   "条",
                                         ")",   "$",     ".",    "、",
                                         "问",  "/",     "一",   "\xF0\x9F\x98\x80",
                                         "é"};
    uint64_t random = 11;

    for (int i = 0; i < 20000; i++) {
        char line[200] = "";
        size_t len = 0;

        for (size_t k = suite_random(&random) % 12; k > 0; k--) {
            const char *piece =
                pieces[suite_random(&random) % (sizeof(pieces) / sizeof(pieces[0]))];

            memcpy(line + len, piece, strlen(piece));
            len += strlen(piece);
        }
        line[len] = '\0';
        struct line_view view = {.text = line, .len = len};

        for (uint32_t k = 0; k < STRUCTURE_COUNT; k++) {
            uint32_t counted = count(structure_at(k)->name, line);

            ck_assert_uint_le(counted, 200);
            ck_assert_uint_eq(line_view_count(&view, k), counted); /* spared no counter in vain */
        }
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {turns,
                                  numbering,
                                  figures,
                                  datelines_and_dates,
                                  what_no_reader_should_see,
                                  no_line_does_harm};

    return SUITE_RUN("kit/structure", tests);
}
