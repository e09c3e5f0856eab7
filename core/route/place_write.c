/* route/place: what is written into the archive: sidecars, and copies across file systems.
 *
 * Called by place.c. Both are written under a name of their own, which no document can have
 * (route/name), and are whole and durable before they are renamed. A sidecar in work/ is synced by
 * the caller, with the documents of a batch at once; one that has to be written in the archive is
 * synced here.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/xattr.h"
#include "route/place_part.h"

#define COPY_CHUNK ((size_t)64 << 10)
#define COPY_STEP  ((size_t)64 << 20)
#define MODE_BITS  07777

/* A new file; what an earlier try left under that name goes first. */
static int create(int folder_fd, const char *name)
{
    const int flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW;
    int fd = file_open_beneath(folder_fd, name, flags, 0600);

    if (fd != -EEXIST)
        return fd;
    if (unlinkat(folder_fd, name, 0) < 0 && errno != ENOENT)
        return -errno;
    return file_open_beneath(folder_fd, name, flags, 0600);
}

static int remove_file(int folder_fd, const char *name)
{
    return unlinkat(folder_fd, name, 0) == 0 || errno == ENOENT ? 0 : -errno;
}

static int set_mode(int fd, mode_t mode)
{
    if (fchmod(fd, mode & MODE_BITS) == 0 || errno == EPERM)
        return 0;
    return -errno;
}

/* The mode first: it may not be ours to change once the file is another's. *out_doing is set when
 * it is the owner that cannot be set. */
static int make_ours(const struct placement *placement, int fd, const char **out_doing)
{
    struct stat status;
    int code = 0;

    if (fstat(fd, &status) < 0)
        return -errno;
    if ((status.st_mode & MODE_BITS) != placement->file_mode)
        code = set_mode(fd, placement->file_mode);
    if (code < 0 || ((placement->uid == FILE_SAME_OWNER || placement->uid == status.st_uid) &&
                     (placement->gid == FILE_SAME_GROUP || placement->gid == status.st_gid)))
        return code;
    if (fchown(fd, placement->uid, placement->gid) == 0)
        return 0;
    *out_doing = "its owner cannot be set";
    return -errno;
}

int place_set_owner(struct placing *placing, int fd)
{
    return make_ours(placing->placement, fd, &placing->doing);
}

static int fill_sidecar(const struct placement *placement, int fd, const char **out_doing)
{
    int code = make_ours(placement, fd, out_doing);

    return code < 0 ? code : file_write_all(fd, placement->sidecar_data, placement->sidecar_len);
}

int place_stage_sidecar(const struct placement *placement, bool sync, uint64_t *out_syncs)
{
    char name[PLACE_OWN_NAME_SIZE];
    const char *doing = NULL; /* place_write_sidecar will say it */
    int failed = 0;

    snprintf(name, sizeof name, PLACE_STAGED_FORMAT, placement->id.text);
    int fd = create(placement->work_fd, name);
    if (fd < 0)
        return 0;
    int code = fill_sidecar(placement, fd, &doing);
    if (code == 0 && sync) {
        *out_syncs += 1;
        failed = fdatasync(fd) < 0 ? -errno : 0;
    }
    if (close(fd) < 0 || code < 0 || failed < 0)
        (void)remove_file(placement->work_fd, name);
    return failed;
}

int place_write_sidecar(struct placing *placing)
{
    int fd;
    int code;

    if (placing->has_temporary)
        return 0;
    fd = create(placing->folder_fd, placing->temporary);
    if (fd < 0)
        return fd;
    code = fill_sidecar(placing->placement, fd, &placing->doing);
    if (code == 0 && fdatasync(fd) < 0)
        code = -errno;
    /* Some file systems (NFS, quotas) tell only now that there was no room. */
    if (close(fd) < 0 && code == 0)
        code = -errno;
    placing->has_temporary = code == 0;
    return code;
}

/* Whether copy_file_range(2) says that this pair of files needs the ordinary way. */
static bool needs_plain_copy(int code)
{
    return code == EXDEV || code == EINVAL || code == ENOSYS || code == EOPNOTSUPP;
}

static int copy_plain(int from_fd, int to_fd, off_t offset)
{
    char chunk[COPY_CHUNK];

    for (;;) {
        ssize_t n = pread(from_fd, chunk, sizeof chunk, offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? -errno : 0;
        int code = file_write_all(to_fd, chunk, (size_t)n);
        if (code < 0)
            return code;
        offset += n;
    }
}

static int copy_bytes(int from_fd, int to_fd)
{
    off_t offset = 0;

    for (;;) {
        ssize_t n = copy_file_range(from_fd, &offset, to_fd, NULL, COPY_STEP, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && needs_plain_copy(errno))
            return copy_plain(from_fd, to_fd, offset);
        if (n < 0)
            return -errno;
        if (n == 0) /* the end; or a file system that copies nothing and says so: go and see */
            return copy_plain(from_fd, to_fd, offset);
    }
}

/* Compared as it came to the disk, as far as the kernel lets go of what it has cached. */
static int verify(int from_fd, int to_fd)
{
    int same;

    (void)posix_fadvise(to_fd, 0, 0, POSIX_FADV_DONTNEED);
    same = file_same_bytes(from_fd, to_fd);
    if (same < 0)
        return same;
    return same ? 0 : -EIO;
}

int place_set_origin(const struct placing *placing, int fd)
{
    const char *origin = placing->placement->origin;

    return origin != NULL ? xattr_set_origin(fd, origin) : 0;
}

static int fill_copy(struct placing *placing, int fd)
{
    const struct timespec times[2] = {placing->source.st_atim, placing->source.st_mtim};
    int code = copy_bytes(placing->source_fd, fd);

    if (code == 0)
        code = xattr_copy_user(placing->source_fd, fd);
    if (code == 0)
        code = place_set_origin(placing, fd);
    if (code == 0)
        code = place_set_owner(placing, fd);
    if (code == 0 && futimens(fd, times) < 0 && errno != EPERM)
        code = -errno;
    /* Never again on the same pages if it fails (fsync(2) tells only once): the copy goes. */
    if (code == 0 && fsync(fd) < 0)
        code = -errno;
    return code < 0 ? code : verify(placing->source_fd, fd);
}

int place_copy_document(struct placing *placing)
{
    int fd;
    int code;

    if (placing->has_part)
        return 0;
    fd = create(placing->folder_fd, placing->part);
    if (fd < 0)
        return fd;
    code = fill_copy(placing, fd);
    file_close(&fd);
    if (code == 0)
        placing->has_part = true;
    else
        (void)remove_file(placing->folder_fd, placing->part);
    return code;
}

void place_remove_temporaries(struct placing *placing)
{
    if (placing->base_sidecar[0] != '\0') {
        (void)remove_file(placing->folder_fd, placing->temporary);
        (void)remove_file(placing->placement->work_fd, placing->staged);
    }
    (void)remove_file(placing->folder_fd, placing->part);
    placing->has_temporary = false;
    placing->has_part = false;
}
