/* line/replay: takes up what an abrupt end left, from the catalog's open rows and from work/.
 *
 *   claimed, not in work/            the claim never happened: "gone"; a scan finds the file again
 *   claimed, in work/                tried again, the attempt counted first
 *   … and in hand at several ends    a suspect: tried one at a time; in the end, quarantine
 *   decided                          placed, or found in place (route/place tells)
 *   … and its sidecar is placed      the same, before the others: it keeps a name
 *   in work/ without a row           the catalog is younger than the inbox: claimed anew
 *   … whose row says "gone"          power was lost before it was given back: claimed anew
 *   … whose row says "filed"         a source that was copied; its removal was lost: removed
 *
 * What cannot be taken up keeps its open row and waits for the next start; one bad file does not
 * keep taxond from starting.
 *
 * Runs once, before the loop does; it only fills the line's lists, the pump does the rest.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "line/line_state.h"
#include "route/quarantine.h"
#include "route/template.h"

/* An error that passes is not to cost a document its turn: others of the same bytes or name would
 * find its place half taken. */
#define RESUME_TRIES 3u

struct replay {
    struct line *line;
    uint32_t unknown_inbox;
    uint32_t again;
    uint32_t placed;
    int result;
};

static struct document *slot_for(struct replay *replay, const struct catalog_open_row *row,
                                 struct line_inbox *from)
{
    struct document *document = document_take(&replay->line->documents);
    char *path = strdup(row->claim.path);

    if (document == NULL || path == NULL) {
        free(path);
        return NULL;
    }
    document_set_path(document, path);
    document->id = row->claim.id;
    document_set_inbox(document, from);
    document->replayed = true;
    document->attempts = row->attempts;
    document->file.device = row->claim.device;
    document->file.inode = row->claim.inode;
    document->file.size = row->claim.size;
    document->file.mtime_ns = row->claim.mtime_ns;
    document->received_ms = row->claim.claimed_ms;
    document->seen_us = clock_monotonic_us();
    if (catalog_origin_read(replay->line->catalog, &document->id, &document->origin, NULL) < 0)
        return NULL;
    return document;
}

/* Fewest attempts first: the innocent ones are filed before the one that brings taxond down is
 * tried again. */
static void push_suspect(struct document_list *suspects, struct document *document)
{
    struct document_list rest;

    document_list_init(&rest);
    document_list_move(suspects, &rest, UINT32_MAX);
    while (rest.first != NULL && rest.first->attempts <= document->attempts)
        document_list_push(suspects, document_list_pop(&rest));
    document_list_push(suspects, document);
    document_list_move(&rest, suspects, UINT32_MAX);
}

/* A document in work/ whose attempt was not finished. */
static void try_again(struct replay *replay, struct document *document)
{
    struct line *line = replay->line;
    uint32_t most = line->generation->settings->limits.attempts;
    uint64_t size;

    if (document->file.size <= line->generation->settings->limits.file_bytes)
        document->read_result = digest_of_fd(document->file.fd, &document->digest, &size);
    replay->again++;
    if (document->attempts < most) {
        document->attempts++;
        document_list_push(&line->attempts_due, document);
    } else if (document->attempts < most + LINE_MORE_ATTEMPTS) {
        push_suspect(&line->suspects, document);
    } else {
        snprintf(document->failure, sizeof(document->failure),
                 "it was in hand at %u abrupt ends of taxond", document->attempts);
        judge_quarantine(line, document);
    }
}

static void leave(struct replay *replay, struct document *document, int why)
{
    log_error("%s: cannot be taken up from inbox '%s': %s; it waits for the next start",
              document->name, document->from->inbox->name, strerror(-why));
    replay->line->untaken = true;
    results_forget(replay->line, document);
}

/* It may have been on its way out of the quarantine. 1: it is in work/, and nowhere else; 0: it is
 * not there. */
static int finish_release(struct line *line, struct document *document, bool in_work)
{
    int root_fd = roots_fd(&line->roots, "quarantine", false);
    int result = root_fd < 0
                     ? root_fd
                     : quarantine_take(root_fd, &document->id, document->from->inbox->work_fd);

    if (result == -ENOENT)
        return in_work;
    if (result == 0 && !in_work)
        result = claim_open(document->from->inbox, &document->id, &document->file);
    return result < 0 ? result : 1;
}

static bool is_member(const struct document *document)
{
    return document->origin != NULL && document->origin->is_member;
}

