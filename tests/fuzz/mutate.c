/* Small, seeded changes to an input: the ones that libFuzzer starts with, without its feedback.
 *
 * Used by replay_main.c. A change may do nothing (no bytes to change, no room to grow).
 */
#include "mutate.h"

#include <string.h>

uint64_t mutate_random(uint64_t *state)
{
    *state ^= *state << 13; /* xorshift64, Marsaglia 2003 */
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static size_t below(uint64_t *state, size_t bound)
{
    return bound == 0 ? 0 : (size_t)(mutate_random(state) % bound);
}

static void set_integer(uint64_t *state, uint8_t *data, size_t len)
{
    static const uint64_t interesting[] = {
        0,
        1,
        2,
        16,
        64,
        100,
        127,
        128,
        255,
        256,
        1000,
        4096,
        32767,
        65535,
        1u << 20,
        INT32_MAX,
        UINT32_MAX,
        INT64_MAX,
        UINT64_MAX,
        UINT64_C(0x7ff0000000000000), /* infinity */
        UINT64_C(0x7ff8000000000000), /* not a number */
    };
    size_t width = (size_t)1 << below(state, 4);
    uint64_t value = interesting[below(state, sizeof interesting / sizeof interesting[0])];

    if (below(state, 4) == 0)
        value = ~value;
    if (len < width)
        return;
    size_t at = below(state, len - width + 1);
    for (size_t i = 0; i < width; i++)
        data[at + i] = (uint8_t)(value >> (8 * i));
}

/* Room for `count` bytes at `at`; how many there is room for. */
static size_t open_gap(uint8_t *data, size_t *len, size_t size, size_t at, size_t count)
{
    if (count > size - *len)
        count = size - *len;
    memmove(data + at + count, data + at, *len - at);
    *len += count;
    return count;
}

static void insert(uint64_t *state, uint8_t *data, size_t *len, size_t size, const uint8_t *from,
                   size_t from_len)
{
    size_t begin = below(state, from_len);
    size_t at = below(state, *len + 1);
    size_t count = from_len == 0 ? 0 : 1 + below(state, from_len - begin);
    uint8_t piece[256];

    if (count > sizeof piece)
        count = sizeof piece;
    if (count == 0)
        return;
    memcpy(piece, from + begin, count); /* `from` may be `data` itself */
    count = open_gap(data, len, size, at, count);
    memcpy(data + at, piece, count);
}

static void overwrite(uint64_t *state, uint8_t *data, size_t len, const uint8_t *from,
                      size_t from_len)
{
    size_t most = len < from_len ? len : from_len;
    size_t count = most == 0 ? 0 : 1 + below(state, most);

    if (count > 0)
        memmove(data + below(state, len - count + 1), from + below(state, from_len - count + 1),
                count);
}

static void erase(uint64_t *state, uint8_t *data, size_t *len)
{
    size_t at = below(state, *len);
    size_t most = *len - at < 64 ? *len - at : 64;
    size_t count = most == 0 ? 0 : 1 + below(state, most);

    memmove(data + at, data + at + count, *len - at - count);
    *len -= count;
}

size_t mutate(uint64_t *state, uint8_t *data, size_t len, size_t size, const uint8_t *other,
              size_t other_len)
{
    for (size_t left = 1 + below(state, 8); left > 0; left--) {
        uint8_t byte = (uint8_t)mutate_random(state);
        switch (below(state, 10)) {
        case 0:
        case 1:
            if (len > 0)
                data[below(state, len)] ^= (uint8_t)(1u << (byte & 7));
            break;
        case 2:
            if (len > 0)
                data[below(state, len)] = byte;
            break;
        case 3:
        case 4:
            set_integer(state, data, len);
            break;
        case 5:
            insert(state, data, &len, size, &byte, 1);
            break;
        case 6:
            insert(state, data, &len, size, data, len);
            break;
        case 7:
            insert(state, data, &len, size, other, other_len);
            break;
        case 8:
            overwrite(state, data, len, other, other_len);
            break;
        default:
            erase(state, data, &len);
        }
    }
    return len;
}
