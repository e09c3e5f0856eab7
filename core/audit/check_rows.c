/* audit/check_rows: each row against the disk.
 *
 * Called by check, before check_files. A filed document must be where its row says, with the bytes
 * and, where records are beside documents, with the record that the row has. Of documents in hand
 * it says only what the next start cannot take up by itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "audit/check_part.h"

static int tell(struct checking *checking, enum finding_kind kind,
                const struct catalog_document *document, const char *detail, bool repaired)
{
    const struct finding finding = {kind,   document->id.text, document->root, document->placed,
                                    detail, repaired};

    check_report(checking, &finding);
    return 0;
}

/* Once for each root or inbox. */
static int tell_once(struct checking *checking, enum finding_kind kind, const char *root,
                     const char *detail)
{
    struct catalog *catalog = checking->check->catalog;
    const struct finding finding = {kind, "", root, "", detail, false};
    int told = catalog_is_marked(catalog, MARK_TOLD, root, checking->err);

    if (told != 0)
        return told < 0 ? told : 0;
    check_report(checking, &finding);
    return catalog_mark(catalog, MARK_TOLD, root, checking->err);
}

/* So that check_files does not tell of the same again: no record there leads it to this row. */
static int mark_known(struct checking *checking, const struct catalog_document *document)
{
    char known[MARK_SIZE];

    snprintf(known, sizeof known, MARK_KNOWN "%s", document->root);
    return catalog_mark(checking->check->catalog, known, document->placed, checking->err);
}

static int look_at_sidecar(struct checking *checking, const struct catalog_document *document,
                           const struct place *place)
{
    struct strbuf text = STRBUF_INIT;
    char path[PATH_MAX];
    int result;

    if (!place_sidecar_path(place, document->placed, path))
        return tell(checking, FINDING_SIDECAR_MISSING, document, "it has no place", false);
    result = place_read(place, path, &text);
    bool same = result == 0 && strcmp(strbuf_text(&text), document->record) == 0 &&
                text.len == strlen(document->record);
    strbuf_release(&text);
    if (same)
        return 0;
    if (result == -ENOENT) {
        result = check_mend_sidecar(checking, document, place, path);
        tell(checking, FINDING_SIDECAR_MISSING, document,
             result < 0 && result != -EPERM ? strerror(-result) : "", result == 0);
    } else {
        tell(checking, FINDING_SIDECAR_CHANGED, document, result < 0 ? strerror(-result) : "",
             false);
    }
    return mark_known(checking, document);
}

/* Without a record beside it, nothing but the rows tells whose document it is. */
static int look_at_twice(struct checking *checking, const struct catalog_document *document)
{
    uint64_t count = 0;
    int result = catalog_count_bare(checking->check->catalog, document->root, document->placed,
                                    &count, checking->err);

    if (result < 0 || count <= 1)
        return result;
    return tell(checking, FINDING_ROW_TWICE, document, "", false);
}

/* Perhaps it was moved: check_files will see. Out of the quarantine it was taken by hand, to be
 * tried again, as docs/operating.md tells people to. */
static int look_at_missing(struct checking *checking, const struct catalog_document *document)
{
    int result;

    if (document->effect == CATALOG_EFFECT_QUARANTINED) {
        checking->check->left++;
        return 0;
    }
    result = catalog_mark(checking->check->catalog, MARK_MISSING, document->id.text, checking->err);
    return result < 0 ? result : mark_known(checking, document);
}

static int look_at_filed(struct checking *checking, const struct catalog_document *document)
{
    const struct place *place = places_find(&checking->places, document->root);
    /* What was too large was never read. */
    bool by_size = checking->check->quick || !digest_is_known(&document->digest);
    struct measure measure;
    int result;

    if (document->effect == CATALOG_EFFECT_DROPPED)
        return mark_known(checking, document); /* nothing lies there any more, and is not to */
    if (place == NULL || place->fd < 0)
        return tell_once(checking, FINDING_NO_ROOT, document->root,
                         place == NULL ? "not configured" : strerror(-place->error));
    result = place_measure(place, document->placed, !by_size, &measure);
    if (result == -ENOENT)
        return look_at_missing(checking, document);
    if (result < 0) {
        tell(checking, FINDING_CHANGED, document,
             result == -EINVAL ? "it is no file" : strerror(-result), false);
        return mark_known(checking, document);
    }
    if (by_size ? measure.size != document->size
                : memcmp(measure.digest.bytes, document->digest.bytes, DIGEST_SIZE) != 0)
        return tell(checking, FINDING_CHANGED, document,
                    measure.size != document->size ? "its size is another"
                                                   : "its SHA-256 is another",
                    false);
    if (document->effect == CATALOG_EFFECT_SAME)
        return 0; /* nothing was placed for it; the record there is the other one's */
    return document->sidecar ? look_at_sidecar(checking, document, place)
                             : look_at_twice(checking, document);
}

