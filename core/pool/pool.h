/* pool/pool: N workers on the loop, one document in flight in each, with deadlines outside.
 *
 * The pool makes single attempts; whether to try again is the line's to say, since the attempt must
 * be counted on disk first. Workers that crash, hang or speak out of turn are replaced, with a
 * growing pause when they fail at their start. They are forked from the generation's zygote, where
 * that can be. A reload starts one zygote of the new generation, its canary, and swaps when it is
 * READY.
 */
#ifndef POOL_POOL_H
#define POOL_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/arena.h"
#include "base/err.h"
#include "pool/generation.h"
#include "wire/job.h"
#include "wire/reply.h"

struct pool;

/* One attempt. The owner keeps it, and what it points to, alive until `done`. */
struct attempt {
    struct job job;
    int fd;              /* the document; the owner's */
    struct arena *arena; /* the owner's: for the reply */
    bool alone;          /* in a fresh worker that has seen no other document */
    int spool_fd; /* with job.members JOB_MEMBERS_TAKE: where they go; the owner's; else -1 */
    void (*done)(struct attempt *attempt);
    void *context;
    /* result, valid in `done` only */
    struct generation *generation; /* that answered (or was asked) */
    struct reply *reply;           /* in `arena`, so for longer; NULL: it failed */
    const char *failure;           /* one line: "taxond-worker was killed by signal 11 (…)" */
    const char *failure_stage;     /* "classify topics" */
    bool refused;                  /* the reply was malformed */
    /* the pool's own */
    struct attempt *next;
};

enum pool_zygote {
    POOL_ZYGOTE_NONE, /* nothing can be forked here: each worker is started by itself */
    POOL_ZYGOTE_MISSING,
    POOL_ZYGOTE_STARTING,
    POOL_ZYGOTE_READY
};

struct pool_stats {
    uint32_t workers; /* ready or busy */
    uint32_t busy;
    uint32_t starting; /* workers, or what they will be forked from */
    uint32_t queued;
    enum pool_zygote zygote; /* that workers are forked from */
    pid_t zygote_pid;        /* 0: none is ready */
    uint64_t zygotes;        /* started, canaries of reloads among them */
    uint64_t started;        /* workers, since the start */
    uint64_t crashed;
    uint64_t killed; /* at the deadline */
    uint64_t replies;
};

/* Uses `generation`, whose manifest is known (its canary answered). */
int pool_start(uv_loop_t *loop, const char *program, struct generation *generation,
               struct pool **out_pool, struct err *err) MUST_CHECK;

/* `tell` is called with one line when a worker cannot start or a document takes long. */
void pool_set_notice(struct pool *pool, void (*tell)(void *context, const char *line),
                     void *context);

/* Queues an attempt. `done` is called later, on the loop, never from within this call. */
void pool_submit(struct pool *pool, struct attempt *attempt);

/* Starts a canary of `generation` (a reference is taken). When it is READY, or could not start
 * (`failure` says why), `answer` is called on the loop, once. If it returns 0 to a READY, new
 * attempts go to workers of the new generation from then on and the old ones end as they become
 * idle; else nothing has changed. One reload at a time: -EBUSY. */
int pool_reload(struct pool *pool, struct generation *generation,
                int (*answer)(void *context, struct generation *generation, const char *failure),
                void *context, struct err *err) MUST_CHECK;

struct generation *pool_generation(const struct pool *pool); /* the one in force */
void pool_stats(const struct pool *pool, struct pool_stats *out_stats);

/* Ends all workers; attempts in flight or queued are dropped without `done`. `stopped` is called on
 * the loop when everything is closed and freed. */
void pool_stop(struct pool *pool, void (*stopped)(void *context), void *context);

#endif
