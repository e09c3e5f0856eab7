/* base/activity: what the supervisor's loop is at, as a word for the watchdog's line. */
#ifndef BASE_ACTIVITY_H
#define BASE_ACTIVITY_H

/* `what` lives for ever: a literal. Any thread may ask; the loop alone says. */
void activity_set(const char *what);
const char *activity_now(void);

#endif
