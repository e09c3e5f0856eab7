/* route/clean_text: a document's text without its page furniture.
 *
 * Called by the line for rules that emit text. Furniture is what spans of the scheme `boilerplate`
 * say with CLEAN_TEXT_SCORE or more; spans come from workers in any order and may overlap. What is
 * left keeps its order and its lines, with no more than one empty line where something went.
 */
#include "route/clean_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "route/findings.h"

struct range {
    size_t begin;
    size_t end;
};

static int compare_ranges(const void *a, const void *b)
{
    const struct range *left = a;
    const struct range *right = b;

    return (left->begin > right->begin) - (left->begin < right->begin);
}

static size_t find_furniture(const struct reply *reply, struct range *ranges)
{
    size_t count = 0;

    for (size_t i = 0; i < reply->span_count; i++) {
        const struct reply_span *span = &reply->spans[i];
        if (span->score >= CLEAN_TEXT_SCORE && strcmp(span->scheme, FINDINGS_BOILERPLATE) == 0)
            ranges[count++] = (struct range){(size_t)span->begin, (size_t)span->end};
    }
    qsort(ranges, count, sizeof ranges[0], compare_ranges);
    return count;
}

/* At the beginning, and behind an empty line, no further line end. */
static void append_part(struct strbuf *clean, const char *text, size_t len)
{
    size_t skipped = 0;

    while (skipped < len && text[skipped] == '\n' &&
           (clean->len == 0 ||
            (clean->len >= 2 && memcmp(clean->data + clean->len - 2, "\n\n", 2) == 0)))
        skipped++;
    strbuf_append(clean, text + skipped, len - skipped);
}

bool clean_text_json(const struct subject *subject, struct strbuf *out_text)
{
    const struct reply *reply = subject->reply;
    struct strbuf clean = STRBUF_INIT;
    struct range *ranges;
    struct json json;
    size_t at = 0;

    if (reply == NULL || reply->text == NULL)
        return false;
    ranges = calloc(reply->span_count + 1, sizeof ranges[0]);
    if (ranges == NULL) {
        out_text->failed = true;
        return false;
    }
    size_t count = find_furniture(reply, ranges);
    for (size_t i = 0; i < count; i++) {
        if (ranges[i].begin > at)
            append_part(&clean, reply->text + at, ranges[i].begin - at);
        if (ranges[i].end > at)
            at = ranges[i].end;
    }
    append_part(&clean, reply->text + at, (size_t)reply->text_len - at);
    json_init(&json, out_text, 0);
    json_put_string(&json, NULL, strbuf_text(&clean), clean.len);
    if (clean.failed)
        out_text->failed = true;
    strbuf_release(&clean);
    free(ranges);
    return true;
}
