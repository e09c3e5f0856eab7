/* kit/source: the bytes of a container as a stream.
 *
 * Plain bytes are given out where they lie. Compressed ones go through a buffer; a new member of
 * gzip data is not begun before what was unpacked is used up, so that a record that begins with a
 * member is known to, and reading can begin there again.
 */
#include "kit/source.h"

#include <string.h>

#include <zlib.h>
#include <zstd.h>

#define BUFFER_SIZE (SOURCE_LOOK_MAX + ((size_t)64 << 10))
#define RESUMES_MAX 1000 /* members that are sought behind spoilt ones */
#define GZIP_MAGIC  "\x1F\x8B\x08"
#define ZSTD_WINDOW 27 /* log2: 128 MB, what zstd itself takes without being told */

enum packing { PLAIN, GZIP, ZSTANDARD };

struct source {
    const unsigned char *raw;
    size_t raw_len;
    size_t at; /* of raw: what is unpacked next; PLAIN: what is given out next */
    enum packing packing;
    enum source_end end;
    int ended;
    int between;              /* no member has been begun since the last one ended */
    size_t member_at;         /* byte of raw at which the member in hand begins */
    uint64_t member_position; /* what had been unpacked by then */
    unsigned resumes;
    z_stream gzip;
    int has_gzip;
    ZSTD_DStream *zstd;
    unsigned char *buffer;
    size_t begin; /* of what is in the buffer and not used */
    size_t filled;
    uint64_t position;
};

static enum packing packing_of(const unsigned char *raw, size_t len)
{
    if (len >= 3 && memcmp(raw, GZIP_MAGIC, 3) == 0) {
        return GZIP;
    }
    if (len >= 4 && (memcmp(raw, "\x28\xB5\x2F\xFD", 4) == 0 ||
                     ((raw[0] & 0xF0) == 0x50 && memcmp(raw + 1, "\x2A\x4D\x18", 3) == 0))) {
        return ZSTANDARD;
    }
    return PLAIN;
}

static int prepare(struct source *source, struct taxon_task *task)
{
    if (source->packing == PLAIN) {
        return 0;
    }
    source->buffer = task->host->alloc(task, BUFFER_SIZE);
    if (source->buffer == NULL) {
        return -1;
    }
    if (source->packing == GZIP) {
        source->has_gzip = inflateInit2(&source->gzip, 16 + MAX_WBITS) == Z_OK;
        return source->has_gzip ? 0 : -1;
    }
    source->zstd = ZSTD_createDStream();
    if (source->zstd == NULL) {
        return -1;
    }
    ZSTD_DCtx_setParameter(source->zstd, ZSTD_d_windowLogMax, ZSTD_WINDOW);
    return 0;
}

struct source *source_open(struct taxon_task *task, const void *raw, size_t raw_len, size_t offset)
{
    struct source *source = task->host->alloc(task, sizeof(*source));

    if (source == NULL) {
        return NULL;
    }
    source->raw = raw;
    source->raw_len = raw_len;
    source->at = offset <= raw_len ? offset : raw_len;
    source->packing = packing_of(source->raw + source->at, raw_len - source->at);
    source->between = 1;
    if (prepare(source, task) < 0) {
        source_close(source);
        return NULL;
    }
    return source;
}

void source_close(struct source *source)
{
    if (source == NULL) {
        return;
    }
    if (source->has_gzip) {
        inflateEnd(&source->gzip);
    }
    ZSTD_freeDStream(source->zstd);
    source->has_gzip = 0;
    source->zstd = NULL;
}

static void stop(struct source *source, enum source_end end)
{
    source->ended = 1;
    source->end = end;
}

/* Zeros behind the last member are padding (tar's, and that of tapes). */
static int is_padding(const struct source *source)
{
    for (size_t i = source->at; i < source->raw_len; i++) {
        if (source->raw[i] != 0) {
            return 0;
        }
    }
    return 1;
}

/* Begins the next member, if there is one. */
static int begin_member(struct source *source)
{
    if (source->at >= source->raw_len || is_padding(source)) {
        stop(source, SOURCE_WHOLE);
        return 0;
    }
    source->member_at = source->at;
    source->member_position = source->position + (source->filled - source->begin);
    source->between = 0;
    if (source->packing == GZIP && inflateReset(&source->gzip) != Z_OK) {
        stop(source, SOURCE_NO_MEMORY);
        return 0;
    }
    return 1;
}

