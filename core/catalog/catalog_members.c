/* catalog/catalog_members: rows of what was taken out of containers, and how far each has come.
 *
 * Called by the line's batch thread, and by replay. A member's row and the checkpoint of its
 * container are written in one transaction, so that after an end at any moment each member has
 * either a row or is taken again. Which files lie where is the line's to know.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/catalog_state.h"

enum { ORIGIN_NAME, ORIGIN_URL, ORIGIN_DATE, ORIGIN_CHARSET, ORIGIN_MEDIA_TYPE, ORIGIN_TEXTS };

static const char **texts_of(struct catalog_origin *origin, size_t which)
{
    const char **texts[ORIGIN_TEXTS] = {&origin->name, &origin->url, &origin->date,
                                        &origin->charset, &origin->media_type};

    return texts[which];
}

struct catalog_origin *catalog_origin_copy(const struct catalog_origin *origin)
{
    struct catalog_origin from = *origin;
    size_t size = sizeof(from);
    struct catalog_origin *copy;
    char *at;

    for (size_t i = 0; i < ORIGIN_TEXTS; i++)
        size += strlen(*texts_of(&from, i)) + 1;
    copy = malloc(size);
    if (copy == NULL)
        return NULL;
    *copy = from;
    at = (char *)(copy + 1);
    for (size_t i = 0; i < ORIGIN_TEXTS; i++) {
        *texts_of(copy, i) = at;
        at = stpcpy(at, *texts_of(&from, i)) + 1;
    }
    return copy;
}

static int failed_to_prepare(struct catalog *catalog, struct err *err)
{
    return catalog_fail(catalog, sqlite3_extended_errcode(catalog->db), err);
}

static void column_digest(sqlite3_stmt *statement, int column, struct digest *out_digest)
{
    if (sqlite3_column_bytes(statement, column) == DIGEST_SIZE)
        memcpy(out_digest->bytes, sqlite3_column_blob(statement, column), DIGEST_SIZE);
}

static int read_origin(sqlite3_stmt *statement, struct catalog_origin **out_origin)
{
    struct catalog_origin origin = {
        .is_member = sqlite3_column_type(statement, 0) != SQLITE_NULL,
        .member = (uint64_t)sqlite3_column_int64(statement, 1),
        .depth = (uint32_t)sqlite3_column_int64(statement, 2),
        .outermost = sqlite3_column_int64(statement, 3),
    };
    char *texts[ORIGIN_TEXTS];
    bool complete = true;

    column_digest(statement, 0, &origin.container);
    for (size_t i = 0; i < ORIGIN_TEXTS; i++) {
        texts[i] = catalog_column_copy(statement, 4 + (int)i);
        complete = complete && texts[i] != NULL;
        *texts_of(&origin, i) = texts[i];
    }
    *out_origin = complete ? catalog_origin_copy(&origin) : NULL;
    for (size_t i = 0; i < ORIGIN_TEXTS; i++)
        free(texts[i]);
    return *out_origin == NULL ? -ENOMEM : 1;
}

int catalog_origin_read(struct catalog *catalog, const struct id *id,
                        struct catalog_origin **out_origin, struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_ORIGIN_READ);
    int result = 0;
    int code;

    *out_origin = NULL;
    if (statement == NULL)
        return failed_to_prepare(catalog, err);
    sqlite3_bind_text(statement, 1, id->text, -1, SQLITE_STATIC);
    code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        result = read_origin(statement, out_origin);
    else if (code != SQLITE_DONE)
        result = catalog_fail(catalog, code, err);
    if (result == -ENOMEM)
        (void)err_set(err, result, "out of memory");
    sqlite3_reset(statement);
    return result;
}

static void read_container(sqlite3_stmt *statement, struct catalog_container *out_container)
{
    const char *verdict = (const char *)sqlite3_column_text(statement, 6);

    *out_container = (struct catalog_container){
        .number = sqlite3_column_int64(statement, 0),
        .next = (uint64_t)sqlite3_column_int64(statement, 1),
        .next_offset = (uint64_t)sqlite3_column_int64(statement, 2),
        .ended = sqlite3_column_int(statement, 3) != 0,
        .taken = (uint64_t)sqlite3_column_int64(statement, 4),
        .bytes = (uint64_t)sqlite3_column_int64(statement, 5),
        .outermost = sqlite3_column_int64(statement, 7),
        .outermost_size = (uint64_t)sqlite3_column_int64(statement, 8),
        .used_members = (uint64_t)sqlite3_column_int64(statement, 9),
        .used_bytes = (uint64_t)sqlite3_column_int64(statement, 10),
    };
    if (verdict != NULL)
        strncpy(out_container->verdict, verdict, sizeof(out_container->verdict) - 1);
}

int catalog_container_read(struct catalog *catalog, const struct id *id,
                           struct catalog_container *out_container, struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_CONTAINER_READ);
    int result = 0;
    int code;

    if (statement == NULL)
        return failed_to_prepare(catalog, err);
    sqlite3_bind_text(statement, 1, id->text, -1, SQLITE_STATIC);
    code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        read_container(statement, out_container);
    else if (code == SQLITE_DONE)
        result = err_set(err, -ENOENT, "%s: no document %s", catalog->path, id->text);
    else
        result = catalog_fail(catalog, code, err);
    sqlite3_reset(statement);
    return result;
}

static int run_on_number(struct catalog *catalog, enum statement which, int64_t number,
                         struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, which);

    if (statement != NULL)
        sqlite3_bind_int64(statement, 1, number);
    return catalog_run(catalog, which, err);
}

static int use(struct catalog *catalog, int64_t outermost, uint64_t members, uint64_t bytes,
               struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_CONTAINER_USE);
    int result = run_on_number(catalog, STATEMENT_CONTAINER_MAKE, outermost, err);

    if (result < 0 || statement == NULL)
        return result < 0 ? result : failed_to_prepare(catalog, err);
    sqlite3_bind_int64(statement, 1, outermost);
    sqlite3_bind_int64(statement, 2, (int64_t)members);
    sqlite3_bind_int64(statement, 3, (int64_t)bytes);
    return catalog_run(catalog, STATEMENT_CONTAINER_USE, err);
}

static int set_container(struct catalog *catalog, const struct catalog_container *container,
                         struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_CONTAINER_SET);
    int result = run_on_number(catalog, STATEMENT_CONTAINER_MAKE, container->number, err);

    if (result < 0 || statement == NULL)
        return result < 0 ? result : failed_to_prepare(catalog, err);
    sqlite3_bind_int64(statement, 1, container->number);
    sqlite3_bind_int64(statement, 2, (int64_t)container->next);
    sqlite3_bind_int64(statement, 3, (int64_t)container->next_offset);
    sqlite3_bind_int(statement, 4, container->ended);
    sqlite3_bind_int64(statement, 5, (int64_t)container->taken);
    sqlite3_bind_int64(statement, 6, (int64_t)container->bytes);
    sqlite3_bind_text(statement, 7, container->verdict, -1, SQLITE_STATIC);
    return catalog_run(catalog, STATEMENT_CONTAINER_SET, err);
}

static int add_origin(struct catalog *catalog, int64_t number, const struct catalog_origin *origin,
                      struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_ORIGIN_ADD);

    if (statement == NULL)
        return failed_to_prepare(catalog, err);
    sqlite3_bind_int64(statement, 1, number);
    if (origin->is_member)
        sqlite3_bind_blob(statement, 2, origin->container.bytes, DIGEST_SIZE, SQLITE_STATIC);
    else
        sqlite3_bind_null(statement, 2);
    sqlite3_bind_int64(statement, 3, (int64_t)origin->member);
    sqlite3_bind_int64(statement, 4, origin->depth);
    sqlite3_bind_int64(statement, 5, origin->outermost);
    sqlite3_bind_blob(statement, 6, origin->name, (int)strlen(origin->name), SQLITE_STATIC);
    sqlite3_bind_text(statement, 7, origin->url, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 8, origin->date, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 9, origin->charset, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 10, origin->media_type, -1, SQLITE_STATIC);
    return catalog_run(catalog, STATEMENT_ORIGIN_ADD, err);
}

static int add_member(struct catalog *catalog, int64_t container,
                      const struct catalog_member *member, struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_MEMBER_ADD);
    const struct catalog_claim *claim = &member->claim;
    int result;

    if (statement == NULL)
        return failed_to_prepare(catalog, err);
    sqlite3_bind_text(statement, 1, claim->id.text, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, claim->inbox, -1, SQLITE_STATIC);
    sqlite3_bind_blob(statement, 3, claim->path, (int)strlen(claim->path), SQLITE_STATIC);
    sqlite3_bind_int64(statement, 4, (int64_t)claim->device);
    sqlite3_bind_int64(statement, 5, (int64_t)claim->inode);
    sqlite3_bind_int64(statement, 6, (int64_t)claim->size);
    sqlite3_bind_int64(statement, 7, claim->mtime_ns);
    sqlite3_bind_int64(statement, 8, claim->claimed_ms);
    sqlite3_bind_blob(statement, 9, member->digest.bytes, DIGEST_SIZE, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 10, container);
    result = catalog_run(catalog, STATEMENT_MEMBER_ADD, err);
    if (result == 0)
        result = add_origin(catalog, sqlite3_last_insert_rowid(catalog->db), &member->origin, err);
    return result;
}

int catalog_add_members(struct catalog *catalog, const struct catalog_container *container,
                        const struct catalog_member *members, size_t count, struct err *err)
{
    uint64_t bytes = 0;
    int result = 0;

    assert(!sqlite3_get_autocommit(catalog->db));
    for (size_t i = 0; i < count && result == 0; i++) {
        result = add_member(catalog, container->number, &members[i], err);
        bytes += members[i].claim.size;
    }
    if (result == 0)
        result = set_container(catalog, container, err);
    if (result == 0)
        result = use(catalog, container->outermost, count, bytes, err);
    return result;
}

int catalog_sleep(struct catalog *catalog, const struct id *id, const struct digest *digest,
                  struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_SLEEP);

    assert(!sqlite3_get_autocommit(catalog->db));
    if (statement != NULL) {
        sqlite3_bind_text(statement, 1, id->text, -1, SQLITE_STATIC);
        sqlite3_bind_blob(statement, 2, digest->bytes, DIGEST_SIZE, SQLITE_STATIC);
    }
    return catalog_run(catalog, STATEMENT_SLEEP, err);
}

/* Strings of our own: the statement is to be free again. */
static int read_woken(sqlite3_stmt *statement, struct catalog_woken *out_woken)
{
    const char *id = (const char *)sqlite3_column_text(statement, 1);
    struct catalog_claim *claim = &out_woken->claim;

    *out_woken = (struct catalog_woken){.is_member = sqlite3_column_int(statement, 10) != 0};
    strncpy(claim->id.text, id == NULL ? "" : id, sizeof(claim->id.text) - 1);
    claim->device = (uint64_t)sqlite3_column_int64(statement, 4);
    claim->inode = (uint64_t)sqlite3_column_int64(statement, 5);
    claim->size = (uint64_t)sqlite3_column_int64(statement, 6);
    claim->mtime_ns = sqlite3_column_int64(statement, 7);
    claim->claimed_ms = sqlite3_column_int64(statement, 8);
    column_digest(statement, 9, &out_woken->digest);
    claim->inbox = catalog_column_copy(statement, 2);
    claim->path = catalog_column_copy(statement, 3);
    return claim->inbox == NULL || claim->path == NULL ? -ENOMEM : 1;
}

