#include "faults.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/digest.h"
#include "base/file.h"

struct faults faults = {.work_fd = -1};

static bool fails(const char *name)
{
    faults.count++;
    if (faults.fail_at == 0 || faults.count < faults.fail_at ||
        (faults.count > faults.fail_at && !faults.dead))
        return false;
    faults.last = faults.count == faults.fail_at ? name : faults.last;
    errno = faults.error;
    return true;
}

/* TYPE NAME(PARAMETERS), called with ARGUMENTS; `failed` is its result when it fails. */
#define WRAP(type, name, failed, parameters, arguments)                                            \
    type __real_##name parameters;                                                                 \
    type __wrap_##name parameters;                                                                 \
    type __wrap_##name parameters                                                                  \
    {                                                                                              \
        if (fails(#name))                                                                          \
            return failed;                                                                         \
        return __real_##name arguments;                                                            \
    }

WRAP(int, file_open_beneath, -faults.error, (int dir, const char *path, int flags, mode_t mode),
     (dir, path, flags, mode))
WRAP(int, file_mkdirs_owned, -faults.error,
     (int dir, const char *path, const struct file_owner *owner, bool *made),
     (dir, path, owner, made))
WRAP(int, file_pread_all, -faults.error, (int fd, void *data, size_t len, off_t offset),
     (fd, data, len, offset))
WRAP(int, digest_of_fd, -faults.error, (int fd, struct digest *digest, uint64_t *size),
     (fd, digest, size))
WRAP(int, fstat64, -1, (int fd, struct stat *status), (fd, status))
WRAP(int, fstatat64, -1, (int dir, const char *path, struct stat *status, int flags),
     (dir, path, status, flags))
WRAP(int, fchmod, -1, (int fd, mode_t mode), (fd, mode))
WRAP(int, fchown, -1, (int fd, uid_t uid, gid_t gid), (fd, uid, gid))
WRAP(int, xattr_copy_user, -faults.error, (int from, int to), (from, to))
WRAP(int, xattr_set_origin, -faults.error, (int fd, const char *url), (fd, url))
WRAP(int, file_slurp, -faults.error, (int fd, size_t limit, struct strbuf *text), (fd, limit, text))
WRAP(int, linkat, -1, (int from_dir, const char *from, int to_dir, const char *to, int flags),
     (from_dir, from, to_dir, to, flags))
WRAP(int, symlinkat, -1, (const char *to, int dir, const char *path), (to, dir, path))
WRAP(int, renameat, -1, (int from_dir, const char *from, int to_dir, const char *to),
     (from_dir, from, to_dir, to))
WRAP(int, futimens, -1, (int fd, const struct timespec times[2]), (fd, times))
WRAP(int, unlinkat, -1, (int dir, const char *path, int flags), (dir, path, flags))
WRAP(ssize_t, copy_file_range, -1,
     (int from, off_t *from_offset, int to, off_t *to_offset, size_t len, unsigned flags),
     (from, from_offset, to, to_offset, len, flags))

int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __wrap_fsync(int fd)
{
    if (fails("fsync"))
        return -1;
    faults.syncs++;
    return __real_fsync(fd);
}

int __real_fdatasync(int fd);
int __wrap_fdatasync(int fd);
int __wrap_fdatasync(int fd)
{
    if (fails("fdatasync"))
        return -1;
    faults.syncs++;
    return __real_fdatasync(fd);
}

int __real_file_same_bytes(int a, int b);
int __wrap_file_same_bytes(int a, int b);
int __wrap_file_same_bytes(int a, int b)
{
    bool differ = faults.differ;

    faults.differ = false;
    if (fails("file_same_bytes"))
        return -faults.error;
    return differ ? 0 : __real_file_same_bytes(a, b);
}

/* What is written before the failure stays: half a file. */
int __real_file_write_all(int fd, const void *data, size_t len);
int __wrap_file_write_all(int fd, const void *data, size_t len);
int __wrap_file_write_all(int fd, const void *data, size_t len)
{
    if (!fails("file_write_all"))
        return __real_file_write_all(fd, data, len);
    if (faults.count == faults.fail_at)
        (void)!__real_file_write_all(fd, data, len / 2);
    return -faults.error;
}

int __real_file_rename_noreplace(int from_dir, const char *from, int to_dir, const char *to);
int __wrap_file_rename_noreplace(int from_dir, const char *from, int to_dir, const char *to);
int __wrap_file_rename_noreplace(int from_dir, const char *from, int to_dir, const char *to)
{
    if (fails("file_rename_noreplace"))
        return -faults.error;
    if (faults.before_rename != NULL)
        faults.before_rename(to);
    if (from_dir == faults.work_fd)
        return -EXDEV;
    return __real_file_rename_noreplace(from_dir, from, to_dir, to);
}
