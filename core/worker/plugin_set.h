/* worker/plugin_set: all plugins of a worker, in the order in which they run. */
#ifndef WORKER_PLUGIN_SET_H
#define WORKER_PLUGIN_SET_H

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "config/settings.h"
#include "wire/manifest.h"
#include "worker/plugin.h"
#include "worker/resource.h"

/* Each plugin is allocated by itself and never moves: handles point into it. */
struct plugin_set {
    struct plugin **plugins; /* readers first, then classifiers; the manifest's indexes */
    size_t count;
    size_t reader_count;
};

/* Refuses plugins that take what another has: a scheme, or a media type. */
int plugin_set_check(const struct plugin_set *set, struct err *err) MUST_CHECK;

/* Puts the readers first, and each classifier behind those whose schemes it names in `after`;
 * else the order stays that of the configuration. A circle is refused with its members. */
int plugin_set_order(struct arena *arena, struct plugin_set *set, struct err *err) MUST_CHECK;

/* The manifest, in `arena`; it points into the plugins. NULL without memory. */
struct manifest *plugin_set_manifest(struct arena *arena, const struct plugin_set *set,
                                     const struct resources *resources, const char *sandbox);

/* The reader that claims `media_type`, whatever its filter says, or NULL. */
struct plugin *plugin_set_reader(const struct plugin_set *set, const char *media_type);

void plugin_set_release(struct plugin_set *set);

#endif