static int replay_claimed(struct replay *replay, struct document *document, bool released)
{
    const struct claim claim = {document->path, document->file.device, document->file.inode,
                                document->file.size, document->file.mtime_ns};
    int result = -EIO;

    /* The source of a copy that is left may still be in the inbox, and would be taken a second
     * time. Where an error stays, it cannot be taken either. */
    for (unsigned tries = 0; result < 0 && tries < RESUME_TRIES; tries++)
        result = is_member(document)
                     ? members_open(document)
                     : claim_resume(document->from->inbox, &claim, &document->id, &document->file);
    if (result >= 0 && released)
        result = finish_release(replay->line, document, result == 1);
    if (result < 0) {
        leave(replay, document, result);
    } else if (result == 1) {
        try_again(replay, document);
    } else {
        document->gone = true;
        document_list_push(&replay->line->filed, document);
    }
    return 0;
}

/* What was to be done beside filing. */
static int replay_also(struct document *document, const struct catalog_decision *decision)
{
    struct arena *arena = &document->arena;
    struct plan *plan = &document->plan;
    size_t count = decision->also_count < PLAN_ALSO_MAX ? decision->also_count : PLAN_ALSO_MAX;

    plan->also = arena_alloc(arena, (count + 1) * sizeof(plan->also[0]));
    if (plan->also == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++) {
        const struct catalog_also *also = &decision->also[i];

        plan->also[i] = (struct plan_also){
            .kind = (enum also_kind)also->kind,
            .root = arena_strdup(arena, also->root),
            .target = arena_strdup(arena, also->target),
            .amount = also->amount,
        };
        if (plan->also[i].root == NULL || plan->also[i].target == NULL)
            return -ENOMEM;
        if (also->text != NULL)
            strbuf_append(&document->text, also->text, also->text_len);
    }
    plan->also_count = count;
    return document->text.failed ? -ENOMEM : 0;
}

/* The record and the plan as they were committed. */
static int replay_decided(struct replay *replay, struct document *document,
                          const struct catalog_decision *decision)
{
    struct arena *arena = &document->arena;
    struct plan *plan = &document->plan;
    bool quarantine = strcmp(decision->root, "quarantine") == 0;
    int result = -EIO;
    char sidecar[8192] = "";

    for (unsigned tries = 0; result < 0 && result != -ENOENT && tries < RESUME_TRIES; tries++)
        result = claim_open(document->from->inbox, &document->id, &document->file);
    if (result < 0 && result != -ENOENT) {
        leave(replay, document, result);
        return 0;
    }
    if (result == -ENOENT)
        document->file.fd = -1; /* placed already; route/place finds it */
    if (decision->sidecar && quarantine)
        snprintf(sidecar, sizeof(sidecar), "%s/reason.json", document->id.text);
    else if (decision->sidecar)
        snprintf(sidecar, sizeof(sidecar), "%s%s", decision->target, TEMPLATE_SIDECAR_SUFFIX);
    plan->root = arena_strdup(arena, decision->root);
    plan->target = arena_strdup(arena, decision->target);
    plan->rule = arena_strdup(arena, decision->rule);
    plan->sidecar = arena_strdup(arena, sidecar);
    plan->policy = (enum conflict_policy)decision->policy;
    document->digest = decision->digest;
    document->text_digest = decision->text_digest;
    strbuf_append(&document->record, decision->record, decision->record_len);
    strbuf_puts(&document->summary, "finished after an abrupt end");
    if (plan->root == NULL || plan->target == NULL || plan->rule == NULL || plan->sidecar == NULL ||
        document->record.failed || replay_also(document, decision) < 0)
        return -ENOMEM;
    document->decided_row = true;
    replay->placed++;
    document_list_push(&replay->line->decided, document);
    return 0;
}

static int on_open_row(void *context, const struct catalog_open_row *row)
{
    struct replay *replay = context;
    struct line_inbox *from = inbox_find(replay->line, row->claim.inbox);
    struct document *document;

    if (from == NULL) /* it may have got another name */
        from = inbox_holding(replay->line, row->claim.id.text);
    if (from == NULL) {
        replay->unknown_inbox++;
        return 0;
    }
    document = slot_for(replay, row, from);
    if (document == NULL)
        return -ENOMEM;
    if (row->state == CATALOG_DECIDED)
        return replay_decided(replay, document, &row->decision);
    /* A plan on a row that is CLAIMED is that of a document which was in quarantine. */
    return replay_claimed(replay, document, strcmp(row->decision.root, "quarantine") == 0);
}

static bool is_in_hand(const struct line *line, const char *id)
{
    for (uint32_t i = 0; i < line->documents.count; i++)
        if (line->documents.slots[i].from != NULL &&
            strcmp(line->documents.slots[i].id.text, id) == 0)
            return true;
    return false;
}

struct stray {
    struct replay *replay;
    struct line_inbox *from;
};

/* Gives a stray an open row again. `path` is its name, or its id when that is lost. */
static int open_row(struct line *line, const struct catalog_claim *claim, enum catalog_state state,
                    struct err *err)
{
    int result = catalog_begin(line->catalog, err);

