/* inbox/intake_state: what the three parts of intake share. Nobody else includes this.
 *
 *     intake.c   the loop and the public face
 *     look.c     one file: ready, to wait, or none of ours
 *     seek.c     where paths to look at come from: events and scans
 */
#ifndef INBOX_INTAKE_STATE_H
#define INBOX_INTAKE_STATE_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "inbox/held.h"
#include "inbox/intake.h"
#include "inbox/scan.h"
#include "inbox/trouble.h"
#include "inbox/watch.h"

#define INTAKE_READY_MAX   256u       /* files ready and not taken */
#define INTAKE_WAITING_MAX 4096u      /* files known and not ready; more are left to a scan */
#define INTAKE_FOLDERS_MAX 64u        /* new folders to scan; more make it a full scan */
#define INTAKE_STEPS_MAX   256u       /* events, looks, entries in one round of the loop */
#define INTAKE_NEVER       UINT64_MAX /* as a time */

struct intake {
    struct inbox *inbox;
    void (*ready)(void *context, struct intake *intake);
    void *ready_context;
    void (*stopped)(void *context);
    void *stopped_context;
    bool stopping;
    bool announce; /* `ready` is to be called */
    bool was_idle; /* after the last round */
    unsigned turn; /* rounds of the loop */

    uv_idle_t idle; /* runs while there is work, so that the loop comes round at once */
    uv_timer_t timer;
    uv_poll_t poll; /* of the inotify descriptor, when there is one */
    unsigned open_handles;

    struct watch *watch; /* NULL: inotify gave none; scans alone */
    int watch_code;      /* why not */
    struct scan scan;
    bool scan_is_full; /* the running one */
    uint64_t scan_met; /* files, by it */
    uint64_t scan_began_us;
    uint64_t scan_ended_us;
    uint64_t room_due_us; /* until then it waits for room among the waiting; 0: there is room */
    const struct file_system *remote;     /* met by the last full scan, or by this one */
    const struct file_system *met_remote; /* by the running full scan */
    bool full_scan_due;                   /* at once, after the running one */
    char *folders[INTAKE_FOLDERS_MAX];
    uint32_t folder_count; /* to be scanned next */

    struct held_table held;
    uint64_t look_due_us;     /* the earliest of the waiting files, or earlier */
    uint64_t rescan_due_us;   /* a scan that makes up for what could not be held */
    uint64_t periodic_due_us; /* the timer's scan */

    struct trouble trouble;
    bool unseen; /* since the last full scan began: a folder could not be looked into */
    uint64_t events;
    uint64_t overflows;
    uint64_t scans;
    uint64_t scanned;
};

/* Whether notices are not to be had, or not to be trusted, for all of it. */
bool intake_is_polled(const struct intake *intake);
/* No more is looked at until the line takes some. */
bool intake_is_full(const struct intake *intake);
/* Something is in the folder that cannot be remembered now: a scan follows after a while. */
void intake_rescan_soon(struct intake *intake);

/* Looks at the file of that path, whatever its state. */
void look_by_path(struct intake *intake, const char *path, enum settle_cause cause);
/* The same for a file that a scan met in the folder dir_fd. */
void look_found(struct intake *intake, int dir_fd, const char *name, const char *path);
/* A name appeared and may or may not be complete. */
void look_later(struct intake *intake, const char *path);
/* The file's claim is over. */
void look_forget(struct intake *intake, const char *path);
/* Looks at the waiting files whose time has come. */
void look_due(struct intake *intake);

/* Reads events. */
void seek_events(struct intake *intake);
/* Begins scans that are due and takes steps of the running one. */
void seek_scan(struct intake *intake);
/* Whether the running scan waits until there is room for more files that wait. */
bool seek_is_paused(const struct intake *intake);
/* Drops the running scan and the folders that wait for one. */
void seek_abandon(struct intake *intake);

#endif
