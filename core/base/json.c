/* base/json: writes JSON.
 *
 * Called for records, sidecars, answers of the control socket and JSON lines. Text is copied in
 * runs; only what must be escaped is looked at twice. Nothing here depends on the locale. It does
 * not read JSON, does not check that keys are unique, and does not check what json_raw is given.
 */
#include "base/json.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define REAL_DIGITS 6
#define INT_SIZE    20 /* "-9223372036854775808" */

void json_init(struct json *json, struct strbuf *out, unsigned indent)
{
    *json = (struct json){.out = out, .indent = indent};
}

/* RFC 8259, section 7; DEL as well, so that the file can be shown on a terminal. */
static bool is_plain(uint8_t byte)
{
    return byte >= 0x20 && byte != '"' && byte != '\\' && byte != 0x7F;
}

static void put_escape(struct strbuf *out, uint8_t byte)
{
    static const char letters[] = {
        ['"'] = '"',  ['\\'] = '\\', ['\b'] = 'b', ['\f'] = 'f',
        ['\n'] = 'n', ['\r'] = 'r',  ['\t'] = 't',
    };
    static const char digits[] = "0123456789abcdef";

    if (byte < sizeof letters && letters[byte] != 0) {
        const char escape[] = {'\\', letters[byte]};
        strbuf_append(out, escape, sizeof escape);
    } else {
        const char escape[] = {'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 0x0F]};
        strbuf_append(out, escape, sizeof escape);
    }
}

/* How many bytes at text[0] can be copied as they are. */
static size_t plain_len(const char *text, size_t len)
{
    size_t n = 0;

#ifdef __SSE2__
    for (; len - n >= 16; n += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(text + n));
        __m128i special = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
        special = _mm_or_si128(special, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')));
        special = _mm_or_si128(special, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
        special = _mm_or_si128(special, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7F)));
        int found = _mm_movemask_epi8(special);
        if (found != 0)
            return n + (size_t)__builtin_ctz((unsigned)found);
    }
#endif
    while (n < len && is_plain((uint8_t)text[n]))
        n++;
    return n;
}

static void put_valid(struct strbuf *out, const char *text, size_t len)
{
    while (len > 0) {
        size_t plain = plain_len(text, len);
        strbuf_append(out, text, plain);
        if (plain == len)
            break;
        put_escape(out, (uint8_t)text[plain]);
        text += plain + 1;
        len -= plain + 1;
    }
}

static void put_string(struct strbuf *out, const char *text, size_t len)
{
    strbuf_reserve(out, len + 2); /* that failed is kept there */
    strbuf_putc(out, '"');
    for (;;) {
        size_t valid = utf8_valid_prefix(text, len);
        put_valid(out, text, valid);
        text += valid;
        len -= valid;
        if (len == 0)
            break;
        size_t illegal = utf8_illegal_len(text, len);
        strbuf_puts(out, "\xEF\xBF\xBD"); /* U+FFFD */
        text += illegal;
        len -= illegal;
    }
    strbuf_putc(out, '"');
}

static void put_line_start(struct json *json)
{
    if (json->indent == 0)
        return;
    size_t spaces = (size_t)json->indent * json->depth;
    char *to = strbuf_reserve(json->out, spaces + 1);
    if (to == NULL)
        return;
    to[0] = '\n';
    memset(to + 1, ' ', spaces);
    strbuf_added(json->out, spaces + 1);
}

/* Letters, digits and what nearly every key is made of besides: nothing to check or to escape. */
static bool is_simple(const char *text, size_t len)
{
    static const bool simple[256] = {['0' ... '9'] = true, ['A' ... 'Z'] = true,
                                     ['a' ... 'z'] = true, ['_'] = true,
                                     ['-'] = true,         [' '] = true};
    bool all = true;

    for (size_t i = 0; i < len; i++)
        all &= simple[(uint8_t)text[i]];
    return all;
}

static void put_key(struct json *json, const char *key)
{
    size_t len = strlen(key);
    size_t behind = json->indent > 0 ? 2 : 1;

    if (!is_simple(key, len)) {
        put_string(json->out, key, len);
        strbuf_append(json->out, ": ", behind);
        return;
    }
    char *to = strbuf_reserve(json->out, len + 4);
    if (to == NULL)
        return;
    to[0] = '"';
    memcpy(to + 1, key, len);
    memcpy(to + 1 + len, "\": ", 3);
    strbuf_added(json->out, len + 2 + behind);
}

static void item_begin(struct json *json, const char *key)
{
    if (json->depth > 0) {
        bool *has_item = &json->has_item[json->depth - 1];
        if (*has_item)
            strbuf_putc(json->out, ',');
        *has_item = true;
        put_line_start(json);
    }
    if (key != NULL) {
        assert(json->depth > 0);
        put_key(json, key);
    }
}

static void container_begin(struct json *json, const char *key, char bracket)
{
    assert(json->depth < JSON_DEPTH_MAX);
    item_begin(json, key);
    strbuf_putc(json->out, bracket);
    json->has_item[json->depth++] = false;
}

static void container_end(struct json *json, char bracket)
{
    assert(json->depth > 0);
    if (json->has_item[--json->depth])
        put_line_start(json);
    strbuf_putc(json->out, bracket);
}

void json_object_begin(struct json *json, const char *key)
{
    container_begin(json, key, '{');
}

