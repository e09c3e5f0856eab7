/* wire/manifest: what a worker says it loaded: packing, looking up, comparing.
 *
 * The worker packs; rules, `taxon check`, the reply's check and the pool look up and compare. What
 * is believed of a packed manifest is decided in manifest_unpack.c; here it has been checked.
 */
#include "wire/manifest.h"

#include <stdlib.h>
#include <string.h>

#include "wire/manifest_order.h"
#include "wire/pack.h"

int manifest_label_order(const char *a_scheme, const char *a_id, const char *b_scheme,
                         const char *b_id)
{
    int order = strcmp(a_scheme, b_scheme);

    return order != 0 ? order : strcmp(a_id, b_id);
}

static int compare_labels(const void *a, const void *b)
{
    const struct manifest_label *first = a;
    const struct manifest_label *second = b;

    return manifest_label_order(first->scheme, first->id, second->scheme, second->id);
}

void manifest_sort_labels(struct manifest_plugin *plugin)
{
    if (plugin->label_count > 1)
        qsort(plugin->labels, plugin->label_count, sizeof *plugin->labels, compare_labels);
}

static void pack_names(struct strbuf *out, const char *const *names, size_t count)
{
    pack_u32(out, (uint32_t)count);
    for (size_t i = 0; i < count; i++)
        pack_text(out, names[i]);
}

static void pack_label(struct strbuf *out, const struct manifest_label *label)
{
    pack_text(out, label->scheme);
    pack_text(out, label->id);
    pack_text(out, label->name_zh);
    pack_text(out, label->name_en);
    pack_text(out, label->parent);
    pack_real(out, label->threshold);
    pack_text(out, label->definition);
    pack_u32(out, (uint32_t)label->code_count);
    for (size_t i = 0; i < label->code_count; i++) {
        pack_text(out, label->codes[i].vocabulary);
        pack_text(out, label->codes[i].code);
    }
}

static void pack_resource(struct strbuf *out, const struct manifest_resource *resource)
{
    pack_text(out, resource->option);
    pack_u32(out, resource->index);
    pack_text(out, resource->path);
    pack_u64(out, resource->size);
    pack_digest(out, &resource->digest);
}

static void pack_option(struct strbuf *out, const struct manifest_option *option)
{
    pack_text(out, option->name);
    pack_u32(out, option->type);
    pack_text(out, option->value);
    pack_u32(out, option->line);
    pack_u32(out, option->column);
}

static void pack_plugin(struct strbuf *out, const struct manifest_plugin *plugin)
{
    pack_text(out, plugin->name);
    pack_text(out, plugin->own_name);
    pack_text(out, plugin->version);
    pack_u32(out, plugin->kind);
    pack_u32(out, plugin->index);
    pack_digest(out, &plugin->digest);
    pack_names(out, plugin->schemes, plugin->scheme_count);
    pack_names(out, plugin->media_types, plugin->media_type_count);
    pack_u32(out, (uint32_t)plugin->label_count);
    for (size_t i = 0; i < plugin->label_count; i++)
        pack_label(out, &plugin->labels[i]);
    pack_u32(out, (uint32_t)plugin->resource_count);
    for (size_t i = 0; i < plugin->resource_count; i++)
        pack_resource(out, &plugin->resources[i]);
    pack_u32(out, (uint32_t)plugin->option_count);
    for (size_t i = 0; i < plugin->option_count; i++)
        pack_option(out, &plugin->options[i]);
}

void manifest_pack(struct strbuf *out, const struct manifest *manifest)
{
    pack_text(out, manifest->sandbox);
    pack_u32(out, (uint32_t)manifest->plugin_count);
    for (size_t i = 0; i < manifest->plugin_count; i++)
        pack_plugin(out, &manifest->plugins[i]);
}

static bool plugin_has_scheme(const struct manifest_plugin *plugin, const char *scheme)
{
    for (size_t i = 0; i < plugin->scheme_count; i++)
        if (strcmp(plugin->schemes[i], scheme) == 0)
            return true;
    return false;
}

static const struct manifest_plugin *plugin_of(const struct manifest *manifest, const char *scheme)
{
    for (size_t i = 0; i < manifest->plugin_count; i++)
        if (plugin_has_scheme(&manifest->plugins[i], scheme))
            return &manifest->plugins[i];
    return NULL;
}

bool manifest_has_scheme(const struct manifest *manifest, const char *scheme)
{
    return plugin_of(manifest, scheme) != NULL;
}

