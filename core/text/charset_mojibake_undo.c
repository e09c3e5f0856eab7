/* text/charset_mojibake_undo: makes anew what was read in the wrong charset.
 *
 * Called by charset_mojibake.c, which decides whether that was right. Sequence by sequence or run
 * by run: what does not fit stays as it is, so that a text in which only quotations are broken
 * loses nothing.
 */
#include "text/charset_mojibake_undo.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "base/utf8.h"

#define RUN_LEN_MAX ((size_t)4096) /* bytes; a longer run is taken in pieces */

static void fill_bytes(const uint16_t code_points[256], uint8_t bytes[0x2200])
{
    /* Latin-1 has what the others leave empty: controls. */
    for (unsigned byte = 0x80; byte < 0xA0; byte++)
        bytes[byte] = (uint8_t)byte;
    for (unsigned byte = 1; byte < 256; byte++)
        if (code_points[byte] < 0x2200)
            bytes[code_points[byte]] = (uint8_t)byte;
}

int charset_mojibake_open(struct charset_mojibake_tables *tables,
                          const struct charset_converters *converters, struct err *err)
{
    char in_text[] = "\xE4\xB8\xAD\xEE\x85\x9E"; /* a character and one of private use */
    char bytes[16];
    char *in = in_text;
    char *out = bytes;
    size_t in_left = sizeof in_text - 1;
    size_t out_left = sizeof bytes;

    fill_bytes(converters->singles[CHARSET_WINDOWS_1252 - CHARSET_SINGLE_FIRST], tables->bytes[0]);
    fill_bytes(converters->singles[CHARSET_WINDOWS_1251 - CHARSET_SINGLE_FIRST], tables->bytes[1]);
    iconv_t descriptor = iconv_open("GB18030", "UTF-8");
    if (descriptor == (iconv_t)-1)
        return err_set(err, -errno, "no converter to GB18030: glibc's gconv module is missing");
    (void)iconv(descriptor, &in, &in_left, &out, &out_left); /* the first may load tables */
    tables->to_gb18030 = descriptor;
    return 0;
}

void charset_mojibake_close(struct charset_mojibake_tables *tables)
{
    if (tables->to_gb18030 != NULL)
        iconv_close(tables->to_gb18030);
    tables->to_gb18030 = NULL;
}

static uint8_t byte_of(const struct charset_decoder *decoder, unsigned table, const char *at,
                       size_t left, size_t *out_step)
{
    uint32_t code_point = 0;

    *out_step = utf8_decode(at, left, &code_point);
    if (*out_step == 0 || code_point < 0x80 || code_point >= 0x2200)
        return 0;
    return decoder->mojibake.bytes[table][code_point];
}

/* The sequence of UTF-8 whose bytes the characters at `at` stand for. Returns how long the text of
 * it is, 0 when there is none. */
static size_t sequence_at(const struct charset_decoder *decoder, unsigned table, const char *at,
                          size_t left, char out_sequence[4], size_t *out_sequence_len)
{
    size_t step;
    uint32_t code_point;
    uint8_t lead = byte_of(decoder, table, at, left, &step);
    size_t want = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    size_t passed = step;

    if (lead < 0xC2 || lead > 0xF4)
        return 0;
    out_sequence[0] = (char)lead;
    for (size_t i = 1; i < want; i++) {
        uint8_t byte =
            passed < left ? byte_of(decoder, table, at + passed, left - passed, &step) : 0;
        if (byte == 0)
            return 0;
        out_sequence[i] = (char)byte;
        passed += step;
    }
    *out_sequence_len = want;
    return utf8_decode(out_sequence, want, &code_point) == want ? passed : 0;
}

static void append(struct strbuf *out, const char *text, size_t len)
{
    if (out != NULL)
        strbuf_append(out, text, len);
}

static size_t ascii_len(const char *at, const char *end)
{
    const char *begin = at;

    while (at < end && ((unsigned char)*at & 0x80) == 0)
        at++;
    return (size_t)(at - begin);
}

void charset_mojibake_single(const struct charset_decoder *decoder,
                             const struct charset_undoing *undoing, const char *text, size_t len,
                             struct strbuf *out_text, struct charset_undone *undone)
{
    const char *end = text + len;
    char sequence[4];
    size_t sequence_len = 0;

    for (const char *at = text; at < end;) {
        size_t ascii = ascii_len(at, end);
        append(out_text, at, ascii);
        at += ascii;
        if (at == end)
            break;
        size_t taken =
            sequence_at(decoder, undoing->table, at, (size_t)(end - at), sequence, &sequence_len);
        if (taken > 0) {
            append(out_text, sequence, sequence_len);
            undone->mended++;
            undone->long_ones += sequence_len > 2;
        } else {
            uint32_t code_point;
            taken = utf8_decode(at, (size_t)(end - at), &code_point);
            taken += taken == 0;
            append(out_text, at, taken);
            undone->others++;
        }
        at += taken;
    }
}

/* A run of characters beyond ASCII; U+FFFD ends it. */
static size_t run_len(const char *at, const char *end)
{
    const char *begin = at;
    uint32_t code_point;

    while (at < end && ((unsigned char)*at & 0x80) != 0 && (size_t)(at - begin) < RUN_LEN_MAX) {
        size_t step = utf8_decode(at, (size_t)(end - at), &code_point);
        if (step == 0 || code_point == UTF8_REPLACEMENT)
            break;
        at += step;
    }
    return (size_t)(at - begin);
}

