/* base/file: files and folders, by descriptor.
 *
 * Called by everything that reads, writes, moves or makes files. What stays below a root (inbox,
 * archive) is in file_beneath.c. It does not sync: when data has to be durable is the batch's
 * decision.
 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define SLURP_STEP    ((size_t)64 << 10)
#define COMPARE_CHUNK ((size_t)32 << 10)

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U /* Linux 6.3; not in glibc 2.36 */
#endif

void file_close(int *fd)
{
    int saved_errno = errno;

    if (*fd >= 0)
        close(*fd); /* not again on EINTR: Linux has freed the number already (close(2)) */
    *fd = -1;
    errno = saved_errno;
}

int file_write_all(int fd, const void *data, size_t len)
{
    const char *from = data;

    while (len > 0) {
        ssize_t n = write(fd, from, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? -errno : -EIO;
        from += n;
        len -= (size_t)n;
    }
    return 0;
}

/* Reads until `len` bytes are there or the file ends; returns how many, or negative errno. */
static ssize_t pread_until_end(int fd, void *data, size_t len, off_t offset)
{
    size_t have = 0;

    while (have < len) {
        ssize_t n = pread(fd, (char *)data + have, len - have, offset + (off_t)have);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        if (n == 0)
            break;
        have += (size_t)n;
    }
    return (ssize_t)have;
}

int file_pread_all(int fd, void *data, size_t len, off_t offset)
{
    ssize_t n = pread_until_end(fd, data, len, offset);

    if (n < 0)
        return (int)n;
    return (size_t)n == len ? 0 : -EIO;
}

/* Files are read from their beginning; pipes and sockets, which have none, from where they are. */
static ssize_t read_some(int fd, void *data, size_t len, size_t offset)
{
    ssize_t n;

    do {
        n = pread(fd, data, len, (off_t)offset);
        if (n < 0 && errno == ESPIPE)
            n = read(fd, data, len);
    } while (n < 0 && errno == EINTR);
    return n < 0 ? -errno : n;
}

/* The size that fstat tells is a hint only: files grow, and those of /proc say 0. */
static size_t size_hint(int fd, size_t limit)
{
    struct stat status;

    if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode) || status.st_size <= 0)
        return SLURP_STEP;
    return (uintmax_t)status.st_size < limit ? (size_t)status.st_size : limit;
}

static int slurp(int fd, size_t limit, struct strbuf *text)
{
    size_t have = 0;
    size_t step = size_hint(fd, limit);

    for (;;) {
        /* One byte past the end, or past the limit, tells that nothing, or too much, follows. */
        size_t want = step < limit - have ? step + 1 : limit - have + 1;
        char *to = strbuf_reserve(text, want);
        if (to == NULL)
            return -ENOMEM;
        ssize_t n = read_some(fd, to, want, have);
        if (n <= 0)
            return (int)n;
        if ((size_t)n > limit - have)
            return -EFBIG;
        strbuf_added(text, (size_t)n);
        have += (size_t)n;
        /* Mostly the hint was right, and the byte that is left over is enough to see the end. */
        step = (size_t)n < want ? want - (size_t)n - 1 : SLURP_STEP;
    }
}

int file_slurp(int fd, size_t limit, struct strbuf *out_text)
{
    size_t len_before = out_text->len;
    int code = slurp(fd, limit, out_text);

    if (code < 0 && out_text->data != NULL) {
        out_text->len = len_before;
        out_text->data[len_before] = '\0';
    }
    return code;
}

int file_slurp_path(const char *path, size_t limit, struct strbuf *out_text)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

    if (fd < 0)
        return -errno;
    int code = file_slurp(fd, limit, out_text);
    file_close(&fd);
    return code;
}

static bool is_folder(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* Whatever mkdir says (EEXIST, EROFS, EACCES on a mount point): a folder that is there will do. */
static int make_one(const char *path, mode_t mode)
{
    if (mkdir(path, mode) == 0)
        return 0;
    int code = errno == EEXIST ? -ENOTDIR : -errno;
    return is_folder(path) ? 0 : code;
}

int file_mkdirs(const char *path, mode_t mode)
{
    char prefix[PATH_MAX];
    size_t len = strlen(path);
    int code = 0;

    if (len == 0)
        return -ENOENT;
    if (len >= sizeof prefix)
        return -ENAMETOOLONG;
    for (size_t end = 1; end <= len && code == 0; end++) {
        if (path[end] != '/' && path[end] != '\0')
            continue;
        memcpy(prefix, path, end);
        prefix[end] = '\0';
        code = make_one(prefix, mode);
    }
    return code;
}

int file_rename_noreplace(int from_dir, const char *from, int to_dir, const char *to)
{
    return renameat2(from_dir, from, to_dir, to, RENAME_NOREPLACE) == 0 ? 0 : -errno;
}

/* MFD_NOEXEC_SEAL where the kernel has it: with vm.memfd_noexec=2 nothing else is allowed. */
static int new_memfd(const char *name)
{
    const unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
    int fd = memfd_create(name, flags | MFD_NOEXEC_SEAL);

    if (fd < 0 && errno == EINVAL)
        fd = memfd_create(name, flags);
    return fd < 0 ? -errno : fd;
}

static int fill_and_seal(int fd, const void *data, size_t len)
{
    int code = file_write_all(fd, data, len);

    if (code < 0)
        return code;
    if (lseek(fd, 0, SEEK_SET) < 0) /* for a receiver that uses read(2) */
        return -errno;
    if (fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) < 0)
        return -errno;
    return 0;
}

int file_sealed_copy(const char *name, const void *data, size_t len)
{
    int fd = new_memfd(name);

    if (fd < 0)
        return fd;
    int code = fill_and_seal(fd, data, len);
    if (code < 0) {
        file_close(&fd);
        return code;
    }
    return fd;
}

int file_same_bytes(int a_fd, int b_fd)
{
    char a_chunk[COMPARE_CHUNK];
    char b_chunk[COMPARE_CHUNK];
    off_t offset = 0;

    for (;;) {
        ssize_t a_len = pread_until_end(a_fd, a_chunk, sizeof a_chunk, offset);
        ssize_t b_len = pread_until_end(b_fd, b_chunk, sizeof b_chunk, offset);
        if (a_len < 0 || b_len < 0)
            return (int)(a_len < 0 ? a_len : b_len);
        if (a_len != b_len || memcmp(a_chunk, b_chunk, (size_t)a_len) != 0)
            return 0;
        if ((size_t)a_len < sizeof a_chunk)
            return 1;
        offset += a_len;
    }
}
