/* pool/zygote: how a generation's zygote starts, forks and ends, as events on the loop.
 *
 * Called by pool_staff.c, which decides how many there are and what comes of a failure. Each fork
 * that was asked for is answered once: by the zygote's word, its end, or the deadline.
 */
#include "pool/zygote.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/activity.h"
#include "base/file.h"
#include "pool/listener.h"
#include "wire/setup.h"

#define SEND_TIMEOUT_MS 1000
#define ASKED_MOST      1000u /* questions a second; each is a turn of the loop */

static void end_process(struct zygote *zygote)
{
    if (zygote->process.pid > 0)
        kill(zygote->process.pid, SIGKILL); /* not reaped yet, so the number is still its own */
}

static void on_handle_closed(uv_handle_t *handle)
{
    struct zygote *zygote = handle->data;

    if (--zygote->open_handles > 0)
        return;
    file_close(&zygote->listener_fd);
    zygote->events->gone(zygote);
}

/* What it made without being asked dies with its group; as long as the zygote is not reaped, no
 * other group can have its number. */
static void end_group(struct zygote *zygote)
{
    siginfo_t info;

    kill(-zygote->process.pid, SIGKILL);
    while (waitid(P_PGID, (id_t)zygote->process.pid, &info, WEXITED) == 0 || errno == EINTR)
        continue;
    zygote->process.pid = -1;
}

static void finish_if_childless(struct zygote *zygote)
{
    if (zygote->state != ZYGOTE_ENDED || zygote->children > 0)
        return;
    zygote->state = ZYGOTE_CLOSING;
    end_group(zygote);
    uv_close((uv_handle_t *)&zygote->socket_poll, on_handle_closed);
    uv_close((uv_handle_t *)&zygote->pid_poll, on_handle_closed);
    uv_close((uv_handle_t *)&zygote->timer, on_handle_closed);
    if (zygote->listener_fd >= 0)
        uv_close((uv_handle_t *)&zygote->listener_poll, on_handle_closed);
    worker_process_end(&zygote->process);
}

void zygote_child_gone(struct zygote *zygote)
{
    assert(zygote->children > 0);
    zygote->children--;
    finish_if_childless(zygote);
}

static void answer_fork(struct zygote *zygote, pid_t pid)
{
    void *wanted = zygote->wanted;

    zygote->wanted = NULL;
    zygote->permit = false;
    if (wanted != NULL)
        zygote->events->forked(zygote, wanted, pid);
}

void zygote_retire(struct zygote *zygote)
{
    if (zygote->state >= ZYGOTE_ENDING)
        return;
    zygote->state = ZYGOTE_ENDING;
    uv_timer_stop(&zygote->timer);
    uv_poll_stop(&zygote->socket_poll);
    end_process(zygote);
    answer_fork(zygote, 0);
}

void zygote_condemn(struct zygote *zygote, const char *why)
{
    if (zygote->state >= ZYGOTE_ENDING)
        return;
    zygote_retire(zygote);
    zygote->events->failed(zygote, why);
}

/* Whether a call may go on that the filter asks about. */
static bool may_go_on(void *context, const struct listener_question *question)
{
    struct zygote *zygote = context;

    if (listener_is_own_signal(question))
        return true;
    if (!zygote->permit || question->pid != zygote->process.pid || !listener_is_fork(question))
        return false;
    zygote->permit = false;
    return true;
}

/* A plugin that asks without end would keep the loop from everything else. */
static void count_question(struct zygote *zygote, const struct listener_question *question)
{
    uint64_t now_ms = uv_now(zygote->loop);

    if (now_ms - zygote->asked_since_ms >= 1000) {
        zygote->asked_since_ms = now_ms;
        zygote->asked = 0;
    }
    if (++zygote->asked <= ASKED_MOST)
        return;
    if (question->pid == zygote->process.pid)
        zygote_condemn(zygote, "the zygote asks for processes or signals without end");
    else
        zygote->events->pestered(zygote, question->pid);
}

static bool on_question(void *context, const struct listener_question *question)
{
    count_question(context, question);
    return may_go_on(context, question);
}

