/* inbox/intake: watches one inbox and gives out files that are ready.
 *
 * One for each inbox, run by the line on the loop's thread. All work is done in `pump`, a bounded
 * piece each time the loop comes round: events, then files whose time has come, then steps of a
 * scan. This file holds the loop's handles and the public face; look.c and seek.c do the work.
 *
 * It opens no document for itself, moves nothing, and decides nothing by an event alone.
 */
#include "inbox/intake.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/activity.h"
#include "base/clock.h"
#include "inbox/intake_state.h"

#define US_PER_MS     1000u
#define RESCAN_MIN_US 100000u /* before a scan that makes up for what could not be held */

bool intake_is_full(const struct intake *intake)
{
    return held_count(&intake->held, HELD_READY) >= INTAKE_READY_MAX;
}

static void earlier(uint64_t *due_us, uint64_t when_us)
{
    if (when_us < *due_us)
        *due_us = when_us;
}

void intake_rescan_soon(struct intake *intake)
{
    uint64_t wait_us = (uint64_t)intake->inbox->settings->settle_ms * US_PER_MS;

    earlier(&intake->rescan_due_us,
            clock_monotonic_us() + (wait_us > RESCAN_MIN_US ? wait_us : RESCAN_MIN_US));
}

bool intake_is_polled(const struct intake *intake)
{
    bool unheard = intake->trouble.unheard || intake->trouble.was_unheard;

    return intake->watch == NULL || unheard || intake->remote != NULL;
}

uint32_t intake_poll_ms(const struct settings_inbox *settings)
{
    uint32_t poll_ms = settings->poll_every_ms;
    uint32_t scan_ms = settings->scan_every_ms;

    return scan_ms == 0 || (poll_ms > 0 && poll_ms < scan_ms) ? poll_ms : scan_ms;
}

static void on_poll(uv_poll_t *poll, int status, int events);
static void on_timer(uv_timer_t *timer);
static void on_idle(uv_idle_t *idle);

static bool has_work(const struct intake *intake)
{
    if (intake->announce)
        return true;
    if (intake_is_full(intake))
        return false;
    bool scans = intake->scan.running || intake->full_scan_due || intake->folder_count > 0;
    return (scans && !seek_is_paused(intake)) ||
           (intake->watch != NULL && watch_has_read(intake->watch));
}

static void set_timer(struct intake *intake)
{
    uint64_t due_us = intake->look_due_us;
    uint64_t now_us = clock_monotonic_us();

    earlier(&due_us, intake->rescan_due_us);
    earlier(&due_us, intake->periodic_due_us);
    if (seek_is_paused(intake))
        earlier(&due_us, intake->room_due_us);
    if (due_us == INTAKE_NEVER || intake_is_full(intake)) {
        uv_timer_stop(&intake->timer);
        return;
    }
    uint64_t wait_us = due_us > now_us ? due_us - now_us : 0;
    /* Rounded up, or it fires just before the time and comes round once for nothing. */
    uv_timer_start(&intake->timer, on_timer, (wait_us + US_PER_MS - 1) / US_PER_MS, 0);
}

/* Says to the loop what is waited for; called after anything that may have changed it. */
static void schedule(struct intake *intake)
{
    if (intake->stopping)
        return;
    if (has_work(intake))
        uv_idle_start(&intake->idle, on_idle);
    else
        uv_idle_stop(&intake->idle);
    if (intake->watch != NULL && !intake_is_full(intake))
        uv_poll_start(&intake->poll, UV_READABLE, on_poll);
    else if (intake->watch != NULL)
        uv_poll_stop(&intake->poll);
    set_timer(intake);
}

/* Where files come from; each begins in its turn, since the one that begins may use up all room. */
static void (*const SOURCES[])(struct intake *intake) = {seek_events, look_due, seek_scan};
#define SOURCE_COUNT (sizeof SOURCES / sizeof SOURCES[0])

/* Nothing is there, and nothing is to be looked at before the timer. */
static bool is_idle(const struct intake *intake)
{
    const struct held_table *held = &intake->held;

    return held_count(held, HELD_WAITING) == 0 && held_count(held, HELD_READY) == 0 &&
           held_count(held, HELD_OUT) == 0 && !intake->scan.running && !intake->full_scan_due &&
           intake->folder_count == 0 && intake->rescan_due_us == INTAKE_NEVER &&
           (intake->watch == NULL || !watch_has_any(intake->watch));
}

static void pump(struct intake *intake)
{
    activity_set("looking for files in an inbox");
    intake->turn++;
    for (size_t i = 0; i < SOURCE_COUNT; i++)
        SOURCES[(intake->turn + i) % SOURCE_COUNT](intake);
    bool idle = is_idle(intake);
    bool announce = intake->announce || (idle && !intake->was_idle);
    intake->announce = false;
    intake->was_idle = idle;
    schedule(intake);
    if (announce)
        intake->ready(intake->ready_context, intake); /* last: it may stop the intake */
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    pump(poll->data);
}

static void on_timer(uv_timer_t *timer)
{
    pump(timer->data);
}

static void on_idle(uv_idle_t *idle)
{
    pump(idle->data);
}

