/* cli/extract_write: the main text as plain text, as Markdown and as JSON.
 *
 * Called by extract. Control characters of a document do nothing on a terminal: they are left out,
 * but for line ends and tabs.
 */
#include <ctype.h>
#include <string.h>

#include <taxon/types.h>

#include "base/json.h"
#include "cli/extract.h"
#include "route/findings.h"

static bool is_control(char c)
{
    return ((unsigned char)c < ' ' && c != '\n' && c != '\t') || c == 0x7F;
}

static void put(struct strbuf *out, const char *text)
{
    strbuf_append(out, text, strlen(text));
}

static void put_clean(struct strbuf *out, const char *text, size_t len)
{
    size_t from = 0;

    for (size_t i = 0; i <= len; i++) {
        if (i < len && !is_control(text[i]))
            continue;
        strbuf_append(out, text + from, i - from);
        from = i + 1;
    }
}

/* Items of one list and rows of one table stand on lines without an empty one between. */
static bool is_close(const struct extract_part *before, const struct extract_part *part)
{
    return before->kind == part->kind &&
           (part->kind == TAXON_BLOCK_LIST_ITEM || part->kind == TAXON_BLOCK_TABLE_ROW);
}

void extract_write_text(const struct reply *reply, const struct extract_parts *parts,
                        struct strbuf *out)
{
    for (size_t i = 0; i < parts->count; i++) {
        const struct extract_part *part = &parts->items[i];

        if (i > 0)
            put(out, is_close(part - 1, part) ? "\n" : "\n\n");
        put_clean(out, reply->text + part->begin, part->end - part->begin);
    }
    if (parts->count > 0)
        put(out, "\n");
}

/* A number and a point or bracket at the begin of a line would be an item of a list. */
static size_t item_number(const char *text, size_t len)
{
    size_t digits = 0;

    while (digits < len && digits < 10 && isdigit((unsigned char)text[digits]))
        digits++;
    return digits > 0 && digits < len && (text[digits] == '.' || text[digits] == ')') ? digits : 0;
}

static void put_escaped(struct strbuf *out, const char *text, size_t len, bool in_row)
{
    size_t number = item_number(text, len);

    for (size_t i = 0; i < len; i++) {
        bool at_begin = i == 0 && strchr("#>-+=~", text[i]) != NULL;

        if (text[i] == '\n') {
            put(out, " ");
            continue;
        }
        if (text[i] == '\t' && in_row) {
            put(out, " | ");
            continue;
        }
        if (is_control(text[i]))
            continue;
        if (at_begin || (number > 0 && i == number) || strchr("\\`*_[]<", text[i]) != NULL ||
            (in_row && text[i] == '|'))
            put(out, "\\");
        strbuf_append(out, text + i, 1);
    }
}

