/* catalog/catalog_near: the sketches of documents, and finding those that are like one.
 *
 * Called with each decision, and by the line before one. A sketch (base/minhash) is kept under its
 * least ten keys and looked for by its least six: a row a key, so that a look-up is so many seeks
 * whatever the number of documents. Keys wait in memory to be written in order (near_recent.h).
 *
 * Two bounds keep a look-up from growing with what documents have in common: of each key only the
 * newest NEWEST sketches are seen, and only the CATALOG_NEAR_MAX that share most keys are compared.
 * A document whose sketch an earlier one has is not kept: who is like it is like the earlier one.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/catalog_state.h"
#include "catalog/near_recent.h"

#define NEWEST 24u /* sketches seen of one key */

/* A sketch that has keys of the one that is looked for. */
struct hit {
    int64_t place;
    unsigned keys;
};

struct hits {
    struct hit list[MINHASH_LOOK_KEYS * NEWEST];
    size_t count;
};

static int not_prepared(struct catalog *catalog, struct err *err)
{
    return catalog_fail(catalog, sqlite3_extended_errcode(catalog->db), err);
}

static int no_memory(struct err *err)
{
    return err_set(err, -ENOMEM, "out of memory");
}

/* The sketch's keys are small numbers; these are spread over the whole range. */
static uint64_t spread(uint64_t key)
{
    return minhash_mix(key + 1) >> (64 - NEAR_KEY_BITS);
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

static int add_recent(struct near_recent *recent, const struct minhash *sketch, int64_t place)
{
    uint64_t keys[MINHASH_KEYS];
    size_t count = minhash_keys(sketch, keys);
    int result = 0;

    for (size_t i = 0; i < count && result == 0; i++)
        result = near_recent_add(recent, spread(keys[i]), place);
    return result;
}

/* What was not written in order yet: keys of the newest sketches. Some are, and are seen twice. */
static int load(struct catalog *catalog, struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_SKETCHES);
    struct near_recent *recent;
    struct minhash sketch;
    int result = 0;
    int code = SQLITE_DONE;

    if (catalog->recent != NULL)
        return 0;
    if (statement == NULL)
        return not_prepared(catalog, err);
    recent = near_recent_new();
    if (recent == NULL)
        return no_memory(err);
    sqlite3_bind_int64(statement, 1, NEAR_RECENT);
    while (result == 0 && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        result = read_sketch(catalog, statement, 1, &sketch, err);
        if (result == 0 && add_recent(recent, &sketch, sqlite3_column_int64(statement, 0)) < 0)
            result = no_memory(err);
    }
    if (result == 0 && code != SQLITE_DONE)
        result = catalog_fail(catalog, code, err);
    sqlite3_reset(statement);
    if (result == 0)
        catalog->recent = recent;
    else
        near_recent_free(recent);
    return result;
}

void catalog_forget_near(struct catalog *catalog)
{
    near_recent_free(catalog->recent);
    catalog->recent = NULL;
}

/* Runs a statement of a key and a place. */
static int run_key(struct catalog *catalog, enum statement which, uint64_t key, int64_t place,
                   struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, which);

    if (statement == NULL)
        return not_prepared(catalog, err);
    sqlite3_bind_int64(statement, 1, (int64_t)key);
    sqlite3_bind_int64(statement, 2, place);
    return catalog_run(catalog, which, err);
}

static int write_bucket(struct catalog *catalog, struct near_bucket *bucket, struct err *err)
{
    int result = 0;

    near_bucket_sort(bucket);
    for (uint32_t i = 0; i < bucket->count && result == 0; i++)
        result = run_key(catalog, STATEMENT_NEAR_ADD,
                         near_recent_key(catalog->recent, bucket, &bucket->entries[i]),
                         bucket->entries[i].place, err);
    bucket->count = 0; /* where that fails, all are read in again: catalog_rollback */
    return result;
}

static int remove_keys(struct catalog *catalog, const struct minhash *sketch, int64_t place,
                       struct err *err)
{
    uint64_t keys[MINHASH_KEYS];
    size_t count = minhash_keys(sketch, keys);
    int result = 0;

    for (size_t i = 0; i < count && result == 0; i++) {
        near_recent_remove(catalog->recent, spread(keys[i]), place);
        result = run_key(catalog, STATEMENT_NEAR_CLEAR, spread(keys[i]), place, err);
    }
    return result;
}

/* Of a decision that is replaced. */
static int clear(struct catalog *catalog, int64_t number, struct err *err)
{
    sqlite3_stmt *read = catalog_prepared(catalog, STATEMENT_SKETCH);
    sqlite3_stmt *remove = catalog_prepared(catalog, STATEMENT_SKETCH_CLEAR);
    struct minhash sketch;
    int64_t place = 0;
    int result = 0;
    int code;

    if (read == NULL || remove == NULL)
        return not_prepared(catalog, err);
    sqlite3_bind_int64(read, 1, number);
    code = sqlite3_step(read);
    if (code == SQLITE_ROW) {
        place = sqlite3_column_int64(read, 0);
        result = read_sketch(catalog, read, 1, &sketch, err);
    } else if (code != SQLITE_DONE) {
        result = catalog_fail(catalog, code, err);
    }
    sqlite3_reset(read);
    if (result < 0 || code != SQLITE_ROW)
        return result;
    result = remove_keys(catalog, &sketch, place, err);
    sqlite3_bind_int64(remove, 1, place);
    return result < 0 ? result : catalog_run(catalog, STATEMENT_SKETCH_CLEAR, err);
}

