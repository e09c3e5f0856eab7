/* wire/frame_type: what is known of each type of frame, and of waiting. Inside core/wire only. */
#ifndef WIRE_FRAME_TYPE_H
#define WIRE_FRAME_TYPE_H

#include <stdbool.h>
#include <stdint.h>

bool frame_type_is_known(uint32_t type);
bool frame_type_is_from_worker(uint32_t type);
bool frame_type_has_fd(uint32_t type); /* exactly one, or none */

/* What is left of `timeout_ms` (-1: for ever, and -1) counted from `begin_us`, for poll(2): rounded
 * up, 0 only when it is over. */
int frame_time_left_ms(uint64_t begin_us, int timeout_ms);

#endif
