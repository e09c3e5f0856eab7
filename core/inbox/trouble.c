/* inbox/trouble: what keeps files from being seen, in words for the person who can mend it.
 *
 * Written by intake while it scans; shown by the status and logged by the line when it changes.
 * None of it stops the intake: what cannot be watched is found by the timer's scans.
 */
#include "inbox/trouble.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "inbox/intake.h"

#define MS_PER_S        1000.0
#define LIMIT_TEXT_MAX  64
#define LIMIT_WATCHES   "max_user_watches"
#define LIMIT_INSTANCES "max_user_instances"
#define LIMIT_FOLDER    "/proc/sys/fs/inotify/"

void trouble_begin(struct trouble *trouble)
{
    trouble->met = false;
    trouble->was_unheard = trouble->unheard;
    trouble->unheard = false;
    trouble->unwatched = 0;
    trouble->refused = 0;
}

void trouble_end(struct trouble *trouble)
{
    trouble->was_unheard = false;
    if (!trouble->met)
        trouble->text.text[0] = '\0';
}

/* True for the first of a scan, which is then the one to write. */
static bool is_first(struct trouble *trouble)
{
    bool first = !trouble->met;

    trouble->met = true;
    return first;
}

static const char *reason(int code)
{
    if (code == -ELOOP)
        return "too deep: taxond goes down 128 folders";
    if (code == -ENAMETOOLONG)
        return "it holds paths longer than the system allows";
    return strerror(-code);
}

void trouble_folder(struct trouble *trouble, const struct inbox *inbox, const char *path, int code)
{
    if (is_first(trouble))
        (void)err_set(&trouble->text, code, "inbox %s: cannot look into %s/%s: %s", inbox->name,
                      inbox->path, path, reason(code));
}

static double poll_s(const struct inbox *inbox)
{
    return intake_poll_ms(inbox->settings) / MS_PER_S;
}

/* The limit's present value; 0 when it cannot be read. */
static uint64_t limit_now(const char *path)
{
    struct strbuf text = STRBUF_INIT;
    uint64_t value = 0;

    if (file_slurp_path(path, LIMIT_TEXT_MAX, &text) == 0)
        value = strtoull(strbuf_text(&text), NULL, 10);
    strbuf_release(&text);
    return value;
}

void trouble_no_inotify(struct trouble *trouble, const struct inbox *inbox, int code)
{
    uint64_t limit = limit_now(LIMIT_FOLDER LIMIT_INSTANCES);

    if (!is_first(trouble))
        return;
    (void)err_set(&trouble->text, code,
                  "inbox %s: cannot be watched (inotify: %s), so it is polled, every %.3g s; "
                  "fs.inotify." LIMIT_INSTANCES " is %" PRIu64
                  "; to raise it: sysctl -w fs.inotify." LIMIT_INSTANCES "=%" PRIu64,
                  inbox->name, strerror(-code), poll_s(inbox), limit, limit * 2);
}

void trouble_watch_limit(struct trouble *trouble, const struct inbox *inbox, uint32_t watched)
{
    uint64_t needed = (uint64_t)watched + trouble->unwatched;
    uint64_t limit = limit_now(LIMIT_FOLDER LIMIT_WATCHES);

    trouble->met = true; /* told rather than what came first: it is about more files */
    (void)err_set(&trouble->text, -ENOSPC,
                  "inbox %s: %" PRIu64 " folders need an inotify watch and %" PRIu32
                  " could be had (fs.inotify." LIMIT_WATCHES " is %" PRIu64
                  ", shared with the user's other programs); the rest are polled, every %.3g s; "
                  "to raise it: sysctl -w fs.inotify." LIMIT_WATCHES "=%" PRIu64,
                  inbox->name, needed, watched, limit, poll_s(inbox), limit + needed);
}

void trouble_refused(struct trouble *trouble, const struct inbox *inbox, const char *path, int code)
{
    trouble->refused++;
    if (is_first(trouble))
        (void)err_set(&trouble->text, code,
                      "inbox %s: %s/%s and maybe others cannot be taken: %s; what is in the way is "
                      "looked at again with each scan",
                      inbox->name, inbox->path, path, strerror(-code));
}
