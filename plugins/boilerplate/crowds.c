/* crowds: rows of short lines that are menus and lists of headlines, in pages that were turned into
 * plain text without regard to what is what.
 *
 * Called once a document, between the two rounds of scoring. There is no link and no element to go
 * by, and a row of short lines may well be content: the names under a notice, a table, a poem. So a
 * row counts only if it is long and enough of its lines lean towards a role by their own words. In
 * HTML region.c does better.
 */
#include "marking.h"

#define CROWD_MIN    12   /* lines */
#define HOLDING_MIN  3    /* of them that have a role by their own words */
#define LEANING_PART 8    /* one in so many */
#define LEANING_SUM  0.25 /* the sum for one role that is a lean */
#define SAME_MAX     2
#define BODIES_MIN   4 /* lines that read like text */
#define BODY_COLUMNS 600
#define COLUMNS_MAX  90
#define TITLE_LINES  3 /* right above a text: its title, its date */

static int is_member(const struct line *line)
{
    return line->shape.columns <= COLUMNS_MAX && !line_is_body(line) &&
           ((line->shape.bits & SHAPE_STOP) == 0 || line->role != NO_ROLE);
}

static int leans(const struct page *page, size_t index)
{
    size_t roles = page->boilerplate->labels.count;
    const float *sums = page->sums + index * roles;

    if (page->lines[index].shape.letters == 0 || page->lines[index].same > SAME_MAX) {
        return 0; /* a word in each row of a table is no menu */
    }
    for (size_t i = 0; i < roles; i++) {
        if (sums[i] >= LEANING_SUM && i != page->boilerplate->known.residue) {
            return 1;
        }
    }
    return 0;
}

/* Is there a text that menus could stand around? A list of goods or of posts has none. */
static int has_text(const struct page *page)
{
    size_t bodies = 0;
    double columns = 0;

    for (size_t i = 0; i < page->count; i++) {
        if (line_is_body(&page->lines[i])) {
            bodies++;
            columns += page->lines[i].shape.columns;
        }
    }
    return bodies >= BODIES_MIN && columns >= BODY_COLUMNS;
}

void crowds_find(struct page *page)
{
    size_t i = 0;

    if (page->is_html || !has_text(page)) {
        return;
    }
    while (i < page->count) {
        size_t end = i;
        size_t leaning = 0;
        size_t holding = 0;

        for (; end < page->count && is_member(&page->lines[end]); end++) {
            int lean = leans(page, end);

            leaning += (size_t)lean;
            holding += lean && page->lines[end].role != NO_ROLE;
        }
        if (end - i >= CROWD_MIN && holding >= HOLDING_MIN && leaning * LEANING_PART >= end - i) {
            size_t stop = end == page->count ? end : end - TITLE_LINES;

            for (size_t k = i; k < stop; k++) {
                page->lines[k].crowded = 1;
            }
        }
        i = end > i ? end : i + 1;
    }
}
