/* text/charset_escape: charsets that are all ASCII bytes and switch by escapes.
 *
 * Called by charset.c for bytes without any beyond ASCII. ISO-2022 (RFC 1468, 1557, 1922) begins
 * its other sets by ESC and two or three known characters; HZ (RFC 1843) by "~{"; UTF-7 (RFC 2152)
 * by '+'. The last two are ordinary characters of ASCII, so what stands between the switches has to
 * be what the charset can hold. glibc has no HZ: its pairs are those of GB 2312 without the high
 * bits, so they are given them.
 */
#include "text/charset_escape.h"

#include <string.h>

#define PROOF_LEAST 2 /* runs, where nothing was declared */

static bool follows(const char *at, size_t left, const char *mark)
{
    size_t len = strlen(mark);

    return left >= len && memcmp(at, mark, len) == 0;
}

static enum charset_id iso_2022(const char *bytes, size_t len)
{
    static const struct {
        const char *mark;
        enum charset_id id;
    } marks[] = {
        {"\x1B$)C", CHARSET_ISO_2022_KR}, {"\x1B$)A", CHARSET_ISO_2022_CN},
        {"\x1B$)G", CHARSET_ISO_2022_CN}, {"\x1B$*H", CHARSET_ISO_2022_CN},
        {"\x1B$)E", CHARSET_ISO_2022_CN}, {"\x1B$@", CHARSET_ISO_2022_JP},
        {"\x1B$B", CHARSET_ISO_2022_JP},  {"\x1B$(D", CHARSET_ISO_2022_JP},
        {"\x1B$(O", CHARSET_ISO_2022_JP}, {"\x1B$(Q", CHARSET_ISO_2022_JP},
        {"\x1B(J", CHARSET_ISO_2022_JP},  {"\x1B(I", CHARSET_ISO_2022_JP},
    };
    const char *end = bytes + len;

    for (const char *at = bytes; (at = memchr(at, 0x1B, (size_t)(end - at))) != NULL; at++)
        for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
            if (follows(at, (size_t)(end - at), marks[i].mark))
                return marks[i].id;
    return CHARSET_COUNT;
}

static bool is_gb_pair(const char *at)
{
    return at[0] >= 0x21 && at[0] <= 0x77 && at[1] >= 0x21 && at[1] <= 0x7E;
}

/* Bytes of pairs that stand from `at` on. */
static size_t hz_pairs_len(const char *at, size_t left)
{
    size_t len = 0;

    while (left - len >= 2 && at[len] != '~' && is_gb_pair(at + len))
        len += 2;
    return len;
}

/* Runs of pairs between "~{" and "~}"; -1 when one is broken. */
static int hz_runs(const char *bytes, size_t len)
{
    const char *end = bytes + len;
    int runs = 0;

    for (const char *at = bytes; (at = memchr(at, '~', (size_t)(end - at))) != NULL;) {
        at++;
        if (at == end || *at++ != '{')
            continue;
        size_t pairs = hz_pairs_len(at, (size_t)(end - at));
        at += pairs;
        bool is_closed = follows(at, (size_t)(end - at), "~}") || at == end || *at == '\n';
        if (pairs == 0 || !is_closed)
            return -1;
        runs++;
    }
    return runs;
}

void charset_escape_hz(const char *bytes, size_t len, struct strbuf *out_gb)
{
    bool in_pairs = false;

    for (size_t i = 0; i < len; i++) {
        size_t left = len - i;
        if (follows(bytes + i, left, in_pairs ? "~}" : "~{")) {
            in_pairs = !in_pairs;
            i++;
        } else if (!in_pairs && follows(bytes + i, left, "~~")) {
            strbuf_putc(out_gb, bytes[i++]);
        } else if (follows(bytes + i, left, "~\n")) {
            i++; /* a line that goes on */
        } else if (in_pairs && left >= 2 && is_gb_pair(bytes + i)) {
            strbuf_putc(out_gb, (char)(bytes[i] | 0x80));
            strbuf_putc(out_gb, (char)(bytes[++i] | 0x80));
        } else {
            in_pairs = in_pairs && bytes[i] != '\n';
            strbuf_putc(out_gb, bytes[i]);
        }
    }
}

static int base64_value(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *found = c == '\0' ? NULL : strchr(digits, c);

    return found == NULL ? -1 : (int)(found - digits);
}

/* Whether the base64 run at `at` is whole UTF-16 of characters that ASCII lacks; its length. */
static bool is_utf7_run(const char *at, size_t left, size_t *out_len)
{
    uint32_t bits = 0;
    unsigned bit_count = 0;
    unsigned units = 0;
    bool is_beyond = true;
    size_t len = 0;

    for (int value; len < left && (value = base64_value(at[len])) >= 0; len++) {
        bits = bits << 6 | (uint32_t)value;
        bit_count += 6;
        if (bit_count < 16)
            continue;
        bit_count -= 16;
        is_beyond = is_beyond && (bits >> bit_count & 0xFFFF) >= 0xA0;
        bits &= (1u << bit_count) - 1;
        units++;
    }
    *out_len = len;
    return units > 0 && is_beyond && bit_count < 6 && bits == 0;
}

/* Runs of UTF-7, or -1 when a '+' begins none. */
static int utf7_runs(const char *bytes, size_t len)
{
    const char *end = bytes + len;
    int runs = 0;

    for (const char *at = bytes; (at = memchr(at, '+', (size_t)(end - at))) != NULL;) {
        size_t run = 0;
        at++;
        if (at < end && *at == '-') /* a plus sign */
            continue;
        if (!is_utf7_run(at, (size_t)(end - at), &run))
            return -1;
        runs++;
        at += run;
    }
    return runs;
}

enum charset_id charset_escape(const char *bytes, size_t len, enum charset_id declared)
{
    enum charset_id id = iso_2022(bytes, len);

    if (id != CHARSET_COUNT)
        return id;
    if (hz_runs(bytes, len) >= (declared == CHARSET_HZ ? 1 : PROOF_LEAST))
        return CHARSET_HZ;
    if (utf7_runs(bytes, len) >= (declared == CHARSET_UTF_7 ? 1 : PROOF_LEAST))
        return CHARSET_UTF_7;
    return CHARSET_COUNT;
}
