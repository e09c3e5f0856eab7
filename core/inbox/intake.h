/* inbox/intake: watches one inbox and gives out files that are ready to be claimed.
 *
 * The folder is the truth and is the queue: events (inotify) are hints, and the kernel's own queue
 * of them is the only one; it is not read while what is ready waits to be taken. When it
 * overflowed, a folder appeared, the timer fired or taxond just started, a scan walks the tree to
 * completion, a step at a time, as fast as the line takes what it finds. Memory does not grow with
 * the number of files that wait.
 *
 * A file is ready when it was closed after writing or renamed in, or its change time has been quiet
 * for `settle`; and no writer is left (F_SETLEASE), where the file system can tell. On those that
 * others write to unseen (NFS, CIFS, FUSE) the inbox is polled, and quiet time alone decides.
 *
 * Runs on the loop's thread only.
 */
#ifndef INBOX_INTAKE_H
#define INBOX_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/err.h"
#include "inbox/inbox.h"

struct intake;

/* A file that is ready. The path is relative to the inbox, bytes as the file system has them. */
struct candidate {
    struct inbox *inbox;
    char *path; /* malloc'd, NUL-terminated; whoever takes the candidate frees it */
    uint64_t device;
    uint64_t inode;
    uint64_t size;
    int64_t mtime_ns;
    uint64_t seen_us; /* monotonic: when it was first known to be complete */
};

struct intake_stats {
    uint64_t events;
    uint64_t overflows;
    uint64_t scans;   /* finished */
    uint64_t scanned; /* files looked at by scans */
    uint32_t watches; /* inotify watches held */
    uint32_t waiting; /* files known but not ready */
    uint32_t ready;   /* files ready and not taken */
    uint32_t out;     /* files taken and not forgotten */
    bool scanning;
    bool polled; /* scanned every poll_every, since notices are not to be had or trusted */
    const struct file_system *remote; /* the reason, if it is this: in or below the inbox */
    uint64_t scan_met;                /* files met by the scan that runs, or ran last */
    uint64_t scan_us;                 /* how long it has been running, or ran */
    bool unseen; /* the last full scan, or one since, could not look into some folder */
    bool idle; /* nothing waits, is ready or out; no event is unread; no scan runs or is due but by
                * the timer: all that can be taken was taken */
};

/* How often an inbox is scanned that cannot be watched. */
uint32_t intake_poll_ms(const struct settings_inbox *settings);

/* `ready` is called (on the loop) when intake_take may have something to give, which should then be
 * taken soon, and when a round of the loop leaves the inbox idle (not when intake_forget does: the
 * caller can ask). Starts with a scan. */
int intake_start(uv_loop_t *loop, struct inbox *inbox,
                 void (*ready)(void *context, struct intake *intake), void *context,
                 struct intake **out_intake, struct err *err) MUST_CHECK;

/* Up to `max` candidates; returns how many. A file that was given out is not given out again until
 * intake_forget is called for its path, whatever happens to it meanwhile. `ready` is called again
 * when more is left than was taken. */
size_t intake_take(struct intake *intake, struct candidate *out_candidates, size_t max);

/* The claim of this path is over (claimed or failed): it may be given out anew. It is looked at
 * again at once when an event or a scan met the path while it was out; otherwise at its next event
 * or scan, so that what cannot be claimed is tried once a scan and not in a tight loop. */
void intake_forget(struct intake *intake, const char *path);

/* Asks for a full scan as soon as may be. */
void intake_rescan(struct intake *intake);
/* Replaces the inbox's settings (same folder), which must live until the next call or the end, and
 * scans anew under them. */
void intake_reconfigure(struct intake *intake, const struct settings_inbox *settings);
void intake_stats(const struct intake *intake, struct intake_stats *out_stats);
/* What keeps files from being seen at once or at all (inotify's limits, folders that cannot be read
 * or are too deep), as one line for a person with what to do about it; "" when all is well. Renewed
 * by each full scan. */
const char *intake_trouble(const struct intake *intake);
/* Stops watching. `stopped` is called on the loop when all handles are closed and the memory is
 * gone; the inbox itself stays open. */
void intake_stop(struct intake *intake, void (*stopped)(void *context), void *context);

#endif
