/* taxon catalog backup: a copy of the catalog while taxond runs. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>

#include "catalog/catalog.h"
#include "cli/catalog.h"
#include "cli/cli.h"
#include "cli/record_json.h"

static void on_step(void *context, uint64_t done, uint64_t all)
{
    catalog_meter_show(context, "pages", done, all);
}

int catalog_backup_command(const struct settings *settings, const struct catalog_options *options)
{
    struct catalog_meter meter = {0};
    const struct catalog_progress progress = {on_step, &meter};
    struct err err = {""};
    char path[PATH_MAX];
    int result;

    snprintf(path, sizeof path, "%s/catalog.sqlite", settings->state);
    result = catalog_backup(path, options->file, options->force, &progress, &err);
    catalog_meter_clear(&meter);
    if (result == -EEXIST)
        (void)err_set(&err, result, "%s is there already; --force replaces it", options->file);
    if (result < 0)
        return cli_fail(&command_catalog, CLI_FAILED, &err);
    fputs("saved as ", stdout);
    record_print(stdout, options->file);
    putchar('\n');
    return CLI_OK;
}
