/* pool/pool_worker: how one worker starts, answers and ends, as events on the loop.
 *
 * Called by pool.c only. Whatever the process does, each attempt is answered exactly once: by its
 * reply, by the process's end, by the deadline, or by the first thing it says out of turn.
 */
#include "pool/pool_worker.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/activity.h"

static void worker_kill(struct pool_worker *worker)
{
    if (worker->process.pid > 0)
        kill(worker->process.pid, SIGKILL); /* not reaped yet, so the number is still its own */
}

/* Ends the attempt in hand with a failure, if there is one. */
static void fail_attempt(struct pool_worker *worker, const char *why, bool refused)
{
    struct attempt *attempt = worker->attempt;

    if (attempt == NULL)
        return;
    worker->attempt = NULL;
    stage_name(worker->process.stage, worker->failure_stage);
    snprintf(worker->failure, sizeof(worker->failure), "%s", why);
    attempt->generation = worker->generation;
    attempt->reply = NULL;
    attempt->failure = worker->failure;
    attempt->failure_stage = worker->failure_stage;
    attempt->refused = refused;
    worker->events->answered(worker, attempt);
}

/* The worker has broken a rule or its time is up: out, whatever it was doing. */
static void condemn(struct pool_worker *worker, const char *why, bool refused)
{
    enum worker_state state = worker->state;

    if (state == WORKER_ENDING || state == WORKER_CLOSING)
        return;
    worker->state = WORKER_ENDING;
    uv_timer_stop(&worker->timer);
    uv_poll_stop(&worker->socket_poll);
    worker_kill(worker);
    if (state == WORKER_STARTING)
        worker->events->start_failed(worker, why);
    else
        fail_attempt(worker, why, refused);
}

void pool_worker_condemn(struct pool_worker *worker, const char *why)
{
    condemn(worker, why, false);
}

static void on_handle_closed(uv_handle_t *handle)
{
    struct pool_worker *worker = handle->data;

    if (--worker->open_handles == 0)
        worker->events->gone(worker);
}

static void close_handles(struct pool_worker *worker)
{
    worker->state = WORKER_CLOSING;
    uv_close((uv_handle_t *)&worker->socket_poll, on_handle_closed);
    if (worker->born)
        uv_close((uv_handle_t *)&worker->pid_poll, on_handle_closed);
    uv_close((uv_handle_t *)&worker->timer, on_handle_closed);
}

static void take_reply(struct pool_worker *worker, const struct frame *frame)
{
    struct attempt *attempt = worker->attempt;
    const char *wrong = "it is out of turn";
    struct reply *reply = NULL;
    int result = -EPROTO;

    if (worker->state == WORKER_BUSY && frame->serial == worker->serial)
        result =
            reply_unpack(attempt->arena, frame->payload, frame->len, worker->generation->manifest,
                         &worker->generation->settings->limits, &reply, &wrong);
    if (result < 0) {
        char why[256];

        snprintf(why, sizeof(why), "the worker's reply was refused: %s",
                 result == -ENOMEM ? "out of memory" : wrong);
        condemn(worker, why, true);
        return;
    }
    uv_timer_stop(&worker->timer);
    worker->state = WORKER_IDLE;
    worker->attempt = NULL;
    worker->served++;
    attempt->generation = worker->generation;
    attempt->reply = reply;
    attempt->failure = NULL;
    attempt->failure_stage = NULL;
    attempt->refused = false;
    worker->events->answered(worker, attempt);
}

static void take_ready(struct pool_worker *worker, const struct frame *frame)
{
    struct err err = {""};
    int result = 0;

    if (worker->zygote == NULL)
        result = generation_take_manifest(worker->generation, frame->payload, frame->len, &err);
    else if (frame->len != 0) /* its zygote's READY brought the manifest */
        result = err_set(&err, -EPROTO, "the worker broke the protocol: a frame out of turn");
    if (result < 0) {
        condemn(worker, err.text, true);
        return;
    }
    uv_timer_stop(&worker->timer);
    worker->state = WORKER_IDLE;
    worker->events->ready(worker);
}

static void take_frame(struct pool_worker *worker, const struct frame *frame)
{
    char why[1000];

    if (frame->type == FRAME_REPLY) {
        take_reply(worker, frame);
    } else if (frame->type == FRAME_READY && worker->state == WORKER_STARTING) {
        take_ready(worker, frame);
    } else if (frame->type == FRAME_FAILED && worker->state == WORKER_STARTING) {
        snprintf(why, sizeof(why), "%.*s", (int)(frame->len < 900 ? frame->len : 900),
                 frame->payload);
        condemn(worker, why, false);
    } else {
        condemn(worker, "the worker broke the protocol: a frame out of turn", true);
    }
}

