/* inbox/move: renames between the inbox and our private folder that never replace anything.
 *
 * RENAME_NOREPLACE does it in one step. Some file systems (NFS among them) answer EINVAL to any
 * flag. There, into our folder a plain rename does, since nobody else makes names there and ids are
 * used once; out of it link(2) does, which never replaces, and then only our own name is removed.
 */
#include "inbox/move.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"

int move_in(int from_dir, const char *from, int to_dir, const char *to)
{
    int code = file_rename_noreplace(from_dir, from, to_dir, to);

    if (code != -EINVAL)
        return code;
    if (faccessat(to_dir, to, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
        return -EEXIST;
    return renameat(from_dir, from, to_dir, to) < 0 ? -errno : 0;
}

int move_out(int from_dir, const char *from, int to_dir, const char *to)
{
    int code = file_rename_noreplace(from_dir, from, to_dir, to);

    if (code != -EINVAL)
        return code;
    if (linkat(from_dir, from, to_dir, to, 0) < 0)
        return -errno;
    return unlinkat(from_dir, from, 0) < 0 ? -errno : 0;
}
