/* catalog/catalog: rows of documents on their way and of those that are filed.
 *
 * Called by the line, from one thread at a time. It knows what a row may become next, and nothing
 * of files: whether a row is true is the line's to keep.
 */
#include "catalog/catalog.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/catalog_state.h"
#include "catalog/schema.h"

#define BUSY_TIMEOUT_MS  5000
#define CHECKPOINT_PAGES "4000" /* 16 MB of log before it is folded into the database */

/* catalog_run for an UPDATE of one row that must be there. */
static int run_on_row(struct catalog *catalog, enum statement which, const struct id *id,
                      struct err *err)
{
    int result = catalog_run(catalog, which, err);

    if (result == 0 && sqlite3_changes(catalog->db) != 1)
        result = err_set(err, -ENOENT, "%s: document %s has no row that allows this step",
                         catalog->path, id->text);
    return result;
}

static int set_up(struct catalog *catalog, struct err *err)
{
    static const char *const pragmas = "PRAGMA journal_mode = WAL;"
                                       "PRAGMA synchronous = FULL;"
                                       "PRAGMA wal_autocheckpoint = " CHECKPOINT_PAGES ";"
                                       "PRAGMA trusted_schema = OFF;"
                                       "PRAGMA cell_size_check = ON;";
    int code = sqlite3_exec(catalog->db, pragmas, NULL, NULL, NULL);

    if (code != SQLITE_OK)
        return catalog_fail(catalog, sqlite3_extended_errcode(catalog->db), err);
    return schema_prepare(catalog->db, catalog->path, err);
}

static int open_db(const char *path, int flags, struct catalog **out_catalog, struct err *err)
{
    struct catalog *catalog = calloc(1, sizeof(*catalog));
    int code;

    if (catalog == NULL || (catalog->path = strdup(path)) == NULL) {
        free(catalog);
        return err_set(err, -ENOMEM, "out of memory");
    }
    code = sqlite3_open_v2(path, &catalog->db, flags, NULL);
    if (code != SQLITE_OK) {
        int result = err_set(err, -EIO, "%s: %s", path,
                             catalog->db == NULL ? "out of memory" : sqlite3_errmsg(catalog->db));

        catalog_close(catalog);
        return result;
    }
    sqlite3_extended_result_codes(catalog->db, 1);
    sqlite3_busy_timeout(catalog->db, BUSY_TIMEOUT_MS);
    *out_catalog = catalog;
    return 0;
}

int catalog_open(const char *path, struct catalog **out_catalog, struct err *err)
{
    struct catalog *catalog = NULL;
    int result = open_db(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &catalog, err);

    if (result < 0)
        return result;
    result = set_up(catalog, err);
    if (result < 0)
        catalog_close(catalog);
    else
        *out_catalog = catalog;
    return result;
}

int catalog_open_readonly(const char *path, struct catalog **out_catalog, struct err *err)
{
    struct catalog *catalog = NULL;
    int result = open_db(path, SQLITE_OPEN_READONLY, &catalog, err);

    if (result < 0)
        return result;
    result = schema_check(catalog->db, path, err);
    if (result < 0)
        catalog_close(catalog);
    else
        *out_catalog = catalog;
    return result;
}

void catalog_close(struct catalog *catalog)
{
    if (catalog == NULL)
        return;
    catalog_forget_near(catalog);
    catalog_finalize(catalog);
    sqlite3_close(catalog->db);
    free(catalog->path);
    free(catalog);
}

int catalog_begin(struct catalog *catalog, struct err *err)
{
    return catalog_run(catalog, STATEMENT_BEGIN, err);
}

int catalog_commit(struct catalog *catalog, struct err *err)
{
    return catalog_run(catalog, STATEMENT_COMMIT, err);
}

void catalog_rollback(struct catalog *catalog)
{
    catalog_forget_near(catalog);
    if (!sqlite3_get_autocommit(catalog->db))
        (void)catalog_run(catalog, STATEMENT_ROLLBACK, NULL);
}

/* Binding helpers: what is bound lives until the step, so nothing is copied. */
static void bind_text(sqlite3_stmt *statement, int index, const char *text)
{
    sqlite3_bind_text(statement, index, text, -1, SQLITE_STATIC);
}

static void bind_bytes(sqlite3_stmt *statement, int index, const char *bytes)
{
    sqlite3_bind_blob(statement, index, bytes, (int)strlen(bytes), SQLITE_STATIC);
}

int catalog_add_claim(struct catalog *catalog, const struct catalog_claim *claim, uint32_t attempts,
                      struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_CLAIM);

    assert(!sqlite3_get_autocommit(catalog->db));
    if (statement != NULL) {
        bind_text(statement, 1, claim->id.text);
        sqlite3_bind_int64(statement, 2, attempts);
        bind_text(statement, 3, claim->inbox);
        bind_bytes(statement, 4, claim->path);
        sqlite3_bind_int64(statement, 5, (int64_t)claim->device);
        sqlite3_bind_int64(statement, 6, (int64_t)claim->inode);
        sqlite3_bind_int64(statement, 7, (int64_t)claim->size);
        sqlite3_bind_int64(statement, 8, claim->mtime_ns);
        sqlite3_bind_int64(statement, 9, claim->claimed_ms);
    }
    return catalog_run(catalog, STATEMENT_CLAIM, err);
}

