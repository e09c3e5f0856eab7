/* route/place: the folder that a document goes into.
 *
 * Called by place.c, before anything is moved. Rules may file into `news/{name}` and into
 * `news/sport/{name}`, and a document's name is whatever somebody called it: one called `sport`
 * must not keep all others out of that folder. So where a file stands in the way, the folder takes
 * the next name, as a document would. What it is depends on the archive alone, so that a second
 * call comes to the same folder.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/strbuf.h"
#include "route/place_part.h"

#define NUMBERS_MAX 9u /* NAME-2 … NAME-9, then NAME-ID, which nobody can have foreseen */

/* 1: something stands there that is no folder; 0: a folder, or nothing; or negative errno: -ELOOP
 * for a link, which somebody meant to lead elsewhere. */
static int is_in_the_way(const struct placing *placing, const char *path)
{
    struct stat status;
    int fd = file_open_beneath(placing->placement->root_fd, path, O_PATH | O_NOFOLLOW, 0);

    if (fd < 0)
        return fd == -ENOENT ? 0 : fd;
    int code = fstat(fd, &status) < 0    ? -errno
               : S_ISLNK(status.st_mode) ? -ELOOP
                                         : !S_ISDIR(status.st_mode);
    file_close(&fd);
    return code;
}

/* Puts the name under that number in the place of `path`'s last component. */
static int set_component(const struct placing *placing, struct strbuf *path, size_t component,
                         const char *name, unsigned number)
{
    char suffix[sizeof placing->placement->id.text + 1];
    char numbered[NAME_SIZE];

    if (number > NUMBERS_MAX)
        snprintf(suffix, sizeof suffix, "%s", placing->placement->id.text);
    else
        snprintf(suffix, sizeof suffix, "%u", number);
    name_with_suffix(name, suffix, NAME_BYTES_MAX, numbered);
    path->len = component;
    strbuf_puts(path, numbered);
    return path->failed ? -ENOMEM : 0;
}

/* Appends the component to `path`, under the first number at which no file is in its way. */
static int append_component(const struct placing *placing, struct strbuf *path, const char *from,
                            size_t len)
{
    size_t component = path->len;
    char name[NAME_SIZE];

    if (len == 0 || len > NAME_BYTES_MAX)
        return -ENOTDIR;
    memcpy(name, from, len);
    name[len] = '\0';
    strbuf_puts(path, name);
    if (path->failed)
        return -ENOMEM;
    int code = is_in_the_way(placing, strbuf_text(path));
    for (unsigned number = 2; code > 0 && number <= NUMBERS_MAX + 1; number++) {
        code = set_component(placing, path, component, name, number);
        if (code == 0)
            code = is_in_the_way(placing, strbuf_text(path));
    }
    return code > 0 ? -ENOTDIR : code;
}

/* Sets placing->folder to a path without files in its way. */
static int step_aside(struct placing *placing)
{
    struct strbuf path = STRBUF_INIT;
    const char *at = placing->folder;
    int code = 0;

    while (code == 0 && *at != '\0') {
        size_t len = strcspn(at, "/");
        code = append_component(placing, &path, at, len);
        at += len;
        if (*at == '/') {
            strbuf_putc(&path, '/');
            at++;
        }
    }
    char *folder = code < 0 || path.failed ? NULL : strdup(strbuf_text(&path));
    strbuf_release(&path);
    if (folder == NULL)
        return code < 0 ? code : -ENOMEM;
    free(placing->folder);
    placing->folder = folder;
    return 0;
}

/* Folders are made only for a document that is there to go into them. */
static int open_or_make(const struct placing *placing)
{
    struct placement *placement = placing->placement;
    const char *folder = placing->folder;
    const struct file_owner owner = {placement->folder_mode, placement->uid, placement->gid};

    if (placing->in_work)
        return file_mkdirs_owned(placement->root_fd, folder, &owner, &placement->folders_made);
    return file_open_beneath(placement->root_fd, folder[0] != '\0' ? folder : ".",
                             O_RDONLY | O_DIRECTORY, 0);
}

int place_open_folder(struct placing *placing)
{
    const struct placement *placement = placing->placement;
    const char *slash = strrchr(placement->target, '/');

    placing->folder =
        strndup(placement->target, slash != NULL ? (size_t)(slash - placement->target) : 0);
    if (placing->folder == NULL)
        return -ENOMEM;
    int fd = open_or_make(placing);
    if (fd == -ENOTDIR && placement->policy != CONFLICT_FAIL) {
        int code = step_aside(placing);
        fd = code < 0 ? code : open_or_make(placing);
    }
    placing->folder_fd = fd < 0 ? -1 : fd;
    return fd < 0 ? fd : 0;
}
