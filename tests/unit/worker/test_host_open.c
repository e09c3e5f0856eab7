/* Tests of worker/host_open: what a plugin may do while it opens, and what it is told when it does
 * something else. */
#include "worker/host.h"

#include <errno.h>

#include "config/yaml.h"

#include "fixture.h"

static const char *const schemes[] = {"mood", NULL};
static const struct taxon_label_decl labels[] = {
    {.struct_size = sizeof labels[0], .scheme = "mood", .id = "warm", .threshold = 0.5}};
static const struct taxon_option options[] = {
    {.struct_size = sizeof options[0],
     .type = TAXON_OPTION_INT,
     .name = "depth",
     .fallback = "3",
     .help = "How deep."},
    {.struct_size = sizeof options[0],
     .type = TAXON_OPTION_PATH,
     .name = "lexicon",
     .help = "Where the words are."},
};

/* What the test at hand does inside open(). */
static int32_t (*inside)(struct taxon_opening *opening, const struct taxon_host *host);
static struct taxon_opening *kept_opening;
static int marker;

static int32_t test_open(struct taxon_opening *opening, void **out_instance)
{
    kept_opening = opening;
    *out_instance = &marker;
    return inside(opening, opening->host);
}

static int32_t do_nothing(void *instance, struct taxon_task *task,
                          const struct taxon_document *document)
{
    (void)instance;
    (void)task;
    (void)document;
    return 0;
}

static struct made made;
static struct resources resources;
static struct arena arena;
static struct err err;
static struct folder folder;

/* Opens a plugin whose open() is `what`, with `yaml` as its options. */
static int open_plugin(int32_t (*what)(struct taxon_opening *, const struct taxon_host *),
                       const char *yaml)
{
    struct taxon_descriptor descriptor = made_classifier(schemes, labels, 1, do_nothing);
    struct settings settings = {.base_dir = folder.path};
    static const struct taxon_node section = {.struct_size = sizeof section,
                                              .file = "taxond.yaml",
                                              .line = 9,
                                              .column = 5};

    descriptor.options = options;
    descriptor.option_count = 2;
    descriptor.option_stride = sizeof options[0];
    descriptor.open = test_open;
    inside = what;
    err.text[0] = '\0';
    made_init(&made, "key", &descriptor);
    made.settings.node = &section;
    if (yaml != NULL)
        ck_assert_int_eq(yaml_parse(&arena, "taxond.yaml", yaml, strlen(yaml),
                                    &made.settings.options, &err),
                         0);
    return plugin_open(&made.plugin, &settings, &resources, &err);
}

static void start(void)
{
    folder_make(&folder);
    arena_init(&arena, 0);
    resources_init(&resources);
}

static void finish(void)
{
    plugin_release(&made.plugin);
    resources_release(&resources);
    arena_release(&arena);
    folder_remove(&folder);
}

static int32_t look_at_options(struct taxon_opening *opening, const struct taxon_host *host)
{
    ck_assert_uint_eq(host->struct_size, sizeof *host);
    ck_assert_int_eq(host->option(opening, "depth")->integer, 5);
    ck_assert_uint_eq(host->option(opening, "lexicon")->type, 0);
    ck_assert_ptr_null(host->option(opening, "other"));
    ck_assert_ptr_null(host->option(opening, NULL));
    ck_assert_ptr_null(host->option(NULL, "depth"));
    ck_assert_ptr_null(host->extension("clock/1"));
    ck_assert_ptr_null(host->extension(NULL));
    ck_assert_ptr_nonnull(host->extension("features/1"));
    return 0;
}

START_TEST(options_are_there)
{
    start();
    ck_assert_msg(open_plugin(look_at_options, "depth: 5\n") == 0, "%s", err.text);
    ck_assert_ptr_eq(made.plugin.instance, &marker);
    finish();
}
END_TEST

