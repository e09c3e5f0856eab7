/* route/place_link: a second way to a document that is filed. */
#ifndef ROUTE_PLACE_LINK_H
#define ROUTE_PLACE_LINK_H

#include "base/err.h"
#include "base/file.h"
#include "base/id.h"
#include "config/settings.h"

struct place_link {
    int root_fd;
    const char *placed; /* the document, below the root */
    const char *target; /* where the link is to be, below the same root */
    struct id id;       /* of the document */
    bool hard;
    enum conflict_policy policy; /* REPLACE_OLDER: a symbolic link that has the name is replaced */
    struct file_owner folder;    /* of folders that are made */
    char *made;                  /* out: malloc'd: where it is, below the root */
};

/* Makes it; again, finds it. A name that is taken by anything else: STEM-2.EXT, …, or, with
 * CONFLICT_FAIL, -EEXIST. Nothing but a symbolic link is ever replaced. The folder is the caller's
 * to sync. */
int place_link(struct place_link *link, struct err *err) MUST_CHECK;

#endif
