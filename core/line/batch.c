/* line/batch: steps 4, 12 and 13 of the straight line, for many documents at once.
 *
 * One batch runs at a time, on a thread of the loop's pool; while it runs, the next gathers. Its
 * order is what makes an abrupt end harmless:
 *
 *   0 answered documents are decided (decide.c), which reads the catalog and writes nothing
 *   1 the data of decided documents is made durable (their writers may never have synced), and
 *     their sidecars, written into work/
 *     and members of containers, written into work/ out of a spool (members_store.c)
 *   2 one transaction: new claims, attempts counted, decisions with record and plan, and the last
 *     rows of what the batch before has placed
 *   3 claimed files are moved into work/ and digested, and those that could not be read before
 *   4 decided documents are placed: sidecar, then document; then what their rules do beside
 *   5 what was placed is made durable: its folders, and what was made beside
 *   6 what is left in work/ (a copied source) is removed, after work/ itself was made durable
 *
 * A sync that fails is never repeated on the same pages: the line stops, and the next start takes
 * up from the rows. Called by the line (batch_start) and by replay (batch_run).
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/activity.h"
#include "base/file.h"
#include "line/line_state.h"
#include "route/template.h"

/* From this many documents on, one syncfs(2) is cheaper than two syncs for each. */
#define SYNCFS_FROM 4u

void batch_init(struct batch *batch)
{
    memset(batch, 0, sizeof(*batch));
    document_list_init(&batch->claims);
    document_list_init(&batch->attempts);
    document_list_init(&batch->decided);
    document_list_init(&batch->filed);
    document_list_init(&batch->containers);
    document_list_init(&batch->windows);
    document_list_init(&batch->wakes);
    requests_init(&batch->drops);
}

static int sync_call(struct batch *batch, int result)
{
    batch->syncs++;
    return result < 0 ? -errno : 0;
}

static int sync_failed(struct batch *batch, const char *what, int result)
{
    return err_set(&batch->err, result == -ENOSPC || result == -EDQUOT ? -EIO : result,
                   "cannot make %s durable: %s", what, strerror(-result));
}

/* The file systems that were synced whole. Beyond so many, one may be synced twice. */
struct synced {
    dev_t devices[8];
    size_t count;
};

/* syncfs(2) of the file system that `fd` is on, unless it was done already. */
static int sync_whole(struct batch *batch, struct synced *synced, int fd)
{
    struct stat status;
    int result;

    if (fstat(fd, &status) < 0)
        return -errno;
    for (size_t i = 0; i < synced->count; i++)
        if (synced->devices[i] == status.st_dev)
            return 0;
    result = sync_call(batch, syncfs(fd));
    if (result == 0 && synced->count < sizeof(synced->devices) / sizeof(synced->devices[0]))
        synced->devices[synced->count++] = status.st_dev;
    return result;
}

static const char *origin_of(const struct plan *plan)
{
    for (size_t i = 0; i < plan->also_count; i++)
        if (plan->also[i].kind == ALSO_ORIGIN)
            return plan->also[i].target;
    return NULL;
}

void batch_fill_placement(const struct line *line, const struct document *document,
                          struct placement *placement)
{
    const struct settings_placement *settings = &line->generation->settings->placement;
    bool is_quarantine = strcmp(document->plan.root, "quarantine") == 0;

    placement->work_fd = document->from->inbox->work_fd;
    placement->document_fd = document->file.fd;
    placement->id = document->id;
    placement->digest = digest_is_known(&document->digest) ? &document->digest : NULL;
    placement->device = document->file.device;
    placement->inode = document->file.inode;
    placement->target = document->plan.target;
    placement->sidecar = document->plan.sidecar;
    placement->sidecar_data = strbuf_text(&document->record);
    placement->sidecar_len = document->record.len;
    placement->policy = document->plan.policy;
    placement->file_mode = settings->file_mode;
    placement->folder_mode = settings->folder_mode;
    placement->mtime_ns = document->file.mtime_ns;
    placement->uid = is_quarantine ? FILE_SAME_OWNER : line->roots.uid;
    placement->gid = is_quarantine ? FILE_SAME_GROUP : line->roots.gid;
    placement->origin = origin_of(&document->plan);
}

/* Where the archive is on the inbox's file system, one sync is for both. */
static int stage_sidecar(struct line *line, struct batch *batch, const struct document *document,
                         bool sync)
{
    int root_fd = roots_fd(&line->roots, document->plan.root, false);
    struct placement placement = {.folder_fd = -1};
    struct stat root;

    if (document->plan.sidecar[0] == '\0' || root_fd < 0 || fstat(root_fd, &root) < 0 ||
        root.st_dev != document->file.device)
        return 0;
    batch_fill_placement(line, document, &placement);
    return place_stage_sidecar(&placement, sync, &batch->syncs);
}

