/* worker/stages: one document, from its bytes to what all plugins said about it.
 *
 * decode → media type → reader → language → fold → classifiers → signature, in order. All memory
 * is kept between documents.
 */
#ifndef WORKER_STAGES_H
#define WORKER_STAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/err.h"
#include "base/strbuf.h"
#include "config/settings.h"
#include "text/charset.h"
#include "text/charset_mojibake.h"
#include "text/charset_prescan.h"
#include "text/damage.h"
#include "text/fold.h"
#include "text/language.h"
#include "wire/job.h"
#include "wire/reply.h"
#include "wire/stage.h"
#include "worker/members.h"
#include "worker/plugin_set.h"
#include "worker/results.h"

struct stages {
    const struct settings_limits *limits;
    const struct plugin_set *plugins;
    struct charset_decoder *decoder;
    struct stage_page *page;
    int socket_fd; /* the worker's own, which plugins have no business with; -1: not looked at */
    bool meddled;  /* a plugin has: the worker is to end */
    struct arena arena;  /* of the document in hand */
    struct arena memory; /* of the plugin whose turn it is; limits.arena */
    struct results results;
    struct members members;
    struct strbuf raw;     /* the document's bytes */
    struct strbuf scratch; /* decoded, unless the bytes are UTF-8 already */
    struct strbuf mended;  /* decoded, where mojibake was undone */
    struct strbuf timings; /* struct reply_timing */
    uint64_t started_us;   /* the stage in hand */
    const char *stage;

    /* the document in hand */
    const struct job *job;
    uint64_t serial;
    uint64_t deadline_us;
    bool all_plugins; /* whatever their filters say: the warm-up */
    struct charset_result charset;
    struct charset_mojibake mojibake;
    struct damage_counts damage;
    bool is_cut;                       /* by limits.text */
    bool is_truncated;                 /* the input breaks off */
    char declared[CHARSET_LABEL_SIZE]; /* by the bytes themselves, "" for none */
    const char *decoded;
    size_t decoded_len;
    const char *media_type;
    const struct plugin *reader;
    const char *text;
    size_t text_len;
    struct digest text_digest;
    struct language_result language;
    struct folded folded;
    const char *unusable; /* static or in the arena; "" */
    const char *unusable_reason;
};

/* `plugins`, `limits` and `page` outlive the stages. */
int stages_init(struct stages *stages, const struct settings_limits *limits,
                const struct plugin_set *plugins, struct stage_page *page,
                struct err *err) MUST_CHECK;
void stages_release(struct stages *stages);

/* Reads the document behind `*fd`, closes it, since no plugin has any use for a descriptor, and
 * takes the document through all stages. A container's members go to `spool_fd` (-1: none), which
 * stays the caller's. What is wrong with a document is a verdict, not an error.
 * 0, -ENOMEM, or -EPROTO when a plugin meddled with the worker's socket: the worker then ends,
 * while the stage page still names that plugin. */
int stages_run(struct stages *stages, uint64_t serial, const struct job *job, int *fd,
               int spool_fd) MUST_CHECK;

/* Takes small documents of our own through every reader and every classifier, so that whatever is
 * set up at first use is set up now. What comes of it is thrown away. */
int stages_warm_up(struct stages *stages) MUST_CHECK;

/* After each plugin's turn: whether it left the worker's socket alone. */
bool stages_socket_is_sound(struct stages *stages);

/* The next stage begins: the page names it, and the one before is timed. NULL: none. */
void stages_enter(struct stages *stages, const char *stage);

#endif
