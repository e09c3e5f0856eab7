/* Tests of config/options: values as written, defaults, and each refusal with its words. */
#include "config/options.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "../base/suite.h"
#include "config/yaml.h"

#define ROW .struct_size = sizeof(struct taxon_option), .help = "Help."

static const char *const colours[] = {"red", "green", "light-blue", NULL};

static const struct taxon_option rows[] = {
    {ROW, .name = "flag", .type = TAXON_OPTION_BOOL, .fallback = "no"},
    {ROW, .name = "count", .type = TAXON_OPTION_INT, .fallback = "3", .min = -5, .max = 100},
    {ROW, .name = "share", .type = TAXON_OPTION_REAL, .fallback = "0.25", .min = 0, .max = 1},
    {ROW, .name = "title", .type = TAXON_OPTION_STRING, .fallback = "\"a b\""},
    {ROW, .name = "wait", .type = TAXON_OPTION_DURATION, .fallback = "2s", .min = 10,
     .max = 3600000},
    {ROW, .name = "size", .type = TAXON_OPTION_BYTES, .fallback = "16M", .min = 1024, .max = 1e11},
    {ROW, .name = "folder", .type = TAXON_OPTION_PATH, .fallback = "topics"},
    {ROW, .name = "color", .type = TAXON_OPTION_CHOICE, .choices = colours, .fallback = "green"},
    {ROW, .name = "numbers", .type = TAXON_OPTION_LIST, .element = TAXON_OPTION_INT,
     .fallback = "[1, 2]", .min = 1, .max = INFINITY},
    {ROW, .name = "places", .type = TAXON_OPTION_MAP, .element = TAXON_OPTION_PATH},
    {ROW, .name = "unset", .type = TAXON_OPTION_STRING},
    {ROW, .name = "colors", .type = TAXON_OPTION_LIST, .element = TAXON_OPTION_CHOICE,
     .choices = colours},
};
static const struct option_table table = {rows, sizeof rows / sizeof rows[0], sizeof rows[0]};

static const struct taxon_option must_rows[] = {
    {ROW, .name = "path", .type = TAXON_OPTION_PATH, .required = 1, .fallback = "ignored"},
};
static const struct option_table must_table = {must_rows, 1, sizeof must_rows[0]};

static struct arena arena;
static struct err err;
static struct option_values values;

static void setup(void)
{
    arena_init(&arena, 0);
    err.text[0] = '\0';
    ck_assert_int_eq(options_check_table(&table, "test", &err), 0);
}

static void teardown(void)
{
    arena_release(&arena);
}

static const struct taxon_node *tree(const char *text)
{
    const struct taxon_node *root = NULL;

    ck_assert_msg(yaml_parse(&arena, "a.yaml", text, strlen(text), &root, &err) == 0, "%s",
                  err.text);
    return root;
}

static void parse(const char *text)
{
    ck_assert_msg(options_parse(&arena, &table, tree(text), "/base/dir", &values, &err) == 0,
                  "%s: %s", text, err.text);
}

static void refuses(const char *text, const char *message)
{
    struct option_values untouched = {NULL, NULL, NULL};

    ck_assert_int_eq(options_parse(&arena, &table, tree(text), "/base/dir", &untouched, &err),
                     -EINVAL);
    ck_assert_str_eq(err.text, message);
    ck_assert_ptr_null(untouched.table);
}

static const struct taxon_value *get(const char *name)
{
    return option_get(&values, name);
}

