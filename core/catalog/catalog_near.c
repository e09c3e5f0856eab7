/* catalog/catalog_near: the sketches of documents, and finding those that are like one.
 *
 * Called with each decision, and by the line before one. A sketch is found by its sixteen keys
 * (base/minhash): a row a key and document, so that a look-up is so many seeks whatever the number
 * of documents. Two bounds keep it from growing with what documents have in common: of each key
 * only the newest NEWEST documents are seen, and only the CATALOG_NEAR_MAX that share most keys are
 * compared. A document whose sketch an earlier one has has no rows: who is like it is like the
 * earlier one.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/catalog_state.h"

#define NEWEST 24 /* documents seen of one key */

/* A document that shares keys with the one that is looked for. */
struct hit {
    int64_t number;
    unsigned keys;
};

static int not_prepared(struct catalog *catalog, struct err *err)
{
    return catalog_fail(catalog, sqlite3_extended_errcode(catalog->db), err);
}

static int read_sketch(struct catalog *catalog, sqlite3_stmt *statement, int column,
                       struct minhash *out_sketch, struct err *err)
{
    const void *data = sqlite3_column_blob(statement, column);
    size_t len = (size_t)sqlite3_column_bytes(statement, column);

    if (data != NULL && minhash_unpack(data, len, out_sketch))
        return 0;
    return err_set(err, -EUCLEAN, "%s: a signature in it is none", catalog->path);
}

/* Runs `which` for each key of the sketch, with the document's number. */
static int each_key(struct catalog *catalog, enum statement which, int64_t number,
                    const struct minhash *sketch, struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, which);
    uint64_t keys[MINHASH_KEYS];
    size_t count = minhash_keys(sketch, keys);
    int result = 0;

    if (statement == NULL)
        return not_prepared(catalog, err);
    for (size_t i = 0; i < count && result == 0; i++) {
        sqlite3_bind_int64(statement, 1, (int64_t)keys[i]);
        sqlite3_bind_int64(statement, 2, number);
        result = catalog_run(catalog, which, err);
    }
    return result;
}

/* Of a decision that is replaced. */
static int clear(struct catalog *catalog, int64_t number, struct err *err)
{
    sqlite3_stmt *read = catalog_prepared(catalog, STATEMENT_SKETCH);
    sqlite3_stmt *remove = catalog_prepared(catalog, STATEMENT_SKETCH_CLEAR);
    struct minhash sketch;
    int result = 0;
    int code;

    if (read == NULL || remove == NULL)
        return not_prepared(catalog, err);
    sqlite3_bind_int64(read, 1, number);
    code = sqlite3_step(read);
    if (code == SQLITE_ROW)
        result = read_sketch(catalog, read, 0, &sketch, err);
    else if (code != SQLITE_DONE)
        result = catalog_fail(catalog, code, err);
    sqlite3_reset(read);
    if (result < 0 || code != SQLITE_ROW)
        return result;
    result = each_key(catalog, STATEMENT_NEAR_CLEAR, number, &sketch, err);
    sqlite3_bind_int64(remove, 1, number);
    return result < 0 ? result : catalog_run(catalog, STATEMENT_SKETCH_CLEAR, err);
}

int catalog_put_near(struct catalog *catalog, int64_t number,
                     const struct catalog_decision *decision, struct err *err)
{
    sqlite3_stmt *add = catalog_prepared(catalog, STATEMENT_SKETCH_ADD);
    uint8_t data[MINHASH_SIZE];
    int result = clear(catalog, number, err);

    if (result < 0 || decision->sketch == NULL || decision->sketch_is_known)
        return result;
    if (add == NULL)
        return not_prepared(catalog, err);
    minhash_pack(decision->sketch, data);
    sqlite3_bind_int64(add, 1, number);
    sqlite3_bind_blob(add, 2, data, sizeof data, SQLITE_STATIC);
    result = catalog_run(catalog, STATEMENT_SKETCH_ADD, err);
    return result < 0 ? result
                      : each_key(catalog, STATEMENT_NEAR_ADD, number, decision->sketch, err);
}

