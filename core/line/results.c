/* line/results: what a batch brought: where each of its documents goes next, and the log's one line
 * for each that is filed.
 *
 * Called by the line on the loop, after the batch thread is done with them.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/log.h"
#include "line/line_state.h"

/* The claim is over: the same name may be given out again. */
static void end_claim(struct document *document)
{
    if (document->given_out && document->from->intake != NULL)
        intake_forget(document->from->intake, document->path);
    document->given_out = false;
}

void results_forget(struct line *line, struct document *document)
{
    struct line_inbox *from = document->from;

    end_claim(document);
    document_give_back(&line->documents, document);
    from->documents--;
    inbox_release(line, from);
}

/* True when it could not be taken out of the quarantine. */
static bool take_released(struct line *line, struct document *document)
{
    struct line_request *request = document->request;

    document->request = NULL;
    if (document->step_result == 0) {
        line->totals.released++;
        log_info("%s: taken out of quarantine, tried again", document->name);
        quarantine_answer(request, NULL);
        return false;
    }
    quarantine_answer(request, document->step_result == -ENOENT
                                   ? "its file is not in the quarantine any more"
                                   : strerror(-document->step_result));
    document->kept = true;
    document_list_push(&line->filed, document);
    return true;
}

static void retry_later(struct line *line);
static void take_read(struct line *line, struct document *document);

void results_unread(struct line *line, struct document *document)
{
    take_read(line, document);
}

/* It is in work/: from here on it is ours to put somewhere. What keeps it from being read (an error
 * of the disk, no descriptor) may pass; if not, it is quarantined in the end. */
static void take_read(struct line *line, struct document *document)
{
    const struct settings_limits *limits = &line->generation->settings->limits;

    if (document->read_result == 0) {
        judge_submit(line, document);
        return;
    }
    if (document->suspect)
        line->suspect_out = document->suspect = false;
    snprintf(document->failure, sizeof(document->failure), "it cannot be read: %s",
             strerror(-document->read_result));
    if (document->attempts >= limits->attempts + LINE_MORE_ATTEMPTS) {
        judge_quarantine(line, document);
        return;
    }
    log_error("%s: %s; it stays in hand and is tried again %s", document->name, document->failure,
              line->phase == LINE_DRAINING ? "at the next start" : "later");
    if (line->phase == LINE_DRAINING) {
        results_forget(line, document);
        return;
    }
    (void)err_set(&line->held_why, document->read_result, "%s", document->failure);
    document->attempts++;
    document_list_push(&line->unread, document);
    retry_later(line);
}

static void take_in(struct line *line, struct document *document)
{
    end_claim(document);
    if (document->released && take_released(line, document))
        return;
    if (document->step_result < 0) {
        /* It vanished, changed, or may not be taken: it stays where it is, a scan finds it again.
         */
        if (document->step_result != -ENOENT && document->step_result != -ESTALE)
            log_warning("%s: cannot be taken from inbox '%s': %s", document->name,
                        document->from->inbox->name, strerror(-document->step_result));
        document->gone = true;
        line->untaken |= document->step_result != -ENOENT && document->step_result != -ESTALE;
        document_list_push(&line->filed, document);
    } else {
        take_read(line, document);
    }
}

static const char *effect_word(enum catalog_effect effect)
{
    if (effect == CATALOG_EFFECT_SAME)
        return "same as";
    return effect == CATALOG_EFFECT_QUARANTINED ? "quarantined" : "filed";
}

static void count_filed(struct line *line, struct document *document)
{
    bool quarantined = strcmp(document->plan.root, "quarantine") == 0;
    const struct placement *placement = &document->placement;

    document->effect = quarantined       ? CATALOG_EFFECT_QUARANTINED
                       : placement->same ? CATALOG_EFFECT_SAME
                                         : CATALOG_EFFECT_PLACED;
    line->totals.quarantined += quarantined;
    line->totals.same += placement->same && !quarantined;
    line->totals.filed += !placement->same && !quarantined;
    log_line(quarantined ? LOG_LEVEL_WARNING : LOG_LEVEL_INFO, "%s %s -> %s/%s [%s] %.1f ms",
             effect_word(document->effect), document->name,
             quarantined ? "quarantine" : strchr(document->plan.root, ':') + 1, placement->placed,
             strbuf_text(&document->summary),
             (double)(clock_monotonic_us() - document->seen_us) / 1000.0);
    if (document->aside != NULL)
        log_info("%s: an older document gave way to it and is %s now", placement->placed,
                 document->aside);
    if (document->also_err.text[0] != '\0')
        log_error("%s: filed, but cannot be done beside: %s", document->name,
                  document->also_err.text);
}

/* Errors that the passing of time, or an administrator, may mend. */
bool results_is_passing(int result)
{
    switch (-result) {
    case ENOENT: /* the root itself was taken away under us */
    case ENOSPC:
    case EDQUOT:
    case EROFS:
    case EACCES:
    case EPERM:
    case EIO:
    case EINTR: /* network and FUSE file systems, even of calls that never wait */
    case ENOLINK:
    case ENOMEDIUM: /* an archive without its mark: see roots.c */
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case EBUSY:
    case ESTALE:
    case ENOTCONN:
    case EHOSTDOWN:
        return true;
    default:
        return false;
    }
}

