/* route/place: what stands under a name in the archive.
 *
 * Called by place.c. Only bytes decide whether something is the same, and only our own sidecar's
 * bytes, or the inode, whether it is ours. What cannot be read is somebody else's; what cannot be
 * told (an I/O error) is an error, so that nobody takes a document for filed by mistake. It changes
 * nothing.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "route/place_part.h"
#include "route/template.h"

#define COMPARE_CHUNK ((size_t)16 << 10)
#define LOOK_FLAGS    (O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)

/* PLACE_FREE, PLACE_TAKEN (a regular file or not: see *out_status), or negative errno. */
static int look(const struct placing *placing, const char *name, struct stat *out_status)
{
    if (fstatat(placing->folder_fd, name, out_status, AT_SYMLINK_NOFOLLOW) == 0)
        return PLACE_TAKEN;
    return errno == ENOENT ? PLACE_FREE : -errno;
}

/* A descriptor; -ENOENT also for what may not be read or is no file any more. */
static int open_to_compare(const struct placing *placing, const char *name)
{
    int fd = file_open_beneath(placing->folder_fd, name, LOOK_FLAGS, 0);

    return fd == -EACCES || fd == -EPERM || fd == -ELOOP || fd == -ENXIO ? -ENOENT : fd;
}

/* 1, 0 or negative errno. */
static int holds_data(int fd, const char *data, size_t len)
{
    char chunk[COMPARE_CHUNK];

    for (size_t at = 0; at < len;) {
        size_t step = len - at < sizeof chunk ? len - at : sizeof chunk;
        int code = file_pread_all(fd, chunk, step, (off_t)at);
        if (code < 0)
            return code;
        if (memcmp(chunk, data + at, step) != 0)
            return 0;
        at += step;
    }
    return 1;
}

static int is_our_sidecar(const struct placing *placing, const char *name)
{
    const struct placement *placement = placing->placement;
    int fd = open_to_compare(placing, name);
    int code;

    if (fd < 0)
        return fd == -ENOENT ? PLACE_TAKEN : fd;
    code = holds_data(fd, placement->sidecar_data, placement->sidecar_len);
    file_close(&fd);
    if (code < 0)
        return code;
    return code ? PLACE_OURS : PLACE_TAKEN;
}

int place_look_sidecar(const struct placing *placing)
{
    struct stat status;
    int found;

    if (placing->sidecar[0] == '\0')
        return PLACE_FREE;
    found = look(placing, placing->sidecar, &status);
    if (found != PLACE_TAKEN || !S_ISREG(status.st_mode) ||
        (size_t)status.st_size != placing->placement->sidecar_len)
        return found;
    return is_our_sidecar(placing, placing->sidecar);
}

static bool is_same_file(const struct stat *a, const struct stat *b)
{
    return a->st_ino != 0 && a->st_ino == b->st_ino && a->st_dev == b->st_dev;
}

static int compare_digest(int fd, const struct digest *wanted)
{
    struct digest digest;
    uint64_t size;
    int code = digest_of_fd(fd, &digest, &size);

    if (code < 0)
        return code;
    return memcmp(digest.bytes, wanted->bytes, sizeof digest.bytes) == 0;
}

int place_compare(const struct placing *placing, int fd, const struct stat *status)
{
    const struct digest *digest = placing->placement->digest;
    int same;

    if (placing->source_fd >= 0 ? status->st_size != placing->source.st_size : digest == NULL)
        return PLACE_TAKEN;
    if (placing->source_fd >= 0)
        same = file_same_bytes(placing->source_fd, fd);
    else
        same = compare_digest(fd, digest);
    if (same < 0)
        return same;
    return same ? PLACE_SAME : PLACE_TAKEN;
}

static int compare_document(const struct placing *placing, const struct stat *status)
{
    int fd;
    int found;

    if (placing->source_fd >= 0 && status->st_size != placing->source.st_size)
        return PLACE_TAKEN;
    fd = open_to_compare(placing, placing->name);
    if (fd < 0)
        return fd == -ENOENT ? PLACE_TAKEN : fd;
    found = place_compare(placing, fd, status);
    file_close(&fd);
    return found;
}

/* The source's own inode is ours when it has left work/; else somebody linked to it. */
int place_look_document(const struct placing *placing)
{
    struct stat status;
    int found = look(placing, placing->name, &status);

    if (found != PLACE_TAKEN || !S_ISREG(status.st_mode))
        return found;
    if (is_same_file(&status, &placing->source))
        return placing->in_work ? PLACE_SAME : PLACE_OURS;
    return compare_document(placing, &status);
}

/* Takes up a name from the folder if it is our sidecar's and its document is there. */
static int try_entry(struct placing *placing, const char *entry)
{
    size_t suffix_len = strlen(TEMPLATE_SIDECAR_SUFFIX);
    size_t len = strlen(entry);
    struct stat status;
    int found;

    if (len <= suffix_len || len > NAME_BYTES_MAX ||
        strcmp(entry + len - suffix_len, TEMPLATE_SIDECAR_SUFFIX) != 0)
        return PLACE_FREE;
    memcpy(placing->sidecar, entry, len + 1);
    memcpy(placing->name, entry, len - suffix_len);
    placing->name[len - suffix_len] = '\0';
    found = place_look_sidecar(placing);
    if (found != PLACE_OURS)
        return found < 0 ? found : PLACE_FREE;
    found = look(placing, placing->name, &status);
    return found == PLACE_TAKEN ? PLACE_OURS : found;
}

int place_find_sidecar(struct placing *placing)
{
    int fd = file_open_beneath(placing->folder_fd, ".", O_RDONLY | O_DIRECTORY, 0);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    struct dirent *entry;
    int found = PLACE_FREE;

    if (folder == NULL) {
        int code = fd < 0 ? fd : -errno;
        file_close(&fd);
        return code;
    }
    errno = 0;
    while (found == PLACE_FREE && (entry = readdir(folder)) != NULL) {
        found = try_entry(placing, entry->d_name);
        errno = 0;
    }
    if (found == PLACE_FREE)
        found = errno != 0 ? -errno : -ENOENT;
    closedir(folder);
    return found < 0 ? found : 0;
}

int place_keep(const struct placing *placing)
{
    int fd = file_open_beneath(placing->folder_fd, placing->name, LOOK_FLAGS, 0);
    int code;

    if (fd < 0)
        return fd;
    /* Whatever it says, it is the disk's trouble: the document is there, and no error of its path
     * may send it to the quarantine as well. */
    code = fdatasync(fd) < 0 ? -EIO : 0;
    file_close(&fd);
    return code;
}
