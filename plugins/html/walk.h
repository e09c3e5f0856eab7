/* walk: through the tree of a page, from which come its text, its blocks and what its head says. */
#ifndef HTML_WALK_H
#define HTML_WALK_H

#include "head.h"
#include "page.h"
#include "tree.h"

/* How much is taken for text. */
#define WALK_SHOWN  0u /* what a browser shows */
#define WALK_SPARE  1u /* and what it shows where there are no scripts or frames */
#define WALK_HIDDEN 2u /* and what is hidden until a script shows it */

/* `shown`: one of the above. Returns 1 when it was
 * stopped early by the host, else 0. */
int walk_tree(const struct tree *tree, uint32_t shown, struct page *page, struct head *head);

#endif