static void on_listener(uv_poll_t *handle, int status, int events)
{
    struct zygote *zygote = handle->data;

    (void)events;
    activity_set("answering a zygote");
    if (status < 0 || listener_answer(zygote->listener_fd, on_question, zygote) < 0)
        uv_poll_stop(handle);
}

/* The worker sends it before it maps a plugin: a second one, or one without a filter, is not its
 * own. */
static void take_listener(struct zygote *zygote, struct frame *frame)
{
    bool expected = zygote->state == ZYGOTE_STARTING && zygote->listener_fd < 0 &&
                    zygote->generation->settings->workers.sandbox != SANDBOX_OFF;

    if (!expected || !listener_is_sound(frame->fd) ||
        uv_poll_init(zygote->loop, &zygote->listener_poll, frame->fd) < 0) {
        zygote_condemn(zygote, "the zygote broke the protocol: a descriptor out of turn");
        return;
    }
    zygote->listener_fd = frame->fd;
    frame->fd = -1;
    zygote->open_handles++;
    zygote->listener_poll.data = zygote;
    uv_poll_start(&zygote->listener_poll, UV_READABLE, on_listener);
}

static void take_ready(struct zygote *zygote, const struct frame *frame)
{
    struct err err = {""};

    if (generation_take_manifest(zygote->generation, frame->payload, frame->len, &err) < 0) {
        zygote_condemn(zygote, err.text);
        return;
    }
    uv_timer_stop(&zygote->timer);
    zygote->state = ZYGOTE_READY;
    zygote->can_fork =
        zygote->listener_fd >= 0 || zygote->generation->settings->workers.sandbox == SANDBOX_OFF;
    zygote->events->ready(zygote);
}

static void take_forked(struct zygote *zygote, const struct frame *frame)
{
    struct setup_forked forked;
    char why[128];

    if (setup_unpack_forked(frame->payload, frame->len, &forked) < 0 || forked.pid > INT32_MAX ||
        frame->serial != zygote->serial) {
        zygote_condemn(zygote, "the zygote broke the protocol: a malformed frame");
    } else if (forked.pid == 0) {
        snprintf(why, sizeof(why), "the zygote could not fork a worker: %s",
                 strerror((int)(forked.error & 0xffff)));
        zygote_condemn(zygote, why);
    } else if (zygote->permit && zygote->listener_fd >= 0) {
        zygote_condemn(zygote, "the zygote told of a worker that it did not make");
    } else {
        uv_timer_stop(&zygote->timer);
        zygote->state = ZYGOTE_READY;
        answer_fork(zygote, (pid_t)forked.pid);
    }
}

static void take_frame(struct zygote *zygote, struct frame *frame)
{
    char why[1000];

    if (frame->type == FRAME_LISTENER) {
        take_listener(zygote, frame);
    } else if (frame->type == FRAME_READY && zygote->state == ZYGOTE_STARTING) {
        take_ready(zygote, frame);
    } else if (frame->type == FRAME_FORKED && zygote->state == ZYGOTE_FORKING) {
        take_forked(zygote, frame);
    } else if (frame->type == FRAME_FAILED) {
        snprintf(why, sizeof(why), "%.*s", (int)(frame->len < 900 ? frame->len : 900),
                 frame->payload);
        zygote_condemn(zygote, why);
    } else {
        zygote_condemn(zygote, "the zygote broke the protocol: a frame out of turn");
    }
    file_close(&frame->fd);
}

static void drain_socket(struct zygote *zygote)
{
    while (zygote->state < ZYGOTE_ENDING) {
        struct frame frame = {.fd = -1};
        int result = frame_next(&zygote->process.reader, zygote->process.socket_fd, &frame);

        if (result == 0)
            return;
        if (result == 1) {
            take_frame(zygote, &frame);
        } else if (result == -EPIPE) { /* its end says why */
            uv_poll_stop(&zygote->socket_poll);
            end_process(zygote);
            return;
        } else {
            zygote_condemn(zygote, "the zygote broke the protocol: a malformed frame");
        }
    }
}

static void on_socket(uv_poll_t *handle, int status, int events)
{
    struct zygote *zygote = handle->data;

    (void)events;
    activity_set("reading a zygote's answer");
    if (status < 0)
        zygote_condemn(zygote, "the zygote's socket failed");
    else
        drain_socket(zygote);
}

