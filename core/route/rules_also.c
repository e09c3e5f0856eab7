/* route/rules: what a rule does beside filing: `copy`, `link` and `emit`.
 *
 * Called by rules_parse for each rule. Each of the three takes a path, or a mapping with the path
 * under `to`, or a list of such:
 *
 *     copy: "by-source/{source}/{name}"
 *     link: {to: "latest/{topic:1}.txt", kind: hard}
 *     emit: [news.jsonl, {to: "text/{lang}.jsonl", what: text, rotate: 256M}]
 */
#include <errno.h>
#include <string.h>

#include "config/options.h"
#include "config/yaml.h"
#include "route/rule.h"

#define ROW     .struct_size = sizeof(struct taxon_option)
#define STREAMS "streams"

static const char *const link_kinds[] = {"symbolic", "hard", NULL};
static const char *const emit_whats[] = {"record", "text", "both", NULL};

static const struct taxon_option copy_rows[] = {
    {ROW, .type = TAXON_OPTION_STRING, .required = 1, .name = "to"},
    {ROW, .type = TAXON_OPTION_STRING, .name = "archive"},
};
static const struct taxon_option link_rows[] = {
    {ROW, .type = TAXON_OPTION_STRING, .required = 1, .name = "to"},
    {ROW, .type = TAXON_OPTION_CHOICE, .name = "kind", .choices = link_kinds,
     .fallback = "symbolic"},
};
static const struct taxon_option emit_rows[] = {
    {ROW, .type = TAXON_OPTION_STRING, .required = 1, .name = "to"},
    {ROW, .type = TAXON_OPTION_CHOICE, .name = "what", .choices = emit_whats, .fallback = "record"},
    {ROW, .type = TAXON_OPTION_BYTES, .name = "rotate", .fallback = "64M", .min = 4096,
     .max = 1099511627776.0},
};

#define TABLE(rows)                                                                                \
    {                                                                                              \
        rows, sizeof rows / sizeof rows[0], sizeof rows[0]                                         \
    }

/* One of the three keys. */
struct also_key {
    const char *key;
    struct option_table table;
    int (*set)(const struct rule_file *file, const struct taxon_node *node,
               const struct option_values *values, const struct rule *rule, struct rule_also *also);
};

/* `values` is NULL where only the path was written. */
static int set_copy(const struct rule_file *file, const struct taxon_node *node,
                    const struct option_values *values, const struct rule *rule,
                    struct rule_also *also)
{
    const char *archive = values != NULL ? option_get(values, "archive")->text : NULL;

    also->kind = ALSO_COPY;
    also->root = rule->root;
    if (archive == NULL)
        return 0;
    return rules_find_archive(file, yaml_get(node, "archive"), archive, &also->root);
}

static int set_link(const struct rule_file *file, const struct taxon_node *node,
                    const struct option_values *values, const struct rule *rule,
                    struct rule_also *also)
{
    (void)file;
    (void)node;
    also->kind =
        values != NULL && option_get(values, "kind")->integer != 0 ? ALSO_HARD_LINK : ALSO_LINK;
    also->root = rule->root;
    return 0;
}

static int set_emit(const struct rule_file *file, const struct taxon_node *node,
                    const struct option_values *values, const struct rule *rule,
                    struct rule_also *also)
{
    (void)rule;
    also->kind = ALSO_EMIT_RECORD;
    also->root = STREAMS;
    also->amount = 64u << 20;
    if (file->rules->settings->streams == NULL)
        return yaml_error(file->err, node,
                          "`emit` needs a folder for streams: `streams` in taxond.yaml");
    if (values == NULL)
        return 0;
    also->kind = (enum also_kind)(ALSO_EMIT_RECORD + option_get(values, "what")->integer);
    also->amount = (uint64_t)option_get(values, "rotate")->integer;
    return 0;
}

static const struct also_key also_keys[] = {
    {"copy", TABLE(copy_rows), set_copy},
    {"link", TABLE(link_rows), set_link},
    {"emit", TABLE(emit_rows), set_emit},
};

static int parse_one(const struct rule_file *file, const struct also_key *key,
                     const struct taxon_node *node, struct rule *rule)
{
    struct arena *arena = &file->rules->arena;
    const struct taxon_node *path = node;
    struct option_values values;
    struct path_template *template = NULL;
    struct rule_also also = {.amount = 0};
    bool is_mapping = node->kind == TAXON_NODE_MAPPING;
    int code = 0;

    if (node->kind == TAXON_NODE_SEQUENCE)
        return yaml_error(file->err, node, "`%s` is a path, a mapping with `to`, or a list of such",
                          key->key);
    if (rule->also_count == RULE_ALSO_MAX)
        return yaml_error(file->err, node, "more than %u of copy, link and emit in one rule",
                          RULE_ALSO_MAX);
    if (is_mapping) {
        code = options_parse(arena, &key->table, node, file->folder, &values, file->err);
        path = yaml_get(node, "to");
    }
    if (code == 0)
        code = key->set(file, node, is_mapping ? &values : NULL, rule, &also);
    if (code == 0)
        code = template_parse(arena, path, &template, file->err);
    also.template = template;
    if (code == 0)
        rule->also[rule->also_count++] = also;
    return code;
}

static int parse_key(const struct rule_file *file, const struct also_key *key,
                     const struct taxon_node *node, struct rule *rule)
{
    int code = 0;

    if (node == NULL)
        return 0;
    if (node->kind != TAXON_NODE_SEQUENCE)
        return parse_one(file, key, node, rule);
    for (size_t i = 0; i < node->count && code == 0; i++)
        code = parse_one(file, key, node->items[i], rule);
    return code;
}

int rules_parse_also(const struct rule_file *file, const struct taxon_node *node, struct rule *rule)
{
    int code = 0;

    for (size_t i = 0; i < sizeof also_keys / sizeof also_keys[0] && code == 0; i++)
        code = parse_key(file, &also_keys[i], yaml_get(node, also_keys[i].key), rule);
    return code;
}

bool rules_want_text(const struct rules *rules)
{
    for (size_t i = 0; i < rules->count; i++)
        for (size_t j = 0; j < rules->rules[i].also_count; j++)
            if (also_has_text(rules->rules[i].also[j].kind))
                return true;
    return false;
}
