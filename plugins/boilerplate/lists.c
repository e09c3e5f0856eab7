/* lists: the lines under a heading like 相关阅读, Related articles or Comments.
 *
 * Called once a document, between the two rounds of scoring. A list ends at a line that reads like
 * text, or at one that has a role of its own; where text follows the list, only lines that look
 * like items of one belong to it.
 */
#include "marking.h"

#define HEADING_COLUMNS 40
#define TITLE_COLUMNS   90
#define LIST_MAX        60 /* lines of one list */
#define LINKED_SHARE    0.6

static int is_item(const struct line *line)
{
    return (line->shape.bits & (SHAPE_BULLET | SHAPE_DATED | SHAPE_ELLIPSIS)) != 0 ||
           line->linked >= LINKED_SHARE;
}

/* A title, as that of another page. */
static int is_title_like(const struct line *line)
{
    return line->shape.columns <= TITLE_COLUMNS && !line_is_body(line) &&
           (line->shape.bits & (SHAPE_STOP | SHAPE_OPENED)) == 0;
}

/* Of comments only a page of HTML tells where they end: at the next heading, or at furniture that
 * is none of theirs. */
static int is_comment(const struct line *line)
{
    return line->region == REGION_AFTER && line->kind != TAXON_BLOCK_HEADING &&
           line->kind != TAXON_BLOCK_FOOTER && line->kind != TAXON_BLOCK_NAV;
}

static void mark_list(struct page *page, size_t heading)
{
    uint32_t role = page->lines[heading].role;
    int is_last = heading >= page->body_end;

    for (size_t i = heading + 1; i < page->count && i <= heading + LIST_MAX; i++) {
        struct line *line = &page->lines[i];
        int belongs = role == page->boilerplate->known.comment
                          ? is_comment(line)
                          : is_item(line) || (is_last && is_title_like(line));

        if ((line->role != NO_ROLE && line->role != role) || !belongs) {
            return;
        }
        line->listed = (uint32_t)heading + 1;
    }
}

void lists_find(struct page *page)
{
    const struct known_roles *known = &page->boilerplate->known;

    for (size_t i = 0; i < page->count; i++) {
        const struct line *line = &page->lines[i];

        if (line->role != NO_ROLE &&
            (line->role == known->related || line->role == known->comment) &&
            line->shape.columns <= HEADING_COLUMNS && line->listed == 0) {
            mark_list(page, i);
        }
    }
}
