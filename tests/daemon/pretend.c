/* daemon/pretend: preloaded into taxond, pretends what a test machine seldom has.
 *
 *     PRETEND_MAGIC=0x6969     every folder is on the file system of that number (fstatfs(2))
 *     PRETEND_WATCHES=3        inotify gives so many watches and no more (ENOSPC)
 *     PRETEND_STALL=/a/file    a watch is not given before that file is gone
 *     PRETEND_SYNC=/a/file     fdatasync(2) does not return before that file is gone
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/vfs.h>
#include <unistd.h>

static atomic_ulong watches;

/* By its other name, fstatfs64: all is built for large files. */
int fstatfs(int fd, struct statfs *status)
{
    int (*real)(int, struct statfs *) =
        (int (*)(int, struct statfs *))dlsym(RTLD_NEXT, "fstatfs64");
    const char *magic = getenv("PRETEND_MAGIC");
    int result = real(fd, status);

    if (result == 0 && magic != NULL)
        status->f_type = (__fsword_t)strtoul(magic, NULL, 0);
    return result;
}

static void wait_gone(const char *path)
{
    while (path != NULL && access(path, F_OK) == 0)
        usleep(1000);
}

int fdatasync(int fd)
{
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");

    wait_gone(getenv("PRETEND_SYNC"));
    return real(fd);
}

int inotify_add_watch(int fd, const char *path, uint32_t mask)
{
    int (*real)(int, const char *, uint32_t) =
        (int (*)(int, const char *, uint32_t))dlsym(RTLD_NEXT, "inotify_add_watch");
    const char *most = getenv("PRETEND_WATCHES");

    wait_gone(getenv("PRETEND_STALL"));
    if (most != NULL && atomic_fetch_add(&watches, 1) >= strtoul(most, NULL, 10)) {
        errno = ENOSPC;
        return -1;
    }
    return real(fd, path, mask);
}