/* Step 1. */
static int sync_data(struct line *line, struct batch *batch)
{
    bool whole = batch->decided.count >= SYNCFS_FROM;
    struct synced synced = {.count = 0};
    int result = 0;

    for (struct document *document = batch->decided.first; document != NULL && result == 0;
         document = document->next)
        if (!document->decided_row) {
            result = stage_sidecar(line, batch, document, !whole);
            if (result < 0)
                return sync_failed(batch, document->name, result);
        }
    for (struct document *document = batch->decided.first; document != NULL;
         document = document->next) {
        if (document->decided_row)
            continue; /* its data was made durable before its row was committed */
        activity_set_step("making documents durable");
        if (whole)
            result = sync_whole(batch, &synced, document->file.fd);
        else
            result = sync_call(batch, fdatasync(document->file.fd));
        if (result < 0)
            return sync_failed(batch, document->name, result);
    }
    return 0;
}

/* What is too large is not read at all: a sparse file may have terabytes, and everybody would wait.
 * The quarantine needs no digest. */
static void read_document(const struct line *line, struct document *document)
{
    uint64_t size = 0;

    memset(&document->digest, 0, sizeof(document->digest));
    document->read_result = 0;
    if (document->file.size > line->generation->settings->limits.file_bytes)
        return;
    document->read_result = digest_of_fd(document->file.fd, &document->digest, &size);
    if (document->read_result == 0)
        document->file.size = size;
}

/* Step 3. */
static void take_claims(struct line *line, struct batch *batch)
{
    for (struct document *document = batch->claims.first; document != NULL;
         document = document->next) {
        const struct claim claim = {document->path, document->file.device, document->file.inode,
                                    document->file.size, document->file.mtime_ns};

        activity_set_step("taking documents in hand");
        document->file.fd = -1;
        document->step_result = document->released ? quarantine_take_out(line, document)
                                                   : claim_take(document->from->inbox, &claim,
                                                                &document->id, &document->file);
        if (document->step_result == 0)
            read_document(line, document);
    }
    for (struct document *document = batch->attempts.first; document != NULL;
         document = document->next)
        if (document->read_result < 0)
            read_document(line, document);
}

/* A document that has not left work/ is looked for elsewhere first; of one that has, only its own
 * place tells whether that was its own way. */
static int place(struct line *line, const struct batch *batch, struct document *document)
{
    struct placement *placement = &document->placement;
    bool same_is_same = document->plan.policy == CONFLICT_SAME_IS_SAME;
    bool in_work = document->file.fd >= 0;
    int result =
        same_is_same && in_work ? same_look(line, batch, document, &document->step_err) : 0;

    if (result != 0)
        return result < 0 ? result : 0;
    result = place_document(placement, &document->step_err);
    if (result == -ENOENT && same_is_same && !in_work) {
        struct err err = {""};
        int same = same_look(line, batch, document, &err);
        result = same > 0 ? 0 : same < 0 ? same : result;
    }
    return result;
}

/* The older document that gave way is remembered however this try ends: it is done. */
static void keep_aside(struct document *document)
{
    struct placement *placement = &document->placement;

    if (placement->aside == NULL)
        return;
    free(document->aside);
    document->aside = placement->aside;
    document->older = placement->older;
    placement->aside = NULL;
}

static int root_failed(struct document *document, int result)
{
    const char *root = document->plan.root;

    if (result == -ENOMEDIUM)
        return err_set(&document->step_err, result,
                       "%s has no file " SETTINGS_ARCHIVE_MARK
                       " in it: is it mounted? If it is the archive, make that file there",
                       root);
    return err_set(&document->step_err, result == -ENOENT ? -ENOLINK : result,
                   "%s cannot be opened: %s", root, strerror(-result));
}

/* Step 4, one document. */
static void place_one(struct line *line, const struct batch *batch, struct document *document)
{
    struct placement *placement = &document->placement;

    place_release(placement);
    memset(placement, 0, sizeof(*placement));
    placement->folder_fd = -1;
    placement->root_fd = roots_fd(&line->roots, document->plan.root, false);
    if (placement->root_fd < 0) {
        document->step_result = root_failed(document, placement->root_fd);
        return;
    }
    batch_fill_placement(line, document, placement);
    document->step_result = place(line, batch, document);
    keep_aside(document);
    if (document->step_result == 0)
        document->step_result = aside_recover(line, document);
    if (document->step_result == 0)
        document->step_result = also_run(line, document, &document->step_err);
}

