/* cli/explain_html: a document and what was found in it as one page: no script, no picture, nothing
 * that is fetched; a content security policy says so to the browser, too.
 *
 * Called by explain. Whatever comes from the document or the record is escaped where it is put; a
 * control character becomes U+FFFD. Evidence and furniture say in their tool tip what they are.
 */
#include <string.h>

#include "base/utf8.h"
#include "cli/explain.h"
#include "cli/record_json.h"

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
    "'unsafe-inline'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";

static const char style[] =
    "<style>\n"
    ":root { color-scheme: light dark; --dim: #888; --line: #8884; }\n"
    "body { font: 16px/1.6 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; "
    "padding: 0 1rem; }\n"
    "h1 { font-size: 1.3rem; } h2 { font-size: 1.05rem; margin: 1.8rem 0 .4rem; }\n"
    "table { border-collapse: collapse; width: 100%; font-size: .9rem; }\n"
    "th, td { text-align: left; vertical-align: top; padding: .2rem .6rem .2rem 0; "
    "border-bottom: 1px solid var(--line); }\n"
    ".dim, .no { color: var(--dim); } .yes { font-weight: 600; } .near { font-style: italic; }\n"
    "meter { width: 6rem; } .score { white-space: nowrap; }\n"
    ".quotes { font-size: .85rem; font-weight: normal; width: 45%; }\n"
    ".text p { margin: 0; padding-left: 7.5rem; text-indent: -7.5rem; min-height: 1.6em; "
    "overflow-wrap: anywhere; }\n"
    ".role { display: inline-block; width: 7.5rem; text-indent: 0; color: var(--dim); "
    "font-size: .75rem; }\n"
    ".furniture { opacity: .45; }\n"
    "mark { color: inherit; border-bottom: 2px solid; background: none; }\n"
    ".h0 { border-color: #c80; background: #fc03; } .h1 { border-color: #2a6; background: #2c63; "
    "}\n"
    ".h2 { border-color: #36c; background: #39f3; } .h3 { border-color: #c36; background: #f693; "
    "}\n"
    "</style>\n";

/* Characters that reorder what stands around them (UAX #9). */
static bool is_bidi_control(uint32_t code_point)
{
    return (code_point >= 0x202A && code_point <= 0x202E) ||
           (code_point >= 0x2066 && code_point <= 0x2069);
}

/* A character of text, made harmless for an element or a quoted attribute. */
static void put_character(FILE *stream, const char *text, size_t len, uint32_t code_point)
{
    if (code_point == '&')
        fputs("&amp;", stream);
    else if (code_point == '<')
        fputs("&lt;", stream);
    else if (code_point == '>')
        fputs("&gt;", stream);
    else if (code_point == '"')
        fputs("&quot;", stream);
    else if (code_point == '\'')
        fputs("&#39;", stream);
    else if ((code_point < 0x20 && code_point != '\t') ||
             (code_point >= 0x7F && code_point <= 0x9F) || is_bidi_control(code_point))
        fputs("&#xFFFD;", stream);
    else
        fwrite(text, 1, len, stream);
}

static void put_text_len(FILE *stream, const char *text, size_t len)
{
    for (size_t at = 0; at < len;) {
        uint32_t code_point = 0;
        size_t n = utf8_decode(text + at, len - at, &code_point);

        if (n == 0) {
            fputs("&#xFFFD;", stream);
            n = 1;
        } else {
            put_character(stream, text + at, n, code_point);
        }
        at += n;
    }
}

static void put_text(FILE *stream, const char *text)
{
    put_text_len(stream, text, strlen(text));
}

static void put_cell(FILE *stream, const char *text)
{
    fputs("<td>", stream);
    put_text(stream, text);
    fputs("</td>", stream);
}

static void put_row(FILE *stream, const char *name, const char *value)
{
    if (value[0] == '\0')
        return;
    fprintf(stream, "<tr><th>%s</th>", name);
    put_cell(stream, value);
    fputs("</tr>\n", stream);
}

