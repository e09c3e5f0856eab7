/* line/roots: the folders that documents are filed in: each archive, the quarantine, and the folder
 * of streams, opened. */
#ifndef LINE_ROOTS_H
#define LINE_ROOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"
#include "config/settings.h"

struct root {
    char *name; /* "archive:NAME", "quarantine" or "streams": as in plans and in the catalog */
    char *path;
    bool needs_mark; /* without its mark it is an empty mount point, and not opened */
    int fd;          /* -1: it could not be opened; tried again at each use */
};

struct roots {
    struct root *roots;
    size_t count;
    uid_t uid; /* who is to own what is filed in archives and streams */
    gid_t gid;
};

/* Opens all, and finds out whose the files are to be; one that is not there is no error (the
 * archive may be mounted later). */
int roots_open(struct roots *roots, const struct settings *settings, struct err *err) MUST_CHECK;
void roots_close(struct roots *roots);
/* The descriptor of root `name`, opened anew when needed or when `reopen`; -ENOENT when there is no
 * such root, -ENOMEDIUM when it lacks its mark, other -errno when it cannot be opened. */
int roots_fd(struct roots *roots, const char *name, int reopen);

#endif
