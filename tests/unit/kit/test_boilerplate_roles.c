/* Tests of the plugin boilerplate with the role files that are shipped: of each role lines that
 * have it and lines that only look like it. Each stands over or under a text of its language. */
#include <stdio.h>
#include <string.h>

#include "boilerplate_page.h"
#include "suite.h"

#define BODY_ZH                                                                                                            \
    "青岭县图书馆昨日重新开放，新馆比旧馆大了一倍，阅览室朝南，冬天也很暖和。\n"       \
    "馆长在致辞中说，今后每个周末都会为孩子们办故事会，也欢迎老人来教大家写字。\n"    \
    "为了赶在雨季前完工，工人们三个月里没有休息过一个周末，屋顶终于在上周铺好了。\n" \
    "来看书的人从早上八点就排起了队，到中午借出的书已经超过了一千两百本。\n"
#define BODY_EN                                                                                    \
    "The public library at Stanwick Ferry opened its doors again yesterday, twice its old size.\n" \
    "Its keeper told the crowd that there would be stories for children on every Saturday.\n"      \
    "The builders had not taken a weekend off for three months, so that the roof was on in "       \
    "time.\n"                                                                                      \
    "By noon the desk had lent out more than twelve hundred books, most of them to the young.\n"

enum where { HEAD, TAIL, MIDDLE };

struct example {
    const char *role; /* "" for content */
    enum where where;
    const char *line;
};

