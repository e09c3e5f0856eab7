/* line/line: when what is done: the pump that looks at the lists after each event, and stopping.
 * How it starts is in start.c, what the steps are in batch.c, what an answer means in judge.c, what
 * an abrupt end left in replay.c, a new configuration in reload.c.
 */
#include "line/line.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/activity.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "line/line_state.h"

static void pump(struct line *line);
static void stop_parts(struct line *line);

static void on_turn(uv_idle_t *handle)
{
    struct line *line = handle->data;

    uv_idle_stop(handle);
    activity_set("looking for what is to be done next");
    pump(line);
}

void line_pump_soon(struct line *line)
{
    if (!line->parts_stopping)
        uv_idle_start(&line->turn, on_turn);
}

static void batch_done(uv_work_t *work, int status)
{
    struct line *line = work->data;
    struct batch *batch = &line->batch;

    (void)status;
    activity_set("taking the results of a batch");
    line->batch_running = false;
    line->totals.batches++;
    line->totals.syncs += batch->syncs;
    /* A line that is stopping leaves them as they are: their rows tell the next start. */
    if (line->phase != LINE_STOPPING) {
        if (batch->result == -ENOSPC || batch->result == -EDQUOT || batch->result == -EBUSY)
            results_put_back(line, batch);
        else if (batch->result < 0)
            line_fail(line, batch->err.text);
        else
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

    /* What waits inside of containers comes first: else it would grow and grow. */
    if (line->phase != LINE_RUNNING || inbox == NULL || line->asleep > line->documents.count)
        return;
    do {
        struct candidate candidate;

        while (inbox->intake != NULL && !inbox->leaving && line->batch.claims.count < most &&
               line->documents.free.first != NULL &&
               intake_take(inbox->intake, &candidate, 1) == 1) {
            struct document *document;

            if (failing_holds(line, inbox->inbox->settings->source, candidate.path)) {
                line->totals.held++;
                intake_forget(inbox->intake, candidate.path); /* the next scan asks again */
                free(candidate.path);
                continue;
            }
            document = document_take(&line->documents);

            if (document == NULL) { /* no randomness for an id: as if never seen */
                intake_forget(inbox->intake, candidate.path);
                free(candidate.path);
                break;
            }
            document_set_path(document, candidate.path);
            document_set_inbox(document, inbox);
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

    activity_set("looking for what is to be done next");
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
    uint32_t due = line->attempts_due.count + line->decided.count;

    if (line->no_room)
        return false;
    if (should_gather(line, due)) {
        if (!uv_is_active((uv_handle_t *)&line->gather))
            uv_timer_start(&line->gather, on_gathered, settings->batch_wait_ms, 0);
        return false;
    }
    line->gather_over = false;
    uv_timer_stop(&line->gather);
    batch_init(batch);
    quarantine_gather(line, batch, most);
    members_gather(line, batch, most);
    gather_claims(line, most);
    document_list_move(&line->attempts_due, &batch->attempts, most);
    document_list_move(&line->decided, &batch->decided, most);
    document_list_move(&line->filed, &batch->filed, UINT32_MAX); /* same-is-same looks for them */
    batch->has_conduct = line->conduct.changed;
    if (batch->claims.count + batch->attempts.count + batch->decided.count + batch->filed.count +
            batch->containers.count + batch->windows.count + batch->wakes.count +
            batch->drops.count + batch->has_conduct ==
        0)
        return false;
    strbuf_clear(&line->conduct_text);
    if (batch->has_conduct)
        conduct_print(&line->conduct, &line->conduct_text);
    batch->work.data = line;
    line->batch_running = true;
    uv_queue_work(line->loop, &batch->work, batch_work, batch_done);
    return true;
}

static bool inboxes_are_idle(const struct line *line)
{
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

static bool is_seen_whole(const struct line *line)
{
    for (const struct line_inbox *inbox = line->inboxes; inbox != NULL; inbox = inbox->next) {
        struct intake_stats stats;

        if (inbox->intake == NULL)
            continue;
        intake_stats(inbox->intake, &stats);
        if (stats.unseen)
            return false;
    }
    return true;
}

/* Nothing is left to do, unless the future brings it. */
static bool is_finished(const struct line *line)
{
    if (line->documents.free.count < line->documents.count || !quarantine_is_idle(line))
        return false;
    if (line->asleep > 0 && line->phase != LINE_DRAINING)
        return false;
    return line->phase == LINE_DRAINING || (line->options.once && inboxes_are_idle(line));
}

/* With --once: all that is left was tried and cannot be read or filed now (an archive is full, or
 * away), or cannot be taken from its inbox. That may last for ever; who said "once" is told. */
static bool is_stuck(const struct line *line)
{
    uint32_t waiting = line->held.count + line->unread.count;

    return line->options.once && line->phase == LINE_RUNNING &&
           (waiting > 0 || line->untaken || line->asleep > 0 || !is_seen_whole(line)) &&
           line->documents.free.count + waiting == line->documents.count && inboxes_are_idle(line);
}

static void finish(struct line *line)
{
    if (line->options.once && line->phase == LINE_RUNNING && line->totals.held > 0) {
        log_warning("documents wait in their inbox for a plugin that is switched off");
        line->exit_status = 1;
    }
    line->phase = LINE_STOPPING;
}

static void pump(struct line *line)
{
    if (line->batch_running || line->parts_stopping)
        return;
    if (line->phase != LINE_STOPPING) {
        reload_apply(line);
        failing_apply(line);
        quarantine_walk_step(line);
    }
    if (line->phase == LINE_STOPPING) {
        stop_parts(line);
        return;
    }
    release_suspect(line);
    if (batch_start(line))
        return;
    if (is_stuck(line))
        line_fail(line, "what is left cannot be filed now");
    else if (is_finished(line))
        finish(line);
    if (line->phase == LINE_STOPPING)
        stop_parts(line);
}

/* --- stopping -------------------------------------------------------------------------------- */

void line_release(struct line *line)
{
    while (line->inboxes != NULL) {
        struct line_inbox *inbox = line->inboxes;

        line->inboxes = inbox->next;
        inbox_close(inbox->inbox);
        free(inbox);
    }
    members_forget_woken(&line->batch);
    documents_release(&line->documents);
    catalog_close(line->catalog);
    reload_release(line);
    roots_close(&line->roots);
    strbuf_release(&line->conduct_text);
    if (line->walk != NULL)
        closedir(line->walk);
    generation_drop(line->generation);
    file_close(&line->lock_fd);
    free(line->config_file);
    free(line->state_folder);
    free(line);
}

void line_finish_if_stopped(struct line *line)
{
    void (*stopped)(void *, int) = line->stopped;
    void *context = line->stopped_context;
    int status = line->exit_status;

    if (line->stopping_parts > 0 || line->open_handles > 0)
        return;
    line_release(line);
    stopped(context, status);
}

static void on_part_stopped(void *context)
{
    struct line *line = context;

    line->stopping_parts--;
    line_finish_if_stopped(line);
}

static void on_handle_closed(uv_handle_t *handle)
{
    struct line *line = handle->data;

    line->open_handles--;
    line_finish_if_stopped(line);
}

/* Only when no batch runs: then the catalog, the inboxes and the roots are ours again. */
static void stop_parts(struct line *line)
{
    assert(line->phase == LINE_STOPPING && !line->batch_running && !line->parts_stopping);
    line->parts_stopping = true;
    reload_cancel(line);
    upkeep_finish(line);
    quarantine_cancel(line);
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
    watchdog_stop(&line->watchdog, on_handle_closed);
    uv_close((uv_handle_t *)&line->gather, on_handle_closed);
    uv_close((uv_handle_t *)&line->retry, on_handle_closed);
    uv_close((uv_handle_t *)&line->upkeep, on_handle_closed);
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
    line_pump_soon(line); /* nothing is taken apart under whoever called */
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
    while (line->unread.first != NULL)
        results_forget(line, document_list_pop(&line->unread));
    line_pump_soon(line);
}

const char *line_state_folder(const struct line *line)
{
    return line->state_folder;
}
