/* worker/lockdown_seccomp: the system calls that a worker never needs, answered EPERM.
 *
 * Called by worker/lockdown, once, in the first layer. A deny-list: an allow-list breaks with every
 * libc. It carries what Landlock (lockdown_landlock.c) does not cover in any version, and once more
 * what an older version lacks. Arguments are compared as the kernel sees them: where it takes an
 * int out of a 64-bit register, only the low half counts, and a filter that looked at all of it
 * could be passed by setting a high bit.
 *
 * In a zygote two calls are not refused here but asked about: clone(2), which the supervisor lets
 * through once for each worker that it wants (pool/listener), and tgkill(2) to other numbers than
 * the zygote's own, since this filter is its workers' too and each of them has to reach itself
 * (abort(3)). With nobody at the other end both answer ENOSYS.
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/fsverity.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "worker/lockdown_piece.h"

#define LOW_HALF UINT64_C(0xffffffff)

/* Of seccomp_api_get(3): listeners and TSYNC together, from Linux 5.7 on; so also the answer that
 * lets a call go on (5.5). */
#define API_LISTENER 6u

#define X32_BIT 0x40000000L /* __X32_SYSCALL_BIT of <asm/unistd.h> */

#ifndef PR_SCHED_CORE
#define PR_SCHED_CORE 62 /* since Linux 5.14 */
#endif
#ifndef F_SETSIG
#define F_SETSIG 10
#endif

/* Denied whatever the arguments. Names that do not exist on this architecture are passed over. */
/* clang-format off */
static const char *const denied[] = {
    /* network: the worker has its one socket */
    "socket", "socketpair", "connect", "bind", "listen", "accept", "accept4",
    /* other programs, processes and threads; clone3 is apart, below */
    "execve", "execveat", "fork", "vfork",
    /* the zygote's group, by which the supervisor ends whatever was forked */
    "setpgid", "setsid",
    /* others' memory and descriptors */
    "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "process_mrelease",
    "kcmp", "migrate_pages", "move_pages", "pidfd_open", "pidfd_getfd",
    /* its own limits, by which it could starve later documents; prlimit64 is below */
    "setrlimit",
    /* others' lives; tgkill is below */
    "kill", "tkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_send_signal", "setpriority",
    "ioprio_set",
    /* large parts of the kernel that nothing here needs */
    "io_uring_setup", "io_uring_enter", "io_uring_register", "bpf", "userfaultfd",
    "perf_event_open", "modify_ldt", "personality", "keyctl", "add_key", "request_key",
    "lookup_dcookie", "nfsservctl", "uselib",
    /* the view of the file system */
    "mount", "umount", "umount2", "move_mount", "open_tree", "open_tree_attr", "fsopen",
    "fsconfig", "fsmount", "fspick", "mount_setattr", "pivot_root", "chroot", "unshare", "setns",
    /* files without a path, and news of others' files (which no Landlock covers) */
    "open_by_handle_at", "name_to_handle_at", "inotify_add_watch", "fanotify_init",
    "fanotify_mark",
    /* a file's attributes and length (Landlock: truncation from version 3 on, the rest never) */
    "chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "lchown", "fchownat",
    "chown32", "fchown32", "lchown32", "utime", "utimes", "utimensat", "utimensat_time64",
    "futimesat", "setxattr", "lsetxattr", "fsetxattr", "setxattrat", "removexattr",
    "lremovexattr", "fremovexattr", "removexattrat", "file_setattr", "truncate", "truncate64",
    "ftruncate", "ftruncate64", "fallocate", "creat",
    /* files in memory, which would grow as far as a spool may */
    "memfd_create", "memfd_secret",
    /* memory and queues shared by name */
    "ipc", "shmget", "shmat", "shmctl", "msgget", "msgsnd", "msgrcv", "msgctl", "semget", "semop",
    "semtimedop", "semtimedop_time64", "semctl", "mq_open", "mq_unlink", "mq_timedsend",
    "mq_timedsend_time64", "mq_timedreceive", "mq_timedreceive_time64", "mq_notify",
    "mq_getsetattr",
    /* the machine */
    "kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module", "swapon",
    "swapoff", "reboot", "settimeofday", "stime", "clock_settime", "clock_settime64", "adjtimex",
    "clock_adjtime", "clock_adjtime64", "sethostname", "setdomainname", "acct", "quotactl",
    "quotactl_fd", "syslog", "vhangup", "iopl", "ioperm",
};
/* clang-format on */

/* Younger than libseccomp 2.5.4. From Linux 5.1 on a new call has one number everywhere (but on
 * Alpha, where taxond is not built). */
static const struct {
    const char *name;
    int number;
} young[] = {
    {"fchmodat2", 452},      {"setxattrat", 463},   {"removexattrat", 466},
    {"open_tree_attr", 467}, {"file_setattr", 469},
};

