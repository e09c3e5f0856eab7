/* catalog/near_recent: keys of the newest sketches, in memory until they are written in order.
 *
 * Called by catalog_near.c, which reads them in and writes them out. Here is only the keeping.
 */
#include "catalog/near_recent.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#define BUCKET_SHIFT 32u
#define SIZE_FIRST   32u

static_assert(NEAR_BUCKETS == 1u << (NEAR_KEY_BITS - BUCKET_SHIFT), "a bucket a range of keys");

struct near_recent *near_recent_new(void)
{
    return calloc(1, sizeof(struct near_recent));
}

void near_recent_free(struct near_recent *recent)
{
    if (recent == NULL)
        return;
    for (size_t i = 0; i < NEAR_BUCKETS; i++)
        free(recent->buckets[i].entries);
    free(recent);
}

struct near_bucket *near_recent_bucket(struct near_recent *recent, uint64_t key)
{
    return &recent->buckets[key >> BUCKET_SHIFT & (NEAR_BUCKETS - 1)];
}

uint64_t near_recent_key(const struct near_recent *recent, const struct near_bucket *bucket,
                         const struct near_entry *entry)
{
    return (uint64_t)(bucket - recent->buckets) << BUCKET_SHIFT | entry->key;
}

struct near_bucket *near_recent_due(struct near_recent *recent, int64_t place)
{
    uint64_t turn = (uint64_t)place / NEAR_EVERY;

    return (uint64_t)place % NEAR_EVERY == 0 ? &recent->buckets[turn % NEAR_BUCKETS] : NULL;
}

int near_recent_add(struct near_recent *recent, uint64_t key, int64_t place)
{
    struct near_bucket *bucket = near_recent_bucket(recent, key);

    if (place < 0 || place > UINT32_MAX)
        return -ERANGE;
    if (bucket->count == bucket->size) {
        uint32_t size = bucket->size == 0 ? SIZE_FIRST : 2 * bucket->size;
        struct near_entry *grown = realloc(bucket->entries, size * sizeof *grown);
        if (grown == NULL)
            return -ENOMEM;
        bucket->entries = grown;
        bucket->size = size;
    }
    bucket->entries[bucket->count++] = (struct near_entry){(uint32_t)key, (uint32_t)place};
    return 0;
}

void near_recent_remove(struct near_recent *recent, uint64_t key, int64_t place)
{
    struct near_bucket *bucket = near_recent_bucket(recent, key);
    uint32_t kept = 0;

    for (uint32_t i = 0; i < bucket->count; i++)
        if (bucket->entries[i].key != (uint32_t)key || bucket->entries[i].place != place)
            bucket->entries[kept++] = bucket->entries[i];
    bucket->count = kept;
}

static int compare(const void *a, const void *b)
{
    const struct near_entry *left = a;
    const struct near_entry *right = b;

    if (left->key != right->key)
        return left->key < right->key ? -1 : 1;
    return (left->place > right->place) - (left->place < right->place);
}

void near_bucket_sort(struct near_bucket *bucket)
{
    if (bucket->count > 0)
        qsort(bucket->entries, bucket->count, sizeof bucket->entries[0], compare);
}
