/* line/quarantine: documents in quarantine that are to be tried again, or removed for good.
 *
 * A release is a claim of another kind: the row is CLAIMED again by a committed transaction, and
 * only then is the document moved from the quarantine into work/, where it is as safe as any other.
 * Ended in between, the next start finds the open row and finishes the move (replay.c). It keeps
 * its id, so there is one row and one document at any time. A drop commits its row first, too.
 *
 * Who asks: a person (`taxon quarantine`), through the control socket; and the walk, which looks
 * through the quarantine at a start and a reload for documents that a plugin sent there which has
 * another digest by now. Called on the loop; the moves are made by batch.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "line/line_state.h"
#include "route/quarantine.h"

#define WALK_STEP 64u   /* entries looked at in one turn of the loop */
#define WALK_MOST 1024u /* requests of the walk that may wait */

void requests_init(struct line_requests *requests)
{
    requests->first = NULL;
    requests->last = &requests->first;
    requests->count = 0;
}

static void push(struct line_requests *requests, struct line_request *request)
{
    request->next = NULL;
    *requests->last = request;
    requests->last = &request->next;
    requests->count++;
}

static struct line_request *pop(struct line_requests *requests)
{
    struct line_request *request = requests->first;

    if (request == NULL)
        return NULL;
    requests->first = request->next;
    if (requests->first == NULL)
        requests->last = &requests->first;
    requests->count--;
    return request;
}

void quarantine_answer(struct line_request *request, const char *failure)
{
    if (request == NULL)
        return;
    if (request->done != NULL)
        request->done(request->context, failure);
    else if (failure != NULL)
        log_warning("document %s stays in quarantine: %s", request->id.text, failure);
    free(request);
}

static void ask(struct line *line, const char *id, bool drop,
                void (*done)(void *context, const char *failure), void *context)
{
    struct line_request *request;

    if (!id_is_valid(id)) {
        done(context, "that is no document's id");
        return;
    }
    request = line->phase == LINE_RUNNING ? calloc(1, sizeof(*request)) : NULL;
    if (request == NULL) {
        done(context, line->phase == LINE_RUNNING ? "out of memory" : "taxond is stopping");
        return;
    }
    request->drop = drop;
    request->done = done;
    request->context = context;
    memcpy(request->id.text, id, sizeof(request->id.text));
    push(&line->requests, request);
    line_pump_soon(line);
}

void line_quarantine_release(struct line *line, const char *id,
                             void (*done)(void *context, const char *failure), void *context)
{
    ask(line, id, false, done, context);
}

void line_quarantine_drop(struct line *line, const char *id,
                          void (*done)(void *context, const char *failure), void *context)
{
    ask(line, id, true, done, context);
}

/* --- into a batch ------------------------------------------------------------------------------
 */

static struct document *slot_for(struct line *line, const struct catalog_quarantined *row,
                                 const struct id *id, struct line_inbox *from)
{
    struct document *document = document_take(&line->documents);
    char *path = document == NULL ? NULL : strdup(row->path);

    if (path == NULL) {
        if (document != NULL)
            document_give_back(&line->documents, document);
        return NULL;
    }
    document_set_path(document, path);
    document_set_inbox(document, from);
    document->id = *id;
    document->released = true;
    if (catalog_origin_read(line->catalog, id, &document->origin, NULL) < 0) {
        from->documents--;
        document_give_back(&line->documents, document);
        return NULL;
    }
    document->attempts = 1;
    document->received_ms = row->claimed_ms;
    document->file.size = row->size;
    document->file.mtime_ns = row->mtime_ns;
    return document;
}

/* A slot for it in the batch, or why not. */
static int release(struct line *line, struct batch *batch, struct line_request *request,
                   struct err *err)
{
    struct catalog_quarantined row;
    struct line_inbox *from;
    struct document *document;
    int result = catalog_quarantined(line->catalog, &request->id, &row, err);

    if (result < 0)
        return result;
    from = inbox_find(line, row.inbox);
    if (from == NULL)
        result = err_set(err, -ENOENT, "its inbox '%s' is not configured any more", row.inbox);
    document = from == NULL ? NULL : slot_for(line, &row, &request->id, from);
    if (from != NULL && document == NULL)
        result = err_set(err, -ENOMEM, "out of memory");
    if (document != NULL) {
        document->request = request;
        document_list_push(&batch->claims, document);
    }
    catalog_quarantined_release(&row);
    return result;
}

void quarantine_gather(struct line *line, struct batch *batch, uint32_t most)
{
    requests_init(&batch->drops);
    if (line->phase == LINE_STOPPING)
        return;
    while (line->requests.first != NULL && batch->claims.count + batch->drops.count < most &&
           (line->requests.first->drop || line->documents.free.first != NULL)) {
        struct line_request *request = pop(&line->requests);
        struct err err = {""};

        if (request->drop)
            push(&batch->drops, request);
        else if (line->phase != LINE_RUNNING)
            quarantine_answer(request, "taxond is stopping");
        else if (release(line, batch, request, &err) < 0)
            quarantine_answer(request, err.text);
    }
}

/* --- on the batch thread -----------------------------------------------------------------------
 */

