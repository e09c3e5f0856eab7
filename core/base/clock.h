/* base/clock: what time it is. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

#define CLOCK_RFC3339_SIZE 32

uint64_t clock_monotonic_us(void); /* CLOCK_MONOTONIC; for intervals and deadlines */
int64_t clock_wall_ms(void);       /* since 1970, UTC; for records */
/* "2026-11-24T09:32:36.123Z" (RFC 3339, UTC, milliseconds). */
void clock_rfc3339(int64_t wall_ms, char out_text[CLOCK_RFC3339_SIZE]);

#endif
