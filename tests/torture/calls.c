/* torture/calls: stands in front of the C library's functions that change the disk.
 *
 * Loaded into taxond by LD_PRELOAD, in front of everything that taxond, SQLite and libuv call.
 * Each makes the system call itself, through the gate. What the C library calls within itself
 * (dprintf's write) is not seen; neither are SQLite's stores into its shared memory, which a
 * restart makes anew. Functions that only read are here to be made to fail.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "gate.h"

#define ARGUMENTS(...) ((const long[6]){__VA_ARGS__})
#define OF_FILE(n, fd)                                                                             \
    (&(const struct call){.name = (n), .changes = true, .dir_fd = (fd), .len_index = -1})
#define OF_DATA(n, fd, i)                                                                          \
    (&(const struct call){.name = (n), .changes = true, .dir_fd = (fd), .len_index = (i)})
#define OF_READ(n, fd, i) (&(const struct call){.name = (n), .dir_fd = (fd), .len_index = (i)})
#define OF_PATH(n, fd, p)                                                                          \
    (&(const struct call){                                                                         \
        .name = (n), .changes = true, .dir_fd = (fd), .path = (p), .len_index = -1})

/* --- opening */

static long open_any(int dir_fd, const char *path, int flags, mode_t mode)
{
    bool makes = (flags & (O_CREAT | O_TRUNC)) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
    const struct call call = {.name = makes ? "create" : "open",
                              .changes = makes,
                              .dir_fd = dir_fd,
                              .path = path,
                              .len_index = -1};

    return gate_call(&call, SYS_openat, ARGUMENTS(dir_fd, (long)path, flags, (long)mode));
}

#define MODE_ARGUMENT(flags)                                                                       \
    mode_t mode = 0;                                                                               \
    if (((flags)&O_CREAT) != 0 || ((flags)&O_TMPFILE) == O_TMPFILE) {                              \
        va_list rest;                                                                              \
        va_start(rest, flags);                                                                     \
        mode = va_arg(rest, mode_t);                                                               \
        va_end(rest);                                                                              \
    }

int open(const char *path, int flags, ...)
{
    MODE_ARGUMENT(flags)
    return (int)open_any(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    MODE_ARGUMENT(flags)
    return (int)open_any(AT_FDCWD, path, flags, mode);
}

int openat(int dir_fd, const char *path, int flags, ...)
{
    MODE_ARGUMENT(flags)
    return (int)open_any(dir_fd, path, flags, mode);
}

int openat64(int dir_fd, const char *path, int flags, ...)
{
    MODE_ARGUMENT(flags)
    return (int)open_any(dir_fd, path, flags, mode);
}

/* --- data */

ssize_t write(int fd, const void *data, size_t len)
{
    return gate_call(OF_DATA("write", fd, 2), SYS_write, ARGUMENTS(fd, (long)data, (long)len));
}

ssize_t pwrite64(int fd, const void *data, size_t len, off64_t offset)
{
    return gate_call(OF_DATA("pwrite", fd, 2), SYS_pwrite64,
                     ARGUMENTS(fd, (long)data, (long)len, offset));
}

ssize_t pwrite(int fd, const void *data, size_t len, off_t offset)
{
    return pwrite64(fd, data, len, offset);
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    return gate_call(OF_DATA("writev", fd, 2), SYS_writev, ARGUMENTS(fd, (long)parts, count));
}

ssize_t copy_file_range(int from, off64_t *from_offset, int to, off64_t *to_offset, size_t len,
                        unsigned flags)
{
    return gate_call(OF_DATA("copy_file_range", to, 4), SYS_copy_file_range,
                     ARGUMENTS(from, (long)from_offset, to, (long)to_offset, (long)len,
                               (long)flags));
}

ssize_t sendfile64(int to, int from, off64_t *offset, size_t len)
{
    return gate_call(OF_DATA("sendfile", to, 3), SYS_sendfile,
                     ARGUMENTS(to, from, (long)offset, (long)len));
}

int ftruncate64(int fd, off64_t len)
{
    return (int)gate_call(OF_FILE("ftruncate", fd), SYS_ftruncate, ARGUMENTS(fd, len));
}

int ftruncate(int fd, off_t len)
{
    return ftruncate64(fd, len);
}

int truncate64(const char *path, off64_t len)
{
    return (int)gate_call(OF_PATH("truncate", AT_FDCWD, path), SYS_truncate,
                          ARGUMENTS((long)path, len));
}

int fallocate64(int fd, int mode, off64_t offset, off64_t len)
{
    return (int)gate_call(OF_FILE("fallocate", fd), SYS_fallocate,
                          ARGUMENTS(fd, mode, offset, len));
}

/* --- syncs */

int fsync(int fd)
{
    return (int)gate_call(OF_FILE("fsync", fd), SYS_fsync, ARGUMENTS(fd));
}

int fdatasync(int fd)
{
    return (int)gate_call(OF_FILE("fdatasync", fd), SYS_fdatasync, ARGUMENTS(fd));
}

int syncfs(int fd)
{
    return (int)gate_call(OF_FILE("syncfs", fd), SYS_syncfs, ARGUMENTS(fd));
}

int sync_file_range(int fd, off64_t offset, off64_t len, unsigned flags)
{
    return (int)gate_call(OF_FILE("sync_file_range", fd), SYS_sync_file_range,
                          ARGUMENTS(fd, offset, len, (long)flags));
}

/* --- names */

int renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
    return (int)gate_call(OF_PATH("rename", to_dir, to), SYS_renameat2,
                          ARGUMENTS(from_dir, (long)from, to_dir, (long)to, (long)flags));
}

