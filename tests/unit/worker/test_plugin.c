/* Tests of worker/plugin and worker/descriptor: what is no plugin is refused with one line that
 * names it and says why. */
#include "worker/plugin.h"

#include <errno.h>
#include <fcntl.h>

#include "fixture.h"

/* Loads PLUGIN_FOLDER/NAME.so with its true digest. The descriptor stays open: see plugin_load. */
static int load(struct plugin *plugin, const struct settings_plugin *settings, const char *name,
                struct err *err)
{
    char path[512];
    struct digest digest;
    uint64_t size;

    snprintf(path, sizeof path, "%s/%s.so", PLUGIN_FOLDER, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ck_assert_msg(fd >= 0, "%s", path);
    ck_assert_int_eq(digest_of_fd(fd, &digest, &size), 0);
    plugin_init(plugin, settings, 3, "/plugins/test.so", &digest);
    return plugin_load(plugin, fd, err);
}

static void expect_refused(const char *name, const char *why)
{
    static const char prefix[] = "plugin 'key' (/plugins/test.so): ";
    const struct settings_plugin settings = {.name = "key"};
    struct plugin plugin;
    struct err err = {""};

    ck_assert_msg(load(&plugin, &settings, name, &err) < 0, "%s was taken", name);
    ck_assert_msg(strncmp(err.text, prefix, sizeof prefix - 1) == 0, "%s: '%s'", name, err.text);
    ck_assert_msg(strstr(err.text, why) != NULL, "%s: '%s' has no '%s'", name, err.text, why);
    ck_assert_ptr_null(strchr(err.text, '\n'));
    plugin_release(&plugin);
}

START_TEST(a_sound_plugin_is_taken)
{
    const struct settings_plugin settings = {.name = "key"};
    struct plugin plugin;
    struct err err = {""};

    ck_assert_msg(load(&plugin, &settings, "sound", &err) == 0, "%s", err.text);
    ck_assert_str_eq(plugin.descriptor.name, "made");
    ck_assert_uint_eq(plugin.scheme_count, 1);
    ck_assert_uint_eq(plugin.vocabulary.count, 1);
    ck_assert_ptr_nonnull(vocabulary_find(&plugin.vocabulary, "mood", "warm"));
    ck_assert_str_eq(plugin.stage, "classify key");
    plugin_release(&plugin);
}
END_TEST

START_TEST(what_is_no_plugin_is_refused)
{
    expect_refused("no_symbol", "does not export taxon_plugin_v1");
    expect_refused("other_major", "exports ABI 2, this taxond speaks 1");
    expect_refused("returns_null", "returned NULL");
}
END_TEST

START_TEST(malformed_descriptors_are_refused)
{
    static const struct {
        const char *name, *why;
    } cases[] = {
        {"small-struct", "struct_size is 8"},
        {"no-struct-size", "struct_size is 0"},
        {"huge-struct", "struct_size is 4294967295"},
        {"unknown-kind", "unknown kind 77"},
        {"no-name", "its name"},
        {"bad-name", "its name"},
        {"endless-name", "its name"},
        {"no-version", "its version"},
        {"forged-summary", "its summary"},
        {"no-schemes", "without schemes"},
        {"bad-scheme", "number 1 of its schemes"},
        {"scheme-twice", "'x' twice among its schemes"},
        {"endless-schemes", "more than 256 schemes"},
        {"no-classify", "without classify()"},
        {"claims-types", "claims media types"},
        {"reader-schemes", "publishes schemes"},
        {"reader-no-types", "without media types"},
        {"reader-bad-type", "number 1 of its media types"},
        {"reader-no-read", "without read()"},
        {"labels-null", "label table"},
        {"labels-stride", "label table"},
        {"labels-many", "label table"},
        {"label-foreign", "scheme that is not the plugin's"},
        {"label-twice", "declared twice"},
        {"label-threshold", "threshold is not in 0..1"},
        {"label-short", "label 1 has a bad struct_size"},
        {"options-stride", "option table"},
        {"option-type", "depth"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_refused(cases[i].name, cases[i].why);
}
END_TEST

static int load_bytes(const char *bytes, size_t len, const struct digest *digest, struct err *err)
{
    const struct settings_plugin settings = {.name = "key"};
    struct plugin plugin;
    FILE *file = tmpfile();

    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, len, file), len);
    ck_assert_int_eq(fflush(file), 0);
    plugin_init(&plugin, &settings, 0, "/plugins/test.so", digest);
    int code = plugin_load(&plugin, fileno(file), err);
    plugin_release(&plugin);
    fclose(file);
    return code;
}

START_TEST(what_is_no_shared_object_is_refused)
{
    static const char text[] = "#!/bin/sh\necho I am a program, and long enough to be looked at, "
                               "since a shared object has a header of 64 bytes\n";
    struct digest digest;
    struct err err = {""};

    ck_assert_int_eq(digest_of_bytes(text, strlen(text), &digest), 0);
    ck_assert_int_eq(load_bytes(text, strlen(text), &digest, &err), -EINVAL);
    ck_assert_str_eq(err.text, "plugin 'key' (/plugins/test.so): cannot be loaded as a shared "
                               "object: invalid ELF header");
    ck_assert_int_eq(digest_of_bytes("", 0, &digest), 0);
    ck_assert_int_eq(load_bytes("", 0, &digest, &err), -EINVAL);
    ck_assert_ptr_nonnull(strstr(err.text, "file too short"));
    ck_assert_ptr_null(strstr(err.text, "/proc"));
}
END_TEST

START_TEST(other_bytes_than_the_generation_has_are_refused)
{
    struct digest digest;
    struct err err = {""};

    ck_assert_int_eq(digest_of_bytes("before", 6, &digest), 0);
    ck_assert_int_eq(load_bytes("after", 5, &digest, &err), -EINVAL);
    ck_assert_ptr_nonnull(strstr(err.text, "digest is not the generation's"));
}
END_TEST

static void expect_open_fails(const char *name, const char *line)
{
    const struct taxon_node node = {.struct_size = sizeof node,
                                    .file = "taxond.yaml",
                                    .line = 7,
                                    .column = 3};
    const struct settings_plugin settings = {.name = "key", .node = &node};
    const struct settings all = {.base_dir = "/"};
    struct resources resources;
    struct plugin plugin;
    struct err err = {""};

    resources_init(&resources);
    ck_assert_msg(load(&plugin, &settings, name, &err) == 0, "%s", err.text);
    ck_assert_int_lt(plugin_open(&plugin, &all, &resources, &err), 0);
    ck_assert_str_eq(err.text, line);
    plugin_release(&plugin);
    resources_release(&resources);
}

START_TEST(failures_of_open_are_told)
{
    expect_open_fails("open-fails",
                      "plugin 'key' (/plugins/test.so): open() failed: Input/output error");
    expect_open_fails("open-explains", "taxond.yaml:7:3: there is no warmth in it (plugin 'key')");
}
END_TEST

START_TEST(filters_choose_documents)
{
    const char *const sources[] = {"news-*", "wire", NULL};
    const char *const types[] = {"text/*", NULL};
    const char *const names[] = {"*.txt", NULL};
    struct settings_plugin settings = {.name = "key"};
    const struct plugin plugin = {.settings = &settings};

    ck_assert_int_eq(plugin_wants(&plugin, "any", "application/pdf", "x"), 1);
    settings.when.sources = sources;
    settings.when.source_count = 2;
    ck_assert_int_eq(plugin_wants(&plugin, "news-2", "application/pdf", "x"), 1);
    ck_assert_int_eq(plugin_wants(&plugin, "wire", "application/pdf", "x"), 1);
    ck_assert_int_eq(plugin_wants(&plugin, "wire2", "application/pdf", "x"), 0);
    settings.when.media_types = types;
    settings.when.media_type_count = 1;
    ck_assert_int_eq(plugin_wants(&plugin, "wire", "application/pdf", "x"), 0);
    ck_assert_int_eq(plugin_wants(&plugin, "wire", "text/html", "x"), 1);
    settings.when.names = names;
    settings.when.name_count = 1;
    ck_assert_int_eq(plugin_wants(&plugin, "wire", "text/html", "x"), 0);
    ck_assert_int_eq(plugin_wants(&plugin, "wire", "text/html", "\xE9\x80\x9A\xE7\x9F\xA5.txt"), 1);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_sound_plugin_is_taken,
        what_is_no_plugin_is_refused,
        malformed_descriptors_are_refused,
        what_is_no_shared_object_is_refused,
        other_bytes_than_the_generation_has_are_refused,
        failures_of_open_are_told,
        filters_choose_documents,
    };

    return SUITE_RUN("worker/plugin", tests);
}
