/* line/watchdog: notices when the loop or a step of a batch does not come back, and lets the
 * service manager know that it does. */
#ifndef LINE_WATCHDOG_H
#define LINE_WATCHDOG_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "base/err.h"
#include "base/stall.h"

struct watchdog {
    uv_timer_t timer;     /* the loop's beat */
    uv_prepare_t prepare; /* before it waits: it is at nothing */
    uv_thread_t thread;
    bool running;
    _Atomic uint64_t beat_us;
    int notify_fd;
    uint64_t notify_every_us; /* 0: nobody waits for it */
    uint64_t notified_us;
    uv_mutex_t lock; /* for what follows */
    uv_cond_t wake;
    bool stopping;
    uint64_t limit_us;
    struct stall stall;
    struct stall step; /* of the batch */
};

/* Handles that it opens, and that the caller counts until `closed` was called for each. */
#define WATCHDOG_HANDLES 2u

/* `limit_ms` 0: no stall is told. `data` becomes the handles' data. */
int watchdog_start(struct watchdog *watchdog, uv_loop_t *loop, uint32_t limit_ms, void *data,
                   struct err *err) MUST_CHECK;
void watchdog_set_limit(struct watchdog *watchdog, uint32_t limit_ms);
void watchdog_ready(const struct watchdog *watchdog); /* the service is up */
struct stall watchdog_stall(struct watchdog *watchdog);
/* The thread ends, the handles are closed. */
void watchdog_stop(struct watchdog *watchdog, uv_close_cb closed);

#endif
