/* audit/check_files: each file in the archives and the quarantine against its row.
 *
 * Called by check, after check_rows. A document's row is found by the id in its record; by its
 * place only where there is no record, since just those places are indexed. A document may be filed
 * between two looks, so what no row knows is looked up again. Whether a filed document is still the
 * one it was is check_rows' to say; here it is what no row speaks of, and what lies elsewhere than
 * its row says.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "audit/check_part.h"
#include "audit/tree.h"

/* A document of an archive, or the record that lies alone. */
struct looking {
    struct checking *checking;
    const char *path;
    struct strbuf text; /* its record */
    struct measure sidecar;
    struct measure document;
};

/* What --repair came to: 0 it is mended; 1 the catalog cannot be written; else the finding stays,
 * with why it was not mended. */
static int tell_mended(struct checking *checking, enum finding_kind kind, const char *id,
                       const char *path, const char *detail, int mended)
{
    if (mended == 1)
        return -EIO;
    return check_tell(checking, kind, id, path,
                      mended == 0 || mended == -EPERM ? detail : strerror(-mended), mended == 0);
}

/* A file without a record: perhaps one that is being filed, where there are no sidecars. */
static int look_at_bare(struct looking *looking)
{
    struct checking *checking = looking->checking;
    struct id id = {""};
    int result = place_measure(checking->place, looking->path, true, &looking->document);

    if (result == -ENOENT)
        return 0;
    if (result < 0)
        return check_tell(checking, FINDING_UNREADABLE, "", looking->path, strerror(-result),
                          false);
    result = catalog_find_open(checking->check->catalog, checking->place->root,
                               &looking->document.digest, &id, checking->err);
    if (result == 1)
        return catalog_unmark(checking->check->catalog, MARK_AWAITED, id.text, checking->err);
    if (result == 0)
        result = check_is_known(checking, looking->path);
    if (result == 0) /* a copy, or one more name, that its rule asked for has no record */
        result = catalog_is_also(checking->check->catalog, checking->place->root, looking->path,
                                 checking->err);
    if (result == 0)
        return check_tell(checking, FINDING_UNKNOWN, "", looking->path, "", false);
    return result < 0 ? result : 0;
}

/* No row knows that it was filed: none has its id, or the catalog is an older one, from a backup,
 * and its row ends before. Believed if it speaks of the bytes. */
static int look_at_new(struct looking *looking, struct filed_record *record,
                       enum catalog_state state)
{
    struct checking *checking = looking->checking;
    const char *id = record->row.claim.id.text;
    int mended = -EPERM;

    if (checking->check->quick
            ? record->row.claim.size != looking->document.size
            : !filed_record_is_of(record, &looking->document, checking->place->quarantine))
        return check_tell(checking, FINDING_WRONG_SIDECAR, id, looking->path,
                          "its size or SHA-256 is not the document's", false);
    if (!checking->check->quick &&
        places_in_hand(checking->check->settings, &record->row.claim.id, &looking->document.digest))
        return check_tell(checking, FINDING_WRONG_SIDECAR, id, looking->path,
                          "another document with that id is in hand", false);
    filed_record_place(record, checking->place, looking->path, &looking->document,
                       &looking->sidecar, &looking->text);
    mended = check_mend_row(checking, record, state);
    return tell_mended(checking, FINDING_NO_ROW, id, looking->path, "", mended);
}

static bool is_same(const struct looking *looking, const struct catalog_document *document)
{
    if (document->state != CATALOG_FILED || strcmp(document->record, looking->text.data) != 0)
        return false;
    if (looking->checking->check->quick || !digest_is_known(&document->digest))
        return document->size == looking->document.size;
    return memcmp(document->digest.bytes, looking->document.digest.bytes, DIGEST_SIZE) == 0;
}

/* Its id was filed at another place. */
static int look_at_moved(struct looking *looking, const struct catalog_document *document)
{
    struct checking *checking = looking->checking;
    char detail[PATH_MAX];
    char from[MARK_SIZE];
    int result;

    snprintf(detail, sizeof detail, "it was filed as %s/%s", document->root, document->placed);
    if (!is_same(looking, document))
        return check_tell(checking, FINDING_WRONG_SIDECAR, document->id.text, looking->path, detail,
                          false);
    if (check_is_there(checking, document->root, document->placed))
        return check_tell(checking, FINDING_COPY, document->id.text, looking->path, detail, false);
    snprintf(from, sizeof from, MARK_MOVED "%s", document->root);
    result = catalog_mark(checking->check->catalog, from, document->placed, checking->err);
    if (result < 0)
        return result;
    result = check_mend_place(checking, document, looking->path);
    return tell_mended(checking, FINDING_MOVED, document->id.text, looking->path, detail, result);
}

