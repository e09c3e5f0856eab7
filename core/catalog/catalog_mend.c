/* catalog/catalog_mend: what holding the catalog against the disk takes: whole rows of documents
 * that were filed, rows whose document was moved, notes of a check.
 *
 * Called by audit. Who changes rows here holds the lock on the state folder.
 */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "catalog/catalog_state.h"
#include "catalog/schema.h"

#define MARKS                                                                                      \
    "CREATE TEMP TABLE IF NOT EXISTS marks (first BLOB, second BLOB, PRIMARY KEY (first, second))" \
    " WITHOUT ROWID"

static void bind_text(sqlite3_stmt *statement, int index, const char *text)
{
    sqlite3_bind_text(statement, index, text, -1, SQLITE_STATIC);
}

static void bind_bytes(sqlite3_stmt *statement, int index, const char *bytes)
{
    sqlite3_bind_blob(statement, index, bytes, (int)strlen(bytes), SQLITE_STATIC);
}

static void bind_claim(sqlite3_stmt *statement, const struct catalog_filed *filed)
{
    const struct catalog_claim *claim = &filed->claim;

    bind_text(statement, 1, claim->id.text);
    sqlite3_bind_int64(statement, 2, filed->attempts);
    bind_text(statement, 3, claim->inbox);
    bind_bytes(statement, 4, claim->path);
    sqlite3_bind_int64(statement, 5, (int64_t)claim->device);
    sqlite3_bind_int64(statement, 6, (int64_t)claim->inode);
    sqlite3_bind_int64(statement, 7, (int64_t)claim->size);
    sqlite3_bind_int64(statement, 8, claim->mtime_ns);
    sqlite3_bind_int64(statement, 9, claim->claimed_ms);
}

static void bind_decision(sqlite3_stmt *statement, const struct catalog_filed *filed)
{
    const struct catalog_decision *decision = &filed->decision;

    if (digest_is_known(&decision->digest))
        sqlite3_bind_blob(statement, 10, decision->digest.bytes, DIGEST_SIZE, SQLITE_STATIC);
    else
        sqlite3_bind_null(statement, 10);
    sqlite3_bind_blob(statement, 11, decision->text_digest.bytes, DIGEST_SIZE, SQLITE_STATIC);
    bind_text(statement, 12, decision->root);
    bind_bytes(statement, 13, decision->target);
    bind_text(statement, 14, decision->rule);
    sqlite3_bind_int64(statement, 15, decision->policy);
    sqlite3_bind_int(statement, 16, decision->sidecar);
    sqlite3_bind_int64(statement, 17, decision->decided_ms);
    sqlite3_bind_int(statement, 18, (int)filed->effect);
    bind_bytes(statement, 19, filed->placed);
    sqlite3_bind_int64(statement, 20, filed->filed_ms);
}

int catalog_add_filed(struct catalog *catalog, const struct catalog_filed *filed, struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_ADD_FILED);
    int result;

    assert(!sqlite3_get_autocommit(catalog->db));
    if (statement != NULL) {
        bind_claim(statement, filed);
        bind_decision(statement, filed);
    }
    result = catalog_run(catalog, STATEMENT_ADD_FILED, err);
    if (result < 0 && sqlite3_extended_errcode(catalog->db) == SQLITE_CONSTRAINT_UNIQUE)
        return err_set(err, -EEXIST, "%s: document %s has a row already", catalog->path,
                       filed->claim.id.text);
    if (result < 0)
        return result;
    return catalog_put_record(catalog, sqlite3_last_insert_rowid(catalog->db), &filed->decision,
                              err);
}

int catalog_move(struct catalog *catalog, const struct catalog_document *document,
                 const char *to_root, const char *to_placed, struct err *err)
{
    sqlite3_stmt *move = catalog_prepared(catalog, STATEMENT_MOVE);
    sqlite3_stmt *bare = catalog_prepared(catalog, STATEMENT_MOVE_BARE);
    int result;

    assert(!sqlite3_get_autocommit(catalog->db));
    if (move == NULL || bare == NULL)
        return catalog_fail(catalog, sqlite3_extended_errcode(catalog->db), err);
    bind_text(move, 1, document->id.text);
    bind_text(move, 2, to_root);
    bind_bytes(move, 3, to_placed);
    result = catalog_run(catalog, STATEMENT_MOVE, err);
    if (result == 0 && sqlite3_changes(catalog->db) != 1)
        result =
            err_set(err, -ENOENT, "%s: document %s is not filed", catalog->path, document->id.text);
    bind_text(bare, 1, document->root);
    bind_bytes(bare, 2, document->placed);
    bind_text(bare, 3, to_root);
    bind_bytes(bare, 4, to_placed);
    return result < 0 ? result : catalog_run(catalog, STATEMENT_MOVE_BARE, err);
}

