/* wire/manifest_order: the order of a plugin's labels and the search by it. Inside core/wire only.
 */
#ifndef WIRE_MANIFEST_ORDER_H
#define WIRE_MANIFEST_ORDER_H

#include "wire/manifest.h"

int manifest_label_order(const char *a_scheme, const char *a_id, const char *b_scheme,
                         const char *b_id);
const struct manifest_label *manifest_plugin_find(const struct manifest_plugin *plugin,
                                                  const char *scheme, const char *id);

#endif