START_TEST(a_wrong_option_is_refused_with_its_place)
{
    start();
    ck_assert_int_eq(open_plugin(look_at_options, "depth: 5\ndepht: 6\n"), -EINVAL);
    ck_assert_ptr_nonnull(strstr(err.text, "taxond.yaml:2:1: "));
    ck_assert_ptr_nonnull(strstr(err.text, "(plugin 'key')"));
    finish();
}
END_TEST

static int32_t declare(struct taxon_opening *opening, const struct taxon_host *host)
{
    struct taxon_label_decl label = {.struct_size = sizeof label, .scheme = "mood", .id = "cold"};

    ck_assert_int_eq(host->declare_label(opening, &label), 0);
    ck_assert_int_eq(host->declare_label(opening, &label), -EEXIST);
    label.id = "warm"; /* in the descriptor's table */
    ck_assert_int_eq(host->declare_label(opening, &label), -EEXIST);
    label.id = "Cold";
    ck_assert_int_eq(host->declare_label(opening, &label), -EINVAL);
    label.id = "cool";
    label.scheme = "genre";
    ck_assert_int_eq(host->declare_label(opening, &label), -EINVAL);
    label.scheme = "mood";
    label.threshold = 2;
    ck_assert_int_eq(host->declare_label(opening, &label), -EINVAL);
    label.threshold = 0;
    label.struct_size = 20;
    ck_assert_int_eq(host->declare_label(opening, &label), -EINVAL);
    ck_assert_int_eq(host->declare_label(opening, NULL), -EINVAL);
    return 0;
}

/* The struct of a plugin that was built with a later minor of the ABI. */
static int32_t declare_from_the_future(struct taxon_opening *opening, const struct taxon_host *host)
{
    struct {
        struct taxon_label_decl label;
        uint64_t more[4];
    } future = {.label = {.struct_size = sizeof future, .scheme = "mood", .id = "cold"}};

    ck_assert_int_eq(host->declare_label(opening, &future.label), 0);
    return 0;
}

START_TEST(labels_can_be_declared)
{
    start();
    ck_assert_msg(open_plugin(declare, NULL) == 0, "%s", err.text);
    ck_assert_uint_eq(made.plugin.vocabulary.count, 2);
    plugin_release(&made.plugin);
    ck_assert_msg(open_plugin(declare_from_the_future, NULL) == 0, "%s", err.text);
    ck_assert_uint_eq(made.plugin.vocabulary.count, 2);
    finish();
}
END_TEST

static int32_t declare_an_orphan(struct taxon_opening *opening, const struct taxon_host *host)
{
    const struct taxon_label_decl label = {.struct_size = sizeof label,
                                           .scheme = "mood",
                                           .id = "cold/wet",
                                           .parent = "cold"};

    return host->declare_label(opening, &label);
}

START_TEST(an_orphan_is_refused)
{
    start();
    ck_assert_int_eq(open_plugin(declare_an_orphan, NULL), -EINVAL);
    ck_assert_str_eq(err.text, "plugin 'key' (/made.so): label 'mood:cold/wet': parent 'cold' is "
                               "not declared");
    finish();
}
END_TEST

static int32_t read_files(struct taxon_opening *opening, const struct taxon_host *host)
{
    struct taxon_resource resource = {.struct_size = sizeof resource};
    const struct taxon_node *root = NULL;

    ck_assert_int_eq(host->resource(opening, "lexicon", 0, &resource), 0);
    ck_assert_mem_eq(resource.data, "warm: [sun]\n", 12);
    ck_assert_uint_eq(resource.data_len, 12);
    ck_assert_uint_eq(resource.struct_size, sizeof resource);
    ck_assert_int_eq(host->resource(opening, "lexicon", 1, &resource), -ENOENT);
    ck_assert_int_eq(host->resource(opening, "lexicon", (size_t)-1, &resource), -ENOENT);
    ck_assert_int_eq(host->resource(opening, "depth", 0, &resource), -EINVAL);
    ck_assert_int_eq(host->resource(opening, "other", 0, &resource), -EINVAL);
    ck_assert_int_eq(host->resource(opening, NULL, 0, &resource), -EINVAL);
    ck_assert_int_eq(host->resource(opening, "lexicon", 0, NULL), -EINVAL);
    resource.struct_size = 8;
    ck_assert_int_eq(host->resource(opening, "lexicon", 0, &resource), -EINVAL);
    ck_assert_int_eq(host->yaml(opening, "lexicon", 0, &root), 0);
    ck_assert_uint_eq(root->kind, TAXON_NODE_MAPPING);
    ck_assert_int_eq(host->yaml(opening, "lexicon", 0, NULL), -EINVAL);
    ck_assert_int_eq(host->yaml(opening, "lexicon", 1, &root), -ENOENT);
    return 0;
}

