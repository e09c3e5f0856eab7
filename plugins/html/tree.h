/* tree: a page as a tree of elements and texts, whatever its bytes are.
 *
 * The only border to the HTML parser; another one would mean another tree.c and nothing else.
 */
#ifndef HTML_TREE_H
#define HTML_TREE_H

#include <stddef.h>
#include <stdint.h>

#include "element.h"

#define TREE_INPUT_MAX ((size_t)8 << 20) /* bytes of a page that are parsed */
#define TREE_DEPTH_MAX 256u              /* open elements */
#define TREE_NODES_MAX 2000000u

struct tree_parser; /* one for each instance of the plugin */
struct tree;        /* one for each page */
struct tree_node;

/* What of a page was left out, as flags. */
#define TREE_CUT_INPUT   1u  /* what follows TREE_INPUT_MAX */
#define TREE_CUT_DEPTH   2u  /* elements deeper than TREE_DEPTH_MAX: their text stands higher up */
#define TREE_CUT_NODES   4u  /* what follows TREE_NODES_MAX */
#define TREE_CUT_TIME    8u  /* what was not parsed when `stop` said so */
#define TREE_CUT_STRAYED 16u /* text strewn between table rows, beyond a thousand pieces */

struct tree_attribute {
    const char *name; /* lower case; C strings, valid as long as the tree */
    size_t name_len;
    const char *value; /* "" for none */
    size_t value_len;
};

/* 0 or -ENOMEM. */
int tree_parser_new(struct tree_parser **out_parser);
void tree_parser_free(struct tree_parser *parser);

/* Parses `html` (valid UTF-8). `stop` is asked now and then, and ends the parsing; the tree is then
 * what there is so far. 0 or -ENOMEM. */
int tree_parse(struct tree_parser *parser, const char *html, size_t len, int (*stop)(void *context),
               void *context, struct tree **out_tree);
void tree_free(struct tree *tree);
uint32_t tree_cuts(const struct tree *tree);

/* The nodes; NULL where there is none. */
const struct tree_node *tree_root(const struct tree *tree);
const struct tree_node *tree_child(const struct tree_node *node);
const struct tree_node *tree_next(const struct tree_node *node);
const struct tree_node *tree_previous(const struct tree_node *node);
const struct tree_node *tree_parent(const struct tree_node *node);

enum element tree_element(const struct tree_node *node);

/* The text of a node that is ELEMENT_TEXT; "" for others. */
const char *tree_text(const struct tree_node *node, size_t *out_len);

/* The attribute after the one at *at (NULL before the first); 0 when there is none. */
int tree_attribute(const struct tree_node *node, const void **at, struct tree_attribute *out);

#endif
