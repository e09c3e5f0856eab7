/* inbox/watch: what inotify says, as events with paths. Hints only: the folder is the truth. */
#ifndef INBOX_WATCH_H
#define INBOX_WATCH_H

#include <stdbool.h>
#include <stdint.h>

struct watch;

enum watch_kind {
    WATCH_NOTHING,  /* an event that means nothing to us */
    WATCH_CREATED,  /* a name appeared: a file being written, or linked in and complete */
    WATCH_CLOSED,   /* a file was closed after it had been open for writing */
    WATCH_RENAMED,  /* a file was renamed to this name */
    WATCH_FOLDER,   /* a folder appeared */
    WATCH_OVERFLOW, /* events were lost: scan */
    WATCH_MOVED     /* a watched folder was moved, so paths are wrong: scan */
};

struct watch_event {
    enum watch_kind kind;
    const char *path; /* relative to the root; until the next watch_next; "" when not known */
    const char *name; /* the last part of it */
};

/* -EMFILE when fs.inotify.max_user_instances is reached. */
int watch_open(struct watch **out_watch);
void watch_close(struct watch *watch);

int watch_fd(const struct watch *watch); /* readable when watch_next has something */
/* 1 an event; 0 none for now; negative errno. Never blocks. */
int watch_next(struct watch *watch, struct watch_event *out_event);
/* Whether events were read from the kernel and not yet given out by watch_next. */
bool watch_has_read(const struct watch *watch);
/* Whether watch_next would give one, the kernel's queue included. */
bool watch_has_any(const struct watch *watch);

/* Watches the folder behind dir_fd, or renews its path. `root` is the absolute path of the root,
 * for systems without /proc. 0; -ENOSPC at the limit of watches; other negative errno. */
int watch_add(struct watch *watch, int dir_fd, const char *root, const char *path);
uint32_t watch_count(const struct watch *watch);

/* Around a full scan: what was not added or renewed in between is no longer in the tree and is
 * dropped at the end. */
void watch_sweep_begin(struct watch *watch);
void watch_sweep_end(struct watch *watch);

#endif
