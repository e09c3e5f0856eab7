/* Tests of worker/plugin_set: who takes what another has is refused, and the order is that of the
 * configuration but for what `after` asks. */
#include "worker/plugin_set.h"

#include <errno.h>

#include "fixture.h"

#define MADE_MAX 6

static struct made made[MADE_MAX];
static struct plugin *pointers[MADE_MAX];
static struct plugin_set set;
static struct arena arena;

static int32_t do_nothing(void *instance, struct taxon_task *task,
                          const struct taxon_document *document)
{
    (void)instance;
    (void)task;
    (void)document;
    return 0;
}

static int32_t read_nothing(void *instance, struct taxon_task *task,
                            const struct taxon_input *input)
{
    (void)instance;
    (void)task;
    (void)input;
    return 0;
}

static void start(void)
{
    arena_init(&arena, 0);
    set = (struct plugin_set){.plugins = pointers};
}

static void add(const char *name, const struct taxon_descriptor *descriptor)
{
    ck_assert_uint_lt(set.count, MADE_MAX);
    made_init(&made[set.count], name, descriptor);
    made[set.count].plugin.index = (uint32_t)set.count;
    pointers[set.count] = &made[set.count].plugin;
    set.count++;
}

/* A classifier that publishes `scheme` and runs after `after` (NULL-terminated, or NULL). */
static void add_classifier(const char *name, const char *const *schemes, const char *const *after)
{
    struct taxon_descriptor descriptor = made_classifier(schemes, NULL, 0, do_nothing);

    descriptor.after = after;
    add(name, &descriptor);
}

static void add_reader(const char *name, const char *const *types)
{
    struct taxon_descriptor descriptor = made_reader(types, read_nothing);

    add(name, &descriptor);
}

static void finish(void)
{
    plugin_set_release(&set);
    for (size_t i = 0; i < MADE_MAX; i++)
        if (made[i].settings.name != NULL)
            plugin_release(&made[i].plugin);
    arena_release(&arena);
}

#define LIST(...)                                                                                  \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }

START_TEST(one_scheme_belongs_to_one_plugin)
{
    struct err err = {""};

    start();
    add_classifier("a", LIST("genre", "form"), NULL);
    add_classifier("b", LIST("mood"), NULL);
    ck_assert_int_eq(plugin_set_check(&set, &err), 0);
    add_classifier("c", LIST("tone", "genre"), NULL);
    ck_assert_int_eq(plugin_set_check(&set, &err), -EEXIST);
    ck_assert_str_eq(err.text, "plugin 'c' (/made.so): scheme 'genre' is already published by "
                               "plugin 'a'");
    finish();
}
END_TEST

START_TEST(one_media_type_belongs_to_one_reader)
{
    struct err err = {""};

    start();
    add_reader("text", LIST("text/plain", "text/markdown"));
    add_reader("html", LIST("text/html"));
    ck_assert_int_eq(plugin_set_check(&set, &err), 0);
    add_reader("other", LIST("text/html"));
    ck_assert_int_eq(plugin_set_check(&set, &err), -EEXIST);
    ck_assert_str_eq(err.text, "plugin 'other' (/made.so): media type 'text/html' is already read "
                               "by plugin 'html'");
    finish();
}
END_TEST

static void expect_order(const char *names)
{
    char text[64] = "";
    struct err err = {""};

    ck_assert_msg(plugin_set_order(&arena, &set, &err) == 0, "%s", err.text);
    for (size_t i = 0; i < set.count; i++) {
        strcat(text, set.plugins[i]->settings->name);
        strcat(text, " ");
    }
    ck_assert_str_eq(text, names);
}

START_TEST(order_is_that_of_the_configuration)
{
    start();
    add_classifier("c", LIST("three"), NULL);
    add_reader("r", LIST("text/plain"));
    add_classifier("a", LIST("one"), LIST("absent"));
    add_reader("q", LIST("text/html"));
    add_classifier("b", LIST("two"), NULL);
    expect_order("r q c a b ");
    ck_assert_uint_eq(set.reader_count, 2);
    ck_assert_ptr_eq(plugin_set_reader(&set, "text/html"), &made[3].plugin);
    ck_assert_ptr_eq(plugin_set_reader(&set, "text/plain"), &made[1].plugin);
    ck_assert_ptr_null(plugin_set_reader(&set, "text/htm"));
    finish();
}
END_TEST