/* Steps a bound question with at most one row. 1, 0 or negative errno; the caller resets. */
static int ask(struct catalog *catalog, sqlite3_stmt *statement, struct err *err)
{
    int code = statement == NULL ? sqlite3_extended_errcode(catalog->db) : sqlite3_step(statement);

    if (code == SQLITE_ROW || code == SQLITE_DONE)
        return code == SQLITE_ROW;
    return catalog_fail(catalog, code, err);
}

int catalog_find_open(struct catalog *catalog, const char *root, const struct digest *digest,
                      struct id *out_id, struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_FIND_OPEN);
    int found;

    if (statement != NULL) {
        bind_text(statement, 1, root);
        sqlite3_bind_blob(statement, 2, digest->bytes, DIGEST_SIZE, SQLITE_STATIC);
    }
    found = ask(catalog, statement, err);
    if (found == 1) {
        memset(out_id, 0, sizeof *out_id);
        strncpy(out_id->text, (const char *)sqlite3_column_text(statement, 0),
                sizeof out_id->text - 1);
    }
    sqlite3_reset(statement);
    return found;
}

int catalog_count_bare(struct catalog *catalog, const char *root, const char *placed,
                       uint64_t *out_count, struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_COUNT_BARE);
    int found;

    if (statement != NULL) {
        bind_text(statement, 1, root);
        bind_bytes(statement, 2, placed);
    }
    found = ask(catalog, statement, err);
    if (found == 1)
        *out_count = (uint64_t)sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    return found < 0 ? found : 0;
}

/* A temporary table is this connection's own, and works where the catalog is only read. */
static sqlite3_stmt *marks(struct catalog *catalog, enum statement which, const char *first,
                           const char *second)
{
    sqlite3_stmt *statement;

    if (catalog->statements[which] == NULL &&
        sqlite3_exec(catalog->db, MARKS, NULL, NULL, NULL) != SQLITE_OK)
        return NULL;
    statement = catalog_prepared(catalog, which);
    if (statement != NULL) {
        bind_bytes(statement, 1, first);
        bind_bytes(statement, 2, second);
    }
    return statement;
}

int catalog_mark(struct catalog *catalog, const char *first, const char *second, struct err *err)
{
    if (marks(catalog, STATEMENT_MARK, first, second) == NULL)
        return catalog_fail(catalog, sqlite3_extended_errcode(catalog->db), err);
    return catalog_run(catalog, STATEMENT_MARK, err);
}

int catalog_unmark(struct catalog *catalog, const char *first, const char *second, struct err *err)
{
    if (marks(catalog, STATEMENT_UNMARK, first, second) == NULL)
        return catalog_fail(catalog, sqlite3_extended_errcode(catalog->db), err);
    return catalog_run(catalog, STATEMENT_UNMARK, err);
}

int catalog_next_marked(struct catalog *catalog, const char *first, struct id *id, struct err *err)
{
    sqlite3_stmt *statement = marks(catalog, STATEMENT_NEXT_MARK, first, id->text);
    int found = ask(catalog, statement, err);
    struct id next = {""};

    if (found == 1)
        memcpy(next.text, sqlite3_column_blob(statement, 0),
               (size_t)sqlite3_column_bytes(statement, 0) % sizeof next.text);
    sqlite3_reset(statement);
    if (found == 1)
        *id = next;
    return found;
}

int catalog_is_marked(struct catalog *catalog, const char *first, const char *second,
                      struct err *err)
{
    sqlite3_stmt *statement = marks(catalog, STATEMENT_MARKED, first, second);
    int found = ask(catalog, statement, err);

    sqlite3_reset(statement);
    return found;
}

int catalog_check_pages(struct catalog *catalog, bool quick, struct err *err)
{
    const char *question = quick ? "PRAGMA quick_check(1)" : "PRAGMA integrity_check(1)";
    sqlite3_stmt *statement = NULL;
    const char *said;
    int result;

    if (sqlite3_prepare_v2(catalog->db, question, -1, &statement, NULL) != SQLITE_OK)
        return catalog_fail(catalog, sqlite3_extended_errcode(catalog->db), err);
    result = ask(catalog, statement, err);
    said = result == 1 ? (const char *)sqlite3_column_text(statement, 0) : NULL;
    if (result >= 0)
        result = said != NULL && strcmp(said, "ok") == 0
                     ? 0
                     : err_set(err, -EUCLEAN, SCHEMA_NOT_USABLE, catalog->path,
                               said == NULL ? "it cannot be checked" : said);
    sqlite3_finalize(statement);
    return result;
}