static const struct example examples[] = {
    {"breadcrumb", HEAD, "首页 > 新闻中心 > 本地新闻 > 正文"},
    {"breadcrumb", HEAD, "您当前的位置：首页 >> 政务公开 >> 通知公告"},
    {"breadcrumb", HEAD, "首頁 > 新聞 > 正文"},
    {"breadcrumb", HEAD, "Home » News » Local"},
    {"breadcrumb", HEAD, "You are here: Home > Libraries"},
    {"", HEAD, "气温由零上转为零下，最低 > -5 度的日子少了"},
    {"", MIDDLE, "首页设计得再好，没有内容也留不住读者，编辑们都明白这个道理。"},

    {"navigation", HEAD, "首页 | 新闻 | 体育 | 财经 | 娱乐"},
    {"navigation", HEAD, "网站首页 走进青岭 政务公开 办事服务 互动交流 专题专栏"},
    {"navigation", HEAD, "登录 | 注册"},
    {"navigation", HEAD, "Skip to main content"},
    {"navigation", HEAD, "Home | News | Sport | Business | Sign in"},
    {"", MIDDLE, "他把新闻、体育、财经和娱乐四个版面都看了一遍，才放下报纸去睡觉。"},
    {"", MIDDLE, "She went home, read the news and looked up the weather for the next day."},

    {"dateline", HEAD, "发布日期：2024-05-06 10:12 来源：青岭日报 浏览次数：35"},
    {"dateline", HEAD, "來源：青嶺日報 時間：2024-05-06 10:12"},
    {"dateline", HEAD, "字体：[大 中 小]"},
    {"dateline", HEAD, "来源时间：2024-05-06"},
    {"dateline", HEAD, "Published 3 May 2024 | Updated 4 May 2024"},
    {"dateline", HEAD, "Last updated: May 3, 2024 at 10:15"},
    {"", HEAD, "青岭网5月6日讯（记者 林一禾）昨天上午，县图书馆重新开放，上千人前来借书。"},
    {"", HEAD, "本报讯 县图书馆昨天重新开放，新馆比旧馆大了一倍，阅览室朝南。"},
    {"", TAIL, "2024年5月6日"},
    {"", HEAD, "会议时间：2024年5月6日9:00，地点：县图书馆二楼会议室"},
    {"", MIDDLE, "On 3 May 2024 the roof was finished, and the last of the scaffolding came down."},

    {"byline", TAIL, "责任编辑：林一禾"},
    {"byline", TAIL, "（编辑：林一禾 校对：白小满）"},
    {"byline", HEAD, "By Maud Ellery"},
    {"byline", TAIL, "Edited by Maud Ellery"},
    {"", MIDDLE, "责任编辑的工作并不轻松，她每天要看十几篇来稿，还要给作者一一回信。"},
    {"", MIDDLE, "By the time the doors opened, the line of readers had reached the bridge."},

    {"caption", HEAD, "图为新馆阅览室一角。 林一禾 摄"},
    {"caption", HEAD, "读者在新馆里看书。青岭日报记者 林一禾 摄"},
    {"caption", MIDDLE, "（图片来源：青岭县图书馆）"},
    {"caption", MIDDLE, "Photo: Maud Ellery"},
    {"caption", MIDDLE, "The reading room on Monday. (Photo by Maud Ellery)"},
    {"caption", MIDDLE, "The new roof during Monday's rain. Photograph: Maud Ellery/Courier"},
    {"", MIDDLE, "记者林一禾在新馆里拍摄了一整天，光是屋顶就拍了两百多张。"},
    {"", MIDDLE, "Photo albums of the old ferry were among the books lent most often."},

    {"share", HEAD, "分享到：新浪微博 微信 QQ空间"},
    {"share", TAIL, "【打印本页】 【关闭窗口】"},
    {"share", TAIL, "扫一扫在手机打开当前页"},
    {"share", HEAD, "Share on Facebook"},
    {"share", TAIL, "Share this: Facebook Twitter Email"},
    {"", MIDDLE, "老人把自己的藏书拿出来分享，说书放在家里没有人看，是最可惜的事。"},
    {"", MIDDLE, "They share one desk, one lamp and, on cold days, one pot of tea between them."},

    {"pagination", TAIL, "[1] [2] [3] 下一页"},
    {"pagination", TAIL, "上一篇：春耕开始了"},
    {"pagination", TAIL, "下一篇：没有了"},
    {"pagination", TAIL, "Page 1 of 2"},
    {"pagination", TAIL, "« Previous 1 2 3 Next »"},
    {"", MIDDLE, "翻到下一页时，他发现夹着一张旧借书证，日期是三十年前的春天。"},
    {"", MIDDLE, "The next page of the register holds the names of the first readers."},
    {"", MIDDLE, "2.2.3 屋顶的做法"},

    {"contact", TAIL, "新闻热线：0571-5550123 广告热线：0571-5550124 传真：0571-5550125"},
    {"contact", TAIL, "投稿邮箱：desk@example.com 读者热线：0571-5550123"},
    {"contact", TAIL, "Tel: 555 010 4477 Fax: 555 010 4478 Email: desk@example.com"},
    {"", MIDDLE, "有人打来电话问能不能寄书，也有人在地址栏里写错了街名，信又退了回来。"},

    {"publisher", TAIL, "青岭县人民政府 主办 青岭县信息中心 承办"},
    {"publisher", TAIL, "主办：青岭日报社 技术支持：白杨软件"},
    {"publisher", TAIL, "Powered by Heronpress"},
    {"", MIDDLE, "这次活动由县图书馆主办，几所小学一起承办，前后一共花了两个月。"},

    {"registration", TAIL, "浙ICP备12345678号-1"},
    {"registration", TAIL, "浙公网安备 33010002000999号"},
    {"registration", TAIL, "政府网站标识码：3301000099"},
    {"", MIDDLE, "按规定，网站要先备案才能开通，他们为此跑了三趟县城，填了不少表。"},

    {"copyright", TAIL, "版权所有 © 2024 青岭日报社"},
    {"copyright", TAIL, "Copyright © 2024 Stanwick Courier. All rights reserved."},
    {"copyright", TAIL, "未经本网书面授权，任何单位和个人不得转载、摘编或以其他方式使用上述作品。"},
    {"", MIDDLE, "小说的版权归谁所有，他们争了很多年，最后还是法院给出了答案，大家才不再说话。"},

    {"footer", TAIL, "返回顶部"},
    {"footer", TAIL, "关于我们 | 联系我们 | 网站声明 | 隐私政策"},
    {"footer", TAIL, "Back to top"},
    {"footer", TAIL, "About us | Contact | Privacy policy | Terms of use"},
    {"", MIDDLE, "关于我们为什么要留下这座旧楼，馆长讲了一个很长的故事。"},

    {"comment", TAIL, "网友评论（0）"},
    {"comment", TAIL, "发表评论"},
    {"comment", TAIL, "Leave a Reply"},
    {"comment", TAIL, "Your email address will not be published. Required fields are marked *"},
    {"", MIDDLE, "评论家们对这座小楼的评论并不一致，有人说太朴素，有人说正好。"},

    {"script-residue", TAIL, "document.write(\"<a href='#'>\");"},
    {"script-residue", TAIL, "\");"},
    {"script-residue", HEAD, "var pageid = 552;"},
    {"script-residue", TAIL, "&nbsp;"},
    {"", MIDDLE, "(1)"},
    {"", MIDDLE, "f(x) = (a + b) x"},

    {"", MIDDLE, "记者：请问新馆什么时候开门？"},
    {"", MIDDLE, "林一禾："},
    {"", HEAD, "青政办发〔2024〕12号"},
    {"", HEAD, "各乡镇人民政府、县直各单位："},
    {"", TAIL, "青岭县人民政府办公室"},
    {"", MIDDLE, "一、总体要求"},
};

