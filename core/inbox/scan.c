/* inbox/scan: walks the inbox, or a folder in it, as a cursor.
 *
 * Used by intake, which takes a bounded number of steps each time the loop comes round and stops
 * between two whenever the line has no room; so a scan holds its place (a stack of open folders)
 * and may take as long as the line does, but always runs to completion.
 *
 * Each folder is opened from its parent's descriptor and never through a symbolic link. It does not
 * look at files: whether one is complete is settle's question.
 */
#include "inbox/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "inbox/inbox.h"

bool scan_ignores(const struct settings_inbox *settings, const char *name)
{
    /* Ours: the private folder, and what claim sets aside for a moment (.taxond-ID). */
    if (strncmp(name, INBOX_PRIVATE_NAME, strlen(INBOX_PRIVATE_NAME)) == 0)
        return true;
    for (size_t i = 0; i < settings->ignore_count; i++) {
        if (fnmatch(settings->ignore[i], name, 0) == 0)
            return true;
    }
    return false;
}

/* Takes over `fd`. */
static int push(struct scan *scan, int fd, size_t path_len)
{
    DIR *dir = fdopendir(fd);

    if (dir == NULL) {
        int code = -errno;
        file_close(&fd);
        return code;
    }
    scan->levels[scan->depth++] = (struct scan_level){.dir = dir, .path_len = path_len};
    scan->entered = false;
    return 0;
}

static void pop(struct scan *scan)
{
    closedir(scan->levels[--scan->depth].dir);
}

int scan_begin(struct scan *scan, int root_fd, const char *path,
               const struct settings_inbox *settings)
{
    size_t len = strlen(path);

    if (len >= sizeof scan->path)
        return -ENAMETOOLONG;
    int fd = file_open_beneath(root_fd, len > 0 ? path : ".", O_RDONLY | O_DIRECTORY, 0);
    if (fd < 0)
        return fd;
    scan->settings = settings;
    scan->depth = 0;
    memcpy(scan->path, path, len + 1);
    int code = push(scan, fd, len);
    scan->running = code == 0;
    return code;
}

void scan_end(struct scan *scan)
{
    while (scan->running && scan->depth > 0)
        pop(scan);
    scan->running = false;
}

/* Writes FOLDER/NAME to scan->path; returns its length, 0 when it is too long. */
static size_t compose(struct scan *scan, const char *name)
{
    size_t at = scan->levels[scan->depth - 1].path_len;
    size_t len = strlen(name);

    scan->path[at] = '\0';
    if (at + 1 + len + 1 > sizeof scan->path)
        return 0;
    if (at > 0)
        scan->path[at++] = '/';
    memcpy(scan->path + at, name, len + 1);
    return at + len;
}

/* The entry's type as DT_…; not every file system tells it in readdir. */
static unsigned char type_of(int dir_fd, const struct dirent *dirent)
{
    struct stat status;

    if (dirent->d_type != DT_UNKNOWN)
        return dirent->d_type;
    if (fstatat(dir_fd, dirent->d_name, &status, AT_SYMLINK_NOFOLLOW) < 0)
        return DT_UNKNOWN;
    return (unsigned char)IFTODT(status.st_mode);
}

static void trouble(struct scan_entry *entry, int code)
{
    entry->kind = SCAN_TROUBLE;
    entry->code = code;
}

/* Goes down into the folder; scan->path names it. The next step tells of it. */
static void descend(struct scan *scan, const char *name, size_t path_len, struct scan_entry *entry)
{
    int fd;
    int code;

    if (scan->depth == SCAN_DEPTH_MAX) {
        trouble(entry, -ELOOP);
        return;
    }
    fd = openat(entry->dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    code = fd < 0 ? -errno : push(scan, fd, path_len);
    if (code < 0 && code != -ENOENT && code != -ENOTDIR && code != -ELOOP)
        trouble(entry, code); /* those three: gone, or something else by now */
}

static void classify(struct scan *scan, const struct dirent *dirent, struct scan_entry *entry)
{
    const char *name = dirent->d_name;

    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || scan_ignores(scan->settings, name))
        return;
    unsigned char type = type_of(entry->dir_fd, dirent);
    if (type != DT_REG && (type != DT_DIR || !scan->settings->recursive))
        return;
    size_t len = compose(scan, name);
    if (len == 0) {
        trouble(entry, -ENAMETOOLONG); /* entry->path is the folder's */
    } else if (type == DT_DIR) {
        descend(scan, name, len, entry);
    } else {
        entry->kind = SCAN_FILE;
        entry->name = scan->path + len - strlen(name);
    }
}

/* Tells of the folder that was entered last. */
static void enter(struct scan *scan, struct scan_entry *entry)
{
    scan->entered = true;
    entry->kind = SCAN_FOLDER;
    scan->path[scan->levels[scan->depth - 1].path_len] = '\0';
}

void scan_next(struct scan *scan, struct scan_entry *out_entry)
{
    if (!scan->running || scan->depth == 0) {
        scan->running = false;
        *out_entry = (struct scan_entry){.kind = SCAN_END, .dir_fd = -1, .path = "", .name = ""};
        return;
    }
    DIR *dir = scan->levels[scan->depth - 1].dir;
    *out_entry = (struct scan_entry){.kind = SCAN_SKIPPED,
                                     .dir_fd = dirfd(dir),
                                     .path = scan->path,
                                     .name = ""};
    if (!scan->entered) {
        enter(scan, out_entry);
        return;
    }
    errno = 0;
    const struct dirent *dirent = readdir(dir);
    if (dirent != NULL) {
        classify(scan, dirent, out_entry);
        return;
    }
    if (errno != 0) {
        scan->path[scan->levels[scan->depth - 1].path_len] = '\0';
        trouble(out_entry, -errno);
    }
    pop(scan);
    scan->entered = true;
}
