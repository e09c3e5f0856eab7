/* hold_listener: runs a program that can have no listener of seccomp any more, as in a container
 * whose own filter holds the only one.
 *
 *     hold_listener PROGRAM [ARGUMENT…]
 *
 * The filter asks about one call that nobody makes; what waits at the listener is read by nobody.
 */
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int count, char **arguments)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    int code = filter == NULL ? -1 : 0;

    if (count < 2)
        return 64;
    if (code == 0)
        code = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ALLOW);
    if (code == 0)
        code = seccomp_rule_add(filter, SCMP_ACT_NOTIFY, SCMP_SYS(acct), 0);
    if (code == 0)
        code = seccomp_load(filter);
    int fd =
        code == 0 ? dup(seccomp_notify_fd(filter)) : -1; /* not close-on-exec, unlike its own */
    if (fd < 0) {
        fprintf(stderr, "hold_listener: %s\n", strerror(-code));
        return 77;
    }
    execv(arguments[1], arguments + 1);
    perror(arguments[1]);
    return 1;
}
