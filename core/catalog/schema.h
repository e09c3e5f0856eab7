/* catalog/schema: the tables of the catalog and their versions. */
#ifndef CATALOG_SCHEMA_H
#define CATALOG_SCHEMA_H

#include <sqlite3.h>

#include "base/err.h"

#define SCHEMA_VERSION 5

/* What is said of a damaged one, and the way out: its path, and what SQLite says. */
#define SCHEMA_NOT_USABLE                                                                          \
    "%s: not a usable catalog: %s. Put a backup in its place, or run 'taxon catalog rebuild', "    \
    "which makes it anew from the records in the archives and keeps this one beside it"

/* Makes an empty database the newest version, brings an older one up to it, refuses a newer one.
 * `path` is for messages. */
int schema_prepare(sqlite3 *db, const char *path, struct err *err) MUST_CHECK;
/* The same up to an older version, for tests of the steps from there on. */
int schema_prepare_to(sqlite3 *db, const char *path, int version, struct err *err) MUST_CHECK;
/* What makes version `version` of the one before: never changed once it is released. */
const char *schema_step(int version);
/* Refuses any version but the newest. */
int schema_check(sqlite3 *db, const char *path, struct err *err) MUST_CHECK;

#endif
