/* line/state_lock: the lock that keeps a second taxond, and whoever changes the catalog by hand,
 * away from a state folder. */
#ifndef LINE_STATE_LOCK_H
#define LINE_STATE_LOCK_H

#include "base/err.h"

/* Takes the lock, as long as *out_fd is open. -EBUSY when another has it; -EPERM when the folder is
 * not ours alone. */
int state_lock(const char *folder, int *out_fd, struct err *err) MUST_CHECK;

#endif
