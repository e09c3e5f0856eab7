/* line/inboxes: the list of inboxes: opened at the start, added to and taken from by a reload.
 *
 * An inbox that is taken away is watched no more at once, and closed when the last document that
 * came from it is filed. Called by the line's own files, on the loop's thread.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "line/line_state.h"

static void on_intake_ready(void *context, struct intake *intake)
{
    struct line_inbox *inbox = context;

    (void)intake;
    line_pump_soon(inbox->line);
}

int intake_begin(struct line_inbox *inbox, struct err *err)
{
    return intake_start(inbox->line->loop, inbox->inbox, on_intake_ready, inbox, &inbox->intake,
                        err);
}

struct line_inbox *inbox_find(const struct line *line, const char *name)
{
    for (struct line_inbox *inbox = line->inboxes; inbox != NULL; inbox = inbox->next)
        if (!inbox->leaving && strcmp(inbox->inbox->name, name) == 0)
            return inbox;
    return NULL;
}

struct line_inbox *inbox_holding(const struct line *line, const char *id)
{
    struct stat status;

    for (struct line_inbox *inbox = line->inboxes; inbox != NULL; inbox = inbox->next)
        if (fstatat(inbox->inbox->work_fd, id, &status, AT_SYMLINK_NOFOLLOW) == 0)
            return inbox;
    return NULL;
}

static bool is_same(const struct line_inbox *inbox, const struct settings_inbox *settings)
{
    return !inbox->replaced && strcmp(inbox->inbox->name, settings->name) == 0 &&
           strcmp(inbox->inbox->path, settings->path) == 0;
}

/* One that is leaving counts: its lock is still ours, and it may come back. */
static bool is_open(const struct line *line, const struct settings_inbox *settings)
{
    const struct line_inbox *inbox = line->inboxes;

    while (inbox != NULL && !is_same(inbox, settings))
        inbox = inbox->next;
    return inbox != NULL;
}

static void close_list(struct line_inbox *inbox)
{
    while (inbox != NULL) {
        struct line_inbox *next = inbox->next;

        inbox_close(inbox->inbox);
        free(inbox);
        inbox = next;
    }
}

int inboxes_prepare(struct line *line, const struct settings *settings,
                    struct line_inbox **out_added, struct err *err)
{
    struct line_inbox *added = NULL;

    for (size_t i = settings->inbox_count; i-- > 0;) {
        struct line_inbox *inbox;
        int result;

        if (is_open(line, &settings->inboxes[i]))
            continue;
        inbox = calloc(1, sizeof(*inbox));
        result = inbox == NULL ? err_set(err, -ENOMEM, "out of memory")
                               : inbox_open(&settings->inboxes[i], &inbox->inbox, err);
        if (result < 0) {
            free(inbox);
            close_list(added);
            return result;
        }
        inbox->line = line;
        inbox->next = added;
        added = inbox;
    }
    *out_added = added;
    return 0;
}

void inboxes_cancel(struct line_inbox *added)
{
    close_list(added);
}

int inboxes_open(struct line *line, const struct settings *settings, struct err *err)
{
    return inboxes_prepare(line, settings, &line->inboxes, err);
}

static void watch(struct line_inbox *inbox)
{
    struct err err = {""};

    if (intake_begin(inbox, &err) < 0)
        log_error("inbox '%s' is not watched: %s", inbox->inbox->name, err.text);
}

static void on_intake_stopped(void *context)
{
    struct line_inbox *inbox = context;
    struct line *line = inbox->line;

    inbox->stopping = false;
    line->open_handles--;
    if (!inbox->leaving && !line->parts_stopping) /* it was taken back meanwhile */
        watch(inbox);
    inbox_release(line, inbox);
    line_finish_if_stopped(line);
}

static void take_away(struct line_inbox *inbox)
{
    struct intake *intake = inbox->intake;

    inbox->leaving = true;
    inbox->intake = NULL;
    if (intake != NULL) {
        inbox->stopping = true;
        inbox->line->open_handles++; /* the line outlives it */
        intake_stop(intake, on_intake_stopped, inbox);
    }
    inbox_release(inbox->line, inbox);
}

static void keep(struct line_inbox *inbox, const struct settings_inbox *settings)
{
    inbox->leaving = false;
    inbox->inbox->settings = settings;
    if (inbox->intake != NULL)
        intake_reconfigure(inbox->intake, settings);
    else if (!inbox->stopping)
        watch(inbox);
}

void inboxes_apply(struct line *line, const struct settings *settings, struct line_inbox *added)
{
    for (struct line_inbox *inbox = line->inboxes, *next; inbox != NULL; inbox = next) {
        const struct settings_inbox *same = NULL;

        next = inbox->next;
        for (size_t i = 0; i < settings->inbox_count; i++)
            if (is_same(inbox, &settings->inboxes[i]))
                same = &settings->inboxes[i];
        if (same != NULL)
            keep(inbox, same);
        else if (!inbox->leaving)
            take_away(inbox);
    }
    while (added != NULL) {
        struct line_inbox *inbox = added;

        added = inbox->next;
        inbox->next = line->inboxes;
        line->inboxes = inbox;
        watch(inbox);
    }
}

static int count_one(void *context, const char *id)
{
    unsigned *count = context;

    (void)id;
    (*count)++;
    return 0;
}

int inboxes_replace(struct line_inbox *old, struct err *err)
{
    struct line *line = old->line;
    struct line_inbox *inbox = calloc(1, sizeof(*inbox));
    unsigned left = 0;
    int result = inbox == NULL ? err_set(err, -ENOMEM, "out of memory")
                               : inbox_open(old->inbox->settings, &inbox->inbox, err);

    if (result < 0) {
        free(inbox);
        return result;
    }
    (void)inbox_each_in_work(inbox->inbox, count_one, &left);
    log_warning("inbox %s: another folder is at %s now; it is watched from here on",
                inbox->inbox->name, inbox->inbox->path);
    if (left > 0)
        log_warning("inbox %s: %u documents in its " INBOX_PRIVATE_NAME
                    "/work are taken up at the next start",
                    inbox->inbox->name, left);
    inbox->line = line;
    old->replaced = true;
    take_away(old);
    inbox->next = line->inboxes;
    line->inboxes = inbox;
    watch(inbox);
    return 0;
}

void inbox_release(struct line *line, struct line_inbox *inbox)
{
    struct line_inbox **link = &line->inboxes;

    if (inbox->documents > 0 || !inbox->leaving || inbox->stopping || line->phase == LINE_STOPPING)
        return;
    while (*link != inbox)
        link = &(*link)->next;
    *link = inbox->next;
    if (line->next_inbox == inbox)
        line->next_inbox = NULL;
    inbox_close(inbox->inbox);
    free(inbox);
}
