/* line/roots: the folders that documents are filed in: each archive, and the quarantine, opened. */
#ifndef LINE_ROOTS_H
#define LINE_ROOTS_H

#include <stddef.h>

#include "base/err.h"
#include "config/settings.h"

struct root {
    char *name; /* "archive:NAME" or "quarantine": as in plans and in the catalog */
    char *path;
    int fd; /* -1: it could not be opened; tried again at each use */
};

struct roots {
    struct root *roots;
    size_t count;
};

/* Opens all; one that is not there is no error (the archive may be mounted later). */
int roots_open(struct roots *roots, const struct settings *settings, struct err *err) MUST_CHECK;
void roots_close(struct roots *roots);
/* The descriptor of root `name`, opened anew when needed or when `reopen`; -ENOENT when there is no
 * such root, other -errno when it cannot be opened. */
int roots_fd(struct roots *roots, const char *name, int reopen);

#endif
