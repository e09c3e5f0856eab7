/* config/settings_named: mappings whose keys are names that the user makes up: inboxes, archives,
 * plugins. And what all lists have in common.
 *
 * Called by the readers of those sections. Names appear in paths, records and messages, hence their
 * narrow alphabet.
 */
#include "config/settings_sections.h"

#include <errno.h>
#include <string.h>

#include "config/yaml.h"

static bool is_name(const struct taxon_node *key)
{
    return key->text_len > 0 && key->text_len <= SETTINGS_NAME_MAX &&
           strspn(key->text, "abcdefghijklmnopqrstuvwxyz0123456789-") == key->text_len;
}

static int check_names(struct settings_reader *reader, const struct taxon_node *node,
                       const char *key, const char *what)
{
    if (node->count > SETTINGS_SECTIONS_MAX)
        return yaml_error(reader->err, node->keys[SETTINGS_SECTIONS_MAX],
                          "there can be no more than %d of '%s'", SETTINGS_SECTIONS_MAX, key);
    for (size_t i = 0; i < node->count; i++)
        if (!is_name(node->keys[i]))
            return yaml_error(reader->err, node->keys[i],
                              "'%s' is no valid name: %s names are 1 to %d of a-z, 0-9 and '-'",
                              node->keys[i]->text, what, SETTINGS_NAME_MAX);
    return 0;
}

int settings_named_sections(struct settings_reader *reader, const char *key, const char *what,
                            bool required, const struct taxon_node **out_node)
{
    const struct taxon_node *root = reader->settings->root;
    const struct taxon_node *node = yaml_get(root, key);
    bool is_empty = options_is_null(node);

    if (!is_empty && node->kind != TAXON_NODE_MAPPING)
        return yaml_error(reader->err, node, "'%s' must be a mapping of names to settings", key);
    is_empty = is_empty || node->count == 0;
    if (is_empty && required)
        return yaml_error(reader->err, node == NULL ? root : node, "'%s' must name at least one %s",
                          key, what);
    *out_node = is_empty ? NULL : node;
    return is_empty ? 0 : check_names(reader, node, key, what);
}

int settings_read_strings(struct settings_reader *reader, const struct taxon_value *value,
                          const char *const **out_strings, size_t *out_count)
{
    const char **strings =
        arena_alloc(&reader->settings->arena, value->count * sizeof(const char *));

    if (strings == NULL)
        return err_set(reader->err, -ENOMEM, "out of memory");
    for (size_t i = 0; i < value->count; i++)
        strings[i] = value->items[i]->text;
    *out_strings = strings;
    *out_count = value->count;
    return 0;
}

int settings_check_patterns(struct settings_reader *reader, const struct taxon_node *node,
                            bool single_names)
{
    if (options_is_null(node))
        return 0;
    for (size_t i = 0; i < node->count; i++) {
        const struct taxon_node *pattern = node->items[i];
        if (pattern->text_len == 0)
            return yaml_error(reader->err, pattern, "an empty pattern matches nothing");
        if (single_names && strchr(pattern->text, '/') != NULL)
            return yaml_error(reader->err, pattern,
                              "pattern '%s' can match no name: names hold no '/'", pattern->text);
    }
    return 0;
}
