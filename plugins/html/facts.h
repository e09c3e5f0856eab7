/* facts: what a page says of itself, as the facts that the host takes. */
#ifndef HTML_FACTS_H
#define HTML_FACTS_H

#include "head.h"
#include "page.h"

struct facts_text {
    const char *text;
    size_t len;
};

struct title;

/* One line of it, white space collapsed, without controls, no longer than a title may be; NULL when
 * nothing is left or there is no memory. Lives as long as the task. */
struct facts_text facts_clean(struct taxon_task *task, const char *text, size_t len);

/* Reports everything but what the text itself says. 0 or what the host said. */
int32_t facts_report(struct page *page, const struct head *head, const struct title *title);

#endif
