/* line/start_catalog: the catalog at the start: opened, brought up to date; refused or made anew
 * when it is damaged, or gone while the archives hold documents of it.
 *
 * Called by line/start, which holds the lock on the state folder. An empty catalog in the place of
 * a lost one would be believed by everybody from then on; so that is said first.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "audit/rebuild.h"
#include "base/log.h"
#include "line/line_state.h"

static int see_row(void *context, const struct catalog_open_row *row)
{
    (void)context;
    (void)row;
    return 0;
}

/* Opens it and reads what the start will read: damage shows here, before anything is in hand. */
static int open_and_read(const char *path, struct catalog **out_catalog, struct err *err)
{
    struct catalog *catalog;
    int result = catalog_open(path, &catalog, err);

    if (result < 0)
        return result;
    result = catalog_each_open(catalog, see_row, NULL, err);
    if (result < 0)
        catalog_close(catalog);
    else
        *out_catalog = catalog;
    return result;
}

/* -EUCLEAN when there is none (or an empty file, which SQLite takes for a new one) although
 * documents with records are filed. */
static int check_not_lost(const char *path, const struct settings *settings, struct err *err)
{
    struct stat status;
    char where[PATH_MAX];
    int result;

    if (stat(path, &status) == 0 && status.st_size > 0)
        return 0;
    result = rebuild_find_record(settings, where);
    if (result < 0)
        return err_set(err, result, "out of memory");
    if (result == 0)
        return 0;
    return err_set(err, -EUCLEAN,
                   "%s: there is no catalog, but documents are filed with records (%s). Put a "
                   "backup in its place, or run 'taxon catalog rebuild', which makes it anew from "
                   "the records",
                   path, where);
}

static void on_trouble(void *context, const char *root, const char *path, const char *why)
{
    (void)context;
    log_warning("%s/%s gets no row: %s", root, path, why);
}

static int rebuild(const struct settings *settings, const struct err *why, struct err *err)
{
    struct rebuild made = {.trouble = on_trouble};
    int result;

    log_error("%s", why->text);
    log_warning("catalog.on_damage is 'rebuild': making it anew from the records in the archives");
    result = rebuild_catalog(settings, &made, err);
    if (result < 0)
        return err_prefix(err, result, "the catalog cannot be made anew");
    log_warning("the catalog was made anew: %llu rows; %llu documents have no record, %llu records "
                "were not believed, %llu have the id of another; %s%s",
                (unsigned long long)made.rows, (unsigned long long)made.without_record,
                (unsigned long long)made.refused, (unsigned long long)made.twice,
                made.aside[0] == '\0' ? "there was none before" : "the old one is ", made.aside);
    return 0;
}

int start_catalog(const struct settings *settings, struct catalog **out_catalog, struct err *err)
{
    char path[PATH_MAX];
    struct err why;
    int result;

    if ((size_t)snprintf(path, sizeof(path), "%s/catalog.sqlite", settings->state) >= sizeof(path))
        return err_set(err, -ENAMETOOLONG, "%s: name too long", settings->state);
    result = check_not_lost(path, settings, err);
    if (result == 0)
        result = open_and_read(path, out_catalog, err);
    if (result != -EUCLEAN || settings->catalog_on_damage != DAMAGE_REBUILD)
        return result;
    why = *err;
    result = rebuild(settings, &why, err);
    return result < 0 ? result : open_and_read(path, out_catalog, err);
}
