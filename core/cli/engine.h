/* cli/engine: the daemon's way of looking at a document, without the daemon: the same
 * configuration, the same locked-down worker, the same rules and the same record; nothing is filed.
 */
#ifndef CLI_ENGINE_H
#define CLI_ENGINE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "catalog/catalog.h"
#include "pool/generation.h"
#include "pool/worker_process.h"
#include "route/near.h"
#include "route/rules.h"
#include "route/subject.h"

/* Members that the next document is to give: cli/members.c. */
struct engine_take {
    int spool_fd;
    uint64_t from;
    uint64_t offset;
    uint64_t members_left;
    uint64_t bytes_left;
};

/* Where the next document is from. */
struct engine_origin {
    const struct digest *container;
    uint64_t member;
    const char *name;
    const char *url;
    const char *date;
    const char *charset;
    const char *media_type;
};

struct engine {
    char program[4096];
    struct generation *generation;
    struct rules *rules;
    struct worker_process process;
    bool running; /* `process` is */
    uint64_t serial;
    bool wants_text;      /* replies bring the text, too; false after engine_open */
    const char *features; /* scheme whose features replies bring; NULL, none, after engine_open */
    const char *url;      /* of the next document, if it is known; NULL after engine_open */
    struct arena arena;   /* of the last document */
    struct catalog *catalog; /* to look for documents that one is like; NULL: that is left out */
    struct near near;        /* of the last document */
    const struct engine_take *take;     /* NULL: it is only described */
    const struct engine_origin *origin; /* NULL: nothing is known */
};

/* Loads the configuration and starts one worker. */
int engine_open(struct engine *engine, const char *config_file, struct err *err) MUST_CHECK;
void engine_close(struct engine *engine);

/* From now on documents are also held against those in the catalog, beside a running taxond, if
 * there is one that can be read. */
void engine_open_catalog(struct engine *engine);

/* Classifies the document behind `fd` and decides where it would go. `subject` and `plan` are valid
 * until the next call. A worker that dies or hangs is no error here: subject->failure says so, and
 * the next document gets a new worker. Negative: nothing can be classified any more. */
int engine_classify(struct engine *engine, int fd, const char *name, const char *source,
                    struct subject *out_subject, struct plan *out_plan, struct err *err) MUST_CHECK;

#endif
