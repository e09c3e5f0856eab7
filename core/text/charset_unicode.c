/* text/charset_unicode: marks and byte patterns of Unicode's own encodings.
 *
 * Called by charset.c before rivals are compared. It counts; charset.c decides.
 */
#include "text/charset_unicode.h"

#include <string.h>

#include "base/utf8.h"

#define LOOK_LEN ((size_t)16 << 10) /* enough to see how zero bytes are spread */

size_t charset_bom(const char *bytes, size_t len, enum charset_id *out_id)
{
    /* UTF-32LE before UTF-16LE, whose mark it begins with. */
    static const struct {
        char mark[4];
        size_t len;
        enum charset_id id;
    } marks[] = {
        {"\xEF\xBB\xBF", 3, CHARSET_UTF_8},    {"\xFF\xFE\0\0", 4, CHARSET_UTF_32LE},
        {"\0\0\xFE\xFF", 4, CHARSET_UTF_32BE}, {"\xFF\xFE", 2, CHARSET_UTF_16LE},
        {"\xFE\xFF", 2, CHARSET_UTF_16BE},     {"\x84\x31\x95\x33", 4, CHARSET_GB18030},
    };

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (len >= marks[i].len && memcmp(bytes, marks[i].mark, marks[i].len) == 0) {
            *out_id = marks[i].id;
            return marks[i].len;
        }
    }
    return 0;
}

bool charset_has_many_low_bytes(const char *bytes, size_t len)
{
    size_t look = len < LOOK_LEN ? len : LOOK_LEN;
    size_t low = 0;

    for (size_t i = 0; i < look; i++)
        low += (unsigned char)bytes[i] < '\t';
    return low * 100 > look;
}

static void count_bytes(const char *bytes, size_t len, size_t counts[256])
{
    memset(counts, 0, 256 * sizeof *counts);
    for (size_t i = 0; i < len; i++)
        counts[(unsigned char)bytes[i]]++;
}

bool charset_is_ebcdic(const char *bytes, size_t len)
{
    size_t look = len < LOOK_LEN ? len : LOOK_LEN;
    size_t counts[256];
    size_t low = 0;

    count_bytes(bytes, look, counts);
    for (unsigned byte = 0; byte < 0x40; byte++)
        low += counts[byte];
    /* Of the low ones, text has line ends (0D, 15, 25) and tabs (05). */
    low -= counts[0x05] + counts[0x0D] + counts[0x15] + counts[0x25];
    return low * 100 <= look && counts[0x40] * 20 > look;
}

bool charset_has_controls(const char *bytes, size_t len)
{
    size_t look = len < LOOK_LEN ? len : LOOK_LEN;
    size_t counts[256];
    size_t controls = 0;

    count_bytes(bytes, look, counts);
    for (unsigned byte = 0; byte < 0x20; byte++)
        if (byte != '\t' && byte != '\n' && byte != '\f' && byte != '\r' && byte != 0x1B)
            controls += counts[byte];
    return controls * 50 > look;
}

bool charset_is_utf32(const char *bytes, size_t len, enum charset_id *out_id)
{
    size_t units = (len < LOOK_LEN ? len : LOOK_LEN) / 4;
    size_t little = 0;
    size_t big = 0;

    /* Code points end at U+10FFFF, and those of text rarely need the third byte. */
    for (size_t i = 0; i < units; i++) {
        const unsigned char *unit = (const unsigned char *)bytes + i * 4;
        little += unit[3] == 0 && unit[2] <= 0x10 && (unit[0] | unit[1]) != 0;
        big += unit[0] == 0 && unit[1] <= 0x10 && (unit[2] | unit[3]) != 0;
    }
    *out_id = little >= big ? CHARSET_UTF_32LE : CHARSET_UTF_32BE;
    return units >= 2 && (little > big ? little : big) * 10 >= units * 9 && little != big;
}

/* Whether what is left is the beginning of a longer sequence and nothing else. */
static bool is_cut_off(const char *bytes, size_t left)
{
    unsigned char lead = (unsigned char)bytes[0];
    size_t need = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    char whole[4];
    uint32_t code_point;

    if (lead < 0xC2 || lead > 0xF4 || left >= need)
        return false;
    memcpy(whole, bytes, left);
    for (size_t i = left; i < need; i++) /* some end that fits: E0 and F0 want a high second byte */
        whole[i] = i == 1 && (lead == 0xE0 || lead == 0xF0) ? '\xBF' : '\x80';
    return utf8_decode(whole, need, &code_point) == need;
}

static uint64_t count_leads(const char *bytes, size_t len)
{
    uint64_t count = 0;

    for (size_t i = 0; i < len; i++)
        count += (unsigned char)bytes[i] >= 0xC0;
    return count;
}

void charset_utf8_quality(const char *bytes, size_t len, struct charset_utf8_quality *out_quality)
{
    size_t valid = utf8_valid_prefix(bytes, len);

    *out_quality = (struct charset_utf8_quality){.valid_len = valid};
    if (valid == len)
        return;
    out_quality->is_cut = is_cut_off(bytes + valid, len - valid);
    for (size_t at = 0; at < len; at++) {
        valid = utf8_valid_prefix(bytes + at, len - at);
        out_quality->sequences += count_leads(bytes + at, valid);
        at += valid;
        out_quality->illegal += at < len;
    }
}
