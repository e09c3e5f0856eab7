/* Tests of the html reader: the title and the other things that a page says of itself. */
#include "html_page.h"

START_TEST(the_title_is_what_two_places_agree_on)
{
    html_expect_fact("<title>渡口新桥通车 - 新闻 - 云溪在线</title><h1>云溪在线</h1>"
                     "<h2>渡口新桥通车</h2><p>昨日</p>",
                     "title", "渡口新桥通车");
    html_expect_fact(
        "<title>渡口新桥通车_云溪在线</title><p><font size=6>渡口新桥通车</font></p><p>昨日",
        "title", "渡口新桥通车");
    html_expect_fact("<title>Harbour Gazette - The ferry that ran on sunlight</title>"
                     "<div>The ferry that ran on sunlight</div>",
                     "title", "The ferry that ran on sunlight");
    html_expect_fact("<title>Harbour Gazette</title><h1>The ferry that ran</h1>", "title",
                     "The ferry that ran");
    html_expect_fact(
        "<title>关于开展检查的通知-云溪市水务局</title><meta name=ArticleTitle content="
        "'关于开展检查的通知'><p>各镇：</p>",
        "title", "关于开展检查的通知");
}
END_TEST

START_TEST(a_title_that_stands_nowhere_is_still_one)
{
    html_expect_fact("<title> A walk\n in the hills | Harbour Gazette</title><p>x", "title",
                     "A walk in the hills");
    html_expect_fact("<title>Bread-making at home</title><p>x", "title", "Bread-making at home");
    html_expect_fact("<meta property=og:title content='A walk'><p>x", "title", "A walk");
    html_expect_fact("<h1>Only a heading</h1><p>x", "title", "Only a heading");
    html_expect_fact("<p>nothing", "title", NULL);
    html_expect_fact("<title> </title><p>x", "title", NULL);
}
END_TEST

START_TEST(a_line_that_is_the_title_becomes_a_heading)
{
    ck_blocks("<title>渡口新桥通车_云溪在线</title><div>首页</div><div>渡口新桥通车</div><p>昨日。",
              "P[首页] H1[渡口新桥通车] P[昨日。] ");
}
END_TEST

START_TEST(site)
{
    html_expect_fact("<title>a - b - 云溪在线</title><p>x", "site", "云溪在线");
    html_expect_fact("<title>a - b</title><meta name=SiteName content='云溪市人民政府'><p>x",
                     "site", "云溪市人民政府");
    html_expect_fact("<title>a - 云溪论坛 - Powered by Boards!</title><p>x", "site", "云溪论坛");
    html_expect_fact("<title>a</title><p>x", "site", NULL);
}
END_TEST

START_TEST(an_address_is_checked)
{
    html_expect_fact("<link rel=canonical href='https://news.example.org/a?b=1'><p>x", "url",
                     "https://news.example.org/a?b=1");
    html_expect_fact("<link rel=canonical href='/a'><meta property=og:url content="
                     "'http://example.org/b'><p>x",
                     "url", NULL); /* the page says two things, and the better one is none */
    html_expect_fact("<link rel=canonical href='javascript:alert(1)'><p>x", "url", NULL);
    html_expect_fact("<link rel=canonical href='https://user@example.org/'><p>x", "url", NULL);
    html_expect_fact("<link rel=canonical href='https://localhost/'><p>x", "url", NULL);
    html_expect_fact("<link rel=canonical href='https://a.org/\"><script>'><p>x", "url", NULL);
}
END_TEST

START_TEST(an_author_is_a_person)
{
    html_expect_fact("<meta name=Author content='沈 若谷'><p>x", "author", "沈 若谷");
    html_expect_fact("<a rel=author href=x>Mara Quill</a>", "author", "Mara Quill");
    html_expect_fact("<meta name=author content='admin'><p>x", "author", NULL);
    html_expect_fact("<meta name=author content='云溪网络科技有限公司'><p>x", "author", NULL);
    html_expect_fact("<meta property=article:author content='https://example.org/q'>", "author",
                     NULL);
    html_expect_fact("<title>a_云溪日报</title><meta name=author content='云溪日报'>", "author",
                     NULL);
}
END_TEST

START_TEST(dates_come_from_the_markup)
{
    html_expect_fact("<meta name=PubDate content='2024-05-01 09:30'><p>x", "date-published",
                     "2024-05-01");
    html_expect_fact("<meta property=article:published_time content='2023-12-31T23:00:00+08:00'>",
                     "date-published", "2023-12-31");
    html_expect_fact("<script type=application/ld+json>{\"@graph\":[{\"datePublished\" : "
                     "\"2022-02-03T00:00Z\"}]}</script>",
                     "date-published", "2022-02-03");
    html_expect_fact("<time datetime=2021-07-08>yesterday</time>", "date-published", "2021-07-08");
    html_expect_fact("<meta name=PubDate content=20240501>", "date-published", "2024-05-01");
    html_expect_fact("<meta name=PubDate content='1970-01-01'><p>x", "date-published", NULL);
    html_expect_fact("<meta name=PubDate content='2023-02-30'><p>x", "date-published", NULL);
    html_expect_fact("<meta name=PubDate content='soon'><p>x", "date-published", NULL);
    html_expect_fact("<script>{\"datePublished\":\"2022-02-03\"}</script>", "date-published", NULL);
}
END_TEST

START_TEST(dates_of_the_text_stand_in_it)
{
    html_expect_fact(
        "<h1>渡口新桥通车</h1><p>发布时间：2024年5月1日 来源：云溪在线</p><p>昨日通车。",
        "date-published", "2024-05-01");
}
END_TEST

START_TEST(the_declared_charset_and_language)
{
    html_expect_fact("<meta charset=gbk><p>x", "charset-declared", "gbk");
    html_expect_fact("<meta http-equiv=Content-Type content='text/html; charset=gb2312'>",
                     "charset-declared", "gb2312");
    html_expect_fact("<html lang=zh-CN><p>x", "language", "zh");
    html_expect_fact("<html lang='en'><p>x", "language", "en");
    html_expect_fact("<html lang='language'><p>x", "language", NULL);
}
END_TEST

START_TEST(names_of_chinese_government_sites)
{
    const char *page = "<meta name=ColumnName content='通知公告'><meta name=ContentSource content="
                       "'云溪市水务局'><meta name=description content=' 一\n二 '><p>x";

    html_expect_fact(page, "column", "通知公告");
    html_expect_fact(page, "source", "云溪市水务局");
    html_expect_fact(page, "description", "一 二");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_title_is_what_two_places_agree_on,
        a_title_that_stands_nowhere_is_still_one,
        a_line_that_is_the_title_becomes_a_heading,
        site,
        an_address_is_checked,
        an_author_is_a_person,
        dates_come_from_the_markup,
        dates_of_the_text_stand_in_it,
        the_declared_charset_and_language,
        names_of_chinese_government_sites,
    };

    return SUITE_RUN("kit/html_facts", tests);
}