static void describe_end(const struct zygote *zygote, char *out_why, size_t size)
{
    char end[128], stage[STAGE_NAME_SIZE];
    int wait_status;
    siginfo_t info;

    memset(&info, 0, sizeof(info));
    waitid(P_PID, (id_t)zygote->process.pid, &info, WEXITED | WNOWAIT);
    wait_status = info.si_code == CLD_EXITED ? (info.si_status & 0xff) << 8 : info.si_status;
    worker_process_describe_end(wait_status, end, sizeof(end));
    stage_name(zygote->process.stage, stage);
    if (zygote->state == ZYGOTE_STARTING)
        snprintf(out_why, size, "the worker %s before it was ready; stage: %s", end, stage);
    else
        snprintf(out_why, size, "the zygote %s", end);
}

/* The process has ended. What it said before counts first. */
static void on_end(uv_poll_t *handle, int status, int events)
{
    struct zygote *zygote = handle->data;
    char why[256];

    (void)status;
    (void)events;
    uv_poll_stop(handle);
    drain_socket(zygote);
    describe_end(zygote, why, sizeof(why));
    zygote_condemn(zygote, why);
    zygote->state = ZYGOTE_ENDED;
    finish_if_childless(zygote);
}

static void on_deadline(uv_timer_t *timer)
{
    struct zygote *zygote = timer->data;
    char why[192], stage[STAGE_NAME_SIZE];

    stage_name(zygote->process.stage, stage);
    if (zygote->state == ZYGOTE_STARTING)
        snprintf(why, sizeof(why), "the worker was not ready in time (workers.start); stage: %s",
                 stage);
    else
        snprintf(why, sizeof(why), "the zygote made no worker in time (workers.start)");
    zygote_condemn(zygote, why);
}

static void watch_deadline(struct zygote *zygote)
{
    uv_timer_start(&zygote->timer, on_deadline, zygote->generation->settings->workers.start_ms, 0);
}

int zygote_start(uv_loop_t *loop, const char *program, struct generation *generation,
                 const struct zygote_events *events, void *owner, struct zygote **out_zygote,
                 struct err *err)
{
    struct zygote *zygote = calloc(1, sizeof(*zygote));
    int result;

    if (zygote == NULL)
        return err_set(err, -ENOMEM, "out of memory");
    result = worker_process_start_zygote(program, generation, &zygote->process, err);
    if (result < 0) {
        free(zygote);
        return result;
    }
    zygote->loop = loop;
    zygote->owner = owner;
    zygote->events = events;
    zygote->generation = generation_hold(generation);
    zygote->listener_fd = -1;
    uv_poll_init(loop, &zygote->socket_poll, zygote->process.socket_fd);
    uv_poll_init(loop, &zygote->pid_poll, zygote->process.pid_fd);
    uv_timer_init(loop, &zygote->timer);
    zygote->socket_poll.data = zygote->pid_poll.data = zygote->timer.data = zygote;
    zygote->open_handles = 3;
    uv_poll_start(&zygote->socket_poll, UV_READABLE, on_socket);
    uv_poll_start(&zygote->pid_poll, UV_READABLE, on_end);
    watch_deadline(zygote);
    *out_zygote = zygote;
    return 0;
}

void zygote_fork(struct zygote *zygote, int socket_fd, void *wanted)
{
    int result;

    assert(zygote->state == ZYGOTE_READY && zygote->can_fork);
    zygote->state = ZYGOTE_FORKING;
    zygote->wanted = wanted;
    zygote->permit = true;
    zygote->children++;
    watch_deadline(zygote);
    result = frame_send(zygote->process.socket_fd, FRAME_FORK, ++zygote->serial, NULL, 0, socket_fd,
                        SEND_TIMEOUT_MS);
    if (result < 0 && result != -EPIPE) /* for that, on_end answers */
        zygote_condemn(zygote, "the zygote could not be asked for a worker");
}

void zygote_free(struct zygote *zygote)
{
    assert(zygote->state == ZYGOTE_CLOSING && zygote->open_handles == 0);
    generation_drop(zygote->generation);
    free(zygote);
}
