/* config/settings: taxond.yaml as struct settings.
 *
 * Called by the supervisor at start and reload, by each worker with the same bytes, and by the
 * command line. It looks at no file but the configuration itself: whether folders are there is
 * settings_places.c's question, whether plugins and rules are right their loaders'.
 */
#include "config/settings.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "config/settings_sections.h"
#include "config/settings_tables.h"
#include "config/yaml.h"

const char *const settings_top_others[] = {"inboxes",   "plugins", "workers", "limits",
                                           "placement", "batch",   "catalog", "watchdog"};
const size_t settings_top_other_count = sizeof settings_top_others / sizeof settings_top_others[0];

static int read_top(struct settings_reader *reader)
{
    struct settings *settings = reader->settings;
    struct option_values values;
    int code = options_parse_beside(&settings->arena, &settings_top_table, settings_top_others,
                                    settings_top_other_count, settings->root, settings->base_dir,
                                    &values, reader->err);

    if (code < 0)
        return code;
    settings->state = option_get(&values, "state")->text;
    settings->quarantine = option_get(&values, "quarantine")->text;
    settings->streams = option_get(&values, "streams")->text;
    code = settings_read_strings(reader, option_get(&values, "plugin_folders"),
                                 &settings->plugin_folders, &settings->plugin_folder_count);
    if (code == 0)
        code = settings_read_strings(reader, option_get(&values, "data_folders"),
                                     &settings->data_folders, &settings->data_folder_count);
    if (code == 0)
        code = settings_read_strings(reader, option_get(&values, "rules"), &settings->rules,
                                     &settings->rule_count);
    return code < 0 ? code : settings_read_archives(reader, option_get(&values, "archives"));
}

static int read_all(struct settings_reader *reader)
{
    int (*const readers[])(struct settings_reader *) = {
        read_top,
        settings_read_inboxes,
        settings_read_plugins,
        settings_read_workers,
        settings_read_limits,
        settings_read_placement,
        settings_read_batch,
        settings_read_catalog,
        settings_read_watchdog,
    };

    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        int code = readers[i](reader);
        if (code < 0)
            return code;
    }
    return 0;
}

/* The folder part of a path: "." for none. */
static char *folder_of(struct arena *arena, const char *file)
{
    const char *slash = strrchr(file, '/');

    if (slash == NULL)
        return arena_strdup(arena, ".");
    return arena_strndup(arena, file, slash == file ? 1 : (size_t)(slash - file));
}

/* The folder in which relative paths start. Links are resolved so that "../var" means what the
 * kernel would take it for, and yet reads well; a folder that is not there (a configuration that
 * was only handed over as text) is taken as it is written. */
static int find_base_dir(struct settings *settings, struct err *err)
{
    char resolved[PATH_MAX];
    char *folder = folder_of(&settings->arena, settings->file);

    if (folder == NULL)
        return err_set(err, -ENOMEM, "out of memory");
    if (realpath(folder, resolved) != NULL) {
        settings->base_dir = arena_strdup(&settings->arena, resolved);
    } else if (folder[0] == '/') {
        settings->base_dir = folder;
    } else {
        if (getcwd(resolved, sizeof resolved) == NULL)
            return err_set(err, -errno, "%s: working folder: %s", settings->file, strerror(errno));
        size_t len = strlen(resolved) + 1 + strlen(folder) + 1;
        char *joined = arena_alloc(&settings->arena, len);
        if (joined != NULL)
            stpcpy(stpcpy(stpcpy(joined, resolved), "/"), folder);
        settings->base_dir = joined;
    }
    return settings->base_dir == NULL ? err_set(err, -ENOMEM, "out of memory") : 0;
}

static int parse(struct settings *settings, const char *file, const char *text, size_t len,
                 struct err *err)
{
    struct settings_reader reader = {settings, err};

    settings->file = arena_strdup(&settings->arena, file);
    if (settings->file == NULL)
        return err_set(err, -ENOMEM, "out of memory");
    int code = find_base_dir(settings, err);
    if (code == 0)
        code = yaml_parse(&settings->arena, file, text, len, &settings->root, err);
    return code < 0 ? code : read_all(&reader);
}

int settings_parse(const char *file, const char *text, size_t len, struct settings **out_settings,
                   struct err *err)
{
    struct settings *settings = calloc(1, sizeof *settings);

    if (settings == NULL)
        return err_set(err, -ENOMEM, "out of memory");
    arena_init(&settings->arena, 0); /* bounded by yaml.h's limits on the file */
    int code = parse(settings, file, text, len, err);
    if (code < 0)
        settings_free(settings);
    else
        *out_settings = settings;
    return code;
}

int settings_load(const char *file, struct settings **out_settings, struct strbuf *out_text,
                  struct err *err)
{
    struct strbuf text = STRBUF_INIT;
    int code = file_slurp_path(file, YAML_BYTES_MAX, &text);

    if (code < 0)
        err_set(err, code, "%s: %s", file, strerror(-code));
    else
        code = settings_parse(file, strbuf_text(&text), text.len, out_settings, err);
    if (code == 0 && out_text != NULL) {
        strbuf_release(out_text);
        *out_text = text;
    } else {
        strbuf_release(&text);
    }
    return code;
}

void settings_free(struct settings *settings)
{
    if (settings == NULL)
        return;
    arena_release(&settings->arena);
    free(settings);
}