START_TEST(files_are_read)
{
    start();
    folder_write(&folder, "lexicon.yaml", "warm: [sun]\n", NULL);
    ck_assert_msg(open_plugin(read_files, "lexicon: lexicon.yaml\n") == 0, "%s", err.text);
    ck_assert_uint_eq(resources_count(&resources, 0), 1);
    finish();
}
END_TEST

static int32_t read_no_file(struct taxon_opening *opening, const struct taxon_host *host)
{
    struct taxon_resource resource = {.struct_size = sizeof resource};

    return host->resource(opening, "lexicon", 0, &resource);
}

START_TEST(a_missing_file_is_told_with_the_place_of_its_option)
{
    start();
    ck_assert_int_eq(open_plugin(read_no_file, "lexicon: none.yaml\n"), -EINVAL);
    ck_assert_ptr_nonnull(strstr(err.text, "taxond.yaml:1:10: option 'lexicon': "));
    ck_assert_ptr_nonnull(strstr(err.text, "/none.yaml: No such file or directory"));
    finish();
}
END_TEST

static int32_t find_mistakes(struct taxon_opening *opening, const struct taxon_host *host)
{
    const struct taxon_node *root = NULL;

    ck_assert_int_eq(host->yaml(opening, "lexicon", 0, &root), 0);
    host->mistake(opening, root->items[0], "'warm' needs\nmore words");
    host->mistake(opening, NULL, "and this came later");
    return -EINVAL;
}

START_TEST(the_first_mistake_is_what_the_user_sees)
{
    start();
    folder_write(&folder, "lexicon.yaml", "warm: [sun]\n", NULL);
    ck_assert_int_eq(open_plugin(find_mistakes, "lexicon: lexicon.yaml\n"), -EINVAL);
    ck_assert_ptr_nonnull(strstr(err.text, "/lexicon.yaml:1:7: 'warm' needs?more words"));
    ck_assert_ptr_null(strstr(err.text, "later"));
    finish();
}
END_TEST

static int32_t parse_bad_yaml(struct taxon_opening *opening, const struct taxon_host *host)
{
    const struct taxon_node *root = NULL;

    return host->yaml(opening, "lexicon", 0, &root);
}

START_TEST(a_mistake_of_yaml_is_told)
{
    start();
    folder_write(&folder, "lexicon.yaml", "warm: [sun\n", NULL);
    ck_assert_int_eq(open_plugin(parse_bad_yaml, "lexicon: lexicon.yaml\n"), -EINVAL);
    ck_assert_ptr_nonnull(strstr(err.text, "/lexicon.yaml:"));
    finish();
}
END_TEST

