/* kit/content: a member's bytes as they were sent over HTTP, on their way to the host.
 *
 * A state for the chunks, then a decoder, then member_write. Both are decided on by the first bytes
 * as much as by what was declared.
 */
#include "kit/content.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include <zlib.h>
#include <zstd.h>

#define OUT_SIZE       ((size_t)64 << 10)
#define CHUNK_LINE_MAX 256u
#define FIRST_BYTES    4u

enum chunk_state { CHUNK_NONE, CHUNK_SIZE, CHUNK_DATA, CHUNK_DATA_END, CHUNK_TRAILER };

struct content {
    struct taxon_task *task;
    enum chunk_state state;
    int chunks; /* seen */
    uint64_t chunk_left;
    unsigned char line[CHUNK_LINE_MAX];
    size_t line_len;
    enum content_coding coding;
    unsigned char first[FIRST_BYTES]; /* of the coded bytes, until the coding is believed */
    size_t first_len;
    int decided;
    int ended; /* the coding's own end was reached */
    int spoilt;
    int refused;
    z_stream zlib;
    int has_zlib;
    ZSTD_DStream *zstd;
    unsigned char out[OUT_SIZE];
};

struct content *content_new(struct taxon_task *task)
{
    struct content *content = task->host->alloc(task, sizeof(*content));

    if (content != NULL) {
        content->task = task;
    }
    return content;
}

static void end_decoder(struct content *content)
{
    if (content->has_zlib) {
        inflateEnd(&content->zlib);
    }
    content->has_zlib = 0;
    ZSTD_freeDStream(content->zstd);
    content->zstd = NULL;
}

void content_free(struct content *content)
{
    if (content != NULL) {
        end_decoder(content);
    }
}

void content_begin(struct content *content, int is_chunked, enum content_coding coding)
{
    end_decoder(content);
    content->state = is_chunked ? CHUNK_SIZE : CHUNK_NONE;
    content->chunks = 0;
    content->chunk_left = 0;
    content->line_len = content->first_len = 0;
    content->coding = coding;
    content->decided = coding == CONTENT_PLAIN;
    content->ended = content->spoilt = content->refused = 0;
}

static int give(struct content *content, const void *data, size_t len)
{
    struct taxon_task *task = content->task;

    if (!content->refused && len > 0 && task->host->member_write(task, data, len) < 0) {
        content->refused = 1;
    }
    return content->refused ? -1 : 0;
}

static int undo_zlib(struct content *content, const unsigned char *data, size_t len)
{
    z_stream *zlib = &content->zlib;

    zlib->next_in = (unsigned char *)(uintptr_t)data;
    zlib->avail_in = (uInt)len;
    do {
        int result;

        zlib->next_out = content->out;
        zlib->avail_out = OUT_SIZE;
        result = inflate(zlib, Z_NO_FLUSH);
        if (give(content, content->out, OUT_SIZE - zlib->avail_out) < 0) {
            return -1;
        }
        if (result == Z_STREAM_END) {
            content->ended = 1;
            return 0;
        }
        if (result != Z_OK && result != Z_BUF_ERROR) {
            content->spoilt = 1;
            return 0;
        }
        if (content->task->host->should_stop(content->task)) {
            content->refused = 1;
            return -1;
        }
    } while (zlib->avail_in > 0 || zlib->avail_out == 0);
    return 0;
}

static int undo_zstd(struct content *content, const unsigned char *data, size_t len)
{
    ZSTD_inBuffer in = {data, len, 0};
    int is_full;

    do {
        ZSTD_outBuffer out = {content->out, OUT_SIZE, 0};
        size_t result = ZSTD_decompressStream(content->zstd, &out, &in);

        if (ZSTD_isError(result)) {
            content->spoilt = 1;
            return 0;
        }
        if (give(content, content->out, out.pos) < 0) {
            return -1;
        }
        content->ended = result == 0;
        is_full = out.pos == OUT_SIZE;
    } while (in.pos < in.size || is_full);
    return 0;
}

/* Zlib's header is a multiple of 31 (RFC 1950, section 2.2); many servers send bare deflate data.
 */
static int begins_zlib(const unsigned char *first)
{
    return (first[0] & 0x0F) == 8 && (first[0] * 256 + first[1]) % 31 == 0;
}

static void decide(struct content *content)
{
    const unsigned char *first = content->first;
    int is_whole = content->first_len == FIRST_BYTES;

    content->decided = 1;
    if (content->coding == CONTENT_GZIP && is_whole && first[0] == 0x1F && first[1] == 0x8B) {
        content->has_zlib = inflateInit2(&content->zlib, 16 + MAX_WBITS) == Z_OK;
    } else if (content->coding == CONTENT_DEFLATE && is_whole && first[0] != '<' &&
               !isspace(first[0])) {
        int bits = begins_zlib(first) ? MAX_WBITS : -MAX_WBITS;

        content->has_zlib = inflateInit2(&content->zlib, bits) == Z_OK;
    } else if (content->coding == CONTENT_ZSTD && is_whole &&
               memcmp(first, "\x28\xB5\x2F\xFD", 4) == 0) {
        content->zstd = ZSTD_createDStream();
    }
    if (!content->has_zlib && content->zstd == NULL) {
        content->coding = CONTENT_PLAIN;
    }
}

