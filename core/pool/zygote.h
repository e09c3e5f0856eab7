/* pool/zygote: the process that a generation's workers are forked from, on the loop: it is started
 * as a worker is, with all plugins opened, and gets no document (worker/zygote is its own half).
 * Internal to the pool.
 *
 * Plugins live in it, so it is trusted no further than a worker. A process is made when the
 * supervisor has just asked for one, and exactly one; what it then says of that process is checked.
 * It leads a process group, in which all that comes of it stays: what it should have made without
 * saying so ends with it.
 */
#ifndef POOL_ZYGOTE_H
#define POOL_ZYGOTE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <uv.h>

#include "pool/generation.h"
#include "pool/worker_process.h"

enum zygote_state {
    ZYGOTE_STARTING, /* set up; READY is awaited */
    ZYGOTE_READY,
    ZYGOTE_FORKING, /* asked for a worker */
    ZYGOTE_ENDING,  /* killed; its end is awaited */
    ZYGOTE_ENDED,   /* not reaped, so that the group keeps its number, until its workers are gone */
    ZYGOTE_CLOSING
};

struct zygote;

/* What it tells the pool, on the loop. */
struct zygote_events {
    /* Its manifest is its generation's; whether it can fork, `can_fork` says. */
    void (*ready)(struct zygote *zygote);
    /* It is of no use any more, and on its way out; `why` is one line. */
    void (*failed)(struct zygote *zygote, const char *why);
    /* What came of a zygote_fork: the process that it says it made, or 0. */
    void (*forked)(struct zygote *zygote, void *wanted, pid_t pid);
    /* A process of its group asks without end; it is stopped in a call. */
    void (*pestered)(struct zygote *zygote, pid_t pid);
    void (*gone)(struct zygote *zygote); /* all is closed; free with zygote_free */
};

struct zygote {
    void *owner; /* the pool */
    const struct zygote_events *events;
    struct zygote *next; /* the pool's list */
    struct generation *generation;
    struct worker_process process;
    enum zygote_state state;
    bool can_fork; /* there is a listener, or no filter that would need one */
    bool permit;   /* it was asked for a process that is not made yet */
    void *wanted;  /* for whom */
    uint64_t serial;
    unsigned children; /* workers asked for and not gone */
    int listener_fd;
    uint64_t asked_since_ms; /* the second in hand, and how often was asked in it */
    uint32_t asked;
    uv_loop_t *loop;
    uv_poll_t socket_poll;
    uv_poll_t pid_poll;
    uv_poll_t listener_poll;
    uv_timer_t timer;
    unsigned open_handles;
};

/* Starts one for `generation` (a reference is taken). */
int zygote_start(uv_loop_t *loop, const char *program, struct generation *generation,
                 const struct zygote_events *events, void *owner, struct zygote **out_zygote,
                 struct err *err) MUST_CHECK;
/* Asks a READY one for a worker at the other end of `socket_fd` (the caller's to close).
 * `forked` is called once, perhaps from within this call; zygote_child_gone is due afterwards. */
void zygote_fork(struct zygote *zygote, int socket_fd, void *wanted);
/* A worker that was asked for, or what there was of it, is reaped. */
void zygote_child_gone(struct zygote *zygote);
/* It broke a rule: out; `failed` is called. */
void zygote_condemn(struct zygote *zygote, const char *why);
/* It is no longer needed; `gone` follows when its workers are gone, too. */
void zygote_retire(struct zygote *zygote);
void zygote_free(struct zygote *zygote);

#endif
