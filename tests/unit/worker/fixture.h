/* Plugins made of functions of the test's own, settings with small limits, temporary folders. */
#ifndef TESTS_UNIT_WORKER_FIXTURE_H
#define TESTS_UNIT_WORKER_FIXTURE_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <taxon/plugin.h>

#include "config/settings.h"
#include "worker/plugin.h"

#include "../base/suite.h"

/* A plugin and its section of the configuration. */
struct made {
    struct settings_plugin settings;
    struct plugin plugin;
};

static const struct digest made_digest = {{0}};

static inline void made_init(struct made *made, const char *name,
                             const struct taxon_descriptor *descriptor)
{
    struct err err = {""};

    memset(made, 0, sizeof *made);
    made->settings.name = name;
    made->settings.enabled = true;
    plugin_init(&made->plugin, &made->settings, 0, "/made.so", &made_digest);
    ck_assert_msg(plugin_describe(&made->plugin, descriptor, &err) == 0, "%s", err.text);
}

static inline struct taxon_descriptor
made_classifier(const char *const *schemes, const struct taxon_label_decl *labels,
                size_t label_count,
                int32_t (*classify)(void *, struct taxon_task *, const struct taxon_document *))
{
    return (struct taxon_descriptor){
        .struct_size = sizeof(struct taxon_descriptor),
        .kind = TAXON_KIND_CLASSIFIER,
        .name = "made",
        .version = "1.0",
        .summary = "For a test.",
        .schemes = schemes,
        .labels = labels,
        .label_count = label_count,
        .label_stride = sizeof(struct taxon_label_decl),
        .classify = classify,
    };
}

static inline struct taxon_descriptor made_reader(const char *const *media_types,
                                                  int32_t (*read)(void *, struct taxon_task *,
                                                                  const struct taxon_input *))
{
    return (struct taxon_descriptor){
        .struct_size = sizeof(struct taxon_descriptor),
        .kind = TAXON_KIND_READER,
        .name = "made",
        .version = "1.0",
        .summary = "For a test.",
        .media_types = media_types,
        .read = read,
    };
}

static inline struct settings_limits small_limits(void)
{
    return (struct settings_limits){
        .file_bytes = 1 << 20,
        .text_bytes = 4096,
        .blocks = 8,
        .labels = 4,
        .spans = 4,
        .facts = 4,
        .time_ms = 10000,
        .memory_bytes = 1 << 30,
        .arena_bytes = 1 << 16,
        .reply_bytes = 1 << 20,
    };
}

struct folder {
    char path[64];
};

static inline void folder_make(struct folder *folder)
{
    strcpy(folder->path, "/tmp/taxon-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder->path));
}

static inline void folder_remove(const struct folder *folder)
{
    char command[128];

    snprintf(command, sizeof command, "rm -r '%s'", folder->path);
    ck_assert_int_eq(system(command), 0);
}

/* Writes `text` to `name` in the folder; *out_path (may be NULL) is for the caller to free. */
static inline void folder_write(const struct folder *folder, const char *name, const char *text,
                                char **out_path)
{
    char *path;

    ck_assert_int_gt(asprintf(&path, "%s/%s", folder->path, name), 0);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    ck_assert_int_eq(fclose(file), 0);
    if (out_path != NULL)
        *out_path = path;
    else
        free(path);
}

#endif
