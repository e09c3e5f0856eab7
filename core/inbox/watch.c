/* inbox/watch: what inotify(7) says, as events with paths.
 *
 * Used by intake alone. One watch a folder, since inotify is not recursive; the table maps the
 * kernel's watch descriptors to paths relative to the inbox. When a folder moves, the paths of all
 * below it are wrong until the full scan that WATCH_MOVED asks for has renewed them; an event that
 * comes meanwhile names a path that is not there, which harms nothing.
 *
 * It does not read folders, does not decide what is ignored, and does not queue: the kernel does.
 * libuv's uv_fs_event is not used: it has no IN_CLOSE_WRITE and drops IN_Q_OVERFLOW.
 */
#include "inbox/watch.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/file.h"

/* IN_CREATE is for folders, and for files that arrive by link(2), which nobody closes afterwards.
 * Not IN_MOVED_FROM: every claim would raise it, and a folder that leaves says IN_MOVE_SELF. */
#define EVENTS                                                                                     \
    (IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR |       \
     IN_EXCL_UNLINK)
#define READ_SIZE      16384
#define BUCKETS_MIN    64u
#define PROC_PATH_SIZE 32

struct folder {
    struct folder *next;
    int wd;
    uint32_t generation; /* of the sweep that saw it last */
    char path[];
};

struct watch {
    int fd;
    struct folder **buckets; /* by wd */
    uint32_t bucket_count;   /* a power of two */
    uint32_t count;
    uint32_t generation;
    size_t read_len; /* bytes in `events` */
    size_t read_at;  /* bytes of them given out */
    char path[PATH_MAX];
    char events[READ_SIZE] __attribute__((aligned(__alignof__(struct inotify_event))));
};

int watch_open(struct watch **out_watch)
{
    struct watch *watch = calloc(1, sizeof *watch);

    if (watch == NULL)
        return -ENOMEM;
    watch->buckets = calloc(BUCKETS_MIN, sizeof(struct folder *));
    watch->bucket_count = BUCKETS_MIN;
    watch->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    int code = watch->fd < 0 ? -errno : watch->buckets == NULL ? -ENOMEM : 0;
    if (code < 0)
        watch_close(watch);
    else
        *out_watch = watch;
    return code;
}

void watch_close(struct watch *watch)
{
    for (uint32_t i = 0; watch->buckets != NULL && i < watch->bucket_count; i++) {
        struct folder *folder = watch->buckets[i];
        while (folder != NULL) {
            struct folder *next = folder->next;
            free(folder);
            folder = next;
        }
    }
    free(watch->buckets);
    file_close(&watch->fd);
    free(watch);
}

int watch_fd(const struct watch *watch)
{
    return watch->fd;
}

uint32_t watch_count(const struct watch *watch)
{
    return watch->count;
}

/* The link that points to the folder of `wd`, or to NULL at its bucket's end. */
static struct folder **folder_link(const struct watch *watch, int wd)
{
    struct folder **link = &watch->buckets[(uint32_t)wd & (watch->bucket_count - 1)];

    while (*link != NULL && (*link)->wd != wd)
        link = &(*link)->next;
    return link;
}

static void folder_drop(struct watch *watch, struct folder **link)
{
    struct folder *folder = *link;

    *link = folder->next;
    free(folder);
    watch->count--;
}

/* Without memory the chains just grow longer. */
static void grow(struct watch *watch)
{
    uint32_t old_count = watch->bucket_count;
    struct folder **old = watch->buckets;
    struct folder **buckets = calloc((size_t)old_count * 2, sizeof(struct folder *));

    if (buckets == NULL)
        return;
    watch->buckets = buckets;
    watch->bucket_count = old_count * 2;
    for (uint32_t i = 0; i < old_count; i++) {
        while (old[i] != NULL) {
            struct folder *folder = old[i];
            old[i] = folder->next;
            struct folder **link = folder_link(watch, folder->wd);
            folder->next = *link;
            *link = folder;
        }
    }
    free(old);
}

/* Puts or renews the row of `wd`. */
static int folder_put(struct watch *watch, int wd, const char *path)
{
    struct folder **link = folder_link(watch, wd);

    if (*link != NULL && strcmp((*link)->path, path) == 0) {
        (*link)->generation = watch->generation;
        return 0;
    }
    size_t size = strlen(path) + 1;
    struct folder *folder = malloc(sizeof *folder + size);
    if (folder == NULL)
        return -ENOMEM;
    if (*link != NULL)
        folder_drop(watch, link);
    *folder = (struct folder){.next = *link, .wd = wd, .generation = watch->generation};
    memcpy(folder->path, path, size);
    *link = folder;
    if (++watch->count > watch->bucket_count)
        grow(watch);
    return 0;
}

/* By descriptor, so that nobody can swap the folder meanwhile: the magic link leads to the very
 * folder that was opened. Without /proc by path: at worst a foreign folder's events name paths that
 * are then not found below the inbox. */
