/* lines: splits the folded text and finds out what can be known of a line before any role is: its
 * shape, its block, its place, its likeness to others.
 *
 * Called at the start of each document. In the folded text each run of white space that held a line
 * end is one '\n', so there are no empty lines. The html reader puts a block on a line of its own,
 * so that a line is a block there, too.
 */
#include "lines.h"

#include <errno.h>
#include <string.h>

#define EDGE          8  /* lines that are the head, and the tail, whatever they hold */
#define HEAD_MAX      60 /* lines that may stand before the text begins and be its head */
#define SHORT_COLUMNS 40
#define CODE_MIN      8 /* lines of a program that a document about code has */
#define STOP_EVERY    512
#define SAME_BYTES    200 /* of a line that likeness is told by */

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

static void split(struct page *page)
{
    const struct taxon_document *document = page->document;
    size_t at = 0;

    while (at < document->folded_len && page->count < LINES_MAX) {
        const char *begin = document->folded + at;
        const char *stop = memchr(begin, '\n', document->folded_len - at);
        size_t end = stop == NULL ? document->folded_len : (size_t)(stop - document->folded);
        struct line *line = &page->lines[page->count];

        if (end > at && page->task->host->unfold(page->task, at, end, &line->text_begin,
                                                 &line->text_end) == 0) {
            line->begin = at;
            line->end = end;
            line->role = NO_ROLE;
            shape_of(begin, end - at, &line->shape);
            page->count++;
        }
        at = end + 1;
        if (page->count % STOP_EVERY == 0 && page->task->host->should_stop(page->task)) {
            return;
        }
    }
}

/* Where the block stands among the elements of the page; an older host does not say. Of the lines
 * of one block only the first is joined to what stands before the block. */
static void take_place(struct line *line, const struct taxon_block *block, int is_first)
{
    line->depth = block->depth;
    line->path = block->tag_path_hash;
    if (block->struct_size >= offsetof(struct taxon_block, near_names) + sizeof(uint32_t)) {
        line->joint_depth = is_first ? block->joint_depth : block->depth;
        line->elements = block->elements;
        line->names = block->names;
        line->near_names = block->near_names;
    }
    if (line->joint_depth > line->depth) {
        line->joint_depth = line->depth;
    }
}

/* Blocks come in order; where they do not, some lines stay without. */
static void find_blocks(struct page *page)
{
    const struct taxon_document *document = page->document;
    size_t block = 0;
    size_t block_seen = 0;

    for (size_t i = 0; i < page->count; i++) {
        struct line *line = &page->lines[i];
        const struct taxon_block *at;

        while (block < document->block_count &&
               TAXON_AT(struct taxon_block, document->blocks, document->block_stride, block)->end <=
                   line->text_begin) {
            block++;
        }
        if (block == document->block_count) {
            return;
        }
        at = TAXON_AT(struct taxon_block, document->blocks, document->block_stride, block);
        if (at->begin < line->text_end && at->end > at->begin) {
            double share = (double)at->link_bytes / (double)(at->end - at->begin);

            line->kind = at->kind;
            line->level = at->level;
            line->linked = share > 1 ? 1 : share;
            take_place(line, at, at->begin >= block_seen);
            block_seen = at->end;
        }
    }
}

/* Does the line look like a line of a program, words in it or not? */
static int is_statement(const struct shape *shape)
{
    return (shape->bits & SHAPE_HAN) == 0 && shape->code >= 2 && shape->code * 10 >= shape->columns;
}

static void weigh_code(struct page *page)
{
    size_t statements = 0;

    for (size_t i = 0; i < page->count; i++) {
        page->code_lines += (size_t)line_is_code(&page->lines[i]);
        statements += (size_t)is_statement(&page->lines[i].shape);
    }
    page->much_code = statements >= CODE_MIN && statements * 12 >= page->count;
}

/* Behind the last line with all of these bits; `otherwise` when there is none. */
static size_t behind_last(const struct page *page, uint32_t bits, size_t otherwise)
{
    for (size_t i = page->count; i-- > 0;) {
        if (line_is_body(&page->lines[i]) && (page->lines[i].shape.bits & bits) == bits) {
            return i + 1;
        }
    }
    return otherwise;
}

/* A teaser or a slogan in the small print may read like a sentence, so the tail begins behind the
 * last long one. */