int catalog_wake(struct catalog *catalog, int64_t *number, struct catalog_woken *out_woken,
                 struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_ASLEEP_NEXT);
    int result = 0;
    int code;

    assert(!sqlite3_get_autocommit(catalog->db));
    if (statement == NULL)
        return failed_to_prepare(catalog, err);
    *out_woken = (struct catalog_woken){.is_member = false};
    sqlite3_bind_int64(statement, 1, *number);
    code = sqlite3_step(statement);
    if (code == SQLITE_ROW) {
        *number = sqlite3_column_int64(statement, 0);
        result = read_woken(statement, out_woken);
        if (result < 0)
            (void)err_set(err, result, "out of memory");
    } else if (code != SQLITE_DONE) {
        result = catalog_fail(catalog, code, err);
    }
    sqlite3_reset(statement);
    if (result == 1)
        result = catalog_origin_read(catalog, &out_woken->claim.id, &out_woken->origin, err);
    if (result >= 0 && out_woken->claim.path != NULL)
        result = run_on_number(catalog, STATEMENT_WAKE, *number, err) < 0 ? -EIO : 1;
    if (result < 0)
        catalog_woken_release(out_woken);
    return result;
}

void catalog_woken_release(struct catalog_woken *woken)
{
    free((char *)(uintptr_t)woken->claim.inbox);
    free((char *)(uintptr_t)woken->claim.path);
    free(woken->origin);
    *woken = (struct catalog_woken){.is_member = false};
}

int catalog_count_asleep(struct catalog *catalog, uint64_t *out_count, struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_ASLEEP_COUNT);
    int code = statement == NULL ? sqlite3_extended_errcode(catalog->db) : sqlite3_step(statement);

    if (code != SQLITE_ROW)
        return catalog_fail(catalog, code, err);
    *out_count = (uint64_t)sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    return 0;
}
