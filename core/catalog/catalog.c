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

#define BUSY_TIMEOUT_MS 5000
#define LOOK_COLUMNS                                                                               \
    "SELECT id, state, attempts, inbox, path, coalesce(effect, 0), root, placed, filed_ms,"        \
    " (SELECT record FROM records WHERE records.number = documents.number),"                       \
    " number, target, size, sha256, sidecar FROM documents"
/* As in the index documents_bare (schema.c), so that it is used. */
#define BARE             " (sidecar = 0 OR effect = 2)"
#define CHECKPOINT_PAGES "4000" /* 16 MB of log before it is folded into the database */

static const char *const statement_texts[STATEMENTS] = {
    [STATEMENT_BEGIN] = "BEGIN IMMEDIATE",
    [STATEMENT_COMMIT] = "COMMIT",
    [STATEMENT_ROLLBACK] = "ROLLBACK",
    [STATEMENT_CLAIM] =
        "INSERT INTO documents (id, state, attempts, inbox, path, device, inode, size, mtime_ns,"
        " claimed_ms) VALUES (?1, 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    [STATEMENT_ATTEMPTS] = "UPDATE documents SET attempts = ?2 WHERE id = ?1 AND state = 1",
    [STATEMENT_DECIDE] =
        "UPDATE documents SET state = 2, sha256 = ?2, text_sha256 = ?3, root = ?4, target = ?5,"
        " rule = ?6, policy = ?7, sidecar = ?8, decided_ms = ?9"
        " WHERE id = ?1 AND state IN (1, 2) RETURNING number",
    [STATEMENT_RECORD] = "INSERT OR REPLACE INTO records (number, record) VALUES (?1, ?2)",
    [STATEMENT_UNLABEL] = "DELETE FROM labels WHERE number = ?1",
    [STATEMENT_LABEL] =
        "INSERT OR REPLACE INTO labels (number, scheme, label, score) VALUES (?1, ?2, ?3, ?4)",
    [STATEMENT_FILE] = "UPDATE documents SET state = 3, effect = ?2, placed = ?3, filed_ms = ?4"
                       " WHERE id = ?1 AND state = 2",
    [STATEMENT_GONE] = "UPDATE documents SET state = 4 WHERE id = ?1 AND state IN (1, 2)",
    [STATEMENT_REOPEN] =
        "UPDATE documents SET state = 1, attempts = ?2 WHERE id = ?1 AND state = 4",
    [STATEMENT_FIND] = "SELECT state, path FROM documents WHERE id = ?1",
    [STATEMENT_OPEN_ROW] =
        "SELECT number, id, state, attempts, inbox, path, device, inode, size, mtime_ns,"
        " claimed_ms, sha256, text_sha256, root, target, rule, policy, sidecar, decided_ms,"
        " (SELECT record FROM records WHERE records.number = documents.number)"
        " FROM documents WHERE state IN (1, 2) AND asleep IS NULL AND number > ?1"
        " ORDER BY number LIMIT 1",
    [STATEMENT_COUNT] = "SELECT state, coalesce(effect, 0), count(*) FROM documents GROUP BY 1, 2",
    [STATEMENT_COUNT_OPEN] = "SELECT count(*) FROM documents WHERE state IN (1, 2)"
                             " AND asleep IS NULL",
    [STATEMENT_LOOK] = LOOK_COLUMNS " WHERE id = ?1",
    [STATEMENT_LOOK_BARE] = LOOK_COLUMNS " WHERE root = ?1 AND placed = ?2 AND state = 3 AND" BARE
                                         " ORDER BY number DESC LIMIT 1",
    [STATEMENT_LOOK_PLACED] = LOOK_COLUMNS " WHERE root = ?1 AND placed = ?2 AND state = 3"
                                           " ORDER BY number DESC LIMIT 1",
    [STATEMENT_NEXT] = LOOK_COLUMNS " WHERE number > ?1 ORDER BY number LIMIT 1",
    [STATEMENT_ADD_FILED] =
        "INSERT INTO documents (id, state, attempts, inbox, path, device, inode, size, mtime_ns,"
        " claimed_ms, sha256, text_sha256, root, target, rule, policy, sidecar, decided_ms, effect,"
        " placed, filed_ms) VALUES (?1, 3, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
        " ?14, ?15, ?16, ?17, ?18, ?19, ?20)",
    [STATEMENT_MOVE] = "UPDATE documents SET root = ?2, placed = ?3 WHERE id = ?1 AND state = 3",
    [STATEMENT_MOVE_BARE] = "UPDATE documents SET root = ?3, placed = ?4"
                            " WHERE root = ?1 AND placed = ?2 AND state = 3 AND" BARE,
    [STATEMENT_FIND_OPEN] = "SELECT id FROM documents WHERE state IN (1, 2) AND number > 0"
                            " AND root = ?1 AND sha256 = ?2 LIMIT 1",
    [STATEMENT_COUNT_BARE] = "SELECT count(*) FROM documents WHERE root = ?1 AND placed = ?2"
                             " AND state = 3 AND effect <> 2 AND" BARE,
    [STATEMENT_MARK] = "INSERT OR IGNORE INTO temp.marks (first, second) VALUES (?1, ?2)",
    [STATEMENT_UNMARK] = "DELETE FROM temp.marks WHERE first = ?1 AND second = ?2",
    [STATEMENT_MARKED] = "SELECT 1 FROM temp.marks WHERE first = ?1 AND second = ?2",
    [STATEMENT_NEXT_MARK] = "SELECT second FROM temp.marks WHERE first = ?1 AND second > ?2"
                            " ORDER BY second LIMIT 1",
    /* The inode was that of the file as it lay in the inbox; it may be another's by now. */
    [STATEMENT_RELEASE] = "UPDATE documents SET state = 1, attempts = 1, effect = NULL, device = 0,"
                          " inode = 0 WHERE id = ?1 AND state = 3 AND effect = 3",
    [STATEMENT_KEEP] = "UPDATE documents SET state = 3, effect = 3 WHERE id = ?1 AND state = 1"
                       " AND root = 'quarantine'",
    [STATEMENT_DROP] =
        "UPDATE documents SET effect = 4 WHERE id = ?1 AND state = 3 AND effect IN (3, 4)",
    [STATEMENT_QUARANTINED] = "SELECT inbox, path, size, mtime_ns, claimed_ms, coalesce((SELECT"
                              " json_extract(record, '$.failure.by') FROM records"
                              " WHERE records.number = documents.number), '')"
                              " FROM documents WHERE id = ?1 AND state = 3 AND effect = 3",
    [STATEMENT_NEXT_QUARANTINED] = "SELECT number, id FROM documents WHERE number > ?1"
                                   " AND state = 3 AND effect = 3 ORDER BY number LIMIT 1",
    [STATEMENT_ALSO_CLEAR] = "DELETE FROM also WHERE number = ?1",
    [STATEMENT_ALSO_ADD] = "INSERT INTO also (number, place, kind, root, target, amount, text)"
                           " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [STATEMENT_ALSO_SET] = "UPDATE also SET placed = ?3, text = NULL WHERE place = ?2 AND"
                           " number = (SELECT number FROM documents WHERE id = ?1)",
    [STATEMENT_ALSO_READ] = "SELECT kind, root, target, amount, text FROM also WHERE number = ?1"
                            " ORDER BY place",
    [STATEMENT_ALSO_SHOW] = "SELECT kind, root, target, placed FROM also WHERE number = ?1"
                            " ORDER BY place",
    [STATEMENT_ALSO_THERE] = "SELECT 1 FROM also WHERE root = ?1 AND placed = ?2 LIMIT 1",
    [STATEMENT_MOVED] = "UPDATE documents SET placed = ?4 WHERE id = ?1 AND root = ?2 AND"
                        " placed = ?3 AND state = 3",
    [STATEMENT_SAME] = "SELECT placed FROM documents WHERE sha256 = ?1 AND root = ?2 AND policy = 2"
                       " AND effect = 1 ORDER BY number DESC LIMIT 4",
    [STATEMENT_LOOK_BEGIN] = "BEGIN",
    [STATEMENT_SKETCHES] = "SELECT place, sketch FROM (SELECT place, sketch FROM sketches"
                           " ORDER BY place DESC LIMIT ?1) ORDER BY place",
    [STATEMENT_SKETCH] = "SELECT place, sketch FROM sketches WHERE number = ?1",
    [STATEMENT_SKETCH_ADD] = "INSERT INTO sketches (number, sketch) VALUES (?1, ?2)",
    [STATEMENT_SKETCH_CLEAR] = "DELETE FROM sketches WHERE place = ?1",
    [STATEMENT_NEAR] = "SELECT place FROM near WHERE key = ?1 ORDER BY place DESC LIMIT ?2",
    [STATEMENT_NEAR_ADD] = "INSERT OR IGNORE INTO near (key, place) VALUES (?1, ?2)",
    [STATEMENT_NEAR_CLEAR] = "DELETE FROM near WHERE key = ?1 AND place = ?2",
    [STATEMENT_NEAR_READ] = "SELECT id, sha256, sketch FROM documents JOIN sketches USING (number)"
                            " WHERE place = ?1 AND state <> 4",
    [STATEMENT_ORIGIN_READ] = "SELECT sha256, member, depth, outermost, name, url, date, charset,"
                              " media_type FROM origins"
                              " WHERE number = (SELECT number FROM documents WHERE id = ?1)",
    [STATEMENT_ORIGIN_ADD] =
        "INSERT OR REPLACE INTO origins (number, sha256, member, depth, outermost, name, url, date,"
        " charset, media_type) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    /* The outermost one's size, and what was used of what it may give. */
    [STATEMENT_CONTAINER_READ] =
        "SELECT d.number, coalesce(c.next, 0), coalesce(c.next_offset, 0), coalesce(c.ended, 0),"
        " coalesce(c.taken, 0), coalesce(c.bytes, 0), coalesce(c.verdict, ''), r.number, r.size,"
        " coalesce(u.used_members, 0), coalesce(u.used_bytes, 0) FROM documents AS d"
        " LEFT JOIN containers AS c ON c.number = d.number"
        " LEFT JOIN origins AS o ON o.number = d.number"
        " JOIN documents AS r ON r.number = CASE WHEN o.sha256 IS NULL THEN d.number"
        " ELSE o.outermost END LEFT JOIN containers AS u ON u.number = r.number WHERE d.id = ?1",
    [STATEMENT_CONTAINER_MAKE] =
        "INSERT OR IGNORE INTO containers (number, next, next_offset, ended, taken, bytes,"
        " used_members, used_bytes, verdict) VALUES (?1, 0, 0, 0, 0, 0, 0, 0, '')",
    [STATEMENT_CONTAINER_SET] = "UPDATE containers SET next = ?2, next_offset = ?3, ended = ?4,"
                                " taken = ?5, bytes = ?6, verdict = ?7 WHERE number = ?1",
    [STATEMENT_CONTAINER_USE] = "UPDATE containers SET used_members = used_members + ?2,"
                                " used_bytes = used_bytes + ?3 WHERE number = ?1",
    [STATEMENT_MEMBER_ADD] =
        "INSERT INTO documents (id, state, attempts, inbox, path, device, inode, size, mtime_ns,"
        " claimed_ms, sha256, container, asleep)"
        " VALUES (?1, 1, 0, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 1)",
    [STATEMENT_SLEEP] = "UPDATE documents SET asleep = 1, sha256 = ?2 WHERE id = ?1 AND state = 1",
    /* The newest first: what is inside a member comes before the next member. */
    [STATEMENT_ASLEEP_NEXT] =
        "SELECT number, id, inbox, path, device, inode, size, mtime_ns, claimed_ms, sha256,"
        " container IS NOT NULL FROM documents AS d WHERE asleep = 1 AND number < ?1 AND NOT EXISTS"
        " (SELECT 1 FROM documents AS m WHERE m.container = d.number AND m.state IN (1, 2))"
        " ORDER BY number DESC LIMIT 1",
    [STATEMENT_WAKE] = "UPDATE documents SET asleep = NULL, attempts = 1 WHERE number = ?1",
    [STATEMENT_ASLEEP_COUNT] = "SELECT count(*) FROM documents WHERE asleep = 1",
};

