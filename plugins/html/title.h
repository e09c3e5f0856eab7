/* title: which of the titles that a page has is its article's. */
#ifndef HTML_TITLE_H
#define HTML_TITLE_H

#include "facts.h"
#include "head.h"
#include "page.h"

struct title {
    struct facts_text value; /* NULL: none */
    struct facts_text site;  /* what stood behind it in the title element */
    size_t begin;            /* in the text, or TAXON_NOWHERE twice */
    size_t end;
    double score;
    const char *reason; /* static */
};

/* Chooses; where the title is the text of a line and no line is a heading of the first level, that
 * line becomes one. */
void title_choose(struct page *page, const struct head *head, struct title *out_title);

#endif
