/* cli/config_listing: the options that `taxon config` shows, gathered and printed. */
#ifndef CLI_CONFIG_LISTING_H
#define CLI_CONFIG_LISTING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/json.h"
#include "config/settings.h"
#include "wire/manifest.h"

struct row {
    const char *name;
    const char *value;
    const char *from;
};

struct listing {
    char **sections; /* what was asked for; none: everything */
    size_t section_count;
    bool *found; /* whether a section had an option */
    struct arena arena;
    struct row *rows;
    size_t count;
    size_t size;
    bool failed; /* no memory */
    struct json *json;
    const struct manifest *manifest; /* NULL: no worker was asked, or none could tell */
};

/* Whether `name` is `section` or lies in it: "limits" begins "limits.time", and not "limitsize". */
bool listing_is_in(const char *name, const char *section);
/* For settings_each: what is asked for becomes a row, and a member of `json`. */
void listing_see(void *context, const struct settings_entry *entry);
/* The same for what a worker told of the plugin, if one was asked and has it. */
bool listing_own(void *context, const struct settings_plugin *plugin);
void listing_print(const struct listing *listing);

#endif
