/* inbox/intake: watches one inbox and gives out files that are ready to be claimed.
 *
 * The folder is the truth and is the queue: events (inotify) are hints kept in a ring of fixed
 * size; when the ring is full, the kernel's queue overflowed, a folder appeared, the timer fired or
 * taxond just started, a scan walks the tree to completion, a step at a time, as fast as the line
 * takes what it finds. Memory does not grow with the number of files that wait.
 *
 * A file is ready when it was closed after writing or renamed in, or its change time has been quiet
 * for `settle`; and no writer is left (F_SETLEASE), where the file system can tell.
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
    uint64_t scans;       /* finished */
    uint64_t scanned;     /* files looked at by scans */
    uint32_t watches;     /* inotify watches held */
    uint32_t waiting;     /* files known but not ready */
    bool scanning;
    bool idle; /* nothing waits, no scan runs or is due before the timer: the inbox is empty */
};

/* `ready` is called (on the loop) when intake_take may have something to give; it should take soon.
 * Starts with a scan. */
int intake_start(uv_loop_t *loop, struct inbox *inbox,
                 void (*ready)(void *context, struct intake *intake), void *context,
                 struct intake **out_intake, struct err *err) MUST_CHECK;

/* Up to `max` candidates; returns how many. A file is given out once, and again only if
 * intake_forget is called for it, or it is still there at a later scan after `ready_again_ms` (the
 * settle time) has passed, so that the caller need not remember what it could not claim. */
size_t intake_take(struct intake *intake, struct candidate *out_candidates, size_t max);

/* The claim of this path is over (claimed or failed): it may be given out anew when it is there. */
void intake_forget(struct intake *intake, const char *path);

/* Asks for a full scan as soon as may be. */
void intake_rescan(struct intake *intake);
void intake_reconfigure(struct intake *intake, const struct settings_inbox *settings);
void intake_stats(const struct intake *intake, struct intake_stats *out_stats);
/* Stops watching. `stopped` is called on the loop when all handles are closed and the memory is
 * gone; the inbox itself stays open. */
void intake_stop(struct intake *intake, void (*stopped)(void *context), void *context);

#endif
