/* line/inboxes: the list of inboxes: opened at the start, added to and taken from by a reload.
 *
 * An inbox that is taken away is watched no more at once, and closed when the last document that
 * came from it is filed. Called by the line's own files, on the loop's thread.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "line/line_state.h"

struct line_inbox *inbox_find(const struct line *line, const char *name)
{
    for (struct line_inbox *inbox = line->inboxes; inbox != NULL; inbox = inbox->next)
        if (!inbox->leaving && strcmp(inbox->inbox->name, name) == 0)
            return inbox;
    return NULL;
}

static struct line_inbox *find_same(const struct line *line, const struct settings_inbox *settings)
{
    struct line_inbox *inbox = inbox_find(line, settings->name);

    return inbox != NULL && strcmp(inbox->inbox->path, settings->path) == 0 ? inbox : NULL;
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

        if (find_same(line, &settings->inboxes[i]) != NULL)
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

static void on_intake_stopped(void *context)
{
    struct line_inbox *inbox = context;

    inbox->stopping = false;
    inbox_release(inbox->line, inbox);
}

static void take_away(struct line_inbox *inbox)
{
    struct intake *intake = inbox->intake;

    inbox->leaving = true;
    inbox->intake = NULL;
    if (intake == NULL)
        return;
    inbox->stopping = true;
    intake_stop(intake, on_intake_stopped, inbox);
}

void inboxes_apply(struct line *line, const struct settings *settings, struct line_inbox *added)
{
    for (struct line_inbox *inbox = line->inboxes; inbox != NULL; inbox = inbox->next) {
        const struct settings_inbox *same = NULL;

        for (size_t i = 0; i < settings->inbox_count && !inbox->leaving; i++)
            if (find_same(line, &settings->inboxes[i]) == inbox)
                same = &settings->inboxes[i];
        if (same != NULL)
            intake_reconfigure(inbox->intake, same);
        else if (!inbox->leaving)
            take_away(inbox);
    }
    while (added != NULL) {
        struct line_inbox *inbox = added;
        struct err err = {""};

        added = inbox->next;
        inbox->next = line->inboxes;
        line->inboxes = inbox;
        if (intake_begin(inbox, &err) < 0)
            log_error("inbox '%s' is not watched: %s", inbox->inbox->name, err.text);
    }
}

void inbox_release(struct line *line, struct line_inbox *inbox)
{
    struct line_inbox **link = &line->inboxes;

    if (inbox->documents > 0 || !inbox->leaving || inbox->stopping ||
        line->phase == LINE_STOPPING)
        return;
    while (*link != inbox)
        link = &(*link)->next;
    *link = inbox->next;
    if (line->next_inbox == inbox)
        line->next_inbox = NULL;
    inbox_close(inbox->inbox);
    free(inbox);
}
