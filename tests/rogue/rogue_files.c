/* rogue_files: attempts at files: to read what is none of a plugin's business, and to change
 * anything at all. Part of the rogue plugins.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "rogue.h"

#define FCHMODAT2_NUMBER  452 /* Linux 6.6 */
#define SETXATTRAT_NUMBER 463 /* Linux 6.13 */

struct path {
    char text[2 * ROGUE_PATH_SIZE];
};

static struct path in_scratch(const char *name)
{
    struct path path;

    snprintf(path.text, sizeof path.text, "%s/%s", rogue_ground.scratch, name);
    return path;
}

static int try_open(const char *path, int flags)
{
    return rogue_outcome_fd(open(path, flags | O_CLOEXEC, 0600));
}

static int read_passwd(void)
{
    return try_open("/etc/passwd", O_RDONLY);
}

static int read_hostname(void)
{
    return access("/etc/hostname", F_OK) < 0 ? ROGUE_ABSENT : try_open("/etc/hostname", O_RDONLY);
}

static int read_root_folder(void)
{
    return try_open("/", O_RDONLY | O_DIRECTORY);
}

static int read_environment(void)
{
    return try_open("/proc/self/environ", O_RDONLY);
}

static int read_target(void)
{
    return try_open(rogue_ground.target, O_RDONLY);
}

static int read_plugin_folder(void)
{
    return try_open(rogue_ground.inside, O_RDONLY);
}

static int read_libraries(void)
{
    return try_open("/usr/lib", O_RDONLY | O_DIRECTORY);
}

static int write_plugin_folder(void)
{
    return try_open(rogue_ground.inside, O_WRONLY);
}

static int write_target(void)
{
    return try_open(rogue_ground.target, O_WRONLY);
}

static int create_file(void)
{
    return try_open(in_scratch("created").text, O_WRONLY | O_CREAT | O_EXCL);
}

static int create_unnamed(void)
{
    return try_open(rogue_ground.scratch, O_WRONLY | O_TMPFILE);
}

static int reopen_document(void)
{
    char path[64];

    snprintf(path, sizeof path, "/proc/self/fd/%d", rogue_ground.document_fd);
    return try_open(path, O_RDWR);
}

static int open_truncating(void)
{
    return try_open(rogue_ground.target, O_RDONLY | O_TRUNC);
}

static int open_by_openat2(void)
{
    struct {
        uint64_t flags, mode, resolve;
    } how = {O_RDONLY | O_CLOEXEC, 0, 0};

    return rogue_outcome_fd(syscall(SYS_openat2, AT_FDCWD, rogue_ground.inside, &how, sizeof how));
}

static int truncate_path(void)
{
    return rogue_outcome(truncate(rogue_ground.target, 0));
}

static int truncate_fd(void)
{
    return rogue_outcome(ftruncate(rogue_ground.target_fd, 1));
}

static int grow_fd(void)
{
    return rogue_outcome(write(rogue_ground.target_fd, "grown", 5));
}

static int allocate(void)
{
    return rogue_outcome(fallocate(rogue_ground.target_fd, 0, 0, 4096));
}

static int change_mode(void)
{
    return rogue_outcome(chmod(rogue_ground.target, 0666));
}

static int change_mode_fd(void)
{
    return rogue_outcome(fchmod(rogue_ground.document_fd, 0666));
}

static int change_mode_new(void)
{
    return rogue_outcome(syscall(FCHMODAT2_NUMBER, AT_FDCWD, rogue_ground.target, 0666, 0));
}

static int change_owner(void)
{
    return rogue_outcome(lchown(rogue_ground.target, getuid(), getgid()));
}

static int change_times(void)
{
    const struct timespec times[2] = {{1, 0}, {1, 0}};

    return rogue_outcome(utimensat(AT_FDCWD, rogue_ground.target, times, 0));
}

static int change_times_fd(void)
{
    const struct timespec times[2] = {{1, 0}, {1, 0}};

    return rogue_outcome(futimens(rogue_ground.document_fd, times));
}

static int set_attribute(void)
{
    return rogue_outcome(setxattr(rogue_ground.target, "user.rogue", "1", 1, 0));
}

static int set_attribute_new(void)
{
    return rogue_outcome(
        syscall(SETXATTRAT_NUMBER, AT_FDCWD, rogue_ground.target, 0, "user.rogue", NULL, 0));
}

static int remove_attribute(void)
{
    return rogue_outcome(fremovexattr(rogue_ground.document_fd, "user.rogue"));
}

static int set_flags(void)
{
    long flags = FS_NOATIME_FL;

    return rogue_outcome(ioctl(rogue_ground.document_fd, FS_IOC_SETFLAGS, &flags));
}

static int make_folder(void)
{
    return rogue_outcome(mkdir(in_scratch("folder").text, 0700));
}

