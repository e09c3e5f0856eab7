/* inbox/identity: which file it is and in which state, as far as stat(2) tells. */
#ifndef INBOX_IDENTITY_H
#define INBOX_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

struct identity {
    uint64_t device;
    uint64_t inode;
    uint64_t size;
    int64_t mtime_ns; /* since 1970; what does not fit is the nearest that does */
    int64_t ctime_ns;
};

void identity_of(const struct stat *status, struct identity *out_identity);
/* The same file, not changed in between as far as one can see. The change time is left out: a
 * rename or a chmod moves it. */
bool identity_matches(const struct identity *a, const struct identity *b);

#endif
