/* config/yaml: a YAML file as a small read-only tree, built from libyaml's events.
 *
 * Called for taxond.yaml, for rule files and for the files that plugins' options name. It takes
 * the part of YAML 1.1 that a person writes by hand; what could make one text mean two things, or
 * grow when it is read (anchors, tags, directives), is refused. It gives no meaning to scalars:
 * whether `yes` is a truth or a word is for the option tables to say.
 *
 * Input is hostile, and libyaml bounds neither depth nor size, and compares each %TAG line with all
 * others; so bytes, depth, nodes and directives are bounded here.
 */
#include "config/yaml.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "config/yaml_text.h"

struct builder {
    struct arena *arena;
    const char *file;
    const char *text;
    size_t len;
    struct err *err;
    yaml_parser_t parser;
    const struct taxon_node **pending; /* children of the containers that are still open */
    size_t pending_count;
    size_t pending_size;
    uint32_t node_count;
};

static int refuse(const struct builder *builder, struct yaml_position at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static int refuse(const struct builder *builder, struct yaml_position at, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    yaml_vrefuse(builder->err, builder->file, at, format, args);
    va_end(args);
    return -EINVAL;
}

static int no_memory(const struct builder *builder)
{
    err_set(builder->err, -ENOMEM, "%s: out of memory", builder->file);
    return -ENOMEM;
}

static struct yaml_position position_of_mark(yaml_mark_t mark)
{
    return (struct yaml_position){(uint32_t)mark.line + 1, (uint32_t)mark.column + 1};
}

/* What to do about a character that YAML keeps for itself. */
static const char *advice_on(char c)
{
    switch (c) {
    case '\t':
        return "; indent with spaces, not tabs";
    case '@':
    case '`':
    case '%':
        return "; put quotes around the text";
    default:
        return "";
    }
}

static int parser_error(const struct builder *builder)
{
    const yaml_parser_t *parser = &builder->parser;
    const char *advice = "";

    switch (parser->error) {
    case YAML_MEMORY_ERROR:
        return no_memory(builder);
    case YAML_READER_ERROR: /* leaves no mark */
        return refuse(builder, yaml_position_of(builder->text, parser->problem_offset), "%s",
                      parser->problem);
    case YAML_SCANNER_ERROR:
        advice = advice_on((char)*parser->buffer.pointer);
        break;
    default:
        break;
    }
    struct yaml_position at = position_of_mark(parser->problem_mark);
    struct yaml_position begin = position_of_mark(parser->context_mark);
    if (parser->context == NULL || begin.line == at.line)
        return refuse(builder, at, "%s%s", parser->problem, advice);
    return refuse(builder, at, "%s %s, which begins on line %u%s", parser->problem, parser->context,
                  begin.line, advice);
}

/* The caller deletes the event. */
static int next_event(struct builder *builder, yaml_event_t *event)
{
    return yaml_parser_parse(&builder->parser, event) ? 0 : parser_error(builder);
}

static int check_properties(const struct builder *builder, const yaml_event_t *event,
                            const yaml_char_t *anchor, const yaml_char_t *tag)
{
    struct yaml_position at = position_of_mark(event->start_mark);

    if (anchor != NULL)
        return refuse(builder, at, "anchors (&%s) are not allowed", anchor);
    if (tag != NULL)
        return refuse(builder, at, "tags (%s) are not allowed", tag);
    return 0;
}

static struct taxon_node *new_node(struct builder *builder, uint32_t kind, struct yaml_position at)
{
    struct taxon_node *node = arena_alloc(builder->arena, sizeof *node);

    if (node == NULL)
        return NULL;
    node->struct_size = sizeof *node;
    node->kind = kind;
    node->line = at.line;
    node->column = at.column;
    node->file = builder->file;
    return node;
}

static int count_node(struct builder *builder, struct yaml_position at)
{
    if (builder->node_count == YAML_NODES_MAX)
        return refuse(builder, at, "more than %u values in one file", YAML_NODES_MAX);
    builder->node_count++;
    return 0;
}

static int push(struct builder *builder, const struct taxon_node *node)
{
    if (builder->pending_count == builder->pending_size) {
        size_t size = builder->pending_size == 0 ? 64 : builder->pending_size * 2;
        const struct taxon_node **grown =
            reallocarray(builder->pending, size, sizeof(const struct taxon_node *));
        if (grown == NULL)
            return no_memory(builder);
        builder->pending = grown;
        builder->pending_size = size;
    }
    builder->pending[builder->pending_count++] = node;
    return 0;
}

static int read_scalar(struct builder *builder, const yaml_event_t *event)
{
    struct yaml_position at = position_of_mark(event->start_mark);
    const char *value = (const char *)event->data.scalar.value;
    size_t len = event->data.scalar.length;
    int code = check_properties(builder, event, event->data.scalar.anchor, event->data.scalar.tag);

    if (code == 0 && memchr(value, '\0', len) != NULL) /* "\0" in double quotes */
        code = refuse(builder, at, "a text that holds a NUL");
    if (code == 0)
        code = count_node(builder, at);
    if (code < 0)
        return code;
    struct taxon_node *node = new_node(builder, TAXON_NODE_SCALAR, at);
    const char *text = arena_strndup(builder->arena, value, len);
    if (node == NULL || text == NULL)
        return no_memory(builder);
    node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    node->text = text;
    node->text_len = len;
    return push(builder, node);
}

static int read_node(struct builder *builder, const yaml_event_t *event, unsigned depth);

/* Every element of a container, or each key and value in turn. */
static int read_children(struct builder *builder, bool is_mapping, unsigned depth)
{
    for (size_t i = 0;; i++) {
        yaml_event_t event;
        int code = next_event(builder, &event);
        if (code < 0)
            return code;
        bool is_end = event.type == YAML_SEQUENCE_END_EVENT || event.type == YAML_MAPPING_END_EVENT;
        bool is_container =
            event.type == YAML_SEQUENCE_START_EVENT || event.type == YAML_MAPPING_START_EVENT;
        if (is_mapping && i % 2 == 0 && is_container)
            code = refuse(builder, position_of_mark(event.start_mark),
                          "a key must be a word or a quoted text, not a list or a mapping");
        else if (!is_end)
            code = read_node(builder, &event, depth);
        yaml_event_delete(&event);
        if (code < 0 || is_end)
            return code;
    }
}

static const struct taxon_node **new_array(struct builder *builder, size_t count)
{
    return arena_alloc(builder->arena, count * sizeof(const struct taxon_node *));
}

static int take_sequence(struct builder *builder, struct taxon_node *node, size_t base)
{
    const struct taxon_node **items = new_array(builder, builder->pending_count - base);

    if (items == NULL)
        return no_memory(builder);
    node->count = builder->pending_count - base;
    for (size_t i = 0; i < node->count; i++)
        items[i] = builder->pending[base + i];
    node->items = items;
    return 0;
}

static int take_mapping(struct builder *builder, struct taxon_node *node, size_t base)
{
    size_t count = (builder->pending_count - base) / 2;
    const struct taxon_node **keys = new_array(builder, count);
    const struct taxon_node **items = new_array(builder, count);

    if (keys == NULL || items == NULL)
        return no_memory(builder);
    for (size_t i = 0; i < count; i++) {
        keys[i] = builder->pending[base + 2 * i];
        items[i] = builder->pending[base + 2 * i + 1];
    }
    node->count = count;
    node->keys = keys;
    node->items = items;
    if (count < 2)
        return 0;
    /* The stack's part has been copied and now serves to sort in. */
    memcpy(builder->pending + base, keys, count * sizeof(const struct taxon_node *));
    return yaml_check_keys(builder->pending + base, count, builder->err);
}

static int check_container(struct builder *builder, const yaml_event_t *event, unsigned depth)
{
    struct yaml_position at = position_of_mark(event->start_mark);
    int code = event->type == YAML_MAPPING_START_EVENT
                   ? check_properties(builder, event, event->data.mapping_start.anchor,
                                      event->data.mapping_start.tag)
                   : check_properties(builder, event, event->data.sequence_start.anchor,
                                      event->data.sequence_start.tag);

    if (code == 0 && depth == YAML_DEPTH_MAX)
        code = refuse(builder, at, "nested deeper than %u levels", YAML_DEPTH_MAX);
    return code < 0 ? code : count_node(builder, at);
}

static int read_container(struct builder *builder, const yaml_event_t *event, unsigned depth)
{
    bool is_mapping = event->type == YAML_MAPPING_START_EVENT;
    size_t base = builder->pending_count;
    int code = check_container(builder, event, depth);

    if (code < 0)
        return code;
    struct taxon_node *node =
        new_node(builder, is_mapping ? TAXON_NODE_MAPPING : TAXON_NODE_SEQUENCE,
                 position_of_mark(event->start_mark));
    if (node == NULL)
        return no_memory(builder);
    code = read_children(builder, is_mapping, depth + 1);
    if (code == 0)
        code = is_mapping ? take_mapping(builder, node, base) : take_sequence(builder, node, base);
    if (code < 0)
        return code;
    builder->pending_count = base;
    return push(builder, node);
}

/* Reads the event's node, with all below it, and leaves it on the pending stack. `depth` containers
 * are open around it. */
static int read_node(struct builder *builder, const yaml_event_t *event, unsigned depth)
{
    if (event->type == YAML_ALIAS_EVENT)
        return refuse(builder, position_of_mark(event->start_mark),
                      "aliases (*%s) are not allowed; put quotes around a text that begins with *",
                      event->data.alias.anchor);
    if (event->type == YAML_SCALAR_EVENT)
        return read_scalar(builder, event);
    return read_container(builder, event, depth);
}

static int empty_mapping(struct builder *builder, const struct taxon_node **out_root)
{
    struct taxon_node *node = new_node(builder, TAXON_NODE_MAPPING, (struct yaml_position){1, 1});
    const struct taxon_node **none = new_array(builder, 0);

    if (node == NULL || none == NULL)
        return no_memory(builder);
    node->keys = none;
    node->items = none;
    *out_root = node;
    return 0;
}

static bool is_nothing(const struct taxon_node *node)
{
    return node->kind == TAXON_NODE_SCALAR && node->text_len == 0 && node->quoted == 0;
}

/* The document whose start has just been seen. */
static int read_document(struct builder *builder, const struct taxon_node **out_root)
{
    yaml_event_t event;
    int code = next_event(builder, &event);

    if (code < 0)
        return code;
    code = read_node(builder, &event, 0);
    yaml_event_delete(&event);
    if (code < 0)
        return code;
    *out_root = builder->pending[0];
    return is_nothing(*out_root) ? empty_mapping(builder, out_root) : 0; /* "---" alone */
}

/* Only the document's and the stream's end may follow. */
static int check_end(struct builder *builder)
{
    yaml_event_type_t type = YAML_NO_EVENT;

    while (type != YAML_STREAM_END_EVENT && type != YAML_DOCUMENT_START_EVENT) {
        yaml_event_t event;
        int code = next_event(builder, &event);
        if (code < 0)
            return code;
        type = event.type;
        if (type == YAML_DOCUMENT_START_EVENT)
            code = refuse(builder, position_of_mark(event.start_mark),
                          "a second document begins; a file holds one");
        yaml_event_delete(&event);
        if (code < 0)
            return code;
    }
    return 0;
}

static int read_stream(struct builder *builder, const struct taxon_node **out_root)
{
    yaml_event_type_t type = YAML_NO_EVENT;

    while (type != YAML_DOCUMENT_START_EVENT && type != YAML_STREAM_END_EVENT) {
        yaml_event_t event;
        int code = next_event(builder, &event);
        if (code < 0)
            return code;
        type = event.type; /* the stream's start first, which says nothing */
        yaml_event_delete(&event);
    }
    if (type == YAML_STREAM_END_EVENT)
        return empty_mapping(builder, out_root);
    int code = read_document(builder, out_root);
    return code < 0 ? code : check_end(builder);
}

static int parse(struct builder *builder, const struct taxon_node **out_root)
{
    int code = yaml_check_text(builder->file, builder->text, builder->len, builder->err);

    if (code < 0)
        return code;
    if (!yaml_parser_initialize(&builder->parser))
        return no_memory(builder);
    yaml_parser_set_input_string(&builder->parser, (const unsigned char *)builder->text,
                                 builder->len);
    code = read_stream(builder, out_root);
    yaml_parser_delete(&builder->parser);
    free(builder->pending);
    return code;
}

int yaml_parse(struct arena *arena, const char *file, const char *text, size_t len,
               const struct taxon_node **out_root, struct err *err)
{
    const struct taxon_node *root = NULL;
    struct builder builder = {.arena = arena, .file = file, .len = len, .err = err};

    if (len > YAML_BYTES_MAX)
        return refuse(&builder, (struct yaml_position){1, 1}, "larger than %u bytes",
                      YAML_BYTES_MAX);
    builder.file = arena_strdup(arena, file);
    char *copy = malloc(len + 1); /* ends with NUL, so that looking ahead is safe */
    if (builder.file == NULL || copy == NULL) {
        free(copy);
        builder.file = file;
        return no_memory(&builder);
    }
    if (len > 0)
        memcpy(copy, text, len);
    copy[len] = '\0';
    builder.text = copy;
    int code = parse(&builder, &root);
    free(copy);
    if (code == 0)
        *out_root = root;
    return code;
}
