/* route/place: puts a claimed document and its sidecar where its plan says: never outside the root,
 * never over anything, and so that a crash at any point can be told and finished.
 *
 * The sidecar comes first, under its final name (RENAME_NOREPLACE: it reserves the name and carries
 * the id), then the document. Nothing is synced here but a copy across file systems: the caller
 * syncs what place_sync says, once for a batch, and only then has place_finish remove a copied
 * source.
 */
#ifndef ROUTE_PLACE_H
#define ROUTE_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/id.h"
#include "config/settings.h"

struct placement {
    /* in */
    int work_fd;             /* folder that holds the document under the name `id` */
    int document_fd;         /* the document, open read-only */
    struct id id;
    int root_fd;             /* the archive's or the quarantine's root */
    const char *target;      /* path below the root, from the plan */
    const char *sidecar;     /* the sidecar's path below the root, or "" */
    const void *sidecar_data;
    size_t sidecar_len;
    enum conflict_policy policy;
    mode_t file_mode;
    mode_t folder_mode;
    /* out */
    char *placed;            /* malloc'd: path below the root as it became */
    bool same;               /* the bytes were there already: no second copy was made */
    bool copied;             /* across file systems: the source is still in work/ */
    int folder_fd;           /* of the target, open, for syncing; -1 when none; the caller's */
    bool folders_made;       /* parents were made: they must be synced, too */
};

/* Carries it out; may be called again after a crash with the same input: finds its own sidecar by
 * its id (or, with no sidecar, the document by its inode) and finishes. A name that is taken by
 * other bytes: CONFLICT_KEEP_BOTH takes STEM-2.EXT, -3, …; CONFLICT_FAIL gives -EEXIST. The same
 * bytes under that name: `same`. -ENOENT when the source is not in work/ and nothing was placed;
 * -ENOSPC, -EROFS, -EACCES, … leave the document in work/ and no half file under a final name. */
int place_document(struct placement *placement, struct err *err) MUST_CHECK;

/* After the sync: removes what is left in work/ (a copied source, a document that was there
 * already). */
int place_finish(struct placement *placement, struct err *err) MUST_CHECK;

/* Frees `placed` and closes folder_fd. */
void place_release(struct placement *placement);

#endif
