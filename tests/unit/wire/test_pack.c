/* Tests of wire/pack: what goes in comes out, and nothing past the end does. */
#include "wire/pack.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/suite.h"

static struct arena arena;
static struct strbuf out;

static void setup(void)
{
    arena_init(&arena, 0);
    strbuf_init(&out);
}

static void teardown(void)
{
    arena_release(&arena);
    strbuf_release(&out);
}

static struct unpack reading(void)
{
    struct unpack in;

    unpack_init(&in, out.data, out.len, &arena);
    return in;
}

START_TEST(bytes_lie_little_endian)
{
    pack_u8(&out, 0x01);
    pack_u16(&out, 0x0302);
    pack_u32(&out, 0x07060504);
    pack_u64(&out, UINT64_C(0x0f0e0d0c0b0a0908));
    pack_text(&out, "ab");
    ck_assert_uint_eq(out.len, 21);
    ck_assert_mem_eq(out.data, "\1\2\3\4\5\6\7\x8\x9\xa\xb\xc\xd\xe\xf\2\0\0\0ab", 21);
}
END_TEST

START_TEST(values_come_back)
{
    const double reals[] = {0, -0.0, 1, DBL_MIN, DBL_MAX, -INFINITY, 0x1p-1074};
    struct digest digest;
    struct digest digest_back;
    size_t len;

    memset(digest.bytes, 0xa5, sizeof digest.bytes);
    pack_u8(&out, UINT8_MAX);
    pack_u16(&out, UINT16_MAX);
    pack_u32(&out, UINT32_MAX);
    pack_u64(&out, UINT64_MAX);
    for (size_t i = 0; i < sizeof reals / sizeof reals[0]; i++)
        pack_real(&out, reals[i]);
    pack_real(&out, NAN);
    pack_bytes(&out, "\0\xff", 2);
    pack_text(&out, "中文");
    pack_text(&out, NULL);
    pack_digest(&out, &digest);

    struct unpack in = reading();
    ck_assert_uint_eq(unpack_u8(&in), UINT8_MAX);
    ck_assert_uint_eq(unpack_u16(&in), UINT16_MAX);
    ck_assert_uint_eq(unpack_u32(&in), UINT32_MAX);
    ck_assert_uint_eq(unpack_u64(&in), UINT64_MAX);
    for (size_t i = 0; i < sizeof reals / sizeof reals[0]; i++) {
        double back = unpack_real(&in);
        ck_assert_mem_eq(&back, &reals[i], sizeof back);
    }
    ck_assert(isnan(unpack_real(&in)));
    ck_assert_mem_eq(unpack_bytes(&in, &len), "\0\xff", 2);
    ck_assert_uint_eq(len, 2);
    ck_assert_str_eq(unpack_text(&in), "中文");
    ck_assert_str_eq(unpack_text(&in), "");
    ck_assert(!unpack_done(&in));
    ck_assert_int_eq(unpack_result(&in), -EPROTO);
    unpack_digest(&in, &digest_back);
    ck_assert_mem_eq(&digest_back, &digest, sizeof digest);
    ck_assert(unpack_done(&in));
    ck_assert_int_eq(unpack_result(&in), 0);
}
END_TEST

/* Exactly as large as the input, so that a sanitizer sees a byte read too many. */
static struct unpack cut(size_t len, char **out_memory)
{
    struct unpack in;

    *out_memory = malloc(len == 0 ? 1 : len);
    memcpy(*out_memory, out.data, len);
    unpack_init(&in, *out_memory, len, &arena);
    return in;
}

START_TEST(past_the_end_is_bad_and_stays_bad)
{
    size_t len = 1;

    pack_u32(&out, 4);
    strbuf_puts(&out, "text");
    for (size_t have = 0; have < out.len; have++) {
        char *memory;
        struct unpack in = cut(have, &memory);
        ck_assert_str_eq(unpack_text(&in), "");
        ck_assert(in.bad);
        ck_assert_uint_eq(unpack_u8(&in), 0);
        ck_assert_uint_eq(unpack_u64(&in), 0);
        ck_assert(unpack_real(&in) == 0);
        ck_assert_ptr_nonnull(unpack_bytes(&in, &len));
        ck_assert_uint_eq(len, 0);
        ck_assert_uint_eq(unpack_count(&in, 1, 100), 0);
        ck_assert(!unpack_done(&in));
        ck_assert_int_eq(unpack_result(&in), -EPROTO);
        free(memory);
    }
}
END_TEST

