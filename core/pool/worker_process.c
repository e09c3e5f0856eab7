/* pool/worker_process: starts a taxond-worker, hands it its setup, speaks to it, ends it; or takes
 * over one that a zygote forked.
 *
 * posix_spawn(3), which shares the parent's memory until exec and so does not slow down with its
 * size. The worker gets descriptor 3 (its end of the socket pair), 2, and nothing else that it
 * could use: everything of ours is close-on-exec. Neither the pool's queue nor retries are here.
 */
#include "pool/worker_process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "wire/setup.h"

#define WORKER_SOCKET_FD 3
#define SEND_TIMEOUT_MS  1000
#define SOCKET_BUFFER    (1 << 20)

#ifndef TAXOND_LIBEXEC
#define TAXOND_LIBEXEC "/usr/libexec/taxond"
#endif

int worker_process_program(char *out_path, size_t size, struct err *err)
{
    char self[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
    char *slash;
    int written = 0;

    if (len > 0) {
        self[len] = '\0';
        slash = strrchr(self, '/');
        written = snprintf(out_path, size, "%.*s/taxond-worker", (int)(slash - self), self);
        if (written > 0 && (size_t)written < size && access(out_path, X_OK) == 0)
            return 0;
    }
    written = snprintf(out_path, size, "%s/taxond-worker", TAXOND_LIBEXEC);
    if (written > 0 && (size_t)written < size && access(out_path, X_OK) == 0)
        return 0;
    return err_set(err, -ENOENT, "taxond-worker is neither beside this program nor at %s",
                   TAXOND_LIBEXEC "/taxond-worker");
}

/* Only what a sanitizer needs survives of our environment. */
static void environment_fill(char *out_environment[4])
{
    static const char *const kept[] = {"ASAN_OPTIONS=", "UBSAN_OPTIONS="};
    size_t count = 0;

    for (char **entry = environ; entry != NULL && *entry != NULL; entry++)
        for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
            if (count < 3 && strncmp(*entry, kept[i], strlen(kept[i])) == 0)
                out_environment[count++] = *entry;
    out_environment[count] = NULL;
}

/* The child's descriptors and signals as a program expects them. */
static int spawn(const char *program, int socket_fd, pid_t *out_pid)
{
    char *arguments[] = {(char *)(uintptr_t) "taxond-worker", NULL};
    char *environment[4];
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    int result;

    environment_fill(environment);
    sigemptyset(&none);
    sigfillset(&all);
    if (posix_spawn_file_actions_init(&actions) != 0)
        return -ENOMEM;
    if (posix_spawnattr_init(&attributes) != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return -ENOMEM;
    }
    result = posix_spawn_file_actions_adddup2(&actions, socket_fd, WORKER_SOCKET_FD);
    if (result == 0)
        result =
            posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                                      POSIX_SPAWN_SETPGROUP);
    if (result == 0)
        result = posix_spawnattr_setsigmask(&attributes, &none);
    if (result == 0)
        result = posix_spawnattr_setsigdefault(&attributes, &all);
    if (result == 0) /* a group of its own: Ctrl-C at a terminal is the supervisor's to handle */
        result = posix_spawnattr_setpgroup(&attributes, 0);
    if (result == 0)
        result = posix_spawn(out_pid, program, &actions, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return -result;
}

static int send_setup(const struct worker_process *process, const struct generation *generation,
                      enum frame_type begin, int stage_fd)
{
    const struct setup_config config = {generation->settings->file, generation->number};
    struct strbuf payload = STRBUF_INIT;
    int result;

    setup_pack_config(&payload, &config);
    result = frame_send(process->socket_fd, FRAME_CONFIG, 0, payload.data, payload.len,
                        generation->config_fd, SEND_TIMEOUT_MS);
    if (result == 0)
        result = frame_send(process->socket_fd, FRAME_STAGE, 0, NULL, 0, stage_fd, SEND_TIMEOUT_MS);
    for (size_t i = 0; i < generation->object_count && result == 0; i++) {
        const struct generation_object *object = &generation->objects[i];
        const struct setup_plugin plugin = {object->plugin, object->path, object->digest,
                                            object->off};

        strbuf_clear(&payload);
        setup_pack_plugin(&payload, &plugin);
        result = frame_send(process->socket_fd, FRAME_PLUGIN, 0, payload.data, payload.len,
                            object->fd, SEND_TIMEOUT_MS);
    }
    for (size_t i = 0; i < generation->resource_count && result == 0; i++) {
        const struct generation_resource *held = &generation->resources[i];
        const struct setup_resource resource = {held->plugin, held->option, held->index, held->path,
                                                held->digest};

        strbuf_clear(&payload);
        setup_pack_resource(&payload, &resource);
        result = frame_send(process->socket_fd, FRAME_RESOURCE, 0, payload.data, payload.len,
                            held->fd, SEND_TIMEOUT_MS);
    }
    if (result == 0)
        result = frame_send(process->socket_fd, begin, 0, NULL, 0, -1, SEND_TIMEOUT_MS);
    strbuf_release(&payload);
    return result;
}

static int pid_fd_open(pid_t pid)
{
    int fd = (int)syscall(SYS_pidfd_open, pid, 0);

    if (fd < 0)
        return -errno;
    fcntl(fd, F_SETFD, FD_CLOEXEC); /* pidfd_open(2) sets it already; stated for the reader */
    return fd;
}

static int make_sockets(int out_sockets[2])
{
    int size = SOCKET_BUFFER;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, out_sockets) < 0)
        return -errno;
    /* Descriptors hold their frame's buffer until they are taken; refusal only makes it slower. */
    (void)setsockopt(out_sockets[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
    if (out_sockets[1] == WORKER_SOCKET_FD) { /* dup2 onto itself would keep close-on-exec */
        int moved = fcntl(out_sockets[1], F_DUPFD_CLOEXEC, WORKER_SOCKET_FD + 1);

        if (moved < 0) {
            int error = errno;

            close(out_sockets[0]);
            close(out_sockets[1]);
            return -error;
        }
        close(out_sockets[1]);
        out_sockets[1] = moved;
    }
    return 0;
}

/* Socket pair, stage page and reader; the process is still to come. On failure nothing is left. */
static int prepare(const struct generation *generation, struct worker_process *out_process,
                   int *out_socket_fd, int *out_stage_fd)
{
    struct worker_process process = {.pid = -1, .pid_fd = -1, .socket_fd = -1};
    int sockets[2] = {-1, -1};
    int stage_fd = stage_create();
    int result = stage_fd < 0 ? stage_fd : make_sockets(sockets);

    frame_reader_init(&process.reader, generation->settings->limits.reply_bytes);
    frame_reader_only_from_worker(&process.reader);
    if (result == 0) {
        process.socket_fd = sockets[0];
        process.stage = stage_map(stage_fd, 0);
        result = process.stage == NULL ? -ENOMEM : 0;
    }
    if (result < 0) {
        file_close(&sockets[1]);
        file_close(&stage_fd);
        worker_process_end(&process);
        return result;
    }
    *out_process = process;
    *out_socket_fd = sockets[1];
    *out_stage_fd = stage_fd;
    return 0;
}

static int start(const char *program, const struct generation *generation, enum frame_type begin,
                 struct worker_process *out_process, struct err *err)
{
    struct worker_process process;
    int socket_fd, stage_fd;
    int result = prepare(generation, &process, &socket_fd, &stage_fd);

    if (result == 0) {
        result = spawn(program, socket_fd, &process.pid);
        file_close(&socket_fd);
        if (result == 0) {
            process.pid_fd = pid_fd_open(process.pid);
            result = process.pid_fd < 0 ? process.pid_fd
                                        : send_setup(&process, generation, begin, stage_fd);
        }
        file_close(&stage_fd);
        if (result < 0)
            worker_process_end(&process);
    }
    if (result < 0)
        return err_set(err, result, "cannot start %s: %s", program, strerror(-result));
    *out_process = process;
    return 0;
}

int worker_process_start(const char *program, const struct generation *generation,
                         struct worker_process *out_process, struct err *err)
{
    return start(program, generation, FRAME_START, out_process, err);
}

int worker_process_start_zygote(const char *program, const struct generation *generation,
                                struct worker_process *out_process, struct err *err)
{
    return start(program, generation, FRAME_ZYGOTE, out_process, err);
}

int worker_process_await_fork(const struct generation *generation,
                              struct worker_process *out_process, int *out_socket_fd,
                              struct err *err)
{
    struct worker_process process;
    int socket_fd, stage_fd;
    int result = prepare(generation, &process, &socket_fd, &stage_fd);

    if (result == 0) {
        result = frame_send(process.socket_fd, FRAME_STAGE, 0, NULL, 0, stage_fd, SEND_TIMEOUT_MS);
        file_close(&stage_fd);
        if (result < 0) {
            file_close(&socket_fd);
            worker_process_end(&process);
        }
    }
    if (result < 0)
        return err_set(err, result, "cannot prepare a worker: %s", strerror(-result));
    *out_process = process;
    *out_socket_fd = socket_fd;
    return 0;
}

/* As long as it is not reaped the number stays its own, and only a child of ours can be reaped. */
int worker_process_adopt(struct worker_process *process, pid_t pid, pid_t zygote)
{
    siginfo_t info;

    if (pid == zygote || getpgid(pid) != zygote ||
        waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0)
        return -ESRCH;
    process->pid_fd = pid_fd_open(pid);
    if (process->pid_fd < 0)
        return process->pid_fd;
    process->pid = pid;
    return 0;
}

/* Ends the process and tells what it said or how it died. */
static int refuse(struct worker_process *process, const struct frame *failed, int result,
                  struct err *err)
{
    char end[128];
    char stage[STAGE_NAME_SIZE];

    if (failed != NULL && failed->type == FRAME_FAILED) {
        err_set(err, -EINVAL, "%.*s", (int)(failed->len < 900 ? failed->len : 900),
                failed->payload);
        worker_process_end(process);
        return -EINVAL;
    }
    stage_name(process->stage, stage);
    if (result == -ETIMEDOUT) {
        worker_process_end(process);
        return err_set(err, result, "the worker was not ready in time (workers.start); stage: %s",
                       stage);
    }
    worker_process_describe_end(worker_process_end(process), end, sizeof(end));
    return err_set(err, result == 0 ? -EPROTO : result,
                   "the worker %s before it was ready; stage: %s", end, stage);
}

int worker_process_wait_ready(struct worker_process *process, struct generation *generation,
                              struct err *err)
{
    struct frame frame = {.fd = -1};
    int result = frame_wait(&process->reader, process->socket_fd,
                            (int)generation->settings->workers.start_ms, &frame);

    if (result != 1)
        return refuse(process, NULL, result, err);
    if (frame.type != FRAME_READY)
        return refuse(process, &frame, 0, err);
    result = generation_take_manifest(generation, frame.payload, frame.len, err);
    if (result < 0)
        worker_process_end(process);
    return result;
}

int worker_process_send_job(struct worker_process *process, uint64_t serial, const struct job *job,
                            int document_fd, int spool_fd)
{
    struct strbuf payload = STRBUF_INIT;
    int result = 0;

    job_pack(&payload, job);
    if (job->members == JOB_MEMBERS_TAKE)
        result =
            frame_send(process->socket_fd, FRAME_SPOOL, serial, NULL, 0, spool_fd, SEND_TIMEOUT_MS);
    if (result == 0)
        result = payload.failed ? -ENOMEM
                                : frame_send(process->socket_fd, FRAME_JOB, serial, payload.data,
                                             payload.len, document_fd, SEND_TIMEOUT_MS);
    strbuf_release(&payload);
    return result;
}

int worker_process_wait_reply(struct worker_process *process, uint64_t serial,
                              const struct settings *settings, struct frame *out_frame,
                              struct err *err)
{
    char stage[STAGE_NAME_SIZE];
    char end[128];
    int result =
        frame_wait(&process->reader, process->socket_fd,
                   (int)(settings->limits.time_ms + settings->workers.grace_ms), out_frame);

    if (result == 1 && out_frame->type == FRAME_REPLY && out_frame->serial == serial)
        return 1;
    stage_name(process->stage, stage);
    if (result == -ETIMEDOUT) {
        worker_process_end(process);
        err_set(err, result, "the worker was killed after %u ms (limits.time); stage: %s",
                settings->limits.time_ms, stage);
    } else if (result == -EPIPE) {
        worker_process_describe_end(worker_process_end(process), end, sizeof(end));
        err_set(err, result, "the worker %s; stage: %s", end, stage);
    } else {
        worker_process_end(process);
        err_set(err, -EPROTO, "the worker's reply was malformed; stage: %s", stage);
    }
    return 0;
}

void worker_process_describe_end(int wait_status, char *out_text, size_t size)
{
    if (wait_status >= 0 && WIFSIGNALED(wait_status))
        snprintf(out_text, size, "was killed by signal %d (%s)", WTERMSIG(wait_status),
                 strsignal(WTERMSIG(wait_status)));
    else if (wait_status >= 0 && WIFEXITED(wait_status))
        snprintf(out_text, size, "exited with status %d", WEXITSTATUS(wait_status));
    else
        snprintf(out_text, size, "ended");
}

/* A worker whose socket is at its end has exited or is about to: give its own end a moment to be
 * seen, so that the record can tell the signal, before killing what still runs. */
static int reap(pid_t pid, int pid_fd)
{
    struct pollfd ended = {.fd = pid_fd, .events = POLLIN};
    int status = -1;

    if (pid_fd < 0 || poll(&ended, 1, 0) <= 0)
        kill(pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return status;
}

int worker_process_end(struct worker_process *process)
{
    int status = -1;

    if (process->pid > 0)
        status = reap(process->pid, process->pid_fd);
    process->pid = -1;
    file_close(&process->pid_fd);
    file_close(&process->socket_fd);
    if (process->stage != NULL)
        stage_unmap(process->stage);
    process->stage = NULL;
    frame_reader_release(&process->reader);
    return status;
}
