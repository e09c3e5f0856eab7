/* Tests of base/json: exact output, and numbers that read back as what %g would have said. */
#include "base/json.h"

#include <locale.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "suite.h"

static struct strbuf out = STRBUF_INIT;
static struct json json;

static void begin(unsigned indent)
{
    strbuf_clear(&out);
    json_init(&json, &out, indent);
}

static void assert_string(const char *text, size_t len, const char *expected)
{
    begin(0);
    json_put_string(&json, NULL, text, len);
    ck_assert_str_eq(strbuf_text(&out), expected);
}

static void assert_real(double value, const char *expected)
{
    begin(0);
    json_put_real(&json, NULL, value);
    ck_assert_str_eq(strbuf_text(&out), expected);
}

static void assert_int(int64_t value, const char *expected)
{
    begin(0);
    json_put_int(&json, NULL, value);
    ck_assert_str_eq(strbuf_text(&out), expected);
}

static void write_sample(void)
{
    json_object_begin(&json, NULL);
    json_put_string(&json, "name", "a.txt", 5);
    json_array_begin(&json, "labels");
    json_put_int(&json, NULL, 1);
    json_object_begin(&json, NULL);
    json_object_end(&json);
    json_array_begin(&json, NULL);
    json_array_end(&json);
    json_array_end(&json);
    json_put_bool(&json, "yes", true);
    json_put_bool(&json, "no", false);
    json_put_null(&json, "none");
    json_put_text(&json, "text", "中");
    json_put_text(&json, "missing", NULL);
    json_put_real(&json, "score", 0.5);
    json_put_raw(&json, "raw", "[1,2]", 5);
    json_object_end(&json);
}

START_TEST(on_one_line)
{
    begin(0);
    write_sample();
    ck_assert_str_eq(strbuf_text(&out),
                     "{\"name\":\"a.txt\",\"labels\":[1,{},[]],\"yes\":true,\"no\":false,"
                     "\"none\":null,\"text\":\"中\",\"missing\":null,\"score\":0.5,"
                     "\"raw\":[1,2]}");
}
END_TEST

START_TEST(indented)
{
    begin(2);
    write_sample();
    ck_assert_str_eq(strbuf_text(&out), "{\n"
                                        "  \"name\": \"a.txt\",\n"
                                        "  \"labels\": [\n"
                                        "    1,\n"
                                        "    {},\n"
                                        "    []\n"
                                        "  ],\n"
                                        "  \"yes\": true,\n"
                                        "  \"no\": false,\n"
                                        "  \"none\": null,\n"
                                        "  \"text\": \"中\",\n"
                                        "  \"missing\": null,\n"
                                        "  \"score\": 0.5,\n"
                                        "  \"raw\": [1,2]\n"
                                        "}");
}
END_TEST

START_TEST(escapes)
{
    assert_string("", 0, "\"\"");
    assert_string(NULL, 0, "\"\"");
    assert_string("\"\\/", 3, "\"\\\"\\\\/\"");
    assert_string("\b\f\n\r\t", 5, "\"\\b\\f\\n\\r\\t\"");
    assert_string("a\0b\x01\x1f\x7f", 6, "\"a\\u0000b\\u0001\\u001f\\u007f\"");
    assert_string("中文 é 😀", 14, "\"中文 é 😀\"");
    begin(0);
    json_object_begin(&json, NULL);
    json_put_int(&json, "k\"\n", 1);
    json_object_end(&json);
    ck_assert_str_eq(strbuf_text(&out), "{\"k\\\"\\n\":1}");
}
END_TEST

/* As Python's bytes.decode("utf-8", "replace"). */
START_TEST(illegal_utf8_is_replaced)
{
    assert_string("\xFF", 1, "\"\uFFFD\"");
    assert_string("a\xC0\x80z", 4, "\"a\uFFFD\uFFFDz\"");
    assert_string("\xED\xA0\x80", 3, "\"\uFFFD\uFFFD\uFFFD\"");
    assert_string("\xE4\xB8", 2, "\"\uFFFD\"");
    assert_string("\xF0\x9F\x98z", 4, "\"\uFFFDz\"");
    assert_string("\xE4\xB8\"", 3, "\"\uFFFD\\\"\"");
}
END_TEST

static size_t count_controls(const char *text, size_t len)
{
    size_t count = 0;

    for (size_t i = 0; i < len; i++)
        count += (unsigned char)text[i] < 0x20 || text[i] == 0x7F;
    return count;
}

START_TEST(random_bytes_are_valid_strings)
{
    uint64_t random = 9;

    for (int i = 0; i < 20000; i++) {
        char text[80];
        size_t len = suite_random(&random) % sizeof text;

        for (size_t at = 0; at < len; at++)
            text[at] = (char)(suite_random(&random) >> 16 & (i % 2 == 0 ? 0xFF : 0x7F));
        char *exact = malloc(len + 1);
        memcpy(exact, text, len);
        begin(0);
        json_put_string(&json, NULL, exact, len);
        free(exact);
        ck_assert(utf8_is_valid(out.data, out.len));
        ck_assert_uint_eq(count_controls(out.data, out.len), 0);
        for (size_t at = 1; at + 1 < out.len; at++) {
            ck_assert_int_ne(out.data[at], '"');
            at += out.data[at] == '\\';
        }
        ck_assert_int_eq(out.data[out.len - 1], '"');
    }
}
END_TEST

