/* base/xattr: extended attributes that belong to a document.
 *
 * Called wherever a document is copied, and when it is filed. Names and values are their writers';
 * they are carried as bytes and never looked at. The kernel bounds them: 64 KiB of names, 64 KiB a
 * value (xattr(7)).
 */
#include "base/xattr.h"

#include <errno.h>
#include <linux/limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>

static const char user_prefix[] = "user.";

/* What says that this file cannot have it, or that it went meanwhile: a document is filed without.
 */
static int bearable(int error)
{
    return error == EIO || error == ENOMEM ? -error : 0;
}

static int copy_one(int from_fd, int to_fd, const char *name, char *value)
{
    ssize_t len = fgetxattr(from_fd, name, value, XATTR_SIZE_MAX);

    if (len < 0)
        return bearable(errno);
    return fsetxattr(to_fd, name, value, (size_t)len, 0) == 0 ? 0 : bearable(errno);
}

static int copy_all(int from_fd, int to_fd, const char *names, size_t len, char *value)
{
    int code = 0;

    for (size_t at = 0; at < len && code == 0; at += strlen(names + at) + 1)
        if (strncmp(names + at, user_prefix, sizeof user_prefix - 1) == 0)
            code = copy_one(from_fd, to_fd, names + at, value);
    return code;
}

int xattr_copy_user(int from_fd, int to_fd)
{
    char *names;
    ssize_t len = flistxattr(from_fd, NULL, 0);
    int code;

    if (len <= 0) /* mostly there are none */
        return len < 0 ? bearable(errno) : 0;
    names = malloc(XATTR_LIST_MAX + XATTR_SIZE_MAX);
    if (names == NULL)
        return -ENOMEM;
    len = flistxattr(from_fd, names, XATTR_LIST_MAX);
    code = len < 0 ? bearable(errno)
                   : copy_all(from_fd, to_fd, names, (size_t)len, names + XATTR_LIST_MAX);
    free(names);
    return code;
}

int xattr_set_origin(int fd, const char *url)
{
    size_t len = strlen(url);

    if (len == 0 || len > XATTR_SIZE_MAX ||
        fsetxattr(fd, XATTR_ORIGIN_URL, url, len, XATTR_CREATE) == 0)
        return 0;
    return bearable(errno);
}
