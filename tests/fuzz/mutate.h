/* Small, seeded changes to an input, for fuzzing without libFuzzer. */
#ifndef TESTS_FUZZ_MUTATE_H
#define TESTS_FUZZ_MUTATE_H

#include <stddef.h>
#include <stdint.h>

/* Changes `data` (`len` bytes, room for `size`) in one to eight places, with pieces of `other`
 * among the changes. Returns the new length. The same state gives the same changes. */
size_t mutate(uint64_t *state, uint8_t *data, size_t len, size_t size, const uint8_t *other,
              size_t other_len);
/* The next number of the sequence; `*state` is not 0. */
uint64_t mutate_random(uint64_t *state);

#endif