static size_t unpack_gzip(struct source *source, unsigned char *to, size_t room)
{
    const size_t rest = source->raw_len - source->at;
    z_stream *gzip = &source->gzip;
    int result;
    size_t made;

    gzip->next_in = (unsigned char *)(uintptr_t)(source->raw + source->at);
    gzip->avail_in = rest < UINT32_MAX ? (uInt)rest : UINT32_MAX;
    gzip->next_out = to;
    gzip->avail_out = (uInt)room;
    result = inflate(gzip, Z_NO_FLUSH);
    made = room - gzip->avail_out;
    source->at = (size_t)(gzip->next_in - source->raw);
    if (result == Z_STREAM_END) {
        source->between = 1;
    } else if (result == Z_MEM_ERROR) {
        stop(source, SOURCE_NO_MEMORY);
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
        stop(source, SOURCE_MALFORMED);
    } else if (made == 0 && source->at == source->raw_len) {
        stop(source, SOURCE_CUT);
    }
    return made;
}

static size_t unpack_zstd(struct source *source, unsigned char *to, size_t room)
{
    ZSTD_inBuffer in = {source->raw, source->raw_len, source->at};
    ZSTD_outBuffer out = {to, room, 0};
    size_t result = ZSTD_decompressStream(source->zstd, &out, &in);

    source->at = in.pos;
    if (ZSTD_isError(result)) {
        stop(source, SOURCE_MALFORMED);
    } else if (result == 0) {
        source->between = 1;
    } else if (out.pos == 0 && in.pos == in.size) {
        stop(source, SOURCE_CUT);
    }
    return out.pos;
}

/* Makes room at the buffer's end and unpacks into it until `want` bytes are there. */
static void fill(struct source *source, size_t want)
{
    if (source->begin > 0 && BUFFER_SIZE - source->begin < want + ((size_t)32 << 10)) {
        memmove(source->buffer, source->buffer + source->begin, source->filled - source->begin);
        source->filled -= source->begin;
        source->begin = 0;
    }
    while (!source->ended && source->filled - source->begin < want) {
        unsigned char *to = source->buffer + source->filled;
        size_t room = BUFFER_SIZE - source->filled;

        if (source->between && !begin_member(source)) {
            return;
        }
        source->filled +=
            source->packing == GZIP ? unpack_gzip(source, to, room) : unpack_zstd(source, to, room);
    }
}

const unsigned char *source_look(struct source *source, size_t want, size_t *out_len)
{
    if (source->packing == PLAIN) {
        *out_len = source->raw_len - source->at;
        return source->raw + source->at;
    }
    if (source->filled == source->begin) {
        source->filled = source->begin = 0;
    }
    if (source->filled - source->begin < want) {
        fill(source, want < SOURCE_LOOK_MAX ? want : SOURCE_LOOK_MAX);
    }
    *out_len = source->filled - source->begin;
    return source->buffer + source->begin;
}

void source_skip(struct source *source, size_t len)
{
    source->position += len;
    if (source->packing == PLAIN) {
        source->at += len;
    } else {
        source->begin += len;
    }
}

uint64_t source_position(const struct source *source)
{
    return source->position;
}

size_t source_offset(const struct source *source)
{
    if (source->packing == PLAIN) {
        return source->at;
    }
    if (source->between && source->begin == source->filled) {
        return source->at;
    }
    return source->position == source->member_position ? source->member_at : 0;
}

enum source_end source_end(const struct source *source)
{
    return source->end;
}

int source_resume(struct source *source)
{
    const unsigned char *from = source->raw + source->member_at + 1;
    const unsigned char *found;

    if (source->packing != GZIP || source->member_at + 1 >= source->raw_len ||
        source->resumes++ >= RESUMES_MAX) {
        return 0;
    }
    found = memmem(from, source->raw_len - source->member_at - 1, GZIP_MAGIC, 3);
    if (found == NULL) {
        return 0;
    }
    source->at = (size_t)(found - source->raw);
    source->begin = source->filled = 0;
    source->ended = 0;
    source->end = SOURCE_WHOLE;
    return begin_member(source);
}
