/* walk: through the tree of a page, from which come its text, its blocks and what its head says. */
#ifndef HTML_WALK_H
#define HTML_WALK_H

#include "head.h"
#include "page.h"
#include "tree.h"

/* `keep_spare`: also what stands where there are no scripts or frames. Returns 1 when it was
 * stopped early by the host, else 0. */
int walk_tree(const struct tree *tree, int keep_spare, struct page *page, struct head *head);

#endif
