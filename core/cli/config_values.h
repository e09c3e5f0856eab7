/* cli/config_values: values of options as JSON, for `taxon config --json`. */
#ifndef CLI_CONFIG_VALUES_H
#define CLI_CONFIG_VALUES_H

#include <taxon/types.h>

#include "base/arena.h"
#include "base/json.h"
#include "wire/manifest.h"

/* Under the key "value". */
void config_put_value(struct json *json, const struct taxon_value *value);
/* What was written, whatever it means. At most as deep as the file may be (YAML_DEPTH_MAX), less
 * the levels above a plugin's option: `json` has room for that. */
void config_put_node(struct json *json, const char *key, const struct taxon_node *node);
/* What a worker told of a plugin's option, under the key "value". `arena` is for reading it. */
void config_put_told(struct json *json, struct arena *arena, const struct manifest_option *option);

#endif
