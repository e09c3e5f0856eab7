/* catalog/catalog_statements: every statement of a running catalog, and running one.
 *
 * Called by the catalog's other files. Statements are prepared at their first use and kept; who
 * binds values asks for the statement first (catalog_prepared), then has it run.
 */
#include "catalog/catalog_state.h"

#include <errno.h>

#include "catalog/schema.h"

#define LOOK_COLUMNS                                                                               \
    "SELECT id, state, attempts, inbox, path, coalesce(effect, 0), root, placed, filed_ms,"        \
    " (SELECT record FROM records WHERE records.number = documents.number),"                       \
    " number, target, size, sha256, sidecar FROM documents"
/* As in the index documents_bare (schema.c), so that it is used. */
#define BARE " (sidecar = 0 OR effect = 2)"

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

void catalog_finalize(struct catalog *catalog)
{
    for (size_t i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(catalog->statements[i]);
}
