/* Tests of kit/definitions: good label files, and every kind of bad one. */
#include "kit/definitions.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_host.h"
#include "suite.h"

#define S(text) fake_scalar(text)

static const char *const own_keys[] = {"terms", NULL};
static const struct definitions_shape shape = {.option = "definitions",
                                               .scheme = "topic",
                                               .own_keys = own_keys,
                                               .threshold = 0.5};

static int load(struct fake *fake, struct definitions *out, uint32_t *out_mistakes)
{
    struct definitions_check check = {.opening = &fake->opening};
    int r = definitions_load(&check, &shape, out);

    *out_mistakes = check.mistakes;
    return r;
}

/* Loads one file that holds `root` and expects a mistake that says `part`. */
static void expect_mistake(const struct taxon_node *root, const char *part)
{
    struct fake *fake = fake_new();
    struct definitions labels;
    uint32_t mistakes;

    fake_file(fake, "/a/x.yaml", root);
    load(fake, &labels, &mistakes);
    ck_assert_msg(mistakes > 0, "no mistake where one says: %s", part);
    ck_assert_msg(fake_has_mistake(fake, part), "\"%s\" does not say: %s", fake->mistakes[0], part);
}

START_TEST(labels_are_declared_from_the_top_down)
{
    struct fake *fake = fake_new();
    struct definitions labels;
    uint32_t mistakes;

    fake_file(fake, "/a/README.md", NULL);
    fake_file(fake, "/a/ecology.yaml",
              fake_map("id", S("ecology"), "names",
                       fake_map("zh", S("生态"), "en", S("Ecology"), NULL), "definition", S("Air."),
                       "threshold", S("0.25"), "terms", fake_map("air", S("1"), NULL), "crosswalk",
                       fake_map("sdg", fake_list(S("13"), S("14"), NULL), "iptc", S("06"), NULL),
                       "children",
                       fake_list(fake_map("id", S("air"), "threshold", S("1"), NULL),
                                 fake_map("id", S("soil"), "children",
                                          fake_list(fake_map("id", S("deep"), NULL), NULL), NULL),
                                 NULL),
                       NULL));
    fake_file(fake, "/a/sport.yml", fake_map("id", S("sport"), NULL));
    ck_assert_int_eq(load(fake, &labels, &mistakes), 0);
    ck_assert_uint_eq(mistakes, 0);
    ck_assert_uint_eq(labels.count, 5);
    ck_assert_str_eq(labels.items[3].id, "ecology/soil/deep");
    ck_assert_uint_eq(labels.items[3].parent, 2);
    ck_assert_uint_eq(labels.items[3].root, 0);
    ck_assert_uint_eq(labels.items[4].root, 4);
    ck_assert_uint_eq(labels.items[0].child_count, 2);
    ck_assert_uint_eq(labels.items[4].parent, DEFINITIONS_NONE);
    ck_assert(labels.items[0].threshold > 0.2499 && labels.items[0].threshold < 0.2501);
    ck_assert(labels.items[1].threshold == 1);
    ck_assert(labels.items[3].threshold == labels.items[0].threshold); /* from above */
    ck_assert(labels.items[4].threshold == 0.5);                       /* the plugin's */
    ck_assert_str_eq(fake_declared(fake, "ecology/soil/deep")->parent, "ecology/soil");
    ck_assert_str_eq(fake_declared(fake, "ecology")->definition, "Air.");
    ck_assert_str_eq(fake_declared(fake, "ecology")->codes, "sdg:13 sdg:14 iptc:06");
    ck_assert_str_eq(fake_declared(fake, "sport")->codes, "");
}
END_TEST

