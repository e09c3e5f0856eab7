/* worker/results: what the plugins said about one document, and one plugin's turn at it.
 *
 * Rows are kept in buffers that stay between documents; strings are copied to the document's arena.
 * What a plugin said is taken back when it gives up at the end of its turn.
 */
#ifndef WORKER_RESULTS_H
#define WORKER_RESULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <taxon/document.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/strbuf.h"
#include "config/settings.h"
#include "text/fold.h"
#include "wire/reply.h"
#include "worker/vocabulary.h"

#define RESULTS_SIGNATURES_MAX      16u   /* a document */
#define RESULTS_SIGNATURE_BYTES_MAX 4096u /* as taxon/types.h promises */

/* Each strbuf holds rows of one type, one after the other. */
struct results {
    const struct settings_limits *limits;
    struct arena *arena;       /* of the document */
    struct strbuf labels;      /* struct reply_label */
    struct strbuf spans;       /* struct reply_span */
    struct strbuf facts;       /* struct reply_fact */
    struct strbuf signatures;  /* struct reply_signature */
    struct strbuf failures;    /* struct reply_failure */
    struct strbuf logs;        /* struct reply_log */
    struct strbuf limit_names; /* const char *: static names of the limits reached */
    struct strbuf blocks;      /* struct taxon_block */
    struct strbuf text;        /* what the reader appended */
    struct strbuf vectors;     /* struct reply_vector */
    size_t feature_count;      /* of all vectors */
    struct strbuf seen_labels; /* struct taxon_label: what the next plugins see */
    struct strbuf seen_spans;  /* struct taxon_span */
    struct strbuf seen_facts;  /* struct taxon_fact */
};

#define ROWS(buf, type)      ((type *)(void *)(buf)->data)
#define ROW_COUNT(buf, type) ((buf)->len / sizeof(type))

struct members;

struct results_mark {
    size_t labels, spans, facts, signatures, vectors, features;
};

/* One plugin's turn. */
struct turn {
    struct results *results;
    uint32_t plugin; /* index in the manifest */
    const struct vocabulary *vocabulary;
    const char *text; /* that offsets count in, until the reader appends */
    size_t text_len;
    bool reading;
    bool appended;               /* the reader made a text of its own */
    const struct folded *folded; /* NULL while reading */
    struct arena *memory;        /* for alloc() */
    const char *features;        /* the scheme whose features are wanted; NULL or "" for none */
    struct members *members;     /* while reading */
    uint64_t deadline_us;        /* CLOCK_MONOTONIC */
    struct results_mark start;
    uint64_t refused;   /* results that failed a check */
    struct err refusal; /* why the first did */
};

void results_init(struct results *results, struct arena *arena,
                  const struct settings_limits *limits);
void results_release(struct results *results);
void results_clear(struct results *results);
/* Whether memory ran out anywhere. */
bool results_failed(const struct results *results);

int results_add_row(struct strbuf *rows, const void *row, size_t size) MUST_CHECK;
void results_note_limit(struct results *results, const char *name);
void results_add_failure(struct results *results, uint32_t plugin, const char *what);

/* Remembers where the results stand; the other members are the caller's to set before. */
void turn_begin(struct turn *turn);
/* Keeps or drops what was said since, and records refusals and `failure` (NULL for none). */
void turn_end(struct turn *turn, const char *failure);

/* Records that a result failed a check; returns -EINVAL. */
int turn_refuse(struct turn *turn, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Records that a limit was reached; returns -E2BIG. `name` is static. */
int turn_limit(struct turn *turn, const char *name);

/* The text that offsets count in now. */
const char *turn_text(const struct turn *turn, size_t *out_len);
/* Whether [begin, end) lies in it, and on borders of characters. */
bool turn_has_range(const struct turn *turn, size_t begin, size_t end);

#endif
