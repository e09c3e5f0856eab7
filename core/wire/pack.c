/* wire/pack: little-endian integers, doubles and counted strings, in and out of a byte buffer.
 *
 * Called by the other files of wire, for whatever crosses between supervisor and worker. It knows
 * how a value lies on the wire, not what values make sense: that is for the caller to check.
 *
 * No alignment is assumed and nothing is cast: each integer is put together from its bytes, so that
 * a sanitized build has nothing to say about any input.
 */
#include "wire/pack.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/utf8.h"

static_assert(sizeof(double) == sizeof(uint64_t), "doubles are IEEE 754 binary64");

static void pack_integer(struct strbuf *out, uint64_t value, size_t size)
{
    uint8_t bytes[sizeof value];

    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(value >> (8 * i));
    strbuf_append(out, bytes, size);
}

void pack_u8(struct strbuf *out, uint8_t value)
{
    pack_integer(out, value, 1);
}

void pack_u16(struct strbuf *out, uint16_t value)
{
    pack_integer(out, value, 2);
}

void pack_u32(struct strbuf *out, uint32_t value)
{
    pack_integer(out, value, 4);
}

void pack_u64(struct strbuf *out, uint64_t value)
{
    pack_integer(out, value, 8);
}

void pack_real(struct strbuf *out, double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    pack_u64(out, bits);
}

void pack_bytes(struct strbuf *out, const void *data, size_t len)
{
    if (len > UINT32_MAX) {
        out->failed = true;
        return;
    }
    pack_u32(out, (uint32_t)len);
    strbuf_append(out, data, len);
}

void pack_text(struct strbuf *out, const char *text)
{
    pack_bytes(out, text, text == NULL ? 0 : strlen(text));
}

void pack_digest(struct strbuf *out, const struct digest *digest)
{
    strbuf_append(out, digest->bytes, sizeof digest->bytes);
}

void unpack_init(struct unpack *in, const void *data, size_t len, struct arena *arena)
{
    *in = (struct unpack){.data = data, .len = len, .arena = arena};
}

/* The next `size` bytes, or NULL past the end. */
static const uint8_t *take(struct unpack *in, size_t size)
{
    if (in->bad || size > in->len - in->at) {
        in->bad = true;
        return NULL;
    }
    const uint8_t *bytes = in->data + in->at;
    in->at += size;
    return bytes;
}

static uint64_t unpack_integer(struct unpack *in, size_t size)
{
    const uint8_t *bytes = take(in, size);
    uint64_t value = 0;

    for (size_t i = 0; bytes != NULL && i < size; i++)
        value |= (uint64_t)bytes[i] << (8 * i);
    return value;
}

uint8_t unpack_u8(struct unpack *in)
{
    return (uint8_t)unpack_integer(in, 1);
}

uint16_t unpack_u16(struct unpack *in)
{
    return (uint16_t)unpack_integer(in, 2);
}

uint32_t unpack_u32(struct unpack *in)
{
    return (uint32_t)unpack_integer(in, 4);
}

uint64_t unpack_u64(struct unpack *in)
{
    return unpack_integer(in, 8);
}

double unpack_real(struct unpack *in)
{
    uint64_t bits = unpack_u64(in);
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

const void *unpack_bytes(struct unpack *in, size_t *out_len)
{
    uint32_t len = unpack_u32(in);
    const uint8_t *bytes = take(in, len);

    *out_len = bytes == NULL ? 0 : len;
    return bytes == NULL ? (const uint8_t *)"" : bytes;
}

static const char *unpack_string(struct unpack *in, size_t max, bool is_utf8)
{
    size_t len;
    const char *bytes = unpack_bytes(in, &len);

    if (len > max || memchr(bytes, '\0', len) != NULL || (is_utf8 && !utf8_is_valid(bytes, len)))
        in->bad = true;
    if (in->bad || len == 0)
        return "";
    const char *copy = arena_strndup(in->arena, bytes, len);
    if (copy == NULL) {
        in->bad = true;
        in->no_memory = true;
        return "";
    }
    return copy;
}

const char *unpack_text(struct unpack *in)
{
    return unpack_string(in, SIZE_MAX, true);
}

const char *unpack_text_max(struct unpack *in, size_t max)
{
    return unpack_string(in, max, true);
}

const char *unpack_path(struct unpack *in)
{
    return unpack_string(in, PATH_MAX - 1, false);
}

void unpack_digest(struct unpack *in, struct digest *out_digest)
{
    const uint8_t *bytes = take(in, sizeof out_digest->bytes);

    if (bytes == NULL)
        memset(out_digest->bytes, 0, sizeof out_digest->bytes);
    else
        memcpy(out_digest->bytes, bytes, sizeof out_digest->bytes);
}

uint32_t unpack_count(struct unpack *in, size_t least, uint32_t max)
{
    uint32_t count = unpack_u32(in);

    assert(least > 0);
    if (count > max || count > (in->len - in->at) / least)
        in->bad = true;
    return in->bad ? 0 : count;
}

bool unpack_done(const struct unpack *in)
{
    return !in->bad && in->at == in->len;
}

int unpack_result(const struct unpack *in)
{
    if (unpack_done(in))
        return 0;
    return in->no_memory ? -ENOMEM : -EPROTO;
}

void *unpack_array(struct unpack *in, size_t count, size_t size)
{
    void *array = NULL;

    if (size == 0 || count <= SIZE_MAX / size)
        array = arena_alloc(in->arena, count * size);
    if (array == NULL) {
        in->bad = true;
        in->no_memory = true;
    }
    return array;
}
