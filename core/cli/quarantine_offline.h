/* cli/quarantine_offline: releases and drops documents while no taxond runs, under the state
 * folder's lock, so that none can start meanwhile.
 */
#ifndef CLI_QUARANTINE_OFFLINE_H
#define CLI_QUARANTINE_OFFLINE_H

#include "base/err.h"
#include "catalog/catalog.h"
#include "config/settings.h"

struct quarantine_offline {
    const struct settings *settings;
    struct catalog *catalog;
    int lock_fd;
    int root_fd; /* the quarantine */
};

/* -EBUSY: a taxond has the state folder after all, or `taxon catalog`. On failure nothing is left.
 */
int quarantine_offline_open(struct quarantine_offline *offline, const struct settings *settings,
                            struct err *err) MUST_CHECK;
void quarantine_offline_close(struct quarantine_offline *offline);

/* From its next start on it is taken up as one that is to be tried. Durable when it returns.
 * -ENOENT: it is not in quarantine, or its inbox is not configured. */
int quarantine_offline_release(struct quarantine_offline *offline, const struct id *id,
                               struct err *err) MUST_CHECK;
/* Removes it for good; its row says so first. */
int quarantine_offline_drop(struct quarantine_offline *offline, const struct id *id,
                            struct err *err) MUST_CHECK;

#endif
