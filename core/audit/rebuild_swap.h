/* audit/rebuild_swap: the new catalog's file until it takes the old one's name. What audit/rebuild
 * is made of; nobody else includes it.
 */
#ifndef AUDIT_REBUILD_SWAP_H
#define AUDIT_REBUILD_SWAP_H

#include <limits.h>

#include "catalog/catalog.h"

#define CATALOG_NAME "catalog.sqlite"

/* An empty catalog under a name of its own; what a rebuilding that was broken off left goes. */
int rebuild_draft_open(const char *state, struct catalog **out_catalog, struct err *err) MUST_CHECK;
/* Syncs the closed draft, moves the old catalog aside and gives the draft its name. `out_aside` is
 * where the old one is, or "". */
int rebuild_swap(const char *state, char out_aside[PATH_MAX], struct err *err) MUST_CHECK;

#endif
