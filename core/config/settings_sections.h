/* config/settings_sections: the readers of the sections of taxond.yaml. What the settings' own
 * files share; nobody else includes it. All return 0, -EINVAL (err has FILE:LINE:COLUMN) or
 * -ENOMEM.
 */
#ifndef CONFIG_SETTINGS_SECTIONS_H
#define CONFIG_SETTINGS_SECTIONS_H

#include "config/options.h"
#include "config/settings.h"

struct settings_reader {
    struct settings *settings;
    struct err *err;
};

/* Keys that stand beside those of the tables of the top and of a plugin, read by others. */
extern const char *const settings_top_others[]; /* settings.c: the sections */
extern const size_t settings_top_other_count;
extern const char *const settings_plugin_others[]; /* settings_plugins.c */
extern const size_t settings_plugin_other_count;

/* In settings_named.c: lists, and mappings whose keys are names that the user makes up. */

/* The mapping `key` of names to anything, each name checked: at most SETTINGS_SECTIONS_MAX, and at
 * least one when `required`. *out_node is NULL when there is none. `what` is what one of them is
 * called: "inbox". */
int settings_named_sections(struct settings_reader *reader, const char *key, const char *what,
                            bool required, const struct taxon_node **out_node) MUST_CHECK;
/* Refuses empty patterns in a LIST that was written at `node` (NULL: nothing to do), and, when
 * they are for single names, those with a slash. */
int settings_check_patterns(struct settings_reader *reader, const struct taxon_node *node,
                            bool single_names) MUST_CHECK;
/* A LIST of texts as an array; empty when it is unset. */
int settings_read_strings(struct settings_reader *reader, const struct taxon_value *value,
                          const char *const **out_strings, size_t *out_count) MUST_CHECK;

/* In settings_folders.c and settings_plugins.c: the sections made of those. */
int settings_read_archives(struct settings_reader *reader,
                           const struct taxon_value *archives) MUST_CHECK;
int settings_read_inboxes(struct settings_reader *reader) MUST_CHECK;
int settings_read_plugins(struct settings_reader *reader) MUST_CHECK;

/* In settings_sections.c: the sections that hold plain values. */
int settings_read_workers(struct settings_reader *reader) MUST_CHECK;
int settings_read_limits(struct settings_reader *reader) MUST_CHECK;
int settings_read_placement(struct settings_reader *reader) MUST_CHECK;
int settings_read_batch(struct settings_reader *reader) MUST_CHECK;
int settings_read_catalog(struct settings_reader *reader) MUST_CHECK;
int settings_read_watchdog(struct settings_reader *reader) MUST_CHECK;

#endif
