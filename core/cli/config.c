/* taxon config: every option with the value in force, and where it comes from.
 *
 * The values are what the daemon would take from the same file; one that runs may still have the
 * file as it was when it was last told to reload.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "cli/cli.h"
#include "cli/config_values.h"
#include "cli/engine.h"
#include "cli/style.h"
#include "config/options.h"
#include "config/settings.h"

#define UNSET             "(unset)"
#define VALUE_COLUMNS_MAX 44 /* a longer value pushes its place to the right */

static const char help[] =
    "Usage: taxon config [-c FILE] [--json] [SECTION…]\n"
    "\n"
    "Prints every option with the value in force and where it comes from: 'default', or\n"
    "FILE:LINE:COLUMN. One option a line, in a fixed order; values as they are written in the\n"
    "configuration. SECTION is the beginning of a name, to a dot: 'limits', 'inboxes.crawler',\n"
    "'limits.time'. A worker is asked for the plugins' own options; when it cannot start, those\n"
    "that were written are shown as they were written.\n"
    "\n"
    "  -c, --config FILE  the configuration (default: " TAXOND_SYSCONF "/taxond.yaml)\n"
    "      --json         one JSON object: {NAME: {\"value\": …, \"from\": …}, …}\n"
    "  -h, --help         this text\n"
    "\n"
    "Exit status: 0; 2 wrong arguments or a configuration that does not work.\n";

struct row {
    const char *name;
    const char *value;
    const char *from;
};

struct listing {
    char **sections; /* what was asked for; none: everything */
    size_t section_count;
    bool *found; /* whether a section had an option */
    struct arena arena;
    struct row *rows;
    size_t count;
    size_t size;
    bool failed; /* no memory */
    struct json *json;
    const struct manifest *manifest; /* NULL: no worker was asked, or none could tell */
};

/* "limits" begins "limits.time", and not "limitsize". */
static bool is_in_section(const char *name, const char *section)
{
    size_t len = strlen(section);

    return strncmp(name, section, len) == 0 && (name[len] == '\0' || name[len] == '.');
}

static bool is_wanted(struct listing *listing, const char *name)
{
    bool wanted = listing->section_count == 0;

    for (size_t i = 0; i < listing->section_count; i++) {
        if (!is_in_section(name, listing->sections[i]))
            continue;
        listing->found[i] = true;
        wanted = true;
    }
    return wanted;
}

static struct row *new_row(struct listing *listing)
{
    if (listing->count == listing->size) {
        size_t size = listing->size == 0 ? 64 : listing->size * 2;
        struct row *rows = realloc(listing->rows, size * sizeof *rows);
        if (rows == NULL)
            return NULL;
        listing->rows = rows;
        listing->size = size;
    }
    return &listing->rows[listing->count++];
}

/* `place`: FILE:LINE:COLUMN, or "default". */
static void add(struct listing *listing, const char *name, const char *value, const char *place)
{
    struct row *row = new_row(listing);

    if (row != NULL)
        *row =
            (struct row){arena_strdup(&listing->arena, name), arena_strdup(&listing->arena, value),
                         arena_strdup(&listing->arena, place)};
    listing->failed |= row == NULL || row->name == NULL || row->value == NULL || row->from == NULL;
}

static void put_place(struct strbuf *out, const char *file, uint32_t line, uint32_t column)
{
    if (line == 0)
        strbuf_puts(out, "default");
    else
        strbuf_printf(out, "%s:%u:%u", file, line, column);
}

static void see(void *context, const struct settings_entry *entry)
{
    const struct taxon_node *node = entry->node;
    struct listing *listing = context;
    struct strbuf value = STRBUF_INIT;
    struct strbuf place = STRBUF_INIT;

    if (!is_wanted(listing, entry->name))
        return;
    put_place(&place, node == NULL ? "" : node->file, node == NULL ? 0 : node->line,
              node == NULL ? 0 : node->column);
    json_object_begin(listing->json, entry->name);
    if (entry->value == NULL && node != NULL) {
        options_print_node(node, &value);
        config_put_node(listing->json, "value", node);
    } else if (entry->value != NULL) {
        options_print_value(entry->value, &value);
        config_put_value(listing->json, entry->value);
    }
    json_put_text(listing->json, "from", strbuf_text(&place));
    json_object_end(listing->json);
    add(listing, entry->name, value.len > 0 ? strbuf_text(&value) : UNSET, strbuf_text(&place));
    listing->failed |= value.failed || place.failed;
    strbuf_release(&value);
    strbuf_release(&place);
}

static void see_own(struct listing *listing, const struct settings_plugin *plugin,
                    const struct manifest_option *option)
{
    struct strbuf name = STRBUF_INIT;
    struct strbuf place = STRBUF_INIT;

    strbuf_printf(&name, "plugins.%s.options.%s", plugin->name, option->name);
    if (is_wanted(listing, strbuf_text(&name))) {
        put_place(&place, plugin->node->file, option->line, option->column);
        json_object_begin(listing->json, strbuf_text(&name));
        config_put_told(listing->json, &listing->arena, option);
        json_put_text(listing->json, "from", strbuf_text(&place));
        json_object_end(listing->json);
        add(listing, strbuf_text(&name), option->type == 0 ? UNSET : option->value,
            strbuf_text(&place));
    }
    listing->failed |= name.failed || place.failed;
    strbuf_release(&name);
    strbuf_release(&place);
}

