/* walk: from the tree of a page to lines, blocks and what its head says.
 *
 * Called by html.c once or, where nothing was to be seen, up to three times a page. A frame is kept
 * for each element on the way to the node in hand; what an element means for the text in it (kind,
 * list level, link, region) is a change to a copy of the frame around it.
 *
 * Not shown, as in a browser: what is hidden, scripts and their like, the glosses of <ruby>, and
 * what stands in a text area. A <br> ends a line, as a block does; in a row of data and in the list
 * of choices of a <select>, both are white space, and the whole is one line.
 */
#include "walk.h"

#include <string.h>

#include "looks.h"
#include "table.h"

#define FRAMES_MAX 320u /* the tree may be a little deeper than the stack of open elements */
#define STOP_EVERY 4096u
#define LEVEL_MAX  6u
#define LINK       1
#define PRESSED    2 /* a button: reads like a link, but two are not held apart */

struct frame {
    struct place place;
    uint64_t path_hash;  /* of the names of the block elements on the way here */
    uint64_t class_hash; /* of the nearest class */
    uint32_t list_depth;
    uint8_t joins;      /* blocks do not end the line */
    uint8_t in_article; /* <header> is the article's here, not the page's */
    uint8_t in_quote;
    uint8_t silent; /* text is not shown: <head> */
    uint8_t element;
};

struct walk {
    struct page *page;
    struct head *head;
    uint32_t shown;
    uint32_t depth;
    uint32_t beyond; /* elements deeper than the frames reach */
    struct frame frames[FRAMES_MAX];
};

static uint32_t region_kind(const struct frame *frame, enum element element,
                            const struct looks *looks)
{
    switch (element) {
    case ELEMENT_NAV:
        return TAXON_BLOCK_NAV;
    case ELEMENT_ASIDE:
        return TAXON_BLOCK_ASIDE;
    case ELEMENT_FORM:
        return TAXON_BLOCK_FORM;
    case ELEMENT_FOOTER:
        return frame->in_quote ? 0 : TAXON_BLOCK_FOOTER;
    case ELEMENT_HEADER:
        return frame->in_article ? 0 : TAXON_BLOCK_HEADER;
    case ELEMENT_ARTICLE:
    case ELEMENT_BODY:
    case ELEMENT_HTML:
    case ELEMENT_MAIN:
        return 0;
    default:
        if ((element_traits(element) & TRAIT_BLOCK) == 0 ||
            (looks->region == TAXON_BLOCK_HEADER && frame->in_article)) {
            return 0;
        }
        return looks->region;
    }
}

/* The kind of the text within: nearer elements win, but a paragraph in a quotation stays one. */
static void set_kind(struct frame *frame, const struct tree_node *node, enum element element)
{
    struct place *place = &frame->place;
    uint32_t kind = place->kind;
    uint32_t level = place->level;

    switch (element) {
    case ELEMENT_H1:
    case ELEMENT_H2:
    case ELEMENT_H3:
    case ELEMENT_H4:
    case ELEMENT_H5:
    case ELEMENT_H6:
        kind = TAXON_BLOCK_HEADING;
        level = (uint32_t)(element - ELEMENT_H1) + 1;
        break;
    case ELEMENT_LI:
    case ELEMENT_DD:
    case ELEMENT_DT:
        kind = TAXON_BLOCK_LIST_ITEM;
        level = frame->list_depth == 0 ? 1 : frame->list_depth;
        break;
    case ELEMENT_UL:
    case ELEMENT_OL:
    case ELEMENT_DL:
    case ELEMENT_DIR:
    case ELEMENT_MENU:
        frame->list_depth += frame->list_depth < LEVEL_MAX;
        break;
    case ELEMENT_BLOCKQUOTE:
        kind = TAXON_BLOCK_QUOTE;
        level = 0;
        frame->in_quote = 1;
        break;
    case ELEMENT_PRE:
    case ELEMENT_LISTING:
    case ELEMENT_PLAINTEXT:
    case ELEMENT_XMP:
        kind = TAXON_BLOCK_CODE;
        level = 0;
        place->keeps_lines = !frame->joins;
        break;
    case ELEMENT_CAPTION:
    case ELEMENT_FIGCAPTION:
        kind = TAXON_BLOCK_CAPTION;
        level = 0;
        break;
    case ELEMENT_TR:
        level = 0;
        frame->list_depth = 0;
        frame->joins |= (uint8_t)table_row_is_data(node);
        kind = frame->joins ? TAXON_BLOCK_TABLE_ROW : TAXON_BLOCK_PARAGRAPH;
        place->elements |= frame->joins ? TAXON_IN_ROW : 0;
        break;
    case ELEMENT_SELECT:
        kind = TAXON_BLOCK_FORM;
        level = 0;
        frame->joins = 1;
        break;
    case ELEMENT_ARTICLE:
    case ELEMENT_MAIN:
        kind = TAXON_BLOCK_PARAGRAPH;
        level = 0;
        frame->in_article = 1;
        break;
    default:
        return;
    }
    place->kind = kind;
    place->level = level;
}

