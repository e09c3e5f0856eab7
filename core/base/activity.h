/* base/activity: what the supervisor's loop is at, and which step its batch is at, as words for the
 * watchdog's lines. */
#ifndef BASE_ACTIVITY_H
#define BASE_ACTIVITY_H

#include <stdint.h>

/* `what` lives for ever: a literal. Any thread may ask; the loop alone says. */
void activity_set(const char *what);
const char *activity_now(void);

/* The same for the one batch that runs at a time; its thread says so as each step begins. NULL:
 * none runs. */
void activity_set_step(const char *what);
/* NULL: none runs. `out_since_us`: monotonic, when it began. */
const char *activity_step(uint64_t *out_since_us);

#endif
