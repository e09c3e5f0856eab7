/* inbox/identity: which file it is and in which state.
 *
 * Used by settle (is it still changing?) and claim (is it still the one?). Times are whoever wrote
 * the file's to choose: ext4 holds years up to 2446, 64 bits of nanoseconds end in 2262.
 */
#include "inbox/identity.h"

#define NS_PER_S 1000000000

static int64_t saturated_ns(const struct timespec *time)
{
    int64_t ns;

    if (__builtin_mul_overflow((int64_t)time->tv_sec, (int64_t)NS_PER_S, &ns) ||
        __builtin_add_overflow(ns, (int64_t)time->tv_nsec, &ns))
        return time->tv_sec < 0 ? INT64_MIN : INT64_MAX;
    return ns;
}

void identity_of(const struct stat *status, struct identity *out_identity)
{
    *out_identity = (struct identity){
        .device = (uint64_t)status->st_dev,
        .inode = (uint64_t)status->st_ino,
        .size = (uint64_t)status->st_size,
        .mtime_ns = saturated_ns(&status->st_mtim),
        .ctime_ns = saturated_ns(&status->st_ctim),
    };
}

bool identity_matches(const struct identity *a, const struct identity *b)
{
    return a->device == b->device && a->inode == b->inode && a->size == b->size &&
           a->mtime_ns == b->mtime_ns;
}
