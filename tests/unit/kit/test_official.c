/* Tests of the plugin official: numbers, names, pieces, whole documents, bad definitions. The fake
 * host folds nothing: documents here are written as folding leaves them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fake_host.h"
#include "official/number.h"
#include "official/words.h"
#include "suite.h"

#define S(text) fake_scalar(text)

static const struct taxon_node *kind(const char *id, const char *ending, const char *formula,
                                     const char *weight)
{
    return fake_map("id", S(id), "endings", fake_list(S(ending), NULL), "formulas",
                    fake_map(formula, S(weight), NULL), NULL);
}

static struct fake *opened(void)
{
    struct fake *fake = fake_new();

    fake_file(fake, "/o/notice.yaml", kind("notice", "通知", "特此通知", "0.9"));
    fake_file(fake, "/o/letter.yaml", kind("letter", "函", "特此函告", "0.9"));
    ck_assert_int_eq(fake_open(fake), 0);
    return fake;
}

static const char *fact(const struct fake *fake, const char *name)
{
    for (size_t i = 0; i < fake->fact_count; i++)
        if (strcmp(fake->facts[i].name, name) == 0)
            return fake->facts[i].value;
    return NULL;
}

static void check_number(const char *text, const char *want)
{
    struct number number;
    char out[200];

    ck_assert_msg(number_find(text, strlen(text), 0, 0, &number), "%s", text);
    number_format(&number, text + number.begin, number.code_end - number.begin, out, sizeof(out));
    ck_assert_str_eq(out, want);
}

START_TEST(numbers_of_all_forms)
{
    struct number number;

    check_number("云政发〔2024〕12号", "云政发〔2024〕12号");
    check_number("云政发[2024]012号", "云政发〔2024〕12号");
    check_number("云政发(2024)第12号", "云政发〔2024〕12号");
    check_number("云政发【2024〕12号", "云政发〔2024〕12号");
    check_number("云政发〔2024年〕12号", "云政发〔2024〕12号");
    check_number("云政发〔二〇二四〕十二号", "云政发〔2024〕12号");
    check_number("云政发〔2024 12号", "云政发〔2024〕12号");
    check_number("2024年第3号", "2024年第3号");
    check_number("第58号", "第58号");
    ck_assert(!number_find("云政发〔2024〕", strlen("云政发〔2024〕"), 0, 0, &number));
    ck_assert(!number_find("〔2024〕12号", strlen("〔2024〕12号"), 0, 0, &number));
    ck_assert(!number_find("云政发〔1024〕12号", strlen("云政发〔1024〕12号"), 0, 0, &number));
    ck_assert(!number_find("东堤路12号", strlen("东堤路12号"), 0, 0, &number));
}
END_TEST

START_TEST(names_of_bodies_and_recipients)
{
    ck_assert(words_is_organ("云湖市水务局", strlen("云湖市水务局")));
    ck_assert(!words_is_organ("我们去了水务局。", strlen("我们去了水务局。")));
    ck_assert(!words_is_organ("关于水务局", strlen("关于水务局")));
    ck_assert(words_is_recipients("各县(市、区)人民政府,市直各单位",
                                  strlen("各县(市、区)人民政府,市直各单位")));
    ck_assert(words_is_recipients("你局", strlen("你局")));
    ck_assert(!words_is_recipients("各位代表", strlen("各位代表")));
    ck_assert(!words_is_recipients("会议强调", strlen("会议强调")));
    ck_assert(words_is_signatory("市长顾望川", strlen("市长顾望川")));
    ck_assert(!words_is_signatory("市长顾望川主持召开会议", strlen("市长顾望川主持召开会议")));
}
END_TEST

START_TEST(a_letter_with_blanks_between_its_characters)
{
    struct fake *fake = opened();

    ck_assert_int_eq(
        fake_classify(fake,
                      "云 湖 市 水 务 局\n关 于 商 请 支 持 的 函\n云水函〔2024〕 31 号\n"
                      "市财政局:\n请予支持。\n特此函告。\n云湖市水务局\n2024 年 7 月 5 日",
                      NULL, 0, NULL, 0),
        0);
    ck_assert_ptr_nonnull(fake_label(fake, "letter"));
    ck_assert_str_eq(fact(fake, "official-title"), "云湖市水务局关于商请支持的函");
    ck_assert_str_eq(fact(fake, "official-number"), "云水函〔2024〕31号");
    ck_assert_str_eq(fact(fake, "official-recipients"), "市财政局");
    ck_assert_str_eq(fact(fake, "official-date"), "2024-07-05");
    ck_assert_str_eq(fact(fake, "official-signature"), "云湖市水务局");
    ck_assert_str_eq(fact(fake, "official-body"), "请予支持。特此函告。");
}
END_TEST

START_TEST(a_title_alone_is_no_document)
{
    struct fake *fake = opened();

    ck_assert_int_eq(fake_classify(fake, "云湖市水务局关于停水的通知\n他读了三遍。", NULL, 0, NULL,
                                   0),
                     0);
    ck_assert(fake_label(fake, "notice")->score < 0.5);
    ck_assert_uint_eq(fake->fact_count, 0);
    fake = opened();
    ck_assert_int_eq(fake_classify(fake, "他收到一个通知书\n后来忘了。", NULL, 0, NULL, 0), 0);
    ck_assert_ptr_null(fake_label(fake, "notice"));
    ck_assert_int_eq(fake_classify(fake, "", NULL, 0, NULL, 0), 0);
}
END_TEST

START_TEST(out_of_memory_is_told)
{
    struct fake *fake = opened();

    fake->allocations_left = 1;
    ck_assert_int_eq(fake_classify(fake, "云湖市水务局关于停水的通知\n特此通知。", NULL, 0, NULL,
                                   0),
                     -ENOMEM);
}
END_TEST

START_TEST(bad_definitions_are_mistakes)
{
    struct fake *fake = fake_new();

    fake_file(fake, "/o/a.yaml", fake_map("id", S("a"), NULL));
    fake_file(fake, "/o/b.yaml", kind("b", "通知", "特此通知", "99"));
    fake_file(fake, "/o/c.yaml",
              fake_map("id", S("c"), "endings", fake_list(S("函"), NULL), "formulas", S("x"),
                       NULL));
    ck_assert_int_eq(fake_open(fake), -EINVAL);
    ck_assert_uint_eq(fake->mistake_count, 3);
    ck_assert(fake_has_mistake(fake, "'endings' must be a list"));
    ck_assert(fake_has_mistake(fake, "'formulas' must be a mapping"));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        numbers_of_all_forms,
        names_of_bodies_and_recipients,
        a_letter_with_blanks_between_its_characters,
        a_title_alone_is_no_document,
        out_of_memory_is_told,
        bad_definitions_are_mistakes,
    };

    return SUITE_RUN("kit/official", tests);
}
