/* head: what a page says of itself in its markup, beside the text that it shows. */
#ifndef HTML_HEAD_H
#define HTML_HEAD_H

#include <stddef.h>

#include "tree.h"

#define HEAD_RANK_UNSURE 20u /* from this rank on, it may be of something else on the page */

/* A piece of the tree's memory, which is not ended by a NUL. */
struct head_text {
    const char *text; /* NULL: none */
    size_t len;
    const char *from; /* static: where it stands, for people */
    unsigned rank;    /* of several, the lowest counts */
};

struct head {
    struct head_text title;     /* <title> */
    struct head_text own_title; /* that a meta element gives the article alone */
    struct head_text url;
    struct head_text site;
    struct head_text author;
    struct head_text description;
    struct head_text published;
    struct head_text source; /* who wrote it first, as Chinese government sites name it */
    struct head_text column;
    struct head_text charset;
    struct head_text language;
};

/* Takes what an element holds: <meta>, <link>, <title>, <time>, <html>, <script>, <a rel=author>.
 */
void head_take(struct head *head, const struct tree_node *node, enum element element);

#endif
