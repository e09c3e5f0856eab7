/* region: where the main part of an HTML page lies.
 *
 * Called once a page, between the two rounds of scoring. After Pasternack and Roth (2009), who take
 * the main part for the run of blocks with the greatest sum of values: text that is not link text
 * is worth its width, everything else costs. Here a line that has a role already, or lies in an
 * element that is meant for furniture, costs, too.
 *
 * An article is one run. A forum page or a list of goods is many short ones, and the best of them
 * may be a notice about cookies. So a run counts only if it holds most of the page's text that is
 * no link; where it does not, lines are made cheaper, so that the run reaches across them, and it
 * is tried again; and in the end such a page has no main part, and only what lines say by
 * themselves counts. One pass for each try.
 */
#include "marking.h"

#define WORTH_MAX     600.0
#define WORTH_MIN     40.0 /* of a main part; with less there is none */
#define SHARE_OF_ALL  0.2  /* of the plain text of the page that it must hold */
#define SHARE_OF_BODY 0.5  /* of the page's sentences */
#define COST_ROLE     1.25 /* times the cost of a line */
#define COST_FORM     1.7  /* the same, in an element meant for furniture */
#define TRIES         3

struct prices {
    double line; /* what any line costs: short lines are worth less than nothing */
    double link; /* what a column of link text takes off, where plain text is worth 1 */
};

struct run {
    size_t begin;
    size_t end;
};

static int is_furniture_element(uint32_t kind)
{
    return kind == TAXON_BLOCK_NAV || kind == TAXON_BLOCK_FOOTER || kind == TAXON_BLOCK_ASIDE ||
           kind == TAXON_BLOCK_FORM;
}

static double worth_of(const struct line *line, const struct prices *prices)
{
    double columns = line->shape.columns < WORTH_MAX ? line->shape.columns : WORTH_MAX;

    if (line->role != NO_ROLE) {
        return -COST_ROLE * prices->line;
    }
    if (is_furniture_element(line->kind)) {
        return -COST_FORM * prices->line;
    }
    return columns * (1 - prices->link * line->linked) - prices->line;
}

static struct run best_run(const struct page *page, const struct prices *prices)
{
    struct run found = {0, 0};
    size_t begin = 0;
    double best = WORTH_MIN;
    double sum = 0;

    for (size_t i = 0; i < page->count; i++) {
        if (sum <= 0) {
            sum = 0;
            begin = i;
        }
        sum += worth_of(&page->lines[i], prices);
        if (sum > best) {
            best = sum;
            found = (struct run){begin, i + 1};
        }
    }
    return found;
}

/* Columns of text in the run that is neither link nor furniture: all of it, and what reads like
 * sentences. */
struct text_columns {
    double all;
    double body;
};

static struct text_columns measure(const struct page *page, struct run run)
{
    struct text_columns text = {0, 0};

    for (size_t i = run.begin; i < run.end; i++) {
        const struct line *line = &page->lines[i];
        double columns = line->shape.columns * (1 - line->linked);

        if (line->role == NO_ROLE && !is_furniture_element(line->kind)) {
            text.all += columns;
            text.body += line_is_body(line) ? columns : 0;
        }
    }
    return text;
}

static int holds_most(const struct page *page, struct run run, const struct text_columns *whole)
{
    struct text_columns text = measure(page, run);

    return text.all >= SHARE_OF_ALL * whole->all && text.body >= SHARE_OF_BODY * whole->body;
}

void region_find(struct page *page)
{
    static const struct prices prices[TRIES] = {{24, 1.6}, {10, 1.3}, {4, 1.1}};
    struct text_columns whole = measure(page, (struct run){0, page->count});

    for (int try = 0; page->is_html && try < TRIES; try++) {
        struct run run = best_run(page, &prices[try]);

        if (run.end == 0 || !holds_most(page, run, &whole)) {
            continue;
        }
        for (size_t i = 0; i < page->count; i++) {
            page->lines[i].region = i < run.begin ? REGION_BEFORE
                                    : i < run.end ? REGION_MAIN
                                                  : REGION_AFTER;
        }
        return;
    }
}
