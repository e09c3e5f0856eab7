/* config/options_markdown: an option table as a table in Markdown.
 *
 * Called for docs/configuration.md and for each plugin's page, so that what is documented is what
 * is parsed. The table has been checked (options_check_table).
 */
#include "config/options.h"

#include "config/options_value.h"

/* In a cell a bar would end it, and a line break the table. */
static void print_cell(struct strbuf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '|')
            strbuf_putc(out, '\\');
        strbuf_putc(out, *text == '\n' || *text == '\r' ? ' ' : *text);
    }
}

static const char *type_name(uint32_t type)
{
    static const char *const names[] = {
        [TAXON_OPTION_BOOL] = "true or false", [TAXON_OPTION_INT] = "whole number",
        [TAXON_OPTION_REAL] = "number",        [TAXON_OPTION_STRING] = "text",
        [TAXON_OPTION_DURATION] = "duration",  [TAXON_OPTION_BYTES] = "size",
        [TAXON_OPTION_PATH] = "path",          [TAXON_OPTION_CHOICE] = "choice",
        [TAXON_OPTION_LIST] = "list of",       [TAXON_OPTION_MAP] = "mapping of names to",
    };

    return names[type];
}

static void print_type(struct strbuf *out, const struct taxon_option *row)
{
    strbuf_puts(out, type_name(row->type));
    if (row->element != 0)
        strbuf_printf(out, " %s", type_name(row->element));
}

static void print_default(struct strbuf *out, const struct taxon_option *row)
{
    if (row->required != 0) {
        strbuf_puts(out, "must be given");
    } else if (row->fallback == NULL) {
        strbuf_puts(out, "none");
    } else {
        strbuf_putc(out, '`');
        print_cell(out, row->fallback[0] == '\0' ? "\"\"" : row->fallback);
        strbuf_putc(out, '`');
    }
}

static void print_range(struct strbuf *out, const struct taxon_option *row)
{
    value_describe_range(row, out);
    for (size_t i = 0; row->choices != NULL && row->choices[i] != NULL; i++) {
        strbuf_puts(out, i == 0 ? "`" : ", `");
        print_cell(out, row->choices[i]);
        strbuf_putc(out, '`');
    }
}

void options_print_markdown(const struct option_table *table, struct strbuf *out_text)
{
    strbuf_puts(out_text, "| option | type | default | range | meaning |\n"
                          "| --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < table->count; i++) {
        const struct taxon_option *row = options_row(table, i);
        strbuf_printf(out_text, "| `%s` | ", row->name);
        print_type(out_text, row);
        strbuf_puts(out_text, " | ");
        print_default(out_text, row);
        strbuf_puts(out_text, " | ");
        print_range(out_text, row);
        strbuf_puts(out_text, " | ");
        print_cell(out_text, row->help);
        strbuf_puts(out_text, " |\n");
    }
}
