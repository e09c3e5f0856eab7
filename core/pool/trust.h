/* pool/trust: whether a shared object may be mapped: who owns it, who can change it, and whether it
 * is one at all. The check is made on the open descriptor and on each folder above it, by resolved
 * path.
 */
#ifndef POOL_TRUST_H
#define POOL_TRUST_H

#include "base/err.h"

/* Opens `path` (absolute) for reading after checking it and its parent folders: each owned by root
 * or by our effective user, none writable by the world (a sticky folder such as /tmp is accepted
 * above the file: others cannot rename what is not theirs there). A descriptor, or negative errno
 * with one line. */
int trust_open(const char *path, struct err *err) MUST_CHECK;

/* Whether it is an ELF shared object for this machine. */
int trust_check_object(int fd, const char *path, struct err *err) MUST_CHECK;

#endif