static int add_to_kernel(const struct watch *watch, int dir_fd, const char *root, const char *path)
{
    char proc_path[PROC_PATH_SIZE];
    char full_path[PATH_MAX];

    snprintf(proc_path, sizeof proc_path, "/proc/self/fd/%d", dir_fd);
    int wd = inotify_add_watch(watch->fd, proc_path, EVENTS);
    if (wd >= 0 || errno != ENOENT)
        return wd < 0 ? -errno : wd;
    int len = snprintf(full_path, sizeof full_path, "%s/%s", root, path);
    if (len < 0 || (size_t)len >= sizeof full_path)
        return -ENAMETOOLONG;
    wd = inotify_add_watch(watch->fd, full_path, EVENTS | IN_DONT_FOLLOW);
    return wd < 0 ? -errno : wd;
}

int watch_add(struct watch *watch, int dir_fd, const char *root, const char *path)
{
    int wd = add_to_kernel(watch, dir_fd, root, path);

    if (wd < 0)
        return wd;
    int code = folder_put(watch, wd, path);
    if (code < 0)
        (void)inotify_rm_watch(watch->fd, wd);
    return code;
}

void watch_sweep_begin(struct watch *watch)
{
    watch->generation++;
}

void watch_sweep_end(struct watch *watch)
{
    for (uint32_t i = 0; i < watch->bucket_count; i++) {
        struct folder **link = &watch->buckets[i];
        while (*link != NULL) {
            if ((*link)->generation == watch->generation) {
                link = &(*link)->next;
                continue;
            }
            (void)inotify_rm_watch(watch->fd, (*link)->wd); /* fails when the folder went away */
            folder_drop(watch, link);
        }
    }
}

bool watch_has_read(const struct watch *watch)
{
    return watch->read_at < watch->read_len;
}

bool watch_has_any(const struct watch *watch)
{
    int queued = 0;

    return watch_has_read(watch) || (ioctl(watch->fd, FIONREAD, &queued) == 0 && queued > 0);
}

/* 1 when there is an event at read_at. */
static int fill(struct watch *watch)
{
    ssize_t len;

    if (watch_has_read(watch))
        return 1;
    do {
        len = read(watch->fd, watch->events, sizeof watch->events);
    } while (len < 0 && errno == EINTR);
    if (len < 0)
        return errno == EAGAIN ? 0 : -errno;
    watch->read_at = 0;
    watch->read_len = (size_t)len;
    return len > 0;
}

static enum watch_kind kind_of(uint32_t mask)
{
    bool is_folder = (mask & IN_ISDIR) != 0;

    if ((mask & IN_Q_OVERFLOW) != 0)
        return WATCH_OVERFLOW;
    if ((mask & (IN_MOVE_SELF | IN_UNMOUNT)) != 0)
        return WATCH_MOVED;
    if ((mask & IN_MOVED_TO) != 0)
        return is_folder ? WATCH_FOLDER : WATCH_RENAMED;
    if ((mask & IN_CREATE) != 0)
        return is_folder ? WATCH_FOLDER : WATCH_CREATED;
    if ((mask & IN_CLOSE_WRITE) != 0 && !is_folder)
        return WATCH_CLOSED;
    return WATCH_NOTHING;
}

/* Writes FOLDER/NAME to watch->path; false when there is none: an unknown folder, no name, or too
 * long, which the scan reports. */
static bool compose(struct watch *watch, const struct folder *folder, const char *name)
{
    if (folder == NULL || name[0] == '\0')
        return false;
    const char *slash = folder->path[0] == '\0' ? "" : "/";
    int len = snprintf(watch->path, sizeof watch->path, "%s%s%s", folder->path, slash, name);
    return len > 0 && (size_t)len < sizeof watch->path;
}

static void translate(struct watch *watch, const struct inotify_event *event,
                      struct watch_event *out_event)
{
    const char *name = event->len > 0 ? event->name : "";
    struct folder **link = folder_link(watch, event->wd);

    *out_event = (struct watch_event){.kind = kind_of(event->mask), .path = "", .name = ""};
    if ((event->mask & IN_IGNORED) != 0 && *link != NULL)
        folder_drop(watch, link);
    if (out_event->kind == WATCH_OVERFLOW || out_event->kind == WATCH_NOTHING)
        return;
    if (out_event->kind == WATCH_MOVED) {
        /* A watch that was dropped may still have events in the queue; and nothing is wrong when
         * the root itself moves, since all paths begin there. */
        if (*link == NULL || (*link)->path[0] == '\0')
            out_event->kind = WATCH_NOTHING;
        return;
    }
    if (!compose(watch, *link, name)) {
        out_event->kind = WATCH_NOTHING;
        return;
    }
    const char *slash = strrchr(watch->path, '/');
    out_event->path = watch->path;
    out_event->name = slash != NULL ? slash + 1 : watch->path;
}

int watch_next(struct watch *watch, struct watch_event *out_event)
{
    int code = fill(watch);

    if (code <= 0)
        return code;
    const struct inotify_event *event = (const void *)(watch->events + watch->read_at);
    watch->read_at += sizeof *event + event->len;
    translate(watch, event, out_event);
    return 1;
}
