/* tree: the HTML parser, myhtml, behind the narrow border of tree.h.
 *
 * The only file that includes myhtml. Every HTML parser is quadratic in the depth of open elements
 * and in a few lists beside it, so a callback sees each token before the tree is built from it and
 * makes harmless what goes too far: a start tag that would nest too deep becomes an empty comment
 * (and so does the end tag that belongs to it), attributes beyond some are cut off. When there are
 * too many nodes, or no time is left, it leaves the parser with longjmp; the tree so far is whole,
 * since no token is in the middle of being placed, and its memory is in pools that tree_free gives
 * back.
 *
 * Memory: a node takes about 210 bytes with its token, an attribute 155, so the bounds on input and
 * nodes keep a page of any shape below 700 MB.
 */
#include "tree.h"

#include <errno.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <myhtml/myhtml.h>
#include <myhtml/token.h>
#include <myhtml/tree.h>

#define FORMATTING_MAX 64u   /* <b>, <font>, … that are reopened in each block until closed */
#define ATTRIBUTES_MAX 64u   /* of one tag */
#define ROOTS_MAX      16u   /* <html> and <body> tags whose attributes are merged */
#define STRAYED_MAX    1024u /* texts between table rows: each is copied behind the one before */
#define STOP_EVERY     256u  /* tokens */

struct tree_parser {
    myhtml_t *myhtml;
};

struct tree {
    myhtml_tree_t *tree;
    char *without_nul; /* a copy of the page, when it had any */
    uint32_t cuts;
    uint32_t nodes;
    uint32_t tokens;
    uint32_t roots;
    uint32_t strayed;
    uint32_t dropped[MyHTML_TAG_LAST_ENTRY]; /* start tags made harmless, still to be closed */
    int (*stop)(void *context);
    void *context;
    jmp_buf out;
};

static const uint8_t element_of_tag[MyHTML_TAG_LAST_ENTRY] = {
#define ELEMENT_OF_TAG(name, text, traits) [MyHTML_TAG_##name] = ELEMENT_##name,
    ELEMENT_LIST(ELEMENT_OF_TAG)
#undef ELEMENT_OF_TAG
        [MyHTML_TAG__TEXT] = ELEMENT_TEXT,
    [MyHTML_TAG__COMMENT] = ELEMENT_NOTHING,
    [MyHTML_TAG__DOCTYPE] = ELEMENT_NOTHING,
};

int tree_parser_new(struct tree_parser **out_parser)
{
    struct tree_parser *parser = calloc(1, sizeof(*parser));

    if (parser == NULL) {
        return -ENOMEM;
    }
    parser->myhtml = myhtml_create();
    if (parser->myhtml == NULL ||
        myhtml_init(parser->myhtml, MyHTML_OPTIONS_PARSE_MODE_SINGLE, 1, 0) != MyHTML_STATUS_OK) {
        tree_parser_free(parser);
        return -ENOMEM;
    }
    *out_parser = parser;
    return 0;
}

void tree_parser_free(struct tree_parser *parser)
{
    if (parser == NULL) {
        return;
    }
    if (parser->myhtml != NULL) {
        myhtml_destroy(parser->myhtml);
    }
    free(parser);
}

static void count_node(myhtml_tree_t *myhtml_tree, myhtml_tree_node_t *node, void *context)
{
    struct tree *tree = context;

    (void)myhtml_tree, (void)node;
    tree->nodes++;
}

static void leave(struct tree *tree, uint32_t cut)
{
    tree->cuts |= cut;
    longjmp(tree->out, 1);
}

static void make_comment(myhtml_token_node_t *token)
{
    token->tag_id = MyHTML_TAG__COMMENT;
    token->type &= ~(unsigned)(MyHTML_TOKEN_TYPE_CLOSE | MyHTML_TOKEN_TYPE_CLOSE_SELF);
    token->attr_first = token->attr_last = NULL;
}

/* Whether the tokenizer goes on in another state after this start tag, so that it has to stay. Such
 * an element holds text only, or (select, template, plaintext) closes or hides what it holds. */
static int changes_tokenizer(size_t tag)
{
    switch (tag) {
    case MyHTML_TAG_IFRAME:
    case MyHTML_TAG_NOEMBED:
    case MyHTML_TAG_NOFRAMES:
    case MyHTML_TAG_PLAINTEXT:
    case MyHTML_TAG_SCRIPT:
    case MyHTML_TAG_STYLE:
    case MyHTML_TAG_TEXTAREA:
    case MyHTML_TAG_TITLE:
    case MyHTML_TAG_XMP:
        return 1;
    default:
        return 0;
    }
}

