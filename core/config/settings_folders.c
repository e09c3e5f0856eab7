/* config/settings_folders: the sections that say where documents come from and where they go.
 *
 * Called by settings.c. Whether the folders are there, and apart, is for settings_places.c.
 */
#include "config/settings_sections.h"

#include <errno.h>
#include <string.h>

#include "config/settings_tables.h"
#include "config/yaml.h"

int settings_read_archives(struct settings_reader *reader, const struct taxon_value *archives)
{
    struct settings *settings = reader->settings;
    const struct taxon_node *node = NULL;
    int code = settings_named_sections(reader, "archives", "archive", true, &node);

    if (code < 0)
        return code;
    settings->archives =
        arena_alloc(&settings->arena, archives->count * sizeof settings->archives[0]);
    if (settings->archives == NULL)
        return err_set(reader->err, -ENOMEM, "out of memory");
    for (size_t i = 0; i < archives->count; i++)
        settings->archives[i] = (struct settings_archive){.name = archives->keys[i],
                                                          .path = archives->items[i]->text,
                                                          .node = node->items[i]};
    settings->archive_count = archives->count;
    return 0;
}

/* A source becomes a folder's name wherever a rule says {source}. */
static int check_source(struct settings_reader *reader, const struct taxon_node *node)
{
    if (node == NULL)
        return 0;
    bool is_dots = strcmp(node->text, ".") == 0 || strcmp(node->text, "..") == 0;
    bool has_control = false;
    for (const char *c = node->text; *c != '\0'; c++)
        has_control |= (unsigned char)*c < 0x20 || *c == 0x7F;
    if (node->text_len > 0 && node->text_len <= SETTINGS_NAME_MAX && !is_dots && !has_control &&
        strchr(node->text, '/') == NULL)
        return 0;
    return yaml_error(reader->err, node,
                      "'%s' cannot be a source: it must serve as a folder's name, of 1 to %d bytes",
                      node->text, SETTINGS_NAME_MAX);
}

static int read_inbox(struct settings_reader *reader, const char *name,
                      const struct taxon_node *node, struct settings_inbox *inbox)
{
    struct settings *settings = reader->settings;
    struct option_values values;
    int code = options_parse(&settings->arena, &settings_inbox_table, node, settings->base_dir,
                             &values, reader->err);

    if (code == 0)
        code = check_source(reader, yaml_get(node, "source"));
    if (code == 0)
        code = settings_check_patterns(reader, yaml_get(node, "ignore"), true);
    if (code < 0)
        return code;
    inbox->name = name;
    inbox->node = node;
    inbox->path = option_get(&values, "path")->text;
    inbox->source = option_get(&values, "source")->text;
    if (inbox->source == NULL)
        inbox->source = name;
    inbox->settle_ms = (uint32_t)option_get(&values, "settle")->integer;
    inbox->scan_every_ms = (uint32_t)option_get(&values, "scan_every")->integer;
    inbox->poll_every_ms = (uint32_t)option_get(&values, "poll_every")->integer;
    inbox->recursive = option_get(&values, "recursive")->integer != 0;
    return settings_read_strings(reader, option_get(&values, "ignore"), &inbox->ignore,
                                 &inbox->ignore_count);
}

int settings_read_inboxes(struct settings_reader *reader)
{
    struct settings *settings = reader->settings;
    const struct taxon_node *node = NULL;
    int code = settings_named_sections(reader, "inboxes", "inbox", true, &node);

    if (code < 0)
        return code;
    settings->inboxes = arena_alloc(&settings->arena, node->count * sizeof settings->inboxes[0]);
    if (settings->inboxes == NULL)
        return err_set(reader->err, -ENOMEM, "out of memory");
    settings->inbox_count = node->count;
    for (size_t i = 0; i < node->count && code == 0; i++)
        code = read_inbox(reader, node->keys[i]->text, node->items[i], &settings->inboxes[i]);
    return code;
}
