/* lines: the lines of a document, what each looks like and where it stands. */
#ifndef LINES_H
#define LINES_H

#include <stddef.h>
#include <stdint.h>

#include "boilerplate.h"
#include "candidates.h"
#include "line_features.h"
#include "shape.h"

#define LINES_MAX 100000 /* lines looked at; what follows them is not */

enum region { REGION_NONE, REGION_BEFORE, REGION_MAIN, REGION_AFTER };

struct line {
    size_t begin; /* folded */
    size_t end;
    size_t text_begin; /* of the text */
    size_t text_end;
    struct shape shape;
    double linked;  /* share of it that is link text */
    uint32_t kind;  /* TAXON_BLOCK_… of the block that it is in; 0: none */
    uint32_t level; /* as the block's, and so are these */
    uint32_t depth;
    uint32_t joint_depth;
    uint32_t elements;
    uint32_t names;
    uint32_t near_names;
    uint64_t path;
    uint32_t at;      /* AT_HEAD, AT_TAIL */
    uint32_t run;     /* short lines in the row that it stands in */
    uint32_t same;    /* lines of the document that are the same as it */
    uint32_t listed;  /* 1 + the line that heads the list it is in; 0: none */
    uint32_t crowded; /* 1: in a row of short lines that are menus and headlines */
    uint32_t is_title;
    enum region region; /* HTML only */
    uint32_t role;      /* the one that it has, or has so far; NO_ROLE */
    double sum;
    uint32_t dropped; /* by weights, with the role above */
    double score;     /* if so: 0..1 */
};

/* A document in work. */
struct page {
    const struct boilerplate *boilerplate;
    struct taxon_task *task;
    const struct taxon_document *document;
    struct line *lines;
    size_t count;
    float *sums; /* by line and role */
    struct candidates candidates;
    int is_html;
    size_t body_end;   /* behind the last line that reads like the text */
    size_t code_lines; /* that are nothing else */
    int much_code;     /* 1: the document shows code, so that a piece of it is no residue */
    struct line_features features; /* where weights decide */
};

/* Splits the document and looks at each line. Lives as long as the task. 0 or -ENOMEM. */
int lines_init(struct page *page);

static inline const char *line_text(const struct page *page, size_t index)
{
    return page->document->folded + page->lines[index].begin;
}

static inline size_t line_len(const struct page *page, size_t index)
{
    return page->lines[index].end - page->lines[index].begin;
}

/* A line that is nothing but the end of a statement, or a tag: "); */
static inline int line_is_code(const struct line *line)
{
    return line->shape.letters == 0 && line->shape.digits == 0 && line->shape.code >= 2;
}

/* A line that reads like the text itself; one that ends in an ellipsis may be a teaser of another.
 */
static inline int line_is_body(const struct line *line)
{
    return (line->shape.bits & (SHAPE_SENTENCE | SHAPE_ELLIPSIS)) == SHAPE_SENTENCE &&
           line->linked < 0.4;
}

#endif
