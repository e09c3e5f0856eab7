/* kit/model_rows: adding rows of weights, the innermost loop of scoring.
 *
 * The same code is built for several processors; which one is right is asked once, when a model is
 * opened. All give the same sums: they are integers.
 */
#include <string.h>

#include "model_private.h"

typedef int8_t bytes16 __attribute__((vector_size(16)));
typedef int16_t shorts16 __attribute__((vector_size(32)));
typedef int32_t words16 __attribute__((vector_size(64)));

/* 127 * 104, the largest product, is within 16 bits. */
static inline __attribute__((always_inline)) void add_row(int32_t *sums, const int8_t *row,
                                                          uint32_t lanes, int16_t factor)
{
    for (uint32_t i = 0; i < lanes; i += TAXON_MODEL_LANES) {
        bytes16 weights;
        words16 sum;

        memcpy(&weights, row + i, sizeof(weights));
        memcpy(&sum, sums + i, sizeof(sum));
        sum +=
            __builtin_convertvector(__builtin_convertvector(weights, shorts16) * factor, words16);
        memcpy(sums + i, &sum, sizeof(sum));
    }
}

static void add_row_plain(int32_t *sums, const int8_t *row, uint32_t lanes, int16_t factor)
{
    add_row(sums, row, lanes, factor);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void add_row_avx2(int32_t *sums, const int8_t *row,
                                                         uint32_t lanes, int16_t factor)
{
    add_row(sums, row, lanes, factor);
}

__attribute__((target("avx512f,avx512bw,avx512vl"))) static void
add_row_avx512(int32_t *sums, const int8_t *row, uint32_t lanes, int16_t factor)
{
    add_row(sums, row, lanes, factor);
}
#endif

model_add_row model_choose_add_row(void)
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
        return add_row_avx512;
    if (__builtin_cpu_supports("avx2"))
        return add_row_avx2;
#endif
    return add_row_plain;
}
