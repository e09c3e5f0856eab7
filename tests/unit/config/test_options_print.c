/* Tests of config/options_print: what is printed is read again as the same value. */
#include <string.h>

#include "../base/suite.h"
#include "config/options.h"
#include "config/yaml.h"

#define ROW .struct_size = sizeof(struct taxon_option), .help = "A test's."

static const char *const colours[] = {"red", "pale green", NULL};

static const struct taxon_option rows[] = {
    {ROW, .name = "bool", .type = TAXON_OPTION_BOOL},
    {ROW, .name = "int", .type = TAXON_OPTION_INT},
    {ROW, .name = "real", .type = TAXON_OPTION_REAL},
    {ROW, .name = "string", .type = TAXON_OPTION_STRING},
    {ROW, .name = "duration", .type = TAXON_OPTION_DURATION},
    {ROW, .name = "bytes", .type = TAXON_OPTION_BYTES},
    {ROW, .name = "path", .type = TAXON_OPTION_PATH},
    {ROW, .name = "choice", .type = TAXON_OPTION_CHOICE, .choices = colours},
    {ROW, .name = "list", .type = TAXON_OPTION_LIST, .element = TAXON_OPTION_STRING},
    {ROW, .name = "map", .type = TAXON_OPTION_MAP, .element = TAXON_OPTION_DURATION},
};

static const struct option_table table = {rows, sizeof rows / sizeof rows[0], sizeof rows[0]};

/* What option `name` is printed as when `yaml` was written for it. */
static void print_parsed(const char *name, const char *yaml, struct strbuf *out_text)
{
    struct strbuf file = STRBUF_INIT;
    const struct taxon_node *root = NULL;
    struct option_values values;
    struct err err = {""};
    struct arena arena;

    arena_init(&arena, 0);
    strbuf_printf(&file, "%s: %s\n", name, yaml);
    ck_assert_msg(yaml_parse(&arena, "t.yaml", file.data, file.len, &root, &err) == 0, "%s",
                  err.text);
    ck_assert_msg(options_parse(&arena, &table, root, "/srv", &values, &err) == 0, "%s", err.text);
    options_print_value(option_get(&values, name), out_text);
    strbuf_release(&file);
    arena_release(&arena);
}

static void assert_printed(const char *name, const char *yaml, const char *expected)
{
    struct strbuf once = STRBUF_INIT;
    struct strbuf twice = STRBUF_INIT;

    print_parsed(name, yaml, &once);
    ck_assert_str_eq(strbuf_text(&once), expected);
    print_parsed(name, strbuf_text(&once), &twice);
    ck_assert_str_eq(strbuf_text(&twice), expected);
    strbuf_release(&once);
    strbuf_release(&twice);
}

START_TEST(numbers_have_their_units)
{
    assert_printed("bool", "yes", "true");
    assert_printed("bool", "off", "false");
    assert_printed("int", "-9007199254740993", "-9007199254740993");
    assert_printed("real", "0.25", "0.25");
    assert_printed("duration", "120s", "2m");
    assert_printed("duration", "1500ms", "1500ms");
    assert_printed("duration", "0", "0");
    assert_printed("bytes", "67108864", "64M");
    assert_printed("bytes", "1025", "1025");
}
END_TEST

START_TEST(texts_are_quoted_where_they_must_be)
{
    assert_printed("string", "plain", "plain");
    assert_printed("string", "云溪", "云溪");
    assert_printed("string", "\"\"", "\"\"");
    assert_printed("string", "\"null\"", "\"null\"");
    assert_printed("string", "\"~\"", "\"~\"");
    assert_printed("string", "'a: b'", "\"a: b\"");
    assert_printed("string", "'a:'", "\"a:\"");
    assert_printed("string", "'[x, y]'", "\"[x, y]\"");
    assert_printed("string", "'- x'", "\"- x\"");
    assert_printed("string", "'@x'", "\"@x\"");
    assert_printed("string", "'say \"so\" \\n'", "\"say \\\"so\\\" \\\\n\"");
    assert_printed("string", "\"tab\\there\"", "\"tab\\x09here\"");
    assert_printed("path", "sub/x", "/srv/sub/x");
    assert_printed("choice", "pale green", "\"pale green\"");
}
END_TEST

START_TEST(lists_and_mappings_stand_on_one_line)
{
    assert_printed("list", "[]", "[]");
    assert_printed("list", "['*.part', b, 'c, d']", "[\"*.part\", b, \"c, d\"]");
    assert_printed("map", "{}", "{}");
    assert_printed("map", "{fast: 1000ms, 'very slow': 1h}", "{fast: 1s, \"very slow\": 1h}");
}
END_TEST

START_TEST(an_unset_value_is_nothing)
{
    const struct taxon_value unset = {.struct_size = sizeof unset};
    struct strbuf text = STRBUF_INIT;

    options_print_value(&unset, &text);
    ck_assert_str_eq(strbuf_text(&text), "");
    strbuf_release(&text);
}
END_TEST

START_TEST(a_tree_is_printed_as_it_was_written)
{
    static const char yaml[] = "a: {b: [1, 'x y', {c: ~}], d: ''}\ne: null\n";
    const struct taxon_node *root = NULL;
    struct strbuf text = STRBUF_INIT;
    struct err err = {""};
    struct arena arena;

    arena_init(&arena, 0);
    ck_assert_int_eq(yaml_parse(&arena, "t.yaml", yaml, strlen(yaml), &root, &err), 0);
    options_print_node(root, &text);
    ck_assert_str_eq(strbuf_text(&text), "{a: {b: [1, \"x y\", {c: ~}], d: \"\"}, e: ~}");
    strbuf_release(&text);
    arena_release(&arena);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        numbers_have_their_units,
        texts_are_quoted_where_they_must_be,
        lists_and_mappings_stand_on_one_line,
        an_unset_value_is_nothing,
        a_tree_is_printed_as_it_was_written,
    };

    return SUITE_RUN("config/options_print", tests);
}
