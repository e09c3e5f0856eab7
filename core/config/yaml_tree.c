/* config/yaml_tree: what is asked of a tree that yaml.c has built: a key's value, a place for a
 * message, whether a key is there twice.
 *
 * Called by all that read YAML.
 */
#include "config/yaml.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "config/yaml_text.h"

int yaml_error(struct err *err, const struct taxon_node *node, const char *format, ...)
{
    struct yaml_position at = {node->line, node->column};
    va_list args;

    va_start(args, format);
    int code = yaml_vrefuse(err, node->file, at, format, args);
    va_end(args);
    return code;
}

const struct taxon_node *yaml_get(const struct taxon_node *node, const char *key)
{
    size_t key_len = strlen(key);

    if (node == NULL || node->kind != TAXON_NODE_MAPPING)
        return NULL;
    for (size_t i = 0; i < node->count; i++)
        if (node->keys[i]->text_len == key_len && memcmp(node->keys[i]->text, key, key_len) == 0)
            return node->items[i];
    return NULL;
}

static int compare_text(const struct taxon_node *a, const struct taxon_node *b)
{
    if (a->text_len != b->text_len)
        return a->text_len < b->text_len ? -1 : 1;
    return memcmp(a->text, b->text, a->text_len);
}

static bool is_before(const struct taxon_node *a, const struct taxon_node *b)
{
    return a->line < b->line || (a->line == b->line && a->column < b->column);
}

/* By text, and where that is the same by place. */
static int compare_keys(const void *a, const void *b)
{
    const struct taxon_node *left = *(const struct taxon_node *const *)a;
    const struct taxon_node *right = *(const struct taxon_node *const *)b;
    int order = compare_text(left, right);

    if (order != 0)
        return order;
    return is_before(left, right) ? -1 : is_before(right, left);
}

/* Comparing each with each would take hours on a hostile file. */
int yaml_check_keys(const struct taxon_node **keys, size_t count, struct err *err)
{
    const struct taxon_node *first = NULL;
    const struct taxon_node *second = NULL;

    qsort(keys, count, sizeof(const struct taxon_node *), compare_keys);
    for (size_t i = 1; i < count; i++)
        if (compare_text(keys[i - 1], keys[i]) == 0 &&
            (second == NULL || is_before(keys[i], second))) {
            first = keys[i - 1];
            second = keys[i];
        }
    if (second == NULL)
        return 0;
    return yaml_error(err, second, "key '%s' is given twice; first on line %u", second->text,
                      first->line);
}
