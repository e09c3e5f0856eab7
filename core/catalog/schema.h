/* catalog/schema: the tables of the catalog and their versions. */
#ifndef CATALOG_SCHEMA_H
#define CATALOG_SCHEMA_H

#include <sqlite3.h>

#include "base/err.h"

#define SCHEMA_VERSION 1

/* Makes an empty database the newest version, brings an older one up to it, refuses a newer one.
 * `path` is for messages. */
int schema_prepare(sqlite3 *db, const char *path, struct err *err) MUST_CHECK;
/* Refuses any version but the newest. */
int schema_check(sqlite3 *db, const char *path, struct err *err) MUST_CHECK;

#endif