static int make_symlink(void)
{
    return rogue_outcome(symlink("/etc/passwd", in_scratch("symlink").text));
}

static int make_link(void)
{
    return rogue_outcome(link(rogue_ground.target, in_scratch("link").text));
}

static int make_fifo(void)
{
    return rogue_outcome(mkfifo(in_scratch("fifo").text, 0600));
}

static int rename_file(void)
{
    return rogue_outcome(rename(in_scratch("victim").text, in_scratch("renamed").text));
}

static int unlink_file(void)
{
    const char *left = access(in_scratch("victim").text, F_OK) == 0 ? "victim" : "renamed";

    return rogue_outcome(unlink(in_scratch(left).text));
}

static int remove_folder(void)
{
    return rogue_outcome(rmdir(in_scratch("empty").text));
}

static int watch_folder(void)
{
    int fd = inotify_init1(IN_CLOEXEC);
    int result = fd < 0 ? errno : rogue_outcome(inotify_add_watch(fd, "/tmp", IN_CREATE));

    if (fd >= 0)
        close(fd);
    return result;
}

static int take_handle(void)
{
    struct {
        struct file_handle handle;
        unsigned char room[MAX_HANDLE_SZ];
    } space = {.handle.handle_bytes = MAX_HANDLE_SZ};
    int mount;

    return rogue_outcome(name_to_handle_at(AT_FDCWD, "/tmp", &space.handle, &mount, 0));
}

static int open_handle(void)
{
    struct file_handle handle = {.handle_bytes = 0};

    return rogue_outcome_fd(open_by_handle_at(AT_FDCWD, &handle, O_RDONLY));
}

static int hold_lease(void)
{
    return rogue_outcome(fcntl(rogue_ground.document_fd, F_SETLEASE, F_RDLCK));
}

const struct rogue_attempt rogue_file_attempts[] = {
    {"read /etc/passwd", EACCES, ROGUE_HARMLESS, read_passwd},
    {"read /etc/hostname", EACCES, ROGUE_HARMLESS, read_hostname},
    {"list /", EACCES, ROGUE_HARMLESS, read_root_folder},
    {"read /proc/self/environ", EACCES, 0, read_environment},
    {"read a file in /tmp", EACCES, ROGUE_HARMLESS, read_target},
    {"read the plugin folder", EACCES, ROGUE_ALLOWED_AT_OPEN, read_plugin_folder},
    {"list the system's libraries", EACCES, ROGUE_ALLOWED_AT_OPEN, read_libraries},
    {"open a plugin for writing", EACCES, 0, write_plugin_folder},
    {"open for writing", EACCES, ROGUE_HARMLESS, write_target},
    {"create a file", EACCES, ROGUE_HARMLESS, create_file},
    {"create an unnamed file", EACCES, 0, create_unnamed},
    {"reopen a document for writing", EACCES, ROGUE_HARMLESS, reopen_document},
    {"open by openat2", ENOSYS, 0, open_by_openat2},
    {"chmod", EPERM, ROGUE_HARMLESS, change_mode},
    {"fchmod a document", EPERM, ROGUE_HARMLESS, change_mode_fd},
    {"fchmodat2", EPERM, 0, change_mode_new},
    {"chown", EPERM, ROGUE_HARMLESS, change_owner},
    {"utimensat", EPERM, ROGUE_HARMLESS, change_times},
    {"futimens a document", EPERM, ROGUE_HARMLESS, change_times_fd},
    {"setxattr", EPERM, 0, set_attribute},
    {"setxattrat", EPERM, 0, set_attribute_new},
    {"fremovexattr a document", EPERM, 0, remove_attribute},
    {"set a document's flags", EPERM, 0, set_flags},
    {"write to an open file", EFBIG, 0, grow_fd},
    {"fallocate", EPERM, 0, allocate},
    {"ftruncate", EPERM, ROGUE_HARMLESS, truncate_fd},
    {"open with O_TRUNC", EPERM, ROGUE_HARMLESS, open_truncating},
    {"truncate", EPERM, ROGUE_HARMLESS, truncate_path},
    {"mkdir", EACCES, ROGUE_HARMLESS, make_folder},
    {"symlink", EACCES, ROGUE_HARMLESS, make_symlink},
    {"link", EACCES, ROGUE_HARMLESS, make_link},
    {"mkfifo", EACCES, ROGUE_HARMLESS, make_fifo},
    {"rename", EACCES, ROGUE_HARMLESS, rename_file},
    {"unlink", EACCES, ROGUE_HARMLESS, unlink_file},
    {"rmdir", EACCES, ROGUE_HARMLESS, remove_folder},
    {"watch a folder", EPERM, ROGUE_HARMLESS, watch_folder},
    {"take a file handle", EPERM, 0, take_handle},
    {"open a file handle", EPERM, 0, open_handle},
    {"hold a lease", EPERM, 0, hold_lease},
    {NULL, 0, 0, NULL},
};
