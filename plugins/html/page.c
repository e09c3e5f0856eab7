/* page: makes lines of text out of pieces, and a block of each line.
 *
 * Called by the walk, which says where a piece stands and where a line ends. A line is begun by its
 * first visible character; its kind, depth and path are those of the place where that stands. Lines
 * are separated by "\n", cells within one by "\t"; only <pre> has lines within its one block.
 * White space is collapsed as browsers do it. No-break and ideographic spaces are kept, since
 * blanks to be filled in are made of them, except at both ends of a line, where they indent.
 */
#include "page.h"

#include <errno.h>
#include <string.h>

#define TABS_MAX   64u
#define BLOCKS_MIN 256u
#define ROOM_MORE  1024u

int page_init(struct page *page, struct taxon_task *task, size_t input_len)
{
    *page = (struct page){.task = task};
    /* What a reference stands for takes at most 6/5 of its bytes (&nGt;), what else is put in less
     * than the tags it is put in for. */
    page->size = input_len + input_len / 4 + ROOM_MORE;
    page->text = task->host->alloc(task, page->size);
    page->block_size = BLOCKS_MIN;
    page->blocks = task->host->alloc(task, page->block_size * sizeof(*page->blocks));
    if (page->text == NULL || page->blocks == NULL) {
        return -ENOMEM;
    }
    return regions_init(&page->regions, task);
}

/* Whether `count` more bytes fit. The room is enough for any page; this is for the day on which
 * that is wrong. */
static int has_room(struct page *page, size_t count)
{
    if (page->size - page->len < count) {
        page->failed = 1;
    }
    return !page->failed;
}

/* The length of the invisible character at `p`: a no-break or ideographic space, a zero-width one
 * or a byte order mark. 0: what stands there is to be seen. */
static size_t blank_at(const char *p, size_t left)
{
    const unsigned char *u = (const unsigned char *)p;

    if (left >= 1 && (u[0] == ' ' || (u[0] >= '\t' && u[0] <= '\r'))) {
        return 1;
    }
    if (left >= 2 && u[0] == 0xC2 && (u[1] == 0xA0 || u[1] == 0xAD)) {
        return 2;
    }
    if (left < 3) {
        return 0;
    }
    if ((u[0] == 0xE3 && u[1] == 0x80 && u[2] == 0x80) ||
        (u[0] == 0xE2 && u[1] == 0x80 && u[2] >= 0x8B && u[2] <= 0x8F) ||
        (u[0] == 0xEF && u[1] == 0xBB && u[2] == 0xBF)) {
        return 3;
    }
    return 0;
}

static size_t trimmed_end(const char *text, size_t begin, size_t end)
{
    while (end > begin) {
        size_t size = 1;

        while (size < 3 && end - size > begin && ((unsigned char)text[end - size] & 0xC0) == 0x80) {
            size++;
        }
        if (blank_at(text + end - size, size) != size) {
            break;
        }
        end -= size;
    }
    return end;
}

static struct page_block *new_block(struct page *page)
{
    if (page->block_count == page->block_size) {
        struct page_block *blocks =
            page->task->host->alloc(page->task, page->block_size * 2 * sizeof(*page->blocks));

        if (blocks == NULL) {
            page->failed = 1;
            return NULL;
        }
        memcpy(blocks, page->blocks, page->block_count * sizeof(*blocks));
        page->blocks = blocks;
        page->block_size *= 2;
    }
    return &page->blocks[page->block_count++];
}

/* How deep the innermost element is that is around both the last block, the new one's
 * predecessor, and the place of the new one. `row` is counted already. */
static uint32_t joint_depth(const struct page *page, const struct place *place)
{
    uint32_t depth = place->depth < page->low_depth ? place->depth : page->low_depth;
    const struct page_block *before;

    if (page->block_count < 2) {
        return 0;
    }
    before = &page->blocks[page->block_count - 2];
    return before->block.depth < depth ? before->block.depth : depth;
}

/* Begins a line at its first visible character. */
static int begin_line(struct page *page, const struct place *place)
{
    struct page_block *row;

    if (!has_room(page, 1)) {
        return 0;
    }
    row = new_block(page);
    if (row == NULL) {
        return 0;
    }
    if (page->len > 0) {
        page->text[page->len++] = '\n';
    }
    page->begin = page->len;
    *row = (struct page_block){.block = {.struct_size = sizeof(row->block),
                                         .kind = place->kind,
                                         .begin = page->len,
                                         .depth = place->depth,
                                         .level = place->level,
                                         .tag_path_hash = place->tag_path_hash,
                                         .joint_depth = joint_depth(page, place),
                                         .elements = place->elements,
                                         .names = place->names,
                                         .near_names = place->near_names},
                               .region = place->region};
    if (page->broken && row->block.joint_depth == place->depth) {
        row->block.elements |= TAXON_IN_BREAK;
    }
    page->low_depth = UINT32_MAX;
    page->broken = 0;
    page->open = 1;
    page->space = page->after_link = 0;
    page->tabs = 0;
    return 1;
}

