/* Tests of core/text/charset_mojibake: texts are broken here as others break them, by our own
 * converter, and have to come back. */
#include "text/charset_mojibake.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text/charset.h"
#include "text/charset_convert.h"

#include "../base/suite.h"

#define CHINESE                                                                                                                                  \
    "本市图书馆从下月起延长开放时间，读者可以凭身份证免费办理借书证。记者了解到，新馆的儿童阅览室" \
    "面积比原来大一倍，周末还将举办讲座和展览。\n"
#define ENGLISH                                                                                    \
    "The library’s new hours — nine to nine — are “a great step”, said its café’s owner.\n"
#define RUSSIAN "Городская библиотека теперь открыта до девяти вечера, и читателям это нравится.\n"
#define FRENCH  "La bibliothèque a été rénovée, et les élèves y répètent déjà leurs leçons d'été.\n"

static struct charset_decoder *decoder;
static struct charset_converters converters;
static struct strbuf scratch;
static struct charset_mojibake mojibake;
static const char *text;
static size_t text_len;

static void setup(void)
{
    struct err err;

    ck_assert_msg(charset_open(&decoder, &err) == 0, "%s", err.text);
    ck_assert_int_eq(charset_converters_open(&converters, &err), 0);
    strbuf_init(&scratch);
}

static void teardown(void)
{
    charset_close(decoder);
    charset_converters_close(&converters);
    strbuf_release(&scratch);
}

/* The bytes read in another charset; released by the caller. */
static struct strbuf read_as(enum charset_id id, const char *bytes, size_t len)
{
    struct strbuf broken = STRBUF_INIT;
    struct charset_conversion conversion;

    ck_assert_int_eq(charset_convert(&converters, id, bytes, len, SIZE_MAX / 4, &broken,
                                     &conversion),
                     0);
    return broken;
}

static void undo_within(const char *bytes, size_t len, size_t limit)
{
    strbuf_clear(&scratch);
    ck_assert_int_eq(charset_undo(decoder, bytes, len, limit, &scratch, &mojibake, &text,
                                  &text_len),
                     0);
    ck_assert(utf8_is_valid(text, text_len));
    ck_assert_uint_le(mojibake.is_certain ? text_len : 0, limit);
    ck_assert_int_eq(text != bytes, mojibake.is_certain);
}

static void undo(const char *bytes, size_t len)
{
    undo_within(bytes, len, SIZE_MAX / 4);
}

static void check_undone(const char *want, const char *charset, const char *name)
{
    ck_assert_msg(mojibake.is_certain, "%s read as %s: %llu mended, %llu others, gain %.2f",
                  charset, name, (unsigned long long)mojibake.mended,
                  (unsigned long long)mojibake.others, mojibake.gain);
    ck_assert_str_eq(mojibake.charset, charset);
    ck_assert_str_eq(mojibake.read_as, name);
    ck_assert_uint_eq(text_len, strlen(want));
    ck_assert_mem_eq(text, want, text_len);
}

START_TEST(utf8_read_in_one_byte)
{
    static const struct {
        enum charset_id id;
        const char *name;
        const char *text;
    } cases[] = {
        {CHARSET_WINDOWS_1251, "windows-1251", RUSSIAN},
        {CHARSET_WINDOWS_1252, "windows-1252", FRENCH},
        {CHARSET_WINDOWS_1252, "windows-1252", ENGLISH},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct strbuf broken = read_as(cases[i].id, cases[i].text, strlen(cases[i].text));
        if (strstr(strbuf_text(&broken), "\uFFFD") == NULL) {
            undo(broken.data, broken.len);
            check_undone(cases[i].text, "UTF-8", cases[i].name);
            ck_assert(mojibake.gain > 0.15);
            ck_assert_uint_eq(mojibake.others + mojibake.lost, 0);
        }
        strbuf_release(&broken);
    }
}
END_TEST

/* As Latin-1 proper, each byte is a character, controls among them. */
START_TEST(utf8_read_as_latin1)
{
    static const char *const texts[] = {CHINESE, RUSSIAN, FRENCH, ENGLISH};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct strbuf broken = STRBUF_INIT;
        for (const char *at = texts[i]; *at != '\0'; at++) {
            char character[4];
            strbuf_append(&broken, character, utf8_encode((unsigned char)*at, character));
        }
        undo(broken.data, broken.len);
        check_undone(texts[i], "UTF-8", "windows-1252");
        undo_within(broken.data, broken.len, 50);
        ck_assert_uint_le(text_len, 50);
        strbuf_release(&broken);
    }
}
END_TEST

