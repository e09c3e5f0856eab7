/* inbox/claim: makes a ready file ours: out of the inbox, into work/ID, opened and checked.
 *
 * Called on a thread of the loop's pool, after the catalog has committed the claim; and at start,
 * to find out how far a claim had come. Never blocks on a FIFO or a lease (O_NONBLOCK), never
 * follows a symbolic link, and gives a file back when it is not the one that was claimed.
 */
#ifndef INBOX_CLAIM_H
#define INBOX_CLAIM_H

#include <stdint.h>

#include "base/id.h"
#include "inbox/inbox.h"

/* What a claim knows of its file; also what the catalog keeps of it. */
struct claim {
    const char *path; /* relative to the inbox */
    uint64_t device;
    uint64_t inode;
    uint64_t size;
    int64_t mtime_ns;
};

struct claimed {
    int fd; /* read-only, the caller's */
    uint64_t device;
    uint64_t inode;
    uint64_t size;
    int64_t mtime_ns;
};

/* Moves the file to work/ID (copies it, then removes the inbox's name, when it has other links).
 * 0; -ENOENT it is gone; -ESTALE it is another file or was changed since (left or put back where it
 * was; if its place was taken meanwhile it stays in work/ID, and the result is 0 with what it is
 * now); -EINVAL no regular file; -EPERM, -EACCES, -EIO, … it stays where it is. Only a file that
 * could be opened and matched is moved at all, so that failing leaves no events behind. */
int claim_take(struct inbox *inbox, const struct claim *claim, const struct id *id,
               struct claimed *out_claimed);

/* At start, for a row "claimed": 1 it is in work/ID, opened (a source that was copied and not yet
 * removed is removed now); 0 it is still in the inbox or gone, and nothing is in work/; negative
 * errno otherwise. */
int claim_resume(struct inbox *inbox, const struct claim *claim, const struct id *id,
                 struct claimed *out_claimed);

/* Puts work/ID back where it was claimed from, or, should the name be taken or the folder be gone,
 * beside it or into the inbox itself under its id. Nothing is replaced. -ENOENT: it is not there.
 */
int claim_return(struct inbox *inbox, const char *path, const struct id *id);

/* Opens work/ID as claim_take leaves it. */
int claim_open(struct inbox *inbox, const struct id *id, struct claimed *out_claimed);

#endif
