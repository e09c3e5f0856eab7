/* worker/lockdown_forked: the filter that a forked worker puts beneath its zygote's.
 *
 * Called by worker/lockdown in each forked worker. Where two filters answer, the kernel takes the
 * stricter: "no" (EPERM) goes before "ask the supervisor" (seccomp(2)). So in a worker no process
 * is made, whatever the supervisor would say, and tgkill(2) reaches the worker alone: for that it
 * is still asked, by the zygote's filter, which knows no number but the zygote's.
 */
#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "worker/lockdown_piece.h"

static int fill(scmp_filter_ctx filter)
{
    const struct scmp_arg_cmp not_self = SCMP_A0_64(SCMP_CMP_NE, (uint64_t)getpid(), 0);
    int code = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(EPERM));

    if (code == 0)
        code = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 0);
    if (code == 0)
        code =
            seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(tgkill), 1, &not_self);
    return code;
}

int lockdown_seccomp_forked(struct err *err)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

    if (filter == NULL)
        return err_set(err, -ENOMEM, "seccomp: out of memory");
    int code = fill(filter);
    if (code == 0)
        code = seccomp_load(filter);
    seccomp_release(filter);
    if (code < 0)
        return err_set(err, code, "seccomp, in a forked worker: %s", strerror(-code));
    return lockdown_seccomp_verify_processes(err);
}
