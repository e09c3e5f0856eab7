/* route/clause: reads a rule's `when`.
 *
 * Called by rules_parse for each rule. Everything that can never match (a label that no plugin
 * declares, a source that no inbox has, a key that means nothing) is refused here with its place,
 * because a rule that silently never matches is found only months later. It matches nothing
 * itself: that is clause_match.c.
 */
#include <errno.h>
#include <string.h>

#include "base/printable.h"
#include "base/strbuf.h"
#include "config/options.h"
#include "config/yaml.h"
#include "route/clause.h"

#define TEXT_MAX 200 /* bytes of a clause in a trace */

struct clause_key {
    const char *name;
    enum clause_kind kind;
};

/* A scheme's own key comes first; any scheme can be asked for under `labels`. */
static const struct clause_key keys[] = {
    {"genre", CLAUSE_LABEL},
    {"topic", CLAUSE_LABEL},
    {"labels", CLAUSE_LABEL},
    {"lang", CLAUSE_LANG},
    {"script", CLAUSE_SCRIPT},
    {"usable", CLAUSE_USABLE},
    {"source", CLAUSE_SOURCE},
    {"boilerplate_ratio", CLAUSE_BOILERPLATE},
    {"name", CLAUSE_NAME},
    {"size", CLAUSE_SIZE},
    {"charset", CLAUSE_CHARSET},
    {"media_type", CLAUSE_MEDIA_TYPE},
    {"damage", CLAUSE_DAMAGE},
    {"all", CLAUSE_ALL},
    {"any", CLAUSE_ANY},
    {"not", CLAUSE_NOT},
    {"copy_of", CLAUSE_COPY_OF},
    {"version_of", CLAUSE_VERSION_OF},
    {"similarity", CLAUSE_SIMILARITY},
};

#define KEYS (sizeof keys / sizeof keys[0])

static int parse_mapping(const struct clause_scope *scope, const struct taxon_node *node,
                         unsigned depth, struct clause *out_clause);

static int find_key(const struct clause_scope *scope, const struct taxon_node *node,
                    enum clause_kind *out_kind)
{
    const char *names[KEYS];

    for (size_t i = 0; i < KEYS; i++) {
        names[i] = keys[i].name;
        if (strcmp(node->text, keys[i].name) == 0) {
            *out_kind = keys[i].kind;
            return 0;
        }
    }
    const char *nearest = options_nearest(node->text, names, KEYS);
    if (nearest != NULL)
        return yaml_error(scope->err, node, "unknown key '%s' in `when`; did you mean '%s'?",
                          node->text, nearest);
    if (manifest_has_scheme(scope->manifest, node->text))
        return yaml_error(scope->err, node,
                          "unknown key '%s' in `when`; a plugin's own scheme is asked for with "
                          "labels: {%s: …}",
                          node->text, node->text);
    return yaml_error(scope->err, node, "unknown key '%s' in `when`", node->text);
}

/* Keeps what was built, as one short line that a trace can show. */
static int keep_text(const struct clause_scope *scope, struct strbuf *text, const char **out_text)
{
    size_t len = text->len;

    if (text->failed) {
        strbuf_release(text);
        return -ENOMEM;
    }
    if (len > 0) {
        len = printable_clean(text->data, len);
        len = printable_cut(text->data, len, TEXT_MAX);
    }
    *out_text = arena_strndup(scope->arena, len > 0 ? text->data : "", len);
    strbuf_release(text);
    return *out_text != NULL ? 0 : -ENOMEM;
}

static int describe_leaf(const struct clause_scope *scope, const char *key, struct clause *clause)
{
    struct strbuf text = STRBUF_INIT;
    bool is_list = clause->value_count > 1;

    strbuf_printf(&text, "%s: %s", key, is_list ? "[" : "");
    for (size_t i = 0; i < clause->value_count; i++)
        strbuf_printf(&text, "%s%s", i > 0 ? ", " : "", clause->values[i].text);
    strbuf_puts(&text, is_list ? "]" : "");
    return keep_text(scope, &text, &clause->text);
}

/* A scalar, or a sequence of scalars of which any will do. */
static int parse_leaf(const struct clause_scope *scope, const struct taxon_node *key,
                      const struct taxon_node *node, struct clause *clause)
{
    bool is_list = node->kind == TAXON_NODE_SEQUENCE;
    size_t count = is_list ? node->count : 1;
    struct clause_value *values;
    int code = 0;

    if (node->kind == TAXON_NODE_MAPPING || count == 0)
        return yaml_error(scope->err, node, "'%s' takes a value, or a list of which any will do",
                          key->text);
    values = arena_alloc(scope->arena, count * sizeof values[0]);
    if (values == NULL)
        return -ENOMEM;
    clause->values = values;
    clause->value_count = count;
    for (size_t i = 0; i < count && code == 0; i++) {
        const struct taxon_node *item = is_list ? node->items[i] : node;
        if (item->kind != TAXON_NODE_SCALAR)
            return yaml_error(scope->err, item, "'%s' takes plain values", key->text);
        values[i].text = item->text;
        code = clause_parse_value(scope, clause, item, &values[i]);
    }
    return code < 0 ? code : describe_leaf(scope, key->text, clause);
}

