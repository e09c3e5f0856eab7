/* inbox/look: one file: ready, to wait, or none of ours.
 *
 * The part of intake that asks settle about a file and puts it into the table of held files. Called
 * by seek for each path that an event or a scan brings up, and by the loop for those whose time has
 * come. A file that is out (being claimed) is not looked at until the claim is over.
 */
#include <errno.h>

#include "base/clock.h"
#include "base/file.h"
#include "inbox/intake_state.h"
#include "inbox/parent.h"

#define US_PER_MS 1000u

static uint64_t settle_us(const struct intake *intake)
{
    return (uint64_t)intake->inbox->settings->settle_ms * US_PER_MS;
}

static struct settle_terms terms(const struct intake *intake)
{
    return (struct settle_terms){
        .settle_ms = intake->inbox->settings->settle_ms,
        .remote = intake->remote != NULL,
    };
}

static void look_at(struct intake *intake, uint64_t when_us)
{
    if (when_us < intake->look_due_us)
        intake->look_due_us = when_us;
}

static void wait_until(struct intake *intake, struct held *held, uint64_t look_us)
{
    held->cause = SETTLE_FOUND;
    held->look_us = look_us;
    if (held->state != HELD_WAITING)
        held_move(&intake->held, held, HELD_WAITING);
    look_at(intake, look_us);
}

static void make_ready(struct intake *intake, struct held *held)
{
    if (held->state == HELD_READY)
        return;
    held_move(&intake->held, held, HELD_READY);
    held->ready_us = clock_monotonic_us();
    intake->announce = true;
}

/* A row for a path that has none, waiting; NULL when there is no room, so that a scan must make up
 * for it. */
static struct held *hold(struct intake *intake, const char *path)
{
    if (held_count(&intake->held, HELD_WAITING) >= INTAKE_WAITING_MAX)
        return NULL;
    return held_add(&intake->held, path, HELD_WAITING);
}

/* Looks at a file that is not out and not held. A ready file needs no room among the waiting. */
static void look_at_new(struct intake *intake, int dir_fd, const char *name, const char *path,
                        enum settle_cause cause)
{
    const struct settle_terms now = terms(intake);
    struct settle_state state = {.looked = false};
    uint64_t wait_us = 0;
    enum settle_verdict verdict = settle_look(dir_fd, name, cause, &now, &state, &wait_us);
    struct held *held;

    if (verdict == SETTLE_REFUSED)
        trouble_refused(&intake->trouble, intake->inbox, path, state.refusal);
    if (verdict == SETTLE_GONE || verdict == SETTLE_REFUSED)
        return;
    if (verdict == SETTLE_READY)
        held = held_add(&intake->held, path, HELD_WAITING);
    else
        held = hold(intake, path);
    if (held == NULL) {
        intake_rescan_soon(intake);
        return;
    }
    held->settle = state;
    if (verdict == SETTLE_READY)
        make_ready(intake, held);
    else
        wait_until(intake, held, clock_monotonic_us() + wait_us);
}

/* Looks again at one that waits or is ready. */
static void look_again(struct intake *intake, int dir_fd, const char *name, struct held *held,
                       enum settle_cause cause)
{
    const struct settle_terms now = terms(intake);
    uint64_t wait_us = 0;
    enum settle_verdict verdict = settle_look(dir_fd, name, cause, &now, &held->settle, &wait_us);

    if (verdict == SETTLE_REFUSED)
        trouble_refused(&intake->trouble, intake->inbox, held->path, held->settle.refusal);
    if (verdict == SETTLE_GONE || verdict == SETTLE_REFUSED)
        held_remove(&intake->held, held);
    else if (verdict == SETTLE_READY)
        make_ready(intake, held);
    else
        wait_until(intake, held, clock_monotonic_us() + wait_us);
}

/* What happens to a file that is out is for later: the claim decides first. */
static void note_for_later(struct held *held, enum settle_cause cause)
{
    if (!held->again || cause != SETTLE_FOUND)
        held->cause = cause;
    held->again = true;
}

void look_by_path(struct intake *intake, const char *path, enum settle_cause cause)
{
    struct held *held = held_find(&intake->held, path);
    const char *name;

    if (held != NULL && held->state == HELD_OUT) {
        note_for_later(held, cause);
        return;
    }
    int dir_fd = parent_open(intake->inbox->root_fd, path, &name);
    if (dir_fd < 0) {
        if (held != NULL)
            held_remove(&intake->held, held);
        if (dir_fd != -ENOENT && dir_fd != -ESTALE)
            intake_rescan_soon(intake); /* no descriptors, no memory, … */
        return;
    }
    if (held != NULL)
        look_again(intake, dir_fd, name, held, cause);
    else
        look_at_new(intake, dir_fd, name, path, cause);
    file_close(&dir_fd);
}

/* A name that just appeared: mostly a file being written, whose close will be heard. One that was
 * linked in, complete, is heard of only now, so it is looked at when it had time to settle. */
void look_later(struct intake *intake, const char *path)
{
    struct held *held = held_find(&intake->held, path);

    if (held != NULL && held->state == HELD_OUT)
        note_for_later(held, SETTLE_FOUND);
    if (held != NULL)
        return;
    held = hold(intake, path);
    if (held != NULL)
        wait_until(intake, held, clock_monotonic_us() + settle_us(intake));
    else
        intake_rescan_soon(intake);
}

void look_found(struct intake *intake, int dir_fd, const char *name, const char *path)
{
    struct held *held = held_find(&intake->held, path);

    if (held == NULL)
        look_at_new(intake, dir_fd, name, path, SETTLE_FOUND);
    else if (held->state == HELD_OUT)
        note_for_later(held, SETTLE_FOUND);
    /* Those that wait or are ready keep their place. */
}

void look_forget(struct intake *intake, const char *path)
{
    struct held *held = held_find(&intake->held, path);

    if (held == NULL || held->state != HELD_OUT)
        return;
    if (!held->again) {
        held_remove(&intake->held, held);
        return;
    }
    enum settle_cause cause = held->cause;
    held->settle = (struct settle_state){.looked = false};
    wait_until(intake, held, clock_monotonic_us());
    held->cause = cause;
}

void look_due(struct intake *intake)
{
    uint64_t now_us = clock_monotonic_us();
    uint64_t next_us = INTAKE_NEVER;
    unsigned steps = 0;
    struct held *next;

    if (intake->look_due_us > now_us)
        return;
    intake->look_due_us = INTAKE_NEVER;
    for (struct held *held = intake->held.lists[HELD_WAITING].first; held != NULL; held = next) {
        next = held->next;
        if (held->look_us > now_us || steps == INTAKE_STEPS_MAX || intake_is_full(intake)) {
            if (held->look_us < next_us)
                next_us = held->look_us;
            continue;
        }
        steps++;
        look_by_path(intake, held->path, held->cause);
    }
    look_at(intake, next_us);
}