/* Takes every whole frame that is there. An answer may retire the worker: look at its state anew
 * each time. */
static void drain_socket(struct pool_worker *worker)
{
    struct frame frame;
    int result;

    while (worker->state < WORKER_ENDING) {
        result = frame_next(&worker->process.reader, worker->process.socket_fd, &frame);
        if (result == 0)
            return;
        if (result == 1) {
            if (frame.fd >= 0)
                close(frame.fd);
            take_frame(worker, &frame);
        } else if (result == -EPIPE) { /* it ended or closed its socket: its end says which */
            uv_poll_stop(&worker->socket_poll);
            worker->hung_up = true;
            worker_kill(worker);
            return;
        } else {
            condemn(worker, "the worker broke the protocol: a malformed frame", true);
        }
    }
}

static void on_socket(uv_poll_t *handle, int status, int events)
{
    struct pool_worker *worker = handle->data;

    (void)events;
    activity_set("reading a worker's answer");
    if (status < 0)
        condemn(worker, "the worker's socket failed", false);
    else
        drain_socket(worker);
}

/* The process has ended. What it said before counts first. */
static void on_end(uv_poll_t *handle, int status, int events)
{
    struct pool_worker *worker = handle->data;
    enum worker_state state;
    char end[128], why[256];
    int wait_status;

    (void)status;
    (void)events;
    uv_poll_stop(&worker->pid_poll);
    uv_poll_stop(&worker->socket_poll);
    drain_socket(worker);
    state = worker->state;
    worker->state = WORKER_ENDING;
    uv_timer_stop(&worker->timer);
    stage_name(worker->process.stage, worker->failure_stage);
    if (state != WORKER_ENDING) {
        siginfo_t info;

        memset(&info, 0, sizeof(info));
        waitid(P_PID, (id_t)worker->process.pid, &info, WEXITED | WNOWAIT);
        wait_status = info.si_code == CLD_EXITED ? (info.si_status & 0xff) << 8 : info.si_status;
        worker_process_describe_end(wait_status, end, sizeof(end));
        if (worker->hung_up && info.si_code == CLD_KILLED && info.si_status == SIGKILL)
            snprintf(end, sizeof(end), "closed its socket and was killed");
        snprintf(why, sizeof(why), "the worker %s", end);
        worker->crashed = true;
        if (state == WORKER_STARTING)
            worker->events->start_failed(worker, why);
        else
            fail_attempt(worker, why, false);
    }
    close_handles(worker);
    worker_process_end(&worker->process);
}

static void on_deadline(uv_timer_t *timer)
{
    struct pool_worker *worker = timer->data;
    const struct settings *settings = worker->generation->settings;
    uint32_t warn_ms = settings->limits.time_ms / 3;
    char why[128];

    if (worker->state == WORKER_STARTING) {
        condemn(worker, "the worker was not ready in time (workers.start)", false);
        return;
    }
    if (!worker->slow_told) {
        char stage[STAGE_NAME_SIZE];

        worker->slow_told = true;
        stage_name(worker->process.stage, stage);
        uv_timer_start(&worker->timer, on_deadline,
                       settings->limits.time_ms - warn_ms + settings->workers.grace_ms, 0);
        worker->events->slow(worker, stage);
        return;
    }
    worker->killed = true;
    snprintf(why, sizeof(why), "the worker was killed after %u ms (limits.time) and grace",
             settings->limits.time_ms);
    condemn(worker, why, false);
}

static void init_handles(struct pool_worker *worker, uv_loop_t *loop)
{
    uv_poll_init(loop, &worker->socket_poll, worker->process.socket_fd);
    uv_timer_init(loop, &worker->timer);
    worker->socket_poll.data = worker;
    worker->timer.data = worker;
    worker->open_handles = 2;
}

