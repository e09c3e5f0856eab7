/* pool/pool_staff: that there are as many workers as are wanted: started, forked, replaced.
 *
 * Called by pool.c, and by the events of workers and zygotes. Workers are forked from the zygote of
 * the generation in force, one at a time. Where none can be (a kernel or a container that lends no
 * listener), each is started by itself. A zygote that fails is replaced after a growing pause;
 * meanwhile the workers that are there go on.
 */
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "pool/pool_state.h"

uint32_t staff_wanted(const struct pool *pool)
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
uint32_t staff_spare(const struct pool *pool)
{
    return pool->stats.replies < pool->spare_until ? 1 : 0;
}

uint32_t staff_count(const struct pool *pool)
{
    uint32_t count = 0;

    for (const struct pool_worker *worker = pool->workers; worker != NULL; worker = worker->next)
        count += worker->generation == pool->generation && worker->state < WORKER_ENDING;
    return count;
}

static void on_retry(uv_timer_t *timer)
{
    staff_fill(timer->data);
}

static void start_later(struct pool *pool)
{
    if (uv_is_active((uv_handle_t *)&pool->retry))
        return;
    uv_timer_start(&pool->retry, on_retry, pool->retry_ms, 0);
    pool->retry_ms = pool->retry_ms * 2 < RETRY_MOST_MS ? pool->retry_ms * 2 : RETRY_MOST_MS;
}

static void on_ready(struct pool_worker *worker)
{
    struct pool *pool = worker->owner;

    pool->retry_ms = RETRY_FIRST_MS;
    pool_arrange_turn(pool);
}

static void on_start_failed(struct pool_worker *worker, const char *why)
{
    struct pool *pool = worker->owner;

    if (!pool->stopping && worker->generation == pool->generation) {
        pool_notice(pool, "a worker could not start: %s; next try in %u ms", why, pool->retry_ms);
        start_later(pool);
    }
}

static void on_gone(struct pool_worker *worker)
{
    struct pool *pool = worker->owner;
    struct zygote *zygote = worker->zygote;
    struct pool_worker **link = &pool->workers;

    while (*link != worker)
        link = &(*link)->next;
    *link = worker->next;
    if (!pool->stopping && worker->crashed && worker->serial == 0 &&
        worker->generation == pool->generation)
        start_later(pool); /* it ended before its first document: do not spin */
    pool_worker_free(worker);
    if (zygote != NULL)
        zygote_child_gone(zygote);
    if (!pool->stopping)
        staff_fill(pool);
    pool_free_when_closed(pool);
}

static const struct pool_worker_events worker_events = {
    .ready = on_ready,
    .start_failed = on_start_failed,
    .answered = pool_answered,
    .slow = pool_slow,
    .gone = on_gone,
};

static bool is_known(const struct pool *pool, pid_t pid)
{
    bool known = false;

    for (const struct pool_worker *worker = pool->workers; worker != NULL; worker = worker->next)
        known |= worker->process.pid == pid;
    return known;
}

static void on_forked(struct zygote *zygote, void *wanted, pid_t pid)
{
    struct pool *pool = zygote->owner;

    if (pid != 0 && !is_known(pool, pid) && pool_worker_born(wanted, pid) == 0) {
        if (!pool->stopping)
            staff_fill(pool); /* the next one */
        return;
    }
    pool_worker_unborn(wanted);
    if (pid != 0)
        zygote_condemn(zygote, "the zygote told of a worker that it did not make");
}

static int answer_reload(struct pool *pool, struct generation *generation, const char *failure)
{
    int (*answer)(void *, struct generation *, const char *) = pool->reload_answer;

    pool->reload_answer = NULL;
    pool->canary = NULL;
    return answer(pool->reload_context, generation, failure);
}

/* What is neither of the generation and zygote in force nor to be so, and not at work. A worker
 * that is busy goes when it has answered. */
static void retire_older(struct pool *pool)
{
    for (struct zygote *zygote = pool->zygotes; zygote != NULL; zygote = zygote->next)
        if (zygote != pool->zygote && zygote != pool->canary)
            zygote_retire(zygote);
    for (struct pool_worker *worker = pool->workers; worker != NULL; worker = worker->next)
        if ((worker->generation != pool->generation || worker->zygote != pool->zygote) &&
            (worker->state == WORKER_IDLE || worker->state == WORKER_STARTING))
            pool_worker_retire(worker);
}

/* Where it cannot fork it has done its work: what it opened can be opened. */
static void employ(struct pool *pool, struct zygote *zygote)
{
    if (!zygote->can_fork && !pool->plain)
        pool_notice(pool, "workers are started one by one, which costs more than to fork them: "
                          "the kernel has no listener of seccomp left to give (`taxon doctor`)");
    pool->plain = !zygote->can_fork;
    pool->zygote = pool->plain ? NULL : zygote;
    pool->coming = NULL;
    retire_older(pool);
}