static void on_retry(uv_timer_t *timer)
{
    struct line *line = timer->data;

    document_list_move(&line->held, &line->decided, UINT32_MAX);
    document_list_move(&line->unread, &line->attempts_due, UINT32_MAX);
    for (struct line_inbox *inbox = line->inboxes; inbox != NULL && line->no_room;
         inbox = inbox->next)
        if (inbox->intake != NULL)
            intake_rescan(inbox->intake); /* what was claimed in vain is nobody's now */
    line->no_room = false;
    line_pump_soon(line);
}

static void retry_later(struct line *line)
{
    if (uv_is_active((uv_handle_t *)&line->retry))
        return;
    uv_timer_start(&line->retry, on_retry, line->retry_ms, 0);
    line->retry_ms =
        line->retry_ms * 2 < LINE_RETRY_MOST_MS ? line->retry_ms * 2 : LINE_RETRY_MOST_MS;
}

/* It stays in hand; a line that drains leaves it to the next start. One line at the first time: an
 * archive that is full is so for each document of the queue, again and again. */
static void hold(struct line *line, struct document *document)
{
    bool draining = line->phase == LINE_DRAINING;

    log_line(document->tried ? LOG_LEVEL_DEBUG : LOG_LEVEL_ERROR,
             "%s: cannot be filed: %s; it stays in hand and is tried again %s", document->name,
             document->step_err.text, draining ? "at the next start" : "later");
    document->tried = true;
    line->held_why = document->step_err;
    if (draining) {
        results_forget(line, document);
        return;
    }
    document_list_push(&line->held, document);
    retry_later(line);
}

/* Whether its own place in work/ is empty, as far as one can tell. */
static bool is_gone(const struct document *document)
{
    struct stat status;

    return fstatat(document->from->inbox->work_fd, document->id.text, &status,
                   AT_SYMLINK_NOFOLLOW) < 0 &&
           errno == ENOENT;
}

static void take_placed(struct line *line, struct document *document)
{
    if (document->step_result == 0) {
        count_filed(line, document);
        line->retry_ms = LINE_RETRY_FIRST_MS;
        document_list_push(&line->filed, document);
    } else if (document->step_result == -ENOENT && is_gone(document)) {
        /* Replayed: power was lost before its move into work/ was durable, so it is in the inbox,
         * whole. Otherwise somebody has been in our folder. */
        if (document->replayed)
            log_warning("%s: not in hand after an abrupt end; if it is in the inbox, it is taken "
                        "anew",
                        document->name);
        else
            log_error("%s: somebody removed it from " INBOX_PRIVATE_NAME "/work of inbox '%s'",
                      document->name, document->from->inbox->name);
        document->gone = true;
        document_list_push(&line->filed, document);
    } else if (results_is_passing(document->step_result) ||
               strcmp(document->plan.root, "quarantine") == 0) {
        hold(line, document);
    } else {
        snprintf(document->failure, sizeof(document->failure), "cannot be filed as %.300s: %.600s",
                 document->plan.target, document->step_err.text);
        document->failure_stage[0] = document->failure_by[0] = '\0';
        judge_quarantine(line, document);
    }
}

/* The commit failed for want of room: nothing of the batch has happened. Try again later. */
void results_put_back(struct line *line, struct batch *batch)
{
    struct document *document;

    if (line->phase == LINE_DRAINING || line->options.once) { /* nobody is to wait for it */
        line_fail(line, batch->err.text);
        return;
    }
    log_error("%s; trying again in %u ms", batch->err.text, line->retry_ms);
    while ((document = document_list_pop(&batch->claims)) != NULL) {
        quarantine_answer(document->request, batch->err.text);
        results_forget(line, document);
    }
    quarantine_answer_drops(batch, batch->err.text);
    members_put_back(line, batch);
    document_list_move(&batch->attempts, &line->attempts_due, UINT32_MAX);
    document_list_move(&batch->filed, &line->filed, UINT32_MAX);
    document_list_move(&batch->decided, &line->decided, UINT32_MAX);
    line->no_room = true;
    retry_later(line);
}

void results_take(struct line *line, struct batch *batch)
{
    struct document *document;

    line->all_sleep = line->all_sleep && batch->filed.count == 0;
    members_results(line, batch);
    while ((document = document_list_pop(&batch->filed)) != NULL) {
        line->totals.gone += document->gone && !document->returned;
        results_forget(line, document);
    }
    while ((document = document_list_pop(&batch->claims)) != NULL)
        take_in(line, document);
    while ((document = document_list_pop(&batch->attempts)) != NULL)
        take_read(line, document);
    while ((document = document_list_pop(&batch->decided)) != NULL)
        take_placed(line, document);
    quarantine_answer_drops(batch, NULL);
}
