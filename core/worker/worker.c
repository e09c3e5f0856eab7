/* worker/worker: the whole life of a taxond-worker process.
 *
 * Called by core/taxond_worker.c, and by tests in a child process of their own. One thread, one
 * loop, one document at a time; or, as a zygote, one worker after the other. Who watches the clock
 * and who decides what becomes of a document is the supervisor.
 */
#include "worker/worker.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/file.h"
#include "wire/job.h"
#include "worker/answer.h"
#include "worker/worker_setup.h"
#include "worker/zygote.h"

#define FAILED_TIMEOUT_MS 1000

static int send_ready(struct worker *worker)
{
    struct strbuf payload = STRBUF_INIT;

    manifest_pack(&payload, worker->manifest);
    int code = payload.failed ? -ENOMEM
                              : frame_send(WORKER_SOCKET_FD, FRAME_READY, 0, payload.data,
                                           payload.len, -1, -1);
    strbuf_release(&payload);
    return code;
}

/* `spool_fd`: of the frame before, or -1. */
static int serve_job(struct worker *worker, struct arena *arena, struct strbuf *reply,
                     struct frame *frame, int spool_fd)
{
    struct job job;

    if (frame->type != FRAME_JOB || frame->fd < 0)
        return -EPROTO;
    arena_reset(arena);
    int code = job_unpack(arena, frame->payload, frame->len, &job);
    if (code == 0)
        code = stages_run(&worker->stages, frame->serial, &job, &frame->fd, spool_fd);
    /* What plugins made (a memfd, a pipe) and left open would add up to the limit, and a later
     * document be blamed for a descriptor that the kernel could not hand over. */
    if (code == 0)
        code = worker_close_others();
    if (code < 0)
        return code;
    stage_set(worker->page, frame->serial, "reply");
    code = answer_pack(&worker->stages, worker->settings->limits.reply_bytes, reply);
    if (code == 0)
        code = frame_send(WORKER_SOCKET_FD, FRAME_REPLY, frame->serial, reply->data, reply->len, -1,
                          -1);
    if (code == 0)
        stage_set(worker->page, 0, "idle");
    return code;
}

/* Until the supervisor closes the socket (0), or something fails that no document can answer for:
 * no memory, or a broken protocol. The supervisor sees the process end and draws its conclusions.
 */
static int serve(struct worker *worker)
{
    struct strbuf reply = STRBUF_INIT;
    struct arena arena;
    struct frame frame;
    int spool_fd = -1;
    int code;

    arena_init(&arena, 0);
    do {
        frame = (struct frame){.fd = -1};
        code = frame_wait(&worker->reader, WORKER_SOCKET_FD, -1, &frame);
        bool ended = code == -EPIPE;
        if (code == 1 && frame.type == FRAME_SPOOL) {
            file_close(&spool_fd);
            spool_fd = frame.fd;
            code = 0;
            continue;
        }
        if (code == 1)
            code = serve_job(worker, &arena, &reply, &frame, spool_fd);
        spool_fd = -1; /* closed with whatever else was open */
        file_close(&frame.fd);
        if (ended)
            break;
    } while (code == 0);
    strbuf_release(&reply);
    arena_release(&arena);
    return code == -EPIPE ? 0 : code;
}

static void release(struct worker *worker)
{
    plugin_set_release(&worker->plugins);
    stages_release(&worker->stages);
    resources_release(&worker->resources);
    for (size_t i = 0; i < worker->object_count; i++)
        file_close(&worker->objects[i].fd);
    stage_unmap(worker->page);
    settings_free(worker->settings);
    frame_reader_release(&worker->reader);
    arena_release(&worker->arena);
}

static int start(struct worker *worker, struct err *err)
{
    int code = worker_receive(worker, err);

    if (code == 0)
        code = worker_prepare(worker, err);
    if (code == 0)
        code = send_ready(worker);
    worker->stages.socket_fd = WORKER_SOCKET_FD;
    return code;
}

int worker_run(int socket_fd)
{
    struct worker worker = {0};
    struct err err = {""};

    if (worker_keep_socket_only(socket_fd) < 0)
        return 1;
    frame_reader_init(&worker.reader, WORKER_PAYLOAD_MAX);
    arena_init(&worker.arena, 0);
    resources_init(&worker.resources);
    int code = start(&worker, &err);
    bool serves = code == 0;
    if (serves && worker.is_zygote)
        code = zygote_serve(&worker, &serves, &err);
    if (code == 0 && serves)
        code = serve(&worker);
    else if (code < 0 && code != -EPIPE)
        frame_send(WORKER_SOCKET_FD, FRAME_FAILED, 0, err.text, strlen(err.text), -1,
                   FAILED_TIMEOUT_MS);
    release(&worker);
    return code == 0 ? 0 : 1;
}