int catalog_put_near(struct catalog *catalog, int64_t number,
                     const struct catalog_decision *decision, struct err *err)
{
    sqlite3_stmt *add = catalog_prepared(catalog, STATEMENT_SKETCH_ADD);
    uint8_t data[MINHASH_SIZE];
    struct near_bucket *due;
    int64_t place;
    int result = load(catalog, err);

    if (result == 0)
        result = clear(catalog, number, err);
    if (result < 0 || decision->sketch == NULL || decision->sketch_is_known)
        return result;
    if (add == NULL)
        return not_prepared(catalog, err);
    minhash_pack(decision->sketch, data);
    sqlite3_bind_int64(add, 1, number);
    sqlite3_bind_blob(add, 2, data, sizeof data, SQLITE_STATIC);
    result = catalog_run(catalog, STATEMENT_SKETCH_ADD, err);
    if (result < 0)
        return result;
    place = sqlite3_last_insert_rowid(catalog->db);
    if (add_recent(catalog->recent, decision->sketch, place) < 0)
        return no_memory(err);
    due = near_recent_due(catalog->recent, place);
    return due == NULL ? 0 : write_bucket(catalog, due, err);
}

static int by_place(const void *a, const void *b)
{
    const struct hit *left = a;
    const struct hit *right = b;

    return (left->place > right->place) - (left->place < right->place);
}

/* Most keys first; of equals the earlier one. */
static int by_keys(const void *a, const void *b)
{
    const struct hit *left = a;
    const struct hit *right = b;

    return left->keys != right->keys ? (left->keys < right->keys ? 1 : -1) : by_place(a, b);
}

/* Whether it is among the hits from `from` on: those of the key in hand. */
static bool is_seen(const struct hits *hits, size_t from, int64_t place)
{
    for (size_t i = from; i < hits->count; i++)
        if (hits->list[i].place == place)
            return true;
    return false;
}

/* The newest sketches under one key: first those in memory, which are newer. */
static int collect_key(struct catalog *catalog, uint64_t key, struct hits *hits, struct err *err)
{
    const struct near_bucket *bucket = near_recent_bucket(catalog->recent, key);
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_NEAR);
    size_t from = hits->count;
    int code = SQLITE_DONE;

    if (statement == NULL)
        return not_prepared(catalog, err);
    for (uint32_t i = bucket->count; i-- > 0 && hits->count - from < NEWEST;)
        if (bucket->entries[i].key == (uint32_t)key &&
            !is_seen(hits, from, bucket->entries[i].place))
            hits->list[hits->count++] = (struct hit){bucket->entries[i].place, 1};
    sqlite3_bind_int64(statement, 1, (int64_t)key);
    sqlite3_bind_int(statement, 2, NEWEST);
    while (hits->count - from < NEWEST && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        int64_t place = sqlite3_column_int64(statement, 0);
        if (!is_seen(hits, from, place))
            hits->list[hits->count++] = (struct hit){place, 1};
    }
    sqlite3_reset(statement);
    return code == SQLITE_DONE || code == SQLITE_ROW ? 0 : catalog_fail(catalog, code, err);
}

/* One entry for each sketch, those with most keys first. */
static void rank(struct hits *hits)
{
    size_t kept = 0;

    qsort(hits->list, hits->count, sizeof hits->list[0], by_place);
    for (size_t i = 0; i < hits->count; i++) {
        if (kept > 0 && hits->list[kept - 1].place == hits->list[i].place)
            hits->list[kept - 1].keys++;
        else
            hits->list[kept++] = hits->list[i];
    }
    hits->count = kept;
    qsort(hits->list, hits->count, sizeof hits->list[0], by_keys);
}

/* 1; 0 when it is not to be named: the document itself, or one that vanished. */
static int read_near(struct catalog *catalog, int64_t place, const struct id *id,
                     struct catalog_near *out_near, struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_NEAR_READ);
    int result = 0;
    int code;

    if (statement == NULL)
        return not_prepared(catalog, err);
    sqlite3_bind_int64(statement, 1, place);
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

int catalog_begin_look(struct catalog *catalog, struct err *err)
{
    return catalog_run(catalog, STATEMENT_LOOK_BEGIN, err);
}

void catalog_end_look(struct catalog *catalog)
{
    if (!sqlite3_get_autocommit(catalog->db))
        (void)catalog_run(catalog, STATEMENT_COMMIT, NULL);
}

int catalog_look_near(struct catalog *catalog, const struct minhash *sketch, const struct id *id,
                      struct catalog_near out_near[CATALOG_NEAR_MAX], struct err *err)
{
    struct hits hits = {.count = 0};
    uint64_t keys[MINHASH_KEYS];
    size_t key_count = minhash_keys(sketch, keys);
    int found = 0;
    int result = load(catalog, err);

    for (size_t i = 0; i < key_count && i < MINHASH_LOOK_KEYS && result == 0; i++)
        result = collect_key(catalog, spread(keys[i]), &hits, err);
    if (result < 0)
        return result;
    rank(&hits);
    if (hits.count > CATALOG_NEAR_MAX)
        hits.count = CATALOG_NEAR_MAX;
    qsort(hits.list, hits.count, sizeof hits.list[0], by_place);
    for (size_t i = 0; i < hits.count; i++) {
        result = read_near(catalog, hits.list[i].place, id, &out_near[found], err);
        if (result < 0)
            return result;
        found += result;
    }
    return found;
}
