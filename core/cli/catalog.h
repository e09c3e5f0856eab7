/* cli/catalog: taxon catalog's own subcommands. What its files share; nobody else includes it. */
#ifndef CLI_CATALOG_H
#define CLI_CATALOG_H

#include <stdbool.h>
#include <stdint.h>

#include "config/settings.h"

struct catalog_options {
    bool json;
    bool repair;
    bool quick;
    bool force;
    const char *file; /* backup's */
};

/* Each returns the exit status. */
int catalog_check_command(const struct settings *settings, const struct catalog_options *options);
int catalog_rebuild_command(const struct settings *settings, const struct catalog_options *options);
int catalog_backup_command(const struct settings *settings, const struct catalog_options *options);

/* How far it is, on standard error: in place on a terminal, else a line now and then. */
struct catalog_meter {
    uint64_t last_us;
    bool drawn; /* a line stands on the terminal */
};

/* "DONE of ALL WHAT"; `all` 0: it is not known. */
void catalog_meter_show(struct catalog_meter *meter, const char *what, uint64_t done, uint64_t all);
/* Wipes it, so that a line can be printed. */
void catalog_meter_clear(struct catalog_meter *meter);

#endif
