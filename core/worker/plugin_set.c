/* worker/plugin_set: all plugins of a worker.
 *
 * Called by worker/worker while it starts. It compares plugins with each other; what a single one
 * is worth was worker/plugin's to say.
 */
#include "worker/plugin_set.h"

#include <errno.h>
#include <string.h>

#include "wire/form.h"

static bool in_list(const char *const *list, const char *text)
{
    for (; list != NULL && *list != NULL; list++)
        if (strcmp(*list, text) == 0)
            return true;
    return false;
}

/* The first of `mine` that is also among `others`, or NULL. */
static const char *common(const char *const *mine, const char *const *others)
{
    for (; mine != NULL && *mine != NULL; mine++)
        if (in_list(others, *mine))
            return *mine;
    return NULL;
}

static int check_pair(const struct plugin *before, const struct plugin *plugin, struct err *err)
{
    const char *scheme = common(plugin->descriptor.schemes, before->descriptor.schemes);
    const char *type = common(plugin->descriptor.media_types, before->descriptor.media_types);

    if (scheme != NULL)
        return plugin_refuse(err, -EEXIST, plugin,
                             "scheme '%s' is already published by plugin '%s'", scheme,
                             before->settings->name);
    if (type != NULL)
        return plugin_refuse(err, -EEXIST, plugin, "media type '%s' is already read by plugin '%s'",
                             type, before->settings->name);
    return 0;
}

int plugin_set_check(const struct plugin_set *set, struct err *err)
{
    for (size_t i = 1; i < set->count; i++) {
        for (size_t k = 0; k < i; k++) {
            int code = check_pair(set->plugins[k], set->plugins[i], err);
            if (code < 0)
                return code;
        }
    }
    return 0;
}

static bool is_reader(const struct plugin *plugin)
{
    return plugin->descriptor.kind == TAXON_KIND_READER;
}

/* Whether `plugin` has to run after `other`. */
static bool waits_for(const struct plugin *plugin, const struct plugin *other)
{
    return common(plugin->descriptor.after, other->descriptor.schemes) != NULL;
}

/* A plugin among those not yet placed (NULL: placed) that `plugin` waits for, or NULL. */
static struct plugin *hindrance(const struct plugin_set *left, const struct plugin *plugin)
{
    for (size_t i = 0; i < left->count; i++)
        if (left->plugins[i] != NULL && waits_for(plugin, left->plugins[i]))
            return left->plugins[i];
    return NULL;
}

/* Every plugin that is left waits for another: as many steps from one to the next as there are
 * plugins lead into the circle, and once round it names its members. */
static int refuse_circle(const struct plugin_set *left, struct plugin *first, struct err *err)
{
    struct strbuf members = STRBUF_INIT;
    struct plugin *at = first;

    for (size_t i = 0; i < left->count; i++)
        at = hindrance(left, at);
    first = at;
    strbuf_printf(&members, "'%s'", at->settings->name);
    do {
        at = hindrance(left, at);
        strbuf_printf(&members, " after '%s'", at->settings->name);
    } while (at != first);
    err_set(err, -ELOOP, "plugins run after one another in a circle: %s", strbuf_text(&members));
    strbuf_release(&members);
    return -ELOOP;
}

/* The first in the order of the configuration that waits for none of those left. */
static struct plugin *take_next(struct plugin_set *left)
{
    for (size_t i = 0; i < left->count; i++) {
        struct plugin *plugin = left->plugins[i];
        if (plugin == NULL || hindrance(left, plugin) != NULL)
            continue;
        left->plugins[i] = NULL;
        return plugin;
    }
    return NULL;
}

static struct plugin *first_left(const struct plugin_set *left)
{
    for (size_t i = 0; i < left->count; i++)
        if (left->plugins[i] != NULL)
            return left->plugins[i];
    return NULL;
}

static void take_readers(struct plugin_set *left, struct plugin_set *ordered)
{
    for (size_t i = 0; i < left->count; i++) {
        if (!is_reader(left->plugins[i]))
            continue;
        ordered->plugins[ordered->count++] = left->plugins[i];
        left->plugins[i] = NULL;
    }
    ordered->reader_count = ordered->count;
}

int plugin_set_order(struct arena *arena, struct plugin_set *set, struct err *err)
{
    struct plugin_set left = *set;
    struct plugin_set ordered = {.plugins =
                                     arena_alloc(arena, set->count * sizeof *ordered.plugins)};

    left.plugins = arena_memdup(arena, set->plugins, set->count * sizeof *set->plugins);
    if (ordered.plugins == NULL || left.plugins == NULL)
        return err_set(err, -ENOMEM, "out of memory");
    take_readers(&left, &ordered);
    while (ordered.count < set->count) {
        struct plugin *next = take_next(&left);
        if (next == NULL)
            return refuse_circle(&left, first_left(&left), err);
        ordered.plugins[ordered.count++] = next;
    }
    *set = ordered;
    return 0;
}

