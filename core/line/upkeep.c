/* line/upkeep: looks after the inboxes twice a second: is each where the configuration says, and is
 * there something that a person should know?
 *
 * A folder that is removed, moved away, or hidden by a mount tells nobody who holds it open, so it
 * is asked for. Until another is there the old one stays in use (it may come back); then that one
 * is opened and watched, and the old one let go of when its last document is filed. Runs on the
 * loop.
 */
#include <errno.h>
#include <string.h>

#include "base/activity.h"
#include "base/clock.h"
#include "base/log.h"
#include "line/line_state.h"

#define EVERY_MS    500u
#define TELL_US     5000000u  /* between two lines about one scan, and before the first */
#define TROUBLE_US  60000000u /* between two lines about troubles that take turns */
#define US_PER_MS   1000u
#define US_PER_S    1e6
#define PLURAL_S(n) ((n) == 1 ? "" : "s")

const char *inbox_trouble(const struct line_inbox *inbox)
{
    if (inbox->lost.text[0] != '\0')
        return inbox->lost.text;
    return inbox->intake != NULL ? intake_trouble(inbox->intake) : "";
}

static void tell_trouble(struct line_inbox *inbox, uint64_t now_us)
{
    const char *trouble = inbox_trouble(inbox);
    bool is_new = (trouble[0] == '\0') != (inbox->told_trouble.text[0] == '\0');

    if (strcmp(trouble, inbox->told_trouble.text) == 0 ||
        (!is_new && now_us - inbox->told_trouble_us < TROUBLE_US))
        return;
    if (trouble[0] != '\0')
        log_warning("%s", trouble);
    else
        log_info("inbox %s: nothing is in the way any more", inbox->inbox->name);
    (void)err_set(&inbox->told_trouble, 0, "%s", trouble);
    inbox->told_trouble_us = now_us;
}

static void tell_remote(struct line_inbox *inbox, const struct intake_stats *stats)
{
    if (stats->remote == inbox->told_remote)
        return;
    inbox->told_remote = stats->remote;
    if (stats->remote != NULL)
        log_info("inbox %s: on %s, which gives no notice of what others write: it is polled every "
                 "%.3g s",
                 inbox->inbox->name, stats->remote->name,
                 intake_poll_ms(inbox->inbox->settings) / 1000.0);
}

/* A scan of many files takes its time, and nothing else may be heard of it. */
static void tell_progress(struct line_inbox *inbox, const struct intake_stats *stats,
                          uint64_t now_us)
{
    unsigned long long met = stats->scan_met;

    if (stats->scanning && stats->scan_us >= TELL_US && now_us - inbox->told_scan_us >= TELL_US) {
        log_info("inbox %s: being looked through for %.0f s; %llu file%s met so far",
                 inbox->inbox->name, (double)stats->scan_us / US_PER_S, met, PLURAL_S(met));
        inbox->told_scan_us = now_us;
    } else if (!stats->scanning && inbox->told_scan_us > 0) {
        log_info("inbox %s: looked through; %llu file%s met in %.0f s", inbox->inbox->name, met,
                 PLURAL_S(met), (double)stats->scan_us / US_PER_S);
        inbox->told_scan_us = 0;
    }
}

static void try_new_one(struct line_inbox *inbox, uint64_t now_us)
{
    struct err err = {""};

    if (now_us < inbox->retry_due_us || inbox->line->phase != LINE_RUNNING)
        return;
    if (inboxes_replace(inbox, &err) == 0)
        return;
    inbox->lost = err;
    inbox->retry_ms = inbox->retry_ms == 0 ? LINE_RETRY_FIRST_MS : inbox->retry_ms * 2;
    if (inbox->retry_ms > LINE_RETRY_MOST_MS)
        inbox->retry_ms = LINE_RETRY_MOST_MS;
    inbox->retry_due_us = now_us + (uint64_t)inbox->retry_ms * US_PER_MS;
}

/* May release the inbox. */
static void check_place(struct line_inbox *inbox, uint64_t now_us)
{
    int code = inbox_place(inbox->inbox);

    if (code == 0) {
        inbox->lost.text[0] = '\0';
        inbox->retry_ms = 0;
        inbox->retry_due_us = 0;
    } else if (code == -ESTALE) {
        try_new_one(inbox, now_us);
    } else {
        (void)err_set(&inbox->lost, code,
                      "inbox %s: %s: %s; it is watched again as soon as it is there again",
                      inbox->inbox->name, inbox->inbox->path,
                      code == -ENOENT ? "the folder was removed or moved away" : strerror(-code));
    }
}

static void look_after(struct line_inbox *inbox, uint64_t now_us)
{
    struct intake_stats stats;

    tell_trouble(inbox, now_us);
    if (inbox->intake != NULL) {
        intake_stats(inbox->intake, &stats);
        tell_remote(inbox, &stats);
        tell_progress(inbox, &stats, now_us);
    }
    check_place(inbox, now_us);
}

static void on_upkeep(uv_timer_t *timer)
{
    struct line *line = timer->data;
    uint64_t now_us = clock_monotonic_us();
    struct line_inbox *next;

    activity_set("looking after the inboxes");
    for (struct line_inbox *inbox = line->inboxes; inbox != NULL; inbox = next) {
        next = inbox->next;
        if (!inbox->leaving)
            look_after(inbox, now_us);
    }
}

void upkeep_finish(struct line *line)
{
    uint64_t now_us = clock_monotonic_us();

    for (struct line_inbox *inbox = line->inboxes; inbox != NULL; inbox = inbox->next)
        if (!inbox->leaving && inbox_trouble(inbox)[0] != '\0')
            tell_trouble(inbox, now_us);
}

void upkeep_start(struct line *line)
{
    uv_timer_start(&line->upkeep, on_upkeep, EVERY_MS, EVERY_MS);
}
