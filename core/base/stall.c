/* base/stall: whether something that should beat has stopped.
 *
 * Told once when it begins and once when it is over. Called by the line's watchdog; it knows no
 * clock and no thread. Whoever looks is stopped along with the process (SIGSTOP, a debugger, a
 * starved machine), and then sees an old beat that says nothing of the loop: a look that comes much
 * too late itself forgives what was missed until then.
 */
#include "base/stall.h"

static uint64_t later(uint64_t one, uint64_t other)
{
    return one > other ? one : other;
}

enum stall_event stall_look(struct stall *stall, uint64_t limit_us, uint64_t beat_us,
                            uint64_t now_us)
{
    bool late = stall->looked_us != 0 && now_us - stall->looked_us > limit_us / 2;

    stall->looked_us = now_us;
    if (stall->lasts) {
        bool over = limit_us == 0 || beat_us > stall->since_us;

        stall->last_us = (beat_us > stall->since_us ? beat_us : now_us) - stall->since_us;
        stall->longest_us = later(stall->longest_us, stall->last_us);
        stall->lasts = !over;
        return over ? STALL_ENDED : STALL_NOTHING;
    }
    if (late)
        stall->forgiven_us = now_us;
    beat_us = later(beat_us, stall->forgiven_us);
    if (limit_us == 0 || now_us <= beat_us || now_us - beat_us < limit_us)
        return STALL_NOTHING;
    stall->lasts = true;
    stall->since_us = beat_us;
    stall->last_us = now_us - beat_us;
    stall->longest_us = later(stall->longest_us, stall->last_us);
    stall->count++;
    return STALL_BEGAN;
}
