/* bench/count_syncs: preloaded into taxond, counts the calls that wait for a disk: fsync, fdatasync
 * and syncfs, SQLite's included. The counts are kept in the file that COUNT_SYNCS names: three
 * 64-bit numbers in that order, and how many of all were for documents' data: those that were asked
 * for by a descriptor of a document in work/. With COUNT_SYNCS_ONLY=1 nothing is synced.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { COUNT_FSYNC, COUNT_FDATASYNC, COUNT_SYNCFS, COUNT_DATA, COUNTS };

static _Atomic uint64_t *counts;
static bool counts_only;

__attribute__((constructor)) static void open_counts(void)
{
    const char *path = getenv("COUNT_SYNCS");
    int fd = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);

    counts_only = getenv("COUNT_SYNCS_ONLY") != NULL;
    if (fd < 0)
        return;
    counts = mmap(NULL, COUNTS * sizeof(*counts), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (counts == MAP_FAILED)
        counts = NULL;
    close(fd);
}

/* A document in work/ has its id for a name; a sidecar's goes on after that. */
static bool is_data(int fd)
{
    static const char work[] = "/.taxond/work/";
    char link[64], path[4096];
    ssize_t len;
    const char *name;

    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    len = readlink(link, path, sizeof(path) - 1);
    if (len < 0)
        return false;
    path[len] = '\0';
    name = strstr(path, work);
    return name != NULL && strchr(name + strlen(work), '.') == NULL;
}

static int counted(int which, const char *name, int fd)
{
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);

    if (counts != NULL) {
        atomic_fetch_add(&counts[which], 1);
        if (is_data(fd))
            atomic_fetch_add(&counts[COUNT_DATA], 1);
    }
    return counts_only ? 0 : real(fd);
}

int fsync(int fd)
{
    return counted(COUNT_FSYNC, "fsync", fd);
}

int fdatasync(int fd)
{
    return counted(COUNT_FDATASYNC, "fdatasync", fd);
}

int syncfs(int fd)
{
    return counted(COUNT_SYNCFS, "syncfs", fd);
}
