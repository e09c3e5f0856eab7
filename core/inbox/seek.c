/* inbox/seek: where paths to look at come from: events and scans.
 *
 * The part of intake that reads inotify and walks the tree, a bounded number of steps a call, and
 * stops between two when enough files are ready. Events stay in the kernel's queue meanwhile (when
 * it overflows, a full scan follows), and a scan holds its place.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "inbox/intake_state.h"

#define US_PER_MS     1000u
#define ROOM_SPARE_US 50000u
#define ROOM_MOST_US  5000000u /* that a scan waits for room at most */

static void forget_folders(struct intake *intake)
{
    while (intake->folder_count > 0)
        free(intake->folders[--intake->folder_count]);
}

static void scan_folder_later(struct intake *intake, const char *path)
{
    char *copy;

    if (!intake->inbox->settings->recursive || intake->full_scan_due)
        return;
    copy = intake->folder_count < INTAKE_FOLDERS_MAX ? strdup(path) : NULL;
    if (copy != NULL) {
        intake->folders[intake->folder_count++] = copy;
    } else {
        forget_folders(intake);
        intake->full_scan_due = true;
    }
}

static void handle_event(struct intake *intake, const struct watch_event *event)
{
    bool has_name = event->name[0] != '\0';

    if (has_name && scan_ignores(intake->inbox->settings, event->name))
        return;
    switch (event->kind) {
    case WATCH_NOTHING:
        break;
    case WATCH_CREATED:
        look_later(intake, event->path);
        break;
    case WATCH_CLOSED:
        look_by_path(intake, event->path, SETTLE_CLOSED);
        break;
    case WATCH_RENAMED:
        look_by_path(intake, event->path, SETTLE_RENAMED);
        break;
    case WATCH_FOLDER:
        scan_folder_later(intake, event->path);
        break;
    case WATCH_OVERFLOW:
        intake->overflows++;
        intake->full_scan_due = true;
        break;
    case WATCH_MOVED:
        intake->full_scan_due = true;
        break;
    }
}

void seek_events(struct intake *intake)
{
    struct watch_event event;

    for (unsigned steps = 0; steps < INTAKE_STEPS_MAX && intake->watch != NULL; steps++) {
        if (intake_is_full(intake) || watch_next(intake->watch, &event) != 1)
            return;
        intake->events++;
        handle_event(intake, &event);
    }
}

/* A mount below the inbox may be another's. */
static void note_file_system(struct intake *intake, const struct scan_entry *entry)
{
    const struct file_system *found =
        entry->path[0] == '\0' ? intake->inbox->file_system : file_system_of(entry->dir_fd);

    if (found == NULL || !found->is_remote)
        return;
    intake->remote = found; /* at once: its files are looked at next */
    intake->met_remote = found;
}

static void watch_folder(struct intake *intake, const struct scan_entry *entry)
{
    note_file_system(intake, entry);
    if (intake->watch == NULL)
        return;
    int code = watch_add(intake->watch, entry->dir_fd, intake->inbox->path, entry->path);
    if (code == 0 || code == -ENOENT) /* gone again */
        return;
    intake->trouble.unheard = true;
    if (code == -ENOSPC)
        intake->trouble.unwatched++;
    else
        trouble_folder(&intake->trouble, intake->inbox, entry->path, code);
}

static void cannot_enter(struct intake *intake, const char *path, int code)
{
    intake->unseen = true;
    trouble_folder(&intake->trouble, intake->inbox, path, code);
    if (code == -EMFILE || code == -ENFILE || code == -ENOMEM)
        intake_rescan_soon(intake); /* these pass */
}

/* The timer's scans count from the end of the last one; 0 means there are none. */
static void plan_periodic(struct intake *intake)
{
    const struct settings_inbox *settings = intake->inbox->settings;
    uint32_t every_ms =
        intake_is_polled(intake) ? intake_poll_ms(settings) : settings->scan_every_ms;

    intake->periodic_due_us =
        every_ms > 0 ? clock_monotonic_us() + (uint64_t)every_ms * US_PER_MS : INTAKE_NEVER;
}

static void note_beginning(struct intake *intake, bool is_full)
{
    intake->scan_is_full = is_full;
    intake->scan_met = 0;
    intake->room_due_us = 0;
    intake->scan_began_us = clock_monotonic_us();
    intake->scan_ended_us = intake->scan_began_us; /* should it not even begin */
}

