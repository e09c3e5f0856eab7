/* wire/pack: little-endian integers, doubles and counted strings, in and out of a byte buffer.
 *
 * The reader never trusts: past the end, or a count that cannot fit, sets `bad`, and every later
 * read gives zero or "". The one who reads asks once at the end. Strings that come out are C
 * strings in the reader's arena; they hold no NUL (`bad` otherwise) and are valid UTF-8 unless
 * read as bytes.
 */
#ifndef WIRE_PACK_H
#define WIRE_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/strbuf.h"

void pack_u8(struct strbuf *out, uint8_t value);
void pack_u16(struct strbuf *out, uint16_t value);
void pack_u32(struct strbuf *out, uint32_t value);
void pack_u64(struct strbuf *out, uint64_t value);
void pack_real(struct strbuf *out, double value);
void pack_bytes(struct strbuf *out, const void *data, size_t len); /* u32 length, bytes */
void pack_text(struct strbuf *out, const char *text);              /* C string; NULL as "" */
void pack_digest(struct strbuf *out, const struct digest *digest);

struct unpack {
    const uint8_t *data;
    size_t len;
    size_t at;
    struct arena *arena;
    bool bad;
    bool no_memory; /* the arena's budget is the reason for `bad` */
};

void unpack_init(struct unpack *in, const void *data, size_t len, struct arena *arena);
uint8_t unpack_u8(struct unpack *in);
uint16_t unpack_u16(struct unpack *in);
uint32_t unpack_u32(struct unpack *in);
uint64_t unpack_u64(struct unpack *in);
double unpack_real(struct unpack *in);
const void *unpack_bytes(struct unpack *in, size_t *out_len); /* into `data`; not copied */
const char *unpack_text(struct unpack *in);
/* The same, and `bad` beyond `max` bytes. */
const char *unpack_text_max(struct unpack *in, size_t max);
/* The same for a path: any bytes but NUL, since a file's name need not be UTF-8. */
const char *unpack_path(struct unpack *in);
void unpack_digest(struct unpack *in, struct digest *out_digest);
/* A count of elements that take at least `least` bytes each; `bad` when they cannot fit or are more
 * than `max`. Returns 0 when bad. */
uint32_t unpack_count(struct unpack *in, size_t least, uint32_t max);
/* True when nothing went wrong and nothing is left. */
bool unpack_done(const struct unpack *in);
/* The same as a result: 0, -ENOMEM when the arena gave out, else -EPROTO. */
int unpack_result(const struct unpack *in);
/* `count` zeroed elements in the arena; NULL, and `bad`, when there is no memory. Never NULL
 * otherwise, also for a count of 0. */
void *unpack_array(struct unpack *in, size_t count, size_t size);

#endif
