/* mail/decode: a part's bytes out of their transfer encoding.
 *
 * Called by mail.c once for each part that is a member. A buffer of fixed size is between the
 * decoder and the host.
 */
#include "decode.h"

#include <stdint.h>
#include <string.h>

static void flush(struct decode *out)
{
    if (out->len > 0 && !out->refused) {
        out->refused = out->task->host->member_write(out->task, out->data, out->len) < 0;
    }
    out->len = 0;
}

static void put(struct decode *out, char c)
{
    if (out->len == DECODE_OUT_SIZE) {
        flush(out);
    }
    out->data[out->len++] = c;
}

static int sextet(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }
    return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

static void undo_base64(struct decode *out, const char *data, size_t len)
{
    uint32_t bits = 0;
    int count = 0;

    for (size_t i = 0; i < len && !out->refused && data[i] != '='; i++) {
        int value = sextet(data[i]);

        if (value < 0) {
            continue;
        }
        bits = bits << 6 | (uint32_t)value;
        count += 6;
        if (count >= 8) {
            count -= 8;
            put(out, (char)(bits >> count & 0xFF));
        }
    }
}

static int hex(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Bytes of a soft line break behind '=': white space up to the end of its line, or 0. */
static size_t soft_break(const char *data, size_t len)
{
    size_t at = 0;

    while (at < len && at < 80 && (data[at] == ' ' || data[at] == '\t' || data[at] == '\r')) {
        at++;
    }
    return at < len && data[at] == '\n' ? at + 1 : 0;
}

static void undo_quoted(struct decode *out, const char *data, size_t len)
{
    for (size_t i = 0; i < len && !out->refused; i++) {
        size_t skip = data[i] == '=' ? soft_break(data + i + 1, len - i - 1) : 0;

        if (skip > 0) {
            i += skip;
        } else if (data[i] == '=' && len - i > 2 && hex(data[i + 1]) >= 0 &&
                   hex(data[i + 2]) >= 0) {
            put(out, (char)(hex(data[i + 1]) * 16 + hex(data[i + 2])));
            i += 2;
        } else {
            put(out, data[i]);
        }
    }
}

int decode_write(struct decode *out, const char *data, size_t len, enum transfer_encoding encoding)
{
    out->len = 0;
    out->refused = 0;
    if (encoding == TRANSFER_BASE64) {
        undo_base64(out, data, len);
    } else if (encoding == TRANSFER_QUOTED) {
        undo_quoted(out, data, len);
    } else {
        out->refused = len > 0 && out->task->host->member_write(out->task, data, len) < 0;
    }
    flush(out);
    return out->refused ? -1 : 0;
}
