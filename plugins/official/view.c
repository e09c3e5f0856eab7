/* view: lines of the folded text, and pieces made of them.
 *
 * Called for documents that passed the glance of glance.c, and by it for single lines. Knows
 * nothing of what stands in a line. All work is linear in what is looked at, which is bounded.
 */
#include "view.h"

#include <errno.h>
#include <string.h>

#define VIEW_HEAD ((size_t)256 * 1024)
#define VIEW_TAIL ((size_t)128 * 1024)
#define LINES_MAX 30000u
#define SURE      0.9 /* the least score of a span that hides its line */

/* Roles of boilerplate that hide a line where it is sure of them. Others, such as a dateline, may
 * be parts of a document; and so may what is told only by where it stands: numbers, recipients and
 * signatures are short lines before and behind the main part. */
static int hides(const struct taxon_span *span)
{
    static const char *const roles[] = {"navigation", "breadcrumb", "related",      "share",
                                        "pagination", "copyright",  "registration", "comment"};

    if (strcmp(span->scheme, "boilerplate") != 0 || span->score < SURE) {
        return 0;
    }
    for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
        if (strcmp(span->id, roles[i]) == 0) {
            return 1;
        }
    }
    return 0;
}

static int is_apart(const struct taxon_block *block)
{
    return block->kind == TAXON_BLOCK_NAV || block->kind == TAXON_BLOCK_FOOTER ||
           block->kind == TAXON_BLOCK_ASIDE ||
           (size_t)block->link_bytes * 2 > block->end - block->begin;
}

/* Lines, spans and blocks all come ordered by begin: one walk along the three. */
struct walk {
    const struct taxon_document *document;
    size_t span;
    size_t block;
};

/* Does something hide text bytes [begin, end)? Both rise from call to call. */
static uint32_t walk_hides(struct walk *walk, size_t begin, size_t end)
{
    const struct taxon_document *document = walk->document;

    for (; walk->span < document->span_count; walk->span++) {
        const struct taxon_span *span =
            TAXON_AT(struct taxon_span, document->spans, document->span_stride, walk->span);

        if (hides(span) && span->end > begin) {
            if (span->begin < end) {
                return 1;
            }
            break;
        }
    }
    for (; walk->block < document->block_count; walk->block++) {
        const struct taxon_block *block =
            TAXON_AT(struct taxon_block, document->blocks, document->block_stride, walk->block);

        if (block->end > begin) {
            return block->begin < end && is_apart(block);
        }
    }
    return 0;
}

static void hide_furniture(const struct view *view, struct line *lines)
{
    struct walk walk = {.document = view->document};

    for (size_t i = 0; i < view->count; i++) {
        size_t begin;
        size_t end;

        if (view->task->host->unfold(view->task, lines[i].begin, lines[i].end, &begin, &end) == 0) {
            lines[i].is_hidden = walk_hides(&walk, begin, end);
        }
    }
}

/* Finds the lines that begin in [from, to); with `lines` NULL only counts them. */
static size_t split(const char *text, size_t len, size_t from, size_t to, struct line *lines,
                    size_t room)
{
    size_t count = 0;

    while (from < to && count < room) {
        const char *stop = memchr(text + from, '\n', len - from);
        size_t end = stop == NULL ? len : (size_t)(stop - text);

        if (end > from && lines != NULL) {
            lines[count] = (struct line){(uint32_t)from, (uint32_t)end, 0};
        }
        count += end > from;
        from = end + 1;
    }
    return count;
}

int view_make(struct view *view, struct taxon_task *task, const struct taxon_document *document)
{
    const char *text = document->folded;
    size_t len = document->folded_len;
    size_t head = len;
    size_t tail = len;
    size_t room;
    struct line *lines;

    if (len >= UINT32_MAX) {
        return -ENOMEM;
    }
    if (len > VIEW_HEAD + VIEW_TAIL) {
        const char *stop = memchr(text + len - VIEW_TAIL, '\n', VIEW_TAIL);

        head = VIEW_HEAD;
        tail = stop == NULL ? len : (size_t)(stop - text) + 1;
    }
    room = split(text, len, 0, head, NULL, LINES_MAX);
    room += split(text, len, tail, len, NULL, LINES_MAX);
    lines = task->host->alloc(task, (room + 1) * sizeof(*lines));
    if (lines == NULL) {
        return -ENOMEM;
    }
    *view = (struct view){.task = task, .document = document, .lines = lines};
    view->count = split(text, len, 0, head, lines, LINES_MAX);
    if (view->count > 0 && lines[view->count - 1].end > tail) {
        tail = lines[view->count - 1].end;
    }
    view->count += split(text, len, tail, len, lines + view->count, room - view->count);
    hide_furniture(view, lines);
    return 0;
}

int piece_is_full(const struct piece *piece)
{
    return piece->len + 4 > PIECE_MAX;
}

static int is_ascii(char c)
{
    return (unsigned char)c < 0x80;
}

static void add_range(struct piece *piece, const char *folded, size_t begin, size_t end)
{
    int gap = piece->len > 0;

    for (size_t i = begin; i < end; i++) {
        int is_blank = folded[i] == ' ' || folded[i] == '\n';

        if (piece_is_full(piece) && ((unsigned char)folded[i] & 0xC0) != 0x80) {
            break;
        }

        if (is_blank && (piece->len == 0 || i + 1 == end || !is_ascii(folded[i + 1]) ||
                         !is_ascii(piece->text[piece->len - 1]))) {
            gap = 1;
            continue;
        }
        piece->text[piece->len] = is_blank ? ' ' : folded[i];
        piece->at[piece->len] = (uint32_t)i;
        piece->gap[piece->len] = (uint8_t)gap;
        piece->len++;
        gap = 0;
    }
    piece->text[piece->len] = '\0';
}

void piece_add(struct piece *piece, const struct view *view, size_t index)
{
    const char *folded = view->document->folded;
    size_t begin = view->lines[index].begin;

    while (begin < view->lines[index].end && folded[begin] == '#') {
        begin++; /* the mark of a heading */
    }
    add_range(piece, folded, begin, view->lines[index].end);
}

void piece_take(struct piece *piece, const struct view *view, size_t first, size_t last)
{
    piece->len = 0;
    piece->text[0] = '\0';
    for (size_t i = first; i <= last && i < view->count; i++) {
        piece_add(piece, view, i);
    }
}

void piece_take_range(struct piece *piece, const char *folded, size_t begin, size_t end)
{
    piece->len = 0;
    piece->text[0] = '\0';
    add_range(piece, folded, begin, end);
}

struct range piece_range(const struct piece *piece, size_t begin, size_t end)
{
    return (struct range){piece->at[begin], (size_t)piece->at[end - 1] + 1};
}
