/* audit/tree: every file below a folder, in the order in which the file system has them.
 *
 * Called by check and rebuild. Symbolic links are files here and never followed. Memory is a path
 * and a descriptor for each level, however many files there are.
 */
#include "audit/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/strbuf.h"

struct walk {
    const struct tree_visitor *visitor;
    struct strbuf path;
    DIR *folders[TREE_DEPTH_MAX];
    size_t lens[TREE_DEPTH_MAX]; /* of the path of each */
    size_t depth;
};

static int enter(struct walk *walk, int parent_fd, const char *name)
{
    int fd;
    DIR *folder;

    if (walk->depth == TREE_DEPTH_MAX)
        return walk->visitor->unreadable(walk->visitor->context, strbuf_text(&walk->path),
                                         -ENAMETOOLONG);
    fd = openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    folder = fd < 0 ? NULL : fdopendir(fd);
    if (folder == NULL) {
        int code = -errno;

        file_close(&fd);
        if (code == -ENOENT || code == -ENOTDIR || code == -ELOOP) /* it went meanwhile */
            return 0;
        return walk->visitor->unreadable(walk->visitor->context, strbuf_text(&walk->path), code);
    }
    walk->folders[walk->depth] = folder;
    walk->lens[walk->depth++] = walk->path.len;
    return 0;
}

static int see(struct walk *walk, const char *name)
{
    DIR *folder = walk->folders[walk->depth - 1];
    size_t folder_len = walk->lens[walk->depth - 1];
    struct tree_file file = {.folder_fd = dirfd(folder)};

    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return 0;
    if (fstatat(file.folder_fd, name, &file.status, AT_SYMLINK_NOFOLLOW) < 0)
        return 0;
    if (folder_len > 0)
        strbuf_putc(&walk->path, '/');
    strbuf_puts(&walk->path, name);
    if (walk->path.failed)
        return -ENOMEM;
    file.path = strbuf_text(&walk->path);
    file.name = name;
    return S_ISDIR(file.status.st_mode) ? enter(walk, file.folder_fd, name)
                                        : walk->visitor->file(walk->visitor->context, &file);
}

static void cut_path(struct walk *walk, size_t len)
{
    walk->path.len = len;
    if (walk->path.data != NULL)
        walk->path.data[len] = '\0';
}

/* One entry of the innermost folder; at its end, back to the one above. */
static int step(struct walk *walk)
{
    struct dirent *entry;
    int code = 0;

    cut_path(walk, walk->lens[walk->depth - 1]);
    errno = 0;
    entry = readdir(walk->folders[walk->depth - 1]);
    if (entry != NULL)
        return see(walk, entry->d_name);
    if (errno != 0)
        code = walk->visitor->unreadable(walk->visitor->context, strbuf_text(&walk->path), -errno);
    closedir(walk->folders[--walk->depth]);
    return code;
}

int tree_walk(int root_fd, const struct tree_visitor *visitor)
{
    struct walk walk = {.visitor = visitor, .path = STRBUF_INIT};
    int code = enter(&walk, root_fd, ".");

    while (code == 0 && walk.depth > 0)
        code = step(&walk);
    while (walk.depth > 0)
        closedir(walk.folders[--walk.depth]);
    strbuf_release(&walk.path);
    return code;
}
