/* route/stream: what a line of a stream looks like.
 *
 * Called by the line for documents whose rule has `emit`. A record is the program's own JSON, in
 * whose strings control characters are escaped: each line end in it, with the spaces behind, is
 * layout.
 */
#include <string.h>

#include "route/stream.h"

static void append_flat(struct strbuf *out, const char *record, size_t len)
{
    for (size_t at = 0; at < len;) {
        const char *end = memchr(record + at, '\n', len - at);
        size_t part = end != NULL ? (size_t)(end - record) - at : len - at;
        strbuf_append(out, record + at, part);
        at += part;
        if (end == NULL)
            return;
        at++;
        while (at < len && record[at] == ' ')
            at++;
        if (out->len > 0 && out->data[out->len - 1] == ',')
            strbuf_putc(out, ' ');
    }
}

static void append_text(struct strbuf *out, const char *text, size_t len)
{
    if (text != NULL)
        strbuf_append(out, text, len);
    else
        strbuf_puts(out, "null"); /* it was too long for the worker's answer */
}

void stream_record_line(const char *record, size_t len, const struct id *id, const char *text,
                        size_t text_len, struct strbuf *out_line, struct strbuf *out_mark)
{
    strbuf_printf(out_mark, "{\"record\": 1, \"id\": \"%s\"", id->text);
    append_flat(out_line, record, len);
    if (text == NULL || out_line->len == 0 || out_line->data[out_line->len - 1] != '}')
        return;
    out_line->len--;
    strbuf_puts(out_line, ", \"text\": ");
    append_text(out_line, text, text_len);
    strbuf_putc(out_line, '}');
}

void stream_text_line(const struct id *id, const char *text, size_t text_len,
                      struct strbuf *out_line, struct strbuf *out_mark)
{
    strbuf_printf(out_mark, "{\"id\": \"%s\"", id->text);
    strbuf_append(out_line, out_mark->data, out_mark->len);
    strbuf_puts(out_line, ", \"text\": ");
    append_text(out_line, text, text_len);
    strbuf_putc(out_line, '}');
}
