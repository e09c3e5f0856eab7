/* pool/generation_off: generations in which plugins are switched off for failing.
 *
 * Called by the line: at a start and a reload, for what is remembered of their digests; and while
 * it runs, for a plugin that has failed once too often. Such a plugin is loaded all the same: rules
 * name its labels, and only the plugin can tell them. It is never asked.
 */
#include <stdlib.h>
#include <string.h>

#include "pool/generation.h"

static bool is_off(const struct generation *generation, uint32_t plugin,
                   const struct digest *digest, const struct conduct *conduct)
{
    return generation->settings->workers.plugin_failures > 0 &&
           conduct_is_off(conduct, generation->settings->plugins[plugin].name, digest);
}

void generation_switch_off(struct generation *generation, const struct conduct *conduct)
{
    for (size_t i = 0; i < generation->object_count; i++) {
        struct generation_object *object = &generation->objects[i];

        object->off = is_off(generation, object->plugin, &object->digest, conduct);
    }
}

bool generation_plugin_is_off(const struct generation *generation, size_t index,
                              const struct conduct *conduct)
{
    const struct manifest_plugin *plugin = &generation->manifest->plugins[index];

    return plugin->off || is_off(generation, plugin->index, &plugin->digest, conduct);
}

/* A copy of the manifest that differs in nothing but the marks. */
static struct manifest *mark(struct generation *generation, const struct manifest *from)
{
    struct manifest *manifest = arena_memdup(&generation->arena, from, sizeof(*from));

    if (manifest == NULL)
        return NULL;
    manifest->plugins = arena_memdup(&generation->arena, from->plugins,
                                     from->plugin_count * sizeof(*from->plugins));
    for (size_t i = 0; manifest->plugins != NULL && i < generation->object_count; i++)
        for (size_t k = 0; k < manifest->plugin_count; k++)
            if (manifest->plugins[k].index == generation->objects[i].plugin)
                manifest->plugins[k].off = generation->objects[i].off;
    return manifest->plugins == NULL ? NULL : manifest;
}

struct generation *generation_with_off(struct generation *origin, uint64_t number,
                                       const struct conduct *conduct)
{
    struct generation *generation = calloc(1, sizeof(*generation));

    if (generation == NULL)
        return NULL;
    *generation = *origin;
    arena_init(&generation->arena, 0);
    generation->number = number;
    generation->references = 1;
    generation->origin = generation_hold(origin);
    generation->companion_free = NULL; /* the origin's */
    generation->objects = arena_memdup(&generation->arena, origin->objects,
                                       origin->object_count * sizeof(*origin->objects));
    if (generation->objects != NULL) {
        generation_switch_off(generation, conduct);
        generation->manifest = mark(generation, origin->manifest);
    }
    if (generation->objects == NULL || generation->manifest == NULL) {
        generation_drop(generation);
        return NULL;
    }
    return generation;
}