const struct manifest_label *manifest_plugin_find(const struct manifest_plugin *plugin,
                                                  const char *scheme, const char *id)
{
    size_t begin = 0;
    size_t end = plugin->label_count;

    while (begin < end) {
        size_t middle = begin + (end - begin) / 2;
        const struct manifest_label *label = &plugin->labels[middle];
        int order = manifest_label_order(scheme, id, label->scheme, label->id);
        if (order == 0)
            return label;
        if (order < 0)
            end = middle;
        else
            begin = middle + 1;
    }
    return NULL;
}

const struct manifest_label *manifest_find(const struct manifest *manifest, const char *scheme,
                                           const char *id, size_t *out_plugin)
{
    const struct manifest_plugin *plugin = plugin_of(manifest, scheme);
    const struct manifest_label *label = NULL;

    if (plugin != NULL)
        label = manifest_plugin_find(plugin, scheme, id);
    if (label != NULL && out_plugin != NULL)
        *out_plugin = (size_t)(plugin - manifest->plugins);
    return label;
}

static bool same_digest(const struct digest *a, const struct digest *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

static bool same_names(const char *const *a, size_t a_count, const char *const *b, size_t b_count)
{
    if (a_count != b_count)
        return false;
    for (size_t i = 0; i < a_count; i++)
        if (strcmp(a[i], b[i]) != 0)
            return false;
    return true;
}

static bool same_codes(const struct manifest_label *a, const struct manifest_label *b)
{
    if (a->code_count != b->code_count)
        return false;
    for (size_t i = 0; i < a->code_count; i++)
        if (strcmp(a->codes[i].vocabulary, b->codes[i].vocabulary) != 0 ||
            strcmp(a->codes[i].code, b->codes[i].code) != 0)
            return false;
    return true;
}

static bool same_labels(const struct manifest_plugin *a, const struct manifest_plugin *b)
{
    if (a->label_count != b->label_count)
        return false;
    for (size_t i = 0; i < a->label_count; i++) {
        const struct manifest_label *first = &a->labels[i];
        const struct manifest_label *second = &b->labels[i];
        if (compare_labels(first, second) != 0 || strcmp(first->name_zh, second->name_zh) != 0 ||
            strcmp(first->name_en, second->name_en) != 0 ||
            strcmp(first->parent, second->parent) != 0 ||
            strcmp(first->definition, second->definition) != 0 || !same_codes(first, second) ||
            memcmp(&first->threshold, &second->threshold, sizeof first->threshold) != 0)
            return false;
    }
    return true;
}

static bool same_resource(const struct manifest_resource *a, const struct manifest_resource *b)
{
    return strcmp(a->option, b->option) == 0 && a->index == b->index &&
           strcmp(a->path, b->path) == 0 && a->size == b->size &&
           same_digest(&a->digest, &b->digest);
}

static bool same_resources(const struct manifest_plugin *a, const struct manifest_plugin *b,
                           const char **out_why)
{
    size_t count = a->resource_count < b->resource_count ? a->resource_count : b->resource_count;

    for (size_t i = 0; i < count; i++)
        if (!same_resource(&a->resources[i], &b->resources[i])) {
            *out_why = a->resources[i].path;
            return false;
        }
    if (a->resource_count == b->resource_count)
        return true;
    *out_why = a->resource_count > count ? a->resources[count].path : b->resources[count].path;
    return false;
}

static bool same_plugin(const struct manifest_plugin *a, const struct manifest_plugin *b,
                        const char **out_why)
{
    *out_why = a->name;
    return strcmp(a->name, b->name) == 0 && strcmp(a->own_name, b->own_name) == 0 &&
           strcmp(a->version, b->version) == 0 && a->kind == b->kind && a->index == b->index &&
           same_digest(&a->digest, &b->digest) &&
           same_names(a->schemes, a->scheme_count, b->schemes, b->scheme_count) &&
           same_names(a->media_types, a->media_type_count, b->media_types, b->media_type_count) &&
           same_resources(a, b, out_why) && same_labels(a, b);
}

bool manifest_same(const struct manifest *a, const struct manifest *b, const char **out_why)
{
    const char *why = "the number of plugins";
    bool is_same = a->plugin_count == b->plugin_count;

    for (size_t i = 0; is_same && i < a->plugin_count; i++)
        is_same = same_plugin(&a->plugins[i], &b->plugins[i], &why);
    if (!is_same)
        *out_why = why;
    return is_same;
}