static void check_defaults(void)
{
    ck_assert_uint_eq(get("flag")->type, TAXON_OPTION_BOOL);
    ck_assert_uint_eq(get("flag")->struct_size, sizeof(struct taxon_value));
    ck_assert_int_eq(get("flag")->integer, 0);
    ck_assert_int_eq(get("count")->integer, 3);
    ck_assert_double_eq(get("count")->real, 3);
    ck_assert_double_eq(get("share")->real, 0.25);
    ck_assert_str_eq(get("title")->text, "a b");
    ck_assert_uint_eq(get("title")->text_len, 3);
    ck_assert_int_eq(get("wait")->integer, 2000);
    ck_assert_int_eq(get("size")->integer, 16 << 20);
    ck_assert_str_eq(get("folder")->text, "/base/dir/topics");
    ck_assert_str_eq(get("color")->text, "green");
    ck_assert_int_eq(get("color")->integer, 1);
    ck_assert_uint_eq(get("numbers")->count, 2);
    ck_assert_int_eq(get("numbers")->items[1]->integer, 2);
    ck_assert_uint_eq(get("unset")->type, 0);
    ck_assert_ptr_null(get("unset")->text);
    ck_assert_uint_eq(get("places")->type, 0);
    ck_assert_uint_eq(get("places")->count, 0);
    for (size_t i = 0; i < table.count; i++)
        ck_assert_ptr_null(values.nodes[i]);
}

START_TEST(defaults_stand_for_what_is_not_written)
{
    ck_assert_int_eq(options_parse(&arena, &table, NULL, "/base/dir", &values, &err), 0);
    check_defaults();
    parse("{}");
    check_defaults();
    const struct taxon_node *section = yaml_get(tree("section:\n"), "section");
    ck_assert_int_eq(options_parse(&arena, &table, section, "/base/dir", &values, &err), 0);
    check_defaults();
}
END_TEST

START_TEST(values_as_written)
{
    parse("flag: On\ncount: -5\nshare: 1\ntitle: 新闻\nwait: 10ms\nsize: 1K\nfolder: /x/y/\n"
          "color: light-blue\nnumbers: [7]\nplaces: {a: b, c: ../d}\ncolors: [green, red]\n");
    ck_assert_int_eq(get("flag")->integer, 1);
    ck_assert_int_eq(get("count")->integer, -5);
    ck_assert_double_eq(get("count")->real, -5);
    ck_assert_double_eq(get("share")->real, 1);
    ck_assert_str_eq(get("title")->text, "新闻");
    ck_assert_int_eq(get("wait")->integer, 10);
    ck_assert_int_eq(get("size")->integer, 1024);
    ck_assert_str_eq(get("folder")->text, "/x/y");
    ck_assert_int_eq(get("color")->integer, 2);
    ck_assert_uint_eq(get("numbers")->count, 1);
    ck_assert_int_eq(get("numbers")->items[0]->integer, 7);
    ck_assert_uint_eq(get("places")->count, 2);
    ck_assert_str_eq(get("places")->keys[0], "a");
    ck_assert_str_eq(get("places")->items[0]->text, "/base/dir/b");
    ck_assert_str_eq(get("places")->items[1]->text, "/base/d");
    ck_assert_str_eq(get("colors")->items[0]->text, "green");
    ck_assert_uint_eq(values.nodes[1]->line, 2);
    ck_assert_uint_eq(values.nodes[1]->column, 8);
    ck_assert_ptr_null(values.nodes[10]);
}
END_TEST

START_TEST(durations)
{
    static const struct {
        const char *text;
        int64_t ms;
    } good[] = {{"wait: 250ms", 250},  {"wait: 2s", 2000},   {"wait: 5m", 300000},
                {"wait: 1h", 3600000}, {"wait: 0010ms", 10}, {"wait: '10ms'", 10}};
    static const char *const bad[] = {"5",
                                      "1.5s",
                                      "-1s",
                                      "2 s",
                                      "2S",
                                      "s",
                                      "1w",
                                      "1h30m",
                                      "0x1s",
                                      "9223372036854775807d",
                                      "92233720368547758080ms",
                                      "+1s",
                                      "1sec",
                                      "２s"};

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        parse(good[i].text);
        ck_assert_int_eq(get("wait")->integer, good[i].ms);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char text[128];
        char message[256];
        snprintf(text, sizeof text, "wait: '%s'", bad[i]);
        snprintf(message, sizeof message,
                 "a.yaml:1:7: 'wait' must be a duration such as 250ms, 2s, 5m, 1h or 7d, not '%s'",
                 bad[i]);
        refuses(text, message);
    }
    refuses("wait: 7d", "a.yaml:1:7: 'wait' is 7d, but must be between 10ms and 1h");
    refuses("wait: 9ms", "a.yaml:1:7: 'wait' is 9ms, but must be between 10ms and 1h");
    refuses("wait: 0", "a.yaml:1:7: 'wait' is 0, but must be between 10ms and 1h");
}
END_TEST

