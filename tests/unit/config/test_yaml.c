/* Tests of config/yaml: the tree as written, and each refusal with its place. */
#include "config/yaml.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../base/suite.h"
#include "base/strbuf.h"

static struct arena arena;
static struct err err;

static void setup(void)
{
    arena_init(&arena, 0);
    err.text[0] = '\0';
}

static void teardown(void)
{
    arena_release(&arena);
}

static const struct taxon_node *parse_bytes(const char *text, size_t len)
{
    const struct taxon_node *root = NULL;

    ck_assert_msg(yaml_parse(&arena, "a.yaml", text, len, &root, &err) == 0, "%s", err.text);
    ck_assert_ptr_nonnull(root);
    return root;
}

static const struct taxon_node *parse(const char *text)
{
    return parse_bytes(text, strlen(text));
}

static void refuses_bytes(const char *text, size_t len, const char *message)
{
    const struct taxon_node untouched;
    const struct taxon_node *root = &untouched;

    ck_assert_int_eq(yaml_parse(&arena, "a.yaml", text, len, &root, &err), -EINVAL);
    ck_assert_str_eq(err.text, message);
    ck_assert_ptr_eq(root, &untouched);
}

static void refuses(const char *text, const char *message)
{
    refuses_bytes(text, strlen(text), message);
}

static void is_at(const struct taxon_node *node, unsigned line, unsigned column)
{
    ck_assert_uint_eq(node->line, line);
    ck_assert_uint_eq(node->column, column);
}

static void is_scalar(const struct taxon_node *node, const char *text, unsigned quoted)
{
    ck_assert_uint_eq(node->struct_size, sizeof *node);
    ck_assert_uint_eq(node->kind, TAXON_NODE_SCALAR);
    ck_assert_str_eq(node->text, text);
    ck_assert_uint_eq(node->text_len, strlen(text));
    ck_assert_uint_eq(node->quoted, quoted);
}

START_TEST(a_tree_as_written)
{
    const struct taxon_node *root = parse("name: 新闻\n"
                                          "list:\n"
                                          "  - one\n"
                                          "  - 'two'\n"
                                          "flow: {a: [1, \"2\"], b: }\n"
                                          "text: |\n"
                                          "  line\n"
                                          "  line\n");
    ck_assert_uint_eq(root->kind, TAXON_NODE_MAPPING);
    ck_assert_uint_eq(root->count, 4);
    ck_assert_str_eq(root->file, "a.yaml");
    is_at(root, 1, 1);
    is_scalar(root->keys[0], "name", 0);
    is_scalar(root->items[0], "新闻", 0);
    is_at(root->items[0], 1, 7);

    const struct taxon_node *list = yaml_get(root, "list");
    ck_assert_uint_eq(list->kind, TAXON_NODE_SEQUENCE);
    ck_assert_uint_eq(list->count, 2);
    ck_assert_ptr_null(list->keys);
    ck_assert_ptr_null(list->text);
    is_at(list, 3, 3);
    is_scalar(list->items[0], "one", 0);
    is_scalar(list->items[1], "two", 1);
    is_at(list->items[1], 4, 5);

    const struct taxon_node *flow = yaml_get(root, "flow");
    is_at(flow, 5, 7);
    is_scalar(yaml_get(flow, "a")->items[1], "2", 1);
    is_scalar(yaml_get(flow, "b"), "", 0);
    is_scalar(yaml_get(root, "text"), "line\nline\n", 1);
}
END_TEST

START_TEST(columns_count_characters)
{
    const struct taxon_node *root = parse("标题: [一, 二]\n");

    is_at(root->items[0], 1, 5);
    is_at(root->items[0]->items[1], 1, 9);
}
END_TEST

START_TEST(nothing_is_an_empty_mapping)
{
    static const char *const texts[] = {"",         "\n\n", "# only words\n", "---\n",
                                        "---\n...", "{}",   "\xEF\xBB\xBF"};

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const struct taxon_node *root = parse(texts[i]);
        ck_assert_uint_eq(root->kind, TAXON_NODE_MAPPING);
        ck_assert_uint_eq(root->count, 0);
        ck_assert_uint_eq(root->line, 1);
        ck_assert_ptr_nonnull(root->keys);
        ck_assert_ptr_nonnull(root->items);
    }
    ck_assert_uint_eq(parse_bytes(NULL, 0)->kind, TAXON_NODE_MAPPING);
}
END_TEST

