/* line/line: when what is done: the pump that looks at the lists after each event, starting and
 * stopping. What the steps are is in batch.c, what an answer means in judge.c, what an abrupt end
 * left in replay.c, a new configuration in reload.c.
 */
#include "line/line.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "line/line_state.h"
#include "pool/worker_process.h"

static void pump(struct line *line);
static void stop_parts(struct line *line);

static void on_turn(uv_idle_t *handle)
{
    struct line *line = handle->data;

    uv_idle_stop(handle);
    pump(line);
}

void line_pump_soon(struct line *line)
{
    if (line->phase != LINE_STOPPING)
        uv_idle_start(&line->turn, on_turn);
}

static void batch_done(uv_work_t *work, int status)
{
    struct line *line = work->data;
    struct batch *batch = &line->batch;

    (void)status;
    line->batch_running = false;
    line->totals.batches++;
    line->totals.syncs += batch->syncs;
    if (line->phase == LINE_STOPPING) {
        stop_parts(line);
        return;
    }
    if (batch->result == -ENOSPC || batch->result == -EDQUOT || batch->result == -EBUSY) {
        results_put_back(line, batch);
    } else if (batch->result < 0) {
        line_fail(line, batch->err.text);
        return;
    } else {
        results_take(line, batch);
    }
    line_pump_soon(line);
}

static void batch_work(uv_work_t *work)
{
    struct line *line = work->data;

    batch_run(line, &line->batch);
}

/* --- the pump -------------------------------------------------------------------------------- */

/* Fills the batch's claims, inbox by inbox in turn, while there are slots. */
static void gather_claims(struct line *line, uint32_t most)
{
    struct line_inbox *first = line->next_inbox != NULL ? line->next_inbox : line->inboxes;
    struct line_inbox *inbox = first;

    if (line->phase != LINE_RUNNING || inbox == NULL)
        return;
    do {
        struct candidate candidate;

        while (inbox->intake != NULL && !inbox->leaving && line->batch.claims.count < most &&
               line->documents.free.first != NULL &&
               intake_take(inbox->intake, &candidate, 1) == 1) {
            struct document *document = document_take(&line->documents);

            if (document == NULL) { /* no randomness for an id: as if never seen */
                intake_forget(inbox->intake, candidate.path);
                free(candidate.path);
                break;
            }
            document_set_path(document, candidate.path);
            document->from = inbox;
            inbox->documents++;
            document->file.device = candidate.device;
            document->file.inode = candidate.inode;
            document->file.size = candidate.size;
            document->file.mtime_ns = candidate.mtime_ns;
            document->seen_us = candidate.seen_us;
            document->received_ms = clock_wall_ms();
            document->attempts = 1;
            document->given_out = true;
            document_list_push(&line->batch.claims, document);
        }
        inbox = inbox->next != NULL ? inbox->next : line->inboxes;
    } while (inbox != first);
    line->next_inbox = first->next;
}

/* A document that was in hand at more than one abrupt end is tried with no other suspect beside:
 * if there is another end, only its own count grows. */
static void release_suspect(struct line *line)
{
    struct document *document;

    if (line->suspect_out || line->phase == LINE_STOPPING)
        return;
    document = document_list_pop(&line->suspects);
    if (document == NULL)
        return;
    line->suspect_out = true;
    document->suspect = true;
    document->attempts++;
    document_list_push(&line->attempts_due, document);
}

static void on_gathered(uv_timer_t *timer)
{
    struct line *line = timer->data;

    line->gather_over = true;
    pump(line);
}

/* Whether to wait a little for company: only while the workers have plenty to do anyway. */
static bool should_gather(struct line *line, uint32_t due)
{
    const struct settings *settings = line->generation->settings;
    struct pool_stats stats;

    if (line->gather_over || settings->batch_wait_ms == 0 || due >= settings->batch_documents / 2)
        return false;
    pool_stats(line->pool, &stats);
    return stats.queued > 0;
}

static bool batch_start(struct line *line)
{
    const struct settings *settings = line->generation->settings;
    uint32_t most = settings->batch_documents;
    struct batch *batch = &line->batch;
    uint32_t due = line->attempts_due.count + line->decided.count + line->filed.count;

    if (should_gather(line, due)) {
        if (!uv_is_active((uv_handle_t *)&line->gather))
            uv_timer_start(&line->gather, on_gathered, settings->batch_wait_ms, 0);
        return false;
    }
    line->gather_over = false;
    uv_timer_stop(&line->gather);
    batch_init(batch);
    gather_claims(line, most);
    document_list_move(&line->attempts_due, &batch->attempts, most);
    document_list_move(&line->decided, &batch->decided, most);
    document_list_move(&line->filed, &batch->filed, most);
    if (batch->claims.count + batch->attempts.count + batch->decided.count + batch->filed.count ==
        0)
        return false;
    batch->work.data = line;
    line->batch_running = true;
    uv_queue_work(line->loop, &batch->work, batch_work, batch_done);
    return true;
}

