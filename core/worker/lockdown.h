/* worker/lockdown: the two layers that take a worker's rights away for good.
 *
 * First layer, before any plugin is mapped: no-new-privs, capabilities dropped (effective,
 * permitted, inheritable, ambient and bounding), environment scrubbed, death signal, resource
 * limits, not dumpable; Landlock: reading files only, and only beneath the folders given, and its
 * network and signal scopes where the kernel has them; the seccomp deny-list (EPERM; architecture
 * and x32 checked; see the table in lockdown_seccomp.c).
 *
 * Second layer, at READY: a Landlock ruleset with no path rule at all. Each layer is verified by
 * trying something it must refuse. A worker that was forked adds a third (lockdown_after_fork).
 *
 * With SANDBOX_REQUIRE a missing piece is an error; with SANDBOX_PREFER it is left out and the
 * description says so; with SANDBOX_OFF only resource limits and the death signal are set.
 */
#ifndef WORKER_LOCKDOWN_H
#define WORKER_LOCKDOWN_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/strbuf.h"
#include "config/settings.h"

struct lockdown {
    enum sandbox_mode mode;
    /* What plugins may read while they open: absolute paths of folders, or of single files. One
     * that is not there is passed over. */
    const char *const *read_folders;
    size_t read_folder_count;
    uint64_t memory_bytes; /* RLIMIT_AS; 0 for none (always none under a sanitizer) */
    /* Of a zygote (worker/zygote): gets the descriptor at which the supervisor is asked before a
     * process is made or signalled (seccomp_unotify(2)); -1 where none is to be had: then the
     * zygote can fork with SANDBOX_OFF only. NULL: no zygote, and the deny-list refuses both. */
    int *listener_fd;
    uint64_t file_bytes; /* RLIMIT_FSIZE: as large a spool may grow; 0: no file grows */
};

/* The first layer; the process must have one thread. The system's library folders (and
 * ld.so.cache, /etc/localtime's absence is fine) are allowed without being named. 0 or negative
 * errno with err. */
int lockdown_before_plugins(const struct lockdown *lockdown, struct err *err) MUST_CHECK;

/* For a zygote with a listener, once the supervisor has it: tries what the first layer could not
 * try, since nobody would have answered. */
int lockdown_verify_asking(struct err *err) MUST_CHECK;

/* The second layer. */
int lockdown_before_documents(const struct lockdown *lockdown, struct err *err) MUST_CHECK;

/* In a worker that a zygote forked, beneath both layers: the death signal, which a fork forgets; a
 * Landlock domain of its own, so that it cannot signal its siblings; and a filter that makes no
 * process whoever says so, and lets tgkill(2) reach nobody but itself. */
int lockdown_after_fork(const struct lockdown *lockdown, struct err *err) MUST_CHECK;

/* Appends what is in force, as the kernel tells it when asked now: "landlock 7 (files, network,
 * signals), seccomp, no-new-privs, no capabilities", or what is missing with SANDBOX_PREFER. */
void lockdown_describe(const struct lockdown *lockdown, struct strbuf *out_text);

#endif
