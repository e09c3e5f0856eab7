/* inbox/copy: takes a file by copying it: one that has other links, or lies on another file system.
 */
#ifndef INBOX_COPY_H
#define INBOX_COPY_H

#include "inbox/claim.h"

/* source_fd: the file `name` in parent_fd, opened and checked against the claim. Makes the copy
 * work/ID durable and opens it, then removes the inbox's name. 0 and the copy in *out_claimed;
 * -ESTALE it changed meanwhile, -ENOENT it went, other negative errno: the inbox is as it was and
 * nothing is in work/. */
int copy_take(struct inbox *inbox, int parent_fd, const char *name, int source_fd,
              const struct claim *claim, const struct id *id, struct claimed *out_claimed);

/* After a crash, for work/ID that may be a copy of the claimed file: removes the source if it is
 * still there. Never removes what is not byte for byte in copy_fd. 0 or negative errno. */
int copy_finish(const struct inbox *inbox, int copy_fd, const struct claim *claim,
                const struct id *id);

#endif
