/* base/activity: what the supervisor's loop is at.
 *
 * Each callback that may take long says so as it begins; the line's watchdog takes it back before
 * the loop waits, and prints it when the loop does not come back. One loop a process, so one word;
 * elsewhere (`taxon`) nobody asks.
 */
#include "base/activity.h"

#include <stdatomic.h>

static _Atomic(const char *) activity = "starting";

void activity_set(const char *what)
{
    atomic_store_explicit(&activity, what, memory_order_relaxed);
}

const char *activity_now(void)
{
    return atomic_load_explicit(&activity, memory_order_relaxed);
}