static void enter_block(struct walk *walk, struct frame *frame, const struct tree_node *node,
                        enum element element, int joined)
{
    const char *name = element_name(element);

    if (!joined) {
        page_end_line(walk->page);
        set_kind(frame, node, element);
    } else if (element == ELEMENT_TD || element == ELEMENT_TH || element == ELEMENT_OPTION) {
        page_add_tab(walk->page);
    } else {
        page_add_space(walk->page);
    }
    frame->path_hash = looks_hash(frame->path_hash, name, strlen(name) + 1);
    frame->place.depth = walk->depth;
    frame->place.tag_path_hash = frame->path_hash ^ (frame->class_hash * LOOKS_HASH_PRIME);
}

static uint32_t element_flag(enum element element)
{
    static const uint32_t flags[ELEMENT_NOTHING + 1] = {
        [ELEMENT_ARTICLE] = TAXON_IN_ARTICLE,  [ELEMENT_MAIN] = TAXON_IN_MAIN,
        [ELEMENT_SECTION] = TAXON_IN_SECTION,  [ELEMENT_UL] = TAXON_IN_LIST,
        [ELEMENT_OL] = TAXON_IN_LIST,          [ELEMENT_MENU] = TAXON_IN_LIST,
        [ELEMENT_DIR] = TAXON_IN_LIST,         [ELEMENT_DL] = TAXON_IN_TERMS,
        [ELEMENT_TABLE] = TAXON_IN_TABLE,      [ELEMENT_P] = TAXON_IN_PARAGRAPH,
        [ELEMENT_H1] = TAXON_IN_HEADING,       [ELEMENT_H2] = TAXON_IN_HEADING,
        [ELEMENT_H3] = TAXON_IN_HEADING,       [ELEMENT_H4] = TAXON_IN_HEADING,
        [ELEMENT_H5] = TAXON_IN_HEADING,       [ELEMENT_H6] = TAXON_IN_HEADING,
        [ELEMENT_BLOCKQUOTE] = TAXON_IN_QUOTE, [ELEMENT_PRE] = TAXON_IN_CODE,
        [ELEMENT_FIGURE] = TAXON_IN_FIGURE,    [ELEMENT_FORM] = TAXON_IN_FORM,
        [ELEMENT_NAV] = TAXON_IN_NAV,          [ELEMENT_ASIDE] = TAXON_IN_ASIDE,
        [ELEMENT_HEADER] = TAXON_IN_HEADER,    [ELEMENT_FOOTER] = TAXON_IN_FOOTER,
        [ELEMENT_DETAILS] = TAXON_IN_DETAILS,  [ELEMENT_BUTTON] = TAXON_IN_BUTTON,
        [ELEMENT_B] = TAXON_IN_EMPHASIS,       [ELEMENT_STRONG] = TAXON_IN_EMPHASIS,
        [ELEMENT_SELECT] = TAXON_IN_CHOICES,
    };

    return flags[element];
}

/* What stands around the text within, for those who weigh it. What is said of the whole page is
 * said of none of its parts. */
static void add_names(struct frame *frame, enum element element, const struct looks *looks)
{
    frame->place.elements |= element_flag(element);
    if (looks->names != 0 && element != ELEMENT_BODY && element != ELEMENT_HTML) {
        frame->place.names |= looks->names;
        frame->place.near_names = looks->names;
    }
}

/* 0: nothing of what is in it is to be looked at. */
static int is_shown(const struct walk *walk, enum element element, const struct looks *looks)
{
    uint32_t traits = element_traits(element);

    if ((traits & TRAIT_SKIP) != 0 || ((traits & TRAIT_SPARE) != 0 && walk->shown < WALK_SPARE)) {
        return 0;
    }
    /* Some pages hide their body until a script has run. */
    return !looks->hidden || walk->shown >= WALK_HIDDEN || element == ELEMENT_BODY ||
           element == ELEMENT_HTML;
}

static void take_break(struct walk *walk, const struct frame *frame)
{
    if (frame->joins) {
        page_add_space(walk->page);
    } else if (frame->place.keeps_lines) {
        page_add_newline(walk->page);
    } else {
        walk->page->broken |= walk->page->open;
        page_end_line(walk->page);
    }
}

