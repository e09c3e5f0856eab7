/* audit/rebuild: the catalog made anew from the records that lie beside the documents. */
#ifndef AUDIT_REBUILD_H
#define AUDIT_REBUILD_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "config/settings.h"

struct rebuild {
    /* in: may be NULL */
    void (*trouble)(void *context, const char *root, const char *path, const char *why);
    void (*progress)(void *context, uint64_t files);
    void *context;
    /* out */
    uint64_t files;          /* documents that were looked at */
    uint64_t rows;           /* made */
    uint64_t without_record; /* documents that no record lies beside: they have no row */
    uint64_t refused;        /* records that were not believed, and files that could not be read */
    uint64_t twice;          /* records with an id that had a row already */
    char aside[PATH_MAX];    /* where the old catalog is now; "" when there was none */
};

/* The caller holds the lock on the state folder. A record is believed when the size and SHA-256 in
 * it are those of the document beside it. The new catalog is whole and durable before it takes the
 * name; the old one is moved aside, never removed. A root that cannot be read is a failure: a
 * catalog without its rows would be taken for all there is. */
int rebuild_catalog(const struct settings *settings, struct rebuild *rebuild,
                    struct err *err) MUST_CHECK;

/* Whether documents with records are filed anywhere: 1 and one of them as ROOT/PATH, 0. Looks at a
 * bounded number of files. Negative errno without memory. */
int rebuild_find_record(const struct settings *settings, char out_where[PATH_MAX]);

#endif