/* Without inotify (its instances are limited) the timer's scans still find everything. */
static int open_watch(uv_loop_t *loop, struct intake *intake)
{
    int code = watch_open(&intake->watch);

    intake->watch_code = code;
    if (code == -EMFILE || code == -ENFILE || code == -ENOSYS)
        return 0;
    if (code < 0)
        return code;
    code = uv_poll_init(loop, &intake->poll, watch_fd(intake->watch));
    if (code < 0) {
        watch_close(intake->watch);
        return code;
    }
    intake->poll.data = intake;
    intake->open_handles++;
    return 0;
}

int intake_start(uv_loop_t *loop, struct inbox *inbox,
                 void (*ready)(void *context, struct intake *intake), void *context,
                 struct intake **out_intake, struct err *err)
{
    struct intake *intake = calloc(1, sizeof *intake);

    if (intake == NULL)
        return err_set(err, -ENOMEM, "inbox %s: no memory", inbox->name);
    intake->inbox = inbox;
    intake->ready = ready;
    intake->ready_context = context;
    int code = open_watch(loop, intake);
    if (code < 0) {
        free(intake);
        return err_set(err, code, "inbox %s: cannot watch %s: %s", inbox->name, inbox->path,
                       strerror(-code));
    }
    uv_idle_init(loop, &intake->idle);
    uv_timer_init(loop, &intake->timer);
    intake->idle.data = intake;
    intake->timer.data = intake;
    intake->open_handles += 2;
    intake->full_scan_due = true;
    if (inbox->file_system != NULL && inbox->file_system->is_remote)
        intake->remote = inbox->file_system;
    intake->look_due_us = INTAKE_NEVER;
    intake->rescan_due_us = INTAKE_NEVER;
    intake->periodic_due_us = INTAKE_NEVER;
    schedule(intake);
    *out_intake = intake;
    return 0;
}

static bool give_out(struct intake *intake, struct held *held, struct candidate *out_candidate)
{
    char *path = strdup(held->path);

    if (path == NULL)
        return false;
    *out_candidate = (struct candidate){
        .inbox = intake->inbox,
        .path = path,
        .device = held->settle.identity.device,
        .inode = held->settle.identity.inode,
        .size = held->settle.identity.size,
        .mtime_ns = held->settle.identity.mtime_ns,
        .seen_us = held->ready_us,
    };
    held->again = false;
    held_move(&intake->held, held, HELD_OUT);
    return true;
}

size_t intake_take(struct intake *intake, struct candidate *out_candidates, size_t max)
{
    struct held_list *ready = &intake->held.lists[HELD_READY];
    size_t count = 0;

    while (count < max && ready->first != NULL &&
           give_out(intake, ready->first, &out_candidates[count]))
        count++;
    if (max > 0 && ready->first != NULL) /* also when there was no memory for its path */
        intake->announce = true;
    schedule(intake);
    return count;
}

void intake_forget(struct intake *intake, const char *path)
{
    look_forget(intake, path);
    schedule(intake);
}

void intake_rescan(struct intake *intake)
{
    intake->full_scan_due = true;
    schedule(intake);
}

void intake_reconfigure(struct intake *intake, const struct settings_inbox *settings)
{
    intake->inbox->settings = settings;
    seek_abandon(intake); /* it walks by the old settings; the full one follows */
    held_clear(&intake->held, HELD_WAITING);
    held_clear(&intake->held, HELD_READY); /* may be ignored by now */
    intake_rescan(intake);
}

void intake_stats(const struct intake *intake, struct intake_stats *out_stats)
{
    const struct held_table *held = &intake->held;

    *out_stats = (struct intake_stats){
        .events = intake->events,
        .overflows = intake->overflows,
        .scans = intake->scans,
        .scanned = intake->scanned,
        .watches = intake->watch != NULL ? watch_count(intake->watch) : 0,
        .waiting = held_count(held, HELD_WAITING),
        .ready = held_count(held, HELD_READY),
        .out = held_count(held, HELD_OUT),
        .scanning = intake->scan.running,
        .polled = intake_is_polled(intake),
        .remote = intake->remote,
        .scan_met = intake->scan_met,
        .unseen = intake->unseen,
    };
    if (intake->scan_began_us > 0)
        out_stats->scan_us = (intake->scan.running ? clock_monotonic_us() : intake->scan_ended_us) -
                             intake->scan_began_us;
    out_stats->idle = is_idle(intake);
}

const char *intake_trouble(const struct intake *intake)
{
    return intake->trouble.text.text;
}

static void on_closed(uv_handle_t *handle)
{
    struct intake *intake = handle->data;

    assert(intake->open_handles > 0);
    if (--intake->open_handles > 0)
        return;
    void (*stopped)(void *context) = intake->stopped;
    void *context = intake->stopped_context;
    if (intake->watch != NULL)
        watch_close(intake->watch);
    free(intake);
    if (stopped != NULL)
        stopped(context);
}

void intake_stop(struct intake *intake, void (*stopped)(void *context), void *context)
{
    assert(!intake->stopping);
    intake->stopping = true;
    intake->stopped = stopped;
    intake->stopped_context = context;
    seek_abandon(intake);
    for (int state = 0; state < HELD_STATES; state++)
        held_clear(&intake->held, (enum held_state)state);
    if (intake->watch != NULL)
        uv_close((uv_handle_t *)&intake->poll, on_closed);
    uv_close((uv_handle_t *)&intake->idle, on_closed);
    uv_close((uv_handle_t *)&intake->timer, on_closed);
}
