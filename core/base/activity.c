/* base/activity: what the supervisor's loop is at, and its batch.
 *
 * Each callback that may take long says so as it begins; the line's watchdog takes it back before
 * the loop waits, and prints it when the loop does not come back. One loop a process, and one
 * batch, so one word of each; elsewhere (`taxon`) nobody asks.
 */
#include "base/activity.h"

#include <stdatomic.h>

#include "base/clock.h"

static _Atomic(const char *) activity = "starting";
static _Atomic(const char *) step;
static _Atomic uint64_t step_since_us;

void activity_set(const char *what)
{
    atomic_store_explicit(&activity, what, memory_order_relaxed);
}

const char *activity_now(void)
{
    return atomic_load_explicit(&activity, memory_order_relaxed);
}

/* The time goes first: with a new word never goes an older time than its own. */
void activity_set_step(const char *what)
{
    atomic_store_explicit(&step_since_us, clock_monotonic_us(), memory_order_relaxed);
    atomic_store_explicit(&step, what, memory_order_release);
}

const char *activity_step(uint64_t *out_since_us)
{
    const char *what = atomic_load_explicit(&step, memory_order_acquire);

    *out_since_us = atomic_load_explicit(&step_since_us, memory_order_relaxed);
    return what;
}
