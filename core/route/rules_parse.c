/* route/rules: reads rule files.
 *
 * Called by rules_load for each file. A file is a mapping with the one key `rules`, a sequence of
 * rules. Scalars go through config/options, so that types, choices and messages are those of the
 * configuration; `when` is clause_parse's and `file` template_parse's. Everything lives in the
 * rules' arena.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config/options.h"
#include "config/yaml.h"
#include "route/rule.h"

#define DEFAULT_FILE "other/{lang}/{date:%Y-%m}/{name}"

/* In the order of enum conflict_policy. */
static const char *const policies[] = {"keep-both", "fail", "same-is-same", "replace-older", NULL};

static const struct taxon_option rule_rows[] = {
    {.struct_size = sizeof(struct taxon_option),
     .type = TAXON_OPTION_STRING,
     .required = 1,
     .name = "name"},
    {.struct_size = sizeof(struct taxon_option),
     .type = TAXON_OPTION_STRING,
     .required = 1,
     .name = "file"},
    {.struct_size = sizeof(struct taxon_option), .type = TAXON_OPTION_STRING, .name = "archive"},
    {.struct_size = sizeof(struct taxon_option),
     .type = TAXON_OPTION_CHOICE,
     .name = "on_conflict",
     .choices = policies},
};

static const struct option_table rule_table = {rule_rows, sizeof rule_rows / sizeof rule_rows[0],
                                               sizeof rule_rows[0]};

void *rules_grow(void *array, size_t count, size_t size)
{
    bool is_full = count == 0 || (count >= 8 && (count & (count - 1)) == 0);

    if (!is_full)
        return array;
    return realloc(array, (count == 0 ? 8 : 2 * count) * size);
}

bool rules_is_name(const char *key, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(key, names[i]) == 0)
            return true;
    }
    return false;
}

static int check_keys(const struct taxon_node *node, struct err *err)
{
    static const char *const names[] = {"name", "when", "file",        "archive", "copy",
                                        "link", "emit", "on_conflict", "tests"};
    const size_t count = sizeof names / sizeof names[0];

    for (size_t i = 0; i < node->count; i++) {
        const char *key = node->keys[i]->text;
        const char *nearest = options_nearest(key, names, count);
        if (rules_is_name(key, names, count))
            continue;
        if (nearest != NULL)
            return yaml_error(err, node->keys[i], "a rule has no key '%s'; did you mean '%s'?", key,
                              nearest);
        return yaml_error(
            err, node->keys[i],
            "a rule has no key '%s'; there are name, when, file, archive, copy, link, emit, "
            "on_conflict and tests",
            key);
    }
    return 0;
}

/* Keys that others read. */
static bool is_ours(const char *key)
{
    static const char *const others[] = {"when", "tests", "copy", "link", "emit"};

    return !rules_is_name(key, others, sizeof others / sizeof others[0]);
}

/* The pairs of a rule that are scalars. */
static const struct taxon_node *scalars_of(struct arena *arena, const struct taxon_node *node)
{
    struct taxon_node *copy = arena_memdup(arena, node, sizeof *node);
    const struct taxon_node **keys = arena_alloc(arena, (node->count + 1) * sizeof keys[0]);
    const struct taxon_node **items = arena_alloc(arena, (node->count + 1) * sizeof items[0]);

    if (copy == NULL || keys == NULL || items == NULL)
        return NULL;
    copy->count = 0;
    copy->keys = keys;
    copy->items = items;
    for (size_t i = 0; i < node->count; i++) {
        if (!is_ours(node->keys[i]->text))
            continue;
        keys[copy->count] = node->keys[i];
        items[copy->count++] = node->items[i];
    }
    return copy;
}

static int check_name(const struct rule_file *file, const struct taxon_node *node, const char *name)
{
    size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");

    if (len == 0 || name[len] != '\0' || len > SETTINGS_NAME_MAX)
        return yaml_error(file->err, node,
                          "'%s' is no name for a rule: 1 to %d of a-z, 0-9 and '-'", name,
                          SETTINGS_NAME_MAX);
    for (size_t i = 0; i < file->rules->count; i++) {
        const struct rule *other = &file->rules->rules[i];
        if (strcmp(other->name, name) == 0)
            return yaml_error(file->err, node, "a rule '%s' stands at %s:%u already", name,
                              other->node->file, other->node->line);
    }
    return 0;
}

