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
#include "cli/style.h"
#include "config/options.h"
#include "config/settings.h"

#define VALUE_COLUMNS_MAX 44 /* a longer value pushes its place to the right */

static const char help[] =
    "Usage: taxon config [-c FILE] [--json] [SECTION…]\n"
    "\n"
    "Prints every option with the value in force and where it comes from: 'default', or\n"
    "FILE:LINE:COLUMN. One option a line, in a fixed order; values as they are written in the\n"
    "configuration. SECTION is the beginning of a name, to a dot: 'limits', 'inboxes.crawler',\n"
    "'limits.time'. Of a plugin's own options those are shown that were written; its README has\n"
    "the others.\n"
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

static void print_value(const struct settings_entry *entry, struct strbuf *out)
{
    if (entry->value == NULL)
        options_print_node(entry->node, out);
    else if (entry->value->type == 0)
        strbuf_puts(out, "(unset)");
    else
        options_print_value(entry->value, out);
}

static void json_scalar(struct json *json, const char *key, const struct taxon_value *value)
{
    struct strbuf text = STRBUF_INIT;

    switch (value->type) {
    case 0:
        json_put_null(json, key);
        break;
    case TAXON_OPTION_BOOL:
        json_put_bool(json, key, value->integer != 0);
        break;
    case TAXON_OPTION_INT:
        json_put_int(json, key, value->integer);
        break;
    case TAXON_OPTION_REAL:
        json_put_real(json, key, value->real);
        break;
    case TAXON_OPTION_DURATION:
    case TAXON_OPTION_BYTES:
        options_print_value(value, &text);
        json_put_text(json, key, strbuf_text(&text));
        break;
    default:
        json_put_string(json, key, value->text, value->text_len);
        break;
    }
    strbuf_release(&text);
}

static void json_value(struct json *json, const struct taxon_value *value)
{
    bool is_map = value->type == TAXON_OPTION_MAP;

    if (!is_map && value->type != TAXON_OPTION_LIST) {
        json_scalar(json, "value", value);
        return;
    }
    if (is_map)
        json_object_begin(json, "value");
    else
        json_array_begin(json, "value");
    for (size_t i = 0; i < value->count; i++)
        json_scalar(json, is_map ? value->keys[i] : NULL, value->items[i]);
    if (is_map)
        json_object_end(json);
    else
        json_array_end(json);
}

/* Not deeper than the file may be (YAML_DEPTH_MAX), less the levels above a plugin's option. */
static void json_node(struct json *json, const char *key, const struct taxon_node *node)
{
    bool is_map = node->kind == TAXON_NODE_MAPPING;

    if (node->kind == TAXON_NODE_SCALAR) {
        if (options_is_null(node))
            json_put_null(json, key);
        else
            json_put_string(json, key, node->text, node->text_len);
        return;
    }
    if (is_map)
        json_object_begin(json, key);
    else
        json_array_begin(json, key);
    for (size_t i = 0; i < node->count; i++)
        json_node(json, is_map ? node->keys[i]->text : NULL, node->items[i]);
    if (is_map)
        json_object_end(json);
    else
        json_array_end(json);
}

static void see(void *context, const struct settings_entry *entry)
{
    struct listing *listing = context;
    struct strbuf value = STRBUF_INIT;
    struct strbuf from = STRBUF_INIT;
    struct row *row;

    if (!is_wanted(listing, entry->name))
        return;
    print_value(entry, &value);
    if (entry->node == NULL)
        strbuf_puts(&from, "default");
    else
        strbuf_printf(&from, "%s:%u:%u", entry->node->file, entry->node->line, entry->node->column);
    row = new_row(listing);
    if (row != NULL) {
        row->name = arena_strdup(&listing->arena, entry->name);
        row->value = arena_strdup(&listing->arena, strbuf_text(&value));
        row->from = arena_strdup(&listing->arena, strbuf_text(&from));
    }
    listing->failed |= row == NULL || row->name == NULL || row->value == NULL ||
                       row->from == NULL || value.failed || from.failed;
    json_object_begin(listing->json, entry->name);
    if (entry->value == NULL)
        json_node(listing->json, "value", entry->node);
    else
        json_value(listing->json, entry->value);
    json_put_text(listing->json, "from", strbuf_text(&from));
    json_object_end(listing->json);
    strbuf_release(&value);
    strbuf_release(&from);
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
    int code = settings_each(settings, see, listing, &err);
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
        status = list(settings, &listing, options.json);
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
