/* config/settings_places: the folders that the configuration names, on the disk.
 *
 * Called by the supervisor before it starts or takes a new configuration, and by `taxon check`.
 * It makes what is missing and refuses what cannot work: a folder that cannot be written, and one
 * that lies in another, where taxond would take its own archive for new documents.
 *
 * Nesting is found by walking up from each folder with openat(".."), comparing device and inode, so
 * that symbolic links and doubled names make no difference. Not found: two bind mounts of which one
 * shows a part of the other.
 */
#include "config/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "config/yaml.h"

#define ANCESTORS_MAX PATH_MAX /* a path has no more components; a file system gone wrong might */

struct place {
    char what[SETTINGS_NAME_MAX + 16]; /* "inbox 'samples'" */
    const char *path;
    const struct taxon_node *node;
    mode_t mode;   /* when it is made */
    bool may_wait; /* what is wrong with it today is no reason not to start */
    int fd;        /* O_PATH; -1 until it is open */
    dev_t device;
    ino_t inode;
};

struct places {
    struct place *list;
    size_t count;
};

static int unusable(const struct place *place, int code, struct err *err)
{
    yaml_error(err, place->node, "%s: %s: %s", place->what, place->path, strerror(-code));
    return code;
}

static struct place *add(struct places *places, const char *path, const struct taxon_node *node,
                         mode_t mode)
{
    struct place *place = &places->list[places->count++];

    *place = (struct place){.path = path, .node = node, .mode = mode, .fd = -1};
    return place;
}

static int gather(const struct settings *settings, struct places *out_places)
{
    struct places places = {.count = 0};
    struct place *place;

    places.list = calloc(settings->inbox_count + settings->archive_count + 3, sizeof *places.list);
    if (places.list == NULL)
        return -ENOMEM;
    place = add(&places, settings->state, yaml_get(settings->root, "state"), 0700);
    snprintf(place->what, sizeof place->what, "state");
    place = add(&places, settings->quarantine, yaml_get(settings->root, "quarantine"), 0755);
    snprintf(place->what, sizeof place->what, "quarantine");
    if (settings->streams != NULL) {
        place = add(&places, settings->streams, yaml_get(settings->root, "streams"), 0755);
        snprintf(place->what, sizeof place->what, "streams");
    }
    for (size_t i = 0; i < settings->inbox_count; i++) {
        const struct settings_inbox *inbox = &settings->inboxes[i];
        place = add(&places, inbox->path, yaml_get(inbox->node, "path"), 0755);
        snprintf(place->what, sizeof place->what, "inbox '%s'", inbox->name);
    }
    for (size_t i = 0; i < settings->archive_count; i++) {
        const struct settings_archive *archive = &settings->archives[i];
        place = add(&places, archive->path, archive->node, 0755);
        snprintf(place->what, sizeof place->what, "archive '%s'", archive->name);
        place->may_wait = settings->placement.on_missing_archive == MISSING_ARCHIVE_WAIT;
    }
    *out_places = places;
    return 0;
}

/* The folders above are nobody's secret, even where the last one is. */
static int make(const struct place *place)
{
    char parent[PATH_MAX];
    const char *slash = strrchr(place->path, '/');
    size_t len = (size_t)(slash - place->path);

    if (len > 0 && len < sizeof parent) {
        memcpy(parent, place->path, len);
        parent[len] = '\0';
        int code = file_mkdirs(parent, 0755);
        if (code < 0)
            return code;
    }
    return file_mkdirs(place->path, place->mode);
}

static int open_place(struct place *place)
{
    struct stat status;

    place->fd = open(place->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (place->fd < 0 || fstat(place->fd, &status) < 0)
        return -errno;
    place->device = status.st_dev;
    place->inode = status.st_ino;
    if (faccessat(AT_FDCWD, place->path, R_OK | W_OK | X_OK, AT_EACCESS) < 0)
        return -errno;
    return 0;
}

static int prepare(struct places *places, struct err *err)
{
    for (size_t i = 0; i < places->count; i++) {
        struct place *place = &places->list[i];
        int code = place->may_wait ? 0 : make(place);
        if (code == 0)
            code = open_place(place);
        if (code < 0 && !place->may_wait)
            return unusable(place, code, err);
    }
    return 0;
}

/* The place that is this folder, other than `self`. */
static const struct place *find_place(const struct places *places, const struct place *self,
                                      const struct stat *folder)
{
    for (size_t i = 0; i < places->count; i++) {
        const struct place *place = &places->list[i];
        if (place != self && place->fd >= 0 && place->device == folder->st_dev &&
            place->inode == folder->st_ino)
            return place;
    }
    return NULL;
}

/* Climbs from *fd, which it replaces, to the root. *out_around: the place met on the way, or NULL.
 */
static int find_around(const struct places *places, const struct place *self, int *fd,
                       const struct place **out_around)
{
    struct stat folder = {.st_dev = self->device, .st_ino = self->inode};
    struct stat below;

    for (unsigned i = 0; i < ANCESTORS_MAX; i++) {
        *out_around = find_place(places, self, &folder);
        if (*out_around != NULL)
            return 0;
        below = folder;
        int above = openat(*fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (above < 0 || fstat(above, &folder) < 0) {
            int code = -errno;
            file_close(&above);
            return code;
        }
        file_close(fd);
        *fd = above;
        if (folder.st_dev == below.st_dev && folder.st_ino == below.st_ino)
            return 0; /* the root is its own parent */
    }
    return -ELOOP;
}

static int check_apart(const struct places *places, const struct place *place, struct err *err)
{
    const struct place *around = NULL;
    int fd = fcntl(place->fd, F_DUPFD_CLOEXEC, 0);
    int code = fd < 0 ? -errno : find_around(places, place, &fd, &around);

    file_close(&fd);
    if (code < 0)
        return unusable(place, code, err);
    if (around == NULL)
        return 0;
    bool is_same = around->device == place->device && around->inode == place->inode;
    return yaml_error(err, place->node, "%s (%s) %s %s (%s); they must be apart", place->what,
                      place->path, is_same ? "is the same folder as" : "lies in", around->what,
                      around->path);
}

static void release(struct places *places)
{
    for (size_t i = 0; i < places->count; i++)
        file_close(&places->list[i].fd);
    free(places->list);
}

int settings_check_places(const struct settings *settings, struct err *err)
{
    struct places places;
    int code = gather(settings, &places);

    if (code < 0)
        return err_set(err, code, "out of memory");
    code = prepare(&places, err);
    for (size_t i = 0; i < places.count && code == 0; i++)
        if (places.list[i].fd >= 0)
            code = check_apart(&places, &places.list[i], err);
    release(&places);
    uid_t uid;
    gid_t gid;
    return code < 0 ? code : settings_find_owner(settings, &uid, &gid, err);
}
