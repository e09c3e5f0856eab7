/* line/state_lock: the lock that keeps a second taxond, and whoever changes the catalog by hand,
 * away from a state folder.
 *
 * Called at the start of the daemon and by `taxon catalog`. flock(2): it ends with the process.
 */
#include "line/state_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

/* Catalog and control socket are nobody else's business. */
static int check_state_folder(const char *folder, struct err *err)
{
    struct stat status;

    if (stat(folder, &status) < 0)
        return err_set(err, -errno, "%s: %s", folder, strerror(errno));
    if (status.st_uid != geteuid())
        return err_set(err, -EPERM, "the state folder %s is not ours: it is owned by user %u",
                       folder, (unsigned)status.st_uid);
    if ((status.st_mode & 077) != 0)
        return err_set(err, -EPERM,
                       "the state folder %s is open to others (mode %04o): chmod 700 %s", folder,
                       (unsigned)(status.st_mode & 07777), folder);
    return 0;
}

int state_lock(const char *folder, int *out_fd, struct err *err)
{
    char path[PATH_MAX];
    int result = check_state_folder(folder, err);
    int fd;

    if (result < 0)
        return result;
    if ((size_t)snprintf(path, sizeof(path), "%s/lock", folder) >= sizeof(path))
        return err_set(err, -ENAMETOOLONG, "%s: name too long", folder);
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return err_set(err, -errno, "%s: %s", path, strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        file_close(&fd);
        return err_set(err, -EBUSY,
                       "another taxond uses the state folder %s (or 'taxon catalog' mends it)",
                       folder);
    }
    *out_fd = fd;
    return 0;
}
