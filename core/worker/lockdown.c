/* worker/lockdown: the order of the lock-down, and what happens when a piece of it is missing.
 *
 * Called by worker/worker_setup. The pieces are in lockdown_limits, lockdown_landlock and
 * lockdown_seccomp. Nothing is remembered between the calls: what is in force is what the kernel
 * says when it is asked.
 */
#include "worker/lockdown.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "worker/lockdown_piece.h"

#define SECCOMP_FILTERING 2 /* SECCOMP_MODE_FILTER of <linux/seccomp.h> */

/* Landlock binds the thread that asks for it: another one would stay free. */
static int check_one_thread(struct err *err)
{
    struct stat info;

    if (stat("/proc/self/task", &info) < 0)
        return err_set(err, -errno, "/proc/self/task: %s", strerror(errno));
    if (info.st_nlink != 3) /* ".", ".." of each, and one thread */
        return err_set(err, -EBUSY, "the worker has more than one thread");
    return 0;
}

static int forbid_new_privileges(struct err *err)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return err_set(err, -errno, "PR_SET_NO_NEW_PRIVS: %s", strerror(errno));
    return 0;
}

/* Whether to go on after a piece. */
static int judge(const struct lockdown *lockdown, int code, struct err *err)
{
    if (code == 0)
        return 0;
    if (lockdown->mode == SANDBOX_PREFER) {
        err_set(err, 0, "%s", "");
        return 0;
    }
    return err_prefix(err, code, "cannot lock down (workers.sandbox)");
}

/* The death signal comes after the capabilities: the kernel forgets it when rights change. Landlock
 * comes before seccomp, which keeps it from being tried out. */
int lockdown_before_plugins(const struct lockdown *lockdown, struct err *err)
{
    int code = lockdown_limit_resources(lockdown, err);

    if (code < 0 || lockdown->mode == SANDBOX_OFF)
        return code < 0 ? code : lockdown_die_with_parent(err);
    if ((code = lockdown_scrub_environment(err)) < 0 ||
        (code = judge(lockdown, check_one_thread(err), err)) < 0 ||
        (code = judge(lockdown, lockdown_drop_capabilities(err), err)) < 0 ||
        (code = judge(lockdown, forbid_new_privileges(err), err)) < 0 ||
        (code = lockdown_die_with_parent(err)) < 0 ||
        (code = judge(lockdown, lockdown_hide_memory(err), err)) < 0 ||
        (code = judge(lockdown, lockdown_landlock_read_only(lockdown, err), err)) < 0)
        return code;
    return judge(lockdown, lockdown_seccomp(lockdown->listener_fd, err), err);
}

int lockdown_verify_asking(struct err *err)
{
    int code = lockdown_seccomp_verify_processes(err);

    return code == 0 ? 0 : err_prefix(err, code, "cannot lock down (workers.sandbox)");
}

int lockdown_before_documents(const struct lockdown *lockdown, struct err *err)
{
    if (lockdown->mode == SANDBOX_OFF)
        return 0;
    return judge(lockdown, lockdown_landlock_nothing(lockdown, err), err);
}

/* The death signal is the kernel's to forget at a fork; the rest is inherited. */
int lockdown_after_fork(const struct lockdown *lockdown, struct err *err)
{
    int code = lockdown_die_with_parent(err);

    if (code < 0 || lockdown->mode == SANDBOX_OFF ||
        (code = judge(lockdown, lockdown_landlock_own_domain(err), err)) < 0)
        return code;
    return judge(lockdown, lockdown_seccomp_forked(err), err);
}

static bool landlock_is_in_force(void)
{
    int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool refused = fd < 0 && errno == EACCES;

    file_close(&fd);
    return refused;
}

static void describe_landlock(struct strbuf *out_text)
{
    int version = landlock_is_in_force() ? lockdown_landlock_version() : 0;

    if (version == 0)
        strbuf_puts(out_text, "NO landlock");
    else
        strbuf_printf(out_text, "landlock %d (files%s%s)", version, version >= 4 ? ", network" : "",
                      version >= 6 ? ", signals" : "");
}

static void describe_piece(struct strbuf *out_text, const char *name, bool in_force)
{
    strbuf_printf(out_text, ", %s%s", in_force ? "" : "NO ", name);
}

void lockdown_describe(const struct lockdown *lockdown, struct strbuf *out_text)
{
    if (lockdown->mode == SANDBOX_OFF) {
        strbuf_puts(out_text, "off (resource limits and death signal only)");
        return;
    }
    describe_landlock(out_text);
    describe_piece(out_text, "seccomp", prctl(PR_GET_SECCOMP) == SECCOMP_FILTERING);
    describe_piece(out_text, "no-new-privs", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
    strbuf_puts(out_text,
                lockdown_has_capabilities() ? ", capabilities NOT dropped" : ", no capabilities");
}
