/* kit/content: a member's bytes as they were sent over HTTP, on their way to the host: chunks put
 * together (RFC 9112, section 7.1), a content coding undone (gzip, deflate, zstd). What only claims
 * to be chunked or coded, since whoever stored it had undone that already, goes through as it is.
 */
#ifndef KIT_CONTENT_H
#define KIT_CONTENT_H

#include <stddef.h>
#include <stdint.h>

#include <taxon/plugin.h>

enum content_coding { CONTENT_PLAIN, CONTENT_GZIP, CONTENT_DEFLATE, CONTENT_ZSTD };

struct content;

/* Feeds the member that the host has begun. Lives as long as the task; NULL without memory. One can
 * be used for many members, one after the other. */
struct content *content_new(struct taxon_task *task);
void content_free(struct content *content);
void content_begin(struct content *content, int is_chunked, enum content_coding coding);
/* 0, or negative: no more of this member is wanted. */
int content_write(struct content *content, const unsigned char *data, size_t len);
/* After the last byte. 1: it was cut off, or malformed from somewhere on; 0. */
int content_end(struct content *content);
/* Of a header's value; unknown ones are PLAIN. */
enum content_coding content_coding_of(const char *value, size_t len);

#endif