static const char *root_of(struct arena *arena, const char *archive)
{
    static const char prefix[] = "archive:";
    size_t len = strlen(archive);
    char *root = arena_alloc(arena, sizeof prefix + len);

    if (root != NULL) {
        memcpy(root, prefix, sizeof prefix - 1);
        memcpy(root + sizeof prefix - 1, archive, len);
    }
    return root;
}

static int check_archive(const struct rule_file *file, const struct taxon_node *node,
                         const char *name)
{
    const struct settings *settings = file->rules->settings;
    const char **names =
        arena_alloc(&file->rules->arena, (settings->archive_count + 1) * sizeof names[0]);

    if (names == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < settings->archive_count; i++)
        names[i] = settings->archives[i].name;
    if (rules_is_name(name, names, settings->archive_count))
        return 0;
    const char *nearest = options_nearest(name, names, settings->archive_count);
    if (nearest != NULL)
        return yaml_error(file->err, node, "no archive is called '%s'; did you mean '%s'?", name,
                          nearest);
    return yaml_error(file->err, node, "no archive is called '%s'", name);
}

int rules_find_archive(const struct rule_file *file, const struct taxon_node *node,
                       const char *name, const char **out_root)
{
    int code = check_archive(file, node, name);

    if (code < 0)
        return code;
    *out_root = root_of(&file->rules->arena, name);
    return *out_root != NULL ? 0 : -ENOMEM;
}

/* The archive named, or the first of the configuration. */
static int set_root(const struct rule_file *file, const struct taxon_node *node,
                    const struct taxon_value *archive, struct rule *rule)
{
    const struct settings *settings = file->rules->settings;

    if (archive != NULL && archive->type != 0)
        return rules_find_archive(file, node, archive->text, &rule->root);
    if (settings->archive_count == 0)
        return yaml_error(file->err, node, "the configuration names no archive to file in");
    rule->root = root_of(&file->rules->arena, settings->archives[0].name);
    return rule->root != NULL ? 0 : -ENOMEM;
}

static int parse_scalars(const struct rule_file *file, const struct taxon_node *node,
                         struct rule *rule)
{
    struct rules *rules = file->rules;
    const struct taxon_node *scalars = scalars_of(&rules->arena, node);
    struct option_values values;
    struct path_template *template = NULL;

    if (scalars == NULL)
        return -ENOMEM;
    int code = options_parse(&rules->arena, &rule_table, scalars, file->folder, &values, file->err);
    if (code < 0)
        return code;
    const struct taxon_value *policy = option_get(&values, "on_conflict");
    const struct taxon_node *archive = yaml_get(node, "archive");
    rule->name = option_get(&values, "name")->text;
    rule->policy = policy->type != 0 ? (enum conflict_policy)policy->integer
                                     : rules->settings->placement.on_conflict;
    code = check_name(file, yaml_get(node, "name"), rule->name);
    if (code == 0)
        code =
            set_root(file, archive != NULL ? archive : node, option_get(&values, "archive"), rule);
    if (code == 0)
        code = template_parse(&rules->arena, yaml_get(node, "file"), &template, file->err);
    rule->template = template;
    return code;
}

static int parse_when(const struct rule_file *file, const struct taxon_node *node,
                      struct rule *rule)
{
    struct rules *rules = file->rules;
    const struct clause_scope scope = {&rules->arena, rules->settings, rules->manifest, file->err};
    struct clause *when;

    if (node == NULL)
        return 0;
    if (strcmp(rule->name, RULE_DEFAULT) == 0)
        return yaml_error(file->err, node, "the rule 'default' always matches: it has no `when`");
    when = arena_alloc(&rules->arena, sizeof *when);
    if (when == NULL)
        return -ENOMEM;
    rule->when = when;
    return clause_parse(&scope, node, when);
}

/* What stands behind a rule that always matches would never be asked. */
static int check_reachable(const struct rule_file *file, const struct rule *rule)
{
    const struct rules *rules = file->rules;
    const struct rule *last = rules->count > 0 ? &rules->rules[rules->count - 1] : NULL;

    if (last == NULL || last->when != NULL)
        return 0;
    return yaml_error(file->err, rule->node,
                      "rule '%s' is never reached: '%s' at %s:%u has no `when` and always matches",
                      rule->name, last->name, last->node->file, last->node->line);
}

