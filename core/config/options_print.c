/* config/options_print: values as they would be written in the configuration, on one line.
 *
 * Called by `taxon config`, and by a worker for the values of a plugin's options. What is printed
 * can be read again: durations and sizes in their units, texts quoted where YAML would take them
 * for something else, lists and mappings in flow style (YAML 1.1, chapter 7).
 */
#include "config/options.h"

#include <inttypes.h>
#include <string.h>

#include "config/options_number.h"

/* Characters of a text that needs no quotes in flow style; beyond ASCII none is special. */
static bool is_plain(char c)
{
    return ((unsigned char)c >= 0x80) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || (c != '\0' && strchr("_./+@%:=-", c) != NULL);
}

static bool needs_quotes(const char *text, size_t len)
{
    const struct taxon_node node = {.kind = TAXON_NODE_SCALAR, .text = text, .text_len = len};

    if (options_is_null(&node) || strchr("-@%=:", text[0]) != NULL || text[len - 1] == ':')
        return true;
    for (size_t i = 0; i < len; i++)
        if (!is_plain(text[i]))
            return true;
    return false;
}

static void print_text(const char *text, size_t len, struct strbuf *out)
{
    if (!needs_quotes(text, len)) {
        strbuf_append(out, text, len);
        return;
    }
    strbuf_putc(out, '"');
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '"' || c == '\\')
            strbuf_printf(out, "\\%c", c);
        else if (c < 0x20 || c == 0x7F)
            strbuf_printf(out, "\\x%02X", c);
        else
            strbuf_putc(out, text[i]);
    }
    strbuf_putc(out, '"');
}

static void print_scalar(const struct taxon_value *value, struct strbuf *out)
{
    switch (value->type) {
    case TAXON_OPTION_BOOL:
        strbuf_puts(out, value->integer != 0 ? "true" : "false");
        break;
    case TAXON_OPTION_INT:
        strbuf_printf(out, "%" PRId64, value->integer);
        break;
    case TAXON_OPTION_DURATION:
    case TAXON_OPTION_BYTES:
        number_print(value->type, (double)value->integer, out);
        break;
    case TAXON_OPTION_REAL:
        number_print(value->type, value->real, out);
        break;
    default:
        print_text(value->text, value->text_len, out);
        break;
    }
}

void options_print_value(const struct taxon_value *value, struct strbuf *out_text)
{
    bool is_map = value->type == TAXON_OPTION_MAP;

    if (value->type == 0)
        return;
    if (!is_map && value->type != TAXON_OPTION_LIST) {
        print_scalar(value, out_text);
        return;
    }
    strbuf_putc(out_text, is_map ? '{' : '[');
    for (size_t i = 0; i < value->count; i++) {
        strbuf_puts(out_text, i == 0 ? "" : ", ");
        if (is_map) {
            print_text(value->keys[i], strlen(value->keys[i]), out_text);
            strbuf_puts(out_text, ": ");
        }
        print_scalar(value->items[i], out_text);
    }
    strbuf_putc(out_text, is_map ? '}' : ']');
}

/* The tree is at most YAML_DEPTH_MAX deep. */
void options_print_node(const struct taxon_node *node, struct strbuf *out_text)
{
    bool is_map = node->kind == TAXON_NODE_MAPPING;

    if (node->kind == TAXON_NODE_SCALAR) {
        if (options_is_null(node))
            strbuf_putc(out_text, '~');
        else
            print_text(node->text, node->text_len, out_text);
        return;
    }
    strbuf_putc(out_text, is_map ? '{' : '[');
    for (size_t i = 0; i < node->count; i++) {
        strbuf_puts(out_text, i == 0 ? "" : ", ");
        if (is_map) {
            print_text(node->keys[i]->text, node->keys[i]->text_len, out_text);
            strbuf_puts(out_text, ": ");
        }
        options_print_node(node->items[i], out_text);
    }
    strbuf_putc(out_text, is_map ? '}' : ']');
}