void page_end_line(struct page *page)
{
    struct page_block *row = &page->blocks[page->block_count - (page->block_count > 0)];
    struct region *region;

    if (!page->open) {
        page->tabs = 0;
        return;
    }
    page->open = 0;
    page->len = trimmed_end(page->text, page->begin, page->len);
    if (page->len == page->begin) { /* cannot be, since a visible character began it */
        page->block_count--;
        return;
    }
    row->block.end = page->len;
    if (row->block.link_bytes > page->len - page->begin) {
        row->block.link_bytes = (uint32_t)(page->len - page->begin);
    }
    region = &page->regions.rows[row->region];
    region->text_bytes += page->len - page->begin;
    region->link_bytes += row->block.link_bytes;
    region->titles += row->block.kind == TAXON_BLOCK_HEADING && row->block.level == 1;
}

void page_add_space(struct page *page)
{
    page->space = 1;
}

void page_add_tab(struct page *page)
{
    page->tabs += page->tabs < TABS_MAX;
}

void page_start_link(struct page *page, int touches)
{
    page->space |= page->open && (page->after_link || touches);
}

void page_add_newline(struct page *page)
{
    if (page->open && has_room(page, 1)) {
        page->text[page->len++] = '\n';
    }
}

/* What waits between two words of a line. */
static void put_separator(struct page *page, const struct place *place)
{
    uint32_t *link_bytes = &page->blocks[page->block_count - 1].block.link_bytes;
    size_t before = page->len;

    if (!has_room(page, page->tabs + 1)) {
        return;
    }
    if (page->tabs > 0) {
        memset(page->text + page->len, '\t', page->tabs);
        page->len += page->tabs;
    } else if (page->space) {
        page->text[page->len++] = ' ';
    }
    page->space = 0;
    page->tabs = 0;
    *link_bytes += place->in_link != 0 ? (uint32_t)(page->len - before) : 0;
}

static void put(struct page *page, const char *text, size_t len, const struct place *place)
{
    if (!page->open && !begin_line(page, place)) {
        return;
    }
    put_separator(page, place);
    if (!has_room(page, len)) {
        return;
    }
    memcpy(page->text + page->len, text, len);
    page->len += len;
    if (place->in_link != 0) {
        page->blocks[page->block_count - 1].block.link_bytes += (uint32_t)len;
    }
}

enum { PLAIN, SPACE, CONTROL, MAYBE_CONTROL };

/* C0 controls and DEL; those of C1 begin with 0xC2. */
static const uint8_t class_of[256] = {
    [0x00 ... 0x08] = CONTROL, ['\t' ... '\n'] = SPACE, ['\v'] = CONTROL, ['\f' ... '\r'] = SPACE,
    [0x0E ... 0x1F] = CONTROL, [' '] = SPACE,           [0x7F] = CONTROL, [0xC2] = MAYBE_CONTROL,
};

/* The end of the run of text from `at` on without white space and controls. */
static size_t run_end(const char *text, size_t at, size_t len)
{
    for (;; at += 2) {
        while (at < len && class_of[(unsigned char)text[at]] == PLAIN) {
            at++;
        }
        if (at + 1 >= len || class_of[(unsigned char)text[at]] != MAYBE_CONTROL ||
            (unsigned char)text[at + 1] < 0xA0) {
            return at;
        }
    }
}

/* White space or a control at `at`; returns its length. */
static size_t take_space(struct page *page, const char *text, size_t at, const struct place *place)
{
    if (class_of[(unsigned char)text[at]] == MAYBE_CONTROL) {
        return 2;
    }
    if (class_of[(unsigned char)text[at]] == SPACE) {
        if (!place->keeps_lines || !page->open) {
            page->space = 1;
        } else if (text[at] == '\n') {
            page->space = 0;
            page_add_newline(page);
        } else if (text[at] != '\r' && has_room(page, 1)) {
            page->text[page->len++] = text[at];
        }
    }
    return 1;
}

void page_add(struct page *page, const char *text, size_t len, const struct place *place)
{
    size_t at = 0;

    while (at < len && !page->failed) {
        size_t end;
        size_t blank;

        /* Invisible characters do not begin a line. */
        while (!page->open && at < len && (blank = blank_at(text + at, len - at)) > 0) {
            page->space = 1;
            at += blank;
        }
        end = run_end(text, at, len);
        if (end > at) {
            put(page, text + at, end - at, place);
            page->after_link = place->in_link != 0;
            at = end;
        }
        if (at < len && class_of[(unsigned char)text[at]] != PLAIN) {
            at += take_space(page, text, at, place);
        }
    }
}

void page_settle_kinds(struct page *page)
{
    regions_settle(&page->regions);
    for (size_t i = 0; i < page->block_count; i++) {
        struct taxon_block *block = &page->blocks[i].block;
        uint32_t settled = page->regions.rows[page->blocks[i].region].settled;

        if (settled == 0 || (settled == TAXON_BLOCK_HEADER && block->kind == TAXON_BLOCK_HEADING)) {
            continue;
        }
        block->kind = settled;
        block->level = 0;
    }
}