/* Appends a part of a run in GB18030; false when it does not all fit. */
static bool encode_part(iconv_t descriptor, const char *part, size_t len, char **out,
                        size_t *out_left)
{
    char *in = (char *)part;
    size_t in_left = len;

    iconv(descriptor, NULL, NULL, NULL, NULL);
    return len == 0 || iconv(descriptor, &in, &in_left, out, out_left) != (size_t)-1;
}

/* The run in GB18030, or 0. Code page 936 takes the byte 80, which begins nothing in GBK, for the
 * sign of the euro. */
static size_t encode_run(iconv_t descriptor, const char *run, size_t len, char *out_bytes,
                         size_t size)
{
    static const char euro[] = "€";
    const char *end = run + len;
    char *out = out_bytes;
    size_t out_left = size;

    for (;;) {
        const char *sign = memmem(run, (size_t)(end - run), euro, sizeof euro - 1);
        const char *stop = sign == NULL ? end : sign;
        if (!encode_part(descriptor, run, (size_t)(stop - run), &out, &out_left))
            return 0;
        if (sign == NULL)
            return size - out_left;
        if (out_left == 0)
            return 0;
        *out++ = '\x80';
        out_left--;
        run = sign + sizeof euro - 1;
    }
}

/* Whether bytes are UTF-8 of something that three bytes are needed for, as far as *out_valid; what
 * is behind that is the beginning of a character. */
static bool is_utf8_run(const char *bytes, size_t len, size_t *out_valid, uint64_t *out_characters)
{
    uint64_t long_ones = 0;
    uint32_t code_point;

    *out_characters = 0;
    *out_valid = utf8_valid_prefix(bytes, len);
    for (size_t at = 0; at < *out_valid;) {
        at += utf8_decode(bytes + at, *out_valid - at, &code_point);
        long_ones += code_point >= 0x800 && code_point != UTF8_REPLACEMENT;
        *out_characters += code_point >= 0x80;
    }
    size_t left = len - *out_valid;
    return long_ones > 0 && left < 4 && (left == 0 || (unsigned char)bytes[*out_valid] >= 0xC2) &&
           (left == 0 || utf8_illegal_len(bytes + *out_valid, left) == left);
}

/* What stands for the byte that was lost behind a run. */
static size_t substitute_len(const char *at, const char *end)
{
    size_t len = strlen("\uFFFD");

    if ((size_t)(end - at) >= len && memcmp(at, "\uFFFD", len) == 0)
        return len;
    return at < end && *at == '?';
}

static bool is_lost_before(const char *text, const char *at)
{
    size_t len = strlen("\uFFFD");

    return (size_t)(at - text) >= len ? memcmp(at - len, "\uFFFD", len) == 0 || at[-1] == '?'
                                      : at > text && at[-1] == '?';
}

/* Later bytes that the character before, which lost one, has left at the beginning of a run. */
static size_t remainder_len(const char *bytes, size_t len)
{
    size_t n = 0;

    while (n < len && n < 3 && ((unsigned char)bytes[n] & 0xC0) == 0x80)
        n++;
    return n;
}

/* Takes the run at `at`, mended or as it is; returns how much of the text that was. */
static size_t take_run(const struct charset_decoder *decoder, const char *text, const char *at,
                       const char *end, struct strbuf *out_text, struct charset_undone *undone)
{
    char bytes[RUN_LEN_MAX * 2 + 8];
    size_t run = run_len(at, end);
    size_t valid = 0;
    uint64_t characters = 0;
    size_t have = encode_run(decoder->mojibake.to_gb18030, at, run, bytes, sizeof bytes);
    size_t left = is_lost_before(text, at) ? remainder_len(bytes, have) : 0;

    if (have == left || !is_utf8_run(bytes + left, have - left, &valid, &characters)) {
        strbuf_append(out_text, at, run);
        for (size_t i = 0; i < run; i++)
            undone->others += (unsigned char)at[i] >= 0xC0;
        return run;
    }
    strbuf_append(out_text, bytes + left, valid);
    undone->mended += characters;
    if (left + valid == have)
        return run;
    strbuf_puts(out_text, "\uFFFD");
    undone->lost++;
    return run + substitute_len(at + run, end);
}

int charset_mojibake_gb18030(const struct charset_decoder *decoder, const char *text, size_t len,
                             struct strbuf *out_text, struct charset_undone *undone)
{
    const char *end = text + len;

    for (const char *at = text; at < end;) {
        size_t ascii = ascii_len(at, end);
        strbuf_append(out_text, at, ascii);
        at += ascii;
        if (at == end)
            break;
        if (run_len(at, end) > 0) {
            at += take_run(decoder, text, at, end, out_text, undone);
        } else { /* U+FFFD */
            size_t step = strlen("\uFFFD");
            step = step < (size_t)(end - at) ? step : (size_t)(end - at);
            strbuf_append(out_text, at, step);
            undone->others++;
            at += step;
        }
    }
    return out_text->failed ? -ENOMEM : 0;
}

bool charset_mojibake_bytes(const struct charset_decoder *decoder, const char *text, size_t len,
                            struct strbuf *out_bytes)
{
    for (size_t at = 0, step; at < len; at += step) {
        uint32_t code_point = 0;
        step = utf8_decode(text + at, len - at, &code_point);
        if (step == 0)
            return false;
        uint8_t byte = code_point < 0x2200 ? decoder->mojibake.bytes[0][code_point] : 0;
        if (byte == 0 && code_point != 0)
            return false;
        strbuf_putc(out_bytes, (char)byte);
    }
    return !out_bytes->failed;
}
