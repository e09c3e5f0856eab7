/* lines: splits the folded text into lines and marks the title, the head, the tail and page
 * furniture.
 *
 * Called at the start of each document. In the folded text each run of white space that held a line
 * end is one '\n', so there are no empty lines.
 */
#include "lines.h"

#include <errno.h>
#include <string.h>

#include "kit/pattern.h"

static void split(struct lines *lines, const struct taxon_document *document)
{
    size_t at = 0;

    while (at < document->folded_len && lines->count < LINES_MAX) {
        const char *begin = document->folded + at;
        const char *stop = memchr(begin, '\n', document->folded_len - at);
        size_t end = stop == NULL ? document->folded_len : (size_t)(stop - document->folded);

        if (end > at) {
            lines->items[lines->count++] = (struct line){.begin = at, .end = end};
        }
        lines->end = end;
        at = end + 1;
    }
}

static size_t count_lines(const struct taxon_document *document)
{
    size_t count = 1;
    const char *at = document->folded;
    const char *end = at + document->folded_len;

    while (count < LINES_MAX && (at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        count++;
        at++;
    }
    return count;
}

/* AT_MASKED: furniture from its first to its last character. */
static uint32_t masking(const struct line *line, struct taxon_task *task,
                        const struct taxon_document *document, const struct mask *mask)
{
    size_t last = line->end - 1;

    if (!mask_touches_folded(mask, task, line->begin, line->end)) {
        return 0;
    }
    while (last > line->begin && ((unsigned char)document->folded[last] & 0xC0) == 0x80) {
        last--;
    }
    if (!mask_touches_folded(mask, task, last, line->end) ||
        !mask_touches_folded(mask, task, line->begin,
                             line->begin + pattern_character(document->folded + line->begin,
                                                             line->end - line->begin))) {
        return AT_TOUCHED;
    }
    return AT_MASKED | AT_TOUCHED;
}

static void mark_masked(struct lines *lines, struct taxon_task *task,
                        const struct taxon_document *document, const struct mask *mask)
{
    for (size_t i = 0; mask->count > 0 && i < lines->count; i++) {
        lines->items[i].at |= masking(&lines->items[i], task, document, mask);
    }
}

static const struct taxon_fact *find_title(const struct taxon_document *document)
{
    for (size_t i = 0; i < document->fact_count; i++) {
        const struct taxon_fact *fact =
            TAXON_AT(struct taxon_fact, document->facts, document->fact_stride, i);

        if (strcmp(fact->name, "title") == 0 && fact->begin != TAXON_NOWHERE &&
            fact->end <= document->text_len) {
            return fact;
        }
    }
    return NULL;
}

static void mark_title(struct lines *lines, struct taxon_task *task,
                       const struct taxon_document *document)
{
    const struct taxon_fact *title = find_title(document);

    if (title == NULL) {
        if (lines->count > 0 && lines->items[0].end - lines->items[0].begin <= LINES_TITLE_MAX) {
            lines->items[0].at |= AT_TITLE;
        }
        return;
    }
    for (size_t i = 0; i < lines->count; i++) {
        size_t begin;
        size_t end;

        if (task->host->unfold(task, lines->items[i].begin, lines->items[i].end, &begin, &end) <
                0 ||
            begin >= title->end) {
            return;
        }
        if (end > title->begin) {
            lines->items[i].at |= AT_TITLE;
        }
    }
}

static void mark_edges(struct lines *lines)
{
    size_t seen = 0;

    for (size_t i = 0; i < lines->count; i++) {
        lines->open += (lines->items[i].at & AT_MASKED) == 0;
    }
    for (size_t i = 0; i < lines->count; i++) {
        /* Furniture is no edge itself, but it stands at one. */
        seen += (lines->items[i].at & AT_MASKED) == 0;
        lines->items[i].at |= seen <= LINES_EDGE ? AT_HEAD : 0;
        lines->items[i].at |= seen + LINES_EDGE > lines->open ? AT_TAIL : 0;
    }
}

int lines_init(struct lines *lines, struct taxon_task *task, const struct taxon_document *document,
               const struct mask *mask)
{
    memset(lines, 0, sizeof(*lines));
    lines->items = task->host->alloc(task, count_lines(document) * sizeof(*lines->items));
    if (lines->items == NULL) {
        return -ENOMEM;
    }
    split(lines, document);
    mark_title(lines, task, document);
    mark_masked(lines, task, document, mask);
    mark_edges(lines);
    return 0;
}

int lines_init_like(struct lines *lines, const struct lines *like, struct taxon_task *task,
                    const struct taxon_document *document, const struct mask *mask)
{
    *lines = (struct lines){.count = like->count, .end = like->end};
    lines->items = task->host->alloc(task, (like->count + 1) * sizeof(*lines->items));
    if (lines->items == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < lines->count; i++) {
        lines->items[i] = like->items[i];
        lines->items[i].at &= AT_TITLE;
    }
    mark_masked(lines, task, document, mask);
    mark_edges(lines);
    return 0;
}

static int is_lead_in(const char *text, size_t len, size_t *out_size)
{
    static const char *const marks[] = {"“", "\"", "「", "《", "【", "(",  "[", "*", "-",
                                        "•", "#",  ".",  "、", ")",  "】", "]", " ", ":"};
    size_t number = pattern_number(text, len);

    if (number > 0) {
        *out_size = number;
        return 1;
    }
    if ((unsigned char)text[0] >= 0xE4 || (text[0] >= 'a' && text[0] <= 'z')) {
        return 0; /* no mark begins so, and nearly all text does */
    }
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        size_t size = strlen(marks[i]);

        if (size <= len && memcmp(text, marks[i], size) == 0) {
            *out_size = size;
            return 1;
        }
    }
    return 0;
}

uint32_t lines_place(const char *folded, const struct line *line, size_t begin, size_t end)
{
    size_t from = line->begin;
    size_t size;
    uint32_t at = line->at;

    if (begin - line->begin > LINES_HEAD_MAX) {
        at &= ~AT_HEAD;
    }
    while (from < begin && begin - from <= 32 && is_lead_in(folded + from, begin - from, &size)) {
        from += size;
    }
    if (from == begin) {
        at |= AT_LINE_BEGIN;
    }
    if (line->end <= end || (line->end - end <= 3 && (folded[end] == ':' || folded[end] == '.')) ||
        (line->end - end == 3 && memcmp(folded + end, "。", 3) == 0)) {
        at |= AT_LINE_END;
    }
    return at;
}
