/* cli/explain_text: a document's text with what was found in it.
 *
 * Called by explain. With colours, furniture is dim and evidence has the colour of its scheme;
 * without, the role stands in front of the line and evidence between \xC2\xAB and \xC2\xBB. The
 * text is whoever's: each piece goes out as one harmless line.
 */
#include <string.h>

#include "cli/explain.h"
#include "cli/record_json.h"
#include "cli/style.h"

#define EVIDENCE_BEGIN "\xC2\xAB"
#define EVIDENCE_END   "\xC2\xBB"
#define QUOTED_MAX     120 /* bytes: a line that counts as a whole is not put between quotes */

static enum style style_of(const struct mark *evidence)
{
    static const enum style hues[] = {STYLE_YELLOW, STYLE_GREEN, STYLE_BLUE, STYLE_RED};

    return hues[evidence->hue % (sizeof hues / sizeof hues[0])];
}

/* Cells of a table row stand apart by tabs, which are no harm, but would be shown as such. */
static void put_text(const char *text, size_t len, FILE *stream)
{
    while (len > 0) {
        const char *tab = memchr(text, '\t', len);
        size_t size = tab == NULL ? len : (size_t)(tab - text);

        record_print_len(stream, text, size);
        if (tab == NULL)
            return;
        fputs("  ", stream);
        text += size + 1;
        len -= size + 1;
    }
}

static void put_run(const struct marks_run *run, const char *text, FILE *stream, bool styled)
{
    bool quoted =
        !styled && run->evidence != NULL && run->evidence->end - run->evidence->begin <= QUOTED_MAX;

    if (run->furniture != NULL)
        style_begin(stream, styled, STYLE_DIM);
    if (run->evidence != NULL)
        style_begin(stream, styled, style_of(run->evidence));
    fputs(quoted ? EVIDENCE_BEGIN : "", stream);
    put_text(text + run->begin, run->end - run->begin, stream);
    fputs(quoted ? EVIDENCE_END : "", stream);
    if (run->furniture != NULL || run->evidence != NULL)
        style_end(stream, styled);
}

/* The role of most of the line's bytes, or "". */
static const char *role_of(const struct marks *marks, size_t begin, size_t end)
{
    const char *role = "";
    size_t most = (end - begin) / 2;

    for (size_t at = begin; at < end;) {
        struct marks_run run = marks_run_at(marks, at, end);
        size_t len = 0;

        while (at < end && marks->furniture[at] == marks->furniture[run.begin]) {
            at++;
            len++;
        }
        if (run.furniture != NULL && len > most) {
            role = run.furniture->id;
            most = len;
        }
    }
    return role;
}

static void put_line(const struct marks *marks, const char *text, size_t begin, size_t end,
                     size_t number, FILE *stream, bool styled)
{
    style_begin(stream, styled, STYLE_DIM);
    fprintf(stream, "%5zu ", number);
    record_print_padded(stream, role_of(marks, begin, end), 14);
    style_end(stream, styled);
    fputc(' ', stream);
    for (size_t at = begin; at < end;) {
        struct marks_run run = marks_run_at(marks, at, end);

        put_run(&run, text, stream, styled);
        at = run.end;
    }
    fputc('\n', stream);
}

void explain_text(const struct marks *marks, const char *text, FILE *stream, bool styled)
{
    size_t number = 1;

    for (size_t at = 0; at < marks->text_len; number++) {
        const char *stop = memchr(text + at, '\n', marks->text_len - at);
        size_t end = stop == NULL ? marks->text_len : (size_t)(stop - text);
        size_t visible = end > at && text[end - 1] == '\r' ? end - 1 : end;

        put_line(marks, text, at, visible, number, stream, styled);
        at = end + 1;
    }
}
