/* base/notify: tells the service manager how things are: sd_notify(3)'s datagrams. */
#ifndef BASE_NOTIFY_H
#define BASE_NOTIFY_H

#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

/* A socket connected to `address` (NOTIFY_SOCKET: a path, or "@…" for an abstract name), or -EINVAL
 * or another negative errno. */
int notify_open(const char *address, int *out_fd) MUST_CHECK;
/* One message: "READY=1". Never waits; 0 or negative errno. A negative `fd`: nothing to do. */
int notify_send(int fd, const char *message) MUST_CHECK;
/* How long the manager waits for a "WATCHDOG=1", in microseconds; 0: it does not. `usec` and `pid`
 * are WATCHDOG_USEC and WATCHDOG_PID (NULL: unset), `own` is the process asking. */
uint64_t notify_watchdog_us(const char *usec, const char *pid, pid_t own);

#endif
