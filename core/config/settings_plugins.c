/* config/settings_plugins: the section that says which plugins run, and for which documents.
 *
 * Called by settings.c. A plugin's own options stay a YAML node: only the plugin's table, which a
 * worker gets from the shared object, can say what they mean.
 */
#include "config/settings_sections.h"

#include <errno.h>
#include <string.h>

#include "config/settings_tables.h"
#include "config/yaml.h"

const char *const settings_plugin_others[] = {"options", "when"};
const size_t settings_plugin_other_count =
    sizeof settings_plugin_others / sizeof settings_plugin_others[0];

static int read_filter(struct settings_reader *reader, const struct taxon_node *node,
                       struct settings_filter *filter)
{
    struct settings *settings = reader->settings;
    struct option_values values;
    int code = options_parse(&settings->arena, &settings_filter_table, node, settings->base_dir,
                             &values, reader->err);

    for (size_t i = 0; i < settings_filter_table.count && code == 0; i++)
        code = settings_check_patterns(reader, values.nodes[i], false);
    if (code == 0)
        code = settings_read_strings(reader, option_get(&values, "source"), &filter->sources,
                                     &filter->source_count);
    if (code == 0)
        code = settings_read_strings(reader, option_get(&values, "media_type"),
                                     &filter->media_types, &filter->media_type_count);
    if (code == 0)
        code = settings_read_strings(reader, option_get(&values, "name"), &filter->names,
                                     &filter->name_count);
    return code;
}

/* A name to look for, or absolute: a relative path would have two folders to start from. */
static int check_file(struct settings_reader *reader, const struct taxon_node *node)
{
    if (node == NULL || (node->text_len > 0 && strchr(node->text, '/') == NULL) ||
        (node->text[0] == '/' && node->text[node->text_len - 1] != '/'))
        return 0;
    return yaml_error(reader->err, node,
                      "'%s' must be a name to look for in plugin_folders, or an absolute path",
                      node->text);
}

static int read_options(struct settings_reader *reader, const struct taxon_node *node,
                        struct settings_plugin *plugin)
{
    if (options_is_null(node))
        return 0;
    if (node->kind != TAXON_NODE_MAPPING)
        return yaml_error(reader->err, node, "'options' must be a mapping of names to values");
    plugin->options = node;
    return 0;
}

static const char *default_file(struct arena *arena, const char *name)
{
    char *file = arena_alloc(arena, strlen(name) + sizeof ".so");

    if (file != NULL)
        stpcpy(stpcpy(file, name), ".so");
    return file;
}

static int read_plugin(struct settings_reader *reader, const char *name,
                       const struct taxon_node *node, struct settings_plugin *plugin)
{
    struct settings *settings = reader->settings;
    struct option_values values;
    int code = options_parse_beside(&settings->arena, &settings_plugin_table,
                                    settings_plugin_others, settings_plugin_other_count, node,
                                    settings->base_dir, &values, reader->err);

    if (code == 0)
        code = check_file(reader, yaml_get(node, "file"));
    if (code == 0)
        code = read_options(reader, yaml_get(node, "options"), plugin);
    if (code == 0)
        code = read_filter(reader, yaml_get(node, "when"), &plugin->when);
    if (code < 0)
        return code;
    plugin->name = name;
    plugin->node = node;
    plugin->enabled = option_get(&values, "enabled")->integer != 0;
    plugin->file = option_get(&values, "file")->text;
    if (plugin->file == NULL)
        plugin->file = default_file(&settings->arena, name);
    return plugin->file == NULL ? err_set(reader->err, -ENOMEM, "out of memory") : 0;
}

int settings_read_plugins(struct settings_reader *reader)
{
    struct settings *settings = reader->settings;
    const struct taxon_node *node = NULL;
    int code = settings_named_sections(reader, "plugins", "plugin", false, &node);

    if (code < 0 || node == NULL)
        return code;
    settings->plugins = arena_alloc(&settings->arena, node->count * sizeof settings->plugins[0]);
    if (settings->plugins == NULL)
        return err_set(reader->err, -ENOMEM, "out of memory");
    settings->plugin_count = node->count;
    for (size_t i = 0; i < node->count && code == 0; i++)
        code = read_plugin(reader, node->keys[i]->text, node->items[i], &settings->plugins[i]);
    return code;
}
