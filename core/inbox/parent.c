/* inbox/parent: opens the folder of a path.
 *
 * Everything that touches a file of the inbox by its path goes through here first and then works on
 * the name in that folder alone, so whoever swaps a folder for a symbolic link gains nothing.
 */
#include "inbox/parent.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>

#include "base/file.h"

static int open_folder(int root_fd, const char *path, size_t len)
{
    char folder[PATH_MAX];

    if (len == 0) {
        int fd = fcntl(root_fd, F_DUPFD_CLOEXEC, 0);
        return fd < 0 ? -errno : fd;
    }
    if (len >= sizeof folder)
        return -ENAMETOOLONG;
    memcpy(folder, path, len);
    folder[len] = '\0';
    return file_open_beneath(root_fd, folder, O_RDONLY | O_DIRECTORY, 0);
}

int parent_open(int root_fd, const char *path, const char **out_name)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;

    if (path[0] == '/')
        return -ESTALE; /* no path that was ever given out: openat2 would say EXDEV for most */
    if (name[0] == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return -EINVAL;
    int fd = open_folder(root_fd, path, slash != NULL ? (size_t)(slash - path) : 0);
    if (fd == -ENOTDIR)
        return -ENOENT;
    if (fd == -ELOOP || fd == -EXDEV)
        return -ESTALE;
    if (fd >= 0)
        *out_name = name;
    return fd;
}
