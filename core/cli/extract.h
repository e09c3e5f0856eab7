/* cli/extract: the main text of a document, in parts, and the ways in which it is written. */
#ifndef CLI_EXTRACT_H
#define CLI_EXTRACT_H

#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "route/subject.h"

/* A paragraph, a heading, an item of a list: what is left of one block of the text. */
struct extract_part {
    uint32_t kind;  /* TAXON_BLOCK_… */
    uint32_t level; /* of a heading or a list item, else 0 */
    size_t begin;   /* of the text */
    size_t end;
};

struct extract_parts {
    struct extract_part *items;
    size_t count;
};

/* Whether the span says, with a score of `least` or more, that the text there is page furniture.
 * The blanks of a model text are no furniture. */
bool extract_drops(const struct reply_span *span, double least);

/* The blocks of the reply's text without its furniture; a text without blocks is taken by its
 * lines. What is left of a block that furniture lies within is more than one part. 0 or -ENOMEM;
 * freed by extract_parts_release(). */
int extract_parts_find(const struct reply *reply, double least,
                       struct extract_parts *out_parts) MUST_CHECK;
void extract_parts_release(struct extract_parts *parts);

/* Paragraphs between empty lines; items of lists and rows of tables on a line each. */
void extract_write_text(const struct reply *reply, const struct extract_parts *parts,
                        struct strbuf *out);

/* CommonMark, with tables as GitHub writes them. What would be a mark by chance is escaped. */
void extract_write_markdown(const struct reply *reply, const struct extract_parts *parts,
                            struct strbuf *out);

/* One object on one line. */
void extract_write_json(const struct subject *subject, const struct extract_parts *parts,
                        double least, struct strbuf *out);

#endif