static int add_rule(const struct rule_file *file, const struct rule *rule)
{
    struct rules *rules = file->rules;
    struct rule *list;

    if (rules->count == RULES_MAX)
        return yaml_error(file->err, rule->node, "more than %u rules", RULES_MAX);
    list = rules_grow(rules->rules, rules->count, sizeof list[0]);
    if (list == NULL)
        return -ENOMEM;
    rules->rules = list;
    list[rules->count++] = *rule;
    return 0;
}

static int parse_rule(const struct rule_file *file, const struct taxon_node *node)
{
    struct rule rule = {.node = node};
    int code;

    if (node->kind != TAXON_NODE_MAPPING)
        return yaml_error(file->err, node, "a rule is a mapping: name, when, file");
    code = check_keys(node, file->err);
    if (code == 0)
        code = parse_scalars(file, node, &rule);
    if (code == 0)
        code = check_reachable(file, &rule);
    if (code == 0)
        code = parse_when(file, yaml_get(node, "when"), &rule);
    if (code == 0)
        code = rules_parse_also(file, node, &rule);
    if (code == 0)
        code = rules_parse_tests(file, yaml_get(node, "tests"), &rule);
    return code < 0 ? code : add_rule(file, &rule);
}

static int parse_list(const struct rule_file *file, const struct taxon_node *root)
{
    const struct taxon_node *list = yaml_get(root, "rules");
    int code = 0;

    if (root->kind != TAXON_NODE_MAPPING)
        return yaml_error(file->err, root, "a rule file is a mapping with the key `rules`");
    for (size_t i = 0; i < root->count; i++) {
        if (strcmp(root->keys[i]->text, "rules") != 0)
            return yaml_error(file->err, root->keys[i],
                              "unknown key '%s'; a rule file has the one key `rules`",
                              root->keys[i]->text);
    }
    if (list == NULL)
        return 0; /* everything in it is commented out */
    if (list->kind != TAXON_NODE_SEQUENCE)
        return yaml_error(file->err, list, "`rules` is a list");
    for (size_t i = 0; i < list->count && code == 0; i++)
        code = parse_rule(file, list->items[i]);
    return code;
}

int rules_parse_file(struct rules *rules, const char *file, const char *text, size_t len,
                     struct err *err)
{
    const char *slash = strrchr(file, '/');
    const struct taxon_node *root;
    struct rule_file rule_file = {.rules = rules, .err = err};
    int code;

    if (slash == NULL || slash == file)
        rule_file.folder = "/";
    else
        rule_file.folder = arena_strndup(&rules->arena, file, (size_t)(slash - file));
    if (rule_file.folder == NULL)
        return -ENOMEM;
    code = yaml_parse(&rules->arena, file, text, len, &root, err);
    return code < 0 ? code : parse_list(&rule_file, root);
}

static int add_default(struct rules *rules, struct err *err)
{
    static const struct taxon_node node = {.struct_size = sizeof node,
                                           .kind = TAXON_NODE_SCALAR,
                                           .line = 1,
                                           .column = 1,
                                           .quoted = 1,
                                           .file = "(built in)",
                                           .text = DEFAULT_FILE,
                                           .text_len = sizeof DEFAULT_FILE - 1};
    const struct rule_file file = {.rules = rules, .folder = "/", .err = err};
    struct rule rule = {.name = RULE_DEFAULT,
                        .node = &node,
                        .policy = rules->settings->placement.on_conflict};
    struct path_template *template = NULL;
    int code = set_root(&file, &node, NULL, &rule);

    if (code == 0)
        code = template_parse(&rules->arena, &node, &template, err);
    rule.template = template;
    return code < 0 ? code : add_rule(&file, &rule);
}

int rules_parse_done(struct rules *rules, struct err *err)
{
    bool always_ends = rules->count > 0 && rules->rules[rules->count - 1].when == NULL;
    int code = always_ends ? 0 : add_default(rules, err);

    assert(code < 0 || rules->count > 0);
    return code < 0 ? code : rules_check_tests(rules, err);
}
