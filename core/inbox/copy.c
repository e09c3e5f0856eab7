/* inbox/copy: takes a file by copying it, then removes the inbox's name.
 *
 * For claim alone. A file with other links is not ours alone even in our own folder, and one on a
 * mount below the inbox cannot be renamed. The order lets a crash at any point lose nothing:
 *
 *     work/ID.part        being written; removed at the next start, the source is in the inbox
 *     work/ID             complete and durable; the source is removed by copy_finish
 *
 * To remove a name is to remove whatever bears it at that moment, maybe something newer. So it is
 * first renamed aside, to a name that only we use, looked at there, and then removed or put back.
 */
#include "inbox/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/xattr.h"
#include "inbox/checked.h"
#include "inbox/lease.h"
#include "inbox/move.h"
#include "inbox/parent.h"

#define COPY_CHUNK ((size_t)64 << 10)
#define NAME_SIZE  (ID_TEXT_SIZE + 16)

/* Where a source is set aside: in work/, or in its own folder when that is another file system. */
struct aside {
    int dir_fd;
    char name[NAME_SIZE];
};

static void aside_in_work(const struct inbox *inbox, const struct id *id, struct aside *out_aside)
{
    out_aside->dir_fd = inbox->work_fd;
    snprintf(out_aside->name, sizeof out_aside->name, "%s.source", id->text);
}

static void aside_in_parent(int parent_fd, const struct id *id, struct aside *out_aside)
{
    out_aside->dir_fd = parent_fd;
    snprintf(out_aside->name, sizeof out_aside->name, INBOX_PRIVATE_NAME "-%s", id->text);
}

/* Should the name be taken by now, it gets the id as its name, in sight of the next scan. */
static int put_back(const struct aside *aside, int parent_fd, const char *name, const struct id *id)
{
    int code = move_out(aside->dir_fd, aside->name, parent_fd, name);

    return code == -EEXIST ? move_out(aside->dir_fd, aside->name, parent_fd, id->text) : code;
}

static int set_aside(const struct inbox *inbox, int parent_fd, const char *name,
                     const struct id *id, struct aside *out_aside)
{
    aside_in_work(inbox, id, out_aside);
    int code = move_in(parent_fd, name, out_aside->dir_fd, out_aside->name);
    if (code != -EXDEV)
        return code;
    aside_in_parent(parent_fd, id, out_aside);
    return move_in(parent_fd, name, out_aside->dir_fd, out_aside->name);
}

/* Removes `name` if it is the claimed file: 0. Otherwise it stays: -ESTALE it is another one,
 * -ENOENT, other negative errno. */
static int remove_source(const struct inbox *inbox, int parent_fd, const char *name,
                         const struct claim *claim, const struct id *id)
{
    struct aside aside;
    int code = set_aside(inbox, parent_fd, name, id, &aside);

    if (code < 0)
        return code;
    if (!checked_name_is_claimed(aside.dir_fd, aside.name, claim))
        code = -ESTALE;
    else if (unlinkat(aside.dir_fd, aside.name, 0) < 0)
        code = -errno;
    if (code < 0) {
        int back_code = put_back(&aside, parent_fd, name, id);
        return back_code < 0 ? back_code : code;
    }
    /* So that the name does not come back after a power cut, to be filed a second time. If it fails
     * the document is in work/ all the same. */
    (void)fsync(parent_fd);
    return 0;
}

static int copy_bytes(int from_fd, int to_fd, uint64_t size)
{
    char chunk[COPY_CHUNK];
    uint64_t offset = 0;

    while (offset < size) {
        size_t len = size - offset < sizeof chunk ? (size_t)(size - offset) : sizeof chunk;
        int code = file_pread_all(from_fd, chunk, len, (off_t)offset);
        if (code == 0)
            code = file_write_all(to_fd, chunk, len);
        if (code < 0)
            return code;
        offset += len;
    }
    return 0;
}

/* Bytes, attributes of origin and times, durable. -ESTALE when the source was changed meanwhile or
 * is being written. */
static int fill(int part_fd, int source_fd, const struct claim *claim)
{
    struct stat status;
    int code = copy_bytes(source_fd, part_fd, claim->size);

    if (fstat(source_fd, &status) < 0)
        return -errno;
    if (!checked_is_claimed(&status, claim) || lease_probe(source_fd) == LEASE_WRITER)
        return -ESTALE; /* also when the copy failed: it may have been cut short */
    if (code < 0)
        return code;
    code = xattr_copy_user(source_fd, part_fd);
    if (code < 0)
        return code;
    const struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, status.st_mtim};
    if (futimens(part_fd, times) < 0 || fsync(part_fd) < 0)
        return -errno;
    return 0;
}

