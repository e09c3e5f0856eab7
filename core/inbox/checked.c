/* inbox/checked: opens a regular file and holds it against its claim.
 *
 * Used by claim and copy. The name is looked at before it is opened, because opening a FIFO or a
 * device does something to it; and the descriptor after, because only that cannot be swapped.
 */
#include "inbox/checked.h"

#include <errno.h>
#include <fcntl.h>

#include "base/file.h"
#include "inbox/identity.h"

#define OPEN_FLAGS (O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)

int checked_open(int dir_fd, const char *name, struct stat *out_status)
{
    if (fstatat(dir_fd, name, out_status, AT_SYMLINK_NOFOLLOW) < 0)
        return -errno;
    if (!S_ISREG(out_status->st_mode))
        return -EINVAL;
    int fd = openat(dir_fd, name, OPEN_FLAGS);
    if (fd < 0) /* ELOOP, ENXIO: a link or a socket by now */
        return errno == ELOOP || errno == ENXIO ? -EINVAL : -errno;
    int code = fstat(fd, out_status) < 0 ? -errno : S_ISREG(out_status->st_mode) ? 0 : -EINVAL;
    if (code < 0) {
        file_close(&fd);
        return code;
    }
    return fd;
}

bool checked_is_claimed(const struct stat *status, const struct claim *claim)
{
    struct identity now;
    struct identity then = {
        .device = claim->device,
        .inode = claim->inode,
        .size = claim->size,
        .mtime_ns = claim->mtime_ns,
    };

    identity_of(status, &now);
    return S_ISREG(status->st_mode) && identity_matches(&now, &then);
}

bool checked_name_is_claimed(int dir_fd, const char *name, const struct claim *claim)
{
    struct stat status;

    return fstatat(dir_fd, name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
           checked_is_claimed(&status, claim);
}
