/* config/settings_each: every option of a configuration with the value in force and its place.
 *
 * Called by `taxon config`. It reads the tree by the same tables a second time, since struct
 * settings keeps values but not where each was written. Of a plugin's own options it knows only
 * those that were written: what they mean, and which others there are, stands in the plugin's
 * table, which a worker gets from the shared object. Whoever has asked one (READY's manifest) tells
 * them in their place.
 */
#include "config/settings.h"

#include <errno.h>
#include <string.h>

#include "config/settings_sections.h"
#include "config/settings_tables.h"
#include "config/yaml.h"

struct walk {
    const struct settings *settings;
    struct arena arena;
    struct strbuf name;
    const struct settings_visitor *visitor;
    struct err *err;
};

/* A section of the file: where it is, what it is called, and by which table it is read. */
struct section {
    const char *group; /* "inboxes"; "" at the top */
    const char *own;   /* "crawler"; "" when the group is the section */
    const struct option_table *table;
    const struct taxon_node *node;
    const char *const *others; /* keys that somebody else reads */
    size_t other_count;
    const char *derived; /* an option that follows from something else when it is unset, or NULL */
    const char *derived_text;
};

static void set_name(struct walk *walk, const struct section *section, const char *option,
                     const char *key)
{
    const char *const parts[] = {section->group, section->own, option, key};

    strbuf_clear(&walk->name);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i][0] == '\0')
            continue;
        strbuf_puts(&walk->name, walk->name.len > 0 ? "." : "");
        strbuf_puts(&walk->name, parts[i]);
    }
}

static void tell(struct walk *walk, const struct taxon_value *value, const struct taxon_node *node)
{
    const struct settings_entry entry = {strbuf_text(&walk->name), value, node};

    walk->visitor->see(walk->visitor->context, &entry);
}

/* Each entry of a mapping was written in a place of its own. */
static void tell_map(struct walk *walk, const struct section *section, const char *option,
                     const struct taxon_value *value, const struct taxon_node *node)
{
    for (size_t i = 0; i < value->count; i++) {
        set_name(walk, section, option, value->keys[i]);
        tell(walk, value->items[i], node == NULL ? NULL : node->items[i]);
    }
}

static void tell_row(struct walk *walk, const struct section *section,
                     const struct taxon_option *row, const struct taxon_value *value,
                     const struct taxon_node *node)
{
    struct taxon_value derived = {.struct_size = sizeof derived, .type = TAXON_OPTION_STRING};

    if (value->type == TAXON_OPTION_MAP && value->count > 0) {
        tell_map(walk, section, row->name, value, node);
        return;
    }
    set_name(walk, section, row->name, "");
    if (value->type == 0 && section->derived != NULL && strcmp(row->name, section->derived) == 0) {
        derived.text = section->derived_text;
        derived.text_len = strlen(derived.text);
        value = &derived;
    }
    tell(walk, value, node);
}

static int walk_section(struct walk *walk, const struct section *section)
{
    struct option_values values;
    int code =
        options_parse_beside(&walk->arena, section->table, section->others, section->other_count,
                             section->node, walk->settings->base_dir, &values, walk->err);

    for (size_t i = 0; code == 0 && i < section->table->count; i++)
        tell_row(walk, section,
                 TAXON_AT(struct taxon_option, section->table->rows, section->table->stride, i),
                 &values.values[i], values.nodes[i]);
    return code;
}

static int walk_top(struct walk *walk)
{
    const struct section section = {.group = "",
                                    .own = "",
                                    .table = &settings_top_table,
                                    .node = walk->settings->root,
                                    .others = settings_top_others,
                                    .other_count = settings_top_other_count};

    return walk_section(walk, &section);
}

static int walk_inbox(struct walk *walk, const struct settings_inbox *inbox)
{
    const struct section section = {.group = "inboxes",
                                    .own = inbox->name,
                                    .table = &settings_inbox_table,
                                    .node = inbox->node,
                                    .derived = "source",
                                    .derived_text = inbox->source};

    return walk_section(walk, &section);
}

static void tell_options(struct walk *walk, const struct settings_plugin *plugin)
{
    const struct section section = {.group = "plugins", .own = plugin->name};
    const struct settings_visitor *visitor = walk->visitor;

    if (visitor->own != NULL && visitor->own(visitor->context, plugin))
        return;
    for (size_t i = 0; plugin->options != NULL && i < plugin->options->count; i++) {
        set_name(walk, &section, "options", plugin->options->keys[i]->text);
        tell(walk, NULL, plugin->options->items[i]);
    }
}

static int walk_plugin(struct walk *walk, const struct settings_plugin *plugin)
{
    const struct section section = {.group = "plugins",
                                    .own = plugin->name,
                                    .table = &settings_plugin_table,
                                    .node = plugin->node,
                                    .others = settings_plugin_others,
                                    .other_count = settings_plugin_other_count,
                                    .derived = "file",
                                    .derived_text = plugin->file};
    struct strbuf own = STRBUF_INIT;
    int code = walk_section(walk, &section);

    strbuf_printf(&own, "%s.when", plugin->name);
    const struct section filter = {.group = "plugins",
                                   .own = strbuf_text(&own),
                                   .table = &settings_filter_table,
                                   .node = yaml_get(plugin->node, "when")};
    if (code == 0)
        code = walk_section(walk, &filter);
    strbuf_release(&own);
    if (code == 0)
        tell_options(walk, plugin);
    return code;
}

static int walk_plain(struct walk *walk, const char *name, const struct option_table *table)
{
    const struct section section = {.group = name,
                                    .own = "",
                                    .table = table,
                                    .node = yaml_get(walk->settings->root, name)};

    return walk_section(walk, &section);
}

static int walk_all(struct walk *walk)
{
    const struct settings *settings = walk->settings;
    int code = walk_top(walk);

    for (size_t i = 0; i < settings->inbox_count && code == 0; i++)
        code = walk_inbox(walk, &settings->inboxes[i]);
    for (size_t i = 0; i < settings->plugin_count && code == 0; i++)
        code = walk_plugin(walk, &settings->plugins[i]);
    if (code == 0)
        code = walk_plain(walk, "workers", &settings_workers_table);
    if (code == 0)
        code = walk_plain(walk, "limits", &settings_limits_table);
    if (code == 0)
        code = walk_plain(walk, "placement", &settings_placement_table);
    if (code == 0)
        code = walk_plain(walk, "batch", &settings_batch_table);
    if (code == 0)
        code = walk_plain(walk, "catalog", &settings_catalog_table);
    if (code == 0)
        code = walk_plain(walk, "watchdog", &settings_watchdog_table);
    return code;
}

int settings_each(const struct settings *settings, const struct settings_visitor *visitor,
                  struct err *err)
{
    struct walk walk = {.settings = settings, .name = STRBUF_INIT, .visitor = visitor, .err = err};

    arena_init(&walk.arena, 0);
    int code = walk_all(&walk);
    if (code == 0 && walk.name.failed)
        code = err_set(err, -ENOMEM, "out of memory");
    strbuf_release(&walk.name);
    arena_release(&walk.arena);
    return code;
}