/* Step 5. */
static int sync_placed(struct batch *batch)
{
    bool many = batch->decided.count >= SYNCFS_FROM;
    struct synced synced = {.count = 0};

    for (struct document *document = batch->decided.first; document != NULL;
         document = document->next) {
        struct placement *placement = &document->placement;
        /* An earlier try may have made folders and not have come to syncing them. */
        bool whole = many || placement->folders_made || document->tried || document->replayed;
        int result = 0;

        if (document->step_result < 0 || (placement->same && placement->folder_fd < 0))
            continue;
        if (whole)
            result = sync_whole(batch, &synced, placement->root_fd);
        else if (placement->folder_fd >= 0)
            result = sync_call(batch, fsync(placement->folder_fd));
        if (result < 0)
            return sync_failed(batch, document->name, result);
    }
    return 0;
}

/* Copies are synced where they are made; names, and lines of streams, here. */
static int sync_also(struct line *line, struct batch *batch)
{
    struct synced synced = {.count = 0};

    for (struct document *document = batch->decided.first; document != NULL;
         document = document->next) {
        for (size_t i = 0; document->step_result == 0 && i < document->plan.also_count; i++) {
            const struct plan_also *also = &document->plan.also[i];
            int fd = also->kind == ALSO_ORIGIN ? -1 : roots_fd(&line->roots, also->root, false);
            int result = fd < 0 ? 0 : sync_whole(batch, &synced, fd);

            if (result < 0)
                return sync_failed(batch, also->target, result);
        }
    }
    return 0;
}

/* Before a source is removed from work/: its move into there. Else a loss of power could undo both,
 * and the document, filed on another file system, would be found in its inbox again. */
static int sync_work(struct batch *batch)
{
    const struct line_inbox *synced = NULL;

    for (struct document *document = batch->decided.first; document != NULL;
         document = document->next) {
        int result;

        if (document->step_result < 0 || document->from == synced ||
            (!document->placement.same && !document->placement.copied))
            continue;
        result = sync_call(batch, fsync(document->from->inbox->work_fd));
        if (result < 0)
            return sync_failed(batch, INBOX_PRIVATE_NAME "/work", result);
        synced = document->from;
    }
    return 0;
}

/* Step 6. Descriptors are let go of: what was placed waits for its last row. A source that cannot
 * be removed is a matter of time, whatever the error: its document is filed, and never to be
 * quarantined as well. */
static void finish_all(struct batch *batch)
{
    for (struct document *document = batch->decided.first; document != NULL;
         document = document->next) {
        if (document->step_result == 0 &&
            place_finish(&document->placement, &document->step_err) < 0)
            document->step_result = -EBUSY;
        file_close(&document->placement.folder_fd);
    }
}

/* A root that failed may have been mounted anew meanwhile. Before any descriptor is in use. */
static void reopen_roots(struct line *line, const struct batch *batch)
{
    for (const struct document *document = batch->decided.first; document != NULL;
         document = document->next) {
        if (document->step_result >= 0)
            continue;
        (void)roots_fd(&line->roots, document->plan.root, true);
        for (size_t i = 0; i < document->plan.also_count; i++)
            (void)roots_fd(&line->roots, document->plan.also[i].root, true);
    }
}

/* Steps 4 to 6. */
static int place_all(struct line *line, struct batch *batch)
{
    int result;

    reopen_roots(line, batch);
    for (struct document *document = batch->decided.first; document != NULL;
         document = document->next) {
        activity_set_step("placing a document");
        place_one(line, batch, document);
    }
    activity_set_step("making folders durable");
    result = sync_placed(batch);
    if (result == 0)
        result = sync_also(line, batch);
    if (result == 0)
        result = sync_work(batch);
    activity_set_step("removing what was copied");
    if (result == 0)
        finish_all(batch);
    return result;
}

static void run(struct line *line, struct batch *batch)
{
    activity_set_step("writing down how plugins behave");
    failing_remember(line, batch);
    activity_set_step("looking for copies and versions");
    batch->result = decide_batch(line->catalog, batch);
    activity_set_step("writing records");
    if (batch->result == 0)
        batch->result = sync_data(line, batch);
    activity_set_step("committing to the catalog");
    if (batch->result == 0)
        batch->result = members_store(line, batch);
    if (batch->result == 0)
        batch->result = rows_commit(line, batch);
    if (batch->result < 0)
        return;
    for (struct document *document = batch->decided.first; document != NULL;
         document = document->next)
        document->decided_row = true;
    members_open_spools(line, batch);
    take_claims(line, batch);
    activity_set_step("removing documents from the quarantine");
    quarantine_remove_dropped(line, batch);
    activity_set_step("opening archives");
    batch->result = place_all(line, batch);
}

void batch_run(struct line *line, struct batch *batch)
{
    batch->err.text[0] = '\0';
    batch->syncs = 0;
    run(line, batch);
    activity_set_step(NULL);
}
