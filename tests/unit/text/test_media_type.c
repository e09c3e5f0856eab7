/* Tests of core/text/media_type. */
#include "text/media_type.h"

#include <stdlib.h>
#include <string.h>

#include "../base/suite.h"

static const char *sniff(const char *text, size_t len, const char *name)
{
    char *exact = malloc(len > 0 ? len : 1); /* so that a sanitizer sees a step too far */

    ck_assert_ptr_nonnull(exact);
    memcpy(exact, text, len);
    const char *media_type = media_type_sniff(exact, len, exact, len, name);
    free(exact);
    return media_type;
}

#define ck_sniffs(text, name, want) ck_assert_str_eq(sniff(text, sizeof(text) - 1, name), want)

START_TEST(html)
{
    ck_sniffs("<!DOCTYPE html><title>x</title>", "a", "text/html");
    ck_sniffs("\n\n  <html lang=zh>", "a", "text/html");
    ck_sniffs("<html>", NULL, "text/html");
    ck_sniffs("<html", NULL, "text/html");
    ck_sniffs("<?xml version=\"1.0\"?>\n<!-- x -->\n<HTML>", "a.txt", "text/html");
    ck_sniffs("<body>text", "a", "text/html");
    ck_sniffs("中文<div class=a><p>x</p><br/><a href=x>y</a></div>", "a.txt", "text/html");
    ck_sniffs("a <b>bold</b> word", "page.HTM", "text/html");
    ck_sniffs("a <b>bold</b> word", "show.aspx", "text/html");
    ck_sniffs("<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\">", "a", "text/html");
    ck_sniffs("<script>x()</script>text", "a", "text/html");
    ck_sniffs("<title>x", "a", "text/html");
    ck_sniffs("<meta charset=utf-8>", "a", "text/html");
    ck_sniffs("<p>one paragraph</p>", "a", "text/html");
    ck_sniffs("<div\nclass=x>text</div>", "a.txt", "text/html");
    ck_sniffs("<frameset cols=*><frame src=a></frameset>", "a", "text/html");
}
END_TEST

START_TEST(plain_text)
{
    ck_sniffs("", "a", "text/plain");
    ck_sniffs("国务院召开新闻发布会", "a.txt", "text/plain");
    ck_sniffs("no tags at all", "a.html", "text/plain");
    ck_sniffs("a < b and c > d, <foo> <bar> <baz> </qux>", "a.html", "text/plain");
    ck_sniffs("use <b> here", "a.txt", "text/plain");
    ck_sniffs("<htmlx><headless>", "a", "text/plain");
    ck_sniffs("<?xml version=\"1.0\"?><rss><channel/></rss>", "a", "text/plain");
    ck_sniffs("<!-- never closed <html>", "a", "text/plain");
    ck_sniffs("a\0b c d e f", "a", "text/plain"); /* one NUL is damage, not a format */
    ck_sniffs("\x1B[1mansi\x1B[0m", "a", "text/plain");
    ck_sniffs("%PD", "a", "text/plain");
    ck_sniffs("<p> is the tag of a paragraph", "a", "text/plain");
    ck_sniffs("<scripture>text</scripture>", "a", "text/plain");
    ck_sniffs("<title\0>", "a", "text/plain");
    ck_sniffs("<tables>", "a", "text/plain");
    ck_sniffs("<", "a.html", "text/plain");
    ck_sniffs("</", "a.html", "text/plain");
}
END_TEST

START_TEST(binary)
{
    ck_sniffs("%PDF-1.7\n", "a.txt", "application/pdf");
    ck_sniffs("\x89PNG\r\n\x1A\n....", "a", "image/png");
    ck_sniffs("\xFF\xD8\xFF\xE0", "a.html", "image/jpeg");
    ck_sniffs("GIF89a", "a", "image/gif");
    ck_sniffs("PK\x03\x04", "a.docx", "application/zip");
    ck_sniffs("\x1F\x8B\x08\0", "a", "application/gzip");
    ck_sniffs("\x7F"
              "ELF\2\1\1",
              "a", "application/x-elf");
    ck_sniffs("ab\0\0\1\2\3cd", "a.txt", "application/octet-stream");
    ck_sniffs("\xEF\xBF\xBD\xEF\xBF\xBDx\xEF\xBF\xBD", "a", "application/octet-stream");
}
END_TEST

START_TEST(random_bytes_give_some_answer)
{
    static const char alphabet[] = "<>/!-hHtml bodyDOC\n\0\xEF\xBF\xBD";
    char text[40];
    uint64_t state = 99;

    for (unsigned round = 0; round < 5000; round++) {
        size_t len = suite_random(&state) % sizeof text;
        for (size_t i = 0; i < len; i++)
            text[i] = alphabet[suite_random(&state) % (sizeof alphabet - 1)];
        ck_assert_ptr_nonnull(strchr(sniff(text, len, "x.htm"), '/'));
    }
}
END_TEST

static const char *container(const char *text, size_t len, const char *name)
{
    char *exact = malloc(len > 0 ? len : 1);

    ck_assert_ptr_nonnull(exact);
    memcpy(exact, text, len);
    const char *media_type = media_type_container(exact, len, name);
    free(exact);
    return media_type == NULL ? "" : media_type;
}

#define ck_contains(text, name, want)                                                              \
    ck_assert_str_eq(container(text, sizeof(text) - 1, name), want)

START_TEST(containers)
{
    ck_contains("PK\x03\x04", "a.txt", "application/zip");
    ck_contains("\x1F\x8B\x08", "page.html.gz", "application/gzip");
    ck_contains("\x1F\x8B\x08", "A.WARC.GZ", "application/warc");
    ck_contains("\x1F\x8B\x08", "a.jsonl.gz", "application/x-ndjson");
    ck_contains("\x1F\x8B\x08", "a.tgz", "application/x-tar");
    ck_contains("\x28\xB5\x2F\xFD", NULL, "application/zstd");
    ck_contains("WARC/1.1\r\n", "a", "application/warc");
    ck_contains("filedesc://a.arc 0", "a", "application/warc");
    ck_contains("\xEF\xBB\xBF {\n\"text\": 1}", "a.json", "application/json");
    ck_contains("[ { \"text\": 1}]", "a", "application/json");
    ck_contains("{\"text\": 1}\n{\"text\": 2}\n", "a.jsonl", "application/x-ndjson");
    ck_contains("Received: from x\n by y\nMIME-Version: 1.0\n\nx", "a", "message/rfc822");
    ck_contains("From: a\r\nSubject: b\r\n\r\nx", "a.eml", "message/rfc822");
}
END_TEST

START_TEST(texts_that_look_like_containers)
{
    ck_contains("", "a.eml", "");
    ck_contains("{", "a.json", "");
    ck_contains("{this is in braces}", "a.json", "");
    ck_contains("[\"a\", \"b\"]", "a.json", "");
    ck_contains("From: a\nSubject: b\nDate: c\n\nA mail that somebody quotes.", "a.txt", "");
    ck_contains("From: a\nwith words between\nMIME-Version: 1.0\n\n", "a.txt", "");
    ck_contains("Date: only\n\nMIME-Version: 1.0\n", "a.eml", "");
    ck_contains("WARC is a format", "a.warc", "");
    ck_assert(media_type_is_text_too("application/json"));
    ck_assert(!media_type_is_text_too("application/zip"));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {html,       plain_text,
                                  binary,     random_bytes_give_some_answer,
                                  containers, texts_that_look_like_containers};

    return SUITE_RUN("text/media_type", tests);
}
