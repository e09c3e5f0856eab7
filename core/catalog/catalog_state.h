/* catalog/catalog_state: what the two halves of the catalog share. Nobody else includes this.
 *
 *     catalog.c        opening, transactions, what a row may become
 *     catalog_read.c   rows that are not finished, counts
 *     catalog_look.c   one document's row and record, for a person who asks
 */
#ifndef CATALOG_CATALOG_STATE_H
#define CATALOG_CATALOG_STATE_H

#include <sqlite3.h>

#include "catalog/catalog.h"

enum statement {
    STATEMENT_BEGIN,
    STATEMENT_COMMIT,
    STATEMENT_ROLLBACK,
    STATEMENT_CLAIM,
    STATEMENT_ATTEMPTS,
    STATEMENT_DECIDE,
    STATEMENT_RECORD,
    STATEMENT_UNLABEL,
    STATEMENT_LABEL,
    STATEMENT_FILE,
    STATEMENT_GONE,
    STATEMENT_REOPEN,
    STATEMENT_FIND,
    STATEMENT_OPEN_ROW,
    STATEMENT_COUNT,
    STATEMENT_COUNT_OPEN,
    STATEMENT_LOOK,
    STATEMENT_LOOK_PLACED,
    STATEMENTS
};

struct catalog {
    sqlite3 *db;
    char *path;
    sqlite3_stmt *statements[STATEMENTS]; /* prepared at first use */
};

/* What SQLite says, as an errno and one line. */
int catalog_fail(const struct catalog *catalog, int code, struct err *err);
/* The statement, prepared at its first use; NULL when that fails (sqlite3_extended_errcode). */
sqlite3_stmt *catalog_prepared(struct catalog *catalog, enum statement which);
/* A column's bytes as a C string of our own (malloc), so that the statement is free again while the
 * row is looked at. NULL without memory. */
char *catalog_column_copy(sqlite3_stmt *statement, int column);

#endif
