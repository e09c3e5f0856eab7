/* route/place: puts a claimed document and its sidecar where its plan says: never outside the root,
 * never over anything, and so that a crash at any point can be told and finished.
 *
 * The sidecar comes first, under its final name (RENAME_NOREPLACE: it reserves the name and carries
 * the id), then the document. A sidecar is durable before it gets that name: a name that comes to
 * the disk before its bytes would, after a loss of power, be that of an empty file. Otherwise
 * nothing is synced here but a copy across file systems, and a file that makes another copy
 * needless: the caller syncs the rest, once for a batch, and only then has place_finish remove what
 * is left in work/.
 */
#ifndef ROUTE_PLACE_H
#define ROUTE_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/digest.h"
#include "base/err.h"
#include "base/id.h"
#include "config/settings.h"

#define PLACE_NUMBERS_MAX 100 /* NAME, STEM-2.EXT … STEM-100.EXT; then STEM-HASH.EXT */

struct placement {
    /* in */
    int work_fd;     /* folder that holds the document under the name `id` */
    int document_fd; /* the document, open read-only; -1: opened here, if it is still in work/ */
    struct id id;
    int root_fd;         /* the archive's or the quarantine's root */
    const char *target;  /* path below the root, from the plan */
    const char *sidecar; /* the sidecar's path below the root (same folder), or "" */
    const void *sidecar_data;
    size_t sidecar_len;
    enum conflict_policy policy;
    mode_t file_mode;
    mode_t folder_mode;
    /* in, for a call after a crash that finds nothing in work/: how else to know the document. */
    const struct digest *digest; /* of its bytes; NULL: unknown */
    dev_t device;                /* as claimed, with `inode`; used when there is no sidecar */
    ino_t inode;                 /* 0: unknown */
    /* out */
    char *placed;      /* malloc'd: path below the root as it became */
    bool same;         /* the bytes were there already: no second copy was made */
    bool copied;       /* across file systems: the source is still in work/ */
    int folder_fd;     /* of the target, open, for syncing; -1 when none; the caller's */
    bool folders_made; /* parents were made: they must be synced, too */
};

/* Writes the sidecar into work/, under a name of its own, so that it can be made durable together
 * with the document; place_document then moves it to its place. Only a help: where it fails, or the
 * archive is on another file system, the sidecar is written and synced there. `sync`: at once.
 * *out_syncs is added to. 0, or negative errno when a sync failed. */
int place_stage_sidecar(const struct placement *placement, bool sync,
                        uint64_t *out_syncs) MUST_CHECK;

/* Carries it out; may be called again after a crash or a failure with the same input: finds its own
 * sidecar by its bytes (or, with no sidecar, the document by its inode) and finishes. A name that
 * is taken by other bytes: CONFLICT_KEEP_BOTH takes STEM-2.EXT, -3, …, then STEM-HASH.EXT with
 * digits of the document's SHA-256; CONFLICT_FAIL gives -EEXIST. The same bytes under one of these
 * names: `same`. -ENOENT when the source is not in work/ and nothing was placed; -ENOSPC, -EROFS,
 * -EACCES, … leave the document in work/ and no half file under a final name. A file that stands
 * where the path needs a folder: CONFLICT_KEEP_BOTH takes FOLDER-2, -3, …, CONFLICT_FAIL gives
 * -ENOTDIR. `out` is meaningful only after 0. */
int place_document(struct placement *placement, struct err *err) MUST_CHECK;

/* After the sync: removes what is left in work/ (a copied source, a document that was there
 * already). */
int place_finish(struct placement *placement, struct err *err) MUST_CHECK;

/* Frees `placed` and closes folder_fd. */
void place_release(struct placement *placement);

#endif
