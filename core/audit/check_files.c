/* audit/check_files: each file in the archives and the quarantine against its row.
 *
 * Called by check. A row is asked for three times where taxond may work beside: by the place, by
 * the id or the bytes, and by the place again, since a document may be filed between two looks.
 * Whether a filed document is still the one it was is check_rows' to say; here it is what no row
 * speaks of, and what lies elsewhere than its row says.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "audit/check_part.h"
#include "audit/tree.h"
#include "route/template.h"

/* A document of an archive, or the record that lies alone. */
struct looking {
    struct checking *checking;
    const char *path;
    struct strbuf text; /* its record */
    struct measure sidecar;
    struct measure document;
};

static int tell(struct checking *checking, enum finding_kind kind, const char *id, const char *path,
                const char *detail, bool repaired)
{
    const struct finding finding = {kind, id, checking->place->root, path, detail, repaired};

    check_report(checking, &finding);
    return 0;
}

/* What --repair came to: 0 it is mended; 1 the catalog cannot be written; else the finding stays,
 * with why it was not mended. */
static int tell_mended(struct checking *checking, enum finding_kind kind, const char *id,
                       const char *path, const char *detail, int mended)
{
    if (mended == 1)
        return -EIO;
    return tell(checking, kind, id, path,
                mended == 0 || mended == -EPERM ? detail : strerror(-mended), mended == 0);
}

/* Whether a row says that something was filed here: 1, 0, negative errno. */
static int has_row(struct checking *checking, const char *path)
{
    struct catalog_document document;
    int result = catalog_look_placed(checking->check->catalog, checking->place->root, path,
                                     &document, checking->err);

    if (result == -ENOENT)
        return 0;
    if (result == 0)
        catalog_document_release(&document);
    return result < 0 ? result : 1;
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
        return tell(checking, FINDING_UNREADABLE, "", looking->path, strerror(-result), false);
    result = catalog_find_open(checking->check->catalog, checking->place->root,
                               &looking->document.digest, &id, checking->err);
    if (result == 1)
        return catalog_mark(checking->check->catalog, MARK_PLACED, id.text, checking->err);
    if (result == 0)
        result = has_row(checking, looking->path);
    if (result == 0)
        return tell(checking, FINDING_UNKNOWN, "", looking->path, "", false);
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

    if (checking->check->quick ? record->row.claim.size != looking->document.size
                               : !filed_record_is_of(record, &looking->document))
        return tell(checking, FINDING_WRONG_SIDECAR, id, looking->path,
                    "its size or SHA-256 is not the document's", false);
    if (!checking->check->quick &&
        places_in_hand(checking->check->settings, &record->row.claim.id, &looking->document.digest))
        return tell(checking, FINDING_WRONG_SIDECAR, id, looking->path,
                    "another document with that id is in hand", false);
    filed_record_place(record, checking->place, looking->path, &looking->document,
                       &looking->sidecar, &looking->text);
    mended = check_mend_row(checking, record, state);
    return tell_mended(checking, FINDING_NO_ROW, id, looking->path, "", mended);
}

static bool is_there(const struct places *places, const char *root, const char *path)
{
    const struct place *place = places_find(places, root);
    struct measure measure;
    int code = place == NULL ? -ENOENT : place_measure(place, path, false, &measure);

    return code != -ENOENT || place == NULL; /* what cannot be looked at may well be there */
}

static bool is_same(const struct looking *looking, const struct catalog_document *document)
{
    if (document->state != CATALOG_FILED || strcmp(document->record, looking->text.data) != 0)
        return false;
    if (looking->checking->check->quick)
        return document->size == looking->document.size;
    return memcmp(document->digest.bytes, looking->document.digest.bytes, DIGEST_SIZE) == 0;
}

/* Its id was filed at another place. */
static int look_at_moved(struct looking *looking, const struct catalog_document *document)
{
    struct checking *checking = looking->checking;
    char detail[PATH_MAX];
    char from[sizeof MARK_MOVED + sizeof checking->place->root];
    int result;

    snprintf(detail, sizeof detail, "it was filed as %s/%s", document->root, document->placed);
    if (!is_same(looking, document))
        return tell(checking, FINDING_WRONG_SIDECAR, document->id.text, looking->path, detail,
                    false);
    if (is_there(&checking->places, document->root, document->placed))
        return tell(checking, FINDING_COPY, document->id.text, looking->path, detail, false);
    snprintf(from, sizeof from, MARK_MOVED "%s", document->root);
    result = catalog_mark(checking->check->catalog, from, document->placed, checking->err);
    if (result < 0)
        return result;
    result = check_mend_place(checking, document, looking->path);
    return tell_mended(checking, FINDING_MOVED, document->id.text, looking->path, detail, result);
}

static int look_at_known(struct looking *looking, struct filed_record *record,
                         const struct catalog_document *document)
{
    struct checking *checking = looking->checking;

    if (document->state == CATALOG_GONE ||
        (document->state == CATALOG_CLAIMED && !checking->check->running))
        return look_at_new(looking, record, document->state);
    if (document->state == CATALOG_CLAIMED || document->state == CATALOG_DECIDED)
        return catalog_mark(checking->check->catalog, MARK_PLACED, document->id.text,
                            checking->err);
    if (strcmp(document->root, checking->place->root) == 0 &&
        strcmp(document->placed, looking->path) == 0)
        return 0; /* it was filed between two looks */
    return look_at_moved(looking, document);
}

