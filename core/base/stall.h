/* base/stall: whether something that should beat has stopped. Times are those of one monotonic
 * clock, in microseconds. */
#ifndef BASE_STALL_H
#define BASE_STALL_H

#include <stdbool.h>
#include <stdint.h>

struct stall {
    bool lasts;
    uint64_t looked_us;   /* the last look; 0: none yet */
    uint64_t forgiven_us; /* a beat that the watcher itself could not have seen is as of then */
    uint64_t since_us;    /* the last beat before the stall */
    uint64_t last_us;     /* how long the last one was, or is so far */
    uint64_t count;
    uint64_t longest_us;
};

enum stall_event { STALL_NOTHING, STALL_BEGAN, STALL_ENDED };

/* One look, to be made several times within `limit_us` (0: nothing is a stall). */
enum stall_event stall_look(struct stall *stall, uint64_t limit_us, uint64_t beat_us,
                            uint64_t now_us);

#endif
