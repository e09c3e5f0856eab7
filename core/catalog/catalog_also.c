/* catalog/catalog_also: what is done with a document beside filing it, documents that gave way to
 * later ones, and those whose bytes are there already.
 *
 * Called by catalog.c with a decision, and by the line's batch. Most documents have none of it and
 * cost one look into an empty table.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/catalog_state.h"

static int not_prepared(const struct catalog *catalog, struct err *err)
{
    return catalog_fail(catalog, sqlite3_extended_errcode(catalog->db), err);
}

static int add_one(struct catalog *catalog, int64_t number, size_t place,
                   const struct catalog_also *also, struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_ALSO_ADD);

    if (statement == NULL)
        return not_prepared(catalog, err);
    sqlite3_bind_int64(statement, 1, number);
    sqlite3_bind_int64(statement, 2, (int64_t)place);
    sqlite3_bind_int64(statement, 3, also->kind);
    sqlite3_bind_text(statement, 4, also->root, -1, SQLITE_STATIC);
    sqlite3_bind_blob64(statement, 5, also->target, strlen(also->target), SQLITE_STATIC);
    sqlite3_bind_int64(statement, 6, (int64_t)also->amount);
    if (also->text != NULL)
        sqlite3_bind_text64(statement, 7, also->text, also->text_len, SQLITE_STATIC, SQLITE_UTF8);
    else
        sqlite3_bind_null(statement, 7);
    return catalog_run(catalog, STATEMENT_ALSO_ADD, err);
}

int catalog_add_also(struct catalog *catalog, int64_t number,
                     const struct catalog_decision *decision, struct err *err)
{
    sqlite3_stmt *clear = catalog_prepared(catalog, STATEMENT_ALSO_CLEAR);
    int result;

    if (clear == NULL)
        return not_prepared(catalog, err);
    sqlite3_bind_int64(clear, 1, number);
    result = catalog_run(catalog, STATEMENT_ALSO_CLEAR, err);
    for (size_t i = 0; i < decision->also_count && result == 0; i++)
        result = add_one(catalog, number, i, &decision->also[i], err);
    return result;
}

/* Each entry's strings are its own. */
static int read_one(sqlite3_stmt *statement, struct catalog_also *out_also)
{
    bool has_text = sqlite3_column_type(statement, 4) != SQLITE_NULL;

    *out_also = (struct catalog_also){
        .kind = (uint32_t)sqlite3_column_int64(statement, 0),
        .root = catalog_column_copy(statement, 1),
        .target = catalog_column_copy(statement, 2),
        .amount = (uint64_t)sqlite3_column_int64(statement, 3),
        .text = has_text ? catalog_column_copy(statement, 4) : NULL,
        .text_len = has_text ? (size_t)sqlite3_column_bytes(statement, 4) : 0,
    };
    if (out_also->root == NULL || out_also->target == NULL || (has_text && out_also->text == NULL))
        return -ENOMEM;
    return 0;
}

int catalog_read_also(struct catalog *catalog, int64_t number, struct catalog_decision *decision,
                      struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_ALSO_READ);
    struct catalog_also *also = NULL;
    int result = 0;
    int code = SQLITE_DONE;

    decision->also = NULL;
    decision->also_count = 0;
    if (statement == NULL)
        return not_prepared(catalog, err);
    sqlite3_bind_int64(statement, 1, number);
    while (result == 0 && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        struct catalog_also *grown = realloc(also, (decision->also_count + 1) * sizeof(*also));
        if (grown == NULL) {
            result = -ENOMEM;
            break;
        }
        also = grown;
        decision->also = also;
        result = read_one(statement, &also[decision->also_count++]);
    }
    if (result < 0)
        result = err_set(err, result, "out of memory");
    else if (code != SQLITE_DONE)
        result = catalog_fail(catalog, code, err);
    sqlite3_reset(statement);
    if (result < 0)
        catalog_release_also(decision);
    return result;
}