START_TEST(sizes)
{
    static const char *const bad[] = {"",   "K",           "64k",  "64KB", "1.5M", "-1",
                                      "1T", "8589934592G", "64 K", "0x40", "1e3"};

    parse("size: 1024");
    ck_assert_int_eq(get("size")->integer, 1024);
    parse("size: 64K");
    ck_assert_int_eq(get("size")->integer, 65536);
    parse("size: 2G");
    ck_assert_int_eq(get("size")->integer, INT64_C(2) << 30);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char text[128];
        char message[256];
        snprintf(text, sizeof text, "size: '%s'", bad[i]);
        snprintf(message, sizeof message,
                 "a.yaml:1:7: 'size' must be a size such as 512, 64K, 16M or 2G, not '%s'", bad[i]);
        refuses(text, message);
    }
    refuses("size: 1023", "a.yaml:1:7: 'size' is 1023, but must be between 1K and 97656250K");
}
END_TEST

START_TEST(whole_numbers)
{
    static const char *const bad[] = {"x",    "1.0",   "1e2",
                                      "0x10", "+1",    "--1",
                                      "- 1",  "1_000", "9223372036854775808",
                                      "１"};

    parse("count: 007");
    ck_assert_int_eq(get("count")->integer, 7);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char text[128];
        char message[256];
        snprintf(text, sizeof text, "count: '%s'", bad[i]);
        snprintf(message, sizeof message,
                 "a.yaml:1:8: 'count' must be a whole number such as 12, not '%s'", bad[i]);
        refuses(text, message);
    }
    refuses("count: 101", "a.yaml:1:8: 'count' is 101, but must be between -5 and 100");
    refuses("count: -6", "a.yaml:1:8: 'count' is -6, but must be between -5 and 100");
    refuses("numbers: [1, 0]", "a.yaml:1:14: entry 2 of 'numbers' is 0, but must be at least 1");
}
END_TEST

START_TEST(real_numbers)
{
    static const char *const bad[] = {"x",     "",    "nan", "inf",   "0x1p3",
                                      "1e999", "1,5", ".",   "1.2.3", "e"};

    parse("share: 5e-1");
    ck_assert_double_eq(get("share")->real, 0.5);
    parse("share: .5");
    ck_assert_double_eq(get("share")->real, 0.5);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char text[128];
        char message[256];
        snprintf(text, sizeof text, "share: '%s'", bad[i]);
        snprintf(message, sizeof message,
                 "a.yaml:1:8: 'share' must be a number such as 0.5, not '%s'", bad[i]);
        refuses(text, message);
    }
    refuses("share: 1.01", "a.yaml:1:8: 'share' is 1.01, but must be between 0 and 1");
    refuses("share: -0.1", "a.yaml:1:8: 'share' is -0.1, but must be between 0 and 1");
}
END_TEST

START_TEST(truths)
{
    static const char *const words[] = {"false", "true", "no", "yes", "off", "on", "False", "TRUE"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        char text[32];
        snprintf(text, sizeof text, "flag: %s", words[i]);
        parse(text);
        ck_assert_int_eq(get("flag")->integer, (int64_t)(i % 2));
    }
    refuses("flag: 1", "a.yaml:1:7: 'flag' must be true or false, not '1'");
    refuses("flag: y", "a.yaml:1:7: 'flag' must be true or false, not 'y'");
}
END_TEST