static bool is_finished(const struct line *line)
{
    if (line->documents.free.count < line->documents.count)
        return false;
    if (line->phase == LINE_DRAINING)
        return true;
    if (!line->options.once)
        return false;
    for (const struct line_inbox *inbox = line->inboxes; inbox != NULL; inbox = inbox->next) {
        struct intake_stats stats;

        if (inbox->intake == NULL)
            continue;
        intake_stats(inbox->intake, &stats);
        if (!stats.idle)
            return false;
    }
    return true;
}

static void pump(struct line *line)
{
    if (line->phase == LINE_STOPPING || line->batch_running)
        return;
    reload_apply(line);
    release_suspect(line);
    if (!batch_start(line) && is_finished(line)) {
        line->phase = LINE_STOPPING;
        stop_parts(line);
    }
}

static void on_intake_ready(void *context, struct intake *intake)
{
    struct line_inbox *inbox = context;

    (void)intake;
    line_pump_soon(inbox->line);
}

int intake_begin(struct line_inbox *inbox, struct err *err)
{
    return intake_start(inbox->line->loop, inbox->inbox, on_intake_ready, inbox, &inbox->intake,
                        err);
}

/* --- stopping -------------------------------------------------------------------------------- */

static void release(struct line *line)
{
    while (line->inboxes != NULL) {
        struct line_inbox *inbox = line->inboxes;

        line->inboxes = inbox->next;
        inbox_close(inbox->inbox);
        free(inbox);
    }
    documents_release(&line->documents);
    catalog_close(line->catalog);
    reload_release(line);
    roots_close(&line->roots);
    generation_drop(line->generation);
    file_close(&line->lock_fd);
    free(line->config_file);
    free(line->state_folder);
    free(line);
}

static void finish_if_stopped(struct line *line)
{
    void (*stopped)(void *, int) = line->stopped;
    void *context = line->stopped_context;
    int status = line->exit_status;

    if (line->stopping_parts > 0 || line->open_handles > 0)
        return;
    release(line);
    stopped(context, status);
}

static void on_part_stopped(void *context)
{
    struct line *line = context;

    line->stopping_parts--;
    finish_if_stopped(line);
}

static void on_handle_closed(uv_handle_t *handle)
{
    struct line *line = handle->data;

    line->open_handles--;
    finish_if_stopped(line);
}

/* Only when no batch runs: then the catalog, the inboxes and the roots are ours again. */
static void stop_parts(struct line *line)
{
    assert(line->phase == LINE_STOPPING && !line->batch_running);
    line->stopping_parts = 1; /* this function itself: nothing is released under it */
    for (struct line_inbox *inbox = line->inboxes; inbox != NULL; inbox = inbox->next) {
        if (inbox->intake == NULL)
            continue;
        line->stopping_parts++;
        intake_stop(inbox->intake, on_part_stopped, line);
        inbox->intake = NULL;
    }
    line->stopping_parts++;
    pool_stop(line->pool, on_part_stopped, line);
    line->pool = NULL;
    uv_close((uv_handle_t *)&line->gather, on_handle_closed);
    uv_close((uv_handle_t *)&line->retry, on_handle_closed);
    uv_close((uv_handle_t *)&line->turn, on_handle_closed);
    on_part_stopped(line);
}

void line_fail(struct line *line, const char *why)
{
    if (line->phase == LINE_STOPPING)
        return;
    log_error("%s: stopping; what is in hand is finished at the next start", why);
    line->exit_status = 1;
    line->phase = LINE_STOPPING;
    if (!line->batch_running)
        stop_parts(line);
}

void line_drain(struct line *line)
{
    if (line->phase != LINE_RUNNING)
        return;
    line->phase = LINE_DRAINING;
    if (line->held.count > 0)
        log_warning("%u documents that cannot be filed now stay in hand for the next start",
                    line->held.count);
    while (line->held.first != NULL) /* their rows are committed: the next start places them */
        results_forget(line, document_list_pop(&line->held));
    line_pump_soon(line);
}

/* --- starting -------------------------------------------------------------------------------- */

/* Catalog and control socket are nobody else's business. */
static int check_state_folder(const char *folder, struct err *err)
{
    struct stat status;

    if (stat(folder, &status) < 0)
        return err_set(err, -errno, "%s: %s", folder, strerror(errno));
    if (status.st_uid != geteuid())
        return err_set(err, -EPERM, "the state folder %s is not ours: it is owned by user %u",
                       folder, (unsigned)status.st_uid);
    if ((status.st_mode & 077) != 0)
        return err_set(err, -EPERM,
                       "the state folder %s is open to others (mode %04o): chmod 700 %s", folder,
                       (unsigned)(status.st_mode & 07777), folder);
    return 0;
}

static int lock_state(struct line *line, const struct settings *settings, struct err *err)
{
    char path[4096];
    int result = check_state_folder(settings->state, err);

    if (result < 0)
        return result;
    line->state_folder = strdup(settings->state);
    if (line->state_folder == NULL)
        return err_set(err, -ENOMEM, "out of memory");
    if ((size_t)snprintf(path, sizeof(path), "%s/lock", settings->state) >= sizeof(path))
        return err_set(err, -ENAMETOOLONG, "%s: name too long", settings->state);
    line->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (line->lock_fd < 0)
        return err_set(err, -errno, "%s: %s", path, strerror(errno));
    if (flock(line->lock_fd, LOCK_EX | LOCK_NB) < 0)
        return err_set(err, -EBUSY, "another taxond uses the state folder %s", settings->state);
    return 0;
}

