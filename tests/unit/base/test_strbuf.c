/* Tests of base/strbuf: growth, and failure that is remembered. */
#include "base/strbuf.h"

#include <string.h>

#include "suite.h"

START_TEST(nothing_is_an_empty_text)
{
    struct strbuf buf = STRBUF_INIT;

    ck_assert_str_eq(strbuf_text(&buf), "");
    strbuf_append(&buf, NULL, 0);
    strbuf_puts(&buf, "");
    strbuf_added(&buf, 0);
    ck_assert_ptr_null(buf.data);
    strbuf_clear(&buf);
    strbuf_printf(&buf, "%s", "");
    ck_assert_str_eq(strbuf_text(&buf), "");
    strbuf_release(&buf);
}
END_TEST

START_TEST(grows_at_the_end)
{
    struct strbuf buf;

    strbuf_init(&buf);
    for (unsigned i = 0; i < 10000; i++) {
        strbuf_putc(&buf, 'a');
        strbuf_puts(&buf, "bc");
        strbuf_append(&buf, "d\0", 2);
        ck_assert_uint_eq(buf.len, (i + 1) * 5);
        ck_assert_int_eq(buf.data[buf.len], '\0');
    }
    for (size_t i = 0; i < buf.len; i += 5)
        ck_assert_mem_eq(buf.data + i, "abcd\0", 5);
    ck_assert(!buf.failed);
    strbuf_release(&buf);
    ck_assert_ptr_null(buf.data);
    ck_assert_uint_eq(buf.len, 0);
}
END_TEST

START_TEST(printf_at_every_fill)
{
    for (size_t before = 0; before < 200; before++) {
        struct strbuf buf = STRBUF_INIT;

        for (size_t i = 0; i < before; i++)
            strbuf_putc(&buf, 'x');
        strbuf_printf(&buf, "%s-%d", "中文", 12345);
        ck_assert_uint_eq(buf.len, before + 12);
        ck_assert_str_eq(buf.data + before, "中文-12345");
        strbuf_release(&buf);
    }
}
END_TEST

START_TEST(reserve_gives_the_room_it_says)
{
    struct strbuf buf = STRBUF_INIT;

    ck_assert_ptr_nonnull(strbuf_reserve(&buf, 0));
    ck_assert_int_eq(buf.data[0], '\0');
    for (size_t len = 1; len < 3000; len += 7) {
        char *to = strbuf_reserve(&buf, len);
        ck_assert_ptr_nonnull(to);
        memset(to, 'r', len); /* the sanitizer looks on */
        strbuf_added(&buf, len);
        ck_assert_int_eq(buf.data[buf.len], '\0');
    }
    strbuf_release(&buf);
}
END_TEST

START_TEST(clear_keeps_the_memory)
{
    struct strbuf buf = STRBUF_INIT;

    strbuf_puts(&buf, "abc");
    char *data = buf.data;
    strbuf_clear(&buf);
    ck_assert_ptr_eq(buf.data, data);
    ck_assert_str_eq(strbuf_text(&buf), "");
    strbuf_release(&buf);
}
END_TEST

START_TEST(failure_is_remembered_and_keeps_the_text)
{
    static const size_t impossible[] = {SIZE_MAX, SIZE_MAX - 3, SIZE_MAX - 4, PTRDIFF_MAX};

    for (size_t i = 0; i < sizeof impossible / sizeof impossible[0]; i++) {
        struct strbuf buf = STRBUF_INIT;

        strbuf_puts(&buf, "abc");
        ck_assert_ptr_null(strbuf_reserve(&buf, impossible[i]));
        ck_assert(buf.failed);
        strbuf_puts(&buf, "d");
        strbuf_putc(&buf, 'd');
        strbuf_printf(&buf, "%d", 4);
        strbuf_append(&buf, "d", 1);
        strbuf_added(&buf, 1);
        ck_assert_ptr_null(strbuf_reserve(&buf, 1));
        ck_assert_str_eq(strbuf_text(&buf), "abc");
        ck_assert_uint_eq(buf.len, 3);
        strbuf_clear(&buf);
        ck_assert(!buf.failed);
        strbuf_puts(&buf, "again");
        ck_assert_str_eq(strbuf_text(&buf), "again");
        strbuf_release(&buf);
        ck_assert(!buf.failed);
    }
}
END_TEST

START_TEST(failure_of_an_empty_one_is_an_empty_text)
{
    struct strbuf buf = STRBUF_INIT;

    ck_assert_ptr_null(strbuf_reserve(&buf, SIZE_MAX));
    strbuf_printf(&buf, "%d", 4);
    ck_assert(buf.failed);
    ck_assert_str_eq(strbuf_text(&buf), "");
    strbuf_release(&buf);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        nothing_is_an_empty_text,
        grows_at_the_end,
        printf_at_every_fill,
        reserve_gives_the_room_it_says,
        clear_keeps_the_memory,
        failure_is_remembered_and_keeps_the_text,
        failure_of_an_empty_one_is_an_empty_text,
    };

    return SUITE_RUN("base/strbuf", tests);
}
