/* cli/doctor_inotify: the kernel's bounds on notices, against the folders that are to be watched.
 *
 * Each folder of an inbox takes a watch. Beyond the bound taxond still finds every file, by scans
 * (`scan_every`), so that nothing here is worse than slow; save for an inbox that gets no instance.
 */
#include <fnmatch.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cli/doctor.h"
#include "inbox/inbox.h"

#define FOLDERS_MAX     UINT64_C(1000000)  /* counted no further */
#define ENTRIES_MAX     UINT64_C(10000000) /* looked at, of all kinds */
#define QUEUE_LEAST     4096               /* notices between two turns of the loop */
#define INSTANCES_SPARE 8                  /* of others of the same user */
#define PROC_FOLDER     "/proc/sys/fs/inotify/"

static bool is_left_alone(const struct settings_inbox *inbox, const FTSENT *entry)
{
    if (entry->fts_level == FTS_ROOTLEVEL)
        return false;
    if (!inbox->recursive || strcmp(entry->fts_name, INBOX_PRIVATE_NAME) == 0)
        return true;
    for (size_t i = 0; i < inbox->ignore_count; i++)
        if (fnmatch(inbox->ignore[i], entry->fts_name, 0) == 0)
            return true;
    return false;
}

/* The folders that are watched, links not followed. */
static uint64_t count_folders(const struct settings_inbox *inbox)
{
    char *roots[] = {strdup(inbox->path), NULL};
    uint64_t folders = 0;
    FTSENT *entry;
    FTS *tree;

    if (roots[0] == NULL)
        return 0;
    tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR | FTS_NOSTAT, NULL);
    for (uint64_t i = 0; tree != NULL && i < ENTRIES_MAX && folders < FOLDERS_MAX; i++) {
        entry = fts_read(tree);
        if (entry == NULL)
            break;
        if (entry->fts_info != FTS_D)
            continue;
        if (is_left_alone(inbox, entry))
            (void)fts_set(tree, entry, FTS_SKIP);
        else
            folders++;
    }
    if (tree != NULL)
        fts_close(tree);
    free(roots[0]);
    return folders > 0 ? folders : 1; /* one that is yet to be made */
}

/* 0 where it cannot be read. */
static uint64_t read_bound(struct doctor *doctor, const char *name)
{
    struct strbuf text = STRBUF_INIT;
    uint64_t bound = 0;

    if (file_slurp_path(doctor_text(doctor, PROC_FOLDER "%s", name), 64, &text) == 0)
        bound = strtoull(strbuf_text(&text), NULL, 10);
    strbuf_release(&text);
    return bound;
}

static void judge(struct doctor *doctor, const char *name, const char *what, uint64_t needed,
                  uint64_t mended)
{
    uint64_t bound = read_bound(doctor, name);
    const char *check = doctor_text(doctor, "inotify.%s", name);
    const char *needs = doctor_text(doctor, "%llu, %s", (unsigned long long)needed, what);

    if (bound == 0)
        return;
    doctor_say(doctor, bound >= needed ? DOCTOR_OK : DOCTOR_WARN, check, needs,
               "fs.inotify.%s is %llu", name, (unsigned long long)bound);
    if (bound < needed)
        doctor_mend(doctor,
                    "sysctl -w fs.inotify.%s=%llu    # for good: in /etc/sysctl.d/taxond.conf",
                    name, (unsigned long long)mended);
}

void doctor_check_inotify(struct doctor *doctor)
{
    const struct settings *settings = doctor->settings;
    uint64_t folders = 0;

    for (size_t i = 0; i < settings->inbox_count; i++)
        folders += count_folders(&settings->inboxes[i]);
    judge(doctor, "max_user_watches", "one for each folder in the inboxes", folders, folders * 4);
    judge(doctor, "max_user_instances", "one for each inbox, and some for others",
          settings->inbox_count + INSTANCES_SPARE, settings->inbox_count + 128);
    judge(doctor, "max_queued_events", "so that a rush of files needs no scan", QUEUE_LEAST, 16384);
}