static int undo(struct content *content, const unsigned char *data, size_t len)
{
    if (content->ended || content->spoilt) {
        return 0; /* what follows is none of it */
    }
    if (content->coding == CONTENT_PLAIN) {
        return give(content, data, len);
    }
    return content->has_zlib ? undo_zlib(content, data, len) : undo_zstd(content, data, len);
}

static int decode(struct content *content, const unsigned char *data, size_t len)
{
    while (!content->decided && len > 0) {
        content->first[content->first_len++] = *data++;
        len--;
        if (content->first_len == FIRST_BYTES) {
            decide(content);
            if (undo(content, content->first, FIRST_BYTES) < 0) {
                return -1;
            }
        }
    }
    return len == 0 ? 0 : undo(content, data, len);
}

/* "1a2b; extension". Negative: it is none. */
static int64_t chunk_size(const unsigned char *line, size_t len)
{
    int64_t size = 0;
    size_t digits = 0;

    while (digits < len && isxdigit(line[digits]) && digits < 15) {
        int digit = line[digits] <= '9' ? line[digits] - '0' : (line[digits] | 0x20) - 'a' + 10;

        size = size * 16 + digit;
        digits++;
    }
    while (len > digits && (line[len - 1] == '\r' || line[len - 1] == ' ')) {
        len--;
    }
    return digits > 0 && (digits == len || line[digits] == ';' || line[digits] == ' ') ? size : -1;
}

/* The line of a chunk's size is there, or what should have been one. */
static int take_size(struct content *content, int is_whole)
{
    int64_t size = is_whole ? chunk_size(content->line, content->line_len) : -1;
    size_t len = content->line_len;

    content->line_len = 0;
    if (size < 0 && content->chunks == 0) { /* it was put together by whoever stored it */
        content->state = CHUNK_NONE;
        if (decode(content, content->line, len) < 0) {
            return -1;
        }
        return is_whole ? decode(content, (const unsigned char *)"\n", 1) : 0;
    }
    if (size < 0) {
        content->spoilt = 1;
        content->state = CHUNK_TRAILER;
        return 0;
    }
    content->chunks++;
    content->chunk_left = (uint64_t)size;
    content->state = size == 0 ? CHUNK_TRAILER : CHUNK_DATA;
    return 0;
}

static int write_chunked(struct content *content, const unsigned char *data, size_t len)
{
    while (len > 0 && content->state != CHUNK_TRAILER) {
        size_t n = 1;

        if (content->state == CHUNK_NONE) {
            return decode(content, data, len);
        }
        if (content->state == CHUNK_DATA) {
            n = content->chunk_left < len ? (size_t)content->chunk_left : len;
            content->chunk_left -= n;
            if (decode(content, data, n) < 0) {
                return -1;
            }
            content->state = content->chunk_left == 0 ? CHUNK_DATA_END : CHUNK_DATA;
        } else if (content->state == CHUNK_DATA_END) {
            content->state = *data == '\n' ? CHUNK_SIZE : CHUNK_DATA_END;
            if (*data != '\n' && *data != '\r') {
                content->spoilt = 1;
                content->state = CHUNK_TRAILER;
            }
        } else if (*data == '\n') {
            if (take_size(content, 1) < 0) {
                return -1;
            }
        } else {
            content->line[content->line_len++] = *data;
            if (content->line_len == CHUNK_LINE_MAX && take_size(content, 0) < 0) {
                return -1;
            }
        }
        data += n;
        len -= n;
    }
    return 0;
}

int content_write(struct content *content, const unsigned char *data, size_t len)
{
    if (content->refused) {
        return -1;
    }
    return content->state == CHUNK_NONE ? decode(content, data, len)
                                        : write_chunked(content, data, len);
}

int content_end(struct content *content)
{
    int is_cut = content->state == CHUNK_DATA || content->state == CHUNK_DATA_END;

    if (content->state == CHUNK_SIZE && content->chunks == 0 && content->line_len > 0) {
        (void)take_size(content, 0);
    } else {
        is_cut = is_cut || content->state == CHUNK_SIZE;
    }
    if (!content->decided && content->first_len > 0) {
        decide(content);
        (void)undo(content, content->first, content->first_len);
    }
    is_cut = is_cut || (content->coding != CONTENT_PLAIN && content->decided && !content->ended);
    end_decoder(content);
    return is_cut || content->spoilt;
}

enum content_coding content_coding_of(const char *value, size_t len)
{
    static const struct {
        const char *name;
        enum content_coding coding;
    } codings[] = {{"gzip", CONTENT_GZIP},
                   {"x-gzip", CONTENT_GZIP},
                   {"deflate", CONTENT_DEFLATE},
                   {"zstd", CONTENT_ZSTD}};

    for (size_t i = 0; i < sizeof(codings) / sizeof(*codings); i++) {
        size_t name_len = strlen(codings[i].name);

        if (len == name_len && strncasecmp(value, codings[i].name, len) == 0) {
            return codings[i].coding;
        }
    }
    return CONTENT_PLAIN;
}
