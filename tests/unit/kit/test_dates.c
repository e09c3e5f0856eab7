/* Tests of dates: what is one, what is none, and what a document's dates are dates of. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_host.h"
#include "kit/dates.h"
#include "suite.h"

struct parsing {
    const char *text;
    const char *date; /* as YYYY-MM-DD; 0000 for an unknown year; "" for none */
    size_t used;      /* bytes; 0: all of the text */
};

static void check_parsing(const struct parsing *row,
                          size_t (*parse)(const char *, size_t, struct dates_date *))
{
    struct dates_date date = {-1, -1, -1};
    size_t len = strlen(row->text);
    char *exact = malloc(len > 0 ? len : 1); /* so that a step too far is seen */
    char shown[64] = "";
    size_t used;

    ck_assert_ptr_nonnull(exact);
    memcpy(exact, row->text, len);
    used = parse(exact, len, &date);
    free(exact);
    if (used > 0)
        snprintf(shown, sizeof(shown), "%04d-%02d-%02d", date.year, date.month, date.day);
    else
        ck_assert_int_eq(date.year, -1);
    ck_assert_msg(strcmp(shown, row->date) == 0, "%s: %s", row->text, shown);
    if (used > 0)
        ck_assert_msg(used == (row->used == 0 ? len : row->used), "%s: %zu bytes", row->text, used);
}

