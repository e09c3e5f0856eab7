/* line/watchdog: notices when the loop does not come back, or a batch.
 *
 * A timer of the loop writes down the time; a thread looks at it, and says so once when the time
 * is older than `watchdog.stall`, with what the loop was at (base/activity), and once when it is
 * over. The same timer, and nothing else, tells systemd "WATCHDOG=1", so that a loop that hangs for
 * good is ended and started anew: nothing is lost by that. A batch is not the loop: it runs on its
 * own thread, and a slow disk is no reason to be ended. But a step of it that lasts as long is told
 * in the same way, since nothing is filed meanwhile.
 *
 * The line starts and stops it. The thread touches nothing but what is behind the lock.
 */
#include "line/watchdog.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/activity.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/notify.h"

#define BEATS_A_LIMIT 8u /* and looks; so a stall is told at most an eighth late */
#define BEAT_MOST_US  1000000u
#define BEAT_LEAST_US 1000u
#define US_PER_MS     1000u
#define US_PER_S      1e6
#define NS_PER_US     1000u
#define IDLE_LOOK_US  UINT64_C(3600000000) /* when there is no limit */

static uint64_t bounded(uint64_t us, uint64_t least, uint64_t most)
{
    return us < least ? least : us > most ? most : us;
}

static void tell(enum stall_event event, const struct stall *stall)
{
    if (event == STALL_BEGAN)
        log_error("STALLED: taxond's loop has not come back for %.1f s; it was %s",
                  (double)stall->last_us / US_PER_S, activity_now());
    else if (event == STALL_ENDED)
        log_warning("taxond's loop goes on after a stall of %.1f s",
                    (double)stall->last_us / US_PER_S);
}

static void tell_step(enum stall_event event, const struct stall *stall, const char *step)
{
    if (event == STALL_BEGAN)
        log_error("STALLED: for %.1f s taxond has been %s; nothing is filed meanwhile",
                  (double)stall->last_us / US_PER_S, step == NULL ? "ending a batch" : step);
    else if (event == STALL_ENDED)
        log_warning("the batch goes on after a step of %.1f s", (double)stall->last_us / US_PER_S);
}

/* Under the lock, which is let go of while something is told: standard error may make us wait. */
static void look_at_loop(struct watchdog *watchdog)
{
    uint64_t beat_us = atomic_load(&watchdog->beat_us);
    enum stall_event event =
        stall_look(&watchdog->stall, watchdog->limit_us, beat_us, clock_monotonic_us());
    struct stall stall = watchdog->stall;

    if (event == STALL_NOTHING)
        return;
    uv_mutex_unlock(&watchdog->lock);
    tell(event, &stall);
    uv_mutex_lock(&watchdog->lock);
}

static void look_at_batch(struct watchdog *watchdog)
{
    uint64_t now_us = clock_monotonic_us();
    uint64_t since_us;
    const char *step = activity_step(&since_us);
    enum stall_event event =
        stall_look(&watchdog->step, watchdog->limit_us, step == NULL ? now_us : since_us, now_us);
    struct stall stall = watchdog->step;

    if (event == STALL_NOTHING)
        return;
    uv_mutex_unlock(&watchdog->lock);
    tell_step(event, &stall, step);
    uv_mutex_lock(&watchdog->lock);
}

static void watch(void *argument)
{
    struct watchdog *watchdog = argument;

    uv_mutex_lock(&watchdog->lock);
    while (!watchdog->stopping) {
        uint64_t limit_us = watchdog->limit_us;
        uint64_t wait_us = limit_us == 0
                               ? IDLE_LOOK_US
                               : bounded(limit_us / BEATS_A_LIMIT, BEAT_LEAST_US, BEAT_MOST_US);

        look_at_loop(watchdog);
        look_at_batch(watchdog);
        if (!watchdog->stopping)
            (void)uv_cond_timedwait(&watchdog->wake, &watchdog->lock, wait_us * NS_PER_US);
    }
    uv_mutex_unlock(&watchdog->lock);
}

static void on_beat(uv_timer_t *timer)
{
    struct watchdog *watchdog = (struct watchdog *)timer; /* its first member */
    uint64_t now_us = clock_monotonic_us();

    atomic_store(&watchdog->beat_us, now_us);
    if (watchdog->notify_every_us == 0 ||
        now_us - watchdog->notified_us < watchdog->notify_every_us)
        return;
    if (notify_send(watchdog->notify_fd, "WATCHDOG=1") == 0)
        watchdog->notified_us = now_us; /* else with the next beat */
}

