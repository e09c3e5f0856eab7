/* route/stream: files of lines that rules append to.
 *
 * Called by the line's batch thread, which alone writes there; it syncs, too, and only then commits
 * that the line is written. So after a crash a line may be there, be half there, or not be there,
 * while its document is taken up again: half a line is cut off, and a whole one is found by how it
 * begins. What grows too large is put away as STEM-DATE.EXT, DATE being that of its last line, so
 * that those put away after a given moment can be told by their times.
 */
#include "route/stream.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "route/name.h"

#define OPEN_FLAGS    (O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
#define CHUNK         ((size_t)64 << 10)
#define MARK_MAX      ((size_t)256)
#define NUMBERS_MAX   100u
#define CLOCK_SLACK_S 86400 /* clocks are set back now and then */

struct appending {
    const struct stream *stream;
    const struct stream_line *line;
    int folder_fd;
    char name[NAME_SIZE];
};

/* Whether a line of the file begins so: 1, 0 or negative errno. */
static int has_line(int fd, const char *mark)
{
    char chunk[MARK_MAX + CHUNK];
    size_t mark_len = strlen(mark);
    size_t kept = 1; /* the end of what was read before; a line end before the first byte */
    off_t offset = 0;
    ssize_t n;

    if (mark_len + 1 > MARK_MAX)
        return -EINVAL;
    chunk[0] = '\n';
    while ((n = pread(fd, chunk + kept, CHUNK, offset)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        size_t len = kept + (size_t)n;
        for (const char *at = chunk; (at = memchr(at, '\n', len - (size_t)(at - chunk))) != NULL;
             at++)
            if ((size_t)(chunk + len - at) > mark_len && memcmp(at + 1, mark, mark_len) == 0)
                return 1;
        offset += n;
        kept = len < mark_len + 1 ? len : mark_len + 1;
        memmove(chunk, chunk + len - kept, kept);
    }
    return 0;
}

/* The length of the file up to the end of its last whole line; or negative errno. */
static off_t whole_lines(int fd, off_t size)
{
    char chunk[CHUNK];

    while (size > 0) {
        size_t step = size < (off_t)sizeof chunk ? (size_t)size : sizeof chunk;
        int code = file_pread_all(fd, chunk, step, size - (off_t)step);
        if (code < 0)
            return code;
        const char *end = memrchr(chunk, '\n', step);
        if (end != NULL)
            return size - (off_t)step + (end - chunk) + 1;
        size -= (off_t)step;
    }
    return 0;
}

static int repair(int fd, off_t *size)
{
    off_t whole = whole_lines(fd, *size);

    if (whole < 0)
        return (int)whole;
    if (whole == *size)
        return 0;
    if (ftruncate(fd, whole) < 0)
        return -errno;
    *size = whole;
    return 0;
}

/* Whether it is one that was put away: STEM-….EXT. */
static bool was_put_away(const char *entry, const char *name)
{
    size_t name_len = strlen(name);
    size_t stem_len = name_extension(name, name_len);
    size_t entry_len = strlen(entry);
    size_t extension_len = name_len - stem_len;

    return entry_len > name_len && memcmp(entry, name, stem_len) == 0 && entry[stem_len] == '-' &&
           memcmp(entry + entry_len - extension_len, name + stem_len, extension_len) == 0;
}

static int look_in(const struct appending *appending, const char *name, int64_t since_s)
{
    struct stat status;
    int fd = file_open_beneath(appending->folder_fd, name,
                               O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0);
    int found = 0;

    if (fd < 0)
        return fd == -ENOENT || fd == -ELOOP || fd == -ENXIO ? 0 : fd;
    if (fstat(fd, &status) < 0)
        found = -errno;
    else if (S_ISREG(status.st_mode) && status.st_mtim.tv_sec >= since_s)
        found = has_line(fd, appending->line->mark);
    file_close(&fd);
    return found;
}

/* After half a line at the end is gone. 1, 0 or negative errno. */
static int is_there(const struct appending *appending, int file_fd)
{
    int64_t since_s = appending->line->since_ms / 1000 - CLOCK_SLACK_S;
    int found = has_line(file_fd, appending->line->mark);
    int fd =
        found != 0 ? -1 : file_open_beneath(appending->folder_fd, ".", O_RDONLY | O_DIRECTORY, 0);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;

    if (folder == NULL) {
        file_close(&fd);
        return found != 0 ? found : -EIO;
    }
    while (found == 0 && (entry = readdir(folder)) != NULL)
        if (was_put_away(entry->d_name, appending->name))
            found = look_in(appending, entry->d_name, since_s);
    closedir(folder);
    return found;
}

static int open_file(const struct appending *appending, off_t *out_size)
{
    const struct file_owner *owner = &appending->stream->file;
    struct stat status;
    int fd =
        file_open_beneath(appending->folder_fd, appending->name, OPEN_FLAGS | O_CREAT, owner->mode);
    int code = 0;

    if (fd < 0)
        return fd;
    if (fstat(fd, &status) < 0)
        code = -errno;
    else if (!S_ISREG(status.st_mode))
        code = -EEXIST;
    else if (status.st_size == 0 &&
             (fchmod(fd, owner->mode) < 0 || fchown(fd, owner->uid, owner->gid) < 0))
        code = -errno;
    if (code < 0)
        file_close(&fd);
    *out_size = code < 0 ? 0 : status.st_size;
    return code < 0 ? code : fd;
}

static int put_away(const struct appending *appending, int fd)
{
    char date[32];
    char suffix[48];
    char name[NAME_SIZE];
    struct stat status;
    struct tm when;
    int code = -EEXIST;

    if (fstat(fd, &status) < 0)
        return -errno;
    if (gmtime_r(&status.st_mtim.tv_sec, &when) == NULL ||
        strftime(date, sizeof date, "%Y-%m-%d-%H%M%S", &when) == 0)
        return -EINVAL;
    for (unsigned number = 1; code == -EEXIST && number <= NUMBERS_MAX; number++) {
        if (number == 1)
            snprintf(suffix, sizeof suffix, "%s", date);
        else
            snprintf(suffix, sizeof suffix, "%s-%u", date, number);
        name_with_suffix(appending->name, suffix, NAME_BYTES_MAX, name);
        code = file_rename_noreplace(appending->folder_fd, appending->name, appending->folder_fd,
                                     name);
    }
    return code;
}

/* Whole or not at all, as far as we live to see to it. */
static int write_line(const struct appending *appending, int fd, off_t size)
{
    const struct stream_line *line = appending->line;
    int code = file_write_all(fd, line->text, line->len);

    if (code == 0)
        code = file_write_all(fd, "\n", 1);
    if (code < 0 && ftruncate(fd, size) < 0)
        return -errno;
    return code;
}

static int append(const struct appending *appending)
{
    const struct stream *stream = appending->stream;
    off_t size = 0;
    int fd = open_file(appending, &size);
    int code = fd < 0 ? fd : repair(fd, &size);
    int found = code == 0 && appending->line->may_be_there ? is_there(appending, fd) : 0;

    if (found != 0) {
        file_close(&fd);
        return found < 0 ? found : 0;
    }
    if (code == 0 && size > 0 && (uint64_t)size + appending->line->len + 1 > stream->rotate_bytes) {
        code = put_away(appending, fd);
        file_close(&fd);
        if (code == 0) {
            fd = open_file(appending, &size);
            code = fd < 0 ? fd : 0;
        }
    }
    if (code == 0)
        code = write_line(appending, fd, size);
    file_close(&fd);
    return code;
}

static int begin(struct appending *appending)
{
    const struct stream *stream = appending->stream;
    const char *slash = strrchr(stream->target, '/');
    const char *name = slash != NULL ? slash + 1 : stream->target;
    size_t len = strlen(name);
    char *folder = strndup(stream->target, slash != NULL ? (size_t)(slash - stream->target) : 0);

    if (folder == NULL)
        return -ENOMEM;
    if (len == 0 || len > NAME_BYTES_MAX) {
        free(folder);
        return -EBADMSG;
    }
    memcpy(appending->name, name, len + 1);
    appending->folder_fd = file_mkdirs_owned(stream->root_fd, folder, &stream->folder, NULL);
    free(folder);
    return appending->folder_fd < 0 ? appending->folder_fd : 0;
}

int stream_append(const struct stream *stream, const struct stream_line *line, struct err *err)
{
    struct appending appending = {.stream = stream, .line = line, .folder_fd = -1};
    int code = begin(&appending);

    if (code == 0)
        code = append(&appending);
    file_close(&appending.folder_fd);
    return code < 0 ? err_set(err, code, "%s: %s", stream->target, strerror(-code)) : 0;
}