/* Whether an element, and not text, stands right before this one. */
static int follows_element(const struct tree_node *node)
{
    const struct tree_node *previous = tree_previous(node);

    return previous != NULL && tree_element(previous) < ELEMENT_TEXT;
}

/* An element opens; 0: its children are passed over, and it is not left either. */
static int enter(struct walk *walk, const struct tree_node *node, enum element element)
{
    struct frame *outer = &walk->frames[walk->depth];
    struct frame *frame = outer + 1;
    struct page *page = walk->page;
    struct looks looks;
    uint32_t kind;

    head_take(walk->head, node, element);
    if (element == ELEMENT_BR) {
        take_break(walk, outer);
        return 0;
    }
    looks_read(node, &looks);
    if ((element_traits(element) & TRAIT_INPUT) != 0 && !looks.is_hidden_input) {
        page->regions.rows[outer->place.region].inputs++;
    }
    if (!is_shown(walk, element, &looks)) {
        return 0;
    }
    if (walk->depth + 1 == FRAMES_MAX) {
        walk->beyond++;
        return 1;
    }
    *frame = *outer;
    frame->element = (uint8_t)element;
    walk->depth++;
    frame->class_hash = looks.class_hash != 0 ? looks.class_hash : outer->class_hash;
    frame->silent |= element == ELEMENT_HEAD;
    add_names(frame, element, &looks);
    kind = region_kind(frame, element, &looks);
    if (kind != 0) {
        frame->place.region = regions_add(&page->regions, page->task, kind, outer->place.region);
    }
    if ((element_traits(element) & TRAIT_BLOCK) != 0) {
        enter_block(walk, frame, node, element, outer->joins);
    } else if (element == ELEMENT_A) {
        frame->place.in_link = LINK;
        page_start_link(page, follows_element(node));
    } else if (element == ELEMENT_BUTTON) {
        frame->place.in_link = PRESSED;
        page_add_space(page);
    }
    return 1;
}

static void leave(struct walk *walk)
{
    const struct frame *frame = &walk->frames[walk->depth];

    if (walk->beyond > 0) {
        walk->beyond--;
        return;
    }
    walk->depth--;
    if (walk->depth < walk->page->low_depth) {
        walk->page->low_depth = walk->depth;
    }
    if ((element_traits(frame->element) & TRAIT_BLOCK) == 0) {
        return;
    }
    if (walk->frames[walk->depth].joins) {
        page_add_space(walk->page);
    } else {
        page_end_line(walk->page);
    }
}

/* Returns whether to go into the node's children, and so to leave it afterwards. */
static int visit(struct walk *walk, const struct tree_node *node)
{
    enum element element = tree_element(node);
    const struct frame *frame = &walk->frames[walk->depth];
    const char *text;
    size_t len;

    if (element == ELEMENT_NOTHING) {
        return 0;
    }
    if (element != ELEMENT_TEXT) {
        return enter(walk, node, element) && (tree_child(node) != NULL || (leave(walk), 0));
    }
    if (!frame->silent) {
        text = tree_text(node, &len);
        page_add(walk->page, text, len, &frame->place);
    }
    return 0;
}

static int walk_nodes(struct walk *walk, const struct tree_node *root)
{
    const struct taxon_host *host = walk->page->task->host;
    const struct tree_node *node = tree_child(root);
    uint32_t seen = 0;

    while (node != NULL && !walk->page->failed) {
        const struct tree_node *next;

        if (++seen % STOP_EVERY == 0 && host->should_stop(walk->page->task)) {
            return 1;
        }
        if (visit(walk, node)) {
            node = tree_child(node);
            continue;
        }
        while ((next = tree_next(node)) == NULL) {
            node = tree_parent(node);
            if (node == NULL || node == root) {
                return 0;
            }
            leave(walk);
        }
        node = next;
    }
    return 0;
}

int walk_tree(const struct tree *tree, uint32_t shown, struct page *page, struct head *head)
{
    struct walk *walk = page->task->host->alloc(page->task, sizeof(*walk));
    int stopped;

    if (walk == NULL) {
        page->failed = 1;
        return 0;
    }
    walk->page = page;
    walk->head = head;
    walk->shown = shown;
    walk->frames[0] =
        (struct frame){.place = {.kind = TAXON_BLOCK_PARAGRAPH}, .path_hash = LOOKS_HASH_START};
    stopped = walk_nodes(walk, tree_root(tree));
    page_end_line(page);
    return stopped;
}