/* A copy without the NULL at the end. */
static const char **copy_list(struct arena *arena, const char *const *list, size_t count)
{
    return arena_memdup(arena, list, count * sizeof *list);
}

static int list_resources(struct arena *arena, const struct resources *resources,
                          struct manifest_plugin *entry)
{
    size_t count = resources_count(resources, entry->index);

    entry->resources = arena_alloc(arena, count * sizeof *entry->resources);
    if (entry->resources == NULL)
        return -ENOMEM;
    for (const struct resource *it = resources->first; it != NULL; it = it->next) {
        if (it->plugin != entry->index || !it->used)
            continue;
        entry->resources[entry->resource_count++] = (struct manifest_resource){
            .option = it->option,
            .index = it->index,
            .path = it->path,
            .size = it->data_len,
            .digest = it->digest,
        };
    }
    return 0;
}

/* Its own options as the plugin sees them, for `taxon config`. */
static int list_options(struct arena *arena, const struct plugin *plugin,
                        struct manifest_plugin *entry)
{
    const struct option_values *values = &plugin->options;
    struct strbuf text = STRBUF_INIT;
    struct strbuf line = STRBUF_INIT;
    size_t count = values->table == NULL ? 0 : plugin->table.count; /* NULL: it is not open */
    bool failed = false;

    entry->options = arena_alloc(arena, count * sizeof *entry->options);
    for (size_t i = 0; entry->options != NULL && i < count; i++) {
        struct manifest_option *option = &entry->options[entry->option_count++];
        const struct taxon_node *node = values->nodes[i];
        strbuf_clear(&text);
        strbuf_clear(&line);
        options_print_value(&values->values[i], &text);
        form_put_line(&line, strbuf_text(&text), MANIFEST_VALUE_MAX);
        *option = (struct manifest_option){
            .name =
                TAXON_AT(struct taxon_option, plugin->table.rows, plugin->table.stride, i)->name,
            .type = values->values[i].type,
            .value = arena_strdup(arena, strbuf_text(&line)),
            .line = node == NULL ? 0 : node->line,
            .column = node == NULL ? 0 : node->column,
        };
        failed |= option->value == NULL || text.failed || line.failed;
    }
    strbuf_release(&text);
    strbuf_release(&line);
    return failed || entry->options == NULL ? -ENOMEM : 0;
}

static int describe(struct arena *arena, const struct plugin *plugin,
                    const struct resources *resources, struct manifest_plugin *entry)
{
    const struct taxon_descriptor *descriptor = &plugin->descriptor;

    *entry = (struct manifest_plugin){
        .name = plugin->settings->name,
        .own_name = descriptor->name,
        .version = descriptor->version,
        .kind = descriptor->kind,
        .index = plugin->index,
        .digest = plugin->digest,
        .schemes = copy_list(arena, descriptor->schemes, plugin->scheme_count),
        .scheme_count = plugin->scheme_count,
        .media_types = copy_list(arena, descriptor->media_types, plugin->media_type_count),
        .media_type_count = plugin->media_type_count,
        .labels = plugin->vocabulary.labels,
        .label_count = plugin->vocabulary.count,
    };
    if (entry->schemes == NULL || entry->media_types == NULL)
        return -ENOMEM;
    int code = list_options(arena, plugin, entry);
    return code < 0 ? code : list_resources(arena, resources, entry);
}

struct manifest *plugin_set_manifest(struct arena *arena, const struct plugin_set *set,
                                     const struct resources *resources, const char *sandbox)
{
    struct manifest *manifest = arena_alloc(arena, sizeof *manifest);

    if (manifest == NULL)
        return NULL;
    manifest->sandbox = arena_strdup(arena, sandbox);
    manifest->plugin_count = set->count;
    manifest->plugins = arena_alloc(arena, set->count * sizeof *manifest->plugins);
    if (manifest->sandbox == NULL || manifest->plugins == NULL)
        return NULL;
    for (size_t i = 0; i < set->count; i++)
        if (describe(arena, set->plugins[i], resources, &manifest->plugins[i]) < 0)
            return NULL;
    return manifest;
}

struct plugin *plugin_set_reader(const struct plugin_set *set, const char *media_type)
{
    for (size_t i = 0; i < set->reader_count; i++)
        if (in_list(set->plugins[i]->descriptor.media_types, media_type))
            return set->plugins[i];
    return NULL;
}

void plugin_set_release(struct plugin_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        plugin_release(set->plugins[i]);
    set->count = 0;
}
