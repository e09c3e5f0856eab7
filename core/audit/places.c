/* audit/places: the folders that documents are filed in, and where in them a record lies.
 *
 * Called by check and rebuild. Whatever lies in an archive may have been put there by anybody: each
 * path is opened beneath its root, through no symbolic link, and nothing but a regular file is
 * read.
 */
#include "audit/places.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "route/template.h"

#define READ_FLAGS (O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)

static void add(struct places *places, const char *prefix, const char *name, const char *path)
{
    struct place *place = &places->places[places->count++];

    snprintf(place->root, sizeof place->root, "%s%s", prefix, name);
    place->path = path;
    place->quarantine = prefix[0] == '\0';
    place->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    place->error = place->fd < 0 ? -errno : 0;
}

int places_open(const struct settings *settings, struct places *out_places, struct err *err)
{
    out_places->count = 0;
    out_places->places = calloc(settings->archive_count + 1, sizeof *out_places->places);
    if (out_places->places == NULL)
        return err_set(err, -ENOMEM, "out of memory");
    for (size_t i = 0; i < settings->archive_count; i++)
        add(out_places, "archive:", settings->archives[i].name, settings->archives[i].path);
    add(out_places, "", "quarantine", settings->quarantine);
    return 0;
}

void places_close(struct places *places)
{
    for (size_t i = 0; i < places->count; i++)
        file_close(&places->places[i].fd);
    free(places->places);
    places->places = NULL;
    places->count = 0;
}

struct place *places_find(const struct places *places, const char *root)
{
    for (size_t i = 0; i < places->count; i++)
        if (strcmp(places->places[i].root, root) == 0)
            return &places->places[i];
    return NULL;
}

bool place_sidecar_path(const struct place *place, const char *path, char out_path[PATH_MAX])
{
    const char *slash = strrchr(path, '/');

    if (!place->quarantine)
        return snprintf(out_path, PATH_MAX, "%s%s", path, TEMPLATE_SIDECAR_SUFFIX) < PATH_MAX;
    if (slash == NULL)
        return false;
    return snprintf(out_path, PATH_MAX, "%.*s/%s", (int)(slash - path), path,
                    PLACES_QUARANTINE_FILE) < PATH_MAX;
}

bool place_is_sidecar(const struct place *place, const char *name)
{
    size_t len = strlen(name);
    size_t suffix_len = strlen(TEMPLATE_SIDECAR_SUFFIX);

    if (place->quarantine)
        return strcmp(name, PLACES_QUARANTINE_FILE) == 0;
    return len > suffix_len && strcmp(name + len - suffix_len, TEMPLATE_SIDECAR_SUFFIX) == 0;
}

bool place_is_document(const struct place *place, const char *name, mode_t mode)
{
    return S_ISREG(mode) && strncmp(name, PLACES_OWN_PREFIX, strlen(PLACES_OWN_PREFIX)) != 0 &&
           !place_is_sidecar(place, name);
}

/* A descriptor of a regular file. */
static int open_file(const struct place *place, const char *path, struct stat *out_status)
{
    int fd = place->fd < 0 ? place->error : file_open_beneath(place->fd, path, READ_FLAGS, 0);

    if (fd < 0)
        return fd == -ENOTDIR ? -ENOENT : fd == -ELOOP || fd == -ENXIO ? -EINVAL : fd;
    int code = fstat(fd, out_status) < 0 ? -errno : S_ISREG(out_status->st_mode) ? 0 : -EINVAL;
    if (code < 0)
        file_close(&fd);
    return code < 0 ? code : fd;
}

/* Years beyond what 64 bits of nanoseconds hold are not of interest here; see inbox/identity. */
static int64_t ms_of(const struct timespec *time)
{
    const int64_t most = INT64_MAX / 1000000 / 1000 - 1;
    int64_t seconds = time->tv_sec > most ? most : time->tv_sec < -most ? -most : time->tv_sec;

    return seconds * 1000 + time->tv_nsec / 1000000;
}

int place_measure(const struct place *place, const char *path, bool with_digest,
                  struct measure *out_measure)
{
    struct stat status;
    int fd = open_file(place, path, &status);
    int code = 0;

    if (fd < 0)
        return fd;
    memset(out_measure, 0, sizeof *out_measure);
    out_measure->size = (uint64_t)status.st_size;
    out_measure->device = (uint64_t)status.st_dev;
    out_measure->inode = (uint64_t)status.st_ino;
    out_measure->mtime_ms = ms_of(&status.st_mtim);
    if (with_digest)
        code = digest_of_fd(fd, &out_measure->digest, &out_measure->size);
    file_close(&fd);
    return code;
}

int place_read(const struct place *place, const char *path, struct strbuf *out_text)
{
    struct stat status;
    int fd = open_file(place, path, &status);
    int code;

    if (fd < 0)
        return fd;
    code = file_slurp(fd, PLACES_RECORD_MAX, out_text);
    file_close(&fd);
    return code;
}

/* What cannot be read counts as other bytes. */
static int is_in_work(const char *inbox, const struct id *id, const struct digest *digest)
{
    char path[PATH_MAX];
    struct digest in_hand;
    uint64_t size;
    int fd;
    int code;

    if (snprintf(path, sizeof path, "%s/.taxond/work/%s", inbox, id->text) >= (int)sizeof path)
        return 0;
    fd = open(path, READ_FLAGS | O_CLOEXEC);
    if (fd < 0)
        return errno != ENOENT && errno != ENOTDIR;
    code = digest_of_fd(fd, &in_hand, &size);
    file_close(&fd);
    return code < 0 || memcmp(in_hand.bytes, digest->bytes, DIGEST_SIZE) != 0;
}

int places_in_hand(const struct settings *settings, const struct id *id,
                   const struct digest *digest)
{
    for (size_t i = 0; i < settings->inbox_count; i++)
        if (is_in_work(settings->inboxes[i].path, id, digest))
            return 1;
    return 0;
}