/* What a worker told of the plugin, if one was asked and has it. */
static bool own(void *context, const struct settings_plugin *plugin)
{
    struct listing *listing = context;
    const struct manifest *manifest = listing->manifest;

    for (size_t i = 0; manifest != NULL && i < manifest->plugin_count; i++) {
        const struct manifest_plugin *told = &manifest->plugins[i];
        if (strcmp(told->name, plugin->name) != 0)
            continue;
        for (size_t k = 0; k < told->option_count; k++)
            see_own(listing, plugin, &told->options[k]);
        return true;
    }
    return false;
}

static void print_padded(const char *text, size_t columns)
{
    size_t taken = style_columns(text);

    printf("%s%*s", text, taken < columns ? (int)(columns - taken) : 0, "");
}

static void print_table(const struct listing *listing)
{
    bool styled = style_wanted(stdout);
    size_t name_columns = 0;
    size_t value_columns = 0;

    for (size_t i = 0; i < listing->count; i++) {
        size_t name = style_columns(listing->rows[i].name);
        size_t value = style_columns(listing->rows[i].value);
        if (name > name_columns)
            name_columns = name;
        if (value > value_columns && value <= VALUE_COLUMNS_MAX)
            value_columns = value;
    }
    for (size_t i = 0; i < listing->count; i++) {
        const struct row *row = &listing->rows[i];
        bool is_default = strcmp(row->from, "default") == 0;
        print_padded(row->name, name_columns);
        fputs("  ", stdout);
        style_begin(stdout, styled, is_default ? STYLE_PLAIN : STYLE_BOLD);
        print_padded(row->value, value_columns);
        style_end(stdout, styled && !is_default);
        fputs("  ", stdout);
        style_put(stdout, styled, STYLE_DIM, "%s", row->from);
        putchar('\n');
    }
}

/* A section that has no option was mistyped. */
static int check_found(const struct listing *listing)
{
    struct err err = {""};

    for (size_t i = 0; i < listing->section_count; i++) {
        if (listing->found[i])
            continue;
        (void)err_set(&err, 0, "no option or section is called '%s'; 'taxon config' names them all",
                      listing->sections[i]);
        return cli_fail(&command_config, CLI_USAGE, &err);
    }
    return CLI_OK;
}

static int list(const struct settings *settings, struct listing *listing, bool as_json)
{
    struct strbuf text = STRBUF_INIT;
    struct json json;
    struct err err = {""};
    int status;

    json_init(&json, &text, 2);
    listing->json = &json;
    json_object_begin(&json, NULL);
    const struct settings_visitor visitor = {see, own, listing};
    int code = settings_each(settings, &visitor, &err);
    json_object_end(&json);
    if (code == 0 && (listing->failed || text.failed))
        code = err_set(&err, -ENOMEM, "out of memory");
    status = code < 0 ? cli_fail(&command_config, CLI_FAILED, &err) : check_found(listing);
    if (status == CLI_OK && as_json)
        puts(strbuf_text(&text));
    else if (status == CLI_OK)
        print_table(listing);
    strbuf_release(&text);
    return status;
}

/* Whether plugins are among what was asked for. */
static bool wants_plugins(const struct listing *listing)
{
    for (size_t i = 0; i < listing->section_count; i++)
        if (is_in_section(listing->sections[i], "plugins"))
            return true;
    return listing->section_count == 0;
}

/* The manifest of a worker. Rules are left out: mistakes in them are not asked about here. */
static void ask_worker(const char *config_file, struct listing *listing,
                       struct generation **out_generation)
{
    struct worker_process process;
    char program[4096];
    struct err err = {""};

    *out_generation = NULL;
    int code = worker_process_program(program, sizeof program, &err);
    if (code == 0)
        code = generation_load(config_file, 1, out_generation, &err);
    if (code == 0)
        code = worker_process_start(program, *out_generation, &process, &err);
    if (code == 0)
        code = worker_process_wait_ready(&process, *out_generation, &err);
    if (code != 0) {
        (void)err_prefix(&err, code, "plugins' own options are shown as they were written");
        (void)cli_fail(&command_config, CLI_OK, &err);
        return;
    }
    worker_process_end(&process);
    listing->manifest = (*out_generation)->manifest;
}

static int run_with(const struct cli_options *options, const struct settings *settings,
                    struct listing *listing)
{
    struct generation *generation = NULL;

    if (wants_plugins(listing))
        ask_worker(options->config_file, listing, &generation);
    int status = list(settings, listing, options->json);
    generation_drop(generation);
    return status;
}

static int run(int argc, char **argv)
{
    struct cli_options options;
    struct listing listing = {.count = 0};
    struct settings *settings;
    struct err err = {""};
    int status = cli_parse(&command_config, argc, argv, true, &options);

    if (status >= 0)
        return status;
    if (settings_load(options.config_file, &settings, NULL, &err) < 0)
        return cli_fail(&command_config, CLI_USAGE, &err);
    listing.sections = argv + optind;
    listing.section_count = (size_t)(argc - optind);
    listing.found = calloc(listing.section_count + 1, sizeof *listing.found);
    arena_init(&listing.arena, 0);
    if (listing.found != NULL) {
        status = run_with(&options, settings, &listing);
    } else {
        (void)err_set(&err, -ENOMEM, "out of memory");
        status = cli_fail(&command_config, CLI_FAILED, &err);
    }
    arena_release(&listing.arena);
    free(listing.rows);
    free(listing.found);
    settings_free(settings);
    return status;
}

const struct command command_config = {
    "config", "print every option: the value in force, and where it comes from", help, run};