static void begin_full_scan(struct intake *intake)
{
    intake->full_scan_due = false;
    forget_folders(intake); /* they are in it */
    intake->rescan_due_us = INTAKE_NEVER;
    intake->periodic_due_us = INTAKE_NEVER;
    intake->unseen = false;
    trouble_begin(&intake->trouble);
    intake->met_remote = NULL;
    if (intake->watch != NULL)
        watch_sweep_begin(intake->watch);
    int code = scan_begin(&intake->scan, intake->inbox->root_fd, "", intake->inbox->settings);
    note_beginning(intake, true);
    if (code < 0) {
        cannot_enter(intake, "", code);
        plan_periodic(intake);
    }
}

static void begin_folder_scan(struct intake *intake)
{
    char *path = intake->folders[--intake->folder_count];
    int code = scan_begin(&intake->scan, intake->inbox->root_fd, path, intake->inbox->settings);

    note_beginning(intake, false);
    /* It may be gone, or be something else by now. */
    if (code < 0 && code != -ENOENT && code != -ENOTDIR && code != -ELOOP)
        cannot_enter(intake, path, code);
    free(path);
}

static void finish_scan(struct intake *intake)
{
    intake->scans++;
    intake->scan_ended_us = clock_monotonic_us();
    if (intake->trouble.unwatched > 0)
        trouble_watch_limit(&intake->trouble, intake->inbox, watch_count(intake->watch));
    if (!intake->scan_is_full) {
        if (intake_is_polled(intake))
            plan_periodic(intake);
        return;
    }
    intake->remote = intake->met_remote;
    if (intake->watch != NULL)
        watch_sweep_end(intake->watch);
    else
        trouble_no_inotify(&intake->trouble, intake->inbox, intake->watch_code);
    trouble_end(&intake->trouble);
    plan_periodic(intake);
}

static void take_scan_step(struct intake *intake)
{
    struct scan_entry entry;

    scan_next(&intake->scan, &entry);
    switch (entry.kind) {
    case SCAN_FILE:
        intake->scanned++;
        intake->scan_met++;
        look_found(intake, entry.dir_fd, entry.name, entry.path);
        break;
    case SCAN_FOLDER:
        watch_folder(intake, &entry);
        break;
    case SCAN_SKIPPED:
        break;
    case SCAN_TROUBLE:
        cannot_enter(intake, entry.path, entry.code);
        break;
    case SCAN_END:
        finish_scan(intake);
        break;
    }
}

static void check_due_scans(struct intake *intake)
{
    uint64_t now_us = clock_monotonic_us();

    if (intake->rescan_due_us <= now_us || intake->periodic_due_us <= now_us)
        intake->full_scan_due = true;
    if (intake->full_scan_due && !intake->scan.running)
        begin_full_scan(intake);
}

/* When as many files wait as may, those that a scan meets would be dropped, and another scan be
 * needed to find them: for a million new files hundreds of them. So it holds its place until some
 * of them have settled; but not for longer than that takes, for they may be held open for hours. */
bool seek_is_paused(const struct intake *intake)
{
    return intake->scan.running && intake->room_due_us > clock_monotonic_us() &&
           held_count(&intake->held, HELD_WAITING) >= INTAKE_WAITING_MAX;
}

static void wait_for_room(struct intake *intake)
{
    uint64_t settle_us = (uint64_t)intake->inbox->settings->settle_ms * US_PER_MS;

    if (held_count(&intake->held, HELD_WAITING) < INTAKE_WAITING_MAX)
        intake->room_due_us = 0;
    else if (intake->room_due_us == 0)
        intake->room_due_us = clock_monotonic_us() +
                              (settle_us < ROOM_MOST_US ? settle_us : ROOM_MOST_US) + ROOM_SPARE_US;
}

void seek_scan(struct intake *intake)
{
    check_due_scans(intake);
    for (unsigned steps = 0; steps < INTAKE_STEPS_MAX && !intake_is_full(intake); steps++) {
        wait_for_room(intake);
        if (seek_is_paused(intake))
            return;
        if (intake->scan.running)
            take_scan_step(intake);
        else if (intake->folder_count > 0)
            begin_folder_scan(intake);
        else
            return;
    }
}

void seek_abandon(struct intake *intake)
{
    scan_end(&intake->scan);
    forget_folders(intake);
}
