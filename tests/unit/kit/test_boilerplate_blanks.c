/* Tests of the plugin boilerplate: blanks of model texts, and texts that go on elsewhere. */
#include <string.h>

#include "boilerplate_page.h"
#include "suite.h"

static size_t blanks(struct fake *fake, const char *text)
{
    page_text(fake, text);
    ck_assert_int_eq(page_fact("template") != NULL, page_blanks() > 0);
    return page_blanks();
}

START_TEST(model_texts_have_blanks)
{
    struct fake *fake = page_open();

    ck_assert_uint_eq(
        blanks(fake, "近年来，XX区新建绿道x公里，植树**万棵，获评全省第*名，培育企业xxx家。\n"
                     "今年还将建设美丽乡村x个，改造老旧小区**个，新增岗位xx个。\n"),
        8);
    ck_assert(blanks(fake, "甲方：________\n乙方：________\n签订日期：____年__月__日\n") >= 3);
    ck_assert_uint_eq(blanks(fake, "Dear [Your Name],\nI work for [Company Name] in [City].\n"), 3);
    ck_assert_uint_eq(blanks(fake, "Hello {first_name}, your order {order_number} from {company} "
                                   "is on its way.\n"),
                      3);
    ck_assert_uint_eq(blanks(fake,
                             "兹有【填写姓名】同志，系【单位名称】职工，于【日期】到贵处办理。\n"),
                      3);
}
END_TEST

START_TEST(the_fact_says_where_and_why)
{
    struct fake *fake = page_open();
    const char *text = "我区新建绿道x公里，植树**万棵，获评全省第*名，培育企业x家，引进人才x名。\n";
    const struct page_fact *fact;

    page_text(fake, text);
    fact = page_fact("template");
    ck_assert_ptr_nonnull(fact);
    ck_assert_uint_eq(fact->begin, (size_t)(strstr(text, "x公里") - text));
    ck_assert(fact->score >= 0.5 && fact->score <= 1);
    ck_assert_ptr_nonnull(strstr(fact->reason, "5 blanks"));
}
END_TEST

START_TEST(no_blanks_in_these)
{
    static const char *const texts[] = {
        "**注意**：请带好证件。**时间**：周一。**地点**：二楼。这是**重点**项目，也是**民生**"
        "项目。\n",
        "设甲有x个苹果，乙有2x个，共x+2x=9个。若x=3，则甲有x个，乙有x个的两倍，x>0。\n",
        "The x86 and x64 builds run at 3 x 5 on a 1920x1080 screen, xxl or xs alike.\n",
        "王**、李**、张**三人已到，手机138****1234，证件3303********12。\n",
        "他在某某公司工作，XX是他的化名。\n",
        "第一节\n****************\n第二节\n________________\n第三节\n****************\n",
        "f(x, y) = {a} and a_b___c in snake_case___names, \\\\frac{a}{b}, ${name}, {{name}}\n",
        "获得国家J荣誉，省ZF督查激励，均为常见的写法，并不留空。\n",
        "他骂了一句f**k，又说了句s**t，旁边的人都笑了起来，谁也没有当真。\n",
    };
    struct fake *fake = page_open();

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        ck_assert_msg(blanks(fake, texts[i]) == 0, "blanks in: %s", texts[i]);
}
END_TEST

START_TEST(a_few_blanks_in_a_long_text_are_none)
{
    static char text[90000];
    struct fake *fake = page_open();

    strcpy(text, "新建绿道x公里，植树x万棵，改造小区x个。\n");
    for (int i = 0; i < 600; i++)
        strcat(text, "这里写的是一段寻常的文字，说的是一座小城在春天里发生的许多平常事情。\n");
    ck_assert_uint_eq(blanks(fake, text), 0);
}
END_TEST

#define BODY                                                                                                            \
    "青岭县图书馆昨日重新开放，新馆比旧馆大了一倍，阅览室朝南，冬天也很暖和。\n"    \
    "馆长在致辞中说，今后每个周末都会为孩子们办故事会，也欢迎老人来教大家写字。\n" \
    "为了赶在雨季前完工，工人们三个月里没有休息过一个周末，屋顶终于铺好了。\n"
#define CUT                                                                                                                                      \
    "来看书的人从早上八点就排起了队，队伍一直排到桥头，馆员们忙得没有时间喝水，到中午借出的书已经" \
    "\n"

static double incomplete(struct fake *fake, const char *text)
{
    page_text(fake, text);
    return page_fact("incomplete") == NULL ? 0 : page_fact("incomplete")->score;
}

START_TEST(texts_that_go_on_elsewhere)
{
    struct fake *fake = page_open();

    ck_assert(incomplete(fake, BODY CUT "[1] [2] 下一页\n") > 0.8);
    ck_assert_ptr_nonnull(strstr(page_fact("incomplete")->reason, "mid-sentence"));
    ck_assert(incomplete(fake, BODY "[1] [2] 下一页\n") > 0.5);
    ck_assert(incomplete(fake, BODY "（未完待续）\n") > 0.5);
    ck_assert(incomplete(fake, BODY "点击查看全文\n") > 0.5);
    ck_assert(incomplete(fake, BODY "登录后查看更多内容\n") > 0.5);
    ck_assert(incomplete(fake, "The ferry was late again, and nobody on the quay was surprised.\n"
                               "Subscribe to continue reading\n") > 0.5);
}
END_TEST

START_TEST(texts_that_are_whole)
{
    struct fake *fake = page_open();

    ck_assert(incomplete(fake, BODY) == 0);
    ck_assert(incomplete(fake, BODY "上一篇：春耕开始了\n下一篇：没有了\n") == 0);
    ck_assert(incomplete(fake, BODY CUT) < 0.5); /* weak: many texts end without a stop */
    ck_assert(incomplete(fake, BODY CUT) > 0);
    ck_assert(incomplete(fake, BODY "林一禾\n2024年5月6日\n") == 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        model_texts_have_blanks,    the_fact_says_where_and_why,
        no_blanks_in_these,         a_few_blanks_in_a_long_text_are_none,
        texts_that_go_on_elsewhere, texts_that_are_whole,
    };

    return SUITE_RUN("kit/boilerplate_blanks", tests);
}
