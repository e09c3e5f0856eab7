/* catalog/schema: what the database looks like, by version (PRAGMA user_version).
 *
 * Each step brings version N to N + 1 in one transaction. A step, once released, is never changed.
 */
#include "catalog/schema.h"

#include <errno.h>
#include <stddef.h>

/* Records are in a table of their own: a document's row is written three times, its record, which
 * is a hundred times as long, once. */
static const char *const steps[SCHEMA_VERSION] = {
    "CREATE TABLE documents ("
    " number INTEGER PRIMARY KEY,"
    " id TEXT NOT NULL UNIQUE,"
    " state INTEGER NOT NULL," /* enum catalog_state */
    " attempts INTEGER NOT NULL,"
    " inbox TEXT NOT NULL,"
    " path BLOB NOT NULL," /* bytes, relative to the inbox */
    " device INTEGER NOT NULL, inode INTEGER NOT NULL,"
    " size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,"
    " claimed_ms INTEGER NOT NULL,"
    " sha256 BLOB, text_sha256 BLOB,"
    " root TEXT, target BLOB, rule TEXT, policy INTEGER, sidecar INTEGER, decided_ms INTEGER,"
    " effect INTEGER, placed BLOB, filed_ms INTEGER);"
    "CREATE INDEX documents_open ON documents (number) WHERE state IN (1, 2);"
    "CREATE TABLE records (number INTEGER PRIMARY KEY, record TEXT NOT NULL);"
    "CREATE TABLE labels ("
    " number INTEGER NOT NULL, scheme TEXT NOT NULL, label TEXT NOT NULL, score REAL NOT NULL,"
    " PRIMARY KEY (number, scheme, label)) WITHOUT ROWID;",
    /* Which document lies there, where no record beside it says so. An index of all of them would
     * double what a row costs, and more with every row: places come in no order (script/bench
     * catalog). */
    "CREATE INDEX documents_bare ON documents (root, placed)"
    " WHERE state = 3 AND (sidecar = 0 OR effect = 2);",
    /* What a rule does beside filing; most documents have no row here. The index is of those alone
     * that were filed by a rule with same-is-same (policy 2), so that others do not pay for it. */
    "CREATE TABLE also ("
    " number INTEGER NOT NULL, place INTEGER NOT NULL," /* which one of the rule's */
    " kind INTEGER NOT NULL,"                           /* enum also_kind of route/rules */
    " root TEXT NOT NULL, target BLOB NOT NULL, amount INTEGER NOT NULL,"
    " text TEXT,"   /* the document's, until its line is written */
    " placed BLOB," /* the path below the root as it became; NULL: not done */
    " PRIMARY KEY (number, place)) WITHOUT ROWID;"
    "CREATE INDEX also_placed ON also (root, placed);"
    "CREATE INDEX documents_same ON documents (sha256, root) WHERE policy = 2 AND effect = 1;",
    /* What documents are found by that are like another: base/minhash, catalog_near.c. Sketches are
     * numbered in the order in which they are written. */
    "CREATE TABLE sketches ("
    " place INTEGER PRIMARY KEY, number INTEGER NOT NULL UNIQUE, sketch BLOB NOT NULL);"
    "CREATE TABLE near ("
    " key INTEGER NOT NULL, place INTEGER NOT NULL,"
    " PRIMARY KEY (key, place)) WITHOUT ROWID;",
    /* Members of containers. A document that is asleep waits in work/ and in nobody's hand: a
     * member until its turn comes, a container until all of its members are filed. */
    "ALTER TABLE documents ADD COLUMN container INTEGER;" /* the number of its container's row */
    "ALTER TABLE documents ADD COLUMN asleep INTEGER;"    /* 1, or NULL */
    "CREATE INDEX documents_asleep ON documents (number) WHERE asleep = 1;"
    "CREATE INDEX documents_members ON documents (container)"
    " WHERE container IS NOT NULL AND state IN (1, 2);"
    /* What is known of a document besides its bytes: by its container, or by who delivered it. */
    "CREATE TABLE origins ("
    " number INTEGER PRIMARY KEY,"
    " sha256 BLOB," /* the container's; NULL: it is no member */
    " member INTEGER NOT NULL, depth INTEGER NOT NULL,"
    " outermost INTEGER NOT NULL," /* the row of the container that all of this came in */
    " name BLOB NOT NULL,"
    " url TEXT NOT NULL, date TEXT NOT NULL, charset TEXT NOT NULL, media_type TEXT NOT NULL);"
    /* How far a container has come. `used_…` count what those inside it gave, too. */
    "CREATE TABLE containers ("
    " number INTEGER PRIMARY KEY,"
    " next INTEGER NOT NULL, next_offset INTEGER NOT NULL, ended INTEGER NOT NULL,"
    " taken INTEGER NOT NULL, bytes INTEGER NOT NULL,"
    " used_members INTEGER NOT NULL, used_bytes INTEGER NOT NULL,"
    " verdict TEXT NOT NULL);",
};

