/* inbox/checked: opens a regular file and holds it against its claim. */
#ifndef INBOX_CHECKED_H
#define INBOX_CHECKED_H

#include <stdbool.h>
#include <sys/stat.h>

#include "inbox/claim.h"

/* Opens `name` for reading; never blocks, never follows a link. The descriptor, the caller's, and
 * what fstat says of it; -EINVAL no regular file; other negative errno. */
int checked_open(int dir_fd, const char *name, struct stat *out_status);
/* Whether this is the file that was claimed, unchanged. */
bool checked_is_claimed(const struct stat *status, const struct claim *claim);
/* The same for what bears the name now. */
bool checked_name_is_claimed(int dir_fd, const char *name, const struct claim *claim);

#endif