START_TEST(dates_are_read)
{
    static const struct parsing rows[] = {
        {"2024-05-17", "2024-05-17", 0},
        {"2024/4/26 10:15:30", "2024-04-26", 0},
        {"2024.5.7", "2024-05-07", 0},
        {"2024.5.7。", "2024-05-07", 8},
        {"2024.5.7. Then", "2024-05-07", 8},
        {"2024-05", "2024-05-00", 0},
        {"2024年5月17日", "2024-05-17", 0},
        {"2024 年 5 月 17 日", "2024-05-17", 0},
        {"2024年5月17日 08:30 来源", "2024-05-17", 22},
        {"2024年5月", "2024-05-00", 0},
        {"2024年05月份", "2024-05-00", 12},
        {"2024年", "2024-00-00", 0},
        {"2024年3次", "2024-00-00", 7},
        {"二〇二四年五月十七日", "2024-05-17", 0},
        {"二○二四年十二月三十一日", "2024-12-31", 0},
        {"二零二四年十月二十日", "2024-10-20", 0},
        {"二○二四年", "2024-00-00", 0},
        {"一九八四年", "1984-00-00", 0},
        {"２０２４年５月１７日", "2024-05-17", 0},
        {"２０２４－０５－１７", "2024-05-17", 0},
        {"民國113年5月3日", "2024-05-03", 0},
        {"中華民國一百一十三年五月三日", "2024-05-03", 0},
        {"民国元年", "1912-00-00", 0},
        {"5月17日", "0000-05-17", 0},
        {"五月十七日", "0000-05-17", 0},
        {"5月17号上午", "0000-05-17", 9},
        {"2月29日", "0000-02-29", 0},
        {"1644年4月25日", "1644-04-25", 0},
        {"3 May 2024", "2024-05-03", 0},
        {"3rd of May, 2024", "2024-05-03", 0},
        {"May 3, 2024", "2024-05-03", 0},
        {"May 3rd 2024 and", "2024-05-03", 12},
        {"Sept. 12, 2023", "2023-09-12", 0},
        {"SEP 12 2023", "2023-09-12", 0},
        {"04-Jun-2024", "2024-06-04", 0},
        {"May 2024", "2024-05-00", 0},
        {"Tuesday, 4 June", "0000-06-04", 0},
        {"Tue, 4 Jun 2024 10:12:13 +0800", "2024-06-04", 24},
        {"May 3, 200 people", "0000-05-03", 5},
        {"July 4, 1776", "1776-07-04", 0},
        {"2024-05-17T08:30:00+08:00", "2024-05-17", 0},
        {"2024-05-17T08:30:00.123Z", "2024-05-17", 0},
        {"2024-02-29", "2024-02-29", 0},
        {"2000-02-29", "2000-02-29", 0},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        check_parsing(&rows[i], dates_parse);
}
END_TEST

START_TEST(what_is_no_date_is_refused)
{
    static const char *const texts[] = {
        "",
        "2",
        "2024",
        "2024-",
        "2024-02-30",
        "2023-02-29",
        "1900-02-29",
        "2024-04-31",
        "2024-13-01",
        "2024-00-10",
        "2024-05-00",
        "2024-5",
        "2024.5",
        "2024/05",
        "2018-2030年",
        "2024-05-171",
        "2024-05/17",
        "2024.1.2.3",
        "1.2.3",
        "3-2",
        "192.168.10.1",
        "1899-12-31",
        "2101-01-01",
        "2500年历史",
        "5000年",
        "0000年1月1日",
        "12024年",
        "5月",
        "5月后3日",
        "13月1日",
        "0月5日",
        "5月0日",
        "2月30日",
        "2024年2月30日",
        "十三五",
        "三千年",
        "二十年",
        "民國990年",
        "may 3",
        "Mayor 3",
        "March",
        "Marching 3 men",
        "3 Mayors",
        "31 June 2024",
        "April 31, 2024",
        "Tuesday",
        "20240517",
        "010-12345678",
        "〔2024〕12号",
        "$2024.50",
        "\xE4\xBA", /* half a character, as a reader's cut may leave it */
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        check_parsing(&(struct parsing){texts[i], "", 0}, dates_parse);
}
END_TEST

START_TEST(eight_digits_are_a_date_only_when_asked)
{
    check_parsing(&(struct parsing){"20240517", "2024-05-17", 0}, dates_parse_compact);
    check_parsing(&(struct parsing){"20240517.html", "2024-05-17", 8}, dates_parse_compact);
    check_parsing(&(struct parsing){"20240230", "", 0}, dates_parse_compact);
    check_parsing(&(struct parsing){"18990101", "", 0}, dates_parse_compact);
    check_parsing(&(struct parsing){"20240001", "", 0}, dates_parse_compact);
    check_parsing(&(struct parsing){"202405170", "", 0}, dates_parse_compact);
    check_parsing(&(struct parsing){"2024051", "", 0}, dates_parse_compact);
}
END_TEST

START_TEST(dates_are_written_as_iso)
{
    char out[11] = "untouched";

    ck_assert_int_eq(dates_format(&(struct dates_date){2024, 5, 7}, out), 0);
    ck_assert_str_eq(out, "2024-05-07");
    ck_assert_int_eq(dates_format(&(struct dates_date){2024, 5, 0}, out), 0);
    ck_assert_str_eq(out, "2024-05");
    ck_assert_int_eq(dates_format(&(struct dates_date){2024, 0, 0}, out), 0);
    ck_assert_str_eq(out, "2024");
    ck_assert_int_eq(dates_format(&(struct dates_date){0, 5, 7}, out), -EINVAL);
    ck_assert_int_eq(dates_format(&(struct dates_date){2023, 2, 29}, out), -EINVAL);
    ck_assert_int_eq(dates_format(&(struct dates_date){2024, 13, 1}, out), -EINVAL);
    ck_assert_int_eq(dates_format(&(struct dates_date){2024, 0, 1}, out), -EINVAL);
    ck_assert_str_eq(out, "2024");
}
END_TEST

/* The facts of a text as "name=value " in the order in which they were published. */
static const char *facts(struct fake *fake, const char *text)
{
    static char out[2048];
    size_t len = strlen(text);
    char *exact = malloc(len > 0 ? len : 1); /* so that a step too far is seen */
    size_t at = 0;

    ck_assert_ptr_nonnull(exact);
    memcpy(exact, text, len);
    fake->text_len = len;
    ck_assert_int_eq(dates_report(&fake->task, exact, len), 0);
    free(exact);
    out[0] = '\0';
    for (size_t i = 0; i < fake->fact_count; i++) {
        const struct taxon_fact *fact = &fake->facts[i];
        int n = snprintf(out + at, sizeof(out) - at, "%s=%.*s ", fact->name + strlen("date-"),
                         (int)fact->value_len, fact->value);

        ck_assert(n > 0 && (size_t)n < sizeof(out) - at);
        ck_assert(fact->begin < fact->end && fact->end <= len);
        ck_assert(fact->score > 0 && fact->score <= 1);
        ck_assert_ptr_nonnull(fact->reason);
        at += (size_t)n;
    }
    if (at > 0)
        out[at - 1] = '\0';
    return out;
}

#define FACTS(text, expected) ck_assert_str_eq(facts(fake_new(), text), expected)

/* A line of running text, to stand between head and tail. */
#define LINE "会议要求，各部门要把责任落实到人，把措施落实到位，把问题解决在基层。\n"

START_TEST(stamps_are_dates_of_publication)
{
    FACTS("青溪县办实事\n发布日期：2024/4/26 10:15:30 浏览：36\n" LINE, "published=2024-04-26");
    FACTS("青溪县办实事\n发布时间:[2024-04-26] 来源:县政府网\n" LINE, "published=2024-04-26");
    FACTS("青溪縣辦實事\n發佈時間：2024年4月26日\n" LINE, "published=2024-04-26");
    FACTS("青溪縣\n發(fā)佈日期:2024-04-26\n" LINE, "published=2024-04-26");
    FACTS("青溪县\n日 期：2024年4月\n" LINE, "published=2024-04");
    FACTS("青溪县\n2024-04-26 来源：青溪日报\n" LINE, "published=2024-04-26");
    FACTS("青溪县\n来源：青溪日报 2024-04-26\n" LINE, "published=2024-04-26");
    FACTS("青溪县\n2024-04-26\n" LINE, "published=2024-04-26");
    FACTS("【2024年4月26日讯】\n" LINE, "published=2024-04-26");
    FACTS(LINE LINE "《青溪日报》（2024年4月26日 第02版）\n", "published=2024-04-26");
    FACTS("A title\nPosted on May 3, 2024 at 10:30\nText.\n", "published=2024-05-03");
    FACTS("A title\nPublished: 3 May 2024\nText.\n", "published=2024-05-03");
    FACTS("A title\nPublished by A. Writer on 3 May 2024\nText.\n", "published=2024-05-03");
    FACTS("A title\nUpdated 3 May 2024\nText.\n", "published=2024-05-03");
    FACTS("一楼 发表于 2024-5-3 21:14\n好。\n二楼 发表于 2024-5-3 22:14\n", "published=2024-05-03");
}
END_TEST

START_TEST(a_stamp_tells_its_place_and_reason)
{
    struct fake *fake = fake_new();
    const char *text = "青溪县\n发布日期:2024-04-26\n";

    facts(fake, text);
    ck_assert_uint_eq(fake->fact_count, 1);
    ck_assert_uint_eq(fake->facts[0].begin, strlen("青溪县\n发布日期:"));
    ck_assert_uint_eq(fake->facts[0].end, strlen(text) - 1);
    ck_assert_str_eq(fake->facts[0].reason, "stamp with a label");
    ck_assert(fake->facts[0].score > 0.9);
}
END_TEST

START_TEST(the_source_comes_before_the_copy)
{
    FACTS("青溪县\n发布日期:2024/4/26 浏览:36\n来源时间为:2023-11-09\n" LINE,
          "published=2023-11-09 copied=2024-04-26");
    FACTS("青溪县\n来源日期：2023年11月9日\n" LINE, "published=2023-11-09");
    FACTS("青溪县\n发布日期:2023-11-09\n转载时间:2024-04-26\n" LINE,
          "published=2023-11-09 copied=2024-04-26");
    FACTS("青溪县\n转载时间:2024-04-26\n" LINE, "published=2024-04-26");
    FACTS("A title\nPosted on 3 May 2024\nOriginally published on 1 March 2023\nText.\n",
          "published=2023-03-01 copied=2024-05-03");
    /* The source's date of another document, in a list below the text, does not count. */
    FACTS("青溪县\n发布日期:2024-04-26\n" LINE LINE LINE LINE
          "相关文章\n来源时间为:2023-10-17近日，青溪县召开会议，部署农田水利工作，县长出席。\n",
          "published=2024-04-26");
}
END_TEST

START_TEST(an_official_document_is_signed_at_the_end)
{
    FACTS("关于做好工作的通知\n青政发〔2024〕12号\n各乡镇：\n" LINE LINE
          "青溪县人民政府\n2024年5月6日\n"
          "（此件公开发布）\n",
          "published=2024-05-06");
    FACTS("关于做好工作的通知\n各乡镇：\n" LINE LINE "青溪县人民政府\n二〇二四年五月六日\n",
          "published=2024-05-06");
    FACTS("关于做好工作的通知\n各乡镇：\n" LINE LINE "特此通知。\n青溪县人民政府 2024年5月6日\n",
          "published=2024-05-06");
    FACTS("關於做好工作的通知\n各單位：\n" LINE LINE "青溪縣政府\n中華民國113年5月6日\n",
          "published=2024-05-06");
}
END_TEST

START_TEST(the_opening_tells_the_day_of_the_event)
{
    FACTS("青溪县开会\n2024年11月9日，县政府新闻办举行新闻发布会，介绍农田水利建设有关情况。\n",
          "event=2024-11-09");
    FACTS("青溪县开会\n发布时间:2024-04-12 16:20\n4月16日上午9时,县政府召开新闻发布会,介绍有关情况,"
          "并回答提问。\n",
          "published=2024-04-12 event=2024-04-16");
    FACTS("青溪縣開會\n發佈時間:2024-04-12 "
          "16:20\n4月16日,縣政府召開新聞(wén)發(fā)布會(huì),介紹有關情"
          "況,並回答提問。\n",
          "published=2024-04-12 event=2024-04-16");
    FACTS("青溪县\n发布时间:2024-04-12\n青溪网4月12日讯（记者 江流）4月17日，全县农田水利现场会在柳"
          "桥镇召开。\n",
          "published=2024-04-12 event=2024-04-17");
    FACTS("A title\nPublished 6 June 2024\nThe council of Harrow Mills met on Tuesday, 4 June, and "
          "voted for the new bridge.\n",
          "published=2024-06-06 event=2024-06-04");
    FACTS("在全县大会上的讲话\n（2024年3月5日）\n同志们：\n" LINE, "event=2024-03-05");
}
END_TEST

static void expect_event(const char *text, const char *date, const char *year_from)
{
    struct fake *fake = fake_new();
    const struct taxon_fact *event = NULL;

    facts(fake, text);
    for (size_t i = 0; i < fake->fact_count; i++)
        if (strcmp(fake->facts[i].name, "date-event") == 0 && event == NULL)
            event = &fake->facts[i];
    if (date == NULL) {
        ck_assert_msg(event == NULL, "%s", text);
        return;
    }
    ck_assert_msg(event != NULL, "%s", text);
    ck_assert_str_eq(event->value, date);
    ck_assert_msg(strstr(event->reason, year_from) != NULL, "%s", event->reason);
}

#define EVENT "月12日,县政府召开新闻发布会,介绍有关情况,并回答记者的提问。\n"

START_TEST(a_missing_year_is_inferred_with_its_reason)
{
    expect_event("发布日期:2024-01-03\n12" EVENT, "2023-12-12", "publication");
    expect_event("发布日期:2024-04-03\n5月12日,县政府将召开新闻发布会,介绍有关情况,并回答提问。\n",
                 "2024-05-12", "publication");
    expect_event(
        "发布日期:2024-04-03\n青溪县农田水利大会定于5月12日在柳桥镇召开,请各单位准时参加会议。\n",
        "2024-05-12", "publication");
    expect_event("3" EVENT LINE "2021年3月12日,大会闭幕。\n", "2021-03-12", "same day");
    expect_event("3" EVENT LINE "推动“十四五”开好局、起好步。\n", "2021-03-12", "five-year plan");
    expect_event("3" EVENT LINE "今年是“十四五”规划的开局之年。\n", "2021-03-12", "five-year plan");
    expect_event("3" EVENT LINE "今年是“十三五”收官之年。\n", "2020-03-12", "five-year plan");
    expect_event("3" EVENT LINE "今年是“十五五”開局之年。\n", "2026-03-12", "five-year plan");
    expect_event("3" EVENT LINE "今年是“七五”计划的第一年。\n", "1986-03-12", "five-year plan");
    expect_event("3" EVENT LINE "今年是“一五”计划的最后一年。\n", "1957-03-12", "five-year plan");
    expect_event("7月2日,是青溪县获批建设示范区五周年,县里召开推进会,部署下一步的工作。\n" LINE
                 "2019年7月2日,青溪县获批。\n",
                 "2024-07-02", "anniversary");
}
END_TEST

START_TEST(a_year_that_cannot_be_known_is_not_guessed)
{
    expect_event("3" EVENT LINE, NULL, NULL);
    expect_event("3" EVENT LINE "比2021年增长一成，到2025年翻一番。\n", NULL, NULL);
    expect_event("3" EVENT LINE "示范区已从开局起步转入全面建设，编制“十四五”规划。\n", NULL, NULL);
    expect_event("3" EVENT LINE "“十三五”圆满收官，“十四五”开局起步。\n", NULL, NULL);
    expect_event("12" EVENT LINE "为“十四五”开好局打下基础。\n", NULL, NULL);
    expect_event("3" EVENT LINE "2019年3月12日成立，2020年3月12日改名。\n", NULL, NULL);
    expect_event("2月29日,县政府召开新闻发布会,介绍有关情况,并回答记者的提问。\n" LINE
                 "推动“十四五”开好局。\n",
                 NULL, NULL);
    expect_event("7月2日,是青溪县获批建设示范区五周年,县里召开推进会,部署下一步的工作。\n", NULL,
                 NULL);
    FACTS("（新溪社青溪5月3日电）\n" LINE, "");
    FACTS("3月12日讯 县政府召开新闻发布会,介绍有关情况。\n推动“十四五”开好局。\n", "");
    FACTS(LINE LINE LINE LINE "（新溪社青溪5月3日电）\n《青溪日报》（2024年5月4日 02 版）\n",
          "published=2024-05-04 published=2024-05-03");
}
END_TEST

START_TEST(other_dates_and_figures_are_left_alone)
{
    static const char *const texts[] = {
        "",
        "\n\n",
        "版本 1.2.3 已经发布，修正了若干问题，请各位用户尽快下载并安装新的版本。\n",
        "电话：010-20240517，传真：0735-2024-05-17，地址：青溪县柳桥镇大桥路二十四号。\n",
        "原价 2024.50 元，现价 1999.05 元，比分 3-2，上座率 85%，现场气氛热烈，观众很多。\n",
        "《青溪县可持续发展规划（2018-2030年）》已经印发，请各单位认真组织实施，抓好落实。\n",
        "服务器的地址是 192.168.10.1，备用的是 10.20.24.5，请管理员召开会议确认后再改。\n",
        "青政发〔2024〕12号\n各乡镇人民政府：\n",
        "本办法自2019年1月1日起施行，原来的办法同时废止，由县水务局负责解释，并发布说明。\n",
        "截至2024年5月17日，全县共召开会议二十次，发布公告十二个，完成投资三亿元以上。\n",
        "活动时间：2024年5月17日\n报名时间:2024-05-01\n",
        "Join Date: 2012-12-01\nPosts: 156\n",
        "2024-05-01 县里开会\n2024-05-02 镇里开会\n2024-05-03 村里开会\n2024-05-04 组里开会\n",
        "2024-05-01\n县里开会\n2024-05-02\n镇里开会\n2024-05-03\n村里开会\n2024-05-04\n组里开会\n",
        "相关链接 05-17\n更多 05-16\n",
        "注释\n〔8〕见《青溪日报》1996年4月30日第5版《水利与农业》。\n",
        "（参见《青溪日报》1996年4月30日第5版）\n",
        "The law of 1 May 1861 remains in force, as the court of Harrow Mills has held many "
        "times.\n",
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        ck_assert_msg(facts(fake_new(), texts[i])[0] == '\0', "%s: %s", texts[i],
                      facts(fake_new(), texts[i]));
}
END_TEST

START_TEST(history_is_not_what_is_reported)
{
    FACTS("A title\nPublished 6 June 2024\nThe old bridge was opened on 4 June 1921, when the mill "
          "was new.\n",
          "published=2024-06-06");
}
END_TEST

START_TEST(metadata_gives_the_year)
{
    struct fake *fake = fake_new();
    const char *text = "3" EVENT;

    fake->text_len = strlen(text);
    ck_assert_int_eq(dates_report_known(&fake->task, text, strlen(text),
                                        &(struct dates_date){2024, 3, 19}),
                     0);
    ck_assert_uint_eq(fake->fact_count, 1);
    ck_assert_str_eq(fake->facts[0].name, "date-event");
    ck_assert_str_eq(fake->facts[0].value, "2024-03-12");
}
END_TEST

START_TEST(facts_are_few)
{
    static char text[8192];
    struct fake *fake = fake_new();
    size_t len = 0;

    for (int i = 1; i <= 12; i++)
        len += (size_t)snprintf(text + len, sizeof(text) - len, "发布日期:2024-%02d-01\n", i);
    facts(fake, text);
    ck_assert_uint_eq(fake->fact_count, 3);
    ck_assert_str_eq(fake->facts[0].value, "2024-01-01");
}
END_TEST

/* Long and dense texts end; the test's own timeout is the judge. */
START_TEST(hostile_texts_stay_quick)
{
    static const char *const pieces[] = {"2024-05-17 ", "5月12日召开，",
                                         "五",          "十四五开局",
                                         "年",          "(a",
                                         "发布日期:",   "May ",
                                         "一百",        "\n"};
    size_t size = 1 << 20;
    char *text = malloc(size + 1);

    ck_assert_ptr_nonnull(text);
    for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
        struct fake *fake = fake_new();
        size_t len = 0;

        while (len + strlen(pieces[i]) < size) {
            memcpy(text + len, pieces[i], strlen(pieces[i]));
            len += strlen(pieces[i]);
        }
        ck_assert_int_eq(dates_report(&fake->task, text, len), 0);
    }
    free(text);
}
END_TEST

START_TEST(out_of_memory_and_out_of_time_are_survived)
{
    const char *text =
        "青溪县\n发布日期:2024-04-26\n4月16日,县政府召开新闻发布会,介绍情况,回答提问。\n";

    for (uint32_t left = 0; left < 4; left++) {
        struct fake *fake = fake_new();

        fake->allocations_left = left;
        ck_assert_int_eq(dates_report(&fake->task, text, strlen(text)), left < 4 ? -ENOMEM : 0);
    }
    struct fake *fake = fake_new();
    fake->stop = 1;
    ck_assert_int_eq(dates_report(&fake->task, text, strlen(text)), 0);
    ck_assert_uint_eq(fake->fact_count, 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        dates_are_read,
        what_is_no_date_is_refused,
        eight_digits_are_a_date_only_when_asked,
        dates_are_written_as_iso,
        stamps_are_dates_of_publication,
        a_stamp_tells_its_place_and_reason,
        the_source_comes_before_the_copy,
        an_official_document_is_signed_at_the_end,
        the_opening_tells_the_day_of_the_event,
        a_missing_year_is_inferred_with_its_reason,
        a_year_that_cannot_be_known_is_not_guessed,
        other_dates_and_figures_are_left_alone,
        history_is_not_what_is_reported,
        metadata_gives_the_year,
        facts_are_few,
        hostile_texts_stay_quick,
        out_of_memory_and_out_of_time_are_survived,
    };

    return SUITE_RUN("kit/dates", tests);
}
