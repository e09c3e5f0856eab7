/* base/file_system: what a file system is, by the number that statfs(2) gives.
 *
 * For those who must know what no call tells: whether inotify(7) and leases see every writer (not
 * those on other machines, nor whoever stands behind a FUSE mount), and whether it is on a disk.
 * A network's file system that is not in the table counts as local.
 */
#include "base/file_system.h"

#include <stddef.h>
#include <sys/vfs.h>

/* linux/magic.h, and statfs(2) for those that it lacks. */
static const struct file_system file_systems[] = {
    {0xEF53, "ext4", false, false},        {0x58465342, "xfs", false, false},
    {0x9123683E, "btrfs", false, false},   {0xF2F52010, "f2fs", false, false},
    {0x2FC12FC1, "zfs", false, false},     {0xCA451A4E, "bcachefs", false, false},
    {0x01021994, "tmpfs", false, true},    {0x858458F6, "ramfs", false, true},
    {0x794C7630, "overlay", false, false}, {0x65735546, "fuse", true, false},
    {0x6969, "nfs", true, false},          {0xFF534D42, "cifs", true, false},
    {0xFE534D42, "smb2", true, false},     {0x01021997, "9p", true, false},
    {0x00C36400, "ceph", true, false},     {0x4D44, "vfat", false, false},
    {0x2011BAB0, "exfat", false, false},   {0x7366746E, "ntfs3", false, false},
};

const struct file_system *file_system_find(uint64_t magic)
{
    for (size_t i = 0; i < sizeof file_systems / sizeof file_systems[0]; i++)
        if (file_systems[i].magic == magic)
            return &file_systems[i];
    return NULL;
}

const struct file_system *file_system_of(int fd)
{
    struct statfs status;

    if (fstatfs(fd, &status) < 0)
        return NULL;
    /* A word of 32 bits that some architectures extend with its sign. */
    return file_system_find((uint64_t)status.f_type & 0xFFFFFFFF);
}