START_TEST(the_root_may_be_anything)
{
    is_scalar(parse("word"), "word", 0);
    is_scalar(parse("''"), "", 1);
    ck_assert_uint_eq(parse("[]")->kind, TAXON_NODE_SEQUENCE);
    ck_assert_uint_eq(parse("[]")->count, 0);
}
END_TEST

START_TEST(a_byte_order_mark_is_no_column)
{
    const struct taxon_node *root = parse("\xEF\xBB\xBF"
                                          "a: b\n");

    is_scalar(root->keys[0], "a", 0);
    is_at(root->keys[0], 1, 1);
    refuses("\xEF\xBB\xBF"
            "a\x01",
            "a.yaml:1:2: control characters are not allowed");
}
END_TEST

START_TEST(windows_line_ends)
{
    const struct taxon_node *root = parse("a: 1\r\nb:\r\n  - 2\r\n");

    is_scalar(yaml_get(root, "a"), "1", 0);
    is_at(yaml_get(root, "b")->items[0], 3, 5);
}
END_TEST

START_TEST(get_finds_keys_of_mappings_only)
{
    const struct taxon_node *root = parse("{abc: 1, '': 2, list: [abc]}");

    is_scalar(yaml_get(root, "abc"), "1", 0);
    is_scalar(yaml_get(root, ""), "2", 0);
    ck_assert_ptr_null(yaml_get(root, "ab"));
    ck_assert_ptr_null(yaml_get(root, "abcd"));
    ck_assert_ptr_null(yaml_get(yaml_get(root, "list"), "abc"));
    ck_assert_ptr_null(yaml_get(NULL, "abc"));
}
END_TEST

START_TEST(what_makes_text_mean_more_is_refused)
{
    refuses("a: &x 1\n", "a.yaml:1:4: anchors (&x) are not allowed");
    refuses("a: &x [1]\n", "a.yaml:1:4: anchors (&x) are not allowed");
    refuses("a:\n  &x b: 1\n", "a.yaml:2:3: anchors (&x) are not allowed");
    refuses("- a\n- *x\n", "a.yaml:2:3: aliases (*x) are not allowed; put quotes around a text "
                           "that begins with *");
    refuses("*x : 1\n", "a.yaml:1:1: aliases (*x) are not allowed; put quotes around a text that "
                        "begins with *");
    refuses("a: !!str 1\n", "a.yaml:1:4: tags (tag:yaml.org,2002:str) are not allowed");
    refuses("a: ! 1\n", "a.yaml:1:4: tags (!) are not allowed");
    refuses("a: !x {}\n", "a.yaml:1:4: tags (!x) are not allowed");
    refuses("%YAML 1.1\n---\na: 1\n", "a.yaml:1:1: directives (%TAG, %YAML) are not allowed");
    refuses("a: 1\n...\n%TAG ! x\n", "a.yaml:3:1: directives (%TAG, %YAML) are not allowed");
    refuses("\xEF\xBB\xBF%TAG ! x\n---\n", "a.yaml:1:1: directives (%TAG, %YAML) are not allowed");
}
END_TEST

START_TEST(duplicate_keys_are_refused)
{
    refuses("a: 1\nb: 2\na: 3\n", "a.yaml:3:1: key 'a' is given twice; first on line 1");
    refuses("{a: 1, 'a': 2}", "a.yaml:1:8: key 'a' is given twice; first on line 1");
    /* The first repetition in the file is told, whatever the order of the letters. */
    refuses("z: 1\ny: 1\nz: 2\ny: 2\n", "a.yaml:3:1: key 'z' is given twice; first on line 1");
    refuses("a: 1\na: 2\na: 3\n", "a.yaml:2:1: key 'a' is given twice; first on line 1");
    refuses("o:\n  i: 1\n  j: 1\n  i: 1\n", "a.yaml:4:3: key 'i' is given twice; first on line 2");
    ck_assert_uint_eq(parse("{a: {b: 1}, c: {b: 1}, ab: 1, A: 1}")->count, 4);
}
END_TEST

