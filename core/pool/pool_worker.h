/* pool/pool_worker: one worker on the loop, started or forked: its process, its handles, its timer,
 * and the attempt it has in hand. Internal to the pool: pool.c decides who does what, this file
 * knows how a worker starts, answers and ends.
 */
#ifndef POOL_POOL_WORKER_H
#define POOL_POOL_WORKER_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "pool/pool.h"
#include "pool/worker_process.h"
#include "pool/zygote.h"

enum worker_state {
    WORKER_STARTING, /* set up; READY is awaited */
    WORKER_IDLE,
    WORKER_BUSY,
    WORKER_ENDING, /* killed or told to go; its end is awaited */
    WORKER_CLOSING /* ended; its handles are being closed */
};

struct pool_worker;

/* What a worker tells the pool. All are called on the loop, from the worker's own events. */
struct pool_worker_events {
    void (*ready)(struct pool_worker *worker);
    /* It never became READY; `why` is one line. It is on its way out. */
    void (*start_failed)(struct pool_worker *worker, const char *why);
    /* Its attempt is over, with `reply` or the failure fields set; the worker is IDLE or ENDING. */
    void (*answered)(struct pool_worker *worker, struct attempt *attempt);
    void (*slow)(struct pool_worker *worker, const char *stage); /* a third of the time is gone */
    void (*gone)(struct pool_worker *worker); /* its handles are closed; free with worker_free */
};

struct pool_worker {
    void *owner; /* the pool */
    const struct pool_worker_events *events;
    struct pool_worker *next; /* the pool's list */
    struct generation *generation;
    struct zygote *zygote; /* that it is forked from, or NULL */
    bool born;             /* it has a process (a started one has from the beginning) */
    struct worker_process process;
    enum worker_state state;
    bool crashed; /* ended by itself */
    bool hung_up; /* closed its socket, and was killed for it if it still ran */
    bool killed;  /* by us, at the deadline */
    uint32_t served;
    uint64_t serial; /* of the job in hand */
    struct attempt *attempt;
    char failure[ERR_TEXT_MAX];
    char failure_stage[STAGE_NAME_SIZE];
    uv_poll_t socket_poll;
    uv_poll_t pid_poll;
    uv_timer_t timer;
    bool slow_told;
    unsigned open_handles;
};

/* Starts a worker of `generation` (a reference is taken). */
int pool_worker_start(uv_loop_t *loop, const char *program, struct generation *generation,
                      const struct pool_worker_events *events, void *owner,
                      struct pool_worker **out_worker, struct err *err) MUST_CHECK;
/* A worker that `zygote` is to fork: STARTING, without a process. The caller asks the zygote, with
 * the worker's end of the socket in `out_socket_fd` (to be closed), and tells what came of it by
 * pool_worker_born, or pool_worker_unborn, after which `gone` follows and nothing else. */
int pool_worker_fork(uv_loop_t *loop, struct zygote *zygote,
                     const struct pool_worker_events *events, void *owner,
                     struct pool_worker **out_worker, int *out_socket_fd,
                     struct err *err) MUST_CHECK;
/* Its process is `pid`. -ESRCH: that is no child of ours and its zygote's; then call unborn. */
int pool_worker_born(struct pool_worker *worker, pid_t pid) MUST_CHECK;
void pool_worker_unborn(struct pool_worker *worker);
/* Gives an IDLE worker its next document. */
void pool_worker_assign(struct pool_worker *worker, struct attempt *attempt, uint64_t serial);
/* It broke a rule: out, whatever it was doing; its attempt fails. */
void pool_worker_condemn(struct pool_worker *worker, const char *why);
/* Tells it to go (closing the socket ends an idle worker); `gone` follows. */
void pool_worker_retire(struct pool_worker *worker);
/* Resident size in bytes, 0 when it cannot be told. */
uint64_t pool_worker_resident(const struct pool_worker *worker);
void pool_worker_free(struct pool_worker *worker);

#endif
