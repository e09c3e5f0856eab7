/* wire/manifest_unpack: what is believed of a worker's manifest.
 *
 * Called by the pool with what a READY frame brought. A worker has run its plugins' constructors by
 * then, so nothing in it is taken on trust: counts are bounded before memory is taken, every string
 * has its shape, and what later code walks (order, parents) is walked here first.
 */
#include <string.h>

#include <taxon/plugin.h>

#include "wire/form.h"
#include "wire/manifest.h"
#include "wire/manifest_order.h"
#include "wire/pack.h"

/* The least bytes that an element takes on the wire, so that a count can be judged before its
 * array is made: its integers, doubles and digests, and the lengths of its strings. */
#define NAME_LEAST     4
#define LABEL_LEAST    (5 * 4 + 8 + 4 + 4)
#define CODE_LEAST     (2 * 4)
#define RESOURCE_LEAST (4 + 4 + 4 + 8 + DIGEST_SIZE)
#define OPTION_LEAST   (2 * 4 + 3 * 4)
#define PLUGIN_LEAST   (3 * 4 + 4 + 4 + DIGEST_SIZE + 5 * 4)
#define SANDBOX_MAX    1000
#define ROOT           UINT32_MAX

static void expect(struct unpack *in, bool condition)
{
    if (!condition)
        in->bad = true;
}

static const char *name_in(struct unpack *in)
{
    const char *name = unpack_text_max(in, FORM_NAME_MAX);

    expect(in, form_is_name(name));
    return name;
}

static const char *line_in(struct unpack *in, size_t max)
{
    const char *line = unpack_text_max(in, max);

    expect(in, form_is_line(line, max));
    return line;
}

static const char **names_in(struct unpack *in, size_t max_len, bool (*is_good)(const char *),
                             size_t *out_count)
{
    uint32_t count = unpack_count(in, NAME_LEAST, MANIFEST_NAMES_MAX);
    const char **names = unpack_array(in, count, sizeof *names);

    *out_count = 0;
    for (uint32_t i = 0; !in->bad && i < count; i++) {
        names[i] = unpack_text_max(in, max_len);
        expect(in, is_good(names[i]));
        *out_count = i + 1;
    }
    return names;
}

static bool is_text(const char *text, const char *bytes, size_t len)
{
    return strlen(text) == len && memcmp(text, bytes, len) == 0;
}

/* The plugin's own copy of the scheme's name: a hundred thousand labels need not hold one each.
 * Labels are sorted, so that it mostly is the scheme of the label before. */
static const char *own_scheme_in(struct unpack *in, const struct manifest_plugin *plugin,
                                 const char *before)
{
    size_t len;
    const char *bytes = unpack_bytes(in, &len);

    if (!in->bad && before != NULL && is_text(before, bytes, len))
        return before;
    for (size_t i = 0; !in->bad && i < plugin->scheme_count; i++)
        if (is_text(plugin->schemes[i], bytes, len))
            return plugin->schemes[i];
    in->bad = true;
    return "";
}

static void codes_in(struct unpack *in, struct manifest_label *label)
{
    uint32_t count = unpack_count(in, CODE_LEAST, MANIFEST_CODES_MAX);

    label->codes = unpack_array(in, count, sizeof *label->codes);
    for (uint32_t i = 0; !in->bad && i < count; i++) {
        label->codes[i].vocabulary = name_in(in);
        label->codes[i].code = line_in(in, FORM_LINE_MAX);
        label->code_count = i + 1;
    }
}

static void label_in(struct unpack *in, const struct manifest_plugin *plugin,
                     const char *scheme_before, struct manifest_label *label)
{
    label->scheme = own_scheme_in(in, plugin, scheme_before);
    label->id = unpack_text_max(in, FORM_ID_MAX);
    label->name_zh = line_in(in, FORM_LINE_MAX);
    label->name_en = line_in(in, FORM_LINE_MAX);
    label->parent = unpack_text_max(in, FORM_ID_MAX);
    label->threshold = unpack_real(in);
    label->definition = line_in(in, MANIFEST_DEFINITION_MAX);
    codes_in(in, label);
    expect(in, form_is_id(label->id));
    expect(in, form_is_share(label->threshold));
}

static void labels_in(struct unpack *in, struct manifest_plugin *plugin)
{
    uint32_t count = unpack_count(in, LABEL_LEAST, MANIFEST_LABELS_MAX);

    plugin->labels = unpack_array(in, count, sizeof *plugin->labels);
    for (uint32_t i = 0; !in->bad && i < count; i++) {
        struct manifest_label *label = &plugin->labels[i];
        label_in(in, plugin, i > 0 ? label[-1].scheme : NULL, label);
        if (i > 0)
            expect(in, manifest_label_order(label[-1].scheme, label[-1].id, label->scheme,
                                            label->id) < 0);
        plugin->label_count = i + 1;
    }
}

