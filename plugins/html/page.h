/* page: the text that a page makes, line by line, and a block for each line. */
#ifndef HTML_PAGE_H
#define HTML_PAGE_H

#include <taxon/plugin.h>

#include "region.h"

/* Where a piece of text stands, from the walk; a block takes it from its first piece. */
struct place {
    uint32_t kind;  /* TAXON_BLOCK_… */
    uint32_t level; /* of a heading or a list item */
    uint32_t depth;
    uint32_t region; /* in page->regions */
    uint64_t tag_path_hash;
    uint32_t elements; /* TAXON_IN_… */
    uint32_t names;    /* TAXON_NAME_… */
    uint32_t near_names;
    uint8_t in_link;
    uint8_t keeps_lines; /* <pre> */
};

struct page_block {
    struct taxon_block block;
    uint32_t region;
};

struct page {
    struct taxon_task *task;
    char *text;
    size_t len;
    size_t size;
    struct page_block *blocks;
    size_t block_count;
    size_t block_size;
    struct regions regions;
    int failed; /* no memory; the text so far is good */
    /* The line in hand. */
    int open;
    size_t begin;
    int space;     /* white space waits for the next word */
    uint32_t tabs; /* so do borders of cells */
    int after_link;
    /* Since the last line began. */
    uint32_t low_depth; /* the depth of the outermost element that was gone back to */
    int broken;         /* it ended by a <br> */
};

/* Room for the text of `input_len` bytes of HTML. 0, or -ENOMEM. */
int page_init(struct page *page, struct taxon_task *task, size_t input_len);

/* Adds text as the parser has it; white space is collapsed as browsers do, unless the place keeps
 * lines. Controls are dropped. */
void page_add(struct page *page, const char *text, size_t len, const struct place *place);

/* Ends the line, if it holds anything. */
void page_end_line(struct page *page);

/* Something stands between the words before and after: white space, the border of two cells. */
void page_add_space(struct page *page);
void page_add_tab(struct page *page);

/* A link begins, right behind another element if `touches`: two links that touch are two words,
 * since style sheets hold them apart, and so are the other element and the link. */
void page_start_link(struct page *page, int touches);

/* A line's end inside <pre>. */
void page_add_newline(struct page *page);

/* The kinds of blocks, once all of the page is known: what stands in a container is of its kind. */
void page_settle_kinds(struct page *page);

#endif