static int make_copy(const struct inbox *inbox, int source_fd, const struct claim *claim,
                     const struct id *id)
{
    char part[NAME_SIZE];

    snprintf(part, sizeof part, "%s.part", id->text);
    int part_fd =
        openat(inbox->work_fd, part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (part_fd < 0)
        return -errno;
    int code = fill(part_fd, source_fd, claim);
    file_close(&part_fd);
    if (code == 0)
        code = move_in(inbox->work_fd, part, inbox->work_fd, id->text);
    if (code < 0) {
        (void)unlinkat(inbox->work_fd, part, 0);
        return code;
    }
    return 0;
}

int copy_take(struct inbox *inbox, int parent_fd, const char *name, int source_fd,
              const struct claim *claim, const struct id *id, struct claimed *out_claimed)
{
    int code = make_copy(inbox, source_fd, claim, id);

    if (code < 0)
        return code;
    if (fsync(inbox->work_fd) < 0)
        code = -errno;
    /* Opened while the source is still there: a copy that nobody holds would wait for the next
     * start. */
    if (code == 0)
        code = claim_open(inbox, id, out_claimed);
    if (code == 0) {
        code = remove_source(inbox, parent_fd, name, claim, id);
        if (code < 0)
            file_close(&out_claimed->fd);
    }
    if (code < 0)
        (void)unlinkat(inbox->work_fd, id->text, 0);
    return code;
}

/* Whether `name` is the claimed file and the copy holds its bytes: 1, 0 or negative errno. */
static int is_copied(int dir_fd, const char *name, int copy_fd, const struct claim *claim)
{
    struct stat status;
    int fd = checked_open(dir_fd, name, &status);

    if (fd < 0)
        return fd == -ENOENT || fd == -EINVAL ? 0 : fd;
    int code = checked_is_claimed(&status, claim) ? file_same_bytes(fd, copy_fd) : 0;
    file_close(&fd);
    return code;
}

/* A crash left the source set aside: remove it, or put it back if it is something else. */
static int finish_aside(const struct aside *aside, int parent_fd, const char *name, int copy_fd,
                        const struct claim *claim, const struct id *id)
{
    if (faccessat(aside->dir_fd, aside->name, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
        return errno == ENOENT ? 0 : -errno;
    int code = is_copied(aside->dir_fd, aside->name, copy_fd, claim);
    if (code == 0)
        return put_back(aside, parent_fd, name, id);
    if (code == 1 && unlinkat(aside->dir_fd, aside->name, 0) < 0)
        return -errno;
    return code < 0 ? code : 0;
}

/* File systems may have other device numbers after a restart of the machine. What is the claimed
 * file in all else is so still: its bytes are compared as well. */
static struct claim renumbered(const struct claim *claim, int dir_fd, const char *name)
{
    struct claim now = *claim;
    struct stat status;

    if (fstatat(dir_fd, name, &status, AT_SYMLINK_NOFOLLOW) == 0)
        now.device = (uint64_t)status.st_dev;
    return now;
}

static int finish_in(const struct inbox *inbox, int parent_fd, const char *name, int copy_fd,
                     const struct claim *claim, const struct id *id)
{
    struct aside aside;
    struct claim now;

    aside_in_work(inbox, id, &aside);
    now = renumbered(claim, aside.dir_fd, aside.name);
    int code = finish_aside(&aside, parent_fd, name, copy_fd, &now, id);
    if (code < 0)
        return code;
    aside_in_parent(parent_fd, id, &aside);
    now = renumbered(claim, aside.dir_fd, aside.name);
    code = finish_aside(&aside, parent_fd, name, copy_fd, &now, id);
    if (code < 0)
        return code;
    now = renumbered(claim, parent_fd, name);
    code = is_copied(parent_fd, name, copy_fd, &now);
    if (code != 1)
        return code;
    code = remove_source(inbox, parent_fd, name, &now, id);
    return code == -ESTALE || code == -ENOENT ? 0 : code;
}

int copy_finish(const struct inbox *inbox, int copy_fd, const struct claim *claim,
                const struct id *id)
{
    const char *name;
    int parent_fd = parent_open(inbox->root_fd, claim->path, &name);

    if (parent_fd == -ENOENT || parent_fd == -ESTALE)
        return 0; /* the folder is gone, and the source with it */
    if (parent_fd < 0)
        return parent_fd;
    int code = finish_in(inbox, parent_fd, name, copy_fd, claim, id);
    file_close(&parent_fd);
    return code;
}