static int parse_label(const struct clause_scope *scope, const struct taxon_node *key,
                       const struct taxon_node *node, struct clause *clause)
{
    int code = clause_check_scheme(scope, key, key->text);

    if (code < 0)
        return code;
    clause->kind = CLAUSE_LABEL;
    clause->scheme = key->text;
    return parse_leaf(scope, key, node, clause);
}

static struct clause *add_children(const struct clause_scope *scope, struct clause *clause,
                                   size_t count)
{
    struct clause *children = arena_alloc(scope->arena, count * sizeof children[0]);

    clause->children = children;
    clause->child_count = count;
    return children;
}

/* "KEY: (A; B | C)": what a trace shows of a clause that holds others. */
static int describe_children(const struct clause_scope *scope, const char *before,
                             const char *between, const char *after, struct clause *clause)
{
    struct strbuf text = STRBUF_INIT;

    strbuf_puts(&text, before);
    for (size_t i = 0; i < clause->child_count; i++)
        strbuf_printf(&text, "%s%s", i > 0 ? between : "", clause->children[i].text);
    strbuf_puts(&text, after);
    return keep_text(scope, &text, &clause->text);
}

/* labels: {SCHEME: ID, …} */
static int parse_labels(const struct clause_scope *scope, const struct taxon_node *node,
                        struct clause *clause)
{
    int code = 0;

    if (node->kind != TAXON_NODE_MAPPING || node->count == 0)
        return yaml_error(scope->err, node, "'labels' takes SCHEME: LABEL, such as {genre: news}");
    clause->kind = CLAUSE_ALL;
    struct clause *children = add_children(scope, clause, node->count);
    if (children == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < node->count && code == 0; i++)
        code = parse_label(scope, node->keys[i], node->items[i], &children[i]);
    return code < 0 ? code : describe_children(scope, "", ", ", "", clause);
}

/* any: and all: a sequence of mappings. */
static int parse_sequence(const struct clause_scope *scope, const struct taxon_node *key,
                          const struct taxon_node *node, unsigned depth, struct clause *clause)
{
    int code = 0;

    if (node->kind != TAXON_NODE_SEQUENCE || node->count == 0)
        return yaml_error(scope->err, node, "'%s' takes a list of what `when` takes", key->text);
    struct clause *children = add_children(scope, clause, node->count);
    if (children == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < node->count && code == 0; i++)
        code = parse_mapping(scope, node->items[i], depth + 1, &children[i]);
    if (code < 0)
        return code;
    if (clause->kind == CLAUSE_ANY)
        return describe_children(scope, "any: (", " | ", ")", clause);
    return describe_children(scope, "all: (", "; ", ")", clause);
}

static int parse_not(const struct clause_scope *scope, const struct taxon_node *node,
                     unsigned depth, struct clause *clause)
{
    struct clause *child = add_children(scope, clause, 1);
    int code;

    if (child == NULL)
        return -ENOMEM;
    code = parse_mapping(scope, node, depth + 1, child);
    return code < 0 ? code : describe_children(scope, "not: (", "", ")", clause);
}

static int parse_pair(const struct clause_scope *scope, const struct taxon_node *key,
                      const struct taxon_node *node, unsigned depth, struct clause *clause)
{
    int code = find_key(scope, key, &clause->kind);

    if (code < 0)
        return code;
    switch (clause->kind) {
    case CLAUSE_LABEL:
        if (strcmp(key->text, "labels") == 0)
            return parse_labels(scope, node, clause);
        return parse_label(scope, key, node, clause);
    case CLAUSE_ALL:
    case CLAUSE_ANY:
        return parse_sequence(scope, key, node, depth, clause);
    case CLAUSE_NOT:
        return parse_not(scope, node, depth, clause);
    default:
        return parse_leaf(scope, key, node, clause);
    }
}

static int parse_mapping(const struct clause_scope *scope, const struct taxon_node *node,
                         unsigned depth, struct clause *out_clause)
{
    int code = 0;

    if (node->kind != TAXON_NODE_MAPPING)
        return yaml_error(scope->err, node, "here stand keys and values, such as genre: news");
    if (node->count == 0)
        return yaml_error(scope->err, node,
                          "nothing is asked; leave `when` out of a rule that "
                          "always matches");
    if (depth > CLAUSE_DEPTH_MAX)
        return yaml_error(scope->err, node, "more than %u of any, all and not within each other",
                          CLAUSE_DEPTH_MAX);
    *out_clause = (struct clause){.kind = CLAUSE_ALL};
    struct clause *children = add_children(scope, out_clause, node->count);
    if (children == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < node->count && code == 0; i++)
        code = parse_pair(scope, node->keys[i], node->items[i], depth, &children[i]);
    return code < 0 ? code : describe_children(scope, "", "; ", "", out_clause);
}

int clause_parse(const struct clause_scope *scope, const struct taxon_node *node,
                 struct clause *out_clause)
{
    return parse_mapping(scope, node, 0, out_clause);
}