static int look_at_record(struct looking *looking, struct filed_record *record)
{
    struct checking *checking = looking->checking;
    struct catalog_document document;
    int result =
        place_measure(checking->place, looking->path, !checking->check->quick, &looking->document);

    if (result < 0)
        return result == -ENOENT ? 0
                                 : tell(checking, FINDING_UNREADABLE, "", looking->path,
                                        strerror(-result), false);
    result =
        catalog_look(checking->check->catalog, &record->row.claim.id, &document, checking->err);
    if (result == -ENOENT)
        return look_at_new(looking, record, (enum catalog_state)0);
    if (result < 0)
        return result;
    result = look_at_known(looking, record, &document);
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
        return tell(checking, FINDING_WRONG_SIDECAR, "", looking->path, strerror(-result), false);
    result = filed_record_parse(strbuf_text(&looking->text), looking->text.len, &record, &why);
    if (result < 0)
        return tell(checking, FINDING_WRONG_SIDECAR, "", looking->path, why.text, false);
    result = look_at_record(looking, &record);
    filed_record_release(&record);
    return result;
}

static int look_at_document(struct checking *checking, const struct tree_file *file)
{
    struct looking looking = {.checking = checking, .path = file->path, .text = STRBUF_INIT};
    char sidecar[PATH_MAX];
    int result = has_row(checking, file->path);

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

/* Whether the document with that id is on its way, or gone from here as its row knows. */
static int is_on_its_way(struct checking *checking, const char *text)
{
    enum catalog_state state = CATALOG_FILED;
    char *path = NULL;
    struct id id;
    int result;

    if (!id_is_valid(text))
        return 0;
    memcpy(id.text, text, sizeof id.text);
    result = catalog_find(checking->check->catalog, &id, &state, &path, checking->err);
    free(path);
    if (result < 0)
        return result == -ENOENT ? 0 : result;
    return state == CATALOG_CLAIMED || state == CATALOG_DECIDED;
}

/* ".taxond-ID.tmp", ".taxond-ID.part": of a document on its way, they are the next start's. Of one
 * that is filed, they are rests. */
static int look_at_leftover(struct checking *checking, const struct tree_file *file)
{
    struct catalog_document document;
    struct id id = {""};
    bool removed = false;
    int result;

    snprintf(id.text, sizeof id.text, "%s", file->name + strlen(PLACES_OWN_PREFIX));
    result = is_on_its_way(checking, id.text);
    if (result != 0)
        return result < 0 ? result : 0;
    if (checking->check->repair && id_is_valid(id.text) &&
        catalog_look(checking->check->catalog, &id, &document, checking->err) == 0) {
        removed = document.state == CATALOG_FILED &&
                  is_there(&checking->places, document.root, document.placed) &&
                  unlinkat(file->folder_fd, file->name, 0) == 0;
        catalog_document_release(&document);
    }
    return tell(checking, FINDING_LEFTOVER, id_is_valid(id.text) ? id.text : "", file->path, "",
                removed);
}

/* Told here only when no row speaks of its document: else check_rows misses that. */
static int look_at_lone(struct checking *checking, const struct tree_file *file)
{
    struct strbuf text = STRBUF_INIT;
    char path[PATH_MAX];
    struct measure measure;
    struct filed_record record = {.json = NULL};
    struct err why = {""};
    int result;

    snprintf(path, sizeof path, "%.*s", (int)(strlen(file->path) - strlen(TEMPLATE_SIDECAR_SUFFIX)),
             file->path);
    if (place_measure(checking->place, path, false, &measure) != -ENOENT)
        return 0;
    result = place_read(checking->place, file->path, &text);
    if (result == 0 && filed_record_parse(strbuf_text(&text), text.len, &record, &why) == 0) {
        result = is_on_its_way(checking, record.row.claim.id.text);
        if (result == 0 && place_measure(checking->place, path, false, &measure) == 0)
            result = 1; /* it came meanwhile */
    }
    strbuf_release(&text);
    if (result == 0)
        result = has_row(checking, path);
    if (result == 0)
        tell(checking, FINDING_LONE_SIDECAR, record.json == NULL ? "" : record.row.claim.id.text,
             file->path, "", false);
    filed_record_release(&record);
    return result < 0 && result != -ENOENT ? result : 0;
}

/* In the quarantine a reason without its document is what somebody leaves who took it out to try it
 * again: check_rows counts those. */
static int on_file(void *context, const struct tree_file *file)
{
    struct checking *checking = context;

    if (strncmp(file->name, PLACES_OWN_PREFIX, strlen(PLACES_OWN_PREFIX)) == 0)
        return look_at_leftover(checking, file);
    if (place_is_document(checking->place, file->name, file->status.st_mode))
        return look_at_document(checking, file);
    if (S_ISREG(file->status.st_mode))
        return checking->place->quarantine ? 0 : look_at_lone(checking, file);
    return tell(checking, FINDING_UNKNOWN, "", file->path, "it is no file", false);
}

static int on_unreadable(void *context, const char *path, int error)
{
    return tell(context, FINDING_UNREADABLE, "", path, strerror(-error), false);
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
