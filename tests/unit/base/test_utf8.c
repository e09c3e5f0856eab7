/* Tests of base/utf8 against Unicode 15, table 3-7, written out a second time here. */
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#include "suite.h"

/* One row of the table; bytes past `len` stand for nothing. */
static const struct row {
    size_t len;
    uint8_t least[4];
    uint8_t most[4];
} table[] = {
    {1, {0x00}, {0x7F}},
    {2, {0xC2, 0x80}, {0xDF, 0xBF}},
    {3, {0xE0, 0xA0, 0x80}, {0xE0, 0xBF, 0xBF}},
    {3, {0xE1, 0x80, 0x80}, {0xEC, 0xBF, 0xBF}},
    {3, {0xED, 0x80, 0x80}, {0xED, 0x9F, 0xBF}},
    {3, {0xEE, 0x80, 0x80}, {0xEF, 0xBF, 0xBF}},
    {4, {0xF0, 0x90, 0x80, 0x80}, {0xF0, 0xBF, 0xBF, 0xBF}},
    {4, {0xF1, 0x80, 0x80, 0x80}, {0xF3, 0xBF, 0xBF, 0xBF}},
    {4, {0xF4, 0x80, 0x80, 0x80}, {0xF4, 0x8F, 0xBF, 0xBF}},
};

/* How many bytes at `bytes` fit the row, counted from the first. */
static size_t row_match(const struct row *row, const uint8_t *bytes, size_t len)
{
    size_t n = 0;

    while (n < row->len && n < len && bytes[n] >= row->least[n] && bytes[n] <= row->most[n])
        n++;
    return n;
}

/* The length of the character, or 0; the maximal subpart goes to *out_subpart. */
static size_t table_len(const uint8_t *bytes, size_t len, size_t *out_subpart)
{
    *out_subpart = 1;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        size_t n = row_match(&table[i], bytes, len);
        if (n == table[i].len)
            return n;
        if (n > *out_subpart)
            *out_subpart = n;
    }
    return 0;
}

static size_t table_valid_prefix(const uint8_t *bytes, size_t len)
{
    size_t at = 0;
    size_t subpart;

    while (at < len) {
        size_t n = table_len(bytes + at, len - at, &subpart);
        if (n == 0)
            break;
        at += n;
    }
    return at;
}

static void assert_as_table(const uint8_t *bytes, size_t len)
{
    const char *text = (const char *)bytes;
    size_t subpart;
    uint32_t code_point = 0xABCDEF01;
    size_t n = table_len(bytes, len, &subpart);

    /* ck_assert itself costs too much for millions of checks. */
    bool same = utf8_decode(text, len, &code_point) == n &&
                utf8_valid_prefix(text, len) == table_valid_prefix(bytes, len);
    if (n == 0)
        same = same && code_point == 0xABCDEF01 && utf8_illegal_len(text, len) == subpart;
    if (!same)
        ck_abort_msg("%zu bytes from %02X", len, bytes[0]);
}

START_TEST(all_sequences_of_two_and_three)
{
    uint8_t bytes[3];

    for (unsigned i = 0; i < 1u << 24; i++) {
        bytes[0] = (uint8_t)(i >> 16);
        bytes[1] = (uint8_t)(i >> 8);
        bytes[2] = (uint8_t)i;
        assert_as_table(bytes, 3);
        if (bytes[2] == 0)
            assert_as_table(bytes, 2);
    }
}
END_TEST

START_TEST(every_boundary_of_four)
{
    static const uint8_t edges[] = {0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0,
                                    0xC1, 0xC2, 0xDF, 0xE0, 0xEC, 0xED, 0xEE, 0xEF, 0xF0,
                                    0xF1, 0xF3, 0xF4, 0xF5, 0xF8, 0xFE, 0xFF};
    const size_t count = sizeof edges;

    for (size_t i = 0; i < count * count * count * count; i++) {
        const uint8_t bytes[4] = {
            edges[i / count / count / count],
            edges[i / count / count % count],
            edges[i / count % count],
            edges[i % count],
        };
        for (size_t len = 1; len <= 4; len++)
            assert_as_table(bytes, len);
    }
}
END_TEST

