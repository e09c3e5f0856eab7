/* worker/zygote: forks workers from a worker that is ready.
 *
 * Called by worker/worker after READY. The supervisor's half is pool/zygote and pool/listener.
 *
 * clone(2) by its number, past libc: there are no threads whose locks would have to be waited for,
 * no handlers of pthread_atfork(3) that plugins could have left, and the supervisor knows the call
 * by its bare arguments. What libc would do beside it, one thread does not need: its number is
 * asked of the kernel wherever it counts (abort(3), raise(3)).
 */
#include "worker/zygote.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"
#include "wire/frame.h"

#define STAGE_TIMEOUT_MS 1000

static pid_t fork_sibling(void)
{
    const unsigned long flags = CLONE_PARENT | SIGCHLD;

#if defined(__s390__)
    return (pid_t)syscall(SYS_clone, 0, flags, 0, 0, 0);
#else
    return (pid_t)syscall(SYS_clone, flags, 0, 0, 0, 0);
#endif
}

/* Which the supervisor sent before it asked for the fork. */
static int take_stage(struct worker *worker, struct err *err)
{
    struct frame frame = {.fd = -1};
    struct stage_page *page = NULL;
    int code = frame_wait(&worker->reader, WORKER_SOCKET_FD, STAGE_TIMEOUT_MS, &frame);

    if (code == 1 && frame.type == FRAME_STAGE)
        page = stage_map(frame.fd, 1);
    file_close(&frame.fd);
    if (page == NULL)
        return err_set(err, -EPROTO, "a forked worker was given no stage page");
    stage_unmap(worker->page); /* the zygote's, which still has it */
    worker->page = worker->stages.page = page;
    return 0;
}

/* In the new process: a worker like one that was started, from here on. */
static int become_worker(struct worker *worker, int socket_fd, struct err *err)
{
    int code = worker_keep_socket_only(socket_fd);

    if (code < 0)
        _exit(1); /* with no socket there is nobody to tell */
    frame_reader_release(&worker->reader);
    frame_reader_init(&worker->reader, WORKER_PAYLOAD_MAX);
    code = take_stage(worker, err);
    if (code < 0)
        return code;
    stage_set(worker->page, 0, "lock down");
    code = lockdown_after_fork(&worker->lockdown, err);
    if (code < 0)
        return code;
    stage_set(worker->page, 0, "idle");
    code = frame_send(WORKER_SOCKET_FD, FRAME_READY, 0, NULL, 0, -1, -1);
    return code < 0 ? err_set(err, code, "the supervisor's socket: %s", strerror(-code)) : 0;
}

static int tell(const struct frame *asked, pid_t pid, int error)
{
    const struct setup_forked forked = {.pid = pid < 0 ? 0 : (uint32_t)pid,
                                        .error = pid < 0 ? (uint32_t)error : 0};
    struct strbuf payload = STRBUF_INIT;

    setup_pack_forked(&payload, &forked);
    int code = payload.failed ? -ENOMEM
                              : frame_send(WORKER_SOCKET_FD, FRAME_FORKED, asked->serial,
                                           payload.data, payload.len, -1, -1);
    strbuf_release(&payload);
    return code;
}

int zygote_serve(struct worker *worker, bool *out_is_worker, struct err *err)
{
    struct frame frame;
    int code;

    *out_is_worker = false;
    do {
        frame = (struct frame){.fd = -1};
        code = frame_wait(&worker->reader, WORKER_SOCKET_FD, -1, &frame);
        if (code == 1 && frame.type != FRAME_FORK)
            code = -EPROTO;
        if (code == 1) {
            pid_t pid = fork_sibling();
            if (pid == 0) {
                *out_is_worker = true;
                return become_worker(worker, frame.fd, err);
            }
            code = tell(&frame, pid, errno);
        }
        file_close(&frame.fd);
    } while (code == 0);
    return code == -EPIPE ? 0 : err_set(err, code, "the supervisor's socket: %s", strerror(-code));
}