static int read_version(sqlite3 *db, int *out_version)
{
    sqlite3_stmt *statement;
    int result = sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &statement, NULL);

    if (result != SQLITE_OK)
        return result;
    result = sqlite3_step(statement);
    *out_version = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return result == SQLITE_ROW ? SQLITE_OK : result;
}

static int refuse(sqlite3 *db, const char *path, struct err *err)
{
    int code = sqlite3_errcode(db);

    if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_ERROR)
        return err_set(err, -EUCLEAN, SCHEMA_NOT_USABLE, path, sqlite3_errmsg(db));
    return err_set(err, code == SQLITE_FULL ? -ENOSPC : -EIO, "%s: %s", path, sqlite3_errmsg(db));
}

static int check_version(sqlite3 *db, const char *path, int *out_version, struct err *err)
{
    if (read_version(db, out_version) != SQLITE_OK)
        return refuse(db, path, err);
    if (*out_version > SCHEMA_VERSION || *out_version < 0)
        return err_set(err, -ENOTSUP,
                       "%s: written by a newer taxond (catalog version %d, this one knows %d)",
                       path, *out_version, SCHEMA_VERSION);
    return 0;
}

static int run_step(sqlite3 *db, int version)
{
    char *pragma = sqlite3_mprintf("PRAGMA user_version = %d", version + 1);
    int result = pragma == NULL ? SQLITE_NOMEM : sqlite3_exec(db, "BEGIN IMMEDIATE", 0, 0, 0);

    if (result == SQLITE_OK)
        result = sqlite3_exec(db, steps[version], NULL, NULL, NULL);
    if (result == SQLITE_OK)
        result = sqlite3_exec(db, pragma, NULL, NULL, NULL);
    if (result == SQLITE_OK)
        result = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    sqlite3_free(pragma);
    return result;
}

int schema_prepare_to(sqlite3 *db, const char *path, int version, struct err *err)
{
    int at = 0;
    int result = check_version(db, path, &at, err);

    if (result < 0)
        return result;
    for (; at < version; at++) {
        if (run_step(db, at) == SQLITE_OK)
            continue;
        result = refuse(db, path, err);
        (void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
        return result;
    }
    return 0;
}

int schema_prepare(sqlite3 *db, const char *path, struct err *err)
{
    return schema_prepare_to(db, path, SCHEMA_VERSION, err);
}

const char *schema_step(int version)
{
    return version >= 1 && version <= SCHEMA_VERSION ? steps[version - 1] : NULL;
}

int schema_check(sqlite3 *db, const char *path, struct err *err)
{
    int version = 0;
    int result = check_version(db, path, &version, err);

    if (result == 0 && version != SCHEMA_VERSION)
        result = err_set(err, -ENOTSUP, "%s: catalog version %d, expected %d; start taxond once",
                         path, version, SCHEMA_VERSION);
    return result;
}