/* A row that is not in quarantine any more is that request's trouble alone. */
int quarantine_commit_drops(struct catalog *catalog, struct batch *batch)
{
    for (struct line_request *drop = batch->drops.first; drop != NULL; drop = drop->next) {
        drop->result = catalog_set_dropped(catalog, &drop->id, &batch->err);
        if (drop->result < 0 && drop->result != -ENOENT)
            return drop->result;
    }
    return 0;
}

/* From the quarantine into work/. */
int quarantine_take_out(struct line *line, struct document *document)
{
    int root_fd = roots_fd(&line->roots, "quarantine", false);
    int result = root_fd < 0
                     ? root_fd
                     : quarantine_take(root_fd, &document->id, document->from->inbox->work_fd);

    return result < 0 ? result : claim_open(document->from->inbox, &document->id, &document->file);
}

void quarantine_remove_dropped(struct line *line, struct batch *batch)
{
    int root_fd = batch->drops.first == NULL ? -1 : roots_fd(&line->roots, "quarantine", false);

    for (struct line_request *drop = batch->drops.first; drop != NULL; drop = drop->next)
        if (drop->result == 0)
            drop->result = root_fd < 0 ? root_fd : quarantine_remove(root_fd, &drop->id);
}

/* --- and back on the loop ----------------------------------------------------------------------
 */

void quarantine_answer_drops(struct batch *batch, const char *failure)
{
    struct line_request *request;

    while ((request = pop(&batch->drops)) != NULL) {
        const char *why = failure;

        if (why == NULL && request->result == -ENOENT)
            why = "no such document is in quarantine";
        else if (why == NULL && request->result < 0)
            why = strerror(-request->result);
        if (why == NULL)
            log_warning("document %s was removed from the quarantine on request", request->id.text);
        quarantine_answer(request, why);
    }
}

void quarantine_cancel(struct line *line)
{
    struct line_request *request;

    while ((request = pop(&line->requests)) != NULL)
        quarantine_answer(request, "taxond is stopping");
    quarantine_answer_drops(&line->batch, "taxond is stopping");
    for (uint32_t i = 0; i < line->documents.count; i++) {
        quarantine_answer(line->documents.slots[i].request, "taxond is stopping");
        line->documents.slots[i].request = NULL;
    }
    if (line->walk != NULL)
        closedir(line->walk);
    line->walk = NULL;
}

/* --- the walk ----------------------------------------------------------------------------------
 */

void quarantine_walk_begin(struct line *line)
{
    int root_fd = roots_fd(&line->roots, "quarantine", false);
    int fd;

    if (line->walk != NULL)
        closedir(line->walk);
    line->walk = NULL;
    if (!line->generation->settings->workers.release_fixed || root_fd < 0)
        return;
    fd = openat(root_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    line->walk = fd < 0 ? NULL : fdopendir(fd);
    if (fd >= 0 && line->walk == NULL)
        close(fd);
}

/* Whether the plugin that `by` names ("topics@1.0#0123456789ab") runs with another digest now. */
static bool is_fixed(const struct line *line, const char *by)
{
    const struct manifest *manifest = line->generation->manifest;
    const char *at = strchr(by, '@');
    const char *digest = strrchr(by, '#');

    for (size_t i = 0; at != NULL && digest != NULL && i < manifest->plugin_count; i++) {
        const struct manifest_plugin *plugin = &manifest->plugins[i];
        char hex[DIGEST_HEX_SIZE];

        if (strlen(plugin->name) != (size_t)(at - by) ||
            strncmp(plugin->name, by, (size_t)(at - by)) != 0)
            continue;
        digest_hex(&plugin->digest, hex);
        return strncmp(hex, digest + 1, strlen(digest + 1)) != 0 &&
               !generation_plugin_is_off(line->generation, i, &line->conduct);
    }
    return false;
}

static void consider(struct line *line, const char *id)
{
    struct catalog_quarantined row;
    struct line_request *request;
    struct id wanted;
    struct err err = {""};

    memcpy(wanted.text, id, sizeof(wanted.text));
    if (catalog_quarantined(line->catalog, &wanted, &row, &err) < 0)
        return; /* on its way in or out, or no row: not for us */
    request = is_fixed(line, row.by) ? calloc(1, sizeof(*request)) : NULL;
    if (request != NULL) {
        log_info("document %s: %s sent it to quarantine, and has another digest now: tried again",
                 id, row.by);
        request->id = wanted;
        push(&line->requests, request);
    }
    catalog_quarantined_release(&row);
}

void quarantine_walk_step(struct line *line)
{
    const struct dirent *entry = NULL;

    if (line->walk != NULL && line->phase != LINE_RUNNING) {
        closedir(line->walk);
        line->walk = NULL;
    }
    if (line->walk == NULL || line->requests.count >= WALK_MOST)
        return;
    for (unsigned i = 0; i < WALK_STEP; i++) {
        entry = readdir(line->walk);
        if (entry == NULL)
            break;
        if (id_is_valid(entry->d_name))
            consider(line, entry->d_name);
    }
    if (entry == NULL) {
        closedir(line->walk);
        line->walk = NULL;
    }
    line_pump_soon(line);
}

bool quarantine_is_idle(const struct line *line)
{
    return line->walk == NULL && line->requests.first == NULL;
}