START_TEST(mistakes_are_told)
{
    expect_mistake(fake_map("id", S("a"), "trems", S("x"), NULL), "unknown key \"trems\"");
    expect_mistake(fake_map("names", fake_map("en", S("A"), NULL), NULL), "needs an id");
    expect_mistake(fake_map("id", S("A b"), NULL), "a-z, 0-9");
    expect_mistake(fake_map("id", S("a/b"), NULL), "a-z, 0-9");
    expect_mistake(fake_map("id", S(""), NULL), "id should be a text");
    expect_mistake(fake_map("id", fake_list(S("a"), NULL), NULL), "id should be a text");
    expect_mistake(fake_map("id", S("a"), "threshold", S("1.01"), NULL), "from 0 to 1");
    expect_mistake(fake_map("id", S("a"), "threshold", S("-0.1"), NULL), "from 0 to 1");
    expect_mistake(fake_map("id", S("a"), "threshold", S("nan"), NULL), "should be a number");
    expect_mistake(fake_map("id", S("a"), "threshold", S("inf"), NULL), "should be a number");
    expect_mistake(fake_map("id", S("a"), "threshold", S("0x1"), NULL), "should be a number");
    expect_mistake(fake_map("id", S("a"), "threshold", S("."), NULL), "should be a number");
    expect_mistake(fake_map("id", S("a"), "threshold", S("0.5.5"), NULL), "should be a number");
    expect_mistake(fake_map("id", S("a"), "threshold", fake_list(NULL), NULL),
                   "should be a number");
    expect_mistake(fake_map("id", S("a"), "names", S("A"), NULL), "names should be a mapping");
    expect_mistake(fake_map("id", S("a"), "names", fake_map("fr", S("A"), NULL), NULL),
                   "unknown key \"fr\"");
    expect_mistake(fake_map("id", S("a"), "children", S("x"), NULL), "sequence of labels");
    expect_mistake(fake_map("id", S("a"), "children", fake_list(S("b"), NULL), NULL),
                   "a label should be a mapping");
    expect_mistake(fake_map("id", S("a"), "crosswalk", S("x"), NULL), "crosswalk");
    expect_mistake(fake_map("id", S("a"), "crosswalk", fake_map("Core", S("x"), NULL), NULL),
                   "a vocabulary's name");
    expect_mistake(fake_map("id", S("a"), "crosswalk",
                            fake_map("core", fake_list(fake_list(NULL), NULL), NULL), NULL),
                   "a code should be a text");
    expect_mistake(fake_list(S("a"), NULL), "a label should be a mapping");
    expect_mistake(S("just text"), "a label should be a mapping");
    expect_mistake(
        fake_map("id", S("a"), "children",
                 fake_list(fake_map("id", S("b"), NULL), fake_map("id", S("b"), NULL), NULL), NULL),
        "defined twice");
}
END_TEST

START_TEST(all_mistakes_are_told_not_just_the_first)
{
    struct fake *fake = fake_new();
    struct definitions labels;
    uint32_t mistakes;

    fake_file(fake, "/a/1.yaml", NULL); /* told by the host, but counted */
    fake_file(fake, "/a/2.yaml", fake_map("id", S("a"), "x", S("1"), "y", S("1"), NULL));
    fake_file(fake, "/a/3.yaml", fake_map("id", S("B"), NULL));
    fake_file(fake, "/a/4.yaml", fake_map("id", S("good"), NULL));
    ck_assert_int_eq(load(fake, &labels, &mistakes), 0);
    ck_assert_uint_eq(mistakes, 4);
    ck_assert_uint_eq(labels.count, 1);
}
END_TEST

START_TEST(a_control_character_does_not_reach_the_message)
{
    struct fake *fake = fake_new();
    struct definitions labels;
    uint32_t mistakes;

    fake_file(fake, "/a/1.yaml", fake_map("id", S("a"), "x\ny\x1B[2J", S("1"), NULL));
    load(fake, &labels, &mistakes);
    ck_assert_uint_eq(mistakes, 1);
    ck_assert_ptr_null(strpbrk(fake->mistakes[0], "\n\x1B"));
}
END_TEST

START_TEST(no_files_are_a_mistake)
{
    struct fake *fake = fake_new();
    struct definitions labels;
    uint32_t mistakes;

    ck_assert_int_eq(load(fake, &labels, &mistakes), -EINVAL);
    ck_assert_uint_eq(mistakes, 1);
    ck_assert_uint_eq(labels.count, 0);
    fake_file(fake, "/a/notes.txt", NULL);
    ck_assert_int_eq(load(fake, &labels, &mistakes), -EINVAL);
}
END_TEST

