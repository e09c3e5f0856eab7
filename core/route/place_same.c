/* route/place: a document whose bytes the archive has already, under another name.
 *
 * Called by the line for rules with `same-is-same`, with a path that the catalog remembers. The
 * catalog is believed in nothing: only the bytes that are found there count, and they are made
 * durable before anybody may remove the document for their sake.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "route/place_part.h"

#define LOOK_FLAGS (O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)

/* What cannot be opened, for whatever reason, is not there for us. */
static int open_other(const struct placing *placing, const char *path, struct stat *out_status)
{
    int fd = file_open_beneath(placing->placement->root_fd, path, LOOK_FLAGS, 0);

    if (fd < 0)
        return fd == -EIO || fd == -ENOMEM || fd == -EMFILE || fd == -ENFILE ? fd : -ENOENT;
    int code = fstat(fd, out_status) < 0 ? -errno : 0;
    if (code == 0 && !S_ISREG(out_status->st_mode))
        code = -ENOENT;
    if (code < 0)
        file_close(&fd);
    return code < 0 ? code : fd;
}

/* 1, 0 or negative errno. */
static int holds_our_bytes(const struct placing *placing, const char *path)
{
    struct stat status;
    int fd = open_other(placing, path, &status);

    if (fd < 0)
        return fd == -ENOENT ? 0 : fd;
    int found = place_compare(placing, fd, &status);
    if (found == PLACE_SAME && fdatasync(fd) < 0)
        found = -errno;
    file_close(&fd);
    return found < 0 ? found : found == PLACE_SAME;
}

/* A try that ended between its sidecar and its document has left a name taken for nothing. */
static int give_back_name(struct placing *placing)
{
    const char *slash = strrchr(placing->placement->target, '/');
    size_t len = slash != NULL ? (size_t)(slash - placing->placement->target) : 0;
    int code = 0;

    placing->folder = len > 0 ? strndup(placing->placement->target, len) : strdup(".");
    if (placing->folder == NULL)
        return -ENOMEM;
    placing->folder_fd =
        file_open_beneath(placing->placement->root_fd, placing->folder, O_RDONLY | O_DIRECTORY, 0);
    free(placing->folder);
    if (placing->folder_fd < 0)
        return 0;
    code = place_names_set(placing, 1);
    if (code == 0 && place_look_sidecar(placing) == PLACE_OURS &&
        place_look_document(placing) == PLACE_FREE &&
        unlinkat(placing->folder_fd, placing->sidecar, 0) < 0 && errno != ENOENT)
        code = -errno;
    place_remove_temporaries(placing);
    file_close(&placing->folder_fd);
    return code;
}

int place_as_same(struct placement *placement, const char *path, struct err *err)
{
    struct placing placing = {.placement = placement, .folder_fd = -1, .source_fd = -1};
    int code = place_names_init(&placing);

    placement->placed = NULL;
    placement->folder_fd = -1;
    if (code == 0)
        code = place_open_source(&placing);
    if (code == 0)
        code = holds_our_bytes(&placing, path);
    if (code == 1) {
        int undone = give_back_name(&placing);
        placement->placed = undone < 0 ? NULL : strdup(path);
        placement->same = placement->placed != NULL;
        if (!placement->same)
            code = undone < 0 ? undone : -ENOMEM;
    }
    if (placing.opened_source)
        file_close(&placing.source_fd);
    return code < 0 ? err_set(err, code, "%s: %s", path, strerror(-code)) : code;
}
