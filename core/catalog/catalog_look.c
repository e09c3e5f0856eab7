/* catalog/catalog_look: one document's row and record.
 *
 * Called by the command line (taxon why) and by audit, beside a running taxond. Changes nothing.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/catalog_state.h"

/* Columns as in LOOK_COLUMNS. */
static int read_document(sqlite3_stmt *statement, struct catalog_document *document)
{
    strncpy(document->id.text, (const char *)sqlite3_column_text(statement, 0),
            sizeof document->id.text - 1);
    document->state = (enum catalog_state)sqlite3_column_int(statement, 1);
    document->attempts = (uint32_t)sqlite3_column_int64(statement, 2);
    document->inbox = catalog_column_copy(statement, 3);
    document->path = catalog_column_copy(statement, 4);
    document->effect = (enum catalog_effect)sqlite3_column_int(statement, 5);
    document->root = catalog_column_copy(statement, 6);
    document->placed = catalog_column_copy(statement, 7);
    document->filed_ms = sqlite3_column_int64(statement, 8);
    document->record = catalog_column_copy(statement, 9);
    document->number = sqlite3_column_int64(statement, 10);
    document->target = catalog_column_copy(statement, 11);
    document->size = (uint64_t)sqlite3_column_int64(statement, 12);
    if (sqlite3_column_bytes(statement, 13) == DIGEST_SIZE)
        memcpy(document->digest.bytes, sqlite3_column_blob(statement, 13), DIGEST_SIZE);
    document->sidecar = sqlite3_column_int(statement, 14) != 0;
    return document->target != NULL && document->inbox != NULL && document->path != NULL &&
                   document->root != NULL && document->placed != NULL && document->record != NULL
               ? 0
               : -ENOMEM;
}

/* The one row of a bound statement. `what` names what was asked for. */
static int look(struct catalog *catalog, sqlite3_stmt *statement, const char *what,
                struct catalog_document *out_document, struct err *err)
{
    int code = sqlite3_step(statement);
    int result = 0;

    memset(out_document, 0, sizeof *out_document);
    if (code == SQLITE_DONE)
        result = err_set(err, -ENOENT, "%s: no document %s", catalog->path, what);
    else if (code != SQLITE_ROW)
        result = catalog_fail(catalog, code, err);
    else if (read_document(statement, out_document) < 0)
        result = err_set(err, -ENOMEM, "out of memory");
    sqlite3_reset(statement);
    if (result < 0)
        catalog_document_release(out_document);
    return result;
}

int catalog_look(struct catalog *catalog, const struct id *id,
                 struct catalog_document *out_document, struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_LOOK);

    if (statement == NULL)
        return catalog_fail(catalog, sqlite3_extended_errcode(catalog->db), err);
    sqlite3_bind_text(statement, 1, id->text, -1, SQLITE_STATIC);
    return look(catalog, statement, id->text, out_document, err);
}

static int look_place(struct catalog *catalog, enum statement which, const char *root,
                      const char *placed, struct catalog_document *out_document, struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, which);

    if (statement == NULL)
        return catalog_fail(catalog, sqlite3_extended_errcode(catalog->db), err);
    sqlite3_bind_text(statement, 1, root, -1, SQLITE_STATIC);
    sqlite3_bind_blob(statement, 2, placed, (int)strlen(placed), SQLITE_STATIC);
    return look(catalog, statement, placed, out_document, err);
}

int catalog_look_bare(struct catalog *catalog, const char *root, const char *placed,
                      struct catalog_document *out_document, struct err *err)
{
    return look_place(catalog, STATEMENT_LOOK_BARE, root, placed, out_document, err);
}

int catalog_look_placed(struct catalog *catalog, const char *root, const char *placed,
                        struct catalog_document *out_document, struct err *err)
{
    int result = catalog_look_bare(catalog, root, placed, out_document, err);

    if (result == -ENOENT)
        result = look_place(catalog, STATEMENT_LOOK_PLACED, root, placed, out_document, err);
    return result;
}

int catalog_next(struct catalog *catalog, int64_t *number, struct catalog_document *out_document,
                 struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_NEXT);
    int result;

    if (statement == NULL)
        return catalog_fail(catalog, sqlite3_extended_errcode(catalog->db), err);
    sqlite3_bind_int64(statement, 1, *number);
    result = look(catalog, statement, "more", out_document, err);
    if (result < 0)
        return result == -ENOENT ? 0 : result;
    *number = out_document->number;
    return 1;
}

void catalog_document_release(struct catalog_document *document)
{
    free(document->inbox);
    free(document->path);
    free(document->root);
    free(document->placed);
    free(document->record);
    free(document->target);
    memset(document, 0, sizeof *document);
}
