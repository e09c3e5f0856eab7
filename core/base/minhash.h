/* base/minhash: a sketch of a set from which the likeness of two sets can be told.
 *
 * One-permutation minhash (Li, Owen, Zhang 2012): one hash a member; its high bits choose one of
 * MINHASH_BINS bins, and each bin keeps the least of the values behind them. Two sets agree in a
 * bin with the probability of their resemblance |A ∩ B| / |A ∪ B| (Broder 1997); bins that are
 * empty in both say nothing and are left out. The deviation is sqrt(r (1 - r) / 128), 0.044 at
 * most.
 */
#ifndef BASE_MINHASH_H
#define BASE_MINHASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MINHASH_BINS      128u
#define MINHASH_EMPTY     UINT32_MAX
#define MINHASH_KEYS      10u /* under which a sketch is kept; */
#define MINHASH_LOOK_KEYS 6u  /* by the first of them others are looked for */
#define MINHASH_SIZE      (1u + 4u + 4u * MINHASH_BINS) /* packed, bytes */

struct minhash {
    uint32_t members; /* that were added, repeated ones too; saturates */
    uint32_t bins[MINHASH_BINS];
};

void minhash_init(struct minhash *sketch);
/* `hash`: of a member, all 64 bits well mixed (minhash_mix). */
void minhash_add(struct minhash *sketch, uint64_t hash);
/* A bijection of 64 bits that mixes them well (MurmurHash3's finaliser, by Appleby). */
uint64_t minhash_mix(uint64_t value);

/* The estimated resemblance, 0 to 1; exactly 1 only for equal bins. 0 when both are empty. */
double minhash_resemblance(const struct minhash *a, const struct minhash *b);
/* How much of the smaller set is in the larger, 0 to 1, out of the resemblance and both sizes. */
double minhash_containment(const struct minhash *a, const struct minhash *b, double resemblance);

/* The least MINHASH_KEYS values with their bins, ascending: keys of 39 bits. Each of the least
 * MINHASH_LOOK_KEYS of a set A is among those of a set B that is about as large with the
 * probability |A ∩ B| / |A|; so of two sets of resemblance r none is, and they do not find each
 * other, with (1 - 2r / (1 + r))^6: 0.05 at r = 0.25, 0.01 at 0.36. Returns how many there are:
 * fewer for a set that fills fewer bins. */
size_t minhash_keys(const struct minhash *sketch, uint64_t out_keys[MINHASH_KEYS]);

/* A version byte, the members, the bins; little-endian. */
void minhash_pack(const struct minhash *sketch, uint8_t out_data[MINHASH_SIZE]);
/* Of whoever's bytes: false, with *out_sketch untouched, unless they are as long as a sketch, of
 * this version, and no more bins are filled than there are members, nor none. */
bool minhash_unpack(const void *data, size_t len, struct minhash *out_sketch);

#endif
