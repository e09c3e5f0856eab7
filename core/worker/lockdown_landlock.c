/* worker/lockdown_landlock: files, network and signals, by Landlock (landlock(7)).
 *
 * Called by worker/lockdown, once a layer; rulesets stack, so the second only takes away. By raw
 * system calls, with the constants written out: Debian 12's <linux/landlock.h> ends at version 2,
 * and the kernel may be much newer. What a version lacks, the deny-list in
 * lockdown_seccomp.c carries; what no version has (stat, chdir, flock, O_PATH: names and sizes can
 * be looked at) is stated in docs/security.md.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"
#include "worker/lockdown_piece.h"

/* include/uapi/linux/landlock.h of Linux 6.15. The numbers are the same on every architecture. */
#define CREATE_RULESET_NUMBER  444
#define ADD_RULE_NUMBER        445
#define RESTRICT_SELF_NUMBER   446
#define CREATE_RULESET_VERSION (1u << 0)
#define RULE_PATH_BENEATH      1

#define FS_READ_FILE      (UINT64_C(1) << 2)
#define FS_READ_DIR       (UINT64_C(1) << 3)
#define FS_ALL_OF_1       ((UINT64_C(1) << 13) - 1) /* execute, write, read, make and remove */
#define FS_REFER          (UINT64_C(1) << 13)       /* rename and link across folders */
#define FS_TRUNCATE       (UINT64_C(1) << 14)
#define FS_IOCTL_DEV      (UINT64_C(1) << 15)
#define NET_BIND_TCP      (UINT64_C(1) << 0)
#define NET_CONNECT_TCP   (UINT64_C(1) << 1)
#define SCOPE_UNIX_SOCKET (UINT64_C(1) << 0) /* abstract Unix sockets */
#define SCOPE_SIGNAL      (UINT64_C(1) << 1)

#define VERSION_NETWORK 4
#define VERSION_SIGNALS 6
#define VERSION_NEWEST  7 /* 7 adds what is written to the audit log: left as it is */

struct ruleset {
    uint64_t handled_fs;
    uint64_t handled_net; /* from version 4 */
    uint64_t scoped;      /* from version 6 */
};

struct path_beneath {
    uint64_t allowed;
    int32_t parent_fd;
} __attribute__((packed));

int lockdown_landlock_version(void)
{
    long version = syscall(CREATE_RULESET_NUMBER, NULL, 0, CREATE_RULESET_VERSION);

    if (version < 0)
        return 0;
    return version > VERSION_NEWEST ? VERSION_NEWEST : (int)version;
}

/* Everything that the version can refuse. A kernel that does not know a later member takes the
 * longer struct as long as that member is zero. */
static int make_ruleset(int version)
{
    struct ruleset ruleset = {.handled_fs = FS_ALL_OF_1};

    if (version >= 2)
        ruleset.handled_fs |= FS_REFER;
    if (version >= 3)
        ruleset.handled_fs |= FS_TRUNCATE;
    if (version >= VERSION_NETWORK)
        ruleset.handled_net = NET_BIND_TCP | NET_CONNECT_TCP;
    if (version >= 5)
        ruleset.handled_fs |= FS_IOCTL_DEV;
    if (version >= VERSION_SIGNALS)
        ruleset.scoped = SCOPE_UNIX_SOCKET | SCOPE_SIGNAL;
    /* Close-on-exec by itself. */
    long fd = syscall(CREATE_RULESET_NUMBER, &ruleset, sizeof ruleset, 0);
    return fd < 0 ? -errno : (int)fd;
}

/* EBADFD: a file of a file system without paths (memfd), which Landlock always lets be read. */
static int allow_reading(int ruleset_fd, const char *path, struct err *err)
{
    struct path_beneath rule = {.allowed = FS_READ_FILE};
    struct stat info;
    int fd = open(path, O_PATH | O_CLOEXEC);
    int code = 0;

    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR
                   ? 0
                   : err_set(err, -errno, "landlock: %s: %s", path, strerror(errno));
    rule.parent_fd = fd;
    if (fstat(fd, &info) == 0 && S_ISDIR(info.st_mode))
        rule.allowed |= FS_READ_DIR;
    if (syscall(ADD_RULE_NUMBER, ruleset_fd, RULE_PATH_BENEATH, &rule, 0) < 0 && errno != EBADFD)
        code = err_set(err, -errno, "landlock: rule for %s: %s", path, strerror(errno));
    file_close(&fd);
    return code;
}