static int32_t keep_and_fold(struct taxon_opening *opening, const struct taxon_host *host)
{
    static const char traditional[] = "\xE7\x99\xBC\xE4\xBD\x88\xE6\x9C\x83 NEWS";
    const char *folded = NULL;
    size_t len = 0;
    unsigned char *memory = host->keep(opening, 100000);

    ck_assert_ptr_nonnull(memory);
    for (size_t i = 0; i < 100000; i++)
        ck_assert_uint_eq(memory[i], 0);
    ck_assert_ptr_null(host->keep(opening, (size_t)-1));
    ck_assert_int_eq(host->fold(opening, traditional, strlen(traditional), &folded, &len), 0);
    ck_assert_str_eq(folded, "\xE5\x8F\x91\xE5\xB8\x83\xE4\xBC\x9A news");
    ck_assert_uint_eq(len, strlen(folded));
    const char *first = folded;
    ck_assert_int_eq(host->fold(opening, "A", 1, &folded, &len), 0);
    ck_assert_str_eq(first, "\xE5\x8F\x91\xE5\xB8\x83\xE4\xBC\x9A news"); /* still there */
    ck_assert_int_eq(host->fold(opening, "\xFF", 1, &folded, &len), -EILSEQ);
    ck_assert_int_eq(host->fold(opening, NULL, 1, &folded, &len), -EINVAL);
    ck_assert_int_eq(host->fold(opening, "a", 1, NULL, &len), -EINVAL);
    ck_assert_int_eq(host->fold(opening, "a", 1, &folded, NULL), -EINVAL);
    return 0;
}

START_TEST(memory_and_folding)
{
    start();
    ck_assert_msg(open_plugin(keep_and_fold, NULL) == 0, "%s", err.text);
    finish();
}
END_TEST

static int32_t use_a_task(struct taxon_opening *opening, const struct taxon_host *host)
{
    struct taxon_task *task = &made.plugin.host.task;
    const struct taxon_label label = {.struct_size = sizeof label, .scheme = "mood", .id = "warm"};
    struct taxon_opening copy = *opening;

    ck_assert_int_eq(host->label(task, &label), -EPERM);
    ck_assert_ptr_null(host->alloc(task, 8));
    ck_assert_int_eq(host->should_stop(task), -EPERM);
    ck_assert_int_eq(host->text(task, "a", 1), -EPERM);
    ck_assert_int_eq(host->label(NULL, &label), -EPERM);
    ck_assert_ptr_null(host->keep(&copy, 8)); /* a copy is not the handle */
    return 0;
}

START_TEST(nothing_of_a_task_may_be_used)
{
    start();
    ck_assert_msg(open_plugin(use_a_task, NULL) == 0, "%s", err.text);
    finish();
}
END_TEST

START_TEST(a_kept_opening_is_good_for_nothing)
{
    struct taxon_resource resource = {.struct_size = sizeof resource};
    const struct taxon_label_decl label = {.struct_size = sizeof label,
                                           .scheme = "mood",
                                           .id = "later"};
    const struct taxon_node *root;
    const char *folded;
    size_t len;

    start();
    folder_write(&folder, "lexicon.yaml", "warm: [sun]\n", NULL);
    ck_assert_int_eq(open_plugin(read_files, "lexicon: lexicon.yaml\n"), 0);
    const struct taxon_host *host = kept_opening->host;
    ck_assert_ptr_null(host->option(kept_opening, "depth"));
    ck_assert_int_eq(host->resource(kept_opening, "lexicon", 0, &resource), -EPERM);
    ck_assert_int_eq(host->yaml(kept_opening, "lexicon", 0, &root), -EPERM);
    ck_assert_int_eq(host->declare_label(kept_opening, &label), -EPERM);
    ck_assert_ptr_null(host->keep(kept_opening, 8));
    ck_assert_int_eq(host->fold(kept_opening, "a", 1, &folded, &len), -EPERM);
    host->mistake(kept_opening, NULL, "too late");
    host->log_open(kept_opening, TAXON_LOG_ERROR, "too late");
    ck_assert_str_eq(made.plugin.host.mistake.text, "");
    finish();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        options_are_there,
        a_wrong_option_is_refused_with_its_place,
        labels_can_be_declared,
        an_orphan_is_refused,
        files_are_read,
        a_missing_file_is_told_with_the_place_of_its_option,
        the_first_mistake_is_what_the_user_sees,
        a_mistake_of_yaml_is_told,
        memory_and_folding,
        nothing_of_a_task_may_be_used,
        a_kept_opening_is_good_for_nothing,
    };

    return SUITE_RUN("worker/host_open", tests);
}
