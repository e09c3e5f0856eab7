/* wire/frame_type: the table of frame types, for both directions of wire/frame.
 *
 * A type that is not in it is refused by the reader. A worker has nothing to hand over, and carries
 * no descriptor, but for a zygote's listener.
 */
#include "wire/frame_type.h"

#include <stddef.h>

#include "base/clock.h"
#include "wire/frame.h"

static const struct frame_type_row {
    uint32_t type;
    bool is_from_worker;
    bool has_fd;
} table[] = {
    {FRAME_CONFIG, false, true},  {FRAME_PLUGIN, false, true}, {FRAME_RESOURCE, false, true},
    {FRAME_STAGE, false, true},   {FRAME_START, false, false}, {FRAME_JOB, false, true},
    {FRAME_ZYGOTE, false, false}, {FRAME_FORK, false, true},   {FRAME_READY, true, false},
    {FRAME_FAILED, true, false},  {FRAME_REPLY, true, false},  {FRAME_LISTENER, true, true},
    {FRAME_FORKED, true, false},  {FRAME_SPOOL, false, true},
};

static const struct frame_type_row *row_of(uint32_t type)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (table[i].type == type)
            return &table[i];
    return NULL;
}

bool frame_type_is_known(uint32_t type)
{
    return row_of(type) != NULL;
}

bool frame_type_is_from_worker(uint32_t type)
{
    const struct frame_type_row *row = row_of(type);

    return row != NULL && row->is_from_worker;
}

bool frame_type_has_fd(uint32_t type)
{
    const struct frame_type_row *row = row_of(type);

    return row != NULL && row->has_fd;
}

int frame_time_left_ms(uint64_t begin_us, int timeout_ms)
{
    if (timeout_ms < 0)
        return -1;
    uint64_t passed_us = clock_monotonic_us() - begin_us;
    uint64_t whole_us = (uint64_t)timeout_ms * 1000;
    return passed_us >= whole_us ? 0 : (int)((whole_us - passed_us + 999) / 1000);
}
