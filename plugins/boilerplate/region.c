/* region: where the main part of an HTML page lies.
 *
 * Called once a page, between the two rounds of scoring. After Pasternack and Roth (2009), who take
 * the main part for the run of blocks with the greatest sum of values: text that is not link text
 * is worth its width, everything else costs. Here a line that has a role already, or lies in an
 * element that is meant for furniture, costs, too. One pass.
 */
#include "marking.h"

#define COST_LINE    24.0 /* of any line: short lines are worth less than nothing */
#define COST_ROLE    30.0
#define COST_ELEMENT 40.0
#define COST_LINK    1.6 /* of a column of link text, where plain text is worth 1 */
#define WORTH_MAX    600.0
#define WORTH_MIN    40.0 /* of a main part; with less there is none */

static int is_furniture_element(uint32_t kind)
{
    return kind == TAXON_BLOCK_NAV || kind == TAXON_BLOCK_FOOTER || kind == TAXON_BLOCK_ASIDE ||
           kind == TAXON_BLOCK_FORM;
}

static double worth_of(const struct line *line)
{
    double columns = line->shape.columns < WORTH_MAX ? line->shape.columns : WORTH_MAX;

    if (line->role != NO_ROLE) {
        return -COST_ROLE;
    }
    if (is_furniture_element(line->kind)) {
        return -COST_ELEMENT;
    }
    return columns * (1 - COST_LINK * line->linked) - COST_LINE;
}

void region_find(struct page *page)
{
    size_t best_begin = 0;
    size_t best_end = 0;
    size_t begin = 0;
    double best = WORTH_MIN;
    double sum = 0;

    if (!page->is_html) {
        return;
    }
    for (size_t i = 0; i < page->count; i++) {
        if (sum <= 0) {
            sum = 0;
            begin = i;
        }
        sum += worth_of(&page->lines[i]);
        if (sum > best) {
            best = sum;
            best_begin = begin;
            best_end = i + 1;
        }
    }
    for (size_t i = 0; i < page->count && best_end > 0; i++) {
        page->lines[i].region = i < best_begin ? REGION_BEFORE
                                : i < best_end ? REGION_MAIN
                                               : REGION_AFTER;
    }
}
