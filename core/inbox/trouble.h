/* inbox/trouble: what keeps files from being seen, in words. */
#ifndef INBOX_TROUBLE_H
#define INBOX_TROUBLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "inbox/inbox.h"

/* What a full scan met. The first trouble of a scan is told; it stays until a scan meets none. */
struct trouble {
    struct err text;
    bool met;         /* since trouble_begin */
    bool unheard;     /* a folder could not be watched, for whatever reason, since trouble_begin */
    bool was_unheard; /* the same of the scan before, while one runs */
    uint32_t unwatched; /* folders beyond the limit of watches, since trouble_begin */
    uint32_t refused;   /* files that may not be taken, since trouble_begin */
};

void trouble_begin(struct trouble *trouble); /* a full scan begins */
void trouble_end(struct trouble *trouble);   /* and has ended: forgets what was not met again */

/* `path` (relative, "" the inbox) cannot be looked into. */
void trouble_folder(struct trouble *trouble, const struct inbox *inbox, const char *path, int code);
/* inotify gave no instance. */
void trouble_no_inotify(struct trouble *trouble, const struct inbox *inbox, int code);
/* trouble->unwatched folders could not be watched beside the `watched` ones. */
void trouble_watch_limit(struct trouble *trouble, const struct inbox *inbox, uint32_t watched);
/* The file `path` may not be taken: `code`, -EACCES, -EPERM or -EROFS. Told with the first of them,
 * and how many there are with each. */
void trouble_refused(struct trouble *trouble, const struct inbox *inbox, const char *path,
                     int code);

#endif