static int allow_all_reading(const struct lockdown *lockdown, int ruleset_fd, struct err *err)
{
    static const char *const system[] = {"/lib",       "/lib64",         "/usr/lib",
                                         "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache"};
    int code = 0;

    for (size_t i = 0; i < sizeof system / sizeof system[0] && code == 0; i++)
        code = allow_reading(ruleset_fd, system[i], err);
    for (size_t i = 0; i < lockdown->read_folder_count && code == 0; i++)
        code = allow_reading(ruleset_fd, lockdown->read_folders[i], err);
    return code;
}

/* `lockdown` is NULL for no path rule at all. */
static int restrict_self(const struct lockdown *lockdown, struct err *err)
{
    int version = lockdown_landlock_version();
    int code = 0;

    if (version == 0)
        return err_set(err, -EOPNOTSUPP, "the kernel has no Landlock, or it is not switched on");
    int fd = make_ruleset(version);
    if (fd < 0)
        return err_set(err, fd, "landlock: %s", strerror(-fd));
    if (lockdown != NULL)
        code = allow_all_reading(lockdown, fd, err);
    if (code == 0 && syscall(RESTRICT_SELF_NUMBER, fd, 0) < 0)
        code = err_set(err, -errno, "landlock: %s", strerror(errno));
    file_close(&fd);
    return code;
}

static int must_not_open(const char *path, struct err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (fd < 0 && (errno == EACCES || errno == ENOENT || errno == ENOTDIR))
        return 0;
    int code = fd < 0 ? -errno : -EPERM;
    file_close(&fd);
    return err_set(err, code, "landlock is set, but does not refuse to open %s", path);
}

/* Where no socket can be had there is nothing to refuse. Port 0 of the own machine, should it not
 * be refused, harms nobody. */
static int must_not_bind(struct err *err)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return 0;
    bool refused = bind(fd, (const struct sockaddr *)&address, sizeof address) < 0;
    file_close(&fd);
    return refused ? 0 : err_set(err, -EPERM, "landlock is set, but does not refuse to bind");
}

static int must_not_signal(struct err *err)
{
    pid_t parent = getppid(); /* 0 when it is in another namespace */

    if (parent == 0 || kill(parent, 0) < 0)
        return 0;
    return err_set(err, -EPERM, "landlock is set, but does not refuse to signal the supervisor");
}

/* The network and the signals can be tried only now: after seccomp no call gets as far. */
int lockdown_landlock_read_only(const struct lockdown *lockdown, struct err *err)
{
    int version = lockdown_landlock_version();
    int code = restrict_self(lockdown, err);

    if (code == 0)
        code = must_not_open("/", err);
    if (code == 0 && version >= VERSION_NETWORK)
        code = must_not_bind(err);
    if (code == 0 && version >= VERSION_SIGNALS)
        code = must_not_signal(err);
    return code;
}

/* Files are out of reach since the second layer: what is new is whom it shares the domain with. */
int lockdown_landlock_own_domain(struct err *err)
{
    return restrict_self(NULL, err);
}

/* Tried on what the first layer let be read. */
int lockdown_landlock_nothing(const struct lockdown *lockdown, struct err *err)
{
    int code = restrict_self(NULL, err);

    if (code == 0)
        code = must_not_open("/lib", err);
    if (code == 0)
        code = must_not_open("/usr/lib", err);
    if (code == 0)
        code = must_not_open("/etc/ld.so.cache", err);
    for (size_t i = 0; i < lockdown->read_folder_count && code == 0; i++)
        code = must_not_open(lockdown->read_folders[i], err);
    return code;
}