START_TEST(keys_are_scalars)
{
    const char *message =
        "a.yaml:1:3: a key must be a word or a quoted text, not a list or a mapping";

    refuses("? [a]\n: 1\n", message);
    refuses("? {a: b}\n: 1\n", message);
    refuses("? - a\n: 1\n", message);
}
END_TEST

START_TEST(one_document_a_file)
{
    refuses("a: 1\n---\nb: 2\n", "a.yaml:2:1: a second document begins; a file holds one");
    refuses("---\n---\n", "a.yaml:2:1: a second document begins; a file holds one");
    ck_assert_uint_eq(parse("---\na: 1\n...\n# end\n")->count, 1);
}
END_TEST

START_TEST(only_text_in_utf8)
{
    refuses("a: 1\nb: \xD0\xC2\xCE\xC5\n", "a.yaml:2:4: byte 0xD0 is not UTF-8; save the file as "
                                           "UTF-8");
    refuses("\xFF\xFE"
            "a",
            "a.yaml:1:1: byte 0xFF is not UTF-8; save the file as UTF-8");
    refuses("中: \xE4\xB8", "a.yaml:1:4: byte 0xE4 is not UTF-8; save the file as UTF-8");
    refuses("a: \xED\xA0\x80", "a.yaml:1:4: byte 0xED is not UTF-8; save the file as UTF-8");
    refuses_bytes("a: 1\nb\0c", 8, "a.yaml:2:2: a NUL byte; this is no text in UTF-8");
    refuses("a:\n  - \"b\\0c\"\n", "a.yaml:2:5: a text that holds a NUL");
    refuses("a: 1\nbb\x01", "a.yaml:2:3: control characters are not allowed");
}
END_TEST

START_TEST(mistakes_of_syntax_have_their_place)
{
    refuses("a: [1, 2\nb: 3\n", "a.yaml:2:2: did not find expected ',' or ']' while parsing a flow "
                                "sequence, which begins on line 1");
    refuses("a: b: c\n", "a.yaml:1:5: mapping values are not allowed in this context");
    refuses("a:\n\tb: 1\n", "a.yaml:2:1: found character that cannot start any token; indent with "
                            "spaces, not tabs");
    refuses("a: @b\n", "a.yaml:1:4: found character that cannot start any token; put quotes around "
                       "the text");
    refuses("a: 'b\n", "a.yaml:2:1: found unexpected end of stream while scanning a quoted scalar, "
                       "which begins on line 1");
    refuses("a: 1\n b: 2\n", "a.yaml:2:3: mapping values are not allowed in this context");
}
END_TEST

static const struct taxon_node *parse_repeated(const char *unit, size_t count, int *out_code)
{
    struct strbuf text = STRBUF_INIT;
    const struct taxon_node *root = NULL;

    for (size_t i = 0; i < count; i++)
        strbuf_puts(&text, unit);
    *out_code = yaml_parse(&arena, "a.yaml", strbuf_text(&text), text.len, &root, &err);
    strbuf_release(&text);
    return root;
}

START_TEST(depth_is_bounded)
{
    static const char *const openers[] = {"[", "{a: ", "- ", "? ", "[{a: "};
    int code = 0;

    for (size_t i = 0; i < sizeof openers / sizeof openers[0]; i++) {
        parse_repeated(openers[i], 100000, &code);
        ck_assert_int_eq(code, -EINVAL);
    }
    parse_repeated("[", 33, &code);
    ck_assert_int_eq(code, -EINVAL);
    ck_assert_str_eq(err.text, "a.yaml:1:33: nested deeper than 32 levels");

    const struct taxon_node *node =
        parse("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[x]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]");
    unsigned depth = 0;
    for (; node->kind == TAXON_NODE_SEQUENCE; node = node->items[0])
        depth++;
    ck_assert_uint_eq(depth, YAML_DEPTH_MAX);
}
END_TEST

