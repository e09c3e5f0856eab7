/* inbox/inbox: one inbox folder that is ours: opened, its private folder made, locked.
 *
 *     INBOX/.taxond/        mode 0700, owner checked, never scanned
 *     INBOX/.taxond/lock    flock(2): one taxond an inbox
 *     INBOX/.taxond/work/ID a claimed document, until it is filed
 */
#ifndef INBOX_INBOX_H
#define INBOX_INBOX_H

#include <sys/types.h>

#include "base/err.h"
#include "base/file_system.h"
#include "base/id.h"
#include "config/settings.h"

#define INBOX_PRIVATE_NAME ".taxond"

struct inbox {
    const struct settings_inbox *settings; /* replaced by intake_reconfigure at a reload */
    char *name;                            /* own copy: settings come and go */
    char *path;
    int root_fd;
    int private_fd; /* .taxond */
    int work_fd;    /* .taxond/work */
    int lock_fd;
    dev_t device;
    ino_t inode;
    const struct file_system *file_system; /* NULL: not known */
};

/* 0; -EBUSY when another taxond holds the lock; other negative errno. err says which inbox. */
int inbox_open(const struct settings_inbox *settings, struct inbox **out_inbox,
               struct err *err) MUST_CHECK;
void inbox_close(struct inbox *inbox);

/* Whether the path still leads to the folder that was opened. 0; -ENOENT it is gone, or moved away;
 * -ESTALE another folder is there; other negative errno when that cannot be told. */
int inbox_place(const struct inbox *inbox);

/* Calls `found` for each entry of work/ (names that are valid ids only); stops at its first result
 * that is not 0 and returns it. For replay at start. */
int inbox_each_in_work(struct inbox *inbox, int (*found)(void *context, const char *id),
                       void *context);

/* A member of a container that is asleep is called ID and this there. */
#define INBOX_ASLEEP_SUFFIX ".member"

/* The same for those. */
int inbox_each_asleep(struct inbox *inbox, int (*found)(void *context, const char *id),
                      void *context);

#endif