/* What SQLite says, as an errno and one line. */
int catalog_fail(const struct catalog *catalog, int code, struct err *err)
{
    int result = -EIO;

    if ((code & 0xff) == SQLITE_FULL)
        result = -ENOSPC;
    else if ((code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED)
        result = -EBUSY;
    else if ((code & 0xff) == SQLITE_NOMEM)
        result = -ENOMEM;
    else if ((code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB)
        return err_set(err, -EUCLEAN, SCHEMA_NOT_USABLE, catalog->path,
                       sqlite3_errmsg(catalog->db));
    return err_set(err, result, "%s: %s", catalog->path, sqlite3_errmsg(catalog->db));
}

sqlite3_stmt *catalog_prepared(struct catalog *catalog, enum statement which)
{
    if (catalog->statements[which] == NULL)
        catalog->unprepared[which] =
            sqlite3_prepare_v3(catalog->db, statement_texts[which], -1, SQLITE_PREPARE_PERSISTENT,
                               &catalog->statements[which], NULL);
    return catalog->statements[which];
}

/* What could not be prepared had nothing bound to it: not to be run, should it succeed now. */
int catalog_run(struct catalog *catalog, enum statement which, struct err *err)
{
    sqlite3_stmt *statement = catalog->statements[which];
    int code = SQLITE_OK;

    if (statement == NULL && catalog->unprepared[which] == SQLITE_OK)
        statement = catalog_prepared(catalog, which);
    if (statement == NULL) {
        code = catalog->unprepared[which];
        catalog->unprepared[which] = SQLITE_OK;
    } else {
        code = sqlite3_step(statement);
    }
    int result = code == SQLITE_DONE || code == SQLITE_ROW ? 0 : catalog_fail(catalog, code, err);

    if (statement != NULL)
        sqlite3_reset(statement);
    return result;
}

/* The same for an UPDATE of one row that must be there. */
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
    for (size_t i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(catalog->statements[i]);
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