/* A fence longer than any run of grave accents in the code. */
static void put_code(struct strbuf *out, const char *text, size_t len)
{
    size_t longest = 2;
    size_t run = 0;

    for (size_t i = 0; i < len; i++) {
        run = text[i] == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    for (int fence = 0; fence < 2; fence++) {
        for (size_t i = 0; i <= longest; i++)
            put(out, "`");
        if (fence > 0)
            return;
        put(out, "\n");
        put_clean(out, text, len);
        put(out, "\n");
    }
}

static void put_row(struct strbuf *out, const char *text, size_t len, bool is_first)
{
    put(out, "| ");
    put_escaped(out, text, len, true);
    put(out, " |");
    if (!is_first)
        return;
    put(out, "\n| --- |");
    for (size_t i = 0; i < len; i++)
        if (text[i] == '\t')
            put(out, " --- |");
}

static void put_part(struct strbuf *out, const char *text, const struct extract_part *part,
                     bool is_first)
{
    const char *from = text + part->begin;
    size_t len = part->end - part->begin;

    switch (part->kind) {
    case TAXON_BLOCK_CODE:
        put_code(out, from, len);
        return;
    case TAXON_BLOCK_TABLE_ROW:
        put_row(out, from, len, is_first);
        return;
    case TAXON_BLOCK_HEADING:
        for (uint32_t i = 0; i < part->level || i == 0; i++)
            put(out, "#");
        put(out, " ");
        break;
    case TAXON_BLOCK_LIST_ITEM:
        for (uint32_t i = 1; i < part->level; i++)
            put(out, "  ");
        put(out, "- ");
        break;
    case TAXON_BLOCK_QUOTE:
        put(out, "> ");
        break;
    default:
        break;
    }
    put_escaped(out, from, len, false);
}

void extract_write_markdown(const struct reply *reply, const struct extract_parts *parts,
                            struct strbuf *out)
{
    for (size_t i = 0; i < parts->count; i++) {
        const struct extract_part *part = &parts->items[i];
        bool close = i > 0 && is_close(part - 1, part);

        if (i > 0)
            put(out, close ? "\n" : "\n\n");
        put_part(out, reply->text, part, !close);
    }
    if (parts->count > 0)
        put(out, "\n");
}

static const char *kind_name(uint32_t kind)
{
    static const char *const names[] = {"other",  "paragraph", "heading", "list-item", "table-row",
                                        "quote",  "code",      "form",    "caption",   "nav",
                                        "footer", "header",    "aside",   "other"};

    return kind < sizeof names / sizeof names[0] ? names[kind] : "other";
}

static void put_blocks(struct json *json, const struct reply *reply,
                       const struct extract_parts *parts)
{
    json_array_begin(json, "blocks");
    for (size_t i = 0; i < parts->count; i++) {
        const struct extract_part *part = &parts->items[i];

        json_object_begin(json, NULL);
        json_put_text(json, "kind", kind_name(part->kind));
        if (part->level > 0)
            json_put_int(json, "level", part->level);
        json_put_int(json, "begin", (int64_t)part->begin);
        json_put_int(json, "end", (int64_t)part->end);
        json_put_string(json, "text", reply->text + part->begin, part->end - part->begin);
        json_object_end(json);
    }
    json_array_end(json);
}

static void put_dropped(struct json *json, const struct reply *reply, double least)
{
    json_array_begin(json, "dropped");
    for (size_t i = 0; i < reply->span_count; i++) {
        const struct reply_span *span = &reply->spans[i];

        if (!extract_drops(span, least))
            continue;
        json_object_begin(json, NULL);
        json_put_text(json, "role", span->id);
        json_put_real(json, "score", span->score);
        json_put_text(json, "reason", span->reason);
        json_put_int(json, "begin", (int64_t)span->begin);
        json_put_int(json, "end", (int64_t)span->end);
        json_object_end(json);
    }
    json_array_end(json);
}

static void put_fact(struct json *json, const struct subject *subject, const char *name)
{
    const struct reply_fact *fact = findings_fact(subject, name);

    if (fact != NULL)
        json_put_text(json, name, fact->value);
}

void extract_write_json(const struct subject *subject, const struct extract_parts *parts,
                        double least, struct strbuf *out)
{
    static const char *const facts[] = {"title", "url", "site", "author", "date-published"};
    const struct reply *reply = subject->reply;
    struct strbuf text = STRBUF_INIT;
    struct json json;

    extract_write_text(reply, parts, &text);
    json_init(&json, out, 0);
    json_object_begin(&json, NULL);
    json_put_text(&json, "name", subject->name);
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
        put_fact(&json, subject, facts[i]);
    json_put_text(&json, "language", reply->language);
    if (reply->unusable[0] != '\0')
        json_put_text(&json, "unusable", reply->unusable);
    json_put_string(&json, "text", strbuf_text(&text), text.len);
    put_blocks(&json, reply, parts);
    put_dropped(&json, reply, least);
    json_object_end(&json);
    put(out, "\n");
    if (text.failed)
        out->failed = true;
    strbuf_release(&text);
}