static int is_void(size_t tag)
{
    switch (tag) {
    case MyHTML_TAG_BR:
    case MyHTML_TAG_HR:
    case MyHTML_TAG_IMG:
    case MyHTML_TAG_INPUT:
    case MyHTML_TAG_LINK:
    case MyHTML_TAG_META:
    case MyHTML_TAG_WBR:
        return 1;
    default:
        return 0;
    }
}

static int is_formatting(size_t tag)
{
    switch (tag) {
    case MyHTML_TAG_A:
    case MyHTML_TAG_B:
    case MyHTML_TAG_BIG:
    case MyHTML_TAG_CODE:
    case MyHTML_TAG_EM:
    case MyHTML_TAG_FONT:
    case MyHTML_TAG_I:
    case MyHTML_TAG_NOBR:
    case MyHTML_TAG_S:
    case MyHTML_TAG_SMALL:
    case MyHTML_TAG_STRIKE:
    case MyHTML_TAG_STRONG:
    case MyHTML_TAG_TT:
    case MyHTML_TAG_U:
        return 1;
    default:
        return 0;
    }
}

static void bound_depth(struct tree *tree, myhtml_token_node_t *token)
{
    size_t tag = token->tag_id;
    size_t known = tag < MyHTML_TAG_LAST_ENTRY ? tag : MyHTML_TAG__UNDEF;

    if (token->type & MyHTML_TOKEN_TYPE_CLOSE) {
        if (tree->dropped[known] > 0) {
            tree->dropped[known]--;
            make_comment(token);
        }
        return;
    }
    if (tree->tree->open_elements->length < TREE_DEPTH_MAX &&
        (tree->tree->active_formatting->length < FORMATTING_MAX || !is_formatting(tag))) {
        return;
    }
    if (is_void(tag) || changes_tokenizer(tag)) {
        return;
    }
    tree->dropped[known]++;
    tree->cuts |= TREE_CUT_DEPTH;
    make_comment(token);
}

static void bound_attributes(struct tree *tree, myhtml_token_node_t *token)
{
    myhtml_token_attr_t *attribute = token->attr_first;

    if ((token->tag_id == MyHTML_TAG_HTML || token->tag_id == MyHTML_TAG_BODY) &&
        ++tree->roots > ROOTS_MAX) {
        token->attr_first = token->attr_last = NULL;
        return;
    }
    for (uint32_t i = 1; i < ATTRIBUTES_MAX && attribute != NULL; i++) {
        attribute = attribute->next;
    }
    if (attribute != NULL && attribute->next != NULL) {
        attribute->next = NULL;
        token->attr_last = attribute;
    }
}

/* Text right inside a table is moved before it, and there copied into one piece with what was moved
 * before: quadratic. */
static void bound_strayed(struct tree *tree, myhtml_token_node_t *token)
{
    const myhtml_tree_list_t *open = tree->tree->open_elements;

    if (open->length == 0 || (token->type & MyHTML_TOKEN_TYPE_WHITESPACE)) {
        return;
    }
    switch (open->list[open->length - 1]->tag_id) {
    case MyHTML_TAG_TABLE:
    case MyHTML_TAG_TBODY:
    case MyHTML_TAG_TFOOT:
    case MyHTML_TAG_THEAD:
    case MyHTML_TAG_TR:
        if (++tree->strayed > STRAYED_MAX) {
            tree->cuts |= TREE_CUT_STRAYED;
            make_comment(token);
        }
        break;
    default:
        break;
    }
}

static void *bound_token(myhtml_tree_t *myhtml_tree, myhtml_token_node_t *token, void *context)
{
    struct tree *tree = context;

    (void)myhtml_tree;
    if (tree->nodes > TREE_NODES_MAX) {
        leave(tree, TREE_CUT_NODES);
    }
    if (++tree->tokens % STOP_EVERY == 0 && tree->stop(tree->context)) {
        leave(tree, TREE_CUT_TIME);
    }
    if (token->tag_id == MyHTML_TAG__TEXT) {
        bound_strayed(tree, token);
    } else if (token->tag_id > MyHTML_TAG__DOCTYPE && token->tag_id != MyHTML_TAG__END_OF_FILE) {
        bound_attributes(tree, token);
        bound_depth(tree, token);
    }
    return context;
}

/* The parser has read all, or a callback has left it. */
static int parse_within_bounds(struct tree *tree, const char *html, size_t len)
{
    if (setjmp(tree->out) != 0) {
        return 0;
    }
    return myhtml_parse(tree->tree, MyENCODING_UTF_8, html, len) == MyHTML_STATUS_OK ? 0 : -ENOMEM;
}

