/* route/place: whether an earlier try has come as far as the document's sidecar.
 *
 * Called by line/replay. A sidecar without its document keeps a name; of two documents with the
 * same bytes and name, the one that has it must be placed first, or the other takes the next number
 * and the bytes are there twice. Looks at names and sidecars only; it changes nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "route/place_part.h"

/* 1, 0 or negative errno. */
static int is_free(const struct placing *placing)
{
    struct stat status;

    if (fstatat(placing->folder_fd, placing->name, &status, AT_SYMLINK_NOFOLLOW) == 0)
        return 0;
    return errno == ENOENT ? 1 : -errno;
}

/* The names in the order in which place_document tries them, up to the first that nobody has. */
static int look_through(struct placing *placing)
{
    for (unsigned number = 1; number <= PLACE_NUMBER_ID; number++) {
        int code = place_names_set(placing, number);
        if (code == -ENOENT)
            continue; /* no digest to make that name of */
        if (code < 0)
            return code;
        int found = place_look_sidecar(placing);
        if (found < 0 || found == PLACE_OURS)
            return found < 0 ? found : 1;
        code = found == PLACE_FREE ? is_free(placing) : 0;
        if (code != 0)
            return code < 0 ? code : 0;
    }
    return 0;
}

int place_has_begun(struct placement *placement)
{
    struct placing placing = {.placement = placement,
                              .folder_fd = -1,
                              .source_fd = placement->document_fd};

    if (placement->sidecar[0] == '\0')
        return 0;
    int code = place_names_init(&placing);
    if (code == 0)
        code = place_open_folder(&placing);
    if (code == 0)
        code = look_through(&placing);
    file_close(&placing.folder_fd);
    free(placing.folder);
    return code == -ENOENT ? 0 : code;
}