START_TEST(after_moves_as_little_as_it_must)
{
    start();
    add_classifier("a", LIST("one"), LIST("three"));
    add_classifier("b", LIST("two"), NULL);
    add_classifier("c", LIST("three"), LIST("four"));
    add_classifier("d", LIST("four"), NULL);
    add_classifier("e", LIST("five"), NULL);
    expect_order("b d c a e ");
    finish();
}
END_TEST

START_TEST(a_circle_is_refused_with_its_members)
{
    struct err err = {""};

    start();
    add_classifier("tail", LIST("tail"), LIST("one"));
    add_classifier("a", LIST("one"), LIST("two"));
    add_classifier("b", LIST("two"), LIST("three"));
    add_classifier("c", LIST("three"), LIST("one"));
    add_classifier("free", LIST("free"), NULL);
    ck_assert_int_eq(plugin_set_order(&arena, &set, &err), -ELOOP);
    ck_assert_ptr_nonnull(strstr(err.text, "in a circle: "));
    ck_assert_ptr_nonnull(strstr(err.text, "'a' after 'b'"));
    ck_assert_ptr_nonnull(strstr(err.text, "'b' after 'c'"));
    ck_assert_ptr_null(strstr(err.text, "tail"));
    ck_assert_ptr_null(strstr(err.text, "free"));
    finish();
}
END_TEST

START_TEST(a_plugin_after_itself_is_a_circle)
{
    struct err err = {""};

    start();
    add_classifier("a", LIST("one"), LIST("one"));
    ck_assert_int_eq(plugin_set_order(&arena, &set, &err), -ELOOP);
    ck_assert_ptr_nonnull(strstr(err.text, "'a' after 'a'"));
    finish();
}
END_TEST

START_TEST(the_manifest_survives_the_wire)
{
    static const struct taxon_label_decl labels[] = {
        {.struct_size = sizeof labels[0],
         .scheme = "genre",
         .id = "news",
         .name_en = "News",
         .threshold = 0.5},
        {.struct_size = sizeof labels[0],
         .scheme = "genre",
         .id = "ecology/air",
         .parent = "ecology",
         .threshold = 0.25},
        {.struct_size = sizeof labels[0], .scheme = "genre", .id = "ecology", .threshold = 0},
    };
    struct taxon_descriptor descriptor = made_classifier(LIST("genre"), labels, 3, do_nothing);
    struct settings settings = {.base_dir = "/"};
    struct strbuf packed = STRBUF_INIT;
    struct resources resources;
    struct manifest *unpacked;
    struct err err = {""};
    const char *why = "";

    start();
    resources_init(&resources);
    add("g", &descriptor);
    add_reader("r", LIST("text/plain"));
    ck_assert_int_eq(plugin_set_order(&arena, &set, &err), 0);
    for (size_t i = 0; i < set.count; i++)
        ck_assert_msg(plugin_open(set.plugins[i], &settings, &resources, &err) == 0, "%s",
                      err.text);
    struct manifest *manifest = plugin_set_manifest(&arena, &set, &resources, "none");
    ck_assert_ptr_nonnull(manifest);
    manifest_pack(&packed, manifest);
    ck_assert_int_eq(manifest_unpack(&arena, packed.data, packed.len, &unpacked), 0);
    ck_assert_msg(manifest_same(manifest, unpacked, &why), "%s", why);
    size_t plugin = 99;
    ck_assert_ptr_nonnull(manifest_find(unpacked, "genre", "ecology/air", &plugin));
    ck_assert_uint_eq(plugin, 1);
    strbuf_release(&packed);
    resources_release(&resources);
    finish();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        one_scheme_belongs_to_one_plugin,     one_media_type_belongs_to_one_reader,
        order_is_that_of_the_configuration,   after_moves_as_little_as_it_must,
        a_circle_is_refused_with_its_members, a_plugin_after_itself_is_a_circle,
        the_manifest_survives_the_wire,
    };

    return SUITE_RUN("worker/plugin_set", tests);
}
