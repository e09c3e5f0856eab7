/* kit/definitions_private: what the two files of kit/definitions share. Nobody else includes it. */
#ifndef KIT_DEFINITIONS_PRIVATE_H
#define KIT_DEFINITIONS_PRIVATE_H

#include <stdbool.h>

#include "kit/definitions.h"

/* Whether there is a node, of that TAXON_NODE_ kind. */
bool definitions_is_kind(const struct taxon_node *node, uint32_t kind);

/* Whether `node` is a mapping of keys that stand in `known` or `more` (NULL for none); else a
 * mistake. Both lists end with NULL. */
bool definitions_check_keys(struct definitions_check *check, const struct taxon_node *node,
                            const char *what, const char *const *known, const char *const *more);

#endif
