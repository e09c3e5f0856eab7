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
    uid_t uid; /* FILE_SAME_OWNER: left alone */
    gid_t gid;
    const char *origin; /* url to be set as its origin; NULL or "": none */
    bool is_copy;       /* document_fd is filed elsewhere: copy it, and have no hand in work/ */
    /* in, for a call after a crash that finds nothing in work/: how else to know the document. */
    const struct digest *digest; /* of its bytes; NULL: unknown */
    dev_t device;                /* as claimed, with `inode`; used when there is no sidecar */
    ino_t inode;                 /* 0: unknown */
    int64_t mtime_ns;            /* as claimed; used when it may have given way since */
    /* out */
    char *placed;      /* malloc'd: path below the root as it became */
    bool same;         /* the bytes were there already: no second copy was made */
    bool copied;       /* across file systems: the source is still in work/ */
    int folder_fd;     /* of the target, open, for syncing; -1 when none; the caller's */
    bool folders_made; /* parents were made: they must be synced, too */
    char *aside;       /* malloc'd: where the older document went that had this name; or NULL */
    struct id older;   /* its id, as its sidecar says; "" when unknown */
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
 * digits of the document's SHA-256; CONFLICT_FAIL gives -EEXIST; CONFLICT_REPLACE_OLDER moves an
 * older document to STEM-DATE.EXT first, with its sidecar, and else does as KEEP_BOTH (nothing but
 * renames that replace nothing: both are there whole at any moment); CONFLICT_SAME_IS_SAME does as
 * KEEP_BOTH: what else the archive holds is the caller's to know. The same bytes under one of these
 * names: `same`. -ENOENT when the source is not in work/ and nothing was placed; -ENOSPC, -EROFS,
 * -EACCES, … leave the document in work/ and no half file under a final name. A file that stands
 * where the path needs a folder: CONFLICT_KEEP_BOTH takes FOLDER-2, -3, …, CONFLICT_FAIL gives
 * -ENOTDIR. `out` is meaningful only after 0. */
int place_document(struct placement *placement, struct err *err) MUST_CHECK;

/* Whether a sidecar of this document keeps one of its names, from a try that ended before the
 * document got there. 1, 0 (also without sidecars), or negative errno. Changes nothing, and sets
 * none of `out`. */
int place_has_begun(struct placement *placement) MUST_CHECK;

/* After the sync: removes what is left in work/ (a copied source, a document that was there
 * already). */
int place_finish(struct placement *placement, struct err *err) MUST_CHECK;

/* For a document whose bytes the archive has at `path` already, under whatever name: compares them
 * (with `digest` when there is no document any more), makes them durable, gives back a name that an
 * earlier try has reserved. 1: `placed` is `path`, and `same`; 0: they are not there; or negative
 * errno. */
int place_as_same(struct placement *placement, const char *path, struct err *err) MUST_CHECK;

/* Calls `found` for each document beside `placed` that may have given way to it: STEM-….EXT whose
 * sidecar names an id. Stops at its first result that is not 0 and returns it; or negative errno.
 */
int place_each_aside(int root_fd, const char *placed,
                     int (*found)(void *context, const struct id *id, const char *path),
                     void *context) MUST_CHECK;

/* Frees `placed` and `aside`, and closes folder_fd. */
void place_release(struct placement *placement);

#endif