/* The canary of a reload is READY: swap, unless the line refuses. */
static void take_canary(struct pool *pool, struct zygote *zygote)
{
    struct generation *old = pool->generation;

    if (answer_reload(pool, zygote->generation, NULL) < 0) {
        zygote_retire(zygote);
        return;
    }
    pool->generation = generation_hold(zygote->generation);
    employ(pool, zygote);
    generation_drop(old);
}

static void on_zygote_ready(struct zygote *zygote)
{
    struct pool *pool = zygote->owner;

    if (zygote == pool->canary)
        take_canary(pool, zygote);
    else
        employ(pool, zygote);
    staff_fill(pool);
}

static void on_zygote_failed(struct zygote *zygote, const char *why)
{
    struct pool *pool = zygote->owner;

    if (zygote == pool->canary) {
        (void)answer_reload(pool, zygote->generation, why);
        return;
    }
    if (zygote == pool->zygote)
        pool_notice(pool, "no worker can be forked for now: %s; next try in %u ms", why,
                    pool->retry_ms);
    else
        pool_notice(pool, "a worker could not start: %s; next try in %u ms", why, pool->retry_ms);
    pool->zygote = pool->coming = NULL;
    start_later(pool);
}

static void on_pestered(struct zygote *zygote, pid_t pid)
{
    struct pool *pool = zygote->owner;

    for (struct pool_worker *worker = pool->workers; worker != NULL; worker = worker->next)
        if (worker->process.pid == pid) {
            pool_worker_condemn(worker, "the worker signals itself without end");
            return;
        }
    kill(pid, SIGKILL); /* nobody's; stopped in its call, so the number is still its own */
}

static void on_zygote_gone(struct zygote *zygote)
{
    struct pool *pool = zygote->owner;
    struct zygote **link = &pool->zygotes;

    while (*link != zygote)
        link = &(*link)->next;
    *link = zygote->next;
    zygote_free(zygote);
    pool_free_when_closed(pool);
}

static const struct zygote_events zygote_events = {
    .ready = on_zygote_ready,
    .failed = on_zygote_failed,
    .forked = on_forked,
    .pestered = on_pestered,
    .gone = on_zygote_gone,
};

static int add_zygote(struct pool *pool, struct generation *generation, struct zygote **out_zygote,
                      struct err *err)
{
    int result =
        zygote_start(pool->loop, pool->program, generation, &zygote_events, pool, out_zygote, err);

    if (result < 0)
        return result;
    (*out_zygote)->next = pool->zygotes;
    pool->zygotes = *out_zygote;
    pool->stats.zygotes++;
    return 0;
}

int staff_start_canary(struct pool *pool, struct generation *generation, struct err *err)
{
    int result = add_zygote(pool, generation, &pool->canary, err);

    if (result < 0)
        pool->canary = NULL;
    return result;
}

static void add_to_list(struct pool *pool, struct pool_worker *worker)
{
    worker->next = pool->workers;
    pool->workers = worker;
    pool->stats.started++;
}

static int start_worker(struct pool *pool, struct err *err)
{
    struct pool_worker *worker;
    int result = pool_worker_start(pool->loop, pool->program, pool->generation, &worker_events,
                                   pool, &worker, err);

    if (result == 0)
        add_to_list(pool, worker);
    return result;
}

static int fork_worker(struct pool *pool, struct err *err)
{
    struct pool_worker *worker;
    int socket_fd;
    int result =
        pool_worker_fork(pool->loop, pool->zygote, &worker_events, pool, &worker, &socket_fd, err);

    if (result < 0)
        return result;
    add_to_list(pool, worker);
    zygote_fork(pool->zygote, socket_fd, worker);
    file_close(&socket_fd);
    return 0;
}

/* Whether a worker can be had now; what is in the way goes on by itself. */
static bool can_add(const struct pool *pool)
{
    return pool->plain || (pool->zygote != NULL && pool->zygote->state == ZYGOTE_READY);
}

static void fail_to_fill(struct pool *pool, const struct err *err)
{
    pool_notice(pool, "%s; next try in %u ms", err->text, pool->retry_ms);
    start_later(pool);
}

void staff_fill(struct pool *pool)
{
    struct err err = {""};

    if (pool->stopping || uv_is_active((uv_handle_t *)&pool->retry))
        return;
    if (!pool->plain && pool->zygote == NULL && pool->coming == NULL &&
        add_zygote(pool, pool->generation, &pool->coming, &err) < 0) {
        fail_to_fill(pool, &err);
        return;
    }
    while (can_add(pool) && staff_count(pool) < staff_wanted(pool) + staff_spare(pool)) {
        int result = pool->plain ? start_worker(pool, &err) : fork_worker(pool, &err);

        if (result < 0) {
            fail_to_fill(pool, &err);
            return;
        }
    }
}

void staff_dismiss(struct pool *pool)
{
    for (struct pool_worker *worker = pool->workers; worker != NULL; worker = worker->next)
        pool_worker_retire(worker);
    for (struct zygote *zygote = pool->zygotes; zygote != NULL; zygote = zygote->next)
        zygote_retire(zygote);
    pool->zygote = pool->coming = pool->canary = NULL;
}
