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

#include <assert.h>
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
    int code = yaml_vrefuse(builder->err, builder->file, at, format, args);
    va_end(args);
    return code;
}

static int no_memory(const struct builder *builder)
{
    return err_set(builder->err, -ENOMEM, "%s: out of memory", builder->file);
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

static int add_node(struct builder *builder, uint32_t kind, const yaml_event_t *event,
                    struct taxon_node **out_node)
{
    struct yaml_position at = position_of_mark(event->start_mark);

    if (builder->node_count == YAML_NODES_MAX)
        return refuse(builder, at, "more than %u values in one file", YAML_NODES_MAX);
    builder->node_count++;
    *out_node = new_node(builder, kind, at);
    return *out_node == NULL ? no_memory(builder) : 0;
}

static int read_scalar(struct builder *builder, const yaml_event_t *event,
                       struct taxon_node **out_node)
{
    const char *value = (const char *)event->data.scalar.value;
    size_t len = event->data.scalar.length;
    int code = check_properties(builder, event, event->data.scalar.anchor, event->data.scalar.tag);

    if (code < 0)
        return code;
    if (memchr(value, '\0', len) != NULL) /* "\0" in double quotes */
        return refuse(builder, position_of_mark(event->start_mark), "a text that holds a NUL");
    code = add_node(builder, TAXON_NODE_SCALAR, event, out_node);
    if (code < 0)
        return code;
    (*out_node)->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    (*out_node)->text = arena_strndup(builder->arena, value, len);
    (*out_node)->text_len = len;
    return (*out_node)->text == NULL ? no_memory(builder) : 0;
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

static int read_node(struct builder *builder, const yaml_event_t *event, unsigned depth,
                     const struct taxon_node **out_node);

/* Reads the event's node and leaves it on the pending stack. */
static int push_node(struct builder *builder, const yaml_event_t *event, unsigned depth)
{
    const struct taxon_node *node = NULL;
    int code = read_node(builder, event, depth, &node);

    return code < 0 ? code : push(builder, node);
}

/* Every element of a container, or each key and value in turn, goes on the pending stack. */
static int push_children(struct builder *builder, bool is_mapping, unsigned depth)
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
            code = push_node(builder, &event, depth);
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

static int read_container(struct builder *builder, const yaml_event_t *event, unsigned depth,
                          struct taxon_node **out_node)
{
    bool is_mapping = event->type == YAML_MAPPING_START_EVENT;
    size_t base = builder->pending_count;
    int code = is_mapping ? check_properties(builder, event, event->data.mapping_start.anchor,
                                             event->data.mapping_start.tag)
                          : check_properties(builder, event, event->data.sequence_start.anchor,
                                             event->data.sequence_start.tag);

    if (code < 0)
        return code;
    if (depth == YAML_DEPTH_MAX)
        return refuse(builder, position_of_mark(event->start_mark), "nested deeper than %u levels",
                      YAML_DEPTH_MAX);
    code =
        add_node(builder, is_mapping ? TAXON_NODE_MAPPING : TAXON_NODE_SEQUENCE, event, out_node);
    if (code == 0)
        code = push_children(builder, is_mapping, depth + 1);
    if (code == 0)
        code = is_mapping ? take_mapping(builder, *out_node, base)
                          : take_sequence(builder, *out_node, base);
    builder->pending_count = base;
    return code;
}

/* `depth` containers are open around the node. */
static int read_node(struct builder *builder, const yaml_event_t *event, unsigned depth,
                     const struct taxon_node **out_node)
{
    struct taxon_node *node = NULL;
    int code = 0;

    if (event->type == YAML_ALIAS_EVENT)
        return refuse(builder, position_of_mark(event->start_mark),
                      "aliases (*%s) are not allowed; put quotes around a text that begins with *",
                      event->data.alias.anchor);
    if (event->type == YAML_SCALAR_EVENT)
        code = read_scalar(builder, event, &node);
    else
        code = read_container(builder, event, depth, &node);
    if (code == 0)
        *out_node = node;
    return code;
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

/* What follows the stream's start: nothing, or the first document's node. */
static int read_document(struct builder *builder, const yaml_event_t *event,
                         const struct taxon_node **out_root)
{
    yaml_event_t content;
    int code;

    if (event->type == YAML_STREAM_END_EVENT)
        return empty_mapping(builder, out_root);
    assert(event->type == YAML_DOCUMENT_START_EVENT);
    code = next_event(builder, &content);
    if (code < 0)
        return code;
    code = read_node(builder, &content, 0, out_root);
    yaml_event_delete(&content);
    if (code < 0)
        return code;
    /* "---" and nothing else */
    bool is_empty = (*out_root)->kind == TAXON_NODE_SCALAR && (*out_root)->text_len == 0 &&
                    (*out_root)->quoted == 0;
    return is_empty ? empty_mapping(builder, out_root) : 0;
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
    yaml_event_t event;
    int code = next_event(builder, &event);

    if (code < 0)
        return code;
    yaml_event_delete(&event); /* the stream's start, which says nothing */
    code = next_event(builder, &event);
    if (code < 0)
        return code;
    bool is_empty = event.type == YAML_STREAM_END_EVENT;
    code = read_document(builder, &event, out_root);
    yaml_event_delete(&event);
    return code < 0 || is_empty ? code : check_end(builder);
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
