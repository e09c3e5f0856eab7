/* catalog/near_recent: keys of the newest sketches, in memory until they are written in order.
 * Inside core/catalog only.
 *
 * Keys come in no order: written as they come, each would touch a page of the index of its own, and
 * a document's row would cost several times as much. So they gather in buckets, a bucket for each
 * 1,024th part of the keys' range, and one bucket is written with every 16th sketch: its keys lie
 * side by side in the index. After 16,384 further sketches each key of a sketch is written, so the
 * newest 16,384 sketches, which are in the catalog themselves, are all that a start has to read.
 */
#ifndef CATALOG_NEAR_RECENT_H
#define CATALOG_NEAR_RECENT_H

#include <stddef.h>
#include <stdint.h>

#define NEAR_KEY_BITS 42u
#define NEAR_BUCKETS  1024u
#define NEAR_EVERY    16u                         /* sketches a bucket that is written */
#define NEAR_RECENT   (NEAR_BUCKETS * NEAR_EVERY) /* sketches whose keys may be in memory only */

struct near_entry {
    uint32_t key; /* what of it is not the bucket's number */
    uint32_t place;
};

struct near_bucket {
    struct near_entry *entries; /* in the order in which they came */
    uint32_t count;
    uint32_t size;
};

/* Some 1.3 MB at the most, half of that as a rule, at ten keys a sketch. */
struct near_recent {
    struct near_bucket buckets[NEAR_BUCKETS];
};

/* NULL without memory. */
struct near_recent *near_recent_new(void);
void near_recent_free(struct near_recent *recent); /* NULL allowed */

struct near_bucket *near_recent_bucket(struct near_recent *recent, uint64_t key);
/* The whole key of a bucket's entry. */
uint64_t near_recent_key(const struct near_recent *recent, const struct near_bucket *bucket,
                         const struct near_entry *entry);
/* The bucket that is due when the sketch at `place` has come, or NULL. */
struct near_bucket *near_recent_due(struct near_recent *recent, int64_t place);
/* 0; -ENOMEM; -ERANGE: a place beyond 2^32 - 1. */
int near_recent_add(struct near_recent *recent, uint64_t key, int64_t place);
void near_recent_remove(struct near_recent *recent, uint64_t key, int64_t place);
/* By key, then place: the order of the index. */
void near_bucket_sort(struct near_bucket *bucket);

#endif
