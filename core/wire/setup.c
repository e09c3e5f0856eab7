/* wire/setup: what a worker is given before it starts: the configuration and shared objects.
 *
 * Packed by the pool for each worker that it starts, unpacked by the worker before anything else.
 * It does not open or check files; the descriptors ride with the frames.
 */
#include "wire/setup.h"

#include "wire/pack.h"

void setup_pack_config(struct strbuf *out, const struct setup_config *config)
{
    pack_text(out, config->file);
    pack_u64(out, config->generation);
}

void setup_pack_plugin(struct strbuf *out, const struct setup_plugin *plugin)
{
    pack_u32(out, plugin->index);
    pack_text(out, plugin->path);
    pack_digest(out, &plugin->digest);
    pack_u32(out, plugin->off);
}

void setup_pack_resource(struct strbuf *out, const struct setup_resource *resource)
{
    pack_u32(out, resource->plugin);
    pack_text(out, resource->option);
    pack_u32(out, resource->index);
    pack_text(out, resource->path);
    pack_digest(out, &resource->digest);
}

void setup_pack_forked(struct strbuf *out, const struct setup_forked *forked)
{
    pack_u32(out, forked->pid);
    pack_u32(out, forked->error);
}

int setup_unpack_config(struct arena *arena, const void *data, size_t len,
                        struct setup_config *out_config)
{
    struct unpack in;
    struct setup_config config;

    unpack_init(&in, data, len, arena);
    config.file = unpack_path(&in);
    config.generation = unpack_u64(&in);
    if (unpack_done(&in))
        *out_config = config;
    return unpack_result(&in);
}

int setup_unpack_plugin(struct arena *arena, const void *data, size_t len,
                        struct setup_plugin *out_plugin)
{
    struct unpack in;
    struct setup_plugin plugin;

    unpack_init(&in, data, len, arena);
    plugin.index = unpack_u32(&in);
    plugin.path = unpack_path(&in);
    unpack_digest(&in, &plugin.digest);
    plugin.off = unpack_u32(&in);
    if (unpack_done(&in))
        *out_plugin = plugin;
    return unpack_result(&in);
}

int setup_unpack_resource(struct arena *arena, const void *data, size_t len,
                          struct setup_resource *out_resource)
{
    struct unpack in;
    struct setup_resource resource;

    unpack_init(&in, data, len, arena);
    resource.plugin = unpack_u32(&in);
    resource.option = unpack_text(&in);
    resource.index = unpack_u32(&in);
    resource.path = unpack_path(&in);
    unpack_digest(&in, &resource.digest);
    if (unpack_done(&in))
        *out_resource = resource;
    return unpack_result(&in);
}

int setup_unpack_forked(const void *data, size_t len, struct setup_forked *out_forked)
{
    struct unpack in;
    struct setup_forked forked;

    unpack_init(&in, data, len, NULL);
    forked.pid = unpack_u32(&in);
    forked.error = unpack_u32(&in);
    if (unpack_done(&in))
        *out_forked = forked;
    return unpack_result(&in);
}
