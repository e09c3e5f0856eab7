/* cli/config_values: values of options as JSON, for `taxon config --json`.
 *
 * Numbers without a unit and truth are JSON's own; durations and sizes are texts as they are
 * written in the configuration, since JSON has no units; what is unset is null.
 */
#include "cli/config_values.h"

#include <stdlib.h>
#include <string.h>

#include "config/options.h"
#include "config/yaml.h"

static void put_scalar(struct json *json, const char *key, const struct taxon_value *value)
{
    struct strbuf text = STRBUF_INIT;

    switch (value->type) {
    case 0:
        json_put_null(json, key);
        break;
    case TAXON_OPTION_BOOL:
        json_put_bool(json, key, value->integer != 0);
        break;
    case TAXON_OPTION_INT:
        json_put_int(json, key, value->integer);
        break;
    case TAXON_OPTION_REAL:
        json_put_real(json, key, value->real);
        break;
    case TAXON_OPTION_DURATION:
    case TAXON_OPTION_BYTES:
        options_print_value(value, &text);
        json_put_text(json, key, strbuf_text(&text));
        break;
    default:
        json_put_string(json, key, value->text, value->text_len);
        break;
    }
    strbuf_release(&text);
}

void config_put_value(struct json *json, const struct taxon_value *value)
{
    bool is_map = value->type == TAXON_OPTION_MAP;

    if (!is_map && value->type != TAXON_OPTION_LIST) {
        put_scalar(json, "value", value);
        return;
    }
    if (is_map)
        json_object_begin(json, "value");
    else
        json_array_begin(json, "value");
    for (size_t i = 0; i < value->count; i++)
        put_scalar(json, is_map ? value->keys[i] : NULL, value->items[i]);
    if (is_map)
        json_object_end(json);
    else
        json_array_end(json);
}

void config_put_node(struct json *json, const char *key, const struct taxon_node *node)
{
    bool is_map = node->kind == TAXON_NODE_MAPPING;

    if (node->kind == TAXON_NODE_SCALAR) {
        if (options_is_null(node))
            json_put_null(json, key);
        else
            json_put_string(json, key, node->text, node->text_len);
        return;
    }
    if (is_map)
        json_object_begin(json, key);
    else
        json_array_begin(json, key);
    for (size_t i = 0; i < node->count; i++)
        config_put_node(json, is_map ? node->keys[i]->text : NULL, node->items[i]);
    if (is_map)
        json_object_end(json);
    else
        json_array_end(json);
}

/* A value is a scalar, or a list or mapping of scalars. A worker that says otherwise is not
 * believed: `json` has no room for whatever depth. */
static bool is_flat(const struct taxon_node *node)
{
    for (size_t i = 0; i < node->count; i++)
        if (node->items[i]->kind != TAXON_NODE_SCALAR)
            return false;
    return true;
}

/* The value is YAML as the worker wrote it. One that was cut is no longer, and is a text then. */
void config_put_told(struct json *json, struct arena *arena, const struct manifest_option *option)
{
    size_t len = strlen(option->value);
    const struct taxon_node *node = NULL;
    struct err err = {""};

    if (option->type == 0)
        json_put_null(json, "value");
    else if (option->type == TAXON_OPTION_BOOL)
        json_put_bool(json, "value", strcmp(option->value, "true") == 0);
    else if (option->type == TAXON_OPTION_INT)
        json_put_int(json, "value", strtoll(option->value, NULL, 10));
    else if (option->type == TAXON_OPTION_REAL)
        json_put_real(json, "value", strtod(option->value, NULL));
    else if (yaml_parse(arena, "value", option->value, len, &node, &err) == 0 && is_flat(node))
        config_put_node(json, "value", node);
    else
        json_put_string(json, "value", option->value, len);
}