START_TEST(paths_start_at_the_base)
{
    static const struct {
        const char *written;
        const char *path;
    } paths[] = {
        {"a", "/base/dir/a"},
        {"./a", "/base/dir/a"},
        {"../a", "/base/a"},
        {"../../a", "/a"},
        {"../../../a", "/../a"},
        {".", "/base/dir"},
        {"..", "/base"},
        {"../..", "/"},
        {"./.././a/", "/base/a"},
        {".a", "/base/dir/.a"},
        {"..a", "/base/dir/..a"},
        {".../a", "/base/dir/.../a"},
        {"a/../b", "/base/dir/a/../b"},
        {"/", "/"},
        {"//x//", "/x"},
        {"/a/../b", "/a/../b"},
        {"中 文", "/base/dir/中 文"},
        {"../", "/base"},
    };

    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        char text[128];
        snprintf(text, sizeof text, "folder: %s", paths[i].written);
        parse(text);
        ck_assert_str_eq(get("folder")->text, paths[i].path);
        ck_assert_uint_eq(get("folder")->text_len, strlen(paths[i].path));
    }
    ck_assert_int_eq(options_parse(&arena, &table, tree("folder: ./a"), "/", &values, &err), 0);
    ck_assert_str_eq(get("folder")->text, "/a");
    ck_assert_int_eq(options_parse(&arena, &table, tree("folder: ."), "/", &values, &err), 0);
    ck_assert_str_eq(get("folder")->text, "/");
    refuses("folder: ''", "a.yaml:1:9: 'folder' must be a path, not ''");

    char text[PATH_MAX + 64] = "folder: /";
    memset(text + strlen(text), 'a', PATH_MAX);
    refuses(text, "a.yaml:1:9: 'folder' is longer than a path may be (4095 bytes)");
}
END_TEST

START_TEST(wrong_kinds_and_nothing)
{
    refuses("count: [1]", "a.yaml:1:8: 'count' must be a whole number such as 12, not a list");
    refuses("flag: {a: b}", "a.yaml:1:7: 'flag' must be true or false, not a mapping");
    refuses("title: []", "a.yaml:1:8: 'title' must be a text, not a list");
    refuses("numbers: 1", "a.yaml:1:10: 'numbers' must be a list such as [one, two], not '1'");
    refuses("numbers: {a: 1}", "a.yaml:1:10: 'numbers' must be a list such as [one, two], not a "
                               "mapping");
    refuses("places: [a]", "a.yaml:1:9: 'places' must be a mapping such as {name: value}, not a "
                           "list");
    refuses("numbers: [[1]]", "a.yaml:1:11: entry 1 of 'numbers' must be a whole number such as "
                              "12, not a list");
    refuses("places: {a: {b: c}}", "a.yaml:1:13: 'places.a' must be a path, not a mapping");
    refuses("places: {a: }", "a.yaml:1:13: 'places.a' has no value; it must be a path");
    refuses("title:\ncount: 1", "a.yaml:1:7: 'title' has no value; it must be a text");
    refuses("title: ~", "a.yaml:1:8: 'title' has no value; it must be a text");
    refuses("color:", "a.yaml:1:7: 'color' has no value; it must be one of its choices");
    refuses("wait: null", "a.yaml:1:7: 'wait' has no value; it must be a duration such as 250ms, "
                          "2s, 5m, 1h or 7d");
    refuses("[a]", "a.yaml:1:1: keys and values are expected here, not a list");
    refuses("a", "a.yaml:1:1: keys and values are expected here, not a text");
    parse("numbers:\nplaces:\ntitle: ''\n");
    ck_assert_uint_eq(get("numbers")->type, TAXON_OPTION_LIST);
    ck_assert_uint_eq(get("numbers")->count, 0);
    ck_assert_uint_eq(get("places")->type, TAXON_OPTION_MAP);
    ck_assert_str_eq(get("title")->text, "");
    parse("title: '~'");
    ck_assert_str_eq(get("title")->text, "~");
}
END_TEST

