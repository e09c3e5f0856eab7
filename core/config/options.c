/* config/options: a mapping of YAML read by a table of options.
 *
 * Called by settings, by route for rules, and by a worker for the options of each plugin. It finds
 * the row of each key, and has options_value convert it. Tables from plugins have been through
 * options_check_table before they come here.
 */
#include "config/options.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config/options_value.h"
#include "config/yaml.h"

bool options_is_null(const struct taxon_node *node)
{
    static const char *const words[] = {"", "~", "null", "Null", "NULL"};

    if (node == NULL)
        return true;
    if (node->kind != TAXON_NODE_SCALAR || node->quoted != 0)
        return false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(node->text, words[i]) == 0)
            return true;
    return false;
}

static size_t find_row(const struct option_table *table, const char *name)
{
    size_t i = 0;

    while (i < table->count && strcmp(options_row(table, i)->name, name) != 0)
        i++;
    return i;
}

static bool is_among(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static int unknown_key(const struct option_table *table, const char *const *others,
                       size_t other_count, const struct taxon_node *key, struct err *err)
{
    const char **known = calloc(table->count + other_count + 1, sizeof(*known));

    if (known == NULL)
        return err_set(err, -ENOMEM, "out of memory");
    for (size_t i = 0; i < table->count; i++)
        known[i] = options_row(table, i)->name;
    for (size_t i = 0; i < other_count; i++)
        known[table->count + i] = others[i];
    int code = options_unknown(err, key, "key", known, table->count + other_count);
    free(known);
    return code;
}

/* Which key of the mapping belongs to which row. */
static int match_keys(const struct option_table *table, const char *const *others,
                      size_t other_count, const struct taxon_node *node,
                      const struct taxon_node **nodes, struct err *err)
{
    for (size_t i = 0; i < node->count; i++) {
        size_t row = find_row(table, node->keys[i]->text);
        if (row < table->count)
            nodes[row] = node->items[i];
        else if (!is_among(node->keys[i]->text, others, other_count))
            return unknown_key(table, others, other_count, node->keys[i], err);
    }
    return 0;
}

static int missing(const struct taxon_option *row, const struct taxon_node *section,
                   struct err *err)
{
    if (section == NULL)
        return err_set(err, -EINVAL, "key '%s' is missing; it must be given", row->name);
    return yaml_error(err, section, "key '%s' is missing; it must be given", row->name);
}

static int read_values(const struct value_scope *scope, const struct taxon_node *section,
                       const struct option_values *values)
{
    for (size_t i = 0; i < values->table->count; i++) {
        const struct taxon_option *row = options_row(values->table, i);
        int code;
        if (values->nodes[i] != NULL)
            code = value_parse(scope, row, values->nodes[i], &values->values[i]);
        else if (row->required != 0)
            code = missing(row, section, scope->err);
        else
            code = value_parse_fallback(scope, row, &values->values[i]);
        if (code < 0)
            return code;
    }
    return 0;
}

int options_parse_beside(struct arena *arena, const struct option_table *table,
                         const char *const *others, size_t other_count,
                         const struct taxon_node *node, const char *base_dir,
                         struct option_values *out_values, struct err *err)
{
    struct value_scope scope = {arena, base_dir, err};
    struct option_values values = {.table = table};

    if (!options_is_null(node) && node->kind != TAXON_NODE_MAPPING)
        return yaml_error(err, node, "keys and values are expected here, not %s",
                          node->kind == TAXON_NODE_SEQUENCE ? "a list" : "a text");
    values.values = arena_alloc(arena, table->count * sizeof *values.values);
    values.nodes = arena_alloc(arena, table->count * sizeof *values.nodes);
    if (values.values == NULL || values.nodes == NULL)
        return err_set(err, -ENOMEM, "out of memory");
    if (!options_is_null(node)) {
        int code = match_keys(table, others, other_count, node, values.nodes, err);
        if (code < 0)
            return code;
    }
    int code = read_values(&scope, node, &values);
    if (code == 0)
        *out_values = values;
    return code;
}

int options_parse(struct arena *arena, const struct option_table *table,
                  const struct taxon_node *node, const char *base_dir,
                  struct option_values *out_values, struct err *err)
{
    return options_parse_beside(arena, table, NULL, 0, node, base_dir, out_values, err);
}

const struct taxon_value *option_find(const struct option_values *values, const char *name)
{
    size_t row = find_row(values->table, name);

    return row < values->table->count ? &values->values[row] : NULL;
}

const struct taxon_value *option_get(const struct option_values *values, const char *name)
{
    const struct taxon_value *value = option_find(values, name);

    assert(value != NULL);
    return value;
}