static int open_catalog(struct line *line, struct err *err)
{
    char path[4096];

    if ((size_t)snprintf(path, sizeof(path), "%s/catalog.sqlite", line->state_folder) >=
        sizeof(path))
        return err_set(err, -ENAMETOOLONG, "%s: name too long", line->state_folder);
    return catalog_open(path, &line->catalog, err);
}

/* The first worker of the first generation: does the configuration work at all? */
static int try_canary(struct line *line, struct generation *generation, struct err *err)
{
    struct worker_process process;
    int result = worker_process_start(line->program, generation, &process, err);

    if (result == 0)
        result = worker_process_wait_ready(&process, generation, err);
    if (result == 0)
        worker_process_end(&process);
    return result;
}

static void rules_companion_free(void *rules)
{
    rules_free(rules);
}

int generation_attach_rules(struct generation *generation, struct err *err)
{
    struct rules *rules;
    int result = rules_load(generation->settings, generation->manifest, &rules, err);

    if (result < 0)
        return result;
    generation->companion = rules;
    generation->companion_free = rules_companion_free;
    return 0;
}

static void init_handles(struct line *line)
{
    uv_timer_init(line->loop, &line->gather);
    uv_timer_init(line->loop, &line->retry);
    uv_idle_init(line->loop, &line->turn);
    line->gather.data = line->retry.data = line->turn.data = line;
    line->open_handles = 3;
}

static void on_notice(void *context, const char *text)
{
    (void)context;
    log_warning("%s", text);
}

/* Slots for the queue and for what an abrupt end left, whatever the limit was then. */
static int make_slots(struct line *line, uint32_t queue, struct err *err)
{
    uint64_t open_rows;
    int result = catalog_count_open(line->catalog, &open_rows, err);

    if (result < 0)
        return result;
    if (documents_init(&line->documents, line,
                       queue + (uint32_t)open_rows) < 0)
        return err_set(err, -ENOMEM, "out of memory");
    return 0;
}

static int start_all(struct line *line, struct err *err)
{
    const struct settings *settings = line->generation->settings;
    int result = settings_check_places(settings, err);

    if (result == 0)
        result = lock_state(line, settings, err);
    if (result == 0)
        result = inboxes_open(line, settings, err);
    if (result == 0)
        result = roots_open(&line->roots, settings, err);
    if (result == 0)
        result = worker_process_program(line->program, sizeof(line->program), err);
    if (result == 0)
        result = try_canary(line, line->generation, err);
    if (result == 0)
        result = generation_attach_rules(line->generation, err);
    if (result == 0)
        result = open_catalog(line, err);
    if (result == 0)
        result = make_slots(line, settings->limits.queue, err);
    if (result == 0)
        result = replay_run(line, err);
    return result;
}

static int start_watching(struct line *line, struct err *err)
{
    int result = 0;

    for (struct line_inbox *inbox = line->inboxes; inbox != NULL && result == 0;
         inbox = inbox->next)
        result = intake_begin(inbox, err);
    return result;
}

int line_start(uv_loop_t *loop, const struct line_options *options,
               void (*stopped)(void *context, int status), void *context, struct line **out_line,
               struct err *err)
{
    struct line *line = calloc(1, sizeof(*line));
    int result;

    if (line == NULL || (line->config_file = strdup(options->config_file)) == NULL) {
        free(line);
        return err_set(err, -ENOMEM, "out of memory");
    }
    line->loop = loop;
    line->options = *options;
    line->options.config_file = line->config_file;
    line->lock_fd = -1;
    line->stopped = stopped;
    line->stopped_context = context;
    line->retry_ms = LINE_RETRY_FIRST_MS;
    line->generation_last = 1;
    line->started_ms = clock_wall_ms();
    document_list_init(&line->attempts_due);
    document_list_init(&line->decided);
    document_list_init(&line->filed);
    document_list_init(&line->held);
    document_list_init(&line->suspects);
    result = generation_load(line->config_file, 1, &line->generation, err);
    if (result == 0)
        result = start_all(line, err);
    if (result == 0)
        result = pool_start(loop, line->program, line->generation, &line->pool, err);
    if (result < 0) {
        release(line);
        return result;
    }
    pool_set_notice(line->pool, on_notice, line);
    init_handles(line);
    result = start_watching(line, err);
    *out_line = line;
    if (result < 0) { /* handles are open: stop in the loop, the caller hears of it by `stopped` */
        line_fail(line, err->text);
        return 0;
    }
    log_info("watching; generation %llu, sandbox: %s",
             (unsigned long long)line->generation->number, line->generation->manifest->sandbox);
    line_pump_soon(line);
    return 0;
}

const char *line_state_folder(const struct line *line)
{
    return line->state_folder;
}
