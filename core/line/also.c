/* line/also: what a rule does beside filing: copies, links, lines of streams.
 *
 * Called by the batch for each document that was placed, before anything is synced, and again after
 * a crash or a failure with the same plan: each finds what it has done before. The batch syncs the
 * roots, and only then is the document's row filed, so all of it is done for every filed document,
 * except what no time can mend (a name that is taken and `on_conflict: fail`, a hard link across
 * file systems), which is told and left undone: the document itself is safe.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "line/line_state.h"
#include "route/place_link.h"
#include "route/stream.h"

/* One of the plan's. */
struct also_step {
    struct line *line;
    struct document *document;
    const struct plan_also *also;
    int root_fd;
    struct file_owner file;
    struct file_owner folder;
};

/* The document, open: as it was claimed, or, when that is gone, as it is filed. *out_own: to be
 * closed. */
static int open_document(const struct document *document, bool *out_own)
{
    *out_own = document->file.fd < 0;
    if (!*out_own)
        return document->file.fd;
    return file_open_beneath(document->placement.root_fd, document->placement.placed,
                             O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0);
}

static const char *origin_of(const struct plan *plan)
{
    for (size_t i = 0; i < plan->also_count; i++)
        if (plan->also[i].kind == ALSO_ORIGIN)
            return plan->also[i].target;
    return NULL;
}

/* A name that is taken is made different, or the copy is not made; no document gives way to it. */
static int copy(const struct also_step *step, char **out_placed, struct err *err)
{
    struct document *document = step->document;
    bool own = false;
    int fd = open_document(document, &own);
    struct placement placement = {
        .work_fd = -1,
        .document_fd = fd,
        .id = document->id,
        .root_fd = step->root_fd,
        .target = step->also->target,
        .sidecar = "",
        .sidecar_data = "",
        .policy = document->plan.policy == CONFLICT_FAIL ? CONFLICT_FAIL : CONFLICT_KEEP_BOTH,
        .file_mode = step->file.mode,
        .folder_mode = step->folder.mode,
        .uid = step->file.uid,
        .gid = step->file.gid,
        .origin = origin_of(&document->plan),
        .is_copy = true,
        .digest = &document->digest,
        .folder_fd = -1,
    };
    int result = fd < 0 ? err_set(err, fd, "%s: %s", document->placement.placed, strerror(-fd))
                        : place_document(&placement, err);

    if (result == 0) {
        *out_placed = placement.placed;
        placement.placed = NULL;
    }
    place_release(&placement);
    if (own)
        file_close(&fd);
    return result;
}

static int link_to(const struct also_step *step, char **out_placed, struct err *err)
{
    struct document *document = step->document;
    struct place_link link = {
        .root_fd = step->root_fd,
        .placed = document->placement.placed,
        .target = step->also->target,
        .id = document->id,
        .hard = step->also->kind == ALSO_HARD_LINK,
        .policy = document->plan.policy,
        .folder = step->folder,
    };
    int result = place_link(&link, err);

    if (result == 0)
        *out_placed = link.made;
    return result;
}

static int emit(const struct also_step *step, char **out_placed, struct err *err)
{
    const struct document *document = step->document;
    const struct stream stream = {
        .root_fd = step->root_fd,
        .target = step->also->target,
        .rotate_bytes = step->also->amount,
        .file = step->file,
        .folder = step->folder,
    };
    const char *text = document->text.len > 0 ? strbuf_text(&document->text) : NULL;
    struct strbuf line = STRBUF_INIT;
    struct strbuf mark = STRBUF_INIT;
    int result = -ENOMEM;

    if (step->also->kind == ALSO_EMIT_TEXT)
        stream_text_line(&document->id, text, document->text.len, &line, &mark);
    else
        stream_record_line(strbuf_text(&document->record), document->record.len, &document->id,
                           step->also->kind == ALSO_EMIT_BOTH ? text : NULL, document->text.len,
                           &line, &mark);
    if (!line.failed && !mark.failed) {
        const struct stream_line entry = {
            .text = strbuf_text(&line),
            .len = line.len,
            .mark = strbuf_text(&mark),
            .may_be_there = document->replayed || document->tried,
            .since_ms = document->received_ms,
        };
        result = stream_append(&stream, &entry, err);
    }
    if (result == 0 && (*out_placed = strdup(step->also->target)) == NULL)
        result = -ENOMEM;
    strbuf_release(&line);
    strbuf_release(&mark);
    return result;
}

static int run_one(struct line *line, struct document *document, size_t index, struct err *err)
{
    const struct settings_placement *settings = &line->generation->settings->placement;
    const struct plan_also *also = &document->plan.also[index];
    char **placed = &document->also_placed[index];
    struct also_step step = {
        .line = line,
        .document = document,
        .also = also,
        .file = {settings->file_mode, line->roots.uid, line->roots.gid},
        .folder = {settings->folder_mode, line->roots.uid, line->roots.gid},
    };

    if (also->kind == ALSO_ORIGIN || *placed != NULL)
        return 0;
    step.root_fd = roots_fd(&line->roots, also->root, false);
    if (step.root_fd < 0)
        return err_set(err, step.root_fd == -ENOENT ? -ENOLINK : step.root_fd,
                       "%s cannot be opened: %s", also->root, strerror(-step.root_fd));
    if (also->kind == ALSO_COPY)
        return copy(&step, placed, err);
    return also_is_emit(also->kind) ? emit(&step, placed, err) : link_to(&step, placed, err);
}

int also_run(struct line *line, struct document *document, struct err *err)
{
    document->also_err.text[0] = '\0';
    for (size_t i = 0; i < document->plan.also_count; i++) {
        struct err why = {""};
        int result = run_one(line, document, i, &why);

        if (result < 0 && results_is_passing(result)) {
            *err = why;
            return result;
        }
        if (result < 0)
            document->also_err = why;
    }
    return 0;
}