static void put_fact(const json_t *fact, FILE *stream)
{
    fputs("<tr>", stream);
    put_cell(stream, record_text(fact, "name"));
    put_cell(stream, record_text(fact, "value"));
    fprintf(stream, "<td>%.2f</td><td class=\"dim\">", record_real(fact, "score"));
    put_text(stream, record_text(fact, "reason"));
    fputs("</td></tr>\n", stream);
}

static void put_facts(const json_t *record, FILE *stream)
{
    const json_t *facts = json_object_get(record, "facts");

    if (json_array_size(facts) == 0)
        return;
    fputs("<h2>What it says of itself</h2>\n<table>\n", stream);
    for (size_t i = 0; i < json_array_size(facts); i++)
        put_fact(json_array_get(facts, i), stream);
    fputs("</table>\n", stream);
}

static void put_summary(const json_t *record, FILE *stream)
{
    const json_t *language = json_object_get(record, "language");
    const json_t *plan = json_object_get(record, "plan");
    const json_t *unusable = json_object_get(record, "unusable");

    fputs("<h1>", stream);
    put_text(stream, record_text(record, "name"));
    fputs("</h1>\n<table>\n", stream);
    put_row(stream, "Title", record_text(record, "title"));
    put_row(stream, "Address", record_text(record, "url"));
    put_row(stream, "Language", record_text(language, "id"));
    put_row(stream, "Script", record_text(language, "script"));
    put_row(stream, "Charset", record_text(json_object_get(record, "charset"), "name"));
    put_row(stream, "Media type", record_text(record, "media_type"));
    put_row(stream, "Unusable", record_text(unusable, "verdict"));
    put_row(stream, "Because", record_text(unusable, "reason"));
    put_row(stream, "Copy of", record_text(json_object_get(record, "copy_of"), "id"));
    put_row(stream, "Version of", record_text(json_object_get(record, "version_of"), "id"));
    put_row(stream, "Failed", record_text(json_object_get(record, "failure"), "reason"));
    put_row(stream, "Filed by rule", record_text(plan, "rule"));
    put_row(stream, "Archive", record_text(plan, "root"));
    put_row(stream, "Path", record_text(plan, "target"));
    fputs("</table>\n", stream);
}

static void put_label(const json_t *label, bool holds, FILE *stream)
{
    const json_t *names = json_object_get(label, "names");
    const json_t *list = json_object_get(label, "evidence");
    double score = record_real(label, "score");
    double threshold = record_real(label, "threshold");

    fprintf(stream, "<tr class=\"%s\">", holds ? "yes" : "near");
    put_cell(stream, record_text(label, "id"));
    fputs("<td>", stream);
    put_text(stream, record_text(names, "zh"));
    fputc(' ', stream);
    put_text(stream, record_text(names, "en"));
    fprintf(stream,
            "</td><td class=\"score\"><meter max=\"1\" low=\"%.2f\" value=\"%.2f\"></meter> %.2f "
            "%s %.2f</td>",
            threshold, score, score, holds ? "&ge;" : "&lt;", threshold);
    fputs("<td class=\"quotes dim\">", stream);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *piece = json_array_get(list, i);

        fprintf(stream, "%s%+.2f ", i > 0 ? "; " : "", record_real(piece, "weight"));
        put_text(stream, record_text(piece, "quote"));
    }
    fputs("</td></tr>\n", stream);
}

static void put_scheme(const json_t *record, const char *scheme, const char *answer, FILE *stream)
{
    static const char *const lists[] = {"labels", "near"};

    fputs("<h2>", stream);
    put_text(stream, scheme);
    fputs(": ", stream);
    put_text(stream, answer);
    fputs("</h2>\n<table>\n", stream);
    for (size_t i = 0; i < 2; i++) {
        const json_t *list = json_object_get(record, lists[i]);
        for (size_t k = 0; k < json_array_size(list); k++) {
            const json_t *label = json_array_get(list, k);
            if (strcmp(record_text(label, "scheme"), scheme) == 0)
                put_label(label, i == 0, stream);
        }
    }
    fputs("</table>\n", stream);
}

