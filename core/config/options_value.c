/* config/options_value: a YAML node as a typed value.
 *
 * Called by options.c for each key that was written and for each default. Which keys there may be
 * is for options.c to say; how a number is written, for options_number.c.
 */
#include "config/options_value.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "config/options_number.h"
#include "config/yaml.h"

/* A value on its way: where it goes, and how to speak of it. */
struct conversion {
    const struct value_scope *scope;
    const struct taxon_option *row;
    uint32_t type;    /* of this scalar: the row's type or its element's */
    const char *what; /* "'settle'", "entry 2 of 'ignore'" */
};

const char *value_describe_type(uint32_t type)
{
    static const char *const texts[] = {
        [TAXON_OPTION_BOOL] = "true or false",
        [TAXON_OPTION_INT] = "a whole number such as 12",
        [TAXON_OPTION_REAL] = "a number such as 0.5",
        [TAXON_OPTION_STRING] = "a text",
        [TAXON_OPTION_DURATION] = "a duration such as 250ms, 2s, 5m, 1h or 7d",
        [TAXON_OPTION_BYTES] = "a size such as 512, 64K, 16M or 2G",
        [TAXON_OPTION_PATH] = "a path",
        [TAXON_OPTION_CHOICE] = "one of its choices",
        [TAXON_OPTION_LIST] = "a list such as [one, two]",
        [TAXON_OPTION_MAP] = "a mapping such as {name: value}",
    };

    assert(type >= TAXON_OPTION_BOOL && type <= TAXON_OPTION_MAP);
    return texts[type];
}

static const char *describe_kind(const struct taxon_node *node)
{
    return node->kind == TAXON_NODE_SEQUENCE ? "a list" : "a mapping";
}

static int no_memory(const struct value_scope *scope)
{
    return err_set(scope->err, -ENOMEM, "out of memory");
}

static int wrong_type(const struct conversion *conversion, const struct taxon_node *node)
{
    struct err *err = conversion->scope->err;
    const char *wanted = value_describe_type(conversion->type);

    if (options_is_null(node))
        return yaml_error(err, node, "%s has no value; it must be %s", conversion->what, wanted);
    if (node->kind != TAXON_NODE_SCALAR)
        return yaml_error(err, node, "%s must be %s, not %s", conversion->what, wanted,
                          describe_kind(node));
    return yaml_error(err, node, "%s must be %s, not '%s'", conversion->what, wanted, node->text);
}

static int check_range(const struct conversion *conversion, const struct taxon_node *node,
                       double number)
{
    const struct taxon_option *row = conversion->row;
    struct strbuf range = STRBUF_INIT;

    if (!value_has_range(row) || (number >= row->min && number <= row->max))
        return 0;
    value_describe_range(row, &range);
    int code = yaml_error(conversion->scope->err, node, "%s is %s, but must be %s",
                          conversion->what, node->text, strbuf_text(&range));
    strbuf_release(&range);
    return code;
}

static int convert_whole(const struct conversion *conversion, const struct taxon_node *node,
                         bool (*parse)(const char *, int64_t *), struct taxon_value *value)
{
    if (!parse(node->text, &value->integer))
        return wrong_type(conversion, node);
    value->real = (double)value->integer;
    return conversion->type == TAXON_OPTION_BOOL ? 0 : check_range(conversion, node, value->real);
}

static int convert_real(const struct conversion *conversion, const struct taxon_node *node,
                        struct taxon_value *value)
{
    if (!number_parse_real(node->text, &value->real))
        return wrong_type(conversion, node);
    return check_range(conversion, node, value->real);
}

static int convert_choice(const struct conversion *conversion, const struct taxon_node *node,
                          struct taxon_value *value)
{
    const char *const *choices = conversion->row->choices;
    size_t count = 0;

    if (options_is_null(node))
        return wrong_type(conversion, node);
    for (; choices[count] != NULL; count++)
        if (strcmp(choices[count], node->text) == 0) {
            value->integer = (int64_t)count;
            value->text = choices[count];
            value->text_len = strlen(choices[count]);
            return 0;
        }
    return value_unknown_choice(conversion->scope->err, node, conversion->what, choices, count);
}

/* Takes leading "./" and "../" off *path, and as many folders off the end of the base. Returns what
 * is left of the base's length. */
static size_t climb(const char *base_dir, const char **path)
{
    size_t base_len = strlen(base_dir);

    while (base_len > 0 && (*path)[0] == '.') {
        size_t dots = strspn(*path, ".");
        if (dots > 2 || ((*path)[dots] != '/' && (*path)[dots] != '\0'))
            break;
        while (dots == 2 && base_len > 0 && base_dir[--base_len] != '/')
            continue;
        *path += dots;
        *path += strspn(*path, "/");
    }
    while (base_len > 0 && base_dir[base_len - 1] == '/')
        base_len--;
    return base_len;
}

const char *value_absolute_path(struct arena *arena, const char *base_dir, const char *path)
{
    size_t base_len = path[0] == '/' ? 0 : climb(base_dir, &path);

    path += strspn(path, "/");
    size_t len = strlen(path);
    while (len > 0 && path[len - 1] == '/')
        len--;
    char *joined = arena_alloc(arena, base_len + len + 2);
    if (joined == NULL)
        return NULL;
    memcpy(joined, base_dir, base_len);
    if (len > 0 || base_len == 0)
        joined[base_len++] = '/';
    memcpy(joined + base_len, path, len);
    return joined;
}