/* A row has the id of its record, but not of a document that was filed here. */
static int look_at_row(struct looking *looking, struct filed_record *record,
                       const struct catalog_document *document)
{
    const struct check *check = looking->checking->check;

    if (document->state == CATALOG_FILED)
        return look_at_moved(looking, document);
    if (document->state == CATALOG_GONE || (document->state == CATALOG_CLAIMED && !check->running))
        return look_at_new(looking, record, document->state);
    return catalog_unmark(check->catalog, MARK_AWAITED, document->id.text, looking->checking->err);
}

static bool is_filed_here(const struct looking *looking, const struct catalog_document *document)
{
    return document->state == CATALOG_FILED &&
           strcmp(document->root, looking->checking->place->root) == 0 &&
           strcmp(document->placed, looking->path) == 0;
}

static int look_at_record(struct looking *looking, struct filed_record *record)
{
    struct checking *checking = looking->checking;
    struct catalog_document document = {.record = NULL};
    int found =
        catalog_look(checking->check->catalog, &record->row.claim.id, &document, checking->err);
    int result = found == 0 || found == -ENOENT ? 0 : found;

    if (found == 0 && is_filed_here(looking, &document)) {
        catalog_document_release(&document);
        return 0;
    }
    if (result == 0)
        result = place_measure(checking->place, looking->path, !checking->check->quick,
                               &looking->document);
    if (result == 0)
        result = found == 0 ? look_at_row(looking, record, &document)
                            : look_at_new(looking, record, (enum catalog_state)0);
    else if (result != found)
        result = result == -ENOENT ? 0
                                   : check_tell(checking, FINDING_UNREADABLE, "", looking->path,
                                                strerror(-result), false);
    catalog_document_release(&document);
    return result;
}

static int look_at_sidecar(struct looking *looking, const char *sidecar)
{
    struct checking *checking = looking->checking;
    struct filed_record record;
    struct err why = {""};
    int result = place_measure(checking->place, sidecar, false, &looking->sidecar);

    if (result == 0)
        result = place_read(checking->place, sidecar, &looking->text);
    if (result == -ENOENT)
        return look_at_bare(looking);
    if (result < 0)
        return check_tell(checking, FINDING_WRONG_SIDECAR, "", looking->path, strerror(-result),
                          false);
    result = filed_record_parse(strbuf_text(&looking->text), looking->text.len, &record, &why);
    if (result < 0)
        return check_tell(checking, FINDING_WRONG_SIDECAR, "", looking->path, why.text, false);
    result = look_at_record(looking, &record);
    filed_record_release(&record);
    return result;
}

static int look_at_document(struct checking *checking, const struct tree_file *file)
{
    struct looking looking = {.checking = checking, .path = file->path, .text = STRBUF_INIT};
    char sidecar[PATH_MAX];
    int result = check_is_known(checking, file->path);

    checking->check->files++;
    if (checking->check->progress != NULL)
        checking->check->progress(checking->check->context, "files", checking->check->files);
    if (result != 0)
        return result < 0 ? result : 0;
    if (place_sidecar_path(checking->place, file->path, sidecar))
        result = look_at_sidecar(&looking, sidecar);
    else
        result = look_at_bare(&looking);
    strbuf_release(&looking.text);
    return result;
}

/* In the quarantine a reason without its document is what somebody leaves who took it out to try it
 * again: check_rows counts those. */
static int on_file(void *context, const struct tree_file *file)
{
    struct checking *checking = context;

    if (strcmp(file->path, SETTINGS_ARCHIVE_MARK) == 0)
        return 0;
    if (strncmp(file->name, PLACES_OWN_PREFIX, strlen(PLACES_OWN_PREFIX)) == 0)
        return check_leftover(checking, file);
    if (place_is_document(checking->place, file->name, file->status.st_mode))
        return look_at_document(checking, file);
    if (S_ISREG(file->status.st_mode))
        return checking->place->quarantine ? 0 : check_lone_sidecar(checking, file);
    int known = check_is_known(checking, file->path);
    if (known == 0)
        known = catalog_is_also(checking->check->catalog, checking->place->root, file->path,
                                checking->err);
    if (known != 0)
        return known < 0 ? known : 0;
    return check_tell(checking, FINDING_UNKNOWN, "", file->path, "it is no file", false);
}

static int on_unreadable(void *context, const char *path, int error)
{
    return check_tell(context, FINDING_UNREADABLE, "", path, strerror(-error), false);
}

int check_files(struct checking *checking)
{
    const struct tree_visitor visitor = {on_file, on_unreadable, checking};
    int result = 0;

    for (size_t i = 0; i < checking->places.count && result == 0; i++) {
        checking->place = &checking->places.places[i];
        if (checking->place->fd >= 0)
            result = tree_walk(checking->place->fd, &visitor);
        else if (checking->place->error != -ENOENT)
            result = on_unreadable(checking, "", checking->place->error);
    }
    return result;
}
