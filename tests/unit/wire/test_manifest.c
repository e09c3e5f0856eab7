/* Tests of wire/manifest: there and back, looked up, compared; and what a worker may not claim. */
#include "wire/manifest.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <taxon/types.h>

#include "../base/suite.h"
#include "sample.h"

static struct arena arena;
static struct strbuf packed;
static struct manifest *sample;

static void setup(void)
{
    arena_init(&arena, 0);
    strbuf_init(&packed);
    sample = sample_manifest(&arena);
}

static void teardown(void)
{
    strbuf_release(&packed);
    arena_release(&arena);
}

/* What manifest_unpack says to the sample as it is now. */
static int there_and_back(struct manifest **out_manifest)
{
    strbuf_clear(&packed);
    manifest_pack(&packed, sample);
    ck_assert(!packed.failed);
    return manifest_unpack(&arena, packed.data, packed.len, out_manifest);
}

START_TEST(everything_comes_back)
{
    struct manifest *back;
    struct strbuf again = STRBUF_INIT;
    const char *why = NULL;

    ck_assert_int_eq(there_and_back(&back), 0);
    ck_assert(manifest_same(sample, back, &why));
    ck_assert_ptr_null(why);
    ck_assert_str_eq(back->sandbox, sample->sandbox);
    ck_assert_uint_eq(back->plugin_count, SAMPLE_PLUGINS);
    ck_assert_str_eq(back->plugins[SAMPLE_TOPICS].resources[1].path,
                     "/etc/taxond/topics/not-utf8-\xff.yaml");
    ck_assert_uint_eq(back->plugins[SAMPLE_TOPICS].resources[1].size, UINT64_C(1) << 40);
    ck_assert_str_eq(back->plugins[SAMPLE_GENRE].labels[1].name_zh, "会议新闻");
    ck_assert_str_eq(back->plugins[SAMPLE_GENRE].labels[0].codes[2].code, "NA");
    ck_assert_str_eq(back->plugins[SAMPLE_READER].media_types[1], "text/*");
    ck_assert_uint_eq(back->plugins[SAMPLE_TOPICS].option_count, 3);
    ck_assert_str_eq(back->plugins[SAMPLE_TOPICS].options[1].value, "2s");
    ck_assert_uint_eq(back->plugins[SAMPLE_TOPICS].options[0].line, 12);
    manifest_pack(&again, back);
    ck_assert_uint_eq(again.len, packed.len);
    ck_assert_mem_eq(again.data, packed.data, packed.len);
    strbuf_release(&again);
}
END_TEST

START_TEST(no_plugins_is_a_manifest_too)
{
    struct manifest *back;

    sample->plugin_count = 0;
    ck_assert_int_eq(there_and_back(&back), 0);
    ck_assert_ptr_null(manifest_find(back, "genre", "news", NULL));
    ck_assert(!manifest_has_scheme(back, "genre"));
}
END_TEST

START_TEST(labels_are_found_where_they_are)
{
    struct manifest *back;
    size_t plugin = 99;

    ck_assert_int_eq(there_and_back(&back), 0);
    for (size_t i = 0; i < back->plugin_count; i++)
        for (size_t j = 0; j < back->plugins[i].label_count; j++) {
            const struct manifest_label *label = &back->plugins[i].labels[j];
            ck_assert_ptr_eq(manifest_find(back, label->scheme, label->id, &plugin), label);
            ck_assert_uint_eq(plugin, i);
        }
    plugin = 99;
    ck_assert_ptr_null(manifest_find(back, "genre", "ecology", &plugin));
    ck_assert_ptr_null(manifest_find(back, "genre", "", &plugin));
    ck_assert_ptr_null(manifest_find(back, "genre", "zzz", &plugin));
    ck_assert_ptr_null(manifest_find(back, "register", "news", &plugin));
    ck_assert_ptr_null(manifest_find(back, "nothing", "news", &plugin));
    ck_assert_uint_eq(plugin, 99);
    ck_assert(manifest_has_scheme(back, "register"));
    ck_assert(!manifest_has_scheme(back, "regist"));
}
END_TEST

START_TEST(sorting_makes_it_acceptable)
{
    struct manifest_plugin *plugin = &sample->plugins[SAMPLE_GENRE];
    struct manifest *back;
    struct manifest_label first = plugin->labels[0];

    plugin->labels[0] = plugin->labels[3];
    plugin->labels[3] = first;
    ck_assert_int_eq(there_and_back(&back), -EPROTO);
    manifest_sort_labels(plugin);
    ck_assert_int_eq(there_and_back(&back), 0);
    manifest_sort_labels(&sample->plugins[SAMPLE_READER]); /* none at all */
}
END_TEST

