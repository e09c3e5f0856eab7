/* worker/lockdown_piece: the single pieces of the lock-down, for lockdown.c, which puts them in
 * order and knows what to do when one is missing. All return 0 or negative errno with err. */
#ifndef WORKER_LOCKDOWN_PIECE_H
#define WORKER_LOCKDOWN_PIECE_H

#include <stdbool.h>

#include "worker/lockdown.h"

/* The address sanitizer maps terabytes, and writes its report to a file if it was told to. */
#if defined(__SANITIZE_ADDRESS__)
#define LOCKDOWN_SANITIZED 1
#else
#define LOCKDOWN_SANITIZED 0
#endif

/* lockdown_limits.c */
int lockdown_limit_resources(const struct lockdown *lockdown, struct err *err) MUST_CHECK;
int lockdown_die_with_parent(struct err *err) MUST_CHECK;
int lockdown_scrub_environment(struct err *err) MUST_CHECK;
int lockdown_hide_memory(struct err *err) MUST_CHECK; /* not dumpable */
int lockdown_drop_capabilities(struct err *err) MUST_CHECK;
bool lockdown_has_capabilities(void);

/* lockdown_landlock.c */
/* The version of Landlock's ABI that is made use of, 0 for none. */
int lockdown_landlock_version(void);
int lockdown_landlock_read_only(const struct lockdown *lockdown, struct err *err) MUST_CHECK;
int lockdown_landlock_nothing(const struct lockdown *lockdown, struct err *err) MUST_CHECK;
int lockdown_landlock_own_domain(struct err *err) MUST_CHECK;

/* lockdown_seccomp.c; needs no-new-privs. */
int lockdown_seccomp(int *listener_fd, struct err *err) MUST_CHECK;
int lockdown_seccomp_verify_processes(struct err *err) MUST_CHECK;

/* lockdown_forked.c: once more, beneath the zygote's. */
int lockdown_seccomp_forked(struct err *err) MUST_CHECK;

#endif
