/* line/batch: steps 4, 12 and 13 of the straight line, for many documents at once.
 *
 * One batch runs at a time, on a thread of the loop's pool; while it runs, the next gathers. Its
 * order is what makes an abrupt end harmless:
 *
 *   1 the data of decided documents is made durable (their writers may never have synced), and
 *     their sidecars, written into work/
 *   2 one transaction: new claims, attempts counted, decisions with record and plan, and the last
 *     rows of what the batch before has placed
 *   3 claimed files are moved into work/ and digested, and those that could not be read before
 *   4 decided documents are placed: sidecar, then document
 *   5 what was placed is made durable: its folders
 *   6 what is left in work/ (a copied source) is removed, after work/ itself was made durable
 *
 * A sync that fails is never repeated on the same pages: the line stops, and the next start takes
 * up from the rows. Called by the line (batch_start) and by replay (batch_run).
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
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

static void fill_placement(const struct line *line, const struct document *document,
                           struct placement *placement)
{
    const struct settings_placement *settings = &line->generation->settings->placement;

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
    fill_placement(line, document, &placement);
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
        if (whole)
            result = sync_whole(batch, &synced, document->file.fd);
        else
            result = sync_call(batch, fdatasync(document->file.fd));
        if (result < 0)
            return sync_failed(batch, document->name, result);
    }
    return 0;
}

static int add_claims(struct catalog *catalog, struct batch *batch)
{
    for (struct document *document = batch->claims.first; document != NULL;
         document = document->next) {
        const struct catalog_claim claim = {
            .id = document->id,
            .inbox = document->from->inbox->name,
            .path = document->path,
            .device = document->file.device,
            .inode = document->file.inode,
            .size = document->file.size,
            .mtime_ns = document->file.mtime_ns,
            .claimed_ms = document->received_ms,
        };
        int result = catalog_add_claim(catalog, &claim, document->attempts, &batch->err);

        if (result < 0)
            return result;
    }
    return 0;
}

static int add_decided(struct catalog *catalog, struct batch *batch)
{
    for (struct document *document = batch->decided.first; document != NULL;
         document = document->next) {
        const struct catalog_decision decision = {
            .id = document->id,
            .digest = document->digest,
            .text_digest = document->text_digest,
            .root = document->plan.root,
            .target = document->plan.target,
            .rule = document->plan.rule,
            .policy = (uint32_t)document->plan.policy,
            .sidecar = document->plan.sidecar[0] != '\0',
            .record = strbuf_text(&document->record),
            .record_len = document->record.len,
            .labels = document->labels,
            .label_count = document->label_count,
            .decided_ms = clock_wall_ms(),
        };
        int result = 0;

        if (!document->decided_row)
            result = catalog_set_decided(catalog, &decision, &batch->err);
        if (result < 0)
            return result;
    }
    return 0;
}

static int add_filed(struct catalog *catalog, struct batch *batch)
{
    int64_t now_ms = clock_wall_ms();

    for (struct document *document = batch->filed.first; document != NULL;
         document = document->next) {
        int result;

        if (document->gone)
            result = catalog_set_gone(catalog, &document->id, &batch->err);
        else
            result = catalog_set_filed(catalog, &document->id, document->effect,
                                       document->placement.placed, now_ms, &batch->err);
        if (result < 0)
            return result;
    }
    return 0;
}

static int add_attempts(struct catalog *catalog, struct batch *batch)
{
    for (struct document *document = batch->attempts.first; document != NULL;
         document = document->next) {
        int result = catalog_set_attempts(catalog, &document->id, document->attempts, &batch->err);

        if (result < 0)
            return result;
    }
    return 0;
}

static bool has_rows(const struct batch *batch)
{
    if (batch->claims.count > 0 || batch->attempts.count > 0 || batch->filed.count > 0)
        return true;
    for (const struct document *document = batch->decided.first; document != NULL;
         document = document->next)
        if (!document->decided_row)
            return true;
    return false;
}

/* Step 2. */
static int commit(struct catalog *catalog, struct batch *batch)
{
    int result;

    if (!has_rows(batch))
        return 0;
    result = catalog_begin(catalog, &batch->err);
    if (result < 0)
        return result;
    result = add_claims(catalog, batch);
    if (result == 0)
        result = add_attempts(catalog, batch);
    if (result == 0)
        result = add_decided(catalog, batch);
    if (result == 0)
        result = add_filed(catalog, batch);
    if (result == 0)
        result = catalog_commit(catalog, &batch->err);
    if (result < 0)
        catalog_rollback(catalog);
    return result;
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
static void take_claims(const struct line *line, struct batch *batch)
{
    for (struct document *document = batch->claims.first; document != NULL;
         document = document->next) {
        const struct claim claim = {document->path, document->file.device, document->file.inode,
                                    document->file.size, document->file.mtime_ns};

        document->file.fd = -1;
        document->step_result =
            claim_take(document->from->inbox, &claim, &document->id, &document->file);
        if (document->step_result == 0)
            read_document(line, document);
    }
    for (struct document *document = batch->attempts.first; document != NULL;
         document = document->next)
        if (document->read_result < 0)
            read_document(line, document);
}

/* Step 4, one document. */
static void place_one(struct line *line, struct document *document)
{
    struct placement *placement = &document->placement;

    place_release(placement);
    memset(placement, 0, sizeof(*placement));
    placement->folder_fd = -1;
    placement->root_fd = roots_fd(&line->roots, document->plan.root, false);
    if (placement->root_fd < 0) {
        document->step_result =
            err_set(&document->step_err,
                    placement->root_fd == -ENOENT ? -ENOLINK : placement->root_fd,
                    "%s cannot be opened: %s", document->plan.root, strerror(-placement->root_fd));
        return;
    }
    fill_placement(line, document, placement);
    document->step_result = place_document(placement, &document->step_err);
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
         document = document->next)
        if (document->step_result < 0)
            (void)roots_fd(&line->roots, document->plan.root, true);
}

/* Steps 4 to 6. */
static int place_all(struct line *line, struct batch *batch)
{
    int result;

    reopen_roots(line, batch);
    for (struct document *document = batch->decided.first; document != NULL;
         document = document->next)
        place_one(line, document);
    result = sync_placed(batch);
    if (result == 0)
        result = sync_work(batch);
    if (result == 0)
        finish_all(batch);
    return result;
}

void batch_run(struct line *line, struct batch *batch)
{
    batch->err.text[0] = '\0';
    batch->syncs = 0;
    batch->result = sync_data(line, batch);
    if (batch->result == 0)
        batch->result = commit(line->catalog, batch);
    if (batch->result < 0)
        return;
    for (struct document *document = batch->decided.first; document != NULL;
         document = document->next)
        document->decided_row = true;
    take_claims(line, batch);
    batch->result = place_all(line, batch);
}