START_TEST(many_labels)
{
    enum { COUNT = MANIFEST_LABELS_MAX + 1 };
    struct manifest_plugin *plugin = &sample->plugins[SAMPLE_TOPICS];
    struct manifest *back;
    static char ids[COUNT][8];
    size_t index;

    plugin->labels = arena_alloc(&arena, COUNT * sizeof *plugin->labels);
    for (size_t i = 0; i < COUNT; i++) {
        snprintf(ids[i], sizeof ids[i], "%06zu", i);
        plugin->labels[i] = (struct manifest_label){"topic", ids[i], "", "", "", 0.5, "", NULL, 0};
    }
    plugin->label_count = COUNT - 1;
    ck_assert_int_eq(there_and_back(&back), 0);
    for (size_t i = 0; i < COUNT - 1; i += 997)
        ck_assert_str_eq(manifest_find(back, "topic", ids[i], &index)->id, ids[i]);
    ck_assert_ptr_null(manifest_find(back, "topic", ids[COUNT - 1], &index));
    plugin->label_count = COUNT;
    ck_assert_int_eq(there_and_back(&back), -EPROTO);
}
END_TEST

/* Each makes one thing wrong, in a fresh sample. */
static void plugin_twice(void)
{
    sample->plugins[1].name = sample->plugins[0].name;
}
static void index_twice(void)
{
    sample->plugins[1].index = sample->plugins[0].index;
}
static void name_malformed(void)
{
    sample->plugins[0].name = "Text";
}
static void name_empty(void)
{
    sample->plugins[0].own_name = "";
}
static void version_forges_a_line(void)
{
    sample->plugins[0].version = "1\nERROR";
}
static void kind_unknown(void)
{
    sample->plugins[0].kind = 3;
}
static void scheme_of_another(void)
{
    sample->plugins[SAMPLE_TOPICS].schemes[0] = "genre";
    sample->plugins[SAMPLE_TOPICS].label_count = 0;
}
static void scheme_twice(void)
{
    sample->plugins[SAMPLE_GENRE].schemes[1] = "genre";
    sample->plugins[SAMPLE_GENRE].label_count = 3;
}
static void scheme_malformed(void)
{
    sample->plugins[SAMPLE_TOPICS].schemes[0] = "to/pic";
    sample->plugins[SAMPLE_TOPICS].label_count = 0;
}
static void label_in_a_foreign_scheme(void)
{
    sample->plugins[SAMPLE_TOPICS].labels[0].scheme = "genre";
}
static void label_twice(void)
{
    sample->plugins[SAMPLE_TOPICS].labels[1] = sample->plugins[SAMPLE_TOPICS].labels[0];
}
static void labels_unsorted(void)
{
    sample->plugins[SAMPLE_TOPICS].labels[0].id = "zoology";
    sample->plugins[SAMPLE_TOPICS].labels[1].parent = "";
}
static void label_climbs(void)
{
    sample->plugins[SAMPLE_TOPICS].labels[1].id = "ecology/../air";
}
static void label_name_has_controls(void)
{
    sample->plugins[SAMPLE_TOPICS].labels[1].name_zh = "\x1b[2J";
}
static void label_name_is_no_utf8(void)
{
    sample->plugins[SAMPLE_TOPICS].labels[1].name_en = "\xff";
}
static void parent_not_declared(void)
{
    sample->plugins[SAMPLE_TOPICS].labels[1].parent = "economy";
}
static void parent_in_another_scheme(void)
{
    sample->plugins[SAMPLE_GENRE].labels[3].parent = "news";
}
static void parent_is_itself(void)
{
    sample->plugins[SAMPLE_TOPICS].labels[1].parent = "ecology/air";
}
static void parents_go_round(void)
{
    sample->plugins[SAMPLE_TOPICS].labels[0].parent = "ecology/air";
}
static void threshold_nan(void)
{
    sample->plugins[SAMPLE_TOPICS].labels[0].threshold = NAN;
}
static void threshold_beyond(void)
{
    sample->plugins[SAMPLE_TOPICS].labels[0].threshold = nextafter(1, 2);
}
static void definition_has_controls(void)
{
    sample->plugins[SAMPLE_GENRE].labels[0].definition = "two\nlines";
}
static void vocabulary_malformed(void)
{
    sample->plugins[SAMPLE_GENRE].labels[0].codes[1].vocabulary = "Core";
}
static void code_has_controls(void)
{
    sample->plugins[SAMPLE_GENRE].labels[0].codes[0].code = "\x1b[1m";
}
static void value_has_controls(void)
{
    sample->plugins[SAMPLE_TOPICS].options[1].value = "2s\n";
}
static void value_too_long(void)
{
    char *value = arena_alloc(&arena, MANIFEST_VALUE_MAX + 2);

    memset(value, 'x', MANIFEST_VALUE_MAX + 1);
    sample->plugins[SAMPLE_TOPICS].options[1].value = value;
}
static void option_name_malformed(void)
{
    sample->plugins[SAMPLE_TOPICS].options[2].name = "Mo del";
}
static void option_of_no_type(void)
{
    sample->plugins[SAMPLE_TOPICS].options[1].type = TAXON_OPTION_MAP + 1;
}
static void codes_beyond(void)
{
    struct manifest_label *label = &sample->plugins[SAMPLE_GENRE].labels[0];

    label->codes = arena_alloc(&arena, (MANIFEST_CODES_MAX + 1) * sizeof *label->codes);
    for (size_t i = 0; i <= MANIFEST_CODES_MAX; i++)
        label->codes[i] = (struct manifest_code){"core", "NE"};
    label->code_count = MANIFEST_CODES_MAX + 1;
}
static void media_type_malformed(void)
{
    sample->plugins[SAMPLE_READER].media_types[0] = "text plain";
}
static void path_relative(void)
{
    sample->plugins[SAMPLE_TOPICS].resources[0].path = "ecology.yaml";
}
static void option_malformed(void)
{
    sample->plugins[SAMPLE_TOPICS].resources[0].option = "lexi cons";
}
static void sandbox_has_controls(void)
{
    sample->sandbox = "landlock\r7";
}