START_TEST(nodes_are_bounded)
{
    int code = 0;
    const struct taxon_node *root = parse_repeated("- a\n", YAML_NODES_MAX - 1, &code);

    ck_assert_int_eq(code, 0);
    ck_assert_uint_eq(root->count, YAML_NODES_MAX - 1);
    parse_repeated("- a\n", YAML_NODES_MAX, &code);
    ck_assert_int_eq(code, -EINVAL);
    ck_assert_str_eq(err.text, "a.yaml:1048576:3: more than 1048576 values in one file");
}
END_TEST

START_TEST(bytes_are_bounded)
{
    int code = 0;
    const struct taxon_node *root = parse_repeated("#", YAML_BYTES_MAX, &code);

    ck_assert_int_eq(code, 0);
    ck_assert_uint_eq(root->count, 0);
    parse_repeated("#", YAML_BYTES_MAX + 1, &code);
    ck_assert_int_eq(code, -EINVAL);
    ck_assert_str_eq(err.text, "a.yaml:1:1: larger than 16777216 bytes");
}
END_TEST

/* Comparing each key with each would take this test past its time limit. */
START_TEST(many_keys_are_no_trap)
{
    struct strbuf text = STRBUF_INIT;
    const struct taxon_node *root = NULL;

    for (unsigned i = 0; i < 300000; i++)
        strbuf_printf(&text, "same-beginning-of-all-keys-%06u: 1\n", (i * 7919u) % 300000u);
    ck_assert_int_eq(yaml_parse(&arena, "a.yaml", text.data, text.len, &root, &err), 0);
    ck_assert_uint_eq(root->count, 300000);
    strbuf_puts(&text, "same-beginning-of-all-keys-000000: 1\n");
    ck_assert_int_eq(yaml_parse(&arena, "a.yaml", text.data, text.len, &root, &err), -EINVAL);
    ck_assert_str_eq(err.text, "a.yaml:300001:1: key 'same-beginning-of-all-keys-000000' is given "
                               "twice; first on line 1");
    strbuf_release(&text);
}
END_TEST

START_TEST(memory_beyond_the_budget_is_an_error)
{
    const char *text = "a: [one, two, {three: four}]\n";
    bool parsed = false;

    for (size_t budget = 16; !parsed && budget < 65536; budget += 16) {
        const struct taxon_node *root = NULL;
        struct arena small;
        arena_init(&small, budget);
        int code = yaml_parse(&small, "a.yaml", text, strlen(text), &root, &err);
        parsed = code == 0;
        ck_assert(parsed || (code == -ENOMEM && root == NULL));
        if (!parsed)
            ck_assert_str_eq(err.text, "a.yaml: out of memory");
        arena_release(&small);
    }
    ck_assert(parsed);
}
END_TEST

START_TEST(errors_name_the_node)
{
    const struct taxon_node *root = parse("a:\n    b\n");

    ck_assert_int_eq(yaml_error(&err, root->items[0], "%s", "wrong\n"), -EINVAL);
    ck_assert_str_eq(err.text, "a.yaml:2:5: wrong?");
    ck_assert_int_eq(yaml_error(NULL, root, "dropped"), -EINVAL);
}
END_TEST

START_TEST(a_long_file_name_leaves_the_message)
{
    char file[4096];
    const struct taxon_node *root = NULL;

    memset(file, 'x', sizeof file - 1);
    file[sizeof file - 1] = '\0';
    ck_assert_int_eq(yaml_parse(&arena, file, "&a b", 4, &root, &err), -EINVAL);
    ck_assert_ptr_nonnull(strstr(err.text, "anchors (&a) are not allowed"));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_tree_as_written,
        columns_count_characters,
        nothing_is_an_empty_mapping,
        the_root_may_be_anything,
        a_byte_order_mark_is_no_column,
        windows_line_ends,
        get_finds_keys_of_mappings_only,
        what_makes_text_mean_more_is_refused,
        duplicate_keys_are_refused,
        keys_are_scalars,
        one_document_a_file,
        only_text_in_utf8,
        mistakes_of_syntax_have_their_place,
        depth_is_bounded,
        nodes_are_bounded,
        bytes_are_bounded,
        many_keys_are_no_trap,
        memory_beyond_the_budget_is_an_error,
        errors_name_the_node,
        a_long_file_name_leaves_the_message,
    };

    return suite_run_with("config/yaml", tests, sizeof tests / sizeof tests[0], setup, teardown);
}