/* The same where blocks of 64 bytes meet, in text that is valid otherwise. */
START_TEST(every_boundary_between_blocks)
{
    static const uint8_t edges[] = {0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC1, 0xC2,
                                    0xE0, 0xE1, 0xED, 0xEE, 0xF0, 0xF1, 0xF4, 0xF5, 0xFF};
    const size_t count = sizeof edges;
    uint8_t text[140];

    for (size_t i = 0; i < count * count * count * count; i++) {
        size_t at = 60 + i % 5;
        memset(text, i % 2 == 0 ? 'a' : 0x80, sizeof text);
        for (size_t k = 0; i % 2 == 1 && k + 1 < sizeof text; k += 2)
            text[k + at % 2] = 0xC2;
        text[0] = 'a';
        text[at] = edges[i / count / count / count];
        text[at + 1] = edges[i / count / count % count];
        text[at + 2] = edges[i / count % count];
        text[at + 3] = edges[i % count];
        if (utf8_valid_prefix((const char *)text, sizeof text) !=
            table_valid_prefix(text, sizeof text))
            ck_abort_msg("%02X %02X %02X %02X at %zu", text[at], text[at + 1], text[at + 2],
                         text[at + 3], at);
    }
}
END_TEST

START_TEST(ascii)
{
    char text[50];

    memset(text, 'a', sizeof text);
    for (size_t len = 0; len <= sizeof text; len++)
        for (size_t at = 0; at < sizeof text; at++) {
            text[at] = '\x80';
            ck_assert_int_eq(utf8_is_ascii(text, len), at >= len);
            text[at] = '\x7F';
            ck_assert(utf8_is_ascii(text, len));
        }
}
END_TEST

START_TEST(every_code_point_round_trips)
{
    for (uint32_t code_point = 0; code_point <= 0x110010; code_point++) {
        char text[4] = {0};
        uint32_t decoded = 0;
        bool scalar = code_point <= 0x10FFFF && (code_point < 0xD800 || code_point > 0xDFFF);
        size_t n = utf8_encode(code_point, text);

        if ((n > 0) != scalar)
            ck_abort_msg("encode U+%04X", code_point);
        if (scalar && (utf8_decode(text, n, &decoded) != n || decoded != code_point))
            ck_abort_msg("decode U+%04X", code_point);
    }
    char text[4];
    ck_assert_uint_eq(utf8_encode(UINT32_MAX, text), 0);
}
END_TEST

/* Valid text with mistakes in it, at every alignment, in memory of exactly its size. */
START_TEST(long_random_texts)
{
    static const uint32_t samples[] = {'a',    'z',    0xE9,   0x7FF,   0x4E2D,  0x6587,
                                       0xFFFD, 0xD7FF, 0xE000, 0x1F600, 0x10FFFF};
    uint64_t random = 5;

    for (int i = 0; i < 30000; i++) {
        char text[300];
        size_t len = 0;
        uint64_t runs = suite_random(&random) % 8 + 1;

        for (; runs > 0; runs--) {
            uint32_t sample = samples[suite_random(&random) % (sizeof samples / sizeof *samples)];
            for (uint64_t count = suite_random(&random) % 20; count > 0 && len < 290; count--)
                len += utf8_encode(sample, text + len);
        }
        if (len > 0 && i % 3 > 0)
            text[suite_random(&random) % len] = (char)suite_random(&random);
        if (len > 0 && i % 3 > 1)
            len -= suite_random(&random) % len % 4;
        uint8_t *exact = malloc(len > 0 ? len : 1);
        memcpy(exact, text, len);
        size_t valid = table_valid_prefix(exact, len);
        ck_assert_uint_eq(utf8_valid_prefix((char *)exact, len), valid);
        ck_assert_int_eq(utf8_is_valid((char *)exact, len), valid == len);
        free(exact);
    }
}
END_TEST

START_TEST(floor_finds_the_beginning)
{
    const char *text = "a中é😀";
    const size_t len = strlen(text);
    static const size_t floors[] = {0, 1, 1, 1, 4, 4, 6, 6, 6, 6, 10, 10};

    for (size_t at = 0; at < sizeof floors / sizeof floors[0]; at++)
        ck_assert_uint_eq(utf8_floor(text, len, at), floors[at]);
    ck_assert_uint_eq(utf8_floor("", 0, 0), 0);
    ck_assert_uint_eq(utf8_floor("", 0, 9), 0);
    ck_assert_uint_eq(utf8_floor("\x80\x80", 2, 1), 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        all_sequences_of_two_and_three,
        every_boundary_of_four,
        every_boundary_between_blocks,
        every_code_point_round_trips,
        long_random_texts,
        floor_finds_the_beginning,
        ascii,
    };

    return SUITE_RUN("base/utf8", tests);
}