START_TEST(unknown_names_and_the_nearest)
{
    refuses("flag: on\ncolour: red", "a.yaml:2:1: unknown key 'colour'; did you mean 'color'?");
    refuses("  wiat: 2s", "a.yaml:1:3: unknown key 'wiat'; did you mean 'wait'?");
    refuses("color: gren", "a.yaml:1:8: 'color' cannot be 'gren'; did you mean 'green'?");
    refuses("color: Red", "a.yaml:1:8: 'color' cannot be 'Red'; did you mean 'red'?");
    refuses("color: mauve", "a.yaml:1:8: 'color' cannot be 'mauve'; known: red, green, "
                            "light-blue");
    refuses("colors: [red, mauve]", "a.yaml:1:15: entry 2 of 'colors' cannot be 'mauve'; "
                                    "known: red, green, light-blue");
    refuses("something-else: 1", "a.yaml:1:1: unknown key 'something-else'; known: flag, count, "
                                 "share, title, wait, size, folder, color, numbers, places, unset, "
                                 "colors");
}
END_TEST

START_TEST(required_options)
{
    ck_assert_int_eq(options_parse(&arena, &must_table, tree("\n\n  {}"), "/", &values, &err),
                     -EINVAL);
    ck_assert_str_eq(err.text, "a.yaml:3:3: key 'path' is missing; it must be given");
    ck_assert_int_eq(options_parse(&arena, &must_table, NULL, "/", &values, &err), -EINVAL);
    ck_assert_str_eq(err.text, "key 'path' is missing; it must be given");
    ck_assert_int_eq(options_parse(&arena, &must_table, tree("path: x"), "/", &values, &err), 0);
    ck_assert_str_eq(get("path")->text, "/x");
}
END_TEST

START_TEST(keys_beside_the_table)
{
    static const char *const others[] = {"when", "options"};
    const struct taxon_node *node = tree("{path: x, when: {a: b}}");

    ck_assert_int_eq(options_parse_beside(&arena, &must_table, others, 2, node, "/", &values, &err),
                     0);
    ck_assert_str_eq(get("path")->text, "/x");
    node = tree("{path: x, optoins: {}}");
    ck_assert_int_eq(options_parse_beside(&arena, &must_table, others, 2, node, "/", &values, &err),
                     -EINVAL);
    ck_assert_str_eq(err.text, "a.yaml:1:11: unknown key 'optoins'; did you mean 'options'?");
    ck_assert_int_eq(options_parse(&arena, &must_table, node, "/", &values, &err), -EINVAL);
    ck_assert_str_eq(err.text, "a.yaml:1:11: unknown key 'optoins'; known: path");
}
END_TEST

START_TEST(finding_values)
{
    parse("{}");
    ck_assert_ptr_nonnull(option_find(&values, "wait"));
    ck_assert_ptr_null(option_find(&values, "wai"));
    ck_assert_ptr_null(option_find(&values, ""));
}
END_TEST

START_TEST(a_key_of_its_own_asserts)
{
    parse("{}");
    option_get(&values, "missing");
}
END_TEST

