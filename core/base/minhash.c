/* base/minhash: a sketch of a set from which the likeness of two sets can be told.
 *
 * Called by text/shingles, which fills sketches, by wire and audit, which read them from outside,
 * and by the catalog and the line, which look for like ones. What the members are it does not know.
 */
#include "base/minhash.h"

#include <assert.h>
#include <string.h>

#define VERSION   1 /* of members, hash and bins: sketches of two versions cannot be compared */
#define BIN_BITS  7
#define VALUE_MAX (MINHASH_EMPTY - 1)

static_assert(MINHASH_BINS == 1u << BIN_BITS, "the bin is the hash's first bits");

void minhash_init(struct minhash *sketch)
{
    sketch->members = 0;
    memset(sketch->bins, 0xff, sizeof sketch->bins);
}

uint64_t minhash_mix(uint64_t value)
{
    value ^= value >> 33;
    value *= UINT64_C(0xff51afd7ed558ccd);
    value ^= value >> 33;
    value *= UINT64_C(0xc4ceb9fe1a85ec53);
    value ^= value >> 33;
    return value;
}

void minhash_add(struct minhash *sketch, uint64_t hash)
{
    uint32_t *bin = &sketch->bins[hash >> (64 - BIN_BITS)];
    uint32_t value = (uint32_t)(hash >> (32 - BIN_BITS));

    if (value > VALUE_MAX)
        value = VALUE_MAX;
    if (value < *bin)
        *bin = value;
    sketch->members += sketch->members < UINT32_MAX;
}

double minhash_resemblance(const struct minhash *a, const struct minhash *b)
{
    unsigned equal = 0;
    unsigned filled = 0;

    for (size_t i = 0; i < MINHASH_BINS; i++) {
        bool both_empty = (a->bins[i] & b->bins[i]) == MINHASH_EMPTY;
        filled += !both_empty;
        equal += !both_empty && a->bins[i] == b->bins[i];
    }
    return filled == 0 ? 0 : (double)equal / filled;
}

double minhash_containment(const struct minhash *a, const struct minhash *b, double resemblance)
{
    uint32_t smaller = a->members < b->members ? a->members : b->members;
    double common = resemblance / (1 + resemblance) * ((double)a->members + (double)b->members);

    if (smaller == 0)
        return 0;
    return common < smaller ? common / smaller : 1;
}

/* Insertion into the short sorted list: most values are too large for it. */
size_t minhash_keys(const struct minhash *sketch, uint64_t out_keys[MINHASH_KEYS])
{
    size_t count = 0;

    for (size_t i = 0; i < MINHASH_BINS; i++) {
        uint64_t key = (uint64_t)sketch->bins[i] << BIN_BITS | i;
        size_t at;

        if (sketch->bins[i] == MINHASH_EMPTY ||
            (count == MINHASH_KEYS && key > out_keys[count - 1]))
            continue;
        at = count < MINHASH_KEYS ? count++ : count - 1;
        for (; at > 0 && out_keys[at - 1] > key; at--)
            out_keys[at] = out_keys[at - 1];
        out_keys[at] = key;
    }
    return count;
}

static void put_u32(uint8_t *to, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++)
        to[i] = (uint8_t)(value >> (8 * i));
}

static uint32_t get_u32(const uint8_t *from)
{
    return (uint32_t)from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 |
           (uint32_t)from[3] << 24;
}

void minhash_pack(const struct minhash *sketch, uint8_t out_data[MINHASH_SIZE])
{
    out_data[0] = VERSION;
    put_u32(out_data + 1, sketch->members);
    for (size_t i = 0; i < MINHASH_BINS; i++)
        put_u32(out_data + 5 + 4 * i, sketch->bins[i]);
}

bool minhash_unpack(const void *data, size_t len, struct minhash *out_sketch)
{
    const uint8_t *bytes = data;
    struct minhash sketch;
    uint32_t filled = 0;

    if (len != MINHASH_SIZE || bytes[0] != VERSION)
        return false;
    sketch.members = get_u32(bytes + 1);
    for (size_t i = 0; i < MINHASH_BINS; i++) {
        sketch.bins[i] = get_u32(bytes + 5 + 4 * i);
        filled += sketch.bins[i] != MINHASH_EMPTY;
    }
    if (filled == 0 || filled > sketch.members)
        return false;
    *out_sketch = sketch;
    return true;
}
