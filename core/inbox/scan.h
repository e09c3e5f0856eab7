/* inbox/scan: walks the inbox, or a folder in it, one entry a call. */
#ifndef INBOX_SCAN_H
#define INBOX_SCAN_H

#include <dirent.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "config/settings.h"

#define SCAN_DEPTH_MAX 128 /* folders below one another; each is an open descriptor */

enum scan_kind {
    SCAN_FILE,    /* a regular file */
    SCAN_FOLDER,  /* a folder that will be read from now on: watch it first */
    SCAN_SKIPPED, /* ignored, no file, or gone again */
    SCAN_TROUBLE, /* cannot be looked into: see code */
    SCAN_END
};

struct scan_entry {
    enum scan_kind kind;
    int code;         /* SCAN_TROUBLE: negative errno; -ELOOP: too deep */
    int dir_fd;       /* SCAN_FILE: the folder that holds it; SCAN_FOLDER: itself */
    const char *path; /* relative to the inbox; "" the inbox itself */
    const char *name; /* SCAN_FILE: the last part of the path */
};

struct scan_level {
    DIR *dir;
    size_t path_len; /* of the folder's path */
};

struct scan {
    const struct settings_inbox *settings;
    bool running;
    bool entered; /* the newest folder was told of as SCAN_FOLDER */
    size_t depth; /* levels in use */
    struct scan_level levels[SCAN_DEPTH_MAX];
    char path[PATH_MAX];
};

/* Whether files and folders of this name are none of ours. */
bool scan_ignores(const struct settings_inbox *settings, const char *name);

/* Begins at `path` ("": the whole inbox). Not while one is running. On failure none is. */
int scan_begin(struct scan *scan, int root_fd, const char *path,
               const struct settings_inbox *settings);
/* One step; what *out_entry points to lives until the next. At SCAN_END nothing is held any more.
 */
void scan_next(struct scan *scan, struct scan_entry *out_entry);
/* Stops in between; allowed when none is running. */
void scan_end(struct scan *scan);

#endif