/* 1: INBOX/.taxond/work/ID is there; 0; -ENOLINK: the inbox is not configured. */
static int is_in_work(const struct checking *checking, const struct catalog_document *document)
{
    const struct settings *settings = checking->check->settings;
    int result = -ENOLINK;

    /* The inbox may have got another name: any that holds it will do. */
    for (size_t i = 0; i < settings->inbox_count; i++) {
        char path[PATH_MAX];
        struct stat status;
        int len = snprintf(path, sizeof path, "%s/.taxond/work/%s", settings->inboxes[i].path,
                           document->id.text);

        if (len < (int)sizeof path && lstat(path, &status) == 0)
            return 1;
        if (strcmp(settings->inboxes[i].name, document->inbox) == 0)
            result = 0;
    }
    return result;
}

/* A decided document may be placed already: check_files sees it by its record or its bytes. */
static int look_at_open(struct checking *checking, const struct catalog_document *document)
{
    char inbox[sizeof "inbox:" + SETTINGS_NAME_MAX];
    int in_work = is_in_work(checking, document);

    checking->check->in_hand++;
    if (in_work == -ENOLINK) {
        snprintf(inbox, sizeof inbox, "inbox:%s", document->inbox);
        return tell_once(checking, FINDING_NO_INBOX, inbox, "");
    }
    if (in_work == 1 || document->state != CATALOG_DECIDED || checking->check->running)
        return 0;
    return catalog_mark(checking->check->catalog, MARK_AWAITED, document->id.text, checking->err);
}

static int look_at_row(struct checking *checking, const struct catalog_document *document)
{
    switch (document->state) {
    case CATALOG_FILED:
        return look_at_filed(checking, document);
    case CATALOG_CLAIMED:
    case CATALOG_DECIDED:
        return look_at_open(checking, document);
    case CATALOG_GONE:
        break;
    }
    return 0;
}

int check_rows(struct checking *checking)
{
    struct check *check = checking->check;
    struct catalog_document document;
    int64_t number = 0;
    int result;

    while ((result = catalog_next(check->catalog, &number, &document, checking->err)) == 1) {
        check->rows++;
        if (check->progress != NULL)
            check->progress(check->context, "rows", check->rows);
        result = look_at_row(checking, &document);
        catalog_document_release(&document);
        if (result < 0)
            return result;
    }
    return result;
}

/* What was missing may have been moved, or be there again. */
static int tell_missing(struct checking *checking, const struct catalog_document *document)
{
    char from[MARK_SIZE];
    int moved;

    snprintf(from, sizeof from, MARK_MOVED "%s", document->root);
    moved = catalog_is_marked(checking->check->catalog, from, document->placed, checking->err);
    if (moved != 0)
        return moved < 0 ? moved : 0;
    if (check_is_there(checking, document->root, document->placed))
        return 0;
    return tell(checking, FINDING_MISSING, document, "", false);
}

static int tell_lost(struct checking *checking, const struct catalog_document *document)
{
    const struct finding finding = {
        FINDING_LOST, document->id.text, document->root, document->target, "", false};

    check_report(checking, &finding);
    return 0;
}

static int each_marked(struct checking *checking, const char *mark,
                       int (*found)(struct checking *, const struct catalog_document *))
{
    struct catalog *catalog = checking->check->catalog;
    struct id id = {""};
    int result;

    while ((result = catalog_next_marked(catalog, mark, &id, checking->err)) == 1) {
        struct catalog_document document;

        result = catalog_look(catalog, &id, &document, checking->err);
        if (result < 0)
            return result;
        result = found(checking, &document);
        catalog_document_release(&document);
        if (result < 0)
            return result;
    }
    return result;
}

int check_rows_in_the_end(struct checking *checking)
{
    int result = each_marked(checking, MARK_MISSING, tell_missing);

    return result < 0 ? result : each_marked(checking, MARK_AWAITED, tell_lost);
}
