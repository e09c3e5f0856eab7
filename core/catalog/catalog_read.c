/* catalog/catalog_read: rows that are not finished, one row's state, and counts.
 *
 * Called by the line (replay, status) and by the command line. Changes nothing.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/catalog_state.h"

char *catalog_column_copy(sqlite3_stmt *statement, int column)
{
    const void *data = sqlite3_column_blob(statement, column);
    int len = sqlite3_column_bytes(statement, column);
    char *copy = malloc((size_t)len + 1);

    if (copy == NULL)
        return NULL;
    if (len > 0)
        memcpy(copy, data, (size_t)len);
    copy[len] = '\0';
    return copy;
}

int catalog_find(struct catalog *catalog, const struct id *id, enum catalog_state *out_state,
                 char **out_path, struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_FIND);
    int code;
    int result = 0;

    if (statement == NULL)
        return catalog_fail(catalog, sqlite3_extended_errcode(catalog->db), err);
    sqlite3_bind_text(statement, 1, id->text, -1, SQLITE_STATIC);
    code = sqlite3_step(statement);
    if (code == SQLITE_ROW) {
        *out_state = (enum catalog_state)sqlite3_column_int(statement, 0);
        *out_path = catalog_column_copy(statement, 1);
        if (*out_path == NULL)
            result = err_set(err, -ENOMEM, "out of memory");
    } else if (code == SQLITE_DONE) {
        result = err_set(err, -ENOENT, "%s: no document %s", catalog->path, id->text);
    } else {
        result = catalog_fail(catalog, code, err);
    }
    sqlite3_reset(statement);
    return result;
}

static void column_digest(sqlite3_stmt *statement, int column, struct digest *out_digest)
{
    if (sqlite3_column_bytes(statement, column) == DIGEST_SIZE)
        memcpy(out_digest->bytes, sqlite3_column_blob(statement, column), DIGEST_SIZE);
}

enum { TEXT_ID, TEXT_INBOX, TEXT_PATH, TEXT_ROOT, TEXT_TARGET, TEXT_RULE, TEXT_RECORD, TEXTS };

static bool read_texts(sqlite3_stmt *statement, char *out_texts[TEXTS])
{
    static const int columns[TEXTS] = {1, 4, 5, 13, 14, 15, 19};
    bool complete = true;

    for (int i = 0; i < TEXTS; i++) {
        out_texts[i] = catalog_column_copy(statement, columns[i]);
        complete = complete && out_texts[i] != NULL;
    }
    return complete;
}

static void read_row(sqlite3_stmt *statement, char *const texts[TEXTS],
                     struct catalog_open_row *out_row)
{
    struct catalog_claim *claim = &out_row->claim;
    struct catalog_decision *decision = &out_row->decision;

    memset(out_row, 0, sizeof(*out_row));
    out_row->state = (enum catalog_state)sqlite3_column_int(statement, 2);
    out_row->attempts = (uint32_t)sqlite3_column_int64(statement, 3);
    strncpy(claim->id.text, texts[TEXT_ID], sizeof(claim->id.text) - 1);
    claim->inbox = texts[TEXT_INBOX];
    claim->path = texts[TEXT_PATH];
    claim->device = (uint64_t)sqlite3_column_int64(statement, 6);
    claim->inode = (uint64_t)sqlite3_column_int64(statement, 7);
    claim->size = (uint64_t)sqlite3_column_int64(statement, 8);
    claim->mtime_ns = sqlite3_column_int64(statement, 9);
    claim->claimed_ms = sqlite3_column_int64(statement, 10);
    decision->id = claim->id;
    column_digest(statement, 11, &decision->digest);
    column_digest(statement, 12, &decision->text_digest);
    decision->root = texts[TEXT_ROOT];
    decision->target = texts[TEXT_TARGET];
    decision->rule = texts[TEXT_RULE];
    decision->policy = (uint32_t)sqlite3_column_int64(statement, 16);
    decision->sidecar = sqlite3_column_int(statement, 17) != 0;
    decision->decided_ms = sqlite3_column_int64(statement, 18);
    decision->record = texts[TEXT_RECORD];
    decision->record_len = (size_t)sqlite3_column_bytes(statement, 19);
}

/* The open row after `*number`: 1 and its texts, 0 none, negative on error. */
static int next_open_row(struct catalog *catalog, int64_t *number, char *out_texts[TEXTS],
                         struct catalog_open_row *out_row, struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_OPEN_ROW);
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
    } else if (!read_texts(statement, out_texts)) {
        result = err_set(err, -ENOMEM, "out of memory");
    } else {
        *number = sqlite3_column_int64(statement, 0);
        read_row(statement, out_texts, out_row);
    }
    sqlite3_reset(statement);
    return result;
}

int catalog_each_open(struct catalog *catalog,
                      int (*found)(void *context, const struct catalog_open_row *row),
                      void *context, struct err *err)
{
    int64_t number = 0;
    int result;

    do {
        char *texts[TEXTS] = {NULL};
        struct catalog_open_row row;

        result = next_open_row(catalog, &number, texts, &row, err);
        int also = result == 1 ? catalog_read_also(catalog, number, &row.decision, err) : 0;
        if (also < 0)
            result = also;
        if (result == 1) {
            result = found(context, &row);
            if (result == 0)
                result = 1;
            else
                err_set(err, result, "document %s: %s", row.claim.id.text, strerror(-result));
            catalog_release_also(&row.decision);
        }
        for (int i = 0; i < TEXTS; i++)
            free(texts[i]);
    } while (result == 1);
    return result;
}

static void count_row(struct catalog_counts *counts, int state, int effect, uint64_t count)
{
    if (state == CATALOG_CLAIMED)
        counts->claimed += count;
    else if (state == CATALOG_DECIDED)
        counts->decided += count;
    else if (state == CATALOG_GONE)
        counts->gone += count;
    else if (effect == CATALOG_EFFECT_SAME)
        counts->same += count;
    else if (effect == CATALOG_EFFECT_QUARANTINED)
        counts->quarantined += count;
    else if (effect == CATALOG_EFFECT_DROPPED)
        counts->dropped += count;
    else
        counts->filed += count;
}

int catalog_count(struct catalog *catalog, struct catalog_counts *out_counts, struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_COUNT);
    struct catalog_counts counts;
    int code = SQLITE_ERROR;

    memset(&counts, 0, sizeof(counts));
    while (statement != NULL && (code = sqlite3_step(statement)) == SQLITE_ROW)
        count_row(&counts, sqlite3_column_int(statement, 0), sqlite3_column_int(statement, 1),
                  (uint64_t)sqlite3_column_int64(statement, 2));
    if (statement == NULL || code != SQLITE_DONE)
        return catalog_fail(catalog,
                            statement == NULL ? sqlite3_extended_errcode(catalog->db) : code, err);
    sqlite3_reset(statement);
    *out_counts = counts;
    return 0;
}

int catalog_count_open(struct catalog *catalog, uint64_t *out_count, struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_COUNT_OPEN);
    int code = statement == NULL ? sqlite3_extended_errcode(catalog->db) : sqlite3_step(statement);

    if (code != SQLITE_ROW)
        return catalog_fail(catalog, code, err);
    *out_count = (uint64_t)sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    return 0;
}
