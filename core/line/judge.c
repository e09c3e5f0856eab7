/* line/judge: what a worker's answer, or its failure, means for a document.
 *
 * An answer waits for the next batch, which decides (decide.c). A failure is tried once more, alone
 * in a fresh worker, after the attempt has been counted on disk; after limits.attempts it is the
 * quarantine. Called on the loop.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/activity.h"
#include "base/log.h"
#include "line/line_state.h"

/* To be decided with the next batch, in the order of ids. The reply stays in the document's arena
 * until then. */
static void decide_later(struct line *line, struct document *document, const struct reply *reply,
                         struct generation *generation)
{
    generation_hold(generation);
    generation_drop(document->generation); /* it was decided before, and could not be placed */
    document->generation = generation;
    document->reply = reply;
    document->undecided = true;
    document->decided_row = false;
    document->step_result = 0;
    document_list_push(&line->decided, document);
}

static void log_failures(const struct document *document, const struct reply *reply,
                         const struct manifest *manifest)
{
    for (size_t i = 0; i < reply->failure_count; i++) {
        const struct reply_failure *failure = &reply->failures[i];

        log_warning("%s: plugin '%s': %s", document->name, manifest->plugins[failure->plugin].name,
                    failure->what);
    }
    for (size_t i = 0; i < reply->log_count; i++) {
        const struct reply_log *said = &reply->logs[i];

        log_line((enum log_level)(said->level > LOG_LEVEL_ERROR ? LOG_LEVEL_ERROR : said->level),
                 "%s: plugin '%s' says: %s", document->name, manifest->plugins[said->plugin].name,
                 said->line);
    }
}

/* A member has no place in the inbox, and of a container some members may be filed already: those
 * go to quarantine instead, or are filed without the plugin. */
static bool may_return(const struct document *document)
{
    return document->taking == NULL && (document->origin == NULL || !document->origin->is_member);
}

static void attempt_failed(struct line *line, struct document *document,
                           const struct attempt *attempt)
{
    uint32_t most = line->generation->settings->limits.attempts;

    snprintf(document->failure, sizeof(document->failure), "%s", attempt->failure);
    snprintf(document->failure_stage, sizeof(document->failure_stage), "%s",
             attempt->failure_stage);
    failing_blame(document, attempt);
    failing_count(line, document, attempt);
    if (document->attempts >= most) {
        if (may_return(document) && failing_holds(line, document->source, document->path))
            failing_return(line, document);
        else
            judge_quarantine(line, document);
        return;
    }
    log_warning("%s: %s; stage: %s; trying once more, alone", document->name, attempt->failure,
                attempt->failure_stage);
    line->totals.retries++;
    members_forget_taking(document); /* the checkpoint has it */
    document->attempts++;
    document->attempt.alone = true;
    document_list_push(&line->attempts_due, document);
}

static void on_attempt_done(struct attempt *attempt)
{
    struct document *document = attempt->context;
    struct line *line = document->line;

    activity_set("judging a document");
    line->pooled--;
    if (document->suspect)
        line->suspect_out = false;
    document->suspect = false;
    if (attempt->reply == NULL) {
        attempt_failed(line, document, attempt);
    } else {
        failing_forgive(line, attempt);
        if (members_take_answer(line, document, attempt)) {
            line_pump_soon(line);
            return;
        }
        if (may_return(document) && failing_holds(line, document->source, document->path)) {
            failing_return(line, document);
            line_pump_soon(line);
            return;
        }
        log_failures(document, attempt->reply, attempt->generation->manifest);
        decide_later(line, document, attempt->reply, attempt->generation);
    }
    line_pump_soon(line);
}

void judge_submit(struct line *line, struct document *document)
{
    const struct settings_limits *limits = &line->generation->settings->limits;
    struct attempt *attempt = &document->attempt;
    bool alone = attempt->alone;

    /* Without a digest it was too large when it was taken, whatever the limit has become. */
    if (document->file.size > limits->file_bytes || !digest_is_known(&document->digest)) {
        snprintf(document->failure, sizeof(document->failure),
                 "the file has %llu bytes, more than limits.file (%llu)",
                 (unsigned long long)document->file.size, (unsigned long long)limits->file_bytes);
        judge_quarantine(line, document);
        return;
    }

    memset(attempt, 0, sizeof(*attempt));
    attempt->alone = alone;
    attempt->fd = document->file.fd;
    attempt->spool_fd = document->taking == NULL ? -1 : document->taking->spool_fd;
    attempt->arena = &document->reply_arena;
    attempt->done = on_attempt_done;
    attempt->context = document;
    attempt->job.wants_text = rules_want_text(line->generation->companion);
    attempt->job.size = document->file.size;
    attempt->job.name = document->name;
    attempt->job.source = document->source;
    members_fill_job(document, &attempt->job);
    line->pooled++;
    pool_submit(line->pool, attempt);
}

void judge_quarantine(struct line *line, struct document *document)
{
    if (document->suspect)
        line->suspect_out = document->suspect = false;
    decide_later(line, document, NULL, line->generation);
}
