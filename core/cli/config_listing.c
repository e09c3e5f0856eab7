/* cli/config_listing: the options that `taxon config` shows, gathered and printed.
 *
 * Called by config.c. Rows are kept until all are known, since their columns are as wide as the
 * widest; JSON is written as they come.
 */
#include "cli/config_listing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/config_values.h"
#include "cli/style.h"
#include "config/options.h"

#define UNSET             "(unset)"
#define VALUE_COLUMNS_MAX 44 /* a longer value pushes its place to the right */

bool listing_is_in(const char *name, const char *section)
{
    size_t len = strlen(section);

    return strncmp(name, section, len) == 0 && (name[len] == '\0' || name[len] == '.');
}

static bool is_wanted(struct listing *listing, const char *name)
{
    bool wanted = listing->section_count == 0;

    for (size_t i = 0; i < listing->section_count; i++) {
        if (!listing_is_in(name, listing->sections[i]))
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

void listing_see(void *context, const struct settings_entry *entry)
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

bool listing_own(void *context, const struct settings_plugin *plugin)
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

void listing_print(const struct listing *listing)
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
