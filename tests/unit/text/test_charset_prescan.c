/* Tests of core/text/charset_prescan. */
#include "text/charset_prescan.h"

#include <stdlib.h>
#include <string.h>

#include "../base/suite.h"

static char label[CHARSET_LABEL_SIZE];

static const char *declared(const char *text, size_t len)
{
    char *exact = malloc(len > 0 ? len : 1); /* so that a sanitizer sees a step too far */

    ck_assert_ptr_nonnull(exact);
    memcpy(exact, text, len);
    int found = charset_prescan(exact, len, label);
    free(exact);
    ck_assert_int_eq(found, label[0] != '\0');
    return label;
}

#define ck_declares(text, want) ck_assert_str_eq(declared(text, sizeof(text) - 1), want)

START_TEST(both_ways_to_declare)
{
    ck_declares("<meta charset=gbk>", "gbk");
    ck_declares("<!doctype html><html><head><META\nCharset = 'Big5' />", "Big5");
    ck_declares("<meta http-equiv=\"Content-Type\" content=\"text/html; charset=gb2312\">",
                "gb2312");
    ck_declares("<meta content='text/html;charset = \"utf-8\";x' http-equiv=content-type>",
                "utf-8");
    ck_declares("<meta name=a content=b><title>x</title><meta charset=gb18030>", "gb18030");
    ck_declares("<meta/charset=gbk>", "gbk");
}
END_TEST

START_TEST(what_only_looks_like_it)
{
    ck_declares("", "");
    ck_declares("charset=gbk", "");
    ck_declares("<!-- <meta charset=gbk> -->", "");
    ck_declares("<!--><meta charset=gbk>", "gbk");
    ck_declares("<a title='<meta charset=gbk>'>", "");
    ck_declares("<metacharset=gbk>", "");
    ck_declares("<meta name=x content='text/html; charset=gbk'>", "");
    ck_declares("<meta http-equiv=content-type content='text/html'>", "");
    ck_declares("<?xml encoding='<meta'?><meta charset=a>", "a");
    ck_declares("</ <meta charset=a><meta charset=b>", "b");
}
END_TEST

START_TEST(xml_and_css)
{
    ck_declares("<?xml version=\"1.0\" encoding=\"Big5\"?><rss>", "Big5");
    ck_declares("\xEF\xBB\xBF<?xml version='1.0'\n encoding = 'gbk' standalone='no'?>", "gbk");
    ck_declares("<?xml version=\"1.0\"?><a encoding=\"gbk\">", "");
    ck_declares("<?xml encoding=\"gbk\"?><html><meta charset=utf-8>", "utf-8");
    ck_declares(" <?xml encoding=\"gbk\"?>", "");
    ck_declares("<?xmlx encoding=\"gbk\"?>", "");
    ck_declares("<?xml", "");
    ck_declares("<?xml ", "");
    ck_declares("@charset \"gb2312\";", "gb2312");
    ck_declares("@charset 'gb2312';", "");
    ck_declares("@charset \"gb", "gb");
    ck_declares("a @charset \"gb2312\";", "");
}
END_TEST

START_TEST(labels_are_clean)
{
    ck_declares("<meta charset='  utf-8  '>", "utf-8");
    ck_declares("<meta charset='utf-8\" onload=x'>", "");
    ck_declares("<meta charset='a\0b'>", "");
    ck_declares("<meta charset=''>", "");
    ck_declares("<meta charset=0123456789012345678901234567890123456789>", "");
    ck_declares("<meta charset='\xD6\xD0'><meta charset=gbk>", "gbk");
}
END_TEST

START_TEST(cut_short)
{
    static const char page[] =
        "<!--x--><p a='b'></p><meta http-equiv=content-type content=\"text/html; "
        "charset=gbk\">";

    for (size_t len = 0; len < sizeof page - 3; len++)
        ck_assert(strlen(declared(page, len)) <= 3);
    ck_assert_str_eq(declared(page, sizeof page - 1), "gbk");
}
END_TEST

START_TEST(only_the_first_bytes_count)
{
    static char page[8192];

    memset(page, ' ', sizeof page);
    memcpy(page + 4000, "<meta charset=gbk>", 18);
    ck_assert_str_eq(declared(page, sizeof page), "gbk");
    memset(page, ' ', sizeof page);
    memcpy(page + 4096, "<meta charset=gbk>", 18);
    ck_assert_str_eq(declared(page, sizeof page), "");
}
END_TEST

START_TEST(random_bytes)
{
    static const char alphabet[] = "<>/!-?='\"meta charset\n\0\xD6";
    char text[64];
    uint64_t state = 7;

    for (unsigned round = 0; round < 20000; round++) {
        size_t len = suite_random(&state) % sizeof text;
        for (size_t i = 0; i < len; i++)
            text[i] = alphabet[suite_random(&state) % (sizeof alphabet - 1)];
        ck_assert(strlen(declared(text, len)) < CHARSET_LABEL_SIZE);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {both_ways_to_declare,
                                  what_only_looks_like_it,
                                  xml_and_css,
                                  labels_are_clean,
                                  cut_short,
                                  only_the_first_bytes_count,
                                  random_bytes};

    return SUITE_RUN("text/charset_prescan", tests);
}
