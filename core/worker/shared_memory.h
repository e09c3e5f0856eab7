/* worker/shared_memory: whether a plugin keeps memory that a fork would not part.
 *
 * A forked worker has a copy of all that its zygote had in memory; but what was mapped MAP_SHARED,
 * with no file behind it that can only be read, would be the same bytes in all of a generation's
 * workers, and the zygote: what one document left there, the next would find, and a "fresh" worker
 * be none.
 */
#ifndef WORKER_SHARED_MEMORY_H
#define WORKER_SHARED_MEMORY_H

#include "base/err.h"

/* The process's own list of mappings, to be opened before files are out of reach; or -errno. */
int shared_memory_list(void);

/* 0, or -EPERM with err when there is such memory other than the page at `allowed`. */
int shared_memory_check(int list_fd, const void *allowed, struct err *err) MUST_CHECK;

#endif
