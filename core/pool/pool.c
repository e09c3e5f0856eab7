/* pool/pool: who does what: the queue of attempts, and what a worker's answer means for the worker.
 *
 * Called by the line, on the loop. Where workers come from is pool_staff's; how one starts, answers
 * and ends is pool_worker's; how an attempt's result is judged and whether there is another is the
 * line's.
 */
#include "pool/pool.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pool/pool_state.h"

#define RESIDENT_EVERY 64u  /* documents between looks at a worker's size */
#define SPARE_FOR      200u /* replies after a worker's end, during which a spare is kept */

void pool_notice(struct pool *pool, const char *format, ...)
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

/* Whether a worker that has seen no document is on its way, or will be when a pause is over. */
static bool is_fresh_coming(const struct pool *pool)
{
    for (const struct pool_worker *worker = pool->workers; worker != NULL; worker = worker->next)
        if (worker->state == WORKER_STARTING && worker->generation == pool->generation)
            return true;
    return staff_count(pool) < staff_wanted(pool) + staff_spare(pool);
}

/* An attempt wants a fresh worker, and none is: one that is idle makes room for it. One, however
 * many wait: the others go on with the queue. */
static void make_fresh(struct pool *pool)
{
    struct pool_worker *worker = is_fresh_coming(pool) ? NULL : find_idle(pool, false);

    if (worker == NULL)
        return;
    pool_worker_retire(worker);
    staff_fill(pool);
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
        if (worker == NULL || stats.busy >= staff_wanted(pool))
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

void pool_arrange_turn(struct pool *pool)
{
    if (!pool->stopping)
        uv_idle_start(&pool->turn, on_turn);
}

/* Whether the worker has done its share and is to be replaced. */
static bool is_used_up(const struct pool *pool, const struct pool_worker *worker)
{
    const struct settings_workers *workers = &worker->generation->settings->workers;

    if (worker->generation != pool->generation || worker->served >= workers->documents)
        return true;
    if (pool->zygote != NULL && worker->zygote != pool->zygote)
        return true; /* of one that has failed since */
    return worker->served % RESIDENT_EVERY == 0 &&
           pool_worker_resident(worker) > workers->grow_bytes;
}

/* A worker that has just answered gets its next document before the answer is judged: that takes
 * the loop a while, in which the worker would have nothing to do. What is out of the ordinary is
 * left to give_out. */
static void give_next(struct pool *pool, struct pool_worker *worker)
{
    struct pool_stats stats;

    if (pool->stopping || pool->queue.first == NULL || pool->alone.first != NULL ||
        worker->state != WORKER_IDLE || worker->hung_up || is_used_up(pool, worker))
        return;
    pool_stats(pool, &stats);
    if (stats.busy < staff_wanted(pool) &&
        staff_count(pool) <= staff_wanted(pool) + staff_spare(pool))
        pool_worker_assign(worker, attempt_queue_pop(&pool->queue), ++pool->serial);
}

void pool_answered(struct pool_worker *worker, struct attempt *attempt)
{
    struct pool *pool = worker->owner;

    pool->stats.replies += attempt->reply != NULL;
    pool->stats.crashed += worker->crashed;
    pool->stats.killed += worker->killed;
    if (attempt->reply == NULL)
        pool->spare_until = pool->stats.replies + SPARE_FOR;
    if (attempt->reply != NULL)
        give_next(pool, worker);
    attempt->done(attempt);
    if (pool->stopping)
        return;
    if (worker->state == WORKER_IDLE &&
        (is_used_up(pool, worker) || staff_count(pool) > staff_wanted(pool) + staff_spare(pool)))
        pool_worker_retire(worker);
    if (worker->state >= WORKER_ENDING)
        staff_fill(pool);
    pool_arrange_turn(pool);
}

void pool_slow(struct pool_worker *worker, const char *stage)
{
    struct pool *pool = worker->owner;

    pool_notice(pool, "%s: a third of its time (limits.time) is gone; stage: %s",
                worker->attempt->job.name, stage);
}

void pool_free_when_closed(struct pool *pool)
{
    if (!pool->stopping || pool->workers != NULL || pool->zygotes != NULL || pool->open_handles > 0)
        return;
    generation_drop(pool->generation);
    free(pool->program);
    pool->stopped(pool->stopped_context);
    free(pool);
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
    staff_fill(pool);
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
    pool_arrange_turn(pool);
}

int pool_reload(struct pool *pool, struct generation *generation,
                int (*answer)(void *context, struct generation *generation, const char *failure),
                void *context, struct err *err)
{
    int result;

    if (pool->reload_answer != NULL || pool->stopping)
        return err_set(err, -EBUSY, "another reload is under way");
    result = staff_start_canary(pool, generation, err);
    if (result < 0)
        return result;
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
    out_stats->starting += pool->coming != NULL;
    out_stats->starting += pool->canary != NULL;
    out_stats->zygote = pool->plain            ? POOL_ZYGOTE_NONE
                        : pool->zygote != NULL ? POOL_ZYGOTE_READY
                        : pool->coming != NULL ? POOL_ZYGOTE_STARTING
                                               : POOL_ZYGOTE_MISSING;
    out_stats->zygote_pid = pool->zygote != NULL ? pool->zygote->process.pid : 0;
}

static void on_pool_handle_closed(uv_handle_t *handle)
{
    struct pool *pool = handle->data;

    pool->open_handles--;
    pool_free_when_closed(pool);
}

void pool_stop(struct pool *pool, void (*stopped)(void *context), void *context)
{
    assert(!pool->stopping);
    pool->stopping = true;
    pool->stopped = stopped;
    pool->stopped_context = context;
    staff_dismiss(pool);
    uv_close((uv_handle_t *)&pool->retry, on_pool_handle_closed);
    uv_close((uv_handle_t *)&pool->turn, on_pool_handle_closed);
}
