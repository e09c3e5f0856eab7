/* text/media_type: "text/plain", "text/html", what a known magic number says ("application/pdf",
 * "application/zip", "image/png", …) or "application/octet-stream", from the first bytes and the
 * name; a hint for choosing the reader, never trusted further. */
#ifndef TEXT_MEDIA_TYPE_H
#define TEXT_MEDIA_TYPE_H

#include <stdbool.h>
#include <stddef.h>

/* `raw` are the document's bytes, `decoded` the same as UTF-8. `name` may be NULL.
 * Returns a static C string. */
const char *media_type_sniff(const void *raw, size_t raw_len, const char *decoded,
                             size_t decoded_len, const char *name);

/* The media type of a container (application/zip, gzip, zstd, x-tar, warc, json, x-ndjson,
 * message/rfc822), or NULL when it is none. `name` may be NULL. */
const char *media_type_container(const void *raw, size_t raw_len, const char *name);
/* Whether what has that form is a text as well, should nothing be found in it. */
bool media_type_is_text_too(const char *media_type);

#endif
