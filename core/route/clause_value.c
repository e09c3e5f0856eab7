/* route/clause: reads one value of a clause and checks that it can match at all.
 *
 * Called by clause_parse. Numbers and truth values are read by config/options, so that "10K" means
 * the same here as in the configuration.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config/options.h"
#include "config/yaml.h"
#include "route/clause.h"
#include "route/findings.h"

static int unknown(const struct clause_scope *scope, const struct taxon_node *node,
                   const char *what, const char *text, const char *nearest)
{
    if (nearest != NULL)
        return yaml_error(scope->err, node, "%s '%s'; did you mean '%s'?", what, text, nearest);
    return yaml_error(scope->err, node, "%s '%s'", what, text);
}

/* The scheme that `name` was meant to be; the manifest holds at most some hundreds. */
static const char *nearest_scheme(const struct manifest *manifest, const char *name)
{
    const char *best = NULL;

    for (size_t i = 0; i < manifest->plugin_count && best == NULL; i++)
        best =
            options_nearest(name, manifest->plugins[i].schemes, manifest->plugins[i].scheme_count);
    return best;
}

int clause_check_scheme(const struct clause_scope *scope, const struct taxon_node *node,
                        const char *scheme)
{
    if (manifest_has_scheme(scope->manifest, scheme))
        return 0;
    return unknown(scope, node, "no configured plugin publishes scheme", scheme,
                   nearest_scheme(scope->manifest, scheme));
}

struct label_search {
    const char *scheme;
    const char *wanted;
    const char **ids; /* every id of the scheme */
    size_t count;
    const char *below;  /* a label at or below what is wanted */
    const char *ending; /* a label whose last levels are what is wanted: "air" of "ecology/air" */
};

static bool ends_in_levels(const char *id, const char *wanted)
{
    size_t id_len = strlen(id);
    size_t len = strlen(wanted);

    return id_len > len && id[id_len - len - 1] == '/' && strcmp(id + id_len - len, wanted) == 0;
}

static void look_at(struct label_search *search, const struct manifest_label *label)
{
    if (strcmp(label->scheme, search->scheme) != 0)
        return;
    if (search->ids != NULL)
        search->ids[search->count] = label->id;
    search->count++;
    if (findings_label_is_below(label->id, search->wanted))
        search->below = label->id;
    if (ends_in_levels(label->id, search->wanted))
        search->ending = label->id;
}

static void search_labels(const struct manifest *manifest, struct label_search *search)
{
    search->count = 0;
    for (size_t i = 0; i < manifest->plugin_count; i++) {
        const struct manifest_plugin *plugin = &manifest->plugins[i];
        for (size_t k = 0; k < plugin->label_count; k++)
            look_at(search, &plugin->labels[k]);
    }
}

static int unknown_label(const struct clause_scope *scope, const struct taxon_node *node,
                         struct label_search *search)
{
    const char *nearest = search->ending;
    int code;

    search->ids = calloc(search->count + 1, sizeof search->ids[0]);
    if (search->ids == NULL)
        return -ENOMEM;
    search_labels(scope->manifest, search);
    if (nearest == NULL)
        nearest = options_nearest(node->text, search->ids, search->count);
    if (nearest != NULL)
        code = yaml_error(scope->err, node, "scheme '%s' has no label '%s'; did you mean '%s'?",
                          search->scheme, node->text, nearest);
    else
        code = yaml_error(scope->err, node, "scheme '%s' has no label '%s'", search->scheme,
                          node->text);
    free(search->ids);
    return code;
}

/* A declared label, a level above one, "none" or "unsure". */
static int check_label(const struct clause_scope *scope, const char *scheme,
                       const struct taxon_node *node)
{
    struct label_search search = {.scheme = scheme, .wanted = node->text};

    if (strcmp(node->text, FINDINGS_NONE) == 0 || strcmp(node->text, FINDINGS_UNSURE) == 0)
        return 0;
    search_labels(scope->manifest, &search);
    return search.below != NULL ? 0 : unknown_label(scope, node, &search);
}

static bool is_pattern(const char *text)
{
    return strpbrk(text, "*?[\\") != NULL;
}

static int check_source(const struct clause_scope *scope, const struct taxon_node *node)
{
    const struct settings *settings = scope->settings;
    const char **names;
    int code;

    if (is_pattern(node->text))
        return 0;
    names = arena_alloc(scope->arena, (settings->inbox_count + 1) * sizeof names[0]);
    if (names == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < settings->inbox_count; i++) {
        names[i] = settings->inboxes[i].source;
        if (strcmp(names[i], node->text) == 0)
            return 0;
    }
    code = unknown(scope, node, "no inbox has source", node->text,
                   options_nearest(node->text, names, settings->inbox_count));
    return code;
}

/* "zh": ISO 639 in lower case. */
static int check_lang(const struct clause_scope *scope, const struct taxon_node *node)
{
    size_t len = strspn(node->text, "abcdefghijklmnopqrstuvwxyz");

    if ((len == 2 || len == 3) && node->text[len] == '\0')
        return 0;
    return yaml_error(scope->err, node,
                      "'%s' is no language; write a code such as zh, en, or und for unknown",
                      node->text);
}

/* "Hans": ISO 15924. */
static int check_script(const struct clause_scope *scope, const struct taxon_node *node)
{
    const char *text = node->text;

    if (text[0] >= 'A' && text[0] <= 'Z' && strspn(text + 1, "abcdefghijklmnopqrstuvwxyz") == 3 &&
        text[4] == '\0')
        return 0;
    return yaml_error(scope->err, node,
                      "'%s' is no script; write a code such as Hans, Hant, Latn, or Zyyy for "
                      "unknown",
                      text);
}

