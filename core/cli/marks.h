/* cli/marks: what a record says of places in the text, laid over the text: page furniture (spans)
 * and the evidence of labels that hold.
 */
#ifndef CLI_MARKS_H
#define CLI_MARKS_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define MARKS_NONE UINT32_MAX

/* Of scheme and id: borrowed from the record. */
struct mark {
    size_t begin;
    size_t end;
    const char *scheme;
    const char *id;
    const char *reason;
    double weight; /* evidence: contribution; furniture: score */
    unsigned hue;  /* evidence: which of its schemes, from 0 in the order of the record */
};

struct marks {
    struct mark *items;
    size_t count;
    size_t furniture_count; /* those come first; the rest is evidence */
    uint32_t *furniture;    /* by byte of the text: index of the mark, or MARKS_NONE */
    uint32_t *evidence;
    size_t text_len;
};

/* A run of the text in which nothing changes. */
struct marks_run {
    size_t begin;
    size_t end;
    const struct mark *furniture; /* NULL: content */
    const struct mark *evidence;  /* NULL: none */
};

/* Lays the marks of `record` over a text of `text_len` bytes. Where marks overlap, the
 * shorter wins, then what weighs more: a word is seen inside the line that counts as a whole. 0 or
 * -ENOMEM. */
int marks_init(struct marks *marks, const json_t *record, size_t text_len,
               struct err *err) MUST_CHECK;
void marks_release(struct marks *marks);

/* The run that begins at `at` and ends before `end` at the latest; at < end <= text_len. */
struct marks_run marks_run_at(const struct marks *marks, size_t at, size_t end);

#endif
