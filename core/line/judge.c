/* line/judge: what a worker's answer, or its failure, means for a document.
 *
 * An answer is turned into a plan (route/rules) and a record (route/record) at once, while the
 * reply is still in the worker's memory. A failure is tried once more, alone in a fresh worker,
 * after the attempt has been counted on disk; after limits.attempts it is the quarantine. Called on
 * the loop; the only place besides the mains that logs what became of a document.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/activity.h"
#include "base/log.h"
#include "line/line_state.h"
#include "route/clean_text.h"
#include "route/findings.h"
#include "route/record.h"

/* The log names the strongest labels of each scheme; the record has them all. */
#define SUMMARY_LABELS 3u

static void subject_fill(struct subject *subject, struct document *document,
                         const struct generation *generation, const struct reply *reply)
{
    const char *slash = strrchr(document->path, '/');

    memset(subject, 0, sizeof(*subject));
    subject->id = document->id;
    subject->digest = document->digest;
    subject->size = document->file.size;
    subject->source = document->source;
    subject->inbox = document->from->inbox->name;
    subject->path = document->path;
    subject->name = slash == NULL ? document->path : slash + 1;
    subject->url = "";
    subject->mtime_ms = document->file.mtime_ns / 1000000;
    subject->received_ms = document->received_ms;
    subject->attempts = document->attempts;
    subject->generation = generation->number;
    subject->manifest = generation->manifest;
    subject->reply = reply;
    members_fill_subject(document, subject);
}

static int keep_labels(struct document *document, const struct reply *reply)
{
    struct catalog_label *labels;

    document->labels = NULL;
    document->label_count = 0;
    if (reply == NULL || reply->label_count == 0)
        return 0;
    labels = arena_alloc(&document->arena, reply->label_count * sizeof(*labels));
    if (labels == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < reply->label_count; i++) {
        const struct reply_label *label = &reply->labels[i];

        if (!label->holds)
            continue;
        labels[document->label_count].scheme = arena_strdup(&document->arena, label->scheme);
        labels[document->label_count].id = arena_strdup(&document->arena, label->id);
        if (labels[document->label_count].scheme == NULL ||
            labels[document->label_count].id == NULL)
            return -ENOMEM;
        labels[document->label_count].score = label->score;
        labels[document->label_count].holds = true;
        document->label_count++;
    }
    document->labels = labels;
    return 0;
}

/* Whether a label further down the same branch holds, which says more. */
static bool is_implied(const struct reply *reply, const struct reply_label *label)
{
    size_t len = strlen(label->id);

    for (size_t i = 0; i < reply->label_count; i++) {
        const struct reply_label *other = &reply->labels[i];

        if (other->holds && strcmp(other->scheme, label->scheme) == 0 &&
            strncmp(other->id, label->id, len) == 0 && other->id[len] == '/')
            return true;
    }
    return false;
}

/* "zh GB18030, genre news/report, topic ecology water": what a person wants to see go by. */
static void summarise(struct document *document, const struct subject *subject)
{
    struct strbuf *summary = &document->summary;
    const struct reply *reply = subject->reply;
    const char *scheme = "";
    unsigned shown = 0;

    strbuf_clear(summary);
    if (reply == NULL) {
        strbuf_printf(summary, "%s", subject->failure);
        return;
    }
    strbuf_printf(summary, "%s %s", reply->language, reply->charset);
    if (reply->unusable[0] != '\0')
        strbuf_printf(summary, ", unusable %s", reply->unusable);
    for (size_t i = 0; i < reply->label_count; i++) {
        const struct reply_label *label = &reply->labels[i];

        if (!label->holds || !findings_is_answer(label->scheme) || is_implied(reply, label))
            continue;
        if (strcmp(scheme, label->scheme) != 0) {
            strbuf_printf(summary, ", %s", label->scheme);
            shown = 0;
        }
        scheme = label->scheme;
        if (++shown <= SUMMARY_LABELS)
            strbuf_printf(summary, " %s", label->id);
        else if (shown == SUMMARY_LABELS + 1)
            strbuf_puts(summary, " …");
    }
}

/* For streams; in the row, too, since only the worker could say it again. */
static void keep_text(struct document *document, const struct subject *subject)
{
    bool wanted = false;

    for (size_t i = 0; i < document->plan.also_count; i++)
        wanted |= also_has_text(document->plan.also[i].kind);
    if (wanted && !clean_text_json(subject, &document->text))
        log_warning("%s: its text is too long for a worker's answer (limits.reply) and is left out "
                    "of the stream",
                    document->name);
}

/* Plan, record and rows; then the document waits for the next batch. */
static void decide(struct line *line, struct document *document, const struct subject *subject,
                   struct generation *generation)
{
    generation_hold(generation);
    generation_drop(document->generation); /* it was decided before, and could not be placed */
    document->generation = generation;
    arena_reset(&document->arena);
    strbuf_clear(&document->record);
    strbuf_clear(&document->text);
    document_forget_also(document);
    if (rules_decide(generation->companion, subject, &document->arena, &document->plan) < 0 ||
        keep_labels(document, subject->reply) < 0) {
        line_fail(line, "out of memory");
        return;
    }
    if (subject->reply != NULL)
        document->text_digest = subject->reply->text_digest;
    record_write(subject, &document->plan, 2, &document->record);
    keep_text(document, subject);
    if (document->record.failed || document->text.failed) {
        line_fail(line, "out of memory");
        return;
    }
    summarise(document, subject);
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
        struct subject subject;

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
        subject_fill(&subject, document, attempt->generation, attempt->reply);
        log_failures(document, attempt->reply, attempt->generation->manifest);
        decide(line, document, &subject, attempt->generation);
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
    struct subject subject;

    if (document->suspect)
        line->suspect_out = document->suspect = false;
    subject_fill(&subject, document, line->generation, NULL);
    subject.failure = document->failure;
    subject.failure_stage = document->failure_stage[0] != '\0' ? document->failure_stage : NULL;
    subject.failure_by = document->failure_by;
    decide(line, document, &subject, line->generation);
}
