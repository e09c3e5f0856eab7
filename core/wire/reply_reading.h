/* wire/reply_reading: single values of a reply, each checked as it is read. Inside core/wire only.
 *
 * Every function gives something harmless ("", 0) when the value is wrong, and from then on the
 * reading is bad: its caller may go on, and stops at the next loop.
 */
#ifndef WIRE_REPLY_READING_H
#define WIRE_REPLY_READING_H

#include "wire/pack.h"
#include "wire/reply.h"

struct reading {
    struct unpack in; /* the section in hand */
    const struct manifest *manifest;
    const struct settings_limits *limits;
    struct reply *reply;
    const char *why; /* the first thing that was wrong; static */
};

/* When `condition` is false, or something was wrong before: the reading is bad, for `why` if there
 * is no reason yet. */
void reading_expect(struct reading *reading, bool condition, const char *why);
const char *reading_token(struct reading *reading, const char *why);
const char *reading_line(struct reading *reading, size_t max, const char *why);
const char *reading_name(struct reading *reading, const char *why);
double reading_share(struct reading *reading, const char *why);
void reading_range(struct reading *reading, uint64_t *out_begin, uint64_t *out_end,
                   const char *why);
uint32_t reading_plugin(struct reading *reading, const char *why);
/* A count of at most `max` elements, of `least` bytes on the wire and `size` in memory each, and
 * their array; 0 when anything is wrong. */
size_t reading_list(struct reading *reading, size_t least, size_t max, size_t size,
                    void **out_array, const char *why);

#endif