static void mark_edges(struct page *page)
{
    size_t first = 0;
    size_t last;

    while (first < page->count && !line_is_body(&page->lines[first])) {
        first++;
    }
    page->body_end = behind_last(page, SHAPE_SENTENCE, 0);
    last = behind_last(page, SHAPE_LONG, page->body_end);
    first = first == page->count ? 0 : first < HEAD_MAX ? first : HEAD_MAX;
    for (size_t i = 0; i < page->count; i++) {
        page->lines[i].at |= i < EDGE || i < first ? AT_HEAD : 0;
        page->lines[i].at |= i + EDGE >= page->count || i >= last ? AT_TAIL : 0;
    }
}

static int is_short(const struct line *line)
{
    return line->shape.columns <= SHORT_COLUMNS &&
           (line->shape.bits & (SHAPE_STOP | SHAPE_OPENED)) == 0;
}

static void count_runs(struct page *page)
{
    size_t i = 0;

    while (i < page->count) {
        size_t end = i;

        while (end < page->count && is_short(&page->lines[end])) {
            end++;
        }
        for (size_t k = i; k < end; k++) {
            page->lines[k].run = (uint32_t)(end - i);
        }
        i = end > i ? end : i + 1;
    }
}

/* Eight bytes at a time, multiplied and turned over (as Murmur's finalizer). */
static uint64_t hash_line(const char *text, size_t len)
{
    size_t most = len < SAME_BYTES ? len : SAME_BYTES;
    uint64_t hash = len;

    for (size_t i = 0; i < most; i += sizeof(hash)) {
        uint64_t word = 0;

        memcpy(&word, text + i, most - i < sizeof(word) ? most - i : sizeof(word));
        hash = (hash ^ word) * UINT64_C(0xFF51AFD7ED558CCD);
        hash ^= hash >> 33;
    }
    return hash;
}

struct seen {
    uint64_t hash;
    uint32_t count;
    uint32_t used;
};

/* Likeness is by hash: two lines that share one by chance are counted as one, which costs little,
 * since being repeated is a weak cue. A table of twice the lines, so that rows of used places are
 * short; who makes many hashes fall on one place meets the limit of tries. */
static int count_same(struct page *page)
{
    size_t size = 16;
    struct seen *table;
    uint64_t *hashes;

    while (size < page->count * 2) {
        size *= 2;
    }
    table = page->task->host->alloc(page->task, size * sizeof(*table));
    hashes = page->task->host->alloc(page->task, (page->count + 1) * sizeof(*hashes));
    if (table == NULL || hashes == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < page->count; i++) {
        hashes[i] = hash_line(line_text(page, i), line_len(page, i));
    }
    for (int turn = 0; turn < 2; turn++) {
        for (size_t i = 0; i < page->count; i++) {
            uint64_t hash = hashes[i];

            for (size_t tries = 0; tries < 32; tries++) {
                struct seen *seen = &table[(hash + tries) & (size - 1)];

                if (seen->used && seen->hash != hash) {
                    continue;
                }
                *seen = (struct seen){hash, seen->count + (turn == 0), 1};
                page->lines[i].same = seen->count;
                break;
            }
        }
    }
    return 0;
}

static void mark_title(struct page *page)
{
    const struct taxon_document *document = page->document;

    for (size_t i = 0; i < document->fact_count; i++) {
        const struct taxon_fact *fact =
            TAXON_AT(struct taxon_fact, document->facts, document->fact_stride, i);

        if (strcmp(fact->name, "title") != 0 || fact->begin == TAXON_NOWHERE) {
            continue;
        }
        for (size_t k = 0; k < page->count && page->lines[k].text_begin < fact->end; k++) {
            page->lines[k].is_title = page->lines[k].text_end > fact->begin;
        }
        return;
    }
}

int lines_init(struct page *page)
{
    const struct taxon_host *host = page->task->host;
    size_t room = count_lines(page->document);

    page->is_html =
        page->document->media_type != NULL && strstr(page->document->media_type, "html") != NULL;
    page->lines = host->alloc(page->task, (room + 1) * sizeof(*page->lines));
    page->sums = host->alloc(page->task, (room + 1) * (page->boilerplate->labels.count + 1) *
                                             sizeof(*page->sums));
    if (page->lines == NULL || page->sums == NULL ||
        candidates_init(&page->candidates, page->task, page->boilerplate) < 0) {
        return -ENOMEM;
    }
    split(page);
    find_blocks(page);
    weigh_code(page);
    mark_edges(page);
    count_runs(page);
    mark_title(page);
    return count_same(page);
}