void catalog_release_also(struct catalog_decision *decision)
{
    for (size_t i = 0; i < decision->also_count; i++) {
        free((char *)decision->also[i].root);
        free((char *)decision->also[i].target);
        free((char *)decision->also[i].text);
    }
    free((struct catalog_also *)decision->also);
    decision->also = NULL;
    decision->also_count = 0;
}

int catalog_set_also(struct catalog *catalog, const struct id *id, size_t place, const char *placed,
                     struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_ALSO_SET);

    if (statement == NULL)
        return not_prepared(catalog, err);
    sqlite3_bind_text(statement, 1, id->text, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, (int64_t)place);
    if (placed != NULL)
        sqlite3_bind_blob64(statement, 3, placed, strlen(placed), SQLITE_STATIC);
    else
        sqlite3_bind_null(statement, 3);
    return catalog_run(catalog, STATEMENT_ALSO_SET, err);
}

int catalog_each_also(struct catalog *catalog, int64_t number,
                      int (*found)(void *context, const struct catalog_also *also,
                                   const char *placed),
                      void *context, struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_ALSO_SHOW);
    int code = SQLITE_DONE;
    int result = 0;

    if (statement == NULL)
        return not_prepared(catalog, err);
    sqlite3_bind_int64(statement, 1, number);
    while (result == 0 && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        char *texts[3]; /* root, target, placed */
        for (int i = 0; i < 3; i++)
            texts[i] = catalog_column_copy(statement, i + 1);
        bool is_done = sqlite3_column_type(statement, 3) != SQLITE_NULL;
        const struct catalog_also also = {.kind = (uint32_t)sqlite3_column_int64(statement, 0),
                                          .root = texts[0],
                                          .target = texts[1]};
        if (texts[0] == NULL || texts[1] == NULL || texts[2] == NULL)
            result = err_set(err, -ENOMEM, "out of memory");
        else
            result = found(context, &also, is_done ? texts[2] : NULL);
        for (int i = 0; i < 3; i++)
            free(texts[i]);
    }
    sqlite3_reset(statement);
    if (result == 0 && code != SQLITE_DONE)
        result = catalog_fail(catalog, code, err);
    return result;
}

int catalog_is_also(struct catalog *catalog, const char *root, const char *placed, struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_ALSO_THERE);
    int code;

    if (statement == NULL)
        return not_prepared(catalog, err);
    sqlite3_bind_text(statement, 1, root, -1, SQLITE_STATIC);
    sqlite3_bind_blob64(statement, 2, placed, strlen(placed), SQLITE_STATIC);
    code = sqlite3_step(statement);
    sqlite3_reset(statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return catalog_fail(catalog, code, err);
    return code == SQLITE_ROW;
}

int catalog_set_moved(struct catalog *catalog, const struct id *id, const char *root,
                      const char *from, const char *to, struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_MOVED);

    if (statement == NULL)
        return not_prepared(catalog, err);
    sqlite3_bind_text(statement, 1, id->text, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, root, -1, SQLITE_STATIC);
    sqlite3_bind_blob64(statement, 3, from, strlen(from), SQLITE_STATIC);
    sqlite3_bind_blob64(statement, 4, to, strlen(to), SQLITE_STATIC);
    return catalog_run(catalog, STATEMENT_MOVED, err);
}

int catalog_look_same(struct catalog *catalog, const struct digest *digest, const char *root,
                      char *out_placed[CATALOG_SAME_MAX], struct err *err)
{
    sqlite3_stmt *statement = catalog_prepared(catalog, STATEMENT_SAME);
    int count = 0;
    int code = SQLITE_DONE;

    if (statement == NULL)
        return not_prepared(catalog, err);
    sqlite3_bind_blob(statement, 1, digest->bytes, DIGEST_SIZE, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, root, -1, SQLITE_STATIC);
    while (count < CATALOG_SAME_MAX && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        out_placed[count] = catalog_column_copy(statement, 0);
        if (out_placed[count] == NULL)
            break;
        count++;
    }
    sqlite3_reset(statement);
    if (code == SQLITE_ROW || code == SQLITE_DONE)
        return count;
    while (count > 0)
        free(out_placed[--count]);
    return catalog_fail(catalog, code, err);
}
