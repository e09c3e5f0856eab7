/* base/file_beneath: files and folders below a root (inbox, archive) and nowhere else.
 *
 * Called by whatever works on paths that others have had a hand in. No symbolic link is ever
 * followed, whoever swaps what meanwhile: the kernel checks (openat2(2)). Where there is no openat2
 * (before Linux 5.6; a filter that a service manager or a container puts around us, which says
 * ENOSYS or EPERM) each folder of the path is opened by itself, its own name only and no link,
 * which is the same promise at the price of a call or two for each. Nothing remembers which way it
 * was: an EPERM that is the file's own is met again on the second way.
 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define RETRIES_MAX 64 /* openat2 says EAGAIN while somebody renames; a storm must not hold us */

/* Takes the next component, if any, off *path into `out_name`. 1: taken; 0: no more; -errno. */
static int next_component(const char **path, char out_name[NAME_MAX + 1])
{
    for (;;) {
        const char *begin = *path + strspn(*path, "/");
        size_t len = strcspn(begin, "/");
        *path = begin + len;
        if (len == 0)
            return 0;
        if (len == 1 && begin[0] == '.')
            continue;
        if (len == 2 && memcmp(begin, "..", 2) == 0)
            return -EXDEV;
        if (len > NAME_MAX)
            return -ENAMETOOLONG;
        memcpy(out_name, begin, len);
        out_name[len] = '\0';
        return 1;
    }
}

/* Whether an open descriptor is of a link, or else not of a folder where it must be: -ELOOP,
 * -ENOTDIR, 0. */
static int check_kind(int fd, bool must_be_folder)
{
    struct stat status;

    if (fstat(fd, &status) < 0)
        return -errno;
    if (S_ISLNK(status.st_mode))
        return -ELOOP;
    return must_be_folder && !S_ISDIR(status.st_mode) ? -ENOTDIR : 0;
}