void json_object_end(struct json *json)
{
    container_end(json, '}');
}

void json_array_begin(struct json *json, const char *key)
{
    container_begin(json, key, '[');
}

void json_array_end(struct json *json)
{
    container_end(json, ']');
}

void json_put_string(struct json *json, const char *key, const char *text, size_t len)
{
    item_begin(json, key);
    put_string(json->out, text, len);
}

void json_put_text(struct json *json, const char *key, const char *text)
{
    if (text == NULL)
        json_put_null(json, key);
    else
        json_put_string(json, key, text, strlen(text));
}

static void put_int(struct strbuf *out, int64_t value)
{
    char text[INT_SIZE];
    size_t at = sizeof text;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    do
        text[--at] = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (value < 0)
        text[--at] = '-';
    strbuf_append(out, text + at, sizeof text - at);
}

void json_put_int(struct json *json, const char *key, int64_t value)
{
    item_begin(json, key);
    put_int(json->out, value);
}

/* A finite number other than 0 as 0.d₁d₂…d₆ × 10^point, without trailing zeros. */
struct decimal {
    char digits[REAL_DIGITS];
    int count;
    int point;
};

static struct decimal print_decimal(double magnitude)
{
    struct decimal decimal = {.count = 1};
    char text[64];

    /* "d.ddddde-XX": the point is the locale's and may be several bytes, so count from the e. */
    snprintf(text, sizeof text, "%.*e", REAL_DIGITS - 1, magnitude);
    const char *exponent = strchr(text, 'e');
    assert(exponent != NULL);
    decimal.digits[0] = text[0];
    memcpy(decimal.digits + 1, exponent - (REAL_DIGITS - 1), REAL_DIGITS - 1);
    decimal.point = (int)strtol(exponent + 1, NULL, 10) + 1;
    for (int i = 1; i < REAL_DIGITS; i++)
        if (decimal.digits[i] != '0')
            decimal.count = i + 1;
    return decimal;
}

/* The same for nearly all numbers that there are, without a general conversion. A number below 10^6
 * times or by a power of ten that a double holds exactly is off by half a unit in its last place at
 * most, so it rounds to the same six digits as the exact one unless it lies next to a half. */
static bool round_decimal(double magnitude, struct decimal *out_decimal)
{
    static const double powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11};
    int point = 0; /* magnitude < 10^point */

    if (magnitude >= 1e6 || magnitude < 1e-5)
        return false;
    while (magnitude >= powers[point])
        point++;
    while (point <= 0 && point > -4 && magnitude * powers[1 - point] < 1 - 1e-9)
        point--;
    double scaled = magnitude * powers[REAL_DIGITS - point];
    uint32_t whole = (uint32_t)scaled;
    double rest = scaled - whole;
    if (whole < 100000 || whole >= 999999 || (rest > 0.5 - 1e-6 && rest < 0.5 + 1e-6))
        return false;
    uint32_t digits = whole + (rest > 0.5);
    *out_decimal = (struct decimal){.count = 1, .point = point};
    for (int i = REAL_DIGITS - 1; i >= 0; i--) {
        out_decimal->digits[i] = (char)('0' + digits % 10);
        if (digits % 10 != 0 && i >= out_decimal->count)
            out_decimal->count = i + 1;
        digits /= 10;
    }
    return true;
}

static struct decimal decimal_of(double magnitude)
{
    struct decimal decimal;

    return round_decimal(magnitude, &decimal) ? decimal : print_decimal(magnitude);
}

static void put_digits(struct strbuf *out, const struct decimal *decimal, int from, int to)
{
    for (int i = from; i < to; i++)
        strbuf_putc(out, i >= 0 && i < decimal->count ? decimal->digits[i] : '0');
}

/* The first `whole` digits before the point, the rest after it. */
static void put_fixed(struct strbuf *out, const struct decimal *decimal, int whole)
{
    if (whole > 0)
        put_digits(out, decimal, 0, whole);
    else
        strbuf_putc(out, '0');
    if (decimal->count > whole) {
        strbuf_putc(out, '.');
        put_digits(out, decimal, whole, decimal->count);
    }
}

static void put_real(struct strbuf *out, double value)
{
    if (value == 0) { /* either sign */
        strbuf_putc(out, '0');
        return;
    }
    struct decimal decimal = decimal_of(fabs(value));
    if (value < 0)
        strbuf_putc(out, '-');
    if (decimal.point > -4 && decimal.point <= REAL_DIGITS) { /* as %g decides */
        put_fixed(out, &decimal, decimal.point);
    } else {
        put_fixed(out, &decimal, 1);
        strbuf_putc(out, 'e');
        put_int(out, decimal.point - 1);
    }
}

void json_put_real(struct json *json, const char *key, double value)
{
    if (!isfinite(value)) {
        json_put_null(json, key);
        return;
    }
    item_begin(json, key);
    put_real(json->out, value);
}

void json_put_bool(struct json *json, const char *key, bool value)
{
    item_begin(json, key);
    strbuf_puts(json->out, value ? "true" : "false");
}

void json_put_null(struct json *json, const char *key)
{
    item_begin(json, key);
    strbuf_puts(json->out, "null");
}

void json_put_raw(struct json *json, const char *key, const char *text, size_t len)
{
    item_begin(json, key);
    strbuf_append(json->out, text, len);
}
