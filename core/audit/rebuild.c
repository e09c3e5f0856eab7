/* audit/rebuild: the catalog made anew from the records that lie beside the documents.
 *
 * Called by the command line (taxon catalog rebuild) and, where the configuration says so, by a
 * start that finds the catalog damaged or gone. What cannot come back: rows of documents whose
 * bytes were filed already (nothing was placed for them), of documents without a record, and of
 * those that vanished. Documents on their way are not its business: the next start takes up what
 * lies in work/.
 */
#include "audit/rebuild.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "audit/filed_record.h"
#include "audit/rebuild_swap.h"
#include "audit/tree.h"

#define ROWS_A_COMMIT 1024
#define LOOK_MAX      1000000 /* entries that rebuild_find_record looks at */

struct work {
    const struct settings *settings;
    struct rebuild *rebuild;
    struct catalog *catalog;
    const struct place *place;
    struct err *err;
    uint64_t uncommitted;
    char (*where)[PATH_MAX]; /* rebuild_find_record's */
    uint64_t looked;
};

static int refuse(struct work *work, const char *path, const char *why)
{
    work->rebuild->refused++;
    if (work->rebuild->trouble != NULL)
        work->rebuild->trouble(work->rebuild->context, work->place->root, path, why);
    return 0;
}

static int commit(struct work *work)
{
    work->uncommitted = 0;
    return catalog_commit(work->catalog, work->err);
}

static int add_row(struct work *work, const struct filed_record *record)
{
    int result = 0;

    if (work->uncommitted == 0)
        result = catalog_begin(work->catalog, work->err);
    if (result < 0)
        return result;
    work->uncommitted++;
    result = catalog_add_filed(work->catalog, &record->row, work->err);
    if (result == -EEXIST) {
        work->rebuild->twice++;
        work->rebuild->refused--; /* counted as the one thing only */
        result = refuse(work, record->row.placed,
                        "its record has the id of another document that was found before");
    } else if (result == 0) {
        work->rebuild->rows++;
    }
    if (result == 0 && work->uncommitted == ROWS_A_COMMIT)
        result = commit(work);
    return result;
}

static int add_document(struct work *work, const char *path, const struct strbuf *text,
                        const struct measure *sidecar)
{
    struct filed_record record;
    struct measure document;
    struct err why = {""};
    int result = filed_record_parse(strbuf_text(text), text->len, &record, &why);

    if (result < 0)
        return result == -ENOMEM ? err_set(work->err, result, "out of memory")
                                 : refuse(work, path, why.text);
    result = place_measure(work->place, path, true, &document);
    if (result < 0) {
        result = refuse(work, path, strerror(-result));
    } else if (!filed_record_is_of(&record, &document, work->place->quarantine)) {
        result = refuse(work, path, "its record has another size or SHA-256 than its bytes");
    } else if (places_in_hand(work->settings, &record.row.claim.id, &document.digest)) {
        result = refuse(work, path, "its record has the id of another document, in hand");
    } else {
        filed_record_place(&record, work->place, path, &document, sidecar, text);
        result = add_row(work, &record);
    }
    filed_record_release(&record);
    return result;
}

static int on_file(void *context, const struct tree_file *file)
{
    struct work *work = context;
    struct strbuf text = STRBUF_INIT;
    struct measure sidecar;
    char path[PATH_MAX];
    int result = -ENOENT;

    if (!place_is_document(work->place, file->name, file->status.st_mode))
        return 0;
    work->rebuild->files++;
    if (work->rebuild->progress != NULL)
        work->rebuild->progress(work->rebuild->context, work->rebuild->files);
    if (place_sidecar_path(work->place, file->path, path))
        result = place_measure(work->place, path, false, &sidecar);
    if (result == 0)
        result = place_read(work->place, path, &text);
    if (result == 0)
        result = add_document(work, file->path, &text, &sidecar);
    else if (result == -ENOENT)
        result = (int)(work->rebuild->without_record++, 0);
    else
        result = refuse(work, file->path, strerror(-result));
    strbuf_release(&text);
    return result;
}

static int on_unreadable(void *context, const char *path, int error)
{
    return refuse(context, path, strerror(-error));
}

static int read_places(struct work *work, const struct places *places)
{
    int result = 0;

    for (size_t i = 0; i < places->count && result == 0; i++) {
        const struct tree_visitor visitor = {on_file, on_unreadable, work};

        work->place = &places->places[i];
        if (work->place->fd < 0)
            return err_set(work->err, work->place->error, "%s: %s", work->place->path,
                           strerror(-work->place->error));
        result = tree_walk(work->place->fd, &visitor);
        if (result == -ENOMEM)
            err_set(work->err, result, "out of memory");
    }
    if (result == 0 && work->uncommitted > 0)
        result = commit(work);
    return result;
}

int rebuild_catalog(const struct settings *settings, struct rebuild *rebuild, struct err *err)
{
    struct work work = {.settings = settings, .rebuild = rebuild, .err = err};
    struct places places;
    int result = places_open(settings, &places, err);

    rebuild->files = rebuild->rows = rebuild->without_record = rebuild->refused = 0;
    rebuild->twice = 0;
    rebuild->aside[0] = '\0';
    if (result < 0)
        return result;
    result = rebuild_draft_open(settings->state, &work.catalog, err);
    if (result == 0)
        result = read_places(&work, &places);
    catalog_close(work.catalog);
    places_close(&places);
    return result < 0 ? result : rebuild_swap(settings->state, rebuild->aside, err);
}

static int look_at(void *context, const struct tree_file *file)
{
    struct work *work = context;
    char path[PATH_MAX];
    struct measure measure;

    if (++work->looked > LOOK_MAX)
        return -ECANCELED;
    if (!place_is_document(work->place, file->name, file->status.st_mode) ||
        !place_sidecar_path(work->place, file->path, path) ||
        place_measure(work->place, path, false, &measure) < 0)
        return 0;
    snprintf(*work->where, PATH_MAX, "%s/%s", work->place->root, file->path);
    return 1;
}

static int pass_over(void *context, const char *path, int error)
{
    (void)context;
    (void)path;
    (void)error;
    return 0;
}

int rebuild_find_record(const struct settings *settings, char out_where[PATH_MAX])
{
    struct work work = {.where = (char(*)[PATH_MAX])out_where};
    struct err err = {""};
    struct places places;
    int result = places_open(settings, &places, &err);

    if (result < 0)
        return result;
    for (size_t i = 0; i < places.count && result == 0; i++) {
        const struct tree_visitor visitor = {look_at, pass_over, &work};

        work.place = &places.places[i];
        if (work.place->fd >= 0)
            result = tree_walk(work.place->fd, &visitor);
    }
    places_close(&places);
    return result == -ECANCELED ? 0 : result;
}
