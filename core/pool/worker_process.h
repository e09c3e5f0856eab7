/* pool/worker_process: one taxond-worker from the outside: started, set up, spoken to, killed. Used
 * by the pool (which never blocks on it once it is set up) and by the command line (which does).
 */
#ifndef POOL_WORKER_PROCESS_H
#define POOL_WORKER_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"
#include "pool/generation.h"
#include "wire/frame.h"
#include "wire/job.h"
#include "wire/stage.h"

struct worker_process {
    pid_t pid;  /* -1 when reaped, or not forked yet */
    int pid_fd; /* pidfd: readable when it has ended */
    int socket_fd;
    struct stage_page *stage;
    struct frame_reader reader;
};

/* The path of taxond-worker: beside the running program, else where it was installed to. In
 * `out_path` (PATH_MAX bytes). */
int worker_process_program(char *out_path, size_t size, struct err *err) MUST_CHECK;

/* Starts it and sends the setup (CONFIG, STAGE, PLUGINs, RESOURCEs, START). READY or FAILED is to
 * be waited for by the caller. On failure nothing is left. */
int worker_process_start(const char *program, const struct generation *generation,
                         struct worker_process *out_process, struct err *err) MUST_CHECK;

/* The same for a zygote (pool/zygote), which the caller has to serve while it starts. */
int worker_process_start_zygote(const char *program, const struct generation *generation,
                                struct worker_process *out_process, struct err *err) MUST_CHECK;

/* What a worker needs of us before a zygote forks it: socket, stage page (already sent), reader; no
 * process yet. `out_socket_fd` is the worker's end, for the zygote, the caller's to close. */
int worker_process_await_fork(const struct generation *generation,
                              struct worker_process *out_process, int *out_socket_fd,
                              struct err *err) MUST_CHECK;
/* Takes `pid`, of which a zygote says that it made it, for the process; if it is a child of ours in
 * the group of process `zygote`, and not the zygote itself. -ESRCH: it is not. */
int worker_process_adopt(struct worker_process *process, pid_t pid, pid_t zygote) MUST_CHECK;

/* Waits for READY and gives its manifest to the generation. A worker that fails is ended. */
int worker_process_wait_ready(struct worker_process *process, struct generation *generation,
                              struct err *err) MUST_CHECK;

/* Sends a job; `document_fd` and `spool_fd` (used with JOB_MEMBERS_TAKE only) stay the caller's.
 * Never blocks longer than a second or two. */
int worker_process_send_job(struct worker_process *process, uint64_t serial, const struct job *job,
                            int document_fd, int spool_fd);

/* Waits for the reply to `serial`. 1: `out_frame` holds it; 0: it died, hung (killed after the
 * job's time and grace) or broke the protocol: `err` says how and in which stage, and it has ended.
 */
int worker_process_wait_reply(struct worker_process *process, uint64_t serial,
                              const struct settings *settings, struct frame *out_frame,
                              struct err *err);

/* How it ended, in words: "killed by signal 11 (Segmentation fault)", "exited with status 1". */
void worker_process_describe_end(int wait_status, char *out_text, size_t size);

/* Kills it if it runs, reaps it and releases everything. Returns the wait status, -1 if unknown. */
int worker_process_end(struct worker_process *process);

#endif