static int by_number(const void *a, const void *b)
{
    const struct hit *left = a;
    const struct hit *right = b;

    return (left->number > right->number) - (left->number < right->number);
}

/* Most keys first; of equals the earlier document. */
static int by_keys(const void *a, const void *b)
{
    const struct hit *left = a;
    const struct hit *right = b;

    return left->keys != right->keys ? (left->keys < right->keys ? 1 : -1) : by_number(a, b);
}

/* Every document seen under one of the keys, as often as it is: *out_count of `hits`. */
static int collect(struct catalog *catalog, const struct minhash *sketch,
                   struct hit hits[MINHASH_KEYS * NEWEST], size_t *out_count, struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_NEAR);
    uint64_t keys[MINHASH_KEYS];
    size_t key_count = minhash_keys(sketch, keys);

    *out_count = 0;
    if (statement == NULL)
        return not_prepared(catalog, err);
    sqlite3_bind_int(statement, 2, NEWEST);
    for (size_t i = 0; i < key_count; i++) {
        size_t seen = 0;
        int code;

        sqlite3_bind_int64(statement, 1, (int64_t)keys[i]);
        while ((code = sqlite3_step(statement)) == SQLITE_ROW && seen++ < NEWEST)
            hits[(*out_count)++] = (struct hit){sqlite3_column_int64(statement, 0), 1};
        sqlite3_reset(statement);
        if (code != SQLITE_DONE && code != SQLITE_ROW)
            return catalog_fail(catalog, code, err);
    }
    return 0;
}

/* One entry for each document, those with most keys first. */
static size_t rank(struct hit *hits, size_t count)
{
    size_t kept = 0;

    qsort(hits, count, sizeof hits[0], by_number);
    for (size_t i = 0; i < count; i++) {
        if (kept > 0 && hits[kept - 1].number == hits[i].number)
            hits[kept - 1].keys++;
        else
            hits[kept++] = hits[i];
    }
    qsort(hits, kept, sizeof hits[0], by_keys);
    return kept;
}

/* 1; 0 when it is not to be named: the document itself, or one that vanished. */
static int read_near(struct catalog *catalog, int64_t number, const struct id *id,
                     struct catalog_near *out_near, struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_NEAR_READ);
    int result = 0;
    int code;

    if (statement == NULL)
        return not_prepared(catalog, err);
    sqlite3_bind_int64(statement, 1, number);
    code = sqlite3_step(statement);
    if (code == SQLITE_ROW) {
        const char *text = (const char *)sqlite3_column_text(statement, 0);
        const void *digest = sqlite3_column_blob(statement, 1);

        memset(out_near, 0, sizeof *out_near);
        if (text != NULL)
            strncpy(out_near->id.text, text, sizeof out_near->id.text - 1);
        if (digest != NULL && sqlite3_column_bytes(statement, 1) == DIGEST_SIZE)
            memcpy(out_near->digest.bytes, digest, DIGEST_SIZE);
        result = read_sketch(catalog, statement, 2, &out_near->sketch, err);
        if (result == 0)
            result = strcmp(out_near->id.text, id->text) != 0;
    } else if (code != SQLITE_DONE) {
        result = catalog_fail(catalog, code, err);
    }
    sqlite3_reset(statement);
    return result;
}

int catalog_look_near(struct catalog *catalog, const struct minhash *sketch, const struct id *id,
                      struct catalog_near out_near[CATALOG_NEAR_MAX], struct err *err)
{
    struct hit hits[MINHASH_KEYS * NEWEST];
    size_t count;
    int found = 0;
    int result = collect(catalog, sketch, hits, &count, err);

    if (result < 0)
        return result;
    count = rank(hits, count);
    if (count > CATALOG_NEAR_MAX)
        count = CATALOG_NEAR_MAX;
    qsort(hits, count, sizeof hits[0], by_number);
    for (size_t i = 0; i < count; i++) {
        result = read_near(catalog, hits[i].number, id, &out_near[found], err);
        if (result < 0)
            return result;
        found += result;
    }
    return found;
}
