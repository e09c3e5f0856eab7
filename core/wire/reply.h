/* wire/reply: what a worker found out about one document.
 *
 * The worker fills a struct reply and packs it; the supervisor unpacks and checks it. On the wire
 * it is a sequence of sections, each u16 type, u16 zero, u32 length, payload; an unknown type is
 * skipped, so that sections can be added. Offsets count bytes of the decoded text.
 */
#ifndef WIRE_REPLY_H
#define WIRE_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/minhash.h"
#include "base/strbuf.h"
#include "config/settings.h"
#include "wire/job.h"
#include "wire/manifest.h"

#define BLOCK_LEVEL_MAX     6       /* of a heading or a list item */
#define REPLY_QUOTE_MAX     120     /* bytes of text that evidence quotes */
#define REPLY_REASON_MAX    200     /* bytes */
#define REPLY_VALUE_MAX     2000    /* bytes of a fact's value */
#define REPLY_EVIDENCE_MAX  16      /* kept a label: the ones of most weight */
#define REPLY_LOG_MAX       100     /* lines a document */
#define REPLY_LINE_MAX      1000    /* bytes of a log line or of what a plugin failed with */
#define REPLY_RIVAL_MAX     16      /* rivals of the charset */
#define REPLY_LIMIT_MAX     64      /* limits reached */
#define REPLY_SIGNATURES    64      /* signatures a document */
#define REPLY_SIGNATURE_MAX 4096    /* bytes of a signature */
#define REPLY_FAILURE_MAX   256     /* failures a document */
#define REPLY_TIMING_MAX    256     /* timings a document */
#define REPLY_STAGE_MAX     100     /* bytes of a timing's stage */
#define REPLY_VECTOR_MAX    65536   /* feature vectors a document */
#define REPLY_FEATURE_MAX   1048576 /* features a document, of all its vectors */
#define REPLY_INDEX_MAX     (UINT64_C(1) << 62) /* of a member: its index, its place */

struct reply_rival {
    const char *charset;
    double score;
};

struct reply_evidence {
    uint64_t begin;
    uint64_t end;
    double weight;
    const char *reason; /* "" when none */
    const char *quote;  /* the text there, cut to REPLY_QUOTE_MAX on a character border */
};

struct reply_label {
    const char *scheme;
    const char *id;
    double score;
    double threshold;                /* from the manifest */
    bool holds;                      /* score >= threshold; else a near miss or less */
    uint32_t plugin;                 /* index in manifest.plugins */
    struct reply_evidence *evidence; /* by falling weight */
    size_t evidence_count;
};

struct reply_span {
    const char *scheme;
    const char *id;
    uint64_t begin;
    uint64_t end;
    double score;
    const char *reason; /* "" when none */
    uint32_t plugin;
};

struct reply_fact {
    const char *name;
    const char *value;
    bool has_place; /* begin and end mean something */
    uint64_t begin;
    uint64_t end;
    double score;
    const char *reason; /* "" when none */
    uint32_t plugin;    /* index in manifest.plugins, or REPLY_CORE */
};

#define REPLY_CORE UINT32_MAX

struct reply_signature {
    const char *name;
    const void *data;
    size_t data_len;
    uint32_t plugin; /* index in manifest.plugins, or REPLY_CORE */
};

/* Core's own signature, a packed base/minhash of the text without its page furniture. There is no
 * other of core's. */
#define REPLY_MINHASH "minhash"

/* A plugin that gave up (negative result) or whose results were refused. */
struct reply_failure {
    uint32_t plugin;
    const char *what; /* one line */
};

struct reply_timing {
    const char *stage; /* "decode", "read text", "fold", "classify topics" … */
    uint32_t us;
};

/* A member that was taken out of a container: bytes of the spool. */
struct reply_member {
    uint64_t index; /* in the container */
    uint64_t begin;
    uint64_t len;
    const char *name; /* bytes, no NUL, at most JOB_MEMBER_NAME_MAX; "" for none */
    const char *url;  /* "" when unknown, as those below */
    const char *date;
    const char *charset;
    const char *media_type;
};

struct reply_log {
    uint32_t plugin;
    uint32_t level; /* TAXON_LOG_… */
    const char *line;
};