START_TEST(too_deep_and_too_long)
{
    const struct taxon_node *node = fake_map("id", S("x"), NULL);
    static char id[DEFINITIONS_ID_MAX + 1];

    for (int i = 0; i < 30; i++)
        node = fake_map("id", S("x"), "children", fake_list(node, NULL), NULL);
    expect_mistake(node, "levels deep");
    memset(id, 'a', sizeof(id) - 1);
    expect_mistake(fake_map("id", S(id), NULL), "longer than");
    id[sizeof(id) - 2] = '\0';
    expect_mistake(fake_map("id", S(id), "children", fake_list(fake_map("id", S("b"), NULL), NULL),
                            NULL),
                   "whole id");
}
END_TEST

/* A host that is broken or younger than us: kinds that nobody knows, counts without arrays. */
START_TEST(malformed_nodes_do_no_harm)
{
    static const struct taxon_node nothing;
    static const struct taxon_node kind = {.kind = 77, .count = 3};
    static const struct taxon_node no_items = {.kind = TAXON_NODE_MAPPING, .count = 5};
    static const struct taxon_node no_elements = {.kind = TAXON_NODE_SEQUENCE, .count = 5};
    static const struct taxon_node no_text = {.kind = TAXON_NODE_SCALAR};
    static const struct taxon_node *const holes[] = {NULL, NULL};
    static const struct taxon_node hollow = {.kind = TAXON_NODE_MAPPING,
                                             .count = 2,
                                             .keys = holes,
                                             .items = holes};
    const struct taxon_node *bad[] = {&nothing, &kind, &no_items, &no_elements, &no_text, &hollow};

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct fake *fake = fake_new();
        struct definitions labels;
        uint32_t mistakes;

        fake_file(fake, "/a/1.yaml", bad[i]);
        fake_file(fake, "/a/2.yaml", fake_map("id", bad[i], NULL));
        fake_file(fake, "/a/3.yaml", fake_map("id", S("c"), "names", bad[i], NULL));
        fake_file(fake, "/a/4.yaml", fake_map("id", S("d"), "children", bad[i], NULL));
        fake_file(fake, "/a/5.yaml",
                  fake_map("id", S("e"), "children", fake_list(bad[i], NULL), NULL));
        fake_file(fake, "/a/6.yaml", fake_map("id", S("f"), "threshold", bad[i], NULL));
        fake_file(fake, "/a/7.yaml", fake_map("id", S("g"), "crosswalk", bad[i], NULL));
        load(fake, &labels, &mistakes);
        ck_assert_uint_ge(mistakes, 5);
        ck_assert_ptr_null(definitions_get(bad[i], "id"));
        ck_assert_ptr_null(definitions_item(bad[i], 0));
        ck_assert_ptr_null(definitions_key(bad[i], 0));
    }
    ck_assert_ptr_null(definitions_get(NULL, "id"));
}
END_TEST

START_TEST(no_memory_is_no_crash)
{
    for (uint32_t keeps = 0; keeps < 4; keeps++) {
        struct fake *fake = fake_new();
        struct definitions labels;
        uint32_t mistakes;
        int r;

        fake_file(fake, "/a/1.yaml", fake_map("id", S("a"), NULL));
        fake->keeps_left = keeps;
        r = load(fake, &labels, &mistakes);
        ck_assert(keeps < 3 ? r == -ENOMEM || mistakes > 0 : r == 0 && mistakes == 0);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        labels_are_declared_from_the_top_down,
        mistakes_are_told,
        all_mistakes_are_told_not_just_the_first,
        a_control_character_does_not_reach_the_message,
        no_files_are_a_mistake,
        too_deep_and_too_long,
        malformed_nodes_do_no_harm,
        no_memory_is_no_crash,
    };

    return SUITE_RUN("kit/definitions", tests);
}