START_TEST(an_escape_at_every_place_of_a_run)
{
    for (size_t at = 0; at < 70; at++) {
        char text[70];
        char expected[80] = "\"";

        memset(text, 'a', sizeof text);
        text[at] = '\n';
        memset(expected + 1, 'a', 71);
        memcpy(expected + 1 + at, "\\n", 2);
        memcpy(expected + 72, "\"", 2);
        assert_string(text, sizeof text, expected);
    }
}
END_TEST

START_TEST(integers)
{
    assert_int(0, "0");
    assert_int(-1, "-1");
    assert_int(1234567890123, "1234567890123");
    assert_int(INT64_MAX, "9223372036854775807");
    assert_int(INT64_MIN, "-9223372036854775808");
}
END_TEST

START_TEST(reals)
{
    assert_real(0, "0");
    assert_real(-0.0, "0");
    assert_real(1, "1");
    assert_real(-1.5, "-1.5");
    assert_real(0.1, "0.1");
    assert_real(1.0 / 3, "0.333333");
    assert_real(2.0 / 3, "0.666667");
    assert_real(0.9999999, "1");
    assert_real(100, "100");
    assert_real(123456, "123456");
    assert_real(123456.7, "123457");
    assert_real(1234567, "1.23457e6");
    assert_real(999999.7, "1e6");
    assert_real(0.0001, "0.0001");
    assert_real(0.00012345678, "0.000123457");
    assert_real(0.00001, "1e-5");
    assert_real(1e21, "1e21");
    assert_real(-2.5e-300, "-2.5e-300");
    assert_real(1.7976931348623157e308, "1.79769e308");
    assert_real(5e-324, "4.94066e-324");
}
END_TEST

START_TEST(not_finite_is_null)
{
    begin(0);
    json_object_begin(&json, NULL);
    json_put_real(&json, "nan", NAN);
    json_put_real(&json, "inf", INFINITY);
    json_put_real(&json, "minus", -INFINITY);
    json_object_end(&json);
    ck_assert_str_eq(strbuf_text(&out), "{\"nan\":null,\"inf\":null,\"minus\":null}");
}
END_TEST

START_TEST(reals_read_back_as_g_says)
{
    uint64_t random = 13;

    for (int i = 0; i < 50000; i++) {
        uint64_t bits = suite_random(&random);
        double value;
        char as_g[64];

        memcpy(&value, &bits, sizeof value);
        if (i % 2 == 0)
            value = (double)(bits % 2000000) / 1000000 * pow(10, (double)(bits >> 32 & 15) - 7);
        else if (i % 4 == 1) /* next to a half of the sixth digit */
            value = ((double)(bits % 1000000) + 0.5) * pow(10, (double)(bits >> 32 & 15) - 12);
        if (!isfinite(value))
            continue;
        begin(0);
        json_put_real(&json, NULL, value);
        snprintf(as_g, sizeof as_g, "%.6g", value);
        if (strtod(as_g, NULL) != strtod(out.data, NULL))
            ck_abort_msg("%s %s", as_g, out.data);
        if (strchr(out.data, 'e') == NULL && value != 0)
            ck_assert_str_eq(out.data, as_g);
    }
}
END_TEST

START_TEST(locale_does_not_matter)
{
    static const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "fa_IR", "ps_AF"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (setlocale(LC_ALL, names[i]) != NULL)
            break;
    assert_real(1234.5, "1234.5");
    assert_real(1.5e-9, "1.5e-9");
    assert_int(1234567, "1234567");
}
END_TEST

START_TEST(depth_up_to_the_limit)
{
    begin(0);
    for (unsigned i = 0; i < JSON_DEPTH_MAX; i++)
        json_array_begin(&json, NULL);
    json_put_int(&json, NULL, 1);
    json_put_int(&json, NULL, 2);
    for (unsigned i = 0; i < JSON_DEPTH_MAX; i++)
        json_array_end(&json);
    ck_assert_uint_eq(out.len, 2 * JSON_DEPTH_MAX + 3);
    ck_assert_uint_eq(json.depth, 0);
}
END_TEST

START_TEST(depth_past_the_limit_asserts)
{
    begin(0);
    for (unsigned i = 0; i <= JSON_DEPTH_MAX; i++)
        json_array_begin(&json, NULL);
}
END_TEST

START_TEST(end_without_begin_asserts)
{
    begin(0);
    json_array_end(&json);
}
END_TEST

/* Check's forks tell apart a test that ends by a signal; suite_run does not take those. */
static int run_signal_tests(void)
{
    Suite *suite = suite_create("base/json asserts");
    TCase *tcase = tcase_create("asserts");

    tcase_add_test_raise_signal(tcase, depth_past_the_limit_asserts, SIGABRT);
    tcase_add_test_raise_signal(tcase, end_without_begin_asserts, SIGABRT);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

int main(void)
{
    const TTest *const tests[] = {
        on_one_line,
        indented,
        escapes,
        illegal_utf8_is_replaced,
        random_bytes_are_valid_strings,
        an_escape_at_every_place_of_a_run,
        integers,
        reals,
        not_finite_is_null,
        reals_read_back_as_g_says,
        locale_does_not_matter,
        depth_up_to_the_limit,
    };

    return SUITE_RUN("base/json", tests) | run_signal_tests();
}