static void put_schemes(const json_t *record, FILE *stream)
{
    json_t *answers = json_object_get(record, "answers");
    const char *scheme;
    json_t *answer;

    json_object_foreach(answers, scheme, answer)
        put_scheme(record, scheme, json_is_string(answer) ? json_string_value(answer) : "", stream);
}

static void put_rules(const json_t *record, FILE *stream)
{
    const json_t *rules = json_object_get(record, "rules");

    if (json_array_size(rules) == 0)
        return;
    fputs("<h2>Rules</h2>\n<table>\n", stream);
    for (size_t i = 0; i < json_array_size(rules); i++) {
        const json_t *rule = json_array_get(rules, i);
        bool matched = json_is_true(json_object_get(rule, "matched"));

        fprintf(stream, "<tr class=\"%s\"><td>%s</td>", matched ? "yes" : "no",
                matched ? "matched" : "no");
        put_cell(stream, record_text(rule, "rule"));
        put_cell(stream, record_text(rule, "clause"));
        put_cell(stream, record_text(rule, "saw"));
        fputs("</tr>\n", stream);
    }
    fputs("</table>\n", stream);
}

static void put_tip(const struct mark *mark, FILE *stream)
{
    fputs(" title=\"", stream);
    put_text(stream, mark->scheme);
    fputc(' ', stream);
    put_text(stream, mark->id);
    fprintf(stream, " %.2f", mark->weight);
    if (mark->reason[0] != '\0')
        fputs(": ", stream);
    put_text(stream, mark->reason);
    fputs("\">", stream);
}

static void put_run(const struct marks_run *run, const char *text, FILE *stream)
{
    if (run->furniture != NULL) {
        fputs("<span class=\"furniture\"", stream);
        put_tip(run->furniture, stream);
    }
    if (run->evidence != NULL) {
        fprintf(stream, "<mark class=\"h%u\"", run->evidence->hue % 4);
        put_tip(run->evidence, stream);
    }
    put_text_len(stream, text + run->begin, run->end - run->begin);
    fputs(run->evidence != NULL ? "</mark>" : "", stream);
    fputs(run->furniture != NULL ? "</span>" : "", stream);
}

static void put_line(const struct marks *marks, const char *text, size_t begin, size_t end,
                     FILE *stream)
{
    fputs("<p><span class=\"role\">", stream);
    if (begin < end && marks->furniture[begin] != MARKS_NONE)
        put_text(stream, marks->items[marks->furniture[begin]].id);
    fputs("</span>", stream);
    for (size_t at = begin; at < end;) {
        struct marks_run run = marks_run_at(marks, at, end);

        put_run(&run, text, stream);
        at = run.end;
    }
    fputs("</p>\n", stream);
}

static void put_lines(const struct marks *marks, const char *text, FILE *stream)
{
    fputs("<h2>Text</h2>\n<div class=\"text\">\n", stream);
    for (size_t at = 0; at < marks->text_len;) {
        const char *stop = memchr(text + at, '\n', marks->text_len - at);
        size_t end = stop == NULL ? marks->text_len : (size_t)(stop - text);
        size_t visible = end > at && text[end - 1] == '\r' ? end - 1 : end;

        put_line(marks, text, at, visible, stream);
        at = end + 1;
    }
    fputs("</div>\n", stream);
}

void explain_html(const json_t *record, const struct marks *marks, const char *text, FILE *stream)
{
    fputs(head, stream);
    fputs("<title>", stream);
    put_text(stream, record_text(record, "name"));
    fputs("</title>\n", stream);
    fputs(style, stream);
    fputs("</head>\n<body>\n", stream);
    put_summary(record, stream);
    put_schemes(record, stream);
    put_facts(record, stream);
    put_rules(record, stream);
    if (text != NULL)
        put_lines(marks, text, stream);
    fputs("</body>\n</html>\n", stream);
}