static int number_of(const char *name)
{
    int number = seccomp_syscall_resolve_name(name);

    for (size_t i = 0; i < sizeof young / sizeof young[0] && number == __NR_SCMP_ERROR; i++)
        if (strcmp(young[i].name, name) == 0)
            number = young[i].number;
    assert(number != __NR_SCMP_ERROR); /* misspelt, or missing in `young` */
    return number;
}

static int rule(scmp_filter_ctx filter, uint32_t action, const char *name, unsigned count,
                const struct scmp_arg_cmp *compare)
{
    int number = number_of(name);

    if (number < 0) /* libseccomp's own numbers for calls that this architecture lacks */
        return 0;
    return seccomp_rule_add_array(filter, action, number, count, compare);
}

static int deny(scmp_filter_ctx filter, int answer, const char *name, unsigned count,
                const struct scmp_arg_cmp *compare)
{
    return rule(filter, SCMP_ACT_ERRNO((uint32_t)answer), name, count, compare);
}

static int deny_always(scmp_filter_ctx filter)
{
    int code = 0;

    for (size_t i = 0; i < sizeof denied / sizeof denied[0] && code == 0; i++)
        code = deny(filter, EPERM, denied[i], 0, NULL);
    /* Its arguments are in memory, out of a filter's sight; so is what openat2 opens (O_TRUNC).
     * ENOSYS lets libc fall back on the older call, which is judged by its arguments. */
    if (code == 0)
        code = deny(filter, ENOSYS, "clone3", 0, NULL);
    if (code == 0)
        code = deny(filter, ENOSYS, "openat2", 0, NULL);
    return code;
}

/* Refused, or the supervisor is asked. */
static int processes(scmp_filter_ctx filter, uint32_t action)
{
    const struct scmp_arg_cmp not_self = SCMP_A0_64(SCMP_CMP_NE, (uint64_t)getpid(), 0);
    int code = rule(filter, action, "clone", 0, NULL);

    return code == 0 ? rule(filter, action, "tgkill", 1, &not_self) : code;
}

/* Calls that are for oneself or for others, by the process that they name. */
static int deny_on_others(scmp_filter_ctx filter)
{
    static const char *const zero_is_self[] = {"prlimit64", "sched_setaffinity",
                                               "sched_setscheduler", "sched_setparam",
                                               "sched_setattr"};
    const struct scmp_arg_cmp not_zero = SCMP_A0_64(SCMP_CMP_NE, 0, 0);
    const struct scmp_arg_cmp sets_limit = SCMP_A2_64(SCMP_CMP_NE, 0, 0);
    int code = deny(filter, EPERM, "prlimit64", 1, &sets_limit);

    for (size_t i = 0; i < sizeof zero_is_self / sizeof zero_is_self[0] && code == 0; i++)
        code = deny(filter, EPERM, zero_is_self[i], 1, &not_zero);
    return code;
}

/* One value of an argument that chooses what the call does. */
static int deny_choice(scmp_filter_ctx filter, const char *name, unsigned argument, uint64_t value)
{
    const struct scmp_arg_cmp compare =
        SCMP_CMP64(argument, SCMP_CMP_MASKED_EQ, LOW_HALF, value & LOW_HALF);

    return deny(filter, EPERM, name, 1, &compare);
}

static int deny_choices(scmp_filter_ctx filter)
{
    static const struct {
        const char *name;
        unsigned argument;
        uint64_t value;
    } choices[] = {
        /* to be traced by others, to share a core with them */
        {"prctl", 0, PR_SET_DUMPABLE},
        {"prctl", 0, PR_SCHED_CORE},
        /* the kernel signals whoever "owns" a descriptor: a way to send any signal to anyone */
        {"fcntl", 1, F_SETOWN},
        {"fcntl", 1, F_SETOWN_EX},
        {"fcntl", 1, F_SETSIG},
        {"fcntl", 1, F_SETLEASE}, /* holds up everybody who opens the document */
        {"ioctl", 1, FIOSETOWN},
        {"ioctl", 1, SIOCSPGRP},
        {"ioctl", 1, FIOASYNC},
        {"ioctl", 1, TIOCSTI}, /* types into the terminal that taxond was started from */
        {"ioctl", 1, TIOCLINUX},
        {"ioctl", 1, FS_IOC_SETFLAGS},
        {"ioctl", 1, FS_IOC_FSSETXATTR},
        {"ioctl", 1, FS_IOC_SETVERSION},
        {"ioctl", 1, FS_IOC_ENABLE_VERITY}, /* the file could never be written again */
    };
    int code = 0;

    for (size_t i = 0; i < sizeof choices / sizeof choices[0] && code == 0; i++)
        code = deny_choice(filter, choices[i].name, choices[i].argument, choices[i].value);
    return code;
}

/* To outlive the supervisor. A forked worker has to ask for its death anew. */
static int deny_long_life(scmp_filter_ctx filter)
{
    const struct scmp_arg_cmp other_signal[] = {
        SCMP_A0_64(SCMP_CMP_MASKED_EQ, LOW_HALF, (uint64_t)PR_SET_PDEATHSIG),
        SCMP_A1_64(SCMP_CMP_NE, (uint64_t)SIGKILL, 0),
    };

    return deny(filter, EPERM, "prctl", 2, other_signal);
}