START_TEST(what_a_worker_may_not_claim)
{
    const struct {
        const char *name;
        void (*change)(void);
    } changes[] = {
#define CHANGE(name) {#name, name}
        CHANGE(plugin_twice),
        CHANGE(index_twice),
        CHANGE(name_malformed),
        CHANGE(name_empty),
        CHANGE(version_forges_a_line),
        CHANGE(kind_unknown),
        CHANGE(scheme_of_another),
        CHANGE(scheme_twice),
        CHANGE(scheme_malformed),
        CHANGE(label_in_a_foreign_scheme),
        CHANGE(label_twice),
        CHANGE(labels_unsorted),
        CHANGE(label_climbs),
        CHANGE(label_name_has_controls),
        CHANGE(label_name_is_no_utf8),
        CHANGE(parent_not_declared),
        CHANGE(parent_in_another_scheme),
        CHANGE(parent_is_itself),
        CHANGE(parents_go_round),
        CHANGE(threshold_nan),
        CHANGE(threshold_beyond),
        CHANGE(definition_has_controls),
        CHANGE(vocabulary_malformed),
        CHANGE(code_has_controls),
        CHANGE(codes_beyond),
        CHANGE(value_has_controls),
        CHANGE(value_too_long),
        CHANGE(option_name_malformed),
        CHANGE(option_of_no_type),
        CHANGE(media_type_malformed),
        CHANGE(path_relative),
        CHANGE(option_malformed),
        CHANGE(sandbox_has_controls),
#undef CHANGE
    };
    struct manifest *back;

    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        sample = sample_manifest(&arena);
        ck_assert_int_eq(there_and_back(&back), 0);
        changes[i].change();
        ck_assert_msg(there_and_back(&back) == -EPROTO, "%s", changes[i].name);
    }
}
END_TEST

START_TEST(parents_may_be_as_deep_as_the_limit)
{
    enum { COUNT = MANIFEST_DEPTH_MAX + 2 };
    struct manifest_plugin *plugin = &sample->plugins[SAMPLE_TOPICS];
    static char ids[COUNT][8];
    struct manifest *back;

    plugin->labels = arena_alloc(&arena, COUNT * sizeof *plugin->labels);
    for (size_t i = 0; i < COUNT; i++) {
        snprintf(ids[i], sizeof ids[i], "%06zu", i);
        plugin->labels[i] =
            (struct manifest_label){"topic", ids[i], "",   "", i == 0 ? "" : ids[i - 1],
                                    0.5,     "",     NULL, 0};
    }
    plugin->label_count = COUNT - 1;
    ck_assert_int_eq(there_and_back(&back), 0);
    plugin->label_count = COUNT;
    ck_assert_int_eq(there_and_back(&back), -EPROTO);
}
END_TEST