static void check_example(struct fake *fake, const struct example *example)
{
    char text[4000];
    int is_han = (unsigned char)example->line[0] >= 0xE3 || strstr(example->line, "ICP") != NULL;
    const char *body = is_han ? BODY_ZH : BODY_EN;
    const char *before = example->where == HEAD ? "" : body;
    const char *behind = example->where == TAIL ? "" : body;
    const char *role;

    snprintf(text, sizeof(text), "%s%s%s\n%s", is_han ? "图书馆开门了\n" : "A library opens\n",
             before, example->line, behind);
    page_text(fake, text);
    role = page_role(example->line);
    ck_assert_msg(strcmp(role, example->role) == 0, "\"%s\" has the role \"%s\", not \"%s\"",
                  example->line, role, example->role);
    ck_assert_str_eq(page_role(is_han ? "馆长在" : "Its keeper"), "");
    ck_assert_str_eq(page_role(is_han ? "图书馆开" : "A library"), "");
}

START_TEST(lines_have_their_roles)
{
    struct fake *fake = page_open();

    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++)
        check_example(fake, &examples[i]);
}
END_TEST

START_TEST(a_line_says_why)
{
    struct fake *fake = page_open();
    const struct page_said *said =
        page_text(fake, "图书馆开门了\n发布日期：2024-05-06 浏览：35\n" BODY_ZH);

    ck_assert_uint_eq(said->count, 1);
    ck_assert_ptr_nonnull(strstr(said->spans[0].reason, "发布日期"));
    ck_assert_ptr_nonnull(strstr(said->spans[0].reason, "a date"));
}
END_TEST

START_TEST(pinyin_in_the_text_hides_nothing)
{
    struct fake *fake = page_open();
    const char *text =
        "首頁(yè) > 正文\n" BODY_ZH "新聞熱線：0571-5550123 廣(guǎng)告熱線：0571-5550124\n";

    page_text(fake, text);
    ck_assert_str_eq(page_role("首頁"), "breadcrumb");
    ck_assert_str_eq(page_role("新聞熱線"), "contact");
}
END_TEST

