/* jail_calls: every call of the deny-list, with arguments that no kernel takes: -1 for each. What
 * is refused by the filter says EPERM, what gets through finds a bad address, descriptor or value.
 *
 * Called by jail_checks.c in a locked-down child. The list is written out once more, rather than
 * taken from lockdown_seccomp.c: a name that is lost there is missed here. Calls that make a
 * process are the rogues' (rogue_processes.c).
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/fsverity.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "jail.h"

#define CALL(name)                                                                                 \
    {                                                                                              \
#name, SYS_##name                                                                          \
    }

struct call {
    const char *name;
    long number;
};

/* clang-format off */
static const struct call calls[] = {
    CALL(socket), CALL(socketpair), CALL(connect), CALL(bind), CALL(listen), CALL(accept),
    CALL(accept4), CALL(execve), CALL(execveat), CALL(setpgid), CALL(setsid), CALL(ptrace), CALL(process_vm_readv),
    CALL(process_vm_writev), CALL(process_madvise), CALL(process_mrelease), CALL(kcmp),
    CALL(migrate_pages), CALL(move_pages), CALL(pidfd_open), CALL(pidfd_getfd), CALL(kill),
    CALL(tkill), CALL(rt_sigqueueinfo), CALL(rt_tgsigqueueinfo), CALL(pidfd_send_signal),
    CALL(setrlimit), CALL(setpriority), CALL(ioprio_set), CALL(io_uring_setup), CALL(io_uring_enter),
    CALL(io_uring_register), CALL(bpf), CALL(userfaultfd), CALL(perf_event_open),
    CALL(personality), CALL(keyctl), CALL(add_key), CALL(request_key), CALL(lookup_dcookie),
    CALL(nfsservctl), CALL(mount), CALL(umount2), CALL(move_mount), CALL(open_tree), CALL(fsopen),
    CALL(fsconfig), CALL(fsmount), CALL(fspick), CALL(mount_setattr), CALL(pivot_root),
    CALL(chroot), CALL(unshare), CALL(setns), CALL(open_by_handle_at), CALL(name_to_handle_at),
    CALL(memfd_create), CALL(memfd_secret), CALL(inotify_add_watch), CALL(fanotify_init), CALL(fanotify_mark), CALL(fchmod),
    CALL(fchmodat), CALL(fchown), CALL(fchownat), CALL(utimensat), CALL(setxattr),
    CALL(lsetxattr), CALL(fsetxattr), CALL(removexattr), CALL(lremovexattr), CALL(fremovexattr),
    CALL(truncate), CALL(ftruncate), CALL(fallocate), CALL(shmget), CALL(shmat), CALL(shmctl),
    CALL(msgget), CALL(msgsnd), CALL(msgrcv), CALL(msgctl), CALL(semget), CALL(semop),
    CALL(semtimedop), CALL(semctl), CALL(mq_open), CALL(mq_unlink), CALL(mq_timedsend),
    CALL(mq_timedreceive), CALL(mq_notify), CALL(mq_getsetattr), CALL(kexec_load),
    CALL(kexec_file_load), CALL(init_module), CALL(finit_module), CALL(delete_module),
    CALL(swapon), CALL(swapoff), CALL(reboot), CALL(settimeofday), CALL(clock_settime),
    CALL(adjtimex), CALL(clock_adjtime), CALL(sethostname), CALL(setdomainname), CALL(acct),
    CALL(quotactl), CALL(quotactl_fd), CALL(syslog), CALL(vhangup),
    {"fchmodat2", 452}, {"setxattrat", 463}, {"removexattrat", 466}, {"open_tree_attr", 467},
    {"file_setattr", 469},
#if defined(__x86_64__)
    CALL(modify_ldt), CALL(uselib), CALL(chmod), CALL(chown), CALL(lchown), CALL(utime),
    CALL(utimes), CALL(futimesat), CALL(creat), CALL(iopl), CALL(ioperm),
#endif
};
/* clang-format on */

/* The argument that chooses what the call does, all others -1. */
static const struct {
    const char *name;
    long number, first, second;
} choices[] = {
    {"PR_SCHED_CORE", SYS_prctl, 62, -1},
    {"FIOSETOWN", SYS_ioctl, -1, FIOSETOWN},
    {"SIOCSPGRP", SYS_ioctl, -1, SIOCSPGRP},
    {"FIOASYNC", SYS_ioctl, -1, FIOASYNC},
    {"TIOCLINUX", SYS_ioctl, -1, TIOCLINUX},
    {"FS_IOC_SETFLAGS", SYS_ioctl, -1, FS_IOC_SETFLAGS},
    {"FS_IOC_FSSETXATTR", SYS_ioctl, -1, FS_IOC_FSSETXATTR},
    {"FS_IOC_SETVERSION", SYS_ioctl, -1, FS_IOC_SETVERSION},
    {"FS_IOC_ENABLE_VERITY", SYS_ioctl, -1, FS_IOC_ENABLE_VERITY},
    {"F_SETLEASE", SYS_fcntl, -1, F_SETLEASE},
};

static int gets_through(const char *name, long result)
{
    if (result == -1 && errno == EPERM)
        return 0;
    printf("FAIL %s gets through (%s)\n", name, result == -1 ? strerrorname_np(errno) : "succeeds");
    fflush(stdout);
    return 1;
}

int calls_get_through(void)
{
    int through = 0;

    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
        through +=
            gets_through(calls[i].name, syscall(calls[i].number, -1L, -1L, -1L, -1L, -1L, -1L));
    for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++)
        through += gets_through(choices[i].name, syscall(choices[i].number, choices[i].first,
                                                         choices[i].second, -1L, -1L, -1L));
    return through;
}