int renameat(int from_dir, const char *from, int to_dir, const char *to)
{
    return renameat2(from_dir, from, to_dir, to, 0);
}

int rename(const char *from, const char *to)
{
    return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int linkat(int from_dir, const char *from, int to_dir, const char *to, int flags)
{
    return (int)gate_call(OF_PATH("link", to_dir, to), SYS_linkat,
                          ARGUMENTS(from_dir, (long)from, to_dir, (long)to, flags));
}

int link(const char *from, const char *to)
{
    return linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int unlinkat(int dir_fd, const char *path, int flags)
{
    return (int)gate_call(OF_PATH("unlink", dir_fd, path), SYS_unlinkat,
                          ARGUMENTS(dir_fd, (long)path, flags));
}

int unlink(const char *path)
{
    return unlinkat(AT_FDCWD, path, 0);
}

int rmdir(const char *path)
{
    return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

int mkdirat(int dir_fd, const char *path, mode_t mode)
{
    return (int)gate_call(OF_PATH("mkdir", dir_fd, path), SYS_mkdirat,
                          ARGUMENTS(dir_fd, (long)path, (long)mode));
}

int mkdir(const char *path, mode_t mode)
{
    return mkdirat(AT_FDCWD, path, mode);
}

/* A socket is made as a file, too. */
int bind(int fd, const struct sockaddr *address, socklen_t len)
{
    const char *path = address->sa_family == AF_UNIX
                           ? ((const struct sockaddr_un *)(const void *)address)->sun_path
                           : "";

    return (int)gate_call(OF_PATH("bind", AT_FDCWD, path), SYS_bind,
                          ARGUMENTS(fd, (long)address, (long)len));
}

/* --- what is known of files */

int fchmod(int fd, mode_t mode)
{
    return (int)gate_call(OF_FILE("fchmod", fd), SYS_fchmod, ARGUMENTS(fd, (long)mode));
}

int chmod(const char *path, mode_t mode)
{
    return (int)gate_call(OF_PATH("chmod", AT_FDCWD, path), SYS_fchmodat,
                          ARGUMENTS(AT_FDCWD, (long)path, (long)mode));
}

int futimens(int fd, const struct timespec times[2])
{
    return (int)gate_call(OF_FILE("futimens", fd), SYS_utimensat, ARGUMENTS(fd, 0, (long)times, 0));
}

int fsetxattr(int fd, const char *name, const void *value, size_t size, int flags)
{
    return (int)gate_call(OF_FILE("fsetxattr", fd), SYS_fsetxattr,
                          ARGUMENTS(fd, (long)name, (long)value, (long)size, flags));
}

int fchown(int fd, uid_t owner, gid_t group)
{
    return (int)gate_call(OF_FILE("fchown", fd), SYS_fchown, ARGUMENTS(fd, owner, group));
}

/* --- reading */

ssize_t read(int fd, void *data, size_t len)
{
    return gate_call(OF_READ("read", fd, 2), SYS_read, ARGUMENTS(fd, (long)data, (long)len));
}

ssize_t pread64(int fd, void *data, size_t len, off64_t offset)
{
    return gate_call(OF_READ("pread", fd, 2), SYS_pread64,
                     ARGUMENTS(fd, (long)data, (long)len, offset));
}

ssize_t pread(int fd, void *data, size_t len, off_t offset)
{
    return pread64(fd, data, len, offset);
}

void *mmap64(void *address, size_t len, int protection, int flags, int fd, off64_t offset)
{
    const long arguments[6] = {(long)address, (long)len, protection, flags, fd, offset};

    if ((flags & MAP_ANONYMOUS) != 0)
        return (void *)gate_real(SYS_mmap, arguments[0], arguments[1], arguments[2], arguments[3],
                                 arguments[4], arguments[5]);
    return (void *)gate_call(OF_READ("mmap", fd, -1), SYS_mmap, arguments);
}

/* --- and all of them by number */

static const struct {
    long number;
    const char *name;
    int fd_index;
    int path_index; /* -1: none */
} by_number[] = {
    {SYS_write, "write", 0, -1},
    {SYS_pwrite64, "pwrite", 0, -1},
    {SYS_fsync, "fsync", 0, -1},
    {SYS_fdatasync, "fdatasync", 0, -1},
    {SYS_syncfs, "syncfs", 0, -1},
    {SYS_ftruncate, "ftruncate", 0, -1},
    {SYS_renameat2, "rename", 2, 3},
    {SYS_unlinkat, "unlink", 0, 1},
    {SYS_mkdirat, "mkdir", 0, 1},
    {SYS_linkat, "link", 2, 3},
    {SYS_copy_file_range, "copy_file_range", 2, -1},
    {SYS_fchmodat, "chmod", 0, 1},
    {SYS_utimensat, "utimens", 0, 1},
};

static long openat2_call(const long a[6])
{
    const struct open_how *how = (const struct open_how *)a[2];
    bool makes = (how->flags & (O_CREAT | O_TRUNC)) != 0 || (how->flags & O_TMPFILE) == O_TMPFILE;
    const struct call call = {.name = makes ? "create" : "open",
                              .changes = makes,
                              .dir_fd = (int)a[0],
                              .path = (const char *)a[1],
                              .len_index = -1};

    return gate_call(&call, SYS_openat2, a);
}

long syscall(long number, ...)
{
    long a[6];
    va_list rest;

    va_start(rest, number);
    for (int i = 0; i < 6; i++)
        a[i] = va_arg(rest, long);
    va_end(rest);
    if (number == SYS_openat2)
        return openat2_call(a);
    for (size_t i = 0; i < sizeof(by_number) / sizeof(by_number[0]); i++)
        if (by_number[i].number == number) {
            const struct call call = {
                .name = by_number[i].name,
                .changes = true,
                .dir_fd = (int)a[by_number[i].fd_index],
                .path =
                    by_number[i].path_index < 0 ? NULL : (const char *)a[by_number[i].path_index],
                .len_index = -1,
            };

            return gate_call(&call, number, a);
        }
    return gate_real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