START_TEST(nothing_at_all_is_done)
{
    struct unpack in;

    unpack_init(&in, NULL, 0, &arena);
    ck_assert(unpack_done(&in));
    ck_assert_uint_eq(unpack_u8(&in), 0);
    ck_assert(!unpack_done(&in));
}
END_TEST

START_TEST(texts_hold_no_nul_and_are_utf8)
{
    const struct {
        const char *bytes;
        size_t len;
        int is_text;
        int is_path;
    } cases[] = {
        {"abc", 3, 1, 1},  {"a\0c", 3, 0, 0},         {"\0", 1, 0, 0}, {"\xff", 1, 0, 1},
        {"\xc3", 1, 0, 1}, {"\xed\xa0\x80", 3, 0, 1}, {"é", 2, 1, 1},  {"\xc0\xaf", 2, 0, 1},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        strbuf_clear(&out);
        pack_bytes(&out, cases[i].bytes, cases[i].len);
        struct unpack in = reading();
        ck_assert_uint_eq(strlen(unpack_text(&in)), cases[i].is_text ? cases[i].len : 0);
        ck_assert_int_eq(in.bad, !cases[i].is_text);
        in = reading();
        ck_assert_uint_eq(strlen(unpack_path(&in)), cases[i].is_path ? cases[i].len : 0);
        ck_assert_int_eq(in.bad, !cases[i].is_path);
    }
}
END_TEST

START_TEST(limits_of_length_hold)
{
    pack_text(&out, "12345");
    struct unpack in = reading();
    ck_assert_str_eq(unpack_text_max(&in, 5), "12345");
    in = reading();
    ck_assert_str_eq(unpack_text_max(&in, 4), "");
    ck_assert(in.bad);
}
END_TEST

START_TEST(counts_must_fit)
{
    pack_u32(&out, 3);
    strbuf_append(&out, "123456", 6);
    struct unpack in = reading();
    ck_assert_uint_eq(unpack_count(&in, 2, 3), 3);
    ck_assert(!in.bad);
    in = reading();
    ck_assert_uint_eq(unpack_count(&in, 3, 3), 0);
    ck_assert(in.bad);
    in = reading();
    ck_assert_uint_eq(unpack_count(&in, 2, 2), 0);
    ck_assert(in.bad);
    strbuf_clear(&out);
    pack_u32(&out, UINT32_MAX);
    in = reading();
    ck_assert_uint_eq(unpack_count(&in, SIZE_MAX, UINT32_MAX), 0);
    ck_assert(in.bad);
}
END_TEST

START_TEST(memory_that_ends_is_told)
{
    struct arena small;

    arena_init(&small, 64);
    pack_text(&out, "a text that has more bytes than the sixty-four that this arena may give out");
    struct unpack in;
    unpack_init(&in, out.data, out.len, &small);
    ck_assert_str_eq(unpack_text(&in), "");
    ck_assert_int_eq(unpack_result(&in), -ENOMEM);
    unpack_init(&in, out.data, out.len, &small);
    ck_assert_ptr_null(unpack_array(&in, SIZE_MAX / 8, 16));
    ck_assert_int_eq(unpack_result(&in), -ENOMEM);
    unpack_init(&in, out.data, out.len, &small);
    ck_assert_ptr_nonnull(unpack_array(&in, 0, 16));
    ck_assert(!in.bad);
    arena_release(&small);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        bytes_lie_little_endian,
        values_come_back,
        past_the_end_is_bad_and_stays_bad,
        nothing_at_all_is_done,
        texts_hold_no_nul_and_are_utf8,
        limits_of_length_hold,
        counts_must_fit,
        memory_that_ends_is_told,
    };

    return suite_run_with("wire/pack", tests, sizeof tests / sizeof tests[0], setup, teardown);
}