/* What a classifier counted in the document or in a part of it; only when the job asked for it. */
struct reply_vector {
    const char *scheme;
    const char *space; /* what the ids mean */
    bool has_place;    /* begin and end mean something; else the whole document */
    uint64_t begin;
    uint64_t end;
    uint32_t plugin;
    const uint32_t *ids;
    const float *values; /* finite */
    size_t count;
};

/* A block of the text, as its reader gave it. */
struct reply_block {
    uint32_t kind;  /* TAXON_BLOCK_… */
    uint32_t level; /* of a heading or a list item, else 0 */
    uint64_t begin;
    uint64_t end;
};

/* Damage beyond illegal bytes, glosses and limits. Counts; text/damage and text/charset_mojibake
 * say of what. */
struct reply_damage {
    uint64_t lost;
    uint64_t entities;
    uint64_t controls;
    bool truncated;
    bool mojibake_mended;         /* the text is the mended one */
    uint64_t mojibake;            /* characters; 0: none, and the other fields mean nothing */
    uint64_t mojibake_lost;       /* of which a byte is gone */
    double mojibake_gain;         /* -1..1 */
    const char *mojibake_charset; /* what the bytes were in */
    const char *mojibake_read_as; /* what they had been read as */
};

struct reply {
    struct digest text_digest; /* of the decoded text */
    uint64_t text_len;
    const char *text; /* text_len bytes, UTF-8; NULL unless the job asked for it and it fits */
    const char *charset;
    double charset_score;
    const char *charset_declared; /* "" when none */
    uint64_t illegal;             /* sequences that did not decode */
    struct reply_rival *rivals;
    size_t rival_count;
    const char *media_type;
    const char *language;
    const char *script;
    double language_share;
    uint64_t glosses; /* pinyin glosses dropped in folding */
    struct reply_damage damage;
    uint64_t block_count;
    const char *reader;   /* configuration name of the reader, "" when none took it */
    const char *unusable; /* "" or the verdict without its root: "binary", "empty", "garbled" … */
    const char *unusable_reason;
    const char **limits; /* names of the limits reached: "limits.text", … */
    size_t limit_count;
    struct reply_label *labels;
    size_t label_count;
    struct reply_span *spans;
    size_t span_count;
    struct reply_fact *facts;
    size_t fact_count;
    struct reply_signature *signatures;
    size_t signature_count;
    const struct minhash *minhash; /* out of core's signature; NULL: none. Not packed */
    struct reply_failure *failures;
    size_t failure_count;
    struct reply_timing *timings;
    size_t timing_count;
    struct reply_log *logs;
    size_t log_count;
    struct reply_vector *vectors;
    size_t vector_count;
    struct reply_block *blocks;   /* with the text only; in order, not overlapping */
    size_t shown_block_count;     /* in `blocks` */
    bool is_container;            /* its reader has announced members */
    bool has_more;                /* members that this turn did not come to */
    uint64_t next_member;         /* has_more: the first of those, */
    uint64_t next_offset;         /* and where it begins, 0 when unknown */
    struct reply_member *members; /* by index */
    size_t member_count;
};

/* Texts from documents and plugins (reasons, quotes, values, lines) are made acceptable on the way:
 * a control character becomes a space, what is beyond the limit is cut; charset, media type,
 * language and script end where they stop being a token (wire/form). NULL texts are "". Names,
 * counts, scores and offsets are the caller's to keep right: the other side refuses the whole reply
 * otherwise. */
void reply_pack(struct strbuf *out, const struct reply *reply);

/* Checks against the limits and the manifest: labels and spans are declared ones of the plugin they
 * come from, scores finite and in 0..1, offsets within text_len and in order, strings within their
 * limits and without control characters, `reader` a reader's name or "". `threshold` and `holds`
 * are set from the manifest, whatever the worker says. Everything is copied into `arena`. 0;
 * -EPROTO with *out_why (static) naming what was wrong; -ENOMEM, with *out_why as well. */
int reply_unpack(struct arena *arena, const void *data, size_t len, const struct manifest *manifest,
                 const struct settings_limits *limits, struct reply **out_reply,
                 const char **out_why);

#endif