/* Truncation by opening to read, which Landlock sees from version 3 on; and the flag by which a
 * terminal signals its foreground group, F_SETOWN or not. */
static int deny_flags(scmp_filter_ctx filter)
{
    const struct scmp_arg_cmp open_flags =
        SCMP_A1_64(SCMP_CMP_MASKED_EQ, (uint64_t)O_TRUNC, (uint64_t)O_TRUNC);
    const struct scmp_arg_cmp openat_flags =
        SCMP_A2_64(SCMP_CMP_MASKED_EQ, (uint64_t)O_TRUNC, (uint64_t)O_TRUNC);
    const struct scmp_arg_cmp async[] = {
        SCMP_A1_64(SCMP_CMP_MASKED_EQ, LOW_HALF, (uint64_t)F_SETFL),
        SCMP_A2_64(SCMP_CMP_MASKED_EQ, (uint64_t)O_ASYNC, (uint64_t)O_ASYNC),
    };
    int code = deny(filter, EPERM, "open", 1, &open_flags);

    if (code == 0)
        code = deny(filter, EPERM, "openat", 1, &openat_flags);
    return code == 0 ? deny(filter, EPERM, "fcntl", 2, async) : code;
}

/* Any other architecture's calls, the 32-bit gate of a 64-bit process among them: the filter knows
 * no numbers of theirs and refuses all. libseccomp puts x32 with them. */
static int fill(scmp_filter_ctx filter, bool asking)
{
    int code = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(EPERM));

    if (code == 0)
        code = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
    if (code == 0)
        code = processes(filter, asking ? SCMP_ACT_NOTIFY : SCMP_ACT_ERRNO(EPERM));
    if (code == 0)
        code = deny_always(filter);
    if (code == 0)
        code = deny_long_life(filter);
    if (code == 0)
        code = deny_on_others(filter);
    if (code == 0)
        code = deny_choices(filter);
    return code == 0 ? deny_flags(filter) : code;
}

struct attempt {
    const char *name;
    long number, first, second;
    int answer;
};

static int verify(const struct attempt *calls, size_t count, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        long result = syscall(calls[i].number, calls[i].first, calls[i].second, 0, 0, 0);
        if (result != -1 || errno != calls[i].answer)
            return err_set(err, -EPERM, "seccomp is set, but does not refuse %s", calls[i].name);
    }
    return 0;
}

/* One call of each kind, with arguments that fail otherwise, should the filter not be there. */
static int verify_filter(struct err *err)
{
    const struct attempt calls[] = {
        {"socket", SYS_socket, AF_UNIX, -1, EPERM},
        {"execve", SYS_execve, 0, 0, EPERM},
        {"clone3", SYS_clone3, 0, 0, ENOSYS},
        {"kill", SYS_kill, getppid(), 0, EPERM},
        {"fchmod", SYS_fchmod, -1, 0, EPERM},
        {"ftruncate", SYS_ftruncate, -1, 0, EPERM},
        {"setxattrat", 463, -1, 0, EPERM},
#if defined(__x86_64__)
        {"x32 getpid", X32_BIT | SYS_getpid, 0, 0, EPERM},
#endif
    };

    return verify(calls, sizeof calls / sizeof calls[0], err);
}

int lockdown_seccomp_verify_processes(struct err *err)
{
    const struct attempt calls[] = {
        {"clone", SYS_clone, CLONE_THREAD, 0, EPERM},
        {"tgkill", SYS_tgkill, getppid(), getppid(), EPERM},
    };

    return verify(calls, sizeof calls / sizeof calls[0], err);
}

static int load(bool asking, int *out_listener_fd, struct err *err)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

    if (filter == NULL)
        return err_set(err, -ENOMEM, "seccomp: out of memory");
    int code = fill(filter, asking);
    if (code == 0)
        code = seccomp_load(filter);
    if (code == 0 && asking) {
        *out_listener_fd = seccomp_notify_fd(filter);
        if (*out_listener_fd < 0)
            code = *out_listener_fd;
    }
    seccomp_release(filter);
    return code < 0 ? err_set(err, code, "seccomp: %s", strerror(-code)) : 0;
}

/* A process has at most one listener: one that a container brought along leaves none for us. Then,
 * and on a kernel without, the filter refuses by itself. */
int lockdown_seccomp(int *listener_fd, struct err *err)
{
    bool asks = false;

    if (listener_fd != NULL) {
        *listener_fd = -1;
        asks = seccomp_api_get() >= API_LISTENER && load(true, listener_fd, err) == 0;
        err->text[0] = '\0';
    }
    int code = asks ? 0 : load(false, NULL, err);
    if (code == 0)
        code = verify_filter(err);
    if (code == 0 && !asks)
        code = lockdown_seccomp_verify_processes(err);
    return code;
}
