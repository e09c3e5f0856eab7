/* catalog/catalog_state: what the parts of the catalog share. Nobody else includes this.
 *
 *     catalog.c        opening, transactions, what a row may become
 *     catalog_read.c   rows that are not finished, counts
 *     catalog_look.c   one document's row and record
 *     catalog_mend.c   what a check and a rebuilding write and ask
 *     catalog_near.c   sketches of documents, and finding those that are like one
 *     near_recent.c    their newest keys, in memory until they are written in order
 *     catalog_quarantine.c   documents in quarantine: found, released, dropped
 *     catalog_members.c      members of containers, and how far a container has come
 *     catalog_also.c   what is done beside filing, and documents that give way or are the same
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
    STATEMENT_LOOK_BARE,
    STATEMENT_LOOK_PLACED,
    STATEMENT_NEXT,
    STATEMENT_ADD_FILED,
    STATEMENT_MOVE,
    STATEMENT_MOVE_BARE,
    STATEMENT_FIND_OPEN,
    STATEMENT_COUNT_BARE,
    STATEMENT_MARK,
    STATEMENT_UNMARK,
    STATEMENT_MARKED,
    STATEMENT_NEXT_MARK,
    STATEMENT_RELEASE,
    STATEMENT_KEEP,
    STATEMENT_DROP,
    STATEMENT_QUARANTINED,
    STATEMENT_NEXT_QUARANTINED,
    STATEMENT_ALSO_CLEAR,
    STATEMENT_ALSO_ADD,
    STATEMENT_ALSO_SET,
    STATEMENT_ALSO_READ,
    STATEMENT_ALSO_SHOW,
    STATEMENT_ALSO_THERE,
    STATEMENT_MOVED,
    STATEMENT_SAME,
    STATEMENT_LOOK_BEGIN,
    STATEMENT_SKETCHES,
    STATEMENT_SKETCH,
    STATEMENT_SKETCH_ADD,
    STATEMENT_SKETCH_CLEAR,
    STATEMENT_NEAR,
    STATEMENT_NEAR_ADD,
    STATEMENT_NEAR_CLEAR,
    STATEMENT_NEAR_READ,
    STATEMENT_ORIGIN_READ,
    STATEMENT_ORIGIN_ADD,
    STATEMENT_CONTAINER_READ,
    STATEMENT_CONTAINER_MAKE,
    STATEMENT_CONTAINER_SET,
    STATEMENT_CONTAINER_USE,
    STATEMENT_MEMBER_ADD,
    STATEMENT_SLEEP,
    STATEMENT_ASLEEP_NEXT,
    STATEMENT_WAKE,
    STATEMENT_ASLEEP_COUNT,
    STATEMENTS
};

struct catalog {
    sqlite3 *db;
    char *path;
    sqlite3_stmt *statements[STATEMENTS]; /* prepared at first use */
    int unprepared[STATEMENTS];           /* why that failed; until catalog_run has told it */
    struct near_recent *recent;           /* read in at first use; NULL: not yet */
};

/* catalog_statements.c: what SQLite says, as an errno and one line. */
int catalog_fail(const struct catalog *catalog, int code, struct err *err);
/* catalog_statements.c: steps a bound statement that gives no rows and makes it ready for the next
 * time. */
int catalog_run(struct catalog *catalog, enum statement which, struct err *err);
/* Record and labels of the row `number`. */
int catalog_put_record(struct catalog *catalog, int64_t number,
                       const struct catalog_decision *decision, struct err *err);
/* catalog_also.c: replaces the rows of a decision. */
int catalog_add_also(struct catalog *catalog, int64_t number,
                     const struct catalog_decision *decision, struct err *err);
/* catalog_also.c: reads them back; `also` of the decision is malloc'd, and its strings. */
int catalog_read_also(struct catalog *catalog, int64_t number, struct catalog_decision *decision,
                      struct err *err);
void catalog_release_also(struct catalog_decision *decision);
/* catalog_near.c: replaces the sketch of a decision, and by what it is found. */
int catalog_put_near(struct catalog *catalog, int64_t number,
                     const struct catalog_decision *decision, struct err *err);
/* catalog_near.c: what waits to be written is read in anew. */
void catalog_forget_near(struct catalog *catalog);
/* catalog_statements.c: the statement, prepared at its first use; NULL when that fails
 * (sqlite3_extended_errcode), and then catalog_run fails, too. */
sqlite3_stmt *catalog_prepared(struct catalog *catalog, enum statement which);
/* catalog_statements.c: lets go of all of them, before the database is closed. */
void catalog_finalize(struct catalog *catalog);
/* A column's bytes as a C string of our own (malloc), so that the statement is free again while the
 * row is looked at. NULL without memory. */
char *catalog_column_copy(sqlite3_stmt *statement, int column);

#endif
