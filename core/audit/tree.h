/* audit/tree: every file below a folder. What audit's own files share; nobody else includes it. */
#ifndef AUDIT_TREE_H
#define AUDIT_TREE_H

#include <sys/stat.h>

#include "base/err.h"

#define TREE_DEPTH_MAX 256

/* One entry that is no folder. Valid until the visitor returns. */
struct tree_file {
    const char *path;   /* bytes, below the folder */
    const char *name;   /* its last component */
    int folder_fd;      /* the folder it lies in */
    struct stat status; /* of the entry itself: links are not followed */
};

struct tree_visitor {
    int (*file)(void *context, const struct tree_file *file); /* not 0: the walk ends with it */
    int (*unreadable)(void *context, const char *path, int error); /* negative errno */
    void *context;
};

/* 0, what a visitor returned, or -ENOMEM. What appears or goes meanwhile may be seen or not. */
int tree_walk(int root_fd, const struct tree_visitor *visitor) MUST_CHECK;

#endif
