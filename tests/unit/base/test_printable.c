/* Tests of base/printable. */
#include "base/printable.h"

#include <string.h>

#include "base/utf8.h"
#include "suite.h"

static void assert_clean(const char *text, const char *expected)
{
    char copy[256];
    size_t len = strlen(text);

    memcpy(copy, text, len);
    len = printable_clean(copy, len);
    copy[len] = '\0';
    ck_assert_str_eq(copy, expected);
}

START_TEST(harmful_characters_become_question_marks)
{
    assert_clean("", "");
    assert_clean("plain 中文 é 😀 ~", "plain 中文 é 😀 ~");
    assert_clean("\x01\x1f\x7f", "???");
    assert_clean("a\xC2\x80\xC2\x9B\xC2\x9F\xC2\xA0z", "a???\xC2\xA0z");
    assert_clean("a\xE2\x80\xA8\xE2\x80\xA9z", "a??z"); /* separators */
    assert_clean("a\xE2\x80\xAA\xE2\x80\xAEz", "a??z"); /* overrides */
    assert_clean("a\xE2\x81\xA6\xE2\x81\xA9z", "a??z"); /* isolates */
    assert_clean("\xE2\x80\xA7\xE2\x80\xAF\xE2\x81\xA5", "\xE2\x80\xA7\xE2\x80\xAF\xE2\x81\xA5");
    assert_clean("\xff\xc0\x80 \xED\xA0\x80 \xE4\xB8", "??? ??? ?");
}
END_TEST

START_TEST(nul_bytes_too)
{
    char text[] = "a\0b";

    ck_assert_uint_eq(printable_clean(text, 3), 3);
    ck_assert_mem_eq(text, "a?b", 3);
}
END_TEST

START_TEST(cut_keeps_characters_whole)
{
    char text[] = "ab中文";

    ck_assert_uint_eq(printable_cut(text, 8, 8), 8);
    ck_assert_uint_eq(printable_cut(text, 8, 7), 5);
    ck_assert_mem_eq(text, "ab…", 5);
    char short_text[] = "abcd";
    ck_assert_uint_eq(printable_cut(short_text, 4, 3), 3);
    ck_assert_mem_eq(short_text, "…", 3);
}
END_TEST

START_TEST(random_bytes_become_valid_and_shorter)
{
    uint64_t random = 11;

    for (int i = 0; i < 20000; i++) {
        char text[64];
        size_t len = suite_random(&random) % sizeof text;

        for (size_t at = 0; at < len; at++)
            text[at] = (char)suite_random(&random);
        size_t clean = printable_clean(text, len);
        ck_assert_uint_le(clean, len);
        ck_assert(utf8_is_valid(text, clean));
        for (size_t at = 0; at < clean; at++)
            ck_assert((unsigned char)text[at] >= 0x20 && text[at] != 0x7F);
        ck_assert_uint_eq(printable_clean(text, clean), clean);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        harmful_characters_become_question_marks,
        nul_bytes_too,
        cut_keeps_characters_whole,
        random_bytes_become_valid_and_shorter,
    };

    return SUITE_RUN("base/printable", tests);
}
