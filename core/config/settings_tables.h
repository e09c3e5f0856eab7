/* config/settings_tables: the option tables of taxond.yaml. What the settings' own files share;
 * nobody else includes it.
 */
#ifndef CONFIG_SETTINGS_TABLES_H
#define CONFIG_SETTINGS_TABLES_H

#include "config/options.h"

extern const struct option_table settings_top_table; /* beside the sections */
extern const struct option_table settings_inbox_table;
extern const struct option_table settings_plugin_table; /* beside `options` and `when` */
extern const struct option_table settings_filter_table;
extern const struct option_table settings_workers_table;
extern const struct option_table settings_limits_table;
extern const struct option_table settings_placement_table;
extern const struct option_table settings_batch_table;
extern const struct option_table settings_catalog_table;
extern const struct option_table settings_watchdog_table;

#endif