static void on_prepare(uv_prepare_t *prepare)
{
    (void)prepare;
    activity_set("between two tasks");
}

/* Often enough for the shorter of what is told and what the service manager waits for. */
static void start_beat(struct watchdog *watchdog, uint64_t limit_us)
{
    uint64_t every_us = BEAT_MOST_US;

    if (limit_us != 0)
        every_us = bounded(limit_us / BEATS_A_LIMIT, BEAT_LEAST_US, every_us);
    if (watchdog->notify_every_us != 0)
        every_us = bounded(watchdog->notify_every_us / 2, BEAT_LEAST_US, every_us);
    atomic_store(&watchdog->beat_us, clock_monotonic_us());
    uv_timer_start(&watchdog->timer, on_beat, every_us / US_PER_MS, every_us / US_PER_MS);
}

/* What the service manager expects; without it nothing is sent. */
static void open_notify(struct watchdog *watchdog)
{
    const char *address = getenv("NOTIFY_SOCKET");
    int result;

    watchdog->notify_fd = -1;
    if (address == NULL)
        return;
    result = notify_open(address, &watchdog->notify_fd);
    if (result < 0) {
        log_warning("NOTIFY_SOCKET: the service manager cannot be told how things are: %s",
                    strerror(-result));
        return;
    }
    /* Half of what it waits, as sd_watchdog_enabled(3) advises. */
    watchdog->notify_every_us =
        notify_watchdog_us(getenv("WATCHDOG_USEC"), getenv("WATCHDOG_PID"), getpid()) / 2;
}

int watchdog_start(struct watchdog *watchdog, uv_loop_t *loop, uint32_t limit_ms, void *data,
                   struct err *err)
{
    int result;

    memset(watchdog, 0, sizeof(*watchdog));
    uv_timer_init(loop, &watchdog->timer);
    uv_prepare_init(loop, &watchdog->prepare);
    watchdog->timer.data = watchdog->prepare.data = data;
    watchdog->limit_us = (uint64_t)limit_ms * US_PER_MS;
    open_notify(watchdog);
    uv_prepare_start(&watchdog->prepare, on_prepare);
    start_beat(watchdog, watchdog->limit_us);
    uv_mutex_init(&watchdog->lock);
    uv_cond_init(&watchdog->wake);
    result = uv_thread_create(&watchdog->thread, watch, watchdog);
    watchdog->running = result == 0;
    if (result < 0)
        return err_set(err, result, "the watchdog's thread cannot start: %s", strerror(-result));
    return 0;
}

void watchdog_set_limit(struct watchdog *watchdog, uint32_t limit_ms)
{
    uv_mutex_lock(&watchdog->lock);
    watchdog->limit_us = (uint64_t)limit_ms * US_PER_MS;
    start_beat(watchdog, watchdog->limit_us);
    uv_cond_signal(&watchdog->wake);
    uv_mutex_unlock(&watchdog->lock);
}

static void notify(const struct watchdog *watchdog, const char *message)
{
    int result = notify_send(watchdog->notify_fd, message);

    if (result < 0)
        log_warning("the service manager cannot be told %s: %s", message, strerror(-result));
}

void watchdog_ready(const struct watchdog *watchdog)
{
    notify(watchdog, "READY=1");
}

struct stall watchdog_stall(struct watchdog *watchdog)
{
    struct stall stall;

    if (!watchdog->running) /* the thread has ended, and the lock with it */
        return watchdog->stall;
    uv_mutex_lock(&watchdog->lock);
    stall = watchdog->stall;
    uv_mutex_unlock(&watchdog->lock);
    return stall;
}

void watchdog_stop(struct watchdog *watchdog, uv_close_cb closed)
{
    uv_mutex_lock(&watchdog->lock);
    watchdog->stopping = true;
    uv_cond_signal(&watchdog->wake);
    uv_mutex_unlock(&watchdog->lock);
    if (watchdog->running)
        uv_thread_join(&watchdog->thread);
    watchdog->running = false;
    uv_cond_destroy(&watchdog->wake);
    uv_mutex_destroy(&watchdog->lock);
    notify(watchdog, "STOPPING=1");
    file_close(&watchdog->notify_fd);
    uv_close((uv_handle_t *)&watchdog->prepare, closed);
    uv_close((uv_handle_t *)&watchdog->timer, closed);
}
