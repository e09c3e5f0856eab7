/* route/rules: the tests that rules carry.
 *
 * Called by rules_parse. They are only read and checked here; `taxon check` runs them through a
 * real worker, because what a text is called is the plugins' matter.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config/options.h"
#include "config/yaml.h"
#include "route/rule.h"

static const struct taxon_option test_rows[] = {
    {.struct_size = sizeof(struct taxon_option), .type = TAXON_OPTION_STRING, .name = "text"},
    {.struct_size = sizeof(struct taxon_option), .type = TAXON_OPTION_PATH, .name = "file"},
    {.struct_size = sizeof(struct taxon_option),
     .type = TAXON_OPTION_STRING,
     .name = "name",
     .fallback = "test.txt"},
    {.struct_size = sizeof(struct taxon_option), .type = TAXON_OPTION_STRING, .name = "expect"},
};

static const struct option_table test_table = {test_rows, sizeof test_rows / sizeof test_rows[0],
                                               sizeof test_rows[0]};

static int add_test(const struct rule_file *file, const struct taxon_node *node,
                    const struct rule *rule, const struct option_values *values)
{
    struct rules *rules = file->rules;
    const struct taxon_value *expect = option_get(values, "expect");
    struct rule_test *tests;

    if (rules->test_count == RULE_TESTS_MAX)
        return yaml_error(file->err, node, "more than %u tests", RULE_TESTS_MAX);
    tests = rules_grow(rules->tests, rules->test_count, sizeof tests[0]);
    if (tests == NULL)
        return -ENOMEM;
    rules->tests = tests;
    tests[rules->test_count++] = (struct rule_test){
        .rule = rule->name,
        .expect = expect->type != 0 ? expect->text : rule->name,
        .text = option_get(values, "text")->text,
        .file = option_get(values, "file")->text,
        .name = option_get(values, "name")->text,
        .node = node,
    };
    return 0;
}

static int parse_test(const struct rule_file *file, const struct taxon_node *node,
                      const struct rule *rule)
{
    struct option_values values;
    int code;

    if (node->kind != TAXON_NODE_MAPPING)
        return yaml_error(file->err, node, "a test is a mapping: text or file, name, expect");
    code = options_parse(&file->rules->arena, &test_table, node, file->folder, &values, file->err);
    if (code < 0)
        return code;
    if ((yaml_get(node, "text") != NULL) == (yaml_get(node, "file") != NULL))
        return yaml_error(file->err, node, "a test has either `text` or `file`");
    return add_test(file, node, rule, &values);
}

int rules_parse_tests(const struct rule_file *file, const struct taxon_node *node,
                      const struct rule *rule)
{
    int code = 0;

    if (node == NULL)
        return 0;
    if (node->kind != TAXON_NODE_SEQUENCE)
        return yaml_error(file->err, node, "`tests` is a list");
    for (size_t i = 0; i < node->count && code == 0; i++)
        code = parse_test(file, node->items[i], rule);
    return code;
}

int rules_check_tests(const struct rules *rules, struct err *err)
{
    const char **names = calloc(rules->count, sizeof names[0]);
    int code = 0;

    if (names == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < rules->count; i++)
        names[i] = rules->rules[i].name;
    for (size_t i = 0; i < rules->test_count && code == 0; i++) {
        const struct rule_test *test = &rules->tests[i];
        if (rules_is_name(test->expect, names, rules->count))
            continue;
        const char *nearest = options_nearest(test->expect, names, rules->count);
        const struct taxon_node *node = yaml_get(test->node, "expect");
        code = nearest != NULL ? yaml_error(err, node, "no rule is called '%s'; did you mean '%s'?",
                                            test->expect, nearest)
                               : yaml_error(err, node, "no rule is called '%s'", test->expect);
    }
    free(names);
    return code;
}