/* From here on its end is seen. One that was retired before it had a process ends at once. */
static void watch_process(struct pool_worker *worker)
{
    uv_poll_init(worker->timer.loop, &worker->pid_poll, worker->process.pid_fd);
    worker->pid_poll.data = worker;
    worker->open_handles++;
    worker->born = true;
    uv_poll_start(&worker->pid_poll, UV_READABLE, on_end);
    if (worker->state >= WORKER_ENDING) {
        worker_kill(worker);
        return;
    }
    uv_poll_start(&worker->socket_poll, UV_READABLE, on_socket);
    uv_timer_start(&worker->timer, on_deadline, worker->generation->settings->workers.start_ms, 0);
}

static struct pool_worker *new_worker(struct generation *generation,
                                      const struct pool_worker_events *events, void *owner)
{
    struct pool_worker *worker = calloc(1, sizeof(*worker));

    if (worker == NULL)
        return NULL;
    worker->owner = owner;
    worker->events = events;
    worker->generation = generation;
    worker->state = WORKER_STARTING;
    return worker;
}

int pool_worker_start(uv_loop_t *loop, const char *program, struct generation *generation,
                      const struct pool_worker_events *events, void *owner,
                      struct pool_worker **out_worker, struct err *err)
{
    struct pool_worker *worker = new_worker(generation, events, owner);
    int result;

    if (worker == NULL)
        return err_set(err, -ENOMEM, "out of memory");
    result = worker_process_start(program, generation, &worker->process, err);
    if (result < 0) {
        free(worker);
        return result;
    }
    generation_hold(generation);
    init_handles(worker, loop);
    watch_process(worker);
    *out_worker = worker;
    return 0;
}

int pool_worker_fork(uv_loop_t *loop, struct zygote *zygote,
                     const struct pool_worker_events *events, void *owner,
                     struct pool_worker **out_worker, int *out_socket_fd, struct err *err)
{
    struct pool_worker *worker = new_worker(zygote->generation, events, owner);
    int result;

    if (worker == NULL)
        return err_set(err, -ENOMEM, "out of memory");
    result = worker_process_await_fork(zygote->generation, &worker->process, out_socket_fd, err);
    if (result < 0) {
        free(worker);
        return result;
    }
    generation_hold(zygote->generation);
    worker->zygote = zygote;
    init_handles(worker, loop);
    *out_worker = worker;
    return 0;
}

int pool_worker_born(struct pool_worker *worker, pid_t pid)
{
    int result = worker_process_adopt(&worker->process, pid, worker->zygote->process.pid);

    if (result == 0)
        watch_process(worker);
    return result;
}

void pool_worker_unborn(struct pool_worker *worker)
{
    close_handles(worker);
    worker_process_end(&worker->process);
}

void pool_worker_assign(struct pool_worker *worker, struct attempt *attempt, uint64_t serial)
{
    uint32_t time_ms = worker->generation->settings->limits.time_ms;
    int result;

    assert(worker->state == WORKER_IDLE);
    worker->state = WORKER_BUSY;
    worker->attempt = attempt;
    worker->serial = serial;
    worker->slow_told = false;
    arena_reset(attempt->arena);
    attempt->job.time_ms = time_ms;
    uv_timer_start(&worker->timer, on_deadline, time_ms / 3, 0);
    result = worker_process_send_job(&worker->process, serial, &attempt->job, attempt->fd,
                                     attempt->spool_fd);
    if (result == -EPIPE || result == -ECONNRESET)
        return; /* it has just ended: on_end answers the attempt */
    if (result < 0) {
        char why[128];

        snprintf(why, sizeof(why), "the document could not be sent to a worker: %s",
                 strerror(-result));
        condemn(worker, why, false);
    }
}

void pool_worker_retire(struct pool_worker *worker)
{
    if (worker->state >= WORKER_ENDING)
        return;
    worker->state = WORKER_ENDING; /* one without a process yet ends when it has, or has none */
    uv_timer_stop(&worker->timer);
    uv_poll_stop(&worker->socket_poll);
    worker_kill(worker); /* it holds nothing worth a goodbye: no files, no state */
}

uint64_t pool_worker_resident(const struct pool_worker *worker)
{
    char path[64];
    unsigned long long pages = 0;
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%d/statm", (int)worker->process.pid);
    file = fopen(path, "re");
    if (file == NULL)
        return 0;
    if (fscanf(file, "%*u %llu", &pages) != 1)
        pages = 0;
    fclose(file);
    return pages * (unsigned long long)sysconf(_SC_PAGESIZE);
}

void pool_worker_free(struct pool_worker *worker)
{
    assert(worker->state == WORKER_CLOSING && worker->open_handles == 0);
    generation_drop(worker->generation);
    free(worker);
}
