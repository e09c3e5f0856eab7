/* rogue_neighbours: attempts on other processes, the supervisor first of all. Part of the rogue
 * plugins. The parent has the signals in question blocked and looks afterwards.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "rogue.h"

#define HIGH_BIT (1L << 32) /* of an argument of which the kernel takes the low half */

static int signal_nothing(void)
{
    return rogue_outcome(kill(rogue_ground.parent, 0));
}

static int signal_parent(void)
{
    return rogue_outcome(kill(rogue_ground.parent, SIGTERM));
}

static int signal_everybody(void)
{
    return rogue_outcome(kill(-1, 0));
}

static int signal_thread(void)
{
    return rogue_outcome(syscall(SYS_tkill, rogue_ground.parent, SIGTERM));
}

static int signal_group_thread(void)
{
    return rogue_outcome(syscall(SYS_tgkill, rogue_ground.parent, rogue_ground.parent, SIGTERM));
}

static int signal_queued(void)
{
    siginfo_t info;

    memset(&info, 0, sizeof info);
    info.si_code = SI_QUEUE;
    return rogue_outcome(syscall(SYS_rt_sigqueueinfo, rogue_ground.parent, SIGTERM, &info));
}

static int signal_thread_queued(void)
{
    siginfo_t info;

    memset(&info, 0, sizeof info);
    info.si_code = SI_QUEUE;
    return rogue_outcome(
        syscall(SYS_rt_tgsigqueueinfo, rogue_ground.parent, rogue_ground.parent, SIGTERM, &info));
}

static int open_parent(void)
{
    return rogue_outcome_fd(syscall(SYS_pidfd_open, rogue_ground.parent, 0));
}

static int signal_by_fd(void)
{
    return rogue_outcome(syscall(SYS_pidfd_send_signal, rogue_ground.parent_fd, SIGTERM, NULL, 0));
}

static int steal_descriptor(void)
{
    return rogue_outcome_fd(syscall(SYS_pidfd_getfd, rogue_ground.parent_fd, 0, 0));
}

/* Whoever owns a descriptor is signalled when something happens to it. */
static int own_by_parent(void)
{
    return rogue_outcome(fcntl(rogue_ground.socket_fd, F_SETOWN, rogue_ground.parent));
}

static int own_by_parent_extended(void)
{
    const struct f_owner_ex owner = {F_OWNER_PID, rogue_ground.parent};

    return rogue_outcome(fcntl(rogue_ground.socket_fd, F_SETOWN_EX, &owner));
}

static int own_by_parent_high_bit(void)
{
    return rogue_outcome(
        syscall(SYS_fcntl, rogue_ground.socket_fd, HIGH_BIT | F_SETOWN, rogue_ground.parent));
}

static int choose_signal(void)
{
    return rogue_outcome(fcntl(rogue_ground.socket_fd, F_SETSIG, SIGKILL));
}

static int switch_signals_on(void)
{
    return rogue_outcome(fcntl(rogue_ground.socket_fd, F_SETFL, O_ASYNC));
}

static int read_parent_limit(void)
{
    struct rlimit limit;

    return rogue_outcome(prlimit(rogue_ground.parent, RLIMIT_NOFILE, NULL, &limit));
}

static int set_parent_limit(void)
{
    const struct rlimit limit = {8, 8};

    return rogue_outcome(prlimit(rogue_ground.parent, RLIMIT_NOFILE, &limit, NULL));
}

static int lower_parent(void)
{
    return rogue_outcome(setpriority(PRIO_PROCESS, (id_t)rogue_ground.parent, 19));
}

/* A user who has no processes: a filter with a hole must not slow the machine down. */
static int lower_user(void)
{
    return rogue_outcome(setpriority(PRIO_USER, 4000000001u, 19));
}

static int idle_parent(void)
{
    const struct sched_param param = {0};

    return rogue_outcome(sched_setscheduler(rogue_ground.parent, SCHED_IDLE, &param));
}

static int bind_parent(void)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    CPU_SET(0, &set);
    return rogue_outcome(sched_setaffinity(rogue_ground.parent, sizeof set, &set));
}

static int slow_parent(void)
{
    return rogue_outcome(syscall(SYS_ioprio_set, 1, rogue_ground.parent, 3 << 13));
}

static int attach_parent(void)
{
    return rogue_outcome(ptrace(PTRACE_ATTACH, rogue_ground.parent, NULL, NULL));
}

static int read_parent_memory(void)
{
    char byte;
    struct iovec here = {&byte, 1};
    struct iovec there = {&rogue_ground, 1};

    return rogue_outcome(process_vm_readv(rogue_ground.parent, &here, 1, &there, 1, 0));
}

static int compare_parent(void)
{
    return rogue_outcome(syscall(SYS_kcmp, getpid(), rogue_ground.parent, 0, 0, 0));
}

static int outlive_parent(void)
{
    return rogue_outcome(prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0));
}

static int be_traced(void)
{
    return rogue_outcome(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
}

static int be_traced_high_bit(void)
{
    return rogue_outcome(syscall(SYS_prctl, HIGH_BIT | PR_SET_DUMPABLE, 1, 0, 0, 0));
}

const struct rogue_attempt rogue_neighbour_attempts[] = {
    {"kill the parent with 0", EPERM, ROGUE_HARMLESS, signal_nothing},
    {"kill the parent with SIGTERM", EPERM, ROGUE_HARMLESS, signal_parent},
    {"kill everybody with 0", EPERM, 0, signal_everybody},
    {"tkill", EPERM, ROGUE_HARMLESS, signal_thread},
    {"tgkill", EPERM, ROGUE_HARMLESS, signal_group_thread},
    {"rt_sigqueueinfo", EPERM, ROGUE_HARMLESS, signal_queued},
    {"rt_tgsigqueueinfo", EPERM, ROGUE_HARMLESS, signal_thread_queued},
    {"pidfd_open", EPERM, ROGUE_HARMLESS, open_parent},
    {"pidfd_send_signal", EPERM, ROGUE_HARMLESS, signal_by_fd},
    {"pidfd_getfd", EPERM, 0, steal_descriptor},
    {"F_SETOWN", EPERM, 0, own_by_parent},
    {"F_SETOWN_EX", EPERM, 0, own_by_parent_extended},
    {"F_SETOWN with a high bit", EPERM, 0, own_by_parent_high_bit},
    {"F_SETSIG", EPERM, 0, choose_signal},
    {"O_ASYNC", EPERM, 0, switch_signals_on},
    {"read the parent's limits", EPERM, ROGUE_HARMLESS, read_parent_limit},
    {"set the parent's limits", EPERM, 0, set_parent_limit},
    {"setpriority of the parent", EPERM, 0, lower_parent},
    {"setpriority of a user", EPERM, 0, lower_user},
    {"sched_setscheduler of the parent", EPERM, 0, idle_parent},
    {"sched_setaffinity of the parent", EPERM, 0, bind_parent},
    {"ioprio_set of the parent", EPERM, 0, slow_parent},
    {"ptrace the parent", EPERM, 0, attach_parent},
    {"process_vm_readv of the parent", EPERM, 0, read_parent_memory},
    {"kcmp with the parent", EPERM, 0, compare_parent},
    {"PR_SET_PDEATHSIG", EPERM, ROGUE_HARMLESS, outlive_parent},
    {"PR_SET_DUMPABLE", EPERM, ROGUE_HARMLESS, be_traced},
    {"PR_SET_DUMPABLE with a high bit", EPERM, 0, be_traced_high_bit},
    {NULL, 0, 0, NULL},
};
