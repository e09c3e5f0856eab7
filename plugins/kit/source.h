/* kit/source: the bytes of a container as a stream, whether they lie there plain, or compressed by
 * gzip (RFC 1952, also many members one after the other) or Zstandard (RFC 8878). For readers of
 * containers: parts of it are looked at in memory, in order, and passed by.
 *
 * It unpacks as it goes, a piece at a time, so that a bomb costs no more memory than a document.
 */
#ifndef KIT_SOURCE_H
#define KIT_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include <taxon/plugin.h>

/* The most that source_look can be asked for. */
#define SOURCE_LOOK_MAX ((size_t)256 << 10)

enum source_end {
    SOURCE_WHOLE,     /* it ends where it should, or has not ended yet */
    SOURCE_CUT,       /* the compressed data ends in the middle */
    SOURCE_MALFORMED, /* it is no such data, from somewhere on */
    SOURCE_NO_MEMORY
};

struct source;

/* At byte `offset` of `raw`. How it is compressed is told by its first bytes. It and its memory
 * live as long as the task; NULL without memory. Give it back with source_close, since what unpacks
 * has memory of its own. */
struct source *source_open(struct taxon_task *task, const void *raw, size_t raw_len, size_t offset);
void source_close(struct source *source);

/* The next bytes: at least `want` (at most SOURCE_LOOK_MAX) unless the end comes first; as many as
 * there are at hand. They stay until the next call. */
const unsigned char *source_look(struct source *source, size_t want, size_t *out_len);
/* Passes `len` bytes by, which were looked at. */
void source_skip(struct source *source, size_t len);

/* Bytes passed so far, unpacked. */
uint64_t source_position(const struct source *source);
/* Byte of `raw` at which reading can begin again and finds what comes next: 0 when there is none
 * (in the middle of compressed data). */
size_t source_offset(const struct source *source);
/* Why it ended, once source_look gives less than was wanted. */
enum source_end source_end(const struct source *source);
/* After SOURCE_MALFORMED or SOURCE_CUT of gzip data with many members: goes on at the next member
 * behind the one that is spoilt. 1: there is one; 0: none. */
int source_resume(struct source *source);

#endif