/* Each makes one difference that matters; the string is what it should be blamed on. */
static const char *other_digest(void)
{
    sample->plugins[SAMPLE_GENRE].digest.bytes[31] ^= 1;
    return "genre";
}
static const char *other_version(void)
{
    sample->plugins[SAMPLE_GENRE].version = "1.2.4";
    return "genre";
}
static const char *other_threshold(void)
{
    sample->plugins[SAMPLE_GENRE].labels[2].threshold = 0.5;
    return "genre";
}
static const char *other_name(void)
{
    sample->plugins[SAMPLE_GENRE].labels[2].name_en = "Notice";
    return "genre";
}
static const char *other_definition(void)
{
    sample->plugins[SAMPLE_GENRE].labels[2].definition = "What is to be known.";
    return "genre";
}
static const char *other_code(void)
{
    sample->plugins[SAMPLE_GENRE].labels[0].codes[2].code = "NB";
    return "genre";
}
static const char *one_code_less(void)
{
    sample->plugins[SAMPLE_GENRE].labels[0].code_count--;
    return "genre";
}
static const char *one_label_less(void)
{
    sample->plugins[SAMPLE_GENRE].label_count--;
    return "genre";
}
static const char *other_resource(void)
{
    sample->plugins[SAMPLE_TOPICS].resources[0].digest.bytes[0] ^= 1;
    return "/etc/taxond/topics/ecology.yaml";
}
static const char *one_resource_less(void)
{
    sample->plugins[SAMPLE_TOPICS].resource_count--;
    return "/etc/taxond/topics/not-utf8-\xff.yaml";
}
static const char *other_media_type(void)
{
    sample->plugins[SAMPLE_READER].media_types[0] = "text/html";
    return "text";
}
static const char *one_plugin_less(void)
{
    sample->plugin_count--;
    return "the number of plugins";
}

START_TEST(differences_are_seen_and_named)
{
    const char *(*const changes[])(void) = {
        other_digest,   other_version,     other_threshold,  other_name,
        one_label_less, other_definition,  other_code,       one_code_less,
        other_resource, one_resource_less, other_media_type, one_plugin_less,
    };

    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        struct manifest *before = sample_manifest(&arena);
        const char *why = NULL;
        sample = sample_manifest(&arena);
        ck_assert(manifest_same(before, sample, &why));
        const char *expected = changes[i]();
        ck_assert(!manifest_same(before, sample, &why));
        ck_assert_str_eq(why, expected);
        ck_assert(!manifest_same(sample, before, &why));
        ck_assert_str_eq(why, expected);
    }
    struct manifest *before = sample_manifest(&arena);
    const char *why;
    sample = sample_manifest(&arena);
    sample->sandbox = "off";
    ck_assert(manifest_same(before, sample, &why));
}
END_TEST

/* In memory of exactly that size, so that a sanitizer sees a byte read too many. */
static int unpack_exact(const char *data, size_t len)
{
    struct arena own;
    struct manifest *back = NULL;
    char *memory = malloc(len == 0 ? 1 : len);

    memcpy(memory, data, len);
    arena_init(&own, 0);
    int result = manifest_unpack(&own, memory, len, &back);
    ck_assert((result == 0) == (back != NULL));
    arena_release(&own);
    free(memory);
    return result;
}

START_TEST(no_part_of_it_is_taken_for_the_whole)
{
    manifest_pack(&packed, sample);
    for (size_t len = 0; len < packed.len; len++)
        ck_assert_int_eq(unpack_exact(packed.data, len), -EPROTO);
    strbuf_putc(&packed, '\0');
    ck_assert_int_eq(unpack_exact(packed.data, packed.len), -EPROTO);
}
END_TEST

START_TEST(flipped_bytes_do_no_harm)
{
    uint64_t random = 11;
    int refused = 0;

    manifest_pack(&packed, sample);
    for (int round = 0; round < 5000; round++) {
        char *copy = malloc(packed.len);
        memcpy(copy, packed.data, packed.len);
        for (uint64_t i = suite_random(&random) % 3 + 1; i > 0; i--)
            copy[suite_random(&random) % packed.len] ^= (char)(1u << suite_random(&random) % 8);
        int result = unpack_exact(copy, packed.len);
        ck_assert(result == 0 || result == -EPROTO);
        refused += result != 0;
        free(copy);
    }
    ck_assert_int_gt(refused, 1000);
}
END_TEST

START_TEST(memory_that_ends_is_told)
{
    struct manifest *back;

    manifest_pack(&packed, sample);
    for (size_t budget = 16;; budget += 16) {
        struct arena small;
        arena_init(&small, budget);
        int result = manifest_unpack(&small, packed.data, packed.len, &back);
        arena_release(&small);
        if (result == 0)
            break;
        ck_assert_int_eq(result, -ENOMEM);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        everything_comes_back,
        no_plugins_is_a_manifest_too,
        labels_are_found_where_they_are,
        sorting_makes_it_acceptable,
        many_labels,
        what_a_worker_may_not_claim,
        parents_may_be_as_deep_as_the_limit,
        differences_are_seen_and_named,
        no_part_of_it_is_taken_for_the_whole,
        flipped_bytes_do_no_harm,
        memory_that_ends_is_told,
    };

    return suite_run_with("wire/manifest", tests, sizeof tests / sizeof tests[0], setup, teardown);
}