/* Runs with an even number of bytes survive; of the others a byte is gone for good. */
START_TEST(utf8_read_as_gbk)
{
    static const char whole[] = "图书时间办理面积讲座家长学生老师观众朋友";
    struct strbuf broken = read_as(CHARSET_GB18030, whole, strlen(whole));

    ck_assert_ptr_null(strstr(broken.data, "\uFFFD"));
    undo(broken.data, broken.len);
    check_undone(whole, "UTF-8", "GB18030");
    ck_assert(mojibake.gain > 0.5);
    strbuf_release(&broken);

    /* "图书馆，" and "面积。": three characters and a sign each, read with a byte lost at the end.
     */
    static const char cut[] = "鍥句功棣嗭紝\n鍥句功棣嗭紝鍥句功\n鍥句功棣嗭紝鍥句功棣�\n鍥句功棣�";
    undo(cut, strlen(cut));
    check_undone("图书馆，\n图书馆，图书\n图书馆，图书\uFFFD\n图书\uFFFD", "UTF-8", "GB18030");
    ck_assert_uint_eq(mojibake.lost, 2);
    /* Whatever else is lost, most is there again. */
    broken = read_as(CHARSET_GB18030, CHINESE, strlen(CHINESE));
    undo(broken.data, broken.len);
    ck_assert(mojibake.is_certain);
    ck_assert_ptr_nonnull(strstr(text, "记者了解到，新馆的儿童"));
    strbuf_release(&broken);
}
END_TEST

START_TEST(gbk_read_as_latin1)
{
    struct strbuf broken = STRBUF_INIT;
    /* "图书馆延长开放时间，读者可以免费办理借书证。" */
    static const char bytes[] = "\xCD\xBC\xCA\xE9\xB9\xDD\xD1\xD3\xB3\xA4\xBF\xAA\xB7\xC5\xCA\xB1"
                                "\xBC\xE4\xA3\xAC\xB6\xC1\xD5\xDF\xBF\xC9\xD2\xD4\xC3\xE2\xB7\xD1"
                                "\xB0\xEC\xC0\xED\xBD\xE8\xCA\xE9\xD6\xA4\xA1\xA3";

    for (const char *at = bytes; *at != '\0'; at++) {
        char character[4];
        strbuf_append(&broken, character, utf8_encode((unsigned char)*at, character));
    }
    undo(broken.data, broken.len);
    check_undone("图书馆延长开放时间，读者可以免费办理借书证。", "GB18030", "windows-1252");
    strbuf_release(&broken);
}
END_TEST

START_TEST(sound_texts_stay)
{
    static const char *const texts[] = {
        "",
        "plain",
        CHINESE,
        ENGLISH,
        RUSSIAN,
        FRENCH,
        "據介紹，本市圖書館從下月起延長開放時間，讀者可以憑身份證免費辦理借書證。",
        "図書館の開館時間が来月から延長されます。",
        "도서관 개관 시간이 다음 달부터 연장됩니다.",
        "Ä Ö Ü, Å and Ã are capitals; © ® ° are signs. ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏ ÑÒÓÔÕÖØÙÚÛÜÝ àáâãäåçèéêë",
        "涓浗",
        "Ã©",
        "锟斤拷",
        "\uFFFD\uFFFD\uFFFD",
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        undo(texts[i], strlen(texts[i]));
        ck_assert_msg(mojibake.charset == NULL, "%s: %s", texts[i], mojibake.charset);
        ck_assert_ptr_eq(text, texts[i]);
        ck_assert_uint_eq(text_len, strlen(texts[i]));
    }
}
END_TEST

/* A broken quotation in a sound text: named, and left alone. */
START_TEST(broken_in_part)
{
    struct strbuf broken = STRBUF_INIT;

    for (unsigned i = 0; i < 5; i++)
        strbuf_puts(&broken, RUSSIAN);
    strbuf_puts(&broken, "â€œa libraryâ€™s hoursâ€¦");
    undo(broken.data, broken.len);
    ck_assert_str_eq(mojibake.read_as, "windows-1252");
    ck_assert(!mojibake.is_certain);
    ck_assert_uint_eq(mojibake.mended, 3);
    strbuf_release(&broken);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        utf8_read_in_one_byte, utf8_read_as_latin1, utf8_read_as_gbk,
        gbk_read_as_latin1,    sound_texts_stay,    broken_in_part,
    };

    return suite_run_with("text/charset_mojibake", tests, sizeof tests / sizeof *tests, setup,
                          teardown);
}