    if (result == 0)
        result = state == CATALOG_GONE ? catalog_reopen(line->catalog, &claim->id, 1, err)
                                       : catalog_add_claim(line->catalog, claim, 1, err);
    if (result == 0)
        result = catalog_commit(line->catalog, err);
    if (result < 0)
        catalog_rollback(line->catalog);
    return result;
}

static int take_stray(struct stray *stray, const struct catalog_open_row *row,
                      enum catalog_state state)
{
    struct line *line = stray->replay->line;
    struct err err = {""};
    struct document *document;
    int result;

    if (open_row(line, &row->claim, state, &err) < 0) {
        log_error("%s/work/%s is left where it is: %s", INBOX_PRIVATE_NAME, row->claim.id.text,
                  err.text);
        line->untaken = true;
        return 0;
    }
    document = slot_for(stray->replay, row, stray->from);
    if (document == NULL) { /* no slot now; the row is open, the next start takes it up */
        line->untaken = true;
        return 0;
    }
    log_warning("%s/work/%s had no open row in the catalog; it is taken up as '%s'",
                INBOX_PRIVATE_NAME, row->claim.id.text, document->name);
    result = claim_open(stray->from->inbox, &document->id, &document->file);
    if (result < 0)
        leave(stray->replay, document, result);
    else
        try_again(stray->replay, document);
    return 0;
}

static void remove_filed(const struct stray *stray, const char *id)
{
    log_info("%s/work/%s was filed before an abrupt end; removed", INBOX_PRIVATE_NAME, id);
    if (unlinkat(stray->from->inbox->work_fd, id, 0) < 0 && errno != ENOENT) {
        log_error("%s/work/%s: %s", INBOX_PRIVATE_NAME, id, strerror(errno));
        stray->replay->line->untaken = true;
    }
}

/* A file in work/ that no open row speaks of. */
static int on_in_work(void *context, const char *id)
{
    struct stray *stray = context;
    struct line *line = stray->replay->line;
    enum catalog_state state = (enum catalog_state)0;
    struct catalog_open_row row;
    struct err err = {""};
    char *path = NULL;
    int result;

    if (is_in_hand(line, id))
        return 0;
    memset(&row, 0, sizeof(row));
    snprintf(row.claim.id.text, sizeof(row.claim.id.text), "%s", id);
    result = catalog_find(line->catalog, &row.claim.id, &state, &path, &err);
    if (result < 0 && result != -ENOENT) {
        log_error("%s", err.text);
        return result;
    }
    row.claim.inbox = stray->from->inbox->name;
    row.claim.path = path != NULL ? path : row.claim.id.text;
    row.claim.claimed_ms = clock_wall_ms();
    row.attempts = 1;
    result = 0;
    if (state == CATALOG_FILED)
        remove_filed(stray, id);
    else if (state != CATALOG_CLAIMED && state != CATALOG_DECIDED) /* those were left: see above */
        result = take_stray(stray, &row, state);
    free(path);
    return result;
}

/* Of documents with the same bytes and name, the one whose sidecar is there; it need not be the one
 * that was claimed first. What cannot be told now is told when it is placed. */
static bool has_begun(struct line *line, const struct document *document)
{
    struct placement placement = {.folder_fd = -1};

    placement.root_fd = roots_fd(&line->roots, document->plan.root, false);
    if (placement.root_fd < 0)
        return false;
    batch_fill_placement(line, document, &placement);
    return place_has_begun(&placement) == 1;
}

static void put_begun_first(struct line *line)
{
    struct document_list begun, others;
    struct document *document;

    document_list_init(&begun);
    document_list_init(&others);
    while ((document = document_list_pop(&line->decided)) != NULL)
        document_list_push(has_begun(line, document) ? &begun : &others, document);
    document_list_move(&begun, &line->decided, UINT32_MAX);
    document_list_move(&others, &line->decided, UINT32_MAX);
}

int replay_run(struct line *line, struct err *err)
{
    struct replay replay = {.line = line};
    int result = catalog_each_open(line->catalog, on_open_row, &replay, err);

    if (result < 0)
        return err_prefix(err, result, "cannot take up what was in hand");
    put_begun_first(line);
    for (struct line_inbox *inbox = line->inboxes; inbox != NULL; inbox = inbox->next) {
        struct stray stray = {&replay, inbox};

        result = members_clean(line, inbox, err);
        if (result < 0)
            return result;

        result = inbox_each_in_work(inbox->inbox, on_in_work, &stray);
        if (result < 0)
            return err_set(err, result, "inbox '%s': cannot take up what is in work/: %s",
                           inbox->inbox->name, strerror(-result));
    }
    if (replay.again + replay.placed > 0)
        log_info("taking up %u documents that were in hand and %u that were being filed",
                 replay.again, replay.placed);
    if (replay.unknown_inbox > 0)
        log_warning("%u documents in hand belong to inboxes that are not configured; they wait",
                    replay.unknown_inbox);
    return 0;
}