/* Each label's parent is a label of its scheme, and the way up ends: rules walk it. */
static void check_parents(struct unpack *in, const struct manifest_plugin *plugin)
{
    uint32_t *parents;

    if (in->bad)
        return;
    parents = unpack_array(in, plugin->label_count, sizeof *parents);
    for (size_t i = 0; !in->bad && i < plugin->label_count; i++) {
        const struct manifest_label *label = &plugin->labels[i];
        parents[i] = ROOT;
        if (label->parent[0] == '\0')
            continue;
        const struct manifest_label *parent =
            manifest_plugin_find(plugin, label->scheme, label->parent);
        expect(in, parent != NULL);
        if (parent != NULL)
            parents[i] = (uint32_t)(parent - plugin->labels);
    }
    for (size_t i = 0; !in->bad && i < plugin->label_count; i++) {
        uint32_t at = parents[i];
        for (unsigned above = 0; at != ROOT && !in->bad; above++) {
            expect(in, above < MANIFEST_DEPTH_MAX);
            at = parents[at];
        }
    }
}

static void resources_in(struct unpack *in, struct manifest_plugin *plugin)
{
    uint32_t count = unpack_count(in, RESOURCE_LEAST, MANIFEST_RESOURCES_MAX);

    plugin->resources = unpack_array(in, count, sizeof *plugin->resources);
    for (uint32_t i = 0; !in->bad && i < count; i++) {
        struct manifest_resource *resource = &plugin->resources[i];
        resource->option = unpack_text_max(in, FORM_NAME_MAX);
        resource->index = unpack_u32(in);
        resource->path = unpack_path(in);
        resource->size = unpack_u64(in);
        unpack_digest(in, &resource->digest);
        expect(in, form_is_option(resource->option));
        expect(in, resource->path[0] == '/');
        plugin->resource_count = i + 1;
    }
}

static void options_in(struct unpack *in, struct manifest_plugin *plugin)
{
    uint32_t count = unpack_count(in, OPTION_LEAST, MANIFEST_OPTIONS_MAX);

    plugin->options = unpack_array(in, count, sizeof *plugin->options);
    for (uint32_t i = 0; !in->bad && i < count; i++) {
        struct manifest_option *option = &plugin->options[i];
        option->name = unpack_text_max(in, FORM_NAME_MAX);
        option->type = unpack_u32(in);
        option->value = line_in(in, MANIFEST_VALUE_MAX);
        option->line = unpack_u32(in);
        option->column = unpack_u32(in);
        expect(in, form_is_option(option->name));
        expect(in, option->type <= TAXON_OPTION_MAP);
        plugin->option_count = i + 1;
    }
}

static void plugin_in(struct unpack *in, struct manifest_plugin *plugin)
{
    plugin->name = name_in(in);
    plugin->own_name = name_in(in);
    plugin->version = line_in(in, FORM_LINE_MAX);
    plugin->kind = unpack_u32(in);
    plugin->index = unpack_u32(in);
    unpack_digest(in, &plugin->digest);
    expect(in, plugin->kind == TAXON_KIND_READER || plugin->kind == TAXON_KIND_CLASSIFIER);
    plugin->schemes = names_in(in, FORM_NAME_MAX, form_is_name, &plugin->scheme_count);
    plugin->media_types =
        names_in(in, FORM_TOKEN_MAX, form_is_media_pattern, &plugin->media_type_count);
    labels_in(in, plugin);
    check_parents(in, plugin);
    resources_in(in, plugin);
    options_in(in, plugin);
}

/* Against the plugins before it, and its own schemes among themselves. */
static void check_unique(struct unpack *in, const struct manifest *manifest,
                         const struct manifest_plugin *plugin)
{
    for (size_t i = 0; !in->bad && i < plugin->scheme_count; i++) {
        expect(in, !manifest_has_scheme(manifest, plugin->schemes[i]));
        for (size_t j = 0; j < i; j++)
            expect(in, strcmp(plugin->schemes[i], plugin->schemes[j]) != 0);
    }
    for (size_t i = 0; !in->bad && i < manifest->plugin_count; i++) {
        expect(in, manifest->plugins[i].index != plugin->index);
        expect(in, strcmp(manifest->plugins[i].name, plugin->name) != 0);
    }
}

int manifest_unpack(struct arena *arena, const void *data, size_t len,
                    struct manifest **out_manifest)
{
    struct unpack in;

    unpack_init(&in, data, len, arena);
    struct manifest *manifest = unpack_array(&in, 1, sizeof *manifest);
    if (manifest == NULL)
        return unpack_result(&in);
    manifest->sandbox = line_in(&in, SANDBOX_MAX);
    uint32_t count = unpack_count(&in, PLUGIN_LEAST, MANIFEST_PLUGINS_MAX);
    manifest->plugins = unpack_array(&in, count, sizeof *manifest->plugins);
    for (uint32_t i = 0; !in.bad && i < count; i++) {
        plugin_in(&in, &manifest->plugins[i]);
        check_unique(&in, manifest, &manifest->plugins[i]);
        manifest->plugin_count = i + 1;
    }
    if (unpack_done(&in))
        *out_manifest = manifest;
    return unpack_result(&in);
}
