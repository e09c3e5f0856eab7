/* route/place_link: a second way to a document that is filed.
 *
 * Called by the line after the document is placed. A symbolic link is relative, so that an archive
 * can be moved as a whole; a hard link is one more name of the same file. Both come into being in
 * one call, so that a crash leaves it or does not.
 */
#include "route/place_link.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "route/name.h"

#define NUMBERS_MAX 100u /* NAME, STEM-2.EXT … STEM-100.EXT; then STEM-ID.EXT */

struct linking {
    struct place_link *link;
    struct strbuf way; /* what the symbolic link says */
    int folder_fd;
    char base[NAME_SIZE];
    char name[NAME_SIZE];
};

static const char *last_component(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

/* "../../press/a.txt" from "topics/air/b.txt" to "press/a.txt". */
static void set_way(struct linking *linking)
{
    const char *from = linking->link->target;
    const char *to = linking->link->placed;
    size_t shared = 0; /* folders that both are in, with their slashes */

    for (size_t i = 0; from[i] != '\0' && from[i] == to[i]; i++)
        if (from[i] == '/')
            shared = i + 1;
    for (const char *at = from + shared; (at = strchr(at, '/')) != NULL; at++)
        strbuf_puts(&linking->way, "../");
    strbuf_puts(&linking->way, to + shared);
}

static void set_name(struct linking *linking, unsigned number)
{
    char suffix[sizeof linking->link->id.text];

    if (number == 1) {
        memcpy(linking->name, linking->base, sizeof linking->name);
        return;
    }
    if (number > NUMBERS_MAX)
        snprintf(suffix, sizeof suffix, "%s", linking->link->id.text);
    else
        snprintf(suffix, sizeof suffix, "%u", number);
    name_with_suffix(linking->base, suffix, NAME_BYTES_MAX, linking->name);
}

/* What a name's link says is this: 1, 0 (something else), or negative errno. */
static int says_our_way(const struct linking *linking)
{
    size_t len = linking->way.len;
    char *way = malloc(len + 1);
    int result = 0;

    if (way == NULL)
        return -ENOMEM;
    ssize_t n = readlinkat(linking->folder_fd, linking->name, way, len + 1);
    if (n < 0 && errno != EINVAL && errno != ENOENT)
        result = -errno;
    else if (n >= 0)
        result = (size_t)n == len && memcmp(way, linking->way.data, len) == 0;
    free(way);
    return result;
}

static int is_same_file(const struct linking *linking)
{
    struct stat here;
    struct stat there;
    int fd =
        file_open_beneath(linking->link->root_fd, linking->link->placed, O_PATH | O_NOFOLLOW, 0);
    int result = 0;

    if (fd < 0)
        return fd;
    if (fstat(fd, &there) < 0)
        result = -errno;
    else if (fstatat(linking->folder_fd, linking->name, &here, AT_SYMLINK_NOFOLLOW) == 0)
        result = here.st_ino == there.st_ino && here.st_dev == there.st_dev;
    file_close(&fd);
    return result;
}

/* From a folder opened beneath the root, so that nobody's link is on the way. */
static int link_hard(const struct linking *linking)
{
    const char *placed = linking->link->placed;
    const char *name = last_component(placed);
    char *folder = strndup(placed, (size_t)(name - placed));
    int fd = folder == NULL
                 ? -ENOMEM
                 : file_open_beneath(linking->link->root_fd, folder[0] != '\0' ? folder : ".",
                                     O_RDONLY | O_DIRECTORY, 0);
    int code = fd < 0 ? fd : 0;

    free(folder);
    if (code == 0 && linkat(fd, name, linking->folder_fd, linking->name, 0) < 0)
        code = -errno;
    file_close(&fd);
    return code;
}

static int link_soft(const struct linking *linking)
{
    return symlinkat(strbuf_text(&linking->way), linking->folder_fd, linking->name) == 0 ? 0
                                                                                         : -errno;
}

/* A link is no document: what it says is replaced at once, or not at all. 1: done; 0: what has the
 * name is no link; or negative errno. */
static int replace_link(const struct linking *linking)
{
    char temporary[64];
    struct stat status;
    int code = 1;

    if (fstatat(linking->folder_fd, linking->name, &status, AT_SYMLINK_NOFOLLOW) < 0)
        return errno == ENOENT ? 0 : -errno;
    if (!S_ISLNK(status.st_mode))
        return 0;
    snprintf(temporary, sizeof temporary, ".taxond-%s.link", linking->link->id.text);
    (void)unlinkat(linking->folder_fd, temporary, 0);
    if (symlinkat(strbuf_text(&linking->way), linking->folder_fd, temporary) < 0)
        return -errno;
    if (renameat(linking->folder_fd, temporary, linking->folder_fd, linking->name) < 0) {
        code = -errno;
        (void)unlinkat(linking->folder_fd, temporary, 0);
    }
    return code;
}

/* 1: the link has this name; 0: the name is taken; or negative errno. */
static int try_name(const struct linking *linking)
{
    const struct place_link *link = linking->link;
    int code = link->hard ? link_hard(linking) : link_soft(linking);

    if (code == 0)
        return 1;
    if (code != -EEXIST)
        return code;
    code = link->hard ? is_same_file(linking) : says_our_way(linking);
    if (code == 0 && !link->hard && link->policy == CONFLICT_REPLACE_OLDER)
        code = replace_link(linking);
    return code;
}

static int make(struct linking *linking)
{
    unsigned last = linking->link->policy == CONFLICT_FAIL ? 1 : NUMBERS_MAX + 1;
    int code = 0;

    for (unsigned number = 1; code == 0 && number <= last; number++) {
        set_name(linking, number);
        code = try_name(linking);
    }
    return code == 0 ? -EEXIST : code;
}

static int begin(struct linking *linking, const char *folder)
{
    const char *name = last_component(linking->link->target);
    size_t len = strlen(name);

    if (len == 0 || len > NAME_BYTES_MAX)
        return -EBADMSG;
    memcpy(linking->base, name, len + 1);
    set_way(linking);
    if (linking->way.failed)
        return -ENOMEM;
    linking->folder_fd =
        file_mkdirs_owned(linking->link->root_fd, folder, &linking->link->folder, NULL);
    return linking->folder_fd < 0 ? linking->folder_fd : 0;
}

int place_link(struct place_link *link, struct err *err)
{
    struct linking linking = {.link = link, .way = STRBUF_INIT, .folder_fd = -1};
    size_t folder_len = (size_t)(last_component(link->target) - link->target);
    char *folder = strndup(link->target, folder_len > 0 ? folder_len - 1 : 0);
    int code = folder == NULL ? -ENOMEM : begin(&linking, folder);

    link->made = NULL;
    if (code == 0)
        code = make(&linking);
    if (code == 1 &&
        asprintf(&link->made, "%s%s%s", folder, folder_len > 0 ? "/" : "", linking.name) < 0) {
        link->made = NULL;
        code = -ENOMEM;
    }
    strbuf_release(&linking.way);
    file_close(&linking.folder_fd);
    free(folder);
    return code < 0 ? err_set(err, code, "%s: %s", link->target, strerror(-code)) : 0;
}