static int parse_damage(const struct clause_scope *scope, const struct taxon_node *node,
                        struct clause_value *value)
{
    const char *names[DAMAGE_KINDS];

    for (int kind = 0; kind < DAMAGE_KINDS; kind++) {
        names[kind] = findings_damage_name((enum damage_kind)kind);
        value->number = kind;
        if (strcmp(names[kind], node->text) == 0)
            return 0;
    }
    const char *nearest = options_nearest(node->text, names, DAMAGE_KINDS);
    if (nearest != NULL)
        return unknown(scope, node, "unknown damage", node->text, nearest);
    return yaml_error(scope->err, node,
                      "unknown damage '%s'; there are pinyin-gloss, illegal-bytes, cut, mojibake, "
                      "lost-characters, double-entities, control-characters and truncated",
                      node->text);
}

/* Reads `text` as an option of that row would be, with the row's own messages. */
static int parse_option(const struct clause_scope *scope, const struct taxon_option *row,
                        const struct taxon_node *node, const char *text,
                        const struct taxon_value **out_value)
{
    struct taxon_node key = *node;
    struct taxon_node item = *node;
    struct taxon_node mapping = *node;
    const struct taxon_node *const key_list[] = {&key};
    const struct taxon_node *const item_list[] = {&item};
    const struct option_table table = {row, 1, sizeof *row};
    struct option_values values;

    key.text = row->name;
    key.text_len = strlen(row->name);
    item.text = text;
    item.text_len = strlen(text);
    mapping.kind = TAXON_NODE_MAPPING;
    mapping.text = NULL;
    mapping.text_len = 0;
    mapping.count = 1;
    mapping.keys = key_list;
    mapping.items = item_list;
    /* The values keep no node: only values.nodes does, and that is left behind here. */
    int code = options_parse(scope->arena, &table, &mapping, "/", &values, scope->err);
    if (code == 0)
        *out_value = option_get(&values, row->name);
    return code;
}

static const char *parse_comparison(const char *text, enum comparison *out_comparison)
{
    static const struct {
        const char *sign;
        enum comparison comparison;
    } signs[] = {
        {"<=", COMPARISON_LESS_OR_EQUAL}, {">=", COMPARISON_MORE_OR_EQUAL},
        {"==", COMPARISON_EQUAL},         {"<", COMPARISON_LESS},
        {">", COMPARISON_MORE},           {"=", COMPARISON_EQUAL},
    };

    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        size_t len = strlen(signs[i].sign);
        if (strncmp(text, signs[i].sign, len) == 0) {
            *out_comparison = signs[i].comparison;
            return text + len + strspn(text + len, " ");
        }
    }
    return NULL;
}

static int parse_number(const struct clause_scope *scope, enum clause_kind kind,
                        const struct taxon_node *node, struct clause_value *value)
{
    static const struct taxon_option size_row = {.struct_size = sizeof size_row,
                                                 .type = TAXON_OPTION_BYTES,
                                                 .name = "size"};
    static const struct taxon_option ratio_row = {.struct_size = sizeof ratio_row,
                                                  .type = TAXON_OPTION_REAL,
                                                  .name = "boilerplate_ratio",
                                                  .min = 0,
                                                  .max = 1};
    static const struct taxon_option similarity_row = {.struct_size = sizeof similarity_row,
                                                       .type = TAXON_OPTION_REAL,
                                                       .name = "similarity",
                                                       .min = 0,
                                                       .max = 1};
    const struct taxon_option *row = kind == CLAUSE_SIZE         ? &size_row
                                     : kind == CLAUSE_SIMILARITY ? &similarity_row
                                                                 : &ratio_row;
    const char *number = parse_comparison(node->text, &value->comparison);
    const struct taxon_value *parsed = NULL;
    int code;

    if (number == NULL)
        return yaml_error(scope->err, node, "'%s' takes a comparison in quotes, such as \"%s\"",
                          row->name, kind == CLAUSE_SIZE ? ">10K" : ">0.5");
    code = parse_option(scope, row, node, number, &parsed);
    if (code == 0)
        value->number = kind == CLAUSE_SIZE ? (double)parsed->integer : parsed->real;
    return code;
}

static int parse_truth(const struct clause_scope *scope, const char *name,
                       const struct taxon_node *node, struct clause_value *value)
{
    const struct taxon_option row = {.struct_size = sizeof row,
                                     .type = TAXON_OPTION_BOOL,
                                     .name = name};
    const struct taxon_value *parsed = NULL;
    int code = parse_option(scope, &row, node, node->text, &parsed);

    if (code == 0)
        value->number = (double)parsed->integer;
    return code;
}

int clause_parse_value(const struct clause_scope *scope, const struct clause *clause,
                       const struct taxon_node *node, struct clause_value *out_value)
{
    if (node->text[0] == '\0')
        return yaml_error(scope->err, node, "an empty value matches nothing");
    switch (clause->kind) {
    case CLAUSE_LABEL:
        return check_label(scope, clause->scheme, node);
    case CLAUSE_LANG:
        return check_lang(scope, node);
    case CLAUSE_SCRIPT:
        return check_script(scope, node);
    case CLAUSE_USABLE:
        return parse_truth(scope, "usable", node, out_value);
    case CLAUSE_COPY_OF:
        return parse_truth(scope, "copy_of", node, out_value);
    case CLAUSE_VERSION_OF:
        return parse_truth(scope, "version_of", node, out_value);
    case CLAUSE_BOILERPLATE:
    case CLAUSE_SIZE:
    case CLAUSE_SIMILARITY:
        return parse_number(scope, clause->kind, node, out_value);
    case CLAUSE_SOURCE:
        return check_source(scope, node);
    case CLAUSE_DAMAGE:
        return parse_damage(scope, node, out_value);
    default:
        return 0; /* patterns and names that are free */
    }
}
