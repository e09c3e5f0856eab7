/* cli/quarantine_offline: what the running taxond does on request (line/quarantine.c), without one.
 *
 * Called by cli/quarantine. A release is half of the daemon's: the row is claimed again, and the
 * move into work/ is left to the next start, which finds the open row as after an abrupt end in
 * between (line/replay.c). A drop is done whole.
 */
#include "cli/quarantine_offline.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "line/state_lock.h"
#include "route/quarantine.h"

static int open_all(struct quarantine_offline *offline, struct err *err)
{
    const struct settings *settings = offline->settings;
    char path[PATH_MAX];
    int result = state_lock(settings->state, &offline->lock_fd, err);

    if (result < 0)
        return result;
    snprintf(path, sizeof path, "%s/catalog.sqlite", settings->state);
    if (access(path, F_OK) < 0) /* none is to be made here */
        return err_set(err, -errno, "%s: %s", path, strerror(errno));
    offline->root_fd = open(settings->quarantine, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (offline->root_fd < 0)
        return err_set(err, -errno, "%s: %s", settings->quarantine, strerror(errno));
    return catalog_open(path, &offline->catalog, err);
}

int quarantine_offline_open(struct quarantine_offline *offline, const struct settings *settings,
                            struct err *err)
{
    *offline = (struct quarantine_offline){.settings = settings, .lock_fd = -1, .root_fd = -1};
    int result = open_all(offline, err);

    if (result < 0)
        quarantine_offline_close(offline);
    return result;
}

void quarantine_offline_close(struct quarantine_offline *offline)
{
    if (offline->catalog != NULL)
        catalog_close(offline->catalog);
    offline->catalog = NULL;
    file_close(&offline->root_fd);
    file_close(&offline->lock_fd);
}

/* In a transaction of its own; `step` -ENOENT when the document is not in quarantine. */
static int commit(struct catalog *catalog,
                  int (*step)(struct catalog *catalog, const struct id *id, struct err *err),
                  const struct id *id, struct err *err)
{
    int result = catalog_begin(catalog, err);

    if (result < 0)
        return result;
    result = step(catalog, id, err);
    if (result == 0)
        result = catalog_commit(catalog, err);
    if (result < 0)
        catalog_rollback(catalog);
    return result;
}

static bool has_inbox(const struct settings *settings, const char *name)
{
    for (size_t i = 0; i < settings->inbox_count; i++)
        if (strcmp(settings->inboxes[i].name, name) == 0)
            return true;
    return false;
}

/* No attempt is counted yet: the next start counts the first before it makes it. */
static int release(struct catalog *catalog, const struct id *id, struct err *err)
{
    int result = catalog_set_released(catalog, id, err);

    return result == 0 ? catalog_set_attempts(catalog, id, 0, err) : result;
}

int quarantine_offline_release(struct quarantine_offline *offline, const struct id *id,
                               struct err *err)
{
    struct catalog_quarantined row;
    int result = catalog_quarantined(offline->catalog, id, &row, err);

    if (result < 0)
        return result;
    if (!has_inbox(offline->settings, row.inbox))
        result = err_set(err, -ENOENT, "its inbox '%s' is not configured any more", row.inbox);
    else if (faccessat(offline->root_fd, id->text, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
        result = err_set(err, -errno, "%s/%s: %s", offline->settings->quarantine, id->text,
                         strerror(errno));
    catalog_quarantined_release(&row);
    return result < 0 ? result : commit(offline->catalog, release, id, err);
}

int quarantine_offline_drop(struct quarantine_offline *offline, const struct id *id,
                            struct err *err)
{
    int result = commit(offline->catalog, catalog_set_dropped, id, err);

    if (result == -ENOENT)
        return err_set(err, result, "no such document is in quarantine");
    if (result == 0 && (result = quarantine_remove(offline->root_fd, id)) < 0)
        err_set(err, result, "%s/%s: %s", offline->settings->quarantine, id->text,
                strerror(-result));
    return result;
}
