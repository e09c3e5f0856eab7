/* route/stream: files of lines that rules append to, one JSON object a line (JSONL). */
#ifndef ROUTE_STREAM_H
#define ROUTE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/file.h"
#include "base/id.h"
#include "base/strbuf.h"

struct stream {
    int root_fd;
    const char *target; /* the file, below the root */
    uint64_t rotate_bytes;
    struct file_owner file;
    struct file_owner folder;
};

/* One line, without its end; `mark` is how it begins, and how no other document's line begins. */
struct stream_line {
    const char *text;
    size_t len;
    const char *mark;
    bool may_be_there; /* it is looked for first: */
    int64_t since_ms;  /* in the file, and in those that were put away since then (wall clock) */
};

/* Appends it, once: half a line at the end of the file, which a crash has left, is cut off first; a
 * line that cannot be written whole is taken back. Nothing is synced. */
int stream_append(const struct stream *stream, const struct stream_line *line,
                  struct err *err) MUST_CHECK;

/* The line of a document: its record on one line (`record` as it stands in sidecars), with `text`
 * (a JSON string, or NULL) as its member of that name; or id and text alone. *out_mark is its mark.
 */
void stream_record_line(const char *record, size_t len, const struct id *id, const char *text,
                        size_t text_len, struct strbuf *out_line, struct strbuf *out_mark);
void stream_text_line(const struct id *id, const char *text, size_t text_len,
                      struct strbuf *out_line, struct strbuf *out_mark);

#endif
