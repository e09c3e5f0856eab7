/* catalog/catalog_quarantine: rows of documents in quarantine, and what may become of them.
 *
 * Called by the line (release, drop, and at a start to find what a fixed plugin is to try again)
 * and by the command line (list). filed/quarantined → claimed, when it is released; →
 * filed/dropped, when it is removed for good.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/catalog_state.h"

static int step_one(struct catalog *catalog, enum statement which, const struct id *id,
                    struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, which);
    int code = sqlite3_extended_errcode(catalog->db);
    int result = 0;

    if (statement != NULL) {
        sqlite3_bind_text(statement, 1, id->text, -1, SQLITE_STATIC);
        code = sqlite3_step(statement);
        sqlite3_reset(statement);
    }
    if (statement == NULL || code != SQLITE_DONE)
        result = catalog_fail(catalog, code, err);
    else if (sqlite3_changes(catalog->db) != 1)
        result = err_set(err, -ENOENT, "%s: document %s has no row that allows this step",
                         catalog->path, id->text);
    return result;
}

int catalog_set_released(struct catalog *catalog, const struct id *id, struct err *err)
{
    return step_one(catalog, STATEMENT_RELEASE, id, err);
}

int catalog_set_kept(struct catalog *catalog, const struct id *id, struct err *err)
{
    return step_one(catalog, STATEMENT_KEEP, id, err);
}

int catalog_set_dropped(struct catalog *catalog, const struct id *id, struct err *err)
{
    return step_one(catalog, STATEMENT_DROP, id, err);
}

static int read_quarantined(sqlite3_stmt *statement, struct catalog_quarantined *out)
{
    out->inbox = catalog_column_copy(statement, 0);
    out->path = catalog_column_copy(statement, 1);
    out->size = (uint64_t)sqlite3_column_int64(statement, 2);
    out->mtime_ns = sqlite3_column_int64(statement, 3);
    out->claimed_ms = sqlite3_column_int64(statement, 4);
    out->by = catalog_column_copy(statement, 5);
    return out->inbox != NULL && out->path != NULL && out->by != NULL ? 0 : -ENOMEM;
}

int catalog_quarantined(struct catalog *catalog, const struct id *id,
                        struct catalog_quarantined *out_row, struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_QUARANTINED);
    int result = 0;
    int code;

    memset(out_row, 0, sizeof(*out_row));
    if (statement == NULL)
        return catalog_fail(catalog, sqlite3_extended_errcode(catalog->db), err);
    sqlite3_bind_text(statement, 1, id->text, -1, SQLITE_STATIC);
    code = sqlite3_step(statement);
    if (code == SQLITE_DONE)
        result = err_set(err, -ENOENT, "no document %s is in quarantine", id->text);
    else if (code != SQLITE_ROW)
        result = catalog_fail(catalog, code, err);
    else if (read_quarantined(statement, out_row) < 0)
        result = err_set(err, -ENOMEM, "out of memory");
    sqlite3_reset(statement);
    if (result < 0)
        catalog_quarantined_release(out_row);
    return result;
}

void catalog_quarantined_release(struct catalog_quarantined *row)
{
    free(row->inbox);
    free(row->path);
    free(row->by);
    memset(row, 0, sizeof(*row));
}

/* The id after `*number`: 1, 0 none, negative. */
static int next_id(struct catalog *catalog, int64_t *number, struct id *out_id, struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_NEXT_QUARANTINED);
    int result = 1;
    int code;

    if (statement == NULL)
        return catalog_fail(catalog, sqlite3_extended_errcode(catalog->db), err);
    sqlite3_bind_int64(statement, 1, *number);
    code = sqlite3_step(statement);
    if (code == SQLITE_DONE) {
        result = 0;
    } else if (code != SQLITE_ROW) {
        result = catalog_fail(catalog, code, err);
    } else {
        *number = sqlite3_column_int64(statement, 0);
        memset(out_id, 0, sizeof(*out_id));
        strncpy(out_id->text, (const char *)sqlite3_column_text(statement, 1),
                sizeof(out_id->text) - 1);
    }
    sqlite3_reset(statement);
    return result;
}

int catalog_each_quarantined(struct catalog *catalog,
                             int (*found)(void *context, const struct catalog_document *document),
                             void *context, struct err *err)
{
    int64_t number = 0;
    struct id id;
    int result;

    while ((result = next_id(catalog, &number, &id, err)) == 1) {
        struct catalog_document document;

        result = catalog_look(catalog, &id, &document, err);
        if (result == -ENOENT)
            continue; /* it was released meanwhile */
        if (result < 0)
            return result;
        result = found(context, &document);
        catalog_document_release(&document);
        if (result != 0)
            return result;
    }
    return result;
}
