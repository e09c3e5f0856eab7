/* pool/pool: who does what: the queue of attempts, the list of workers, replacement and reload.
 *
 * Called by the line, on the loop. How one worker starts, answers and ends is pool_worker's; how an
 * attempt's result is judged and whether there is another is the line's.
 */
#include "pool/pool.h"

#include <assert.h>
#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pool/attempt_queue.h"
#include "pool/pool_worker.h"

#define RETRY_FIRST_MS 500u
#define RETRY_MOST_MS  30000u
#define RESIDENT_EVERY 64u  /* documents between looks at a worker's size */
#define SPARE_FOR      200u /* replies after a worker's end, during which a spare is kept */

struct pool {
    uv_loop_t *loop;
    char *program;
    struct generation *generation;
    struct pool_worker *workers; /* all, of any state and generation */
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
    struct pool_worker *canary;
    int (*reload_answer)(void *context, struct generation *generation, const char *failure);
    void *reload_context;
    void (*notice)(void *context, const char *line);
    void *notice_context;
    uint64_t
        spare_until; /* that many replies: one worker more, so that work need not wait for it */
    struct pool_stats stats;
};

static void pool_fill(struct pool *pool);

static void notice(struct pool *pool, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void notice(struct pool *pool, const char *format, ...)
{
    char line[ERR_TEXT_MAX + 128];
    va_list args;

    if (pool->notice == NULL)
        return;
    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    pool->notice(pool->notice_context, line);
}

static uint32_t wanted_workers(const struct pool *pool)
{
    uint32_t count = pool->generation->settings->workers.count;
    cpu_set_t set;

    if (count > 0)
        return count;
    if (sched_getaffinity(0, sizeof(set), &set) == 0 && CPU_COUNT(&set) > 0)
        return (uint32_t)CPU_COUNT(&set);
    return 1;
}

/* Workers end here and there: whoever wants a fresh one shall find it ready. */
static uint32_t spare_workers(const struct pool *pool)
{
    return pool->stats.replies < pool->spare_until ? 1 : 0;
}

/* An idle worker of the generation in force; with `fresh`, one that has seen no document, else
 * rather one that has. */
static struct pool_worker *find_idle(struct pool *pool, bool fresh)
{
    struct pool_worker *found = NULL;

    for (struct pool_worker *worker = pool->workers; worker != NULL; worker = worker->next) {
        if (worker->state != WORKER_IDLE || worker->generation != pool->generation ||
            worker->hung_up)
            continue;
        if (fresh && worker->served > 0)
            continue;
        if (found == NULL || worker->served > 0)
            found = worker;
    }
    return found;
}

static uint32_t count_workers(const struct pool *pool)
{
    uint32_t count = 0;

    for (const struct pool_worker *worker = pool->workers; worker != NULL; worker = worker->next)
        count += worker->generation == pool->generation && worker->state < WORKER_ENDING;
    return count;
}

/* Whether a worker that has seen no document is on its way, or will be when a pause is over. */
static bool is_fresh_coming(const struct pool *pool)
{
    for (const struct pool_worker *worker = pool->workers; worker != NULL; worker = worker->next)
        if (worker->state == WORKER_STARTING && worker->generation == pool->generation)
            return true;
    return count_workers(pool) < wanted_workers(pool) + spare_workers(pool);
}

/* An attempt wants a fresh worker, and none is: one that is idle makes room for it. One, however
 * many wait: the others go on with the queue. */
static void make_fresh(struct pool *pool)
{
    struct pool_worker *worker = is_fresh_coming(pool) ? NULL : find_idle(pool, false);

    if (worker == NULL)
        return;
    pool_worker_retire(worker);
    pool_fill(pool);
}

/* While others wait, one worker at a time is for those that may end it: else a few documents that
 * hang, each tried twice, would keep all the others waiting. */
static bool may_give_alone(const struct pool *pool)
{
    bool taken = false;

    for (const struct pool_worker *worker = pool->workers; worker != NULL; worker = worker->next)
        taken |= worker->state == WORKER_BUSY && worker->attempt->alone;
    return pool->alone.first != NULL && (!taken || pool->queue.first == NULL);
}

static void give_out(struct pool *pool)
{
    while (!pool->stopping && may_give_alone(pool)) {
        struct pool_worker *worker = find_idle(pool, true);

        if (worker == NULL) {
            make_fresh(pool);
            break;
        }
        pool_worker_assign(worker, attempt_queue_pop(&pool->alone), ++pool->serial);
    }
    while (!pool->stopping && pool->queue.first != NULL) {
        struct pool_worker *worker = find_idle(pool, false);
        struct pool_stats stats;

        pool_stats(pool, &stats);
        if (worker == NULL || stats.busy >= wanted_workers(pool))
            return; /* a spare is no further worker */
        pool_worker_assign(worker, attempt_queue_pop(&pool->queue), ++pool->serial);
    }
}

/* Giving out happens on the loop's next turn, so that `done` is never called from pool_submit. */
static void on_turn(uv_idle_t *handle)
{
    struct pool *pool = handle->data;

    uv_idle_stop(handle);
    give_out(pool);
}

static void arrange_turn(struct pool *pool)
{
    if (!pool->stopping)
        uv_idle_start(&pool->turn, on_turn);
}

static void on_retry(uv_timer_t *timer)
{
    pool_fill(timer->data);
}

static void start_later(struct pool *pool)
{
    if (uv_is_active((uv_handle_t *)&pool->retry))
        return;
    uv_timer_start(&pool->retry, on_retry, pool->retry_ms, 0);
    pool->retry_ms = pool->retry_ms * 2 < RETRY_MOST_MS ? pool->retry_ms * 2 : RETRY_MOST_MS;
}

static int answer_reload(struct pool *pool, struct generation *generation, const char *failure)
{
    int (*answer)(void *, struct generation *, const char *) = pool->reload_answer;

    pool->reload_answer = NULL;
    pool->canary = NULL;
    return answer(pool->reload_context, generation, failure);
}

static void retire_older(struct pool *pool)
{
    for (struct pool_worker *worker = pool->workers; worker != NULL; worker = worker->next)
        if (worker->generation != pool->generation &&
            (worker->state == WORKER_IDLE || worker->state == WORKER_STARTING))
            pool_worker_retire(worker);
}

/* The canary of a reload is READY: swap, unless the line refuses. */
static void take_canary(struct pool *pool, struct pool_worker *worker)
{
    struct generation *old = pool->generation;

    if (answer_reload(pool, worker->generation, NULL) < 0) {
        pool_worker_retire(worker);
        return;
    }
    pool->generation = generation_hold(worker->generation);
    retire_older(pool);
    generation_drop(old);
    pool_fill(pool);
}

static void on_ready(struct pool_worker *worker)
{
    struct pool *pool = worker->owner;

    pool->retry_ms = RETRY_FIRST_MS;
    if (worker == pool->canary)
        take_canary(pool, worker);
    arrange_turn(pool);
}

static void on_start_failed(struct pool_worker *worker, const char *why)
{
    struct pool *pool = worker->owner;

    if (worker == pool->canary) {
        (void)answer_reload(pool, worker->generation, why);
    } else if (!pool->stopping && worker->generation == pool->generation) {
        notice(pool, "a worker could not start: %s; next try in %u ms", why, pool->retry_ms);
        start_later(pool);
    }
}

/* Whether the worker has done its share and is to be replaced. */
static bool is_used_up(const struct pool *pool, const struct pool_worker *worker)
{
    const struct settings_workers *workers = &worker->generation->settings->workers;

    if (worker->generation != pool->generation || worker->served >= workers->documents)
        return true;
    return worker->served % RESIDENT_EVERY == 0 &&
           pool_worker_resident(worker) > workers->grow_bytes;
}

static void on_answered(struct pool_worker *worker, struct attempt *attempt)
{
    struct pool *pool = worker->owner;

    pool->stats.replies += attempt->reply != NULL;
    pool->stats.crashed += worker->crashed;
    pool->stats.killed += worker->killed;
    if (attempt->reply == NULL)
        pool->spare_until = pool->stats.replies + SPARE_FOR;
    attempt->done(attempt);
    if (pool->stopping)
        return;
    if (worker->state == WORKER_IDLE &&
        (is_used_up(pool, worker) ||
         count_workers(pool) > wanted_workers(pool) + spare_workers(pool)))
        pool_worker_retire(worker);
    if (worker->state != WORKER_IDLE)
        pool_fill(pool);
    arrange_turn(pool);
}

static void on_slow(struct pool_worker *worker, const char *stage)
{
    struct pool *pool = worker->owner;

    notice(pool, "%s: a third of its time (limits.time) is gone; stage: %s",
           worker->attempt->job.name, stage);
}

static void free_when_closed(struct pool *pool)
{
    if (!pool->stopping || pool->workers != NULL || pool->open_handles > 0)
        return;
    generation_drop(pool->generation);
    free(pool->program);
    pool->stopped(pool->stopped_context);
    free(pool);
}

static void on_gone(struct pool_worker *worker)
{
    struct pool *pool = worker->owner;
    struct pool_worker **link = &pool->workers;

    while (*link != worker)
        link = &(*link)->next;
    *link = worker->next;
    if (!pool->stopping && worker->crashed && worker->serial == 0 &&
        worker->generation == pool->generation)
        start_later(pool); /* it ended before its first document: do not spin */
    pool_worker_free(worker);
    if (!pool->stopping)
        pool_fill(pool);
    free_when_closed(pool);
}

static const struct pool_worker_events worker_events = {
    .ready = on_ready,
    .start_failed = on_start_failed,
    .answered = on_answered,
    .slow = on_slow,
    .gone = on_gone,
};

static int add_worker(struct pool *pool, struct generation *generation,
                      struct pool_worker **out_worker, struct err *err)
{
    int result = pool_worker_start(pool->loop, pool->program, generation, &worker_events, pool,
                                   out_worker, err);

    if (result < 0)
        return result;
    (*out_worker)->next = pool->workers;
    pool->workers = *out_worker;
    pool->stats.started++;
    return 0;
}

/* As many workers of the generation in force as are wanted, unless a pause is on. */
static void pool_fill(struct pool *pool)
{
    uint32_t wanted = wanted_workers(pool) + spare_workers(pool);

    if (pool->stopping || uv_is_active((uv_handle_t *)&pool->retry))
        return;
    for (uint32_t have = count_workers(pool); have < wanted; have++) {
        struct pool_worker *worker;
        struct err err = {""};

        if (add_worker(pool, pool->generation, &worker, &err) < 0) {
            notice(pool, "%s; next try in %u ms", err.text, pool->retry_ms);
            start_later(pool);
            return;
        }
    }
}

int pool_start(uv_loop_t *loop, const char *program, struct generation *generation,
               struct pool **out_pool, struct err *err)
{
    struct pool *pool = calloc(1, sizeof(*pool));

    assert(generation->manifest != NULL);
    if (pool == NULL || (pool->program = strdup(program)) == NULL) {
        free(pool);
        return err_set(err, -ENOMEM, "out of memory");
    }
    pool->loop = loop;
    pool->generation = generation_hold(generation);
    pool->retry_ms = RETRY_FIRST_MS;
    attempt_queue_init(&pool->queue);
    attempt_queue_init(&pool->alone);
    uv_timer_init(loop, &pool->retry);
    uv_idle_init(loop, &pool->turn);
    pool->retry.data = pool;
    pool->turn.data = pool;
    pool->open_handles = 2;
    pool_fill(pool);
    *out_pool = pool;
    return 0;
}

void pool_set_notice(struct pool *pool, void (*tell)(void *context, const char *line),
                     void *context)
{
    pool->notice = tell;
    pool->notice_context = context;
}

void pool_submit(struct pool *pool, struct attempt *attempt)
{
    attempt_queue_push(attempt->alone ? &pool->alone : &pool->queue, attempt);
    arrange_turn(pool);
}

int pool_reload(struct pool *pool, struct generation *generation,
                int (*answer)(void *context, struct generation *generation, const char *failure),
                void *context, struct err *err)
{
    int result;

    if (pool->reload_answer != NULL || pool->stopping)
        return err_set(err, -EBUSY, "another reload is under way");
    result = add_worker(pool, generation, &pool->canary, err);
    if (result < 0) {
        pool->canary = NULL;
        return result;
    }
    pool->reload_answer = answer;
    pool->reload_context = context;
    return 0;
}

struct generation *pool_generation(const struct pool *pool)
{
    return pool->generation;
}

void pool_stats(const struct pool *pool, struct pool_stats *out_stats)
{
    *out_stats = pool->stats;
    out_stats->queued = pool->queue.count + pool->alone.count;
    out_stats->workers = out_stats->busy = out_stats->starting = 0;
    for (const struct pool_worker *worker = pool->workers; worker != NULL; worker = worker->next) {
        out_stats->workers += worker->state == WORKER_IDLE || worker->state == WORKER_BUSY;
        out_stats->busy += worker->state == WORKER_BUSY;
        out_stats->starting += worker->state == WORKER_STARTING;
    }
}

static void on_pool_handle_closed(uv_handle_t *handle)
{
    struct pool *pool = handle->data;

    pool->open_handles--;
    free_when_closed(pool);
}

void pool_stop(struct pool *pool, void (*stopped)(void *context), void *context)
{
    assert(!pool->stopping);
    pool->stopping = true;
    pool->stopped = stopped;
    pool->stopped_context = context;
    for (struct pool_worker *worker = pool->workers; worker != NULL; worker = worker->next)
        pool_worker_retire(worker);
    uv_close((uv_handle_t *)&pool->retry, on_pool_handle_closed);
    uv_close((uv_handle_t *)&pool->turn, on_pool_handle_closed);
}