START_TEST(a_list_of_related_pages)
{
    struct fake *fake = page_open();

    page_text(fake, BODY_ZH "最新文化新闻\n  • 县剧团下乡演出05-17\n    来源时间：2024-05-14"
                            "县剧团昨天到三个村子演出，观众很多，演员们都很高兴，夜里才回到县城……\n"
                            "  • 老戏台修好了05-16\n返回顶部\n");
    ck_assert_str_eq(page_role("最新文化新闻"), "related");
    ck_assert_str_eq(page_role("• 县剧团"), "related");
    ck_assert_str_eq(page_role("来源时间"), "related");
    ck_assert_str_eq(page_role("• 老戏台"), "related");
    ck_assert_str_eq(page_role("返回顶部"), "footer");
    page_text(fake, BODY_EN "Related articles\nFerry fares to rise\nA walk along the quay\n");
    ck_assert_str_eq(page_role("Ferry fares"), "related");
    ck_assert_str_eq(page_role("A walk"), "related");
}
END_TEST

START_TEST(a_list_in_the_text_is_content)
{
    struct fake *fake = page_open();

    page_text(fake, BODY_ZH "相关阅读：\n县剧团下乡演出\n" BODY_ZH);
    ck_assert_str_eq(page_role("县剧团"), ""); /* text follows: not plainly a list */
    page_text(fake, BODY_ZH "开放时间：\n• 周一至周五：8点到20点\n• 周末：9点到18点\n" BODY_ZH);
    ck_assert_str_eq(page_role("• 周一"), "");
    ck_assert_str_eq(page_role("• 周末"), "");
}
END_TEST

#define MENU                                                                                                                          \
    "首页\n新闻\n登录 "                                                                                                         \
    "注册\n天气\n网站地图\n财经\n视频\n春耕开始了\n夏种还没有开始\n文化\n读书\n设为首页\n美食\n旅" \
    "游\n"                                                                                                                           \
    "健康\n"

START_TEST(menus_line_by_line)
{
    struct fake *fake = page_open();

    page_text(fake, MENU "图书馆开门了\n" BODY_ZH BODY_ZH BODY_ZH);
    ck_assert_str_eq(page_role("天气"), "navigation");
    ck_assert_str_eq(page_role("春耕"), "navigation");
    ck_assert_str_eq(page_role("图书馆开"), "");
    page_text(fake, MENU); /* no text that they could stand around */
    ck_assert_str_eq(page_role("春耕"), "");
}
END_TEST

START_TEST(names_line_by_line)
{
    struct fake *fake = page_open();

    page_text(fake, BODY_ZH
              "附件：借书最多的读者\n林一禾\n白小满\n丁大雪\n何春分\n谷雨生\n夏至清\n秦小暑\n"
              "田立秋\n陆白露\n江寒露\n霜小降\n冬青\n腊梅\n年丰\n岁安\n");
    ck_assert_str_eq(page_role("丁大雪"), "");
    ck_assert_str_eq(page_role("岁安"), "");
}
END_TEST

START_TEST(numbers_right_above_residue)
{
    struct fake *fake = page_open();

    page_text(fake, BODY_ZH "47 2794471\n\");\n");
    ck_assert_str_eq(page_role("47 2794471"), "script-residue");
    page_text(fake, BODY_ZH "47 2794471\n" BODY_ZH);
    ck_assert_str_eq(page_role("47 2794471"), "");
}
END_TEST

START_TEST(a_document_about_code_keeps_its_code)
{
    struct fake *fake = page_open();

    page_text(fake, BODY_EN "function add(a, b) {\n  return (a + b);\n}\nadd(1, 2);\nif (a) {\n"
                            "  b = f(a);\n}\nfor (;;) {\n  a = g(b);\n  c = (a);\n});\n" BODY_EN);
    ck_assert_str_eq(page_role("});"), "");
    ck_assert_str_eq(page_role("return (a + b)"), "");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        lines_have_their_roles,
        a_line_says_why,
        pinyin_in_the_text_hides_nothing,
        a_list_of_related_pages,
        a_list_in_the_text_is_content,
        menus_line_by_line,
        names_line_by_line,
        numbers_right_above_residue,
        a_document_about_code_keeps_its_code,
    };

    return SUITE_RUN("kit/boilerplate_roles", tests);
}
