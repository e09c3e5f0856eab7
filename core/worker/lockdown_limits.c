/* worker/lockdown_limits: what a process can lay down by itself, without a filter: resources,
 * environment, capabilities, its readiness to outlive the supervisor.
 *
 * Called by worker/lockdown, before any plugin is mapped. Nothing here is undone.
 */
#include <errno.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "worker/lockdown_piece.h"

/* A configuration has at most 256 plugins, each a descriptor until it is mapped. */
#define DESCRIPTORS_MAX (2 * SETTINGS_SECTIONS_MAX)

/* The kernel's words that say "capability sets of version 3": two words of 32 bits each. */
#define CAPABILITY_WORDS _LINUX_CAPABILITY_U32S_3

static int set_limit(int resource, const char *name, uint64_t value, struct err *err)
{
    struct rlimit limit;

    if (getrlimit((__rlimit_resource_t)resource, &limit) < 0)
        return err_set(err, -errno, "getrlimit %s: %s", name, strerror(errno));
    if (limit.rlim_max == RLIM_INFINITY || limit.rlim_max > value)
        limit.rlim_max = value;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit((__rlimit_resource_t)resource, &limit) < 0)
        return err_set(err, -errno, "setrlimit %s: %s", name, strerror(errno));
    return 0;
}

int lockdown_limit_resources(const struct lockdown *lockdown, struct err *err)
{
    const struct {
        int resource;
        const char *name;
        uint64_t value;
        bool sanitized; /* holds under a sanitizer too */
    } limits[] = {
        {RLIMIT_CORE, "RLIMIT_CORE", 0, true},
        /* Replies go to a socket and the stage is written to mapped memory: no file grows but the
         * spool that a container's members go to, the only one that is ever open for writing. */
        {RLIMIT_FSIZE, "RLIMIT_FSIZE", lockdown->file_bytes, false},
        {RLIMIT_NOFILE, "RLIMIT_NOFILE", DESCRIPTORS_MAX, true},
        {RLIMIT_MEMLOCK, "RLIMIT_MEMLOCK", 0, true},
        {RLIMIT_MSGQUEUE, "RLIMIT_MSGQUEUE", 0, true},
    };

    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        if (LOCKDOWN_SANITIZED && !limits[i].sanitized)
            continue;
        int code = set_limit(limits[i].resource, limits[i].name, limits[i].value, err);
        if (code < 0)
            return code;
    }
    if (signal(SIGXFSZ, SIG_IGN) == SIG_ERR) /* a write beyond RLIMIT_FSIZE: EFBIG, not death */
        return err_set(err, -errno, "signal SIGXFSZ: %s", strerror(errno));
    if (LOCKDOWN_SANITIZED || lockdown->memory_bytes == 0)
        return 0;
    return set_limit(RLIMIT_AS, "RLIMIT_AS", lockdown->memory_bytes, err);
}

/* A parent that died before the request sends no signal, but leaves another parent: compared rather
 * than with 1, which is who a supervisor is that a container was started with, and which is not who
 * inherits below a subreaper. One that died before this function is seen by the worker as the end
 * of its socket. */
int lockdown_die_with_parent(struct err *err)
{
    pid_t parent = getppid();

    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
        return err_set(err, -errno, "PR_SET_PDEATHSIG: %s", strerror(errno));
    if (getppid() != parent)
        return err_set(err, -ESRCH, "the supervisor has ended");
    return 0;
}

/* The strings themselves stay on the stack, for a plugin that digs there: whoever starts a worker
 * gives it an empty environment to begin with (pool/worker_process). */
int lockdown_scrub_environment(struct err *err)
{
    if (clearenv() != 0 || setenv("LANG", "C.UTF-8", 1) < 0)
        return err_set(err, -ENOMEM, "out of memory for the environment");
    umask(077);
    return 0;
}

/* No core, no ptrace by the same user's processes, /proc/PID root's. The sanitizers' leak check
 * would need the contrary. */
int lockdown_hide_memory(struct err *err)
{
    if (!LOCKDOWN_SANITIZED && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
        return err_set(err, -errno, "PR_SET_DUMPABLE: %s", strerror(errno));
    return 0;
}

static int get_capabilities(struct __user_cap_data_struct out_words[CAPABILITY_WORDS])
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};

    return syscall(SYS_capget, &header, out_words) < 0 ? -errno : 0;
}

bool lockdown_has_capabilities(void)
{
    struct __user_cap_data_struct words[CAPABILITY_WORDS];
    unsigned any = 0;

    if (get_capabilities(words) < 0)
        return true;
    for (size_t i = 0; i < CAPABILITY_WORDS; i++)
        any |= words[i].effective | words[i].permitted | words[i].inheritable;
    return any != 0;
}

/* The bounding set can only be emptied with CAP_SETPCAP, so first of all; who has it not has no use
 * for the set either, since nothing is executed any more. Past the last capability: EINVAL. */
static int drop_bounding_set(struct err *err)
{
    for (int capability = 0; capability <= 63; capability++) {
        if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0)
            continue;
        if (errno == EINVAL || errno == EPERM)
            return 0;
        return err_set(err, -errno, "PR_CAPBSET_DROP %d: %s", capability, strerror(errno));
    }
    return 0;
}

int lockdown_drop_capabilities(struct err *err)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[CAPABILITY_WORDS];
    int code = drop_bounding_set(err);

    if (code < 0)
        return code;
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
        return err_set(err, -errno, "PR_CAP_AMBIENT_CLEAR_ALL: %s", strerror(errno));
    memset(none, 0, sizeof none);
    if (syscall(SYS_capset, &header, none) < 0)
        return err_set(err, -errno, "capset: %s", strerror(errno));
    if (lockdown_has_capabilities())
        return err_set(err, -EPERM, "capabilities are left after they were dropped");
    return 0;
}
