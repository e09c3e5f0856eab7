/* line/members_turn: containers and their members into a batch and out of it; and what an abrupt
 * end left of them.
 *
 * Documents that sleep are in nobody's hand: their rows and their files in work/ are all there is
 * of them, so that however many a container holds, memory does not grow. Free slots wake them, the
 * newest first, before anything new is claimed. Called on the loop, by the pump and by results; and
 * by replay.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "line/line_state.h"

/* Containers of the same bytes, delivered at the same time, give the same members: which ids are
 * taken is seen from what was committed. */
#define WINDOWS_IN_BATCH 1u

/* Slots for those that sleep: not all, so that what is in hand is filed meanwhile. */
static void gather_wakes(struct line *line, struct batch *batch, uint32_t most)
{
    uint64_t wanted = line->asleep < most ? line->asleep : most;

    if (line->all_sleep || line->phase != LINE_RUNNING)
        return;
    while (batch->wakes.count < wanted) {
        struct document *document = document_take(&line->documents);

        if (document == NULL)
            return;
        document_list_push(&batch->wakes, document);
    }
}

void members_gather(struct line *line, struct batch *batch, uint32_t most)
{
    document_list_move(&line->windows, &batch->windows, WINDOWS_IN_BATCH);
    document_list_move(&line->containers, &batch->containers, most);
    gather_wakes(line, batch, most);
}

/* The file of a member that was asleep gets its own name. */
int members_open(struct document *document)
{
    struct inbox *inbox = document->from->inbox;
    char asleep[ID_TEXT_SIZE + sizeof(INBOX_ASLEEP_SUFFIX)];
    int result;

    snprintf(asleep, sizeof(asleep), "%s" INBOX_ASLEEP_SUFFIX, document->id.text);
    result = file_rename_noreplace(inbox->work_fd, asleep, inbox->work_fd, document->id.text);
    if (result < 0 && result != -ENOENT && result != -EEXIST)
        return result;
    result = claim_open(inbox, &document->id, &document->file);
    if (result == -ENOENT)
        return 0;
    return result < 0 ? result : 1;
}

static void fill_slot(struct document *document, struct line_inbox *from,
                      struct catalog_woken *woken)
{
    document_set_path(document, (char *)(uintptr_t)woken->claim.path);
    woken->claim.path = NULL;
    document->id = woken->claim.id;
    document_set_inbox(document, from);
    document->origin = woken->origin;
    woken->origin = NULL;
    document->digest = woken->digest;
    document->received_ms = woken->claim.claimed_ms;
    document->seen_us = clock_monotonic_us();
    document->attempts = 1;
}

/* A member is tried as any document is; a container goes on where it was. */
static void take_woken(struct line *line, struct document *document, struct catalog_woken *woken)
{
    struct line_inbox *from = inbox_find(line, woken->claim.inbox);
    bool is_member = woken->origin != NULL && woken->origin->is_member;
    int result;

    if (from == NULL) /* a later start, with that inbox, finds the open row */
        from = inbox_holding(line, woken->claim.id.text);
    if (from == NULL) {
        log_warning("document %s belongs to inbox '%s', which is not configured; it waits",
                    woken->claim.id.text, woken->claim.inbox);
        document_give_back(&line->documents, document);
        return;
    }
    fill_slot(document, from, woken);
    result = members_open(document);
    if (result == 1) {
        judge_submit(line, document);
        return;
    }
    if (result == 0) {
        log_error("%s: somebody removed it from " INBOX_PRIVATE_NAME "/work of inbox '%s'",
                  document->name, from->inbox->name);
        document->gone = true;
        document_list_push(&line->filed, document);
        return;
    }
    document->file.fd = -1;
    log_error("%s: %s cannot be read: %s; it waits for the next start", document->name,
              is_member ? "a member of a container" : "the container", strerror(-result));
    line->untaken = true;
    results_forget(line, document);
}

void members_forget_woken(struct batch *batch)
{
    for (size_t i = 0; i < batch->woken_count; i++)
        catalog_woken_release(&batch->woken[i]);
    free(batch->woken);
    batch->woken = NULL;
    batch->woken_count = 0;
}

static void take_wakes(struct line *line, struct batch *batch)
{
    struct document *document;
    size_t at = 0;

    if (batch->wakes.count > 0 && batch->woken_count < batch->wakes.count)
        line->all_sleep = true;
    line->asleep -= batch->woken_count < line->asleep ? batch->woken_count : line->asleep;
    while ((document = document_list_pop(&batch->wakes)) != NULL) {
        if (at < batch->woken_count)
            take_woken(line, document, &batch->woken[at]);
        else
            document_give_back(&line->documents, document);
        at++;
    }
    members_forget_woken(batch);
}

static void take_window(struct line *line, struct document *document)
{
    struct taking *taking = document->taking;

    if (document->step_result < 0) {
        document->read_result = document->step_result;
        members_forget_taking(document);
        results_unread(line, document);
        return;
    }
    log_info("%s: %llu members taken out of it%s%s%s", document->name,
             (unsigned long long)taking->row.taken, taking->row.ended ? "" : ", and there are more",
             taking->row.verdict[0] == '\0' ? "" : "; ", taking->row.verdict);
    line->asleep += taking->count + 1;
    line->all_sleep = false;
    results_forget(line, document);
}

void members_results(struct line *line, struct batch *batch)
{
    struct document *document;

    while ((document = document_list_pop(&batch->windows)) != NULL)
        take_window(line, document);
    while ((document = document_list_pop(&batch->containers)) != NULL) {
        if (document->step_result < 0) {
            document->read_result = document->step_result;
            members_forget_taking(document);
            results_unread(line, document);
        } else {
            judge_submit(line, document);
        }
    }
    take_wakes(line, batch);
}

void members_put_back(struct line *line, struct batch *batch)
{
    struct document *document;

    document_list_move(&batch->windows, &line->windows, UINT32_MAX);
    document_list_move(&batch->containers, &line->containers, UINT32_MAX);
    members_forget_woken(batch);
    while ((document = document_list_pop(&batch->wakes)) != NULL)
        document_give_back(&line->documents, document);
}

struct cleaning {
    struct line *line;
    struct line_inbox *inbox;
    struct err *err;
};

/* Without a row it was taken by a turn whose transaction was never committed: its container, which
 * cannot have been filed, gives it again. */
static int clean_one(void *context, const char *text)
{
    const struct cleaning *cleaning = context;
    enum catalog_state state;
    struct id id;
    char asleep[ID_TEXT_SIZE + sizeof(INBOX_ASLEEP_SUFFIX)];
    char *path = NULL;
    int result;

    snprintf(id.text, sizeof(id.text), "%s", text);
    result = catalog_find(cleaning->line->catalog, &id, &state, &path, cleaning->err);
    free(path);
    if (result != -ENOENT)
        return result;
    snprintf(asleep, sizeof(asleep), "%s" INBOX_ASLEEP_SUFFIX, text);
    if (unlinkat(cleaning->inbox->inbox->work_fd, asleep, 0) < 0 && errno != ENOENT)
        return err_set(cleaning->err, -errno, "%s/work/%s: %s", INBOX_PRIVATE_NAME, asleep,
                       strerror(errno));
    return 0;
}

int members_clean(struct line *line, struct line_inbox *inbox, struct err *err)
{
    struct cleaning cleaning = {line, inbox, err};

    return inbox_each_asleep(inbox->inbox, clean_one, &cleaning);
}
