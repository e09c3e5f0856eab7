/* route/quarantine: the way back out of the quarantine, and the way out of the world.
 *
 * Called on the batch thread, after the catalog has committed what is to become of the document,
 * and at start, to finish it. Nothing here judges: whose turn it is, the line knows.
 */
#include "route/quarantine.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

#define PART_SUFFIX ".part" /* as inbox/copy's: removed at the next start */
#define CHUNK       ((size_t)64 << 10)

static int open_folder(int root_fd, const struct id *id)
{
    int fd = file_open_beneath(root_fd, id->text, O_RDONLY | O_DIRECTORY, 0);

    return fd == -ENOTDIR ? -ENOENT : fd;
}

/* A directory stream of its own: fdopendir takes the descriptor over. */
static DIR *list(int folder_fd)
{
    int fd = openat(folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);

    if (dir == NULL)
        file_close(&fd);
    return dir;
}

static bool is_dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* The entry that is neither the reason nor a draft of route/place. */
static int find_document(int folder_fd, char out_name[NAME_MAX + 1])
{
    DIR *dir = list(folder_fd);
    const struct dirent *entry;
    int result = -ENOENT;

    if (dir == NULL)
        return -errno;
    while (result == -ENOENT && (entry = readdir(dir)) != NULL) {
        if (is_dots(entry->d_name) || strcmp(entry->d_name, QUARANTINE_REASON_NAME) == 0 ||
            strncmp(entry->d_name, ".taxond-", strlen(".taxond-")) == 0)
            continue;
        snprintf(out_name, NAME_MAX + 1, "%s", entry->d_name);
        result = 0;
    }
    closedir(dir);
    return result;
}

static int open_regular(int folder_fd, const char *name)
{
    struct stat status;
    int fd = openat(folder_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

    if (fd < 0)
        return -errno;
    if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode))
        return fd;
    file_close(&fd);
    return -EINVAL;
}

static int copy_bytes(int from_fd, int to_fd)
{
    char chunk[CHUNK];
    struct stat status;
    ssize_t len;

    while ((len = read(from_fd, chunk, sizeof(chunk))) > 0) {
        int result = file_write_all(to_fd, chunk, (size_t)len);

        if (result < 0)
            return result;
    }
    if (len < 0 || fstat(from_fd, &status) < 0)
        return -errno;
    const struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, status.st_mtim};
    if (futimens(to_fd, times) < 0 || fsync(to_fd) < 0)
        return -errno;
    return file_same_bytes(from_fd, to_fd) == 1 ? 0 : -EIO;
}

static int copy_over(int from_fd, int work_fd, const struct id *id)
{
    char part[ID_TEXT_SIZE + sizeof(PART_SUFFIX)];
    int result;
    int fd;

    snprintf(part, sizeof(part), "%s" PART_SUFFIX, id->text);
    fd = openat(work_fd, part, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return -errno;
    result = copy_bytes(from_fd, fd);
    file_close(&fd);
    if (result == 0)
        result = file_rename_noreplace(work_fd, part, work_fd, id->text);
    if (result < 0)
        (void)unlinkat(work_fd, part, 0);
    else if (fsync(work_fd) < 0)
        result = -errno;
    return result;
}

/* Whether what is in work_fd is the same, so that the source may go. */
static int compare(int from_fd, int work_fd, const struct id *id)
{
    int fd = open_regular(work_fd, id->text);
    int result;

    if (fd < 0)
        return fd;
    result = file_same_bytes(from_fd, fd);
    file_close(&fd);
    return result == 1 ? 0 : result == 0 ? -EEXIST : result;
}

static int take_from(int folder_fd, const char *name, const struct id *id, int work_fd)
{
    int result = file_rename_noreplace(folder_fd, name, work_fd, id->text);
    int fd;

    if (result != -EXDEV && result != -EEXIST)
        return result;
    fd = open_regular(folder_fd, name);
    if (fd < 0)
        return fd;
    if (result == -EXDEV)
        result = copy_over(fd, work_fd, id);
    if (result == -EEXIST)
        result = compare(fd, work_fd, id);
    file_close(&fd);
    if (result == 0 && unlinkat(folder_fd, name, 0) < 0)
        result = -errno;
    return result;
}

/* The reason has nothing more to say, and drafts never had. What else may be there stays. */
static void remove_rest(int root_fd, int folder_fd, const struct id *id)
{
    (void)unlinkat(folder_fd, QUARANTINE_REASON_NAME, 0);
    (void)unlinkat(root_fd, id->text, AT_REMOVEDIR);
}

int quarantine_take(int root_fd, const struct id *id, int work_fd)
{
    char name[NAME_MAX + 1];
    int folder_fd = open_folder(root_fd, id);
    int result;

    if (folder_fd < 0)
        return folder_fd;
    result = find_document(folder_fd, name);
    if (result == 0) {
        int fd = open_regular(folder_fd, name);

        result = fd < 0 ? fd : take_from(folder_fd, name, id, work_fd);
        file_close(&fd);
    }
    if (result == 0 && fsync(folder_fd) < 0)
        result = -errno;
    if (result == 0)
        remove_rest(root_fd, folder_fd, id);
    file_close(&folder_fd);
    return result;
}

int quarantine_remove(int root_fd, const struct id *id)
{
    int folder_fd = open_folder(root_fd, id);
    const struct dirent *entry;
    int result = 0;
    DIR *dir;

    if (folder_fd < 0)
        return folder_fd == -ENOENT ? 0 : folder_fd;
    dir = list(folder_fd);
    if (dir == NULL)
        result = -errno;
    while (result == 0 && (entry = readdir(dir)) != NULL)
        if (!is_dots(entry->d_name) && unlinkat(folder_fd, entry->d_name, 0) < 0 && errno != ENOENT)
            result = -errno;
    if (dir != NULL)
        closedir(dir);
    file_close(&folder_fd);
    if (result == 0 && unlinkat(root_fd, id->text, AT_REMOVEDIR) < 0 && errno != ENOENT)
        result = -errno;
    return result;
}