int catalog_set_attempts(struct catalog *catalog, const struct id *id, uint32_t attempts,
                         struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_ATTEMPTS);

    assert(!sqlite3_get_autocommit(catalog->db));
    if (statement != NULL) {
        bind_text(statement, 1, id->text);
        sqlite3_bind_int64(statement, 2, attempts);
    }
    return run_on_row(catalog, STATEMENT_ATTEMPTS, id, err);
}

static int add_labels(struct catalog *catalog, int64_t number,
                      const struct catalog_decision *decision, struct err *err)
{
    sqlite3_stmt *unlabel = catalog_prepared(catalog, STATEMENT_UNLABEL);
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_LABEL);
    int result;

    if (unlabel != NULL)
        sqlite3_bind_int64(unlabel, 1, number);
    result = catalog_run(catalog, STATEMENT_UNLABEL, err);
    for (size_t i = 0; i < decision->label_count && result == 0; i++) {
        const struct catalog_label *label = &decision->labels[i];

        if (!label->holds)
            continue;
        if (statement != NULL) {
            sqlite3_bind_int64(statement, 1, number);
            bind_text(statement, 2, label->scheme);
            bind_text(statement, 3, label->id);
            sqlite3_bind_double(statement, 4, label->score);
        }
        result = catalog_run(catalog, STATEMENT_LABEL, err);
    }
    return result;
}

/* Updates the row and gives its number. */
static int decide_row(struct catalog *catalog, const struct catalog_decision *decision,
                      int64_t *out_number, struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_DECIDE);
    int code;
    int result = 0;

    if (statement == NULL)
        return catalog_fail(catalog, sqlite3_extended_errcode(catalog->db), err);
    bind_text(statement, 1, decision->id.text);
    if (!digest_is_known(&decision->digest)) /* it was not, or could not be, read */
        sqlite3_bind_null(statement, 2);
    else
        sqlite3_bind_blob(statement, 2, decision->digest.bytes, DIGEST_SIZE, SQLITE_STATIC);
    sqlite3_bind_blob(statement, 3, decision->text_digest.bytes, DIGEST_SIZE, SQLITE_STATIC);
    bind_text(statement, 4, decision->root);
    bind_bytes(statement, 5, decision->target);
    bind_text(statement, 6, decision->rule);
    sqlite3_bind_int64(statement, 7, decision->policy);
    sqlite3_bind_int(statement, 8, decision->sidecar);
    sqlite3_bind_int64(statement, 9, decision->decided_ms);
    code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        *out_number = sqlite3_column_int64(statement, 0);
    else if (code == SQLITE_DONE)
        result = err_set(err, -ENOENT, "%s: document %s has no row that allows this step",
                         catalog->path, decision->id.text);
    else
        result = catalog_fail(catalog, code, err);
    sqlite3_reset(statement);
    return result;
}

int catalog_put_record(struct catalog *catalog, int64_t number,
                       const struct catalog_decision *decision, struct err *err)
{
    sqlite3_stmt *record = catalog_prepared(catalog, STATEMENT_RECORD);
    int result;

    if (record != NULL) {
        sqlite3_bind_int64(record, 1, number);
        sqlite3_bind_text64(record, 2, decision->record, decision->record_len, SQLITE_STATIC,
                            SQLITE_UTF8);
    }
    result = catalog_run(catalog, STATEMENT_RECORD, err);
    if (result == 0)
        result = catalog_add_also(catalog, number, decision, err);
    if (result == 0)
        result = catalog_put_near(catalog, number, decision, err);
    return result < 0 ? result : add_labels(catalog, number, decision, err);
}

int catalog_set_decided(struct catalog *catalog, const struct catalog_decision *decision,
                        struct err *err)
{
    int64_t number = 0;
    int result;

    assert(!sqlite3_get_autocommit(catalog->db));
    result = decide_row(catalog, decision, &number, err);
    return result < 0 ? result : catalog_put_record(catalog, number, decision, err);
}

int catalog_set_filed(struct catalog *catalog, const struct id *id, enum catalog_effect effect,
                      const char *placed, int64_t filed_ms, struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_FILE);

    assert(!sqlite3_get_autocommit(catalog->db));
    if (statement != NULL) {
        bind_text(statement, 1, id->text);
        sqlite3_bind_int(statement, 2, (int)effect);
        bind_bytes(statement, 3, placed);
        sqlite3_bind_int64(statement, 4, filed_ms);
    }
    return run_on_row(catalog, STATEMENT_FILE, id, err);
}

int catalog_set_gone(struct catalog *catalog, const struct id *id, struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_GONE);

    assert(!sqlite3_get_autocommit(catalog->db));
    if (statement != NULL)
        bind_text(statement, 1, id->text);
    return run_on_row(catalog, STATEMENT_GONE, id, err);
}

int catalog_reopen(struct catalog *catalog, const struct id *id, uint32_t attempts, struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_REOPEN);

    assert(!sqlite3_get_autocommit(catalog->db));
    if (statement != NULL) {
        bind_text(statement, 1, id->text);
        sqlite3_bind_int64(statement, 2, attempts);
    }
    return run_on_row(catalog, STATEMENT_REOPEN, id, err);
}
