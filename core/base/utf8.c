/* base/utf8: UTF-8, checked, decoded and encoded.
 *
 * Called for every text that enters or leaves: documents, names, frames, JSON. Checking has fast
 * paths for ASCII and for runs of two-byte and three-byte characters, since most of what comes is
 * HTML and Chinese. It does not convert other charsets and does not know properties of characters.
 */
#include "base/utf8.h"

#include <string.h>

#include "base/utf8_blocks.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* What the first byte says: length (0: not a first byte) and the range of the second byte. All
 * later bytes are 80..BF. Unicode 15, table 3-7. */
struct lead {
    uint8_t len;
    uint8_t second_least;
    uint8_t second_most;
};

static struct lead lead_of(uint8_t byte)
{
    if (byte < 0x80)
        return (struct lead){1, 0, 0};
    if (byte < 0xC2) /* a later byte, or a two-byte form of ASCII */
        return (struct lead){0, 0, 0};
    if (byte < 0xE0)
        return (struct lead){2, 0x80, 0xBF};
    if (byte < 0xF0) /* E0: no overlong forms; ED: no surrogates */
        return (struct lead){3, byte == 0xE0 ? 0xA0 : 0x80, byte == 0xED ? 0x9F : 0xBF};
    if (byte < 0xF5) /* F0: no overlong forms; F4: nothing past U+10FFFF */
        return (struct lead){4, byte == 0xF0 ? 0x90 : 0x80, byte == 0xF4 ? 0x8F : 0xBF};
    return (struct lead){0, 0, 0};
}

static bool is_later_byte(uint8_t byte)
{
    return (byte & 0xC0) == 0x80;
}

/* How many bytes at text[0] begin a well-formed character of `lead`: lead.len when it is whole. */
static size_t well_formed_len(const uint8_t *text, size_t len, struct lead lead)
{
    size_t n = 1;

    if (lead.len < 2)
        return lead.len;
    if (len < 2 || text[1] < lead.second_least || text[1] > lead.second_most)
        return 1;
    for (n = 2; n < lead.len && n < len && is_later_byte(text[n]);)
        n++;
    return n;
}

static size_t character_len(const uint8_t *text, size_t len)
{
    struct lead lead = lead_of(text[0]);

    return well_formed_len(text, len, lead) == lead.len ? lead.len : 0;
}

static const uint8_t *skip_ascii(const uint8_t *text, const uint8_t *end)
{
#ifdef __SSE2__
    for (; end - text >= 16; text += 16) {
        int high_bits = _mm_movemask_epi8(_mm_loadu_si128((const __m128i *)text));
        if (high_bits != 0)
            return text + __builtin_ctz((unsigned)high_bits);
    }
#else
    for (; end - text >= 8; text += 8) {
        uint64_t word;
        memcpy(&word, text, sizeof word);
        if ((word & UINT64_C(0x8080808080808080)) != 0)
            break;
    }
#endif
    while (text < end && *text < 0x80)
        text++;
    return text;
}

static const uint8_t *skip_two_byte_characters(const uint8_t *text, const uint8_t *end)
{
    for (; end - text >= 2; text += 2) {
        unsigned two = (unsigned)text[0] << 8 | text[1];
        if ((two & 0xE0C0) != 0xC080 || two < 0xC280) /* C0 and C1: overlong */
            break;
    }
    return text;
}

static const uint8_t *skip_three_byte_characters(const uint8_t *text, const uint8_t *end)
{
    for (; end - text >= 3; text += 3) {
        unsigned three = (unsigned)text[0] << 16 | (unsigned)text[1] << 8 | text[2];
        if ((three & 0xF0C0C0) != 0xE08080)
            break;
        unsigned half_row = three & 0x0F2000; /* the top five bits of the code point */
        if (half_row == 0x000000 || half_row == 0x0D2000)
            break; /* below U+0800: overlong; from U+D800 on: a surrogate */
    }
    return text;
}

size_t utf8_valid_prefix(const char *text, size_t len)
{
    const uint8_t *begin = (const uint8_t *)text;
    const uint8_t *end = begin + len;
    const uint8_t *at = begin + utf8_valid_blocks(begin, len);

    while (at < end) {
        if (*at < 0x80) {
            at = skip_ascii(at, end);
            continue;
        }
        const uint8_t *after =
            *at < 0xE0 ? skip_two_byte_characters(at, end) : skip_three_byte_characters(at, end);
        if (after == at)
            after += character_len(at, (size_t)(end - at));
        if (after == at)
            break;
        at = after;
    }
    return (size_t)(at - begin);
}

bool utf8_is_valid(const char *text, size_t len)
{
    return utf8_valid_prefix(text, len) == len;
}

bool utf8_is_ascii(const char *text, size_t len)
{
    const uint8_t *begin = (const uint8_t *)text;

    return skip_ascii(begin, begin + len) == begin + len;
}

size_t utf8_illegal_len(const char *text, size_t len)
{
    size_t n = well_formed_len((const uint8_t *)text, len, lead_of((uint8_t)text[0]));

    return n == 0 ? 1 : n;
}

size_t utf8_decode(const char *text, size_t len, uint32_t *out_code_point)
{
    static const uint8_t first_masks[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    const uint8_t *bytes = (const uint8_t *)text;

    /* The two that nearly all text is made of, told without a table: ASCII, and three bytes whose
     * second may be any (not E0, ED). */
    if (bytes[0] < 0x80) {
        *out_code_point = bytes[0];
        return 1;
    }
    if (bytes[0] > 0xE0 && bytes[0] < 0xED && len >= 3 && is_later_byte(bytes[1]) &&
        is_later_byte(bytes[2])) {
        *out_code_point = (bytes[0] & 0x0Fu) << 12 | (bytes[1] & 0x3Fu) << 6 | (bytes[2] & 0x3Fu);
        return 3;
    }
    size_t n = character_len(bytes, len);

    if (n == 0)
        return 0;
    uint32_t code_point = bytes[0] & first_masks[n];
    for (size_t i = 1; i < n; i++)
        code_point = code_point << 6 | (bytes[i] & 0x3Fu);
    *out_code_point = code_point;
    return n;
}

static bool is_scalar_value(uint32_t code_point)
{
    return code_point <= 0x10FFFF && (code_point < 0xD800 || code_point > 0xDFFF);
}

size_t utf8_encode(uint32_t code_point, char out_text[4])
{
    static const uint8_t first_marks[] = {0, 0, 0xC0, 0xE0, 0xF0};

    if (!is_scalar_value(code_point))
        return 0;
    if (code_point < 0x80) {
        out_text[0] = (char)code_point;
        return 1;
    }
    size_t n = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--) {
        out_text[i] = (char)(0x80 | (code_point & 0x3F));
        code_point >>= 6;
    }
    out_text[0] = (char)(first_marks[n] | code_point);
    return n;
}

size_t utf8_floor(const char *text, size_t len, size_t at)
{
    if (at >= len)
        return len;
    while (at > 0 && is_later_byte((uint8_t)text[at]))
        at--;
    return at;
}