/* The folder `name` in dir_fd, to go on from: O_PATH, so that no right to read it is needed. */
static int step_into(int dir_fd, const char *name)
{
    int fd = openat(dir_fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    int code;

    if (fd < 0)
        return -errno;
    code = check_kind(fd, true);
    if (code < 0)
        file_close(&fd);
    return code < 0 ? code : fd;
}

/* The last component. With O_DIRECTORY the kernel says ENOTDIR of a link, and O_PATH would open the
 * link itself; openat2 says ELOOP of both (the latter unless O_NOFOLLOW asks for it). */
static int open_last(int dir_fd, const char *name, int flags, mode_t mode)
{
    int fd = openat(dir_fd, name, flags | O_NOFOLLOW | O_CLOEXEC, mode);
    int code = fd < 0 ? -errno : 0;

    if (code == -ENOTDIR) {
        int looked = step_into(dir_fd, name);
        code = looked == -ELOOP ? -ELOOP : code;
        file_close(&looked);
    }
    if (fd >= 0 && (flags & O_PATH) != 0 && (flags & O_NOFOLLOW) == 0)
        code = check_kind(fd, false);
    if (code < 0)
        file_close(&fd);
    return code < 0 ? code : fd;
}

/* Component by component. A ".." is refused even where it would stay below. */
static int open_by_steps(int dir_fd, const char *path, int flags, mode_t mode)
{
    size_t len = strlen(path);
    char names[2][NAME_MAX + 1] = {".", ""};
    unsigned at = 0; /* of the component that may be the last one */
    int fd = -1;
    int code;

    if (len == 0)
        return -ENOENT;
    if (path[0] == '/')
        return -EXDEV;
    if (path[len - 1] == '/' && (flags & O_CREAT) != 0)
        return -EISDIR;
    if (path[len - 1] == '/')
        flags |= O_DIRECTORY;
    code = next_component(&path, names[at]);
    while (code == 1 && (code = next_component(&path, names[1 - at])) == 1) {
        int next_fd = step_into(fd < 0 ? dir_fd : fd, names[at]);
        file_close(&fd);
        fd = next_fd;
        at = 1 - at;
        if (fd < 0)
            return fd;
    }
    if (code == 0)
        code = open_last(fd < 0 ? dir_fd : fd, names[at], flags, mode);
    file_close(&fd);
    return code;
}

int file_open_beneath(int dir_fd, const char *path, int flags, mode_t mode)
{
    bool creates = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
    struct open_how how = {
        .flags = (uint64_t)(unsigned)(flags | O_CLOEXEC),
        .mode = creates ? mode & 07777 : 0, /* EINVAL otherwise */
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
    };

    for (int tries = 0;; tries++) {
        long fd = syscall(SYS_openat2, dir_fd, path, &how, sizeof how);
        if (fd >= 0)
            return (int)fd;
        if (errno == ENOSYS || errno == EPERM)
            return open_by_steps(dir_fd, path, flags, mode & 07777);
        if ((errno != EAGAIN && errno != EINTR) || tries == RETRIES_MAX)
            return -errno;
    }
}

bool file_has_openat2(void)
{
    struct open_how how = {.flags = O_PATH | O_CLOEXEC | O_DIRECTORY};
    int fd = (int)syscall(SYS_openat2, AT_FDCWD, "/", &how, sizeof how);
    bool has = fd >= 0;

    file_close(&fd);
    return has;
}

static int open_folder(int dir_fd, const char *path)
{
    return file_open_beneath(dir_fd, path, O_RDONLY | O_DIRECTORY, 0);
}

/* openat2 itself refuses an absolute path, but would allow a ".." that stays below; whoever wrote
 * that did not mean a folder. */
static int check_components(const char *path)
{
    char name[NAME_MAX + 1];
    int code;

    while ((code = next_component(&path, name)) == 1)
        continue;
    return code;
}

static int make_folder(int dir_fd, const char *name, const struct file_owner *owner)
{
    if (mkdirat(dir_fd, name, owner->mode) < 0)
        return -errno;
    if (owner->uid == FILE_SAME_OWNER && owner->gid == FILE_SAME_GROUP)
        return 1;
    if (fchownat(dir_fd, name, owner->uid, owner->gid, AT_SYMLINK_NOFOLLOW) == 0)
        return 1;
    int code = -errno;
    (void)unlinkat(dir_fd, name, AT_REMOVEDIR); /* so that the next try meets it again */
    return code;
}

/* The folder `name` in dir_fd, made if missing. Again, should somebody remove it in between. */
static int open_or_make(int dir_fd, const char *name, const struct file_owner *owner, bool *made)
{
    for (int tries = 0;; tries++) {
        int fd = open_folder(dir_fd, name);
        if (fd != -ENOENT || tries == RETRIES_MAX)
            return fd;
        int code = make_folder(dir_fd, name, owner);
        if (code == 1)
            *made = true;
        else if (code != -EEXIST)
            return code;
    }
}

static int make_each(int dir_fd, const char *path, const struct file_owner *owner, bool *made)
{
    char name[NAME_MAX + 1];
    int fd = open_folder(dir_fd, ".");
    int code;

    while (fd >= 0 && (code = next_component(&path, name)) != 0) {
        int next_fd = code < 0 ? code : open_or_make(fd, name, owner, made);
        file_close(&fd);
        fd = next_fd;
    }
    return fd;
}

int file_mkdirs_owned(int dir_fd, const char *path, const struct file_owner *owner, bool *out_made)
{
    bool made = false;
    int code = check_components(path);

    if (code < 0)
        return code;
    /* Mostly all of it is there already, and one call does. */
    int fd = open_folder(dir_fd, path[0] == '\0' ? "." : path);
    if (fd == -ENOENT)
        fd = make_each(dir_fd, path, owner, &made);
    if (fd >= 0 && out_made != NULL)
        *out_made = made;
    return fd;
}

int file_mkdirs_beneath(int dir_fd, const char *path, mode_t mode, bool *out_made)
{
    const struct file_owner owner = {mode, FILE_SAME_OWNER, FILE_SAME_GROUP};

    return file_mkdirs_owned(dir_fd, path, &owner, out_made);
}