START_TEST(nearest_names)
{
    static const char *const names[] = {"settle", "scan_every", "recursive", "ignore",
                                        "a",      "经济",       "\xFF\xFE"};
    const size_t count = sizeof names / sizeof names[0];
    char name[1000];

    ck_assert_str_eq(options_nearest("setle", names, count), "settle");
    ck_assert_str_eq(options_nearest("settel", names, count), "settle");
    ck_assert_str_eq(options_nearest("settle", names, count), "settle");
    ck_assert_str_eq(options_nearest("scan-evry", names, count), "scan_every");
    ck_assert_str_eq(options_nearest("\xFF\xFD", names, count), "\xFF\xFE");
    ck_assert_str_eq(options_nearest("经际", names, count), "经济");
    ck_assert_str_eq(options_nearest("b", names, count), "a");
    ck_assert_str_eq(options_nearest("", names, count), "a");
    ck_assert_ptr_null(options_nearest("sxxxle", names, count));
    ck_assert_ptr_null(options_nearest("set", names, count));
    ck_assert_ptr_null(options_nearest("settle", NULL, 0));
    memset(name, 'a', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    ck_assert_ptr_null(options_nearest(name, names, count));
    const char *const long_names[] = {name, "aaaaaaaa"};
    ck_assert_str_eq(options_nearest("aaaaaaab", long_names, 2), "aaaaaaaa");
    /* The nearer one wins, wherever it stands; the first of two that are equally near. */
    static const char *const near[] = {"spans_max", "spans", "spanx"};
    ck_assert_str_eq(options_nearest("spanz", near, 3), "spans");
    ck_assert_str_eq(options_nearest("span_max", near, 3), "spans_max");
}
END_TEST

START_TEST(markdown_says_it_all)
{
    static const char *const choices[] = {"a|b", "c", NULL};
    static const struct taxon_option few[] = {
        {.struct_size = sizeof few[0],
         .name = "wait",
         .type = TAXON_OPTION_DURATION,
         .fallback = "2s",
         .min = 0,
         .max = 60000,
         .help = "How long."},
        {.struct_size = sizeof few[0],
         .name = "path",
         .type = TAXON_OPTION_PATH,
         .required = 1,
         .help = "Where |\nto."},
        {.struct_size = sizeof few[0],
         .name = "kind",
         .type = TAXON_OPTION_CHOICE,
         .choices = choices,
         .fallback = "c",
         .help = "Which."},
        {.struct_size = sizeof few[0],
         .name = "sizes",
         .type = TAXON_OPTION_LIST,
         .element = TAXON_OPTION_BYTES,
         .min = 1,
         .max = 1 << 20,
         .help = "Them."},
        {.struct_size = sizeof few[0],
         .name = "name",
         .type = TAXON_OPTION_STRING,
         .fallback = "",
         .help = "What."},
    };
    static const struct option_table few_table = {few, 5, sizeof few[0]};
    struct strbuf text = STRBUF_INIT;

    ck_assert_msg(options_check_table(&few_table, "test", &err) == 0, "%s", err.text);
    options_print_markdown(&few_table, &text);
    ck_assert_str_eq(text.data, "| option | type | default | range | meaning |\n"
                                "| --- | --- | --- | --- | --- |\n"
                                "| `wait` | duration | `2s` | between 0 and 1m | How long. |\n"
                                "| `path` | path | must be given |  | Where \\| to. |\n"
                                "| `kind` | choice | `c` | `a\\|b`, `c` | Which. |\n"
                                "| `sizes` | list of size | none | between 1 and 1M | Them. |\n"
                                "| `name` | text | `\"\"` |  | What. |\n");
    strbuf_release(&text);
}
END_TEST

START_TEST(memory_beyond_the_budget_is_an_error)
{
    const struct taxon_node *node = tree("{title: x, folder: y, numbers: [1, 2], places: {a: b}}");
    bool parsed = false;

    for (size_t budget = 16; !parsed && budget < 65536; budget += 16) {
        struct arena small;
        arena_init(&small, budget);
        int code = options_parse(&small, &table, node, "/base", &values, &err);
        parsed = code == 0;
        ck_assert(parsed || code == -ENOMEM);
        arena_release(&small);
    }
    ck_assert(parsed);
}
END_TEST

static int run_assertion(void)
{
    Suite *suite = suite_create("config/options: asserts");
    TCase *tcase = tcase_create("asserts");
    SRunner *runner;

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test_raise_signal(tcase, a_key_of_its_own_asserts, SIGABRT);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed;
}

int main(void)
{
    const TTest *const tests[] = {
        defaults_stand_for_what_is_not_written,
        values_as_written,
        durations,
        sizes,
        whole_numbers,
        real_numbers,
        truths,
        paths_start_at_the_base,
        wrong_kinds_and_nothing,
        unknown_names_and_the_nearest,
        required_options,
        keys_beside_the_table,
        finding_values,
        nearest_names,
        markdown_says_it_all,
        memory_beyond_the_budget_is_an_error,
    };
    int failed =
        suite_run_with("config/options", tests, sizeof tests / sizeof tests[0], setup, teardown);

    return failed != 0 || run_assertion() != 0;
}
