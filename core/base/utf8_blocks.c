/* base/utf8_blocks: checks UTF-8 64 bytes at a time.
 *
 * Called by utf8_valid_prefix, which goes on byte by byte where this gives up: at the first block
 * with something wrong in it, and in the last bytes. A bit for each byte says whether it is a later
 * byte, a first byte of three and so on (SSE2 comparisons); shifted by one to three places, the
 * first bytes say where later ones must stand. The rules for second bytes are those of Unicode 15,
 * table 3-7.
 */
#include "base/utf8_blocks.h"

#ifdef __SSE2__

#include <emmintrin.h>
#include <stdbool.h>

#define BLOCK 64

/* A bit for each byte of a block. */
struct bits {
    uint64_t high;     /* 80 to FF */
    uint64_t later;    /* 80 to BF */
    uint64_t below_a0; /* 80 to 9F */
    uint64_t three;    /* E0 to FF */
    uint64_t four;     /* F0 to FF */
    uint64_t never;    /* C0, C1 */
    uint64_t e0;
    uint64_t ed;
};

/* Later bytes that the block before still wants, as bits of this one; and its last byte. */
struct carry {
    uint64_t wanted;
    uint64_t after_e0;
    uint64_t after_ed;
};

static uint64_t mask_of(__m128i bytes, unsigned quarter)
{
    return (uint64_t)(uint32_t)_mm_movemask_epi8(bytes) << (16 * quarter);
}

/* Signed comparisons: 80 is the least, FF is -1. */
static void add_quarter(struct bits *bits, const uint8_t *text, unsigned quarter)
{
    __m128i x = _mm_loadu_si128((const __m128i *)text);
    __m128i zero = _mm_setzero_si128();
    __m128i high = _mm_cmplt_epi8(x, zero);

    bits->later |= mask_of(_mm_cmplt_epi8(x, _mm_set1_epi8((char)0xC0)), quarter);
    bits->below_a0 |= mask_of(_mm_cmplt_epi8(x, _mm_set1_epi8((char)0xA0)), quarter);
    bits->three |=
        mask_of(_mm_and_si128(high, _mm_cmpgt_epi8(x, _mm_set1_epi8((char)0xDF))), quarter);
    bits->four |=
        mask_of(_mm_and_si128(high, _mm_cmpgt_epi8(x, _mm_set1_epi8((char)0xEF))), quarter);
    bits->never |= mask_of(_mm_cmpeq_epi8(_mm_and_si128(x, _mm_set1_epi8((char)0xFE)),
                                          _mm_set1_epi8((char)0xC0)),
                           quarter);
    bits->e0 |= mask_of(_mm_cmpeq_epi8(x, _mm_set1_epi8((char)0xE0)), quarter);
    bits->ed |= mask_of(_mm_cmpeq_epi8(x, _mm_set1_epi8((char)0xED)), quarter);
}

static uint64_t high_bits(const uint8_t *text)
{
    uint64_t high = 0;

    for (unsigned quarter = 0; quarter < 4; quarter++)
        high |= mask_of(_mm_loadu_si128((const __m128i *)(text + 16 * quarter)), quarter);
    return high;
}

/* Four bytes are rare: their first and second bytes are looked at one by one. */
static bool fours_are_valid(const uint8_t *text, uint64_t four)
{
    for (; four != 0; four &= four - 1) {
        const uint8_t *at = text + __builtin_ctzll(four);
        if (at[0] > 0xF4 || (at[0] == 0xF0 && at[1] < 0x90) || (at[0] == 0xF4 && at[1] > 0x8F))
            return false;
    }
    return true;
}

static bool block_is_valid(const uint8_t *text, uint64_t high, struct carry *carry)
{
    struct bits bits = {.high = high};

    for (unsigned quarter = 0; quarter < 4; quarter++)
        add_quarter(&bits, text + 16 * quarter, quarter);
    uint64_t first = bits.high & ~bits.later;
    uint64_t wanted = first << 1 | bits.three << 2 | bits.four << 3 | carry->wanted;
    uint64_t after_e0 = bits.e0 << 1 | carry->after_e0;
    uint64_t after_ed = bits.ed << 1 | carry->after_ed;

    carry->wanted = first >> 63 | bits.three >> 62 | bits.four >> 61;
    carry->after_e0 = bits.e0 >> 63;
    carry->after_ed = bits.ed >> 63;
    return ((wanted ^ bits.later) | bits.never | (after_e0 & bits.below_a0) |
            (after_ed & bits.later & ~bits.below_a0)) == 0 &&
           fours_are_valid(text, bits.four);
}

/* The border at or before `at`, where what is before is valid but for a cut at its end. */
static size_t border(const uint8_t *text, size_t at)
{
    size_t begin = at;

    while (begin > 0 && at - begin < 3 && (text[begin - 1] & 0xC0) == 0x80)
        begin--;
    if (begin == 0 || text[begin - 1] < 0xC0)
        return at;
    size_t want = text[begin - 1] >= 0xF0 ? 4 : text[begin - 1] >= 0xE0 ? 3 : 2;
    return at - (begin - 1) < want ? begin - 1 : at;
}

size_t utf8_valid_blocks(const uint8_t *text, size_t len)
{
    struct carry carry = {0, 0, 0};
    size_t at = 0;

    /* A byte more than the block: fours_are_valid looks behind a first byte that ends it. */
    for (; len - at > BLOCK; at += BLOCK) {
        uint64_t high = high_bits(text + at);
        if ((high | carry.wanted) == 0)
            continue;
        if (!block_is_valid(text + at, high, &carry))
            break;
    }
    return border(text, at);
}

#else

size_t utf8_valid_blocks(const uint8_t *text, size_t len)
{
    (void)text;
    (void)len;
    return 0;
}

#endif