/* The last whole character before `most`. */
static size_t cut_input(const char *html, size_t most)
{
    while (most > 0 && ((unsigned char)html[most] & 0xC0) == 0x80) {
        most--;
    }
    return most;
}

/* The parser drops NUL from text, but counts wrongly while it does: it then cuts characters. So it
 * is never shown one. 0 or -ENOMEM. */
static int drop_nul(struct tree *tree, const char **html, size_t *len)
{
    const char *from = *html;
    size_t to = 0;

    if (memchr(from, '\0', *len) == NULL) {
        return 0;
    }
    tree->without_nul = malloc(*len);
    if (tree->without_nul == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < *len; i++) {
        tree->without_nul[to] = from[i];
        to += from[i] != '\0';
    }
    *html = tree->without_nul;
    *len = to;
    return 0;
}

int tree_parse(struct tree_parser *parser, const char *html, size_t len, int (*stop)(void *context),
               void *context, struct tree **out_tree)
{
    struct tree *tree = calloc(1, sizeof(*tree));

    if (tree == NULL) {
        return -ENOMEM;
    }
    tree->stop = stop;
    tree->context = context;
    if (len > TREE_INPUT_MAX) {
        len = cut_input(html, TREE_INPUT_MAX);
        tree->cuts |= TREE_CUT_INPUT;
    }
    tree->tree = myhtml_tree_create();
    if (tree->tree == NULL || drop_nul(tree, &html, &len) < 0 ||
        myhtml_tree_init(tree->tree, parser->myhtml) != MyHTML_STATUS_OK) {
        tree_free(tree);
        return -ENOMEM;
    }
    myhtml_callback_tree_node_insert_set(tree->tree, count_node, tree);
    myhtml_callback_after_token_done_set(tree->tree, bound_token, tree);
    if (parse_within_bounds(tree, html, len) < 0) {
        tree_free(tree);
        return -ENOMEM;
    }
    *out_tree = tree;
    return 0;
}

void tree_free(struct tree *tree)
{
    if (tree == NULL) {
        return;
    }
    if (tree->tree != NULL) {
        myhtml_tree_destroy(tree->tree);
    }
    free(tree->without_nul);
    free(tree);
}

uint32_t tree_cuts(const struct tree *tree)
{
    return tree->cuts;
}

/* struct tree_node is never defined: its pointers are the parser's. */
static const struct tree_node *ours(const myhtml_tree_node_t *node)
{
    return (const struct tree_node *)node;
}

static const myhtml_tree_node_t *theirs(const struct tree_node *node)
{
    return (const myhtml_tree_node_t *)node;
}

const struct tree_node *tree_root(const struct tree *tree)
{
    return ours(tree->tree->document);
}

const struct tree_node *tree_child(const struct tree_node *node)
{
    return ours(theirs(node)->child);
}

const struct tree_node *tree_next(const struct tree_node *node)
{
    return ours(theirs(node)->next);
}

const struct tree_node *tree_previous(const struct tree_node *node)
{
    return ours(theirs(node)->prev);
}

const struct tree_node *tree_parent(const struct tree_node *node)
{
    return ours(theirs(node)->parent);
}

enum element tree_element(const struct tree_node *node)
{
    size_t tag = theirs(node)->tag_id;

    return tag < MyHTML_TAG_LAST_ENTRY ? (enum element)element_of_tag[tag] : ELEMENT_UNKNOWN;
}

const char *tree_text(const struct tree_node *node, size_t *out_len)
{
    const myhtml_token_node_t *token = theirs(node)->token;

    *out_len = token == NULL || token->str.data == NULL ? 0 : token->str.length;
    return *out_len == 0 ? "" : token->str.data;
}

static const char *text_of(const mycore_string_t *string, size_t *out_len)
{
    *out_len = string->data == NULL ? 0 : string->length;
    return string->data == NULL ? "" : string->data;
}

int tree_attribute(const struct tree_node *node, const void **at, struct tree_attribute *out)
{
    const myhtml_token_node_t *token = theirs(node)->token;
    const myhtml_token_attr_t *attribute;

    if (*at == NULL) {
        attribute = token == NULL ? NULL : token->attr_first;
    } else {
        attribute = ((const myhtml_token_attr_t *)*at)->next;
    }
    if (attribute == NULL) {
        return 0;
    }
    out->name = text_of(&attribute->key, &out->name_len);
    out->value = text_of(&attribute->value, &out->value_len);
    *at = attribute;
    return 1;
}
