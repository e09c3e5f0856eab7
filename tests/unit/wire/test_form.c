/* Tests of wire/form: which names and lines are taken, and that lines are made so. */
#include "wire/form.h"

#include <math.h>
#include <string.h>

#include "../base/suite.h"

/* `count` times 'a'. */
static const char *long_text(size_t count)
{
    static char text[4096];

    memset(text, 'a', count);
    text[count] = '\0';
    return text;
}

START_TEST(names)
{
    ck_assert(form_is_name("a"));
    ck_assert(form_is_name("-0-z"));
    ck_assert(form_is_name(long_text(FORM_NAME_MAX)));
    ck_assert(!form_is_name(long_text(FORM_NAME_MAX + 1)));
    for (const char *const *bad =
             (const char *const[]){"", "A", "a/b", "a_b", "a b", "a\n", "ä", "a.", NULL};
         *bad != NULL; bad++)
        ck_assert_msg(!form_is_name(*bad), "'%s'", *bad);
}
END_TEST

START_TEST(ids)
{
    ck_assert(form_is_id("a"));
    ck_assert(form_is_id("ecology/air/pm2-5"));
    ck_assert(form_is_id(long_text(FORM_ID_MAX)));
    ck_assert(!form_is_id(long_text(FORM_ID_MAX + 1)));
    for (const char *const *bad = (const char *const[]){"", "/", "/a", "a/", "a//b", "../a", "a/.",
                                                        "A/b", "a b", "a\\b", NULL};
         *bad != NULL; bad++)
        ck_assert_msg(!form_is_id(*bad), "'%s'", *bad);
}
END_TEST

START_TEST(options_tokens_and_media_types)
{
    ck_assert(form_is_option("max_bytes2"));
    ck_assert(!form_is_option("max-bytes"));
    ck_assert(!form_is_option(""));
    ck_assert(!form_is_option(long_text(FORM_NAME_MAX + 1)));
    ck_assert(form_is_token(""));
    ck_assert(form_is_token("application/vnd.a+xml"));
    ck_assert(form_is_token("Shift_JIS"));
    ck_assert(form_is_token(long_text(FORM_TOKEN_MAX)));
    ck_assert(!form_is_token(long_text(FORM_TOKEN_MAX + 1)));
    ck_assert(!form_is_token("text/html; charset=x"));
    ck_assert(!form_is_token("text/*"));
    ck_assert(!form_is_token("é"));
    ck_assert(form_is_media_pattern("text/*"));
    ck_assert(!form_is_media_pattern(""));
    ck_assert(!form_is_media_pattern("text/[a]"));
    ck_assert(!form_is_media_pattern(long_text(FORM_TOKEN_MAX + 1)));
    ck_assert_uint_eq(form_token_prefix("text/html; charset=x"), 9);
    ck_assert_uint_eq(form_token_prefix(NULL), 0);
    ck_assert_uint_eq(form_token_prefix(long_text(1000)), FORM_TOKEN_MAX);
}
END_TEST

START_TEST(lines)
{
    ck_assert(form_is_line("", 0));
    ck_assert(form_is_line("中文 and \U0001F600", 100));
    ck_assert(form_is_line("中文", 6));
    ck_assert(!form_is_line("中文", 5));
    for (const char *const *bad = (const char *const[]){"a\n", "\t", "\x7f", "\x1b[2J", "\xc2\x85",
                                                        "\xff", "\xe4\xb8", "\xed\xa0\x80", NULL};
         *bad != NULL; bad++)
        ck_assert_msg(!form_is_line(*bad, 100), "'%s'", *bad);
}
END_TEST

START_TEST(shares)
{
    ck_assert(form_is_share(0) && form_is_share(1) && form_is_share(0x1p-1074));
    ck_assert(!form_is_share(-0x1p-1074) && !form_is_share(nextafter(1, 2)));
    ck_assert(!form_is_share(NAN) && !form_is_share(-NAN) && !form_is_share(INFINITY));
}
END_TEST

START_TEST(lines_are_made)
{
    const struct {
        const char *text;
        size_t max;
        const char *line;
    } cases[] = {
        {NULL, 10, ""},
        {"", 10, ""},
        {"a\tb\nc\r\x7f", 10, "a b c  "},
        {"a\xc2\x85"
         "b",
         10, "a b"},
        {"a\xff"
         "b\xe4\xb8",
         20,
         "a\xEF\xBF\xBD"
         "b\xEF\xBF\xBD"},
        {"中文", 6, "中文"},
        {"中文", 5, "中"},
        {"中文", 2, ""},
        {"\xff", 2, ""},
        {"中文", 0, ""},
        {"ab", 1, "a"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct strbuf line = STRBUF_INIT;
        strbuf_puts(&line, "before");
        form_put_line(&line, cases[i].text, cases[i].max);
        ck_assert_str_eq(strbuf_text(&line) + 6, cases[i].line);
        ck_assert(form_is_line(strbuf_text(&line) + 6, cases[i].max));
        strbuf_release(&line);
    }
}
END_TEST

START_TEST(any_bytes_become_a_line)
{
    uint64_t random = 7;

    for (int round = 0; round < 20000; round++) {
        char text[64];
        size_t len = suite_random(&random) % (sizeof text - 1);
        size_t max = suite_random(&random) % sizeof text;
        for (size_t i = 0; i < len; i++)
            text[i] = (char)(suite_random(&random) % 3 == 0 ? suite_random(&random) % 255 + 1
                                                            : 0x80 + suite_random(&random) % 96);
        text[len] = '\0';
        struct strbuf line = STRBUF_INIT;
        form_put_line(&line, text, max);
        ck_assert(form_is_line(strbuf_text(&line), max));
        strbuf_release(&line);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        names,
        ids,
        options_tokens_and_media_types,
        lines,
        shares,
        lines_are_made,
        any_bytes_become_a_line,
    };

    return SUITE_RUN("wire/form", tests);
}