static int convert_text(const struct conversion *conversion, const struct taxon_node *node,
                        struct taxon_value *value)
{
    const struct value_scope *scope = conversion->scope;
    bool is_path = conversion->type == TAXON_OPTION_PATH;

    if (options_is_null(node) || (is_path && node->text_len == 0))
        return wrong_type(conversion, node);
    value->text = is_path ? value_absolute_path(scope->arena, scope->base_dir, node->text)
                          : arena_strndup(scope->arena, node->text, node->text_len);
    if (value->text == NULL)
        return no_memory(scope);
    value->text_len = strlen(value->text);
    if (is_path && value->text_len >= PATH_MAX)
        return yaml_error(scope->err, node, "%s is longer than a path may be (%d bytes)",
                          conversion->what, PATH_MAX - 1);
    return 0;
}

static int convert_scalar(const struct conversion *conversion, const struct taxon_node *node,
                          struct taxon_value *value)
{
    if (node->kind != TAXON_NODE_SCALAR)
        return wrong_type(conversion, node);
    value->struct_size = sizeof *value;
    value->type = conversion->type;
    switch (conversion->type) {
    case TAXON_OPTION_BOOL:
        return convert_whole(conversion, node, number_parse_bool, value);
    case TAXON_OPTION_INT:
        return convert_whole(conversion, node, number_parse_int, value);
    case TAXON_OPTION_DURATION:
        return convert_whole(conversion, node, number_parse_duration, value);
    case TAXON_OPTION_BYTES:
        return convert_whole(conversion, node, number_parse_bytes, value);
    case TAXON_OPTION_REAL:
        return convert_real(conversion, node, value);
    case TAXON_OPTION_CHOICE:
        return convert_choice(conversion, node, value);
    default:
        return convert_text(conversion, node, value);
    }
}

/* Room for `count` elements behind value->items (and ->keys). */
static struct taxon_value *new_elements(struct arena *arena, size_t count,
                                        struct taxon_value *value, const char ***out_keys)
{
    struct taxon_value *elements = arena_alloc(arena, count * sizeof *elements);
    const struct taxon_value **items = arena_alloc(arena, count * sizeof(*items));
    const char **keys = arena_alloc(arena, count * sizeof(*keys));

    if (elements == NULL || items == NULL || keys == NULL)
        return NULL;
    for (size_t i = 0; i < count; i++)
        items[i] = &elements[i];
    value->count = count;
    value->items = items;
    *out_keys = keys;
    return elements;
}

static int convert_element(const struct conversion *whole, const struct taxon_node *node, size_t i,
                           struct taxon_value *element)
{
    char what[OPTIONS_NAME_MAX * 2 + 32];
    struct conversion conversion = *whole;

    if (whole->type == TAXON_OPTION_MAP)
        snprintf(what, sizeof what, "'%s.%.*s'", whole->row->name, (int)OPTIONS_NAME_MAX,
                 node->keys[i]->text);
    else
        snprintf(what, sizeof what, "entry %zu of %s", i + 1, whole->what);
    conversion.type = whole->row->element;
    conversion.what = what;
    return convert_scalar(&conversion, node->items[i], element);
}

static int convert_container(const struct conversion *conversion, const struct taxon_node *node,
                             struct taxon_value *value)
{
    bool is_map = conversion->type == TAXON_OPTION_MAP;
    bool is_null = options_is_null(node);
    const char **keys = NULL;

    if (!is_null && node->kind != (is_map ? TAXON_NODE_MAPPING : TAXON_NODE_SEQUENCE))
        return wrong_type(conversion, node);
    size_t count = is_null ? 0 : node->count;
    struct taxon_value *elements = new_elements(conversion->scope->arena, count, value, &keys);
    if (elements == NULL)
        return no_memory(conversion->scope);
    value->struct_size = sizeof *value;
    value->type = conversion->type;
    for (size_t i = 0; i < count; i++) {
        int code = convert_element(conversion, node, i, &elements[i]);
        if (code < 0)
            return code;
        if (is_map)
            keys[i] = node->keys[i]->text;
    }
    value->keys = is_map ? keys : NULL;
    return 0;
}

int value_parse(const struct value_scope *scope, const struct taxon_option *row,
                const struct taxon_node *node, struct taxon_value *out_value)
{
    char what[OPTIONS_NAME_MAX + 3];
    struct conversion conversion = {scope, row, row->type, what};

    snprintf(what, sizeof what, "'%s'", row->name);
    if (row->type == TAXON_OPTION_LIST || row->type == TAXON_OPTION_MAP)
        return convert_container(&conversion, node, out_value);
    return convert_scalar(&conversion, node, out_value);
}

int value_parse_fallback(const struct value_scope *scope, const struct taxon_option *row,
                         struct taxon_value *out_value)
{
    /* An empty default is an empty text, not the empty mapping that an empty file would be. */
    static const struct taxon_node empty = {.struct_size = sizeof empty,
                                            .kind = TAXON_NODE_SCALAR,
                                            .line = 1,
                                            .column = 1,
                                            .quoted = 1,
                                            .file = "default",
                                            .text = ""};
    const struct taxon_node *node = &empty;

    if (row->fallback == NULL)
        return 0;
    if (row->fallback[0] != '\0') {
        int code = yaml_parse(scope->arena, "default", row->fallback, strlen(row->fallback), &node,
                              scope->err);
        if (code < 0)
            return code;
    }
    return value_parse(scope, row, node, out_value);
}
