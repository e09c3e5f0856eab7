/* pool/pool_state: the pool's struct, for the two files that it is made of: pool.c gives out work,
 * pool_staff.c sees to it that there are workers. Internal to the pool. */
#ifndef POOL_POOL_STATE_H
#define POOL_POOL_STATE_H

#include "pool/attempt_queue.h"
#include "pool/pool.h"
#include "pool/pool_worker.h"
#include "pool/zygote.h"

#define RETRY_FIRST_MS 500u
#define RETRY_MOST_MS  30000u

struct pool {
    uv_loop_t *loop;
    char *program;
    struct generation *generation;
    struct pool_worker *workers; /* all, of any state and generation */
    struct zygote *zygotes;      /* the same */
    struct zygote *zygote;       /* READY or FORKING: that new workers are forked from */
    struct zygote *coming;       /* STARTING, to become that */
    struct zygote *canary;       /* STARTING, of a reload */
    bool plain;                  /* nothing can be forked here: workers are started */
    struct attempt_queue queue;
    struct attempt_queue alone; /* those that want a fresh worker: they go first */
    uint64_t serial;
    uv_timer_t retry; /* to start workers again after failed starts */
    uv_idle_t turn;   /* gives out work on the loop's next turn */
    uint32_t retry_ms;
    bool stopping;
    unsigned open_handles;
    void (*stopped)(void *context);
    void *stopped_context;
    int (*reload_answer)(void *context, struct generation *generation, const char *failure);
    void *reload_context;
    void (*notice)(void *context, const char *line);
    void *notice_context;
    uint64_t
        spare_until; /* that many replies: one worker more, so that work need not wait for it */
    struct pool_stats stats;
};

/* pool.c */
void pool_notice(struct pool *pool, const char *format, ...) __attribute__((format(printf, 2, 3)));
void pool_arrange_turn(struct pool *pool); /* gives out work soon */
void pool_answered(struct pool_worker *worker, struct attempt *attempt);
void pool_slow(struct pool_worker *worker, const char *stage);

/* pool_staff.c */
uint32_t staff_wanted(const struct pool *pool); /* workers at work */
uint32_t staff_spare(const struct pool *pool);  /* and how many more */
uint32_t staff_count(const struct pool *pool);  /* of the generation in force */
/* As many workers of the generation in force as are wanted, unless a pause is on. */
void staff_fill(struct pool *pool);
void staff_dismiss(struct pool *pool); /* all of them */
/* A zygote of `generation`, whose READY or failure answers the reload. */
int staff_start_canary(struct pool *pool, struct generation *generation, struct err *err);
/* Once the pool is stopping and nothing is left. */
void pool_free_when_closed(struct pool *pool);

#endif
