/* line/roots: descriptors of the archives, the quarantine and the streams.
 *
 * Called by the line: at the start and at a reload on the loop, otherwise by the batch thread.
 */
#include "line/roots.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

static int root_open(struct root *root)
{
    file_close(&root->fd);
    root->fd = open(root->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root->fd < 0)
        return -errno;
    if (!root->needs_mark ||
        faccessat(root->fd, SETTINGS_ARCHIVE_MARK, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
        return 0;
    int code = errno == ENOENT ? -ENOMEDIUM : -errno;
    file_close(&root->fd);
    return code;
}

static int root_add(struct roots *roots, const char *prefix, const char *name, const char *path,
                    bool needs_mark)
{
    struct root *root = &roots->roots[roots->count];

    root->fd = -1;
    root->needs_mark = needs_mark;
    root->path = strdup(path);
    if (root->path == NULL || asprintf(&root->name, "%s%s", prefix, name) < 0) {
        free(root->path);
        return -ENOMEM;
    }
    roots->count++;
    (void)root_open(root); /* not there now: roots_fd tries again */
    return 0;
}

int roots_open(struct roots *roots, const struct settings *settings, struct err *err)
{
    bool wait = settings->placement.on_missing_archive == MISSING_ARCHIVE_WAIT;
    int result = settings_find_owner(settings, &roots->uid, &roots->gid, err);

    if (result < 0)
        return result;
    roots->count = 0;
    roots->roots = calloc(settings->archive_count + 2, sizeof(*roots->roots));
    if (roots->roots == NULL)
        return err_set(err, -ENOMEM, "out of memory");
    for (size_t i = 0; i < settings->archive_count && result == 0; i++)
        result = root_add(roots, "archive:", settings->archives[i].name, settings->archives[i].path,
                          wait);
    if (result == 0)
        result = root_add(roots, "", "quarantine", settings->quarantine, false);
    if (result == 0 && settings->streams != NULL)
        result = root_add(roots, "", "streams", settings->streams, false);
    if (result < 0) {
        roots_close(roots);
        return err_set(err, result, "out of memory");
    }
    return 0;
}

void roots_close(struct roots *roots)
{
    for (size_t i = 0; i < roots->count; i++) {
        free(roots->roots[i].name);
        free(roots->roots[i].path);
        file_close(&roots->roots[i].fd);
    }
    free(roots->roots);
    roots->roots = NULL;
    roots->count = 0;
}

int roots_fd(struct roots *roots, const char *name, int reopen)
{
    for (size_t i = 0; i < roots->count; i++) {
        struct root *root = &roots->roots[i];

        if (strcmp(root->name, name) != 0)
            continue;
        if (root->fd < 0 || reopen) {
            int result = root_open(root);

            if (result < 0)
                return result;
        }
        return root->fd;
    }
    return -ENOENT;
}
