/* config/yaml: one YAML file as a small read-only tree with line and column on each node.
 *
 * The nodes are the public struct taxon_node (taxon/types.h), so that a plugin reads what core
 * parsed. Refused, with file:line:column: anchors, aliases, tags, duplicate keys, keys that are not
 * scalars, more than one document, input that is not UTF-8, NUL, and whatever passes a limit. An
 * empty file is an empty mapping.
 */
#ifndef CONFIG_YAML_H
#define CONFIG_YAML_H

#include <stddef.h>

#include <taxon/types.h>

#include "base/arena.h"
#include "base/err.h"

#define YAML_BYTES_MAX (16u << 20)
#define YAML_DEPTH_MAX 32u
#define YAML_NODES_MAX (1u << 20)

/* Parses `text`. The tree and all it points to live in `arena`. `file` is copied and appears in the
 * nodes and in messages. 0, -EINVAL (err says FILE:LINE:COLUMN: WHY) or -ENOMEM. */
int yaml_parse(struct arena *arena, const char *file, const char *text, size_t len,
               const struct taxon_node **out_root, struct err *err) MUST_CHECK;

/* The value of `key` in a mapping, or NULL (also when `node` is NULL or no mapping). */
const struct taxon_node *yaml_get(const struct taxon_node *node, const char *key);

/* err_set with "FILE:LINE:COLUMN: " in front; -EINVAL. */
int yaml_error(struct err *err, const struct taxon_node *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
