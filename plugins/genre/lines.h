/* lines: the lines of a folded text and where in the document they stand. */
#ifndef LINES_H
#define LINES_H

#include <stddef.h>
#include <stdint.h>

#include <taxon/plugin.h>

#include "kit/mask.h"

#define LINES_MAX  50000 /* lines looked at; what follows them is not */
#define LINES_EDGE 6     /* lines that are the head, and the tail */

/* A page may be one line. So a line longer than this is no title, and what stands further on in a
 * line than this is not in the head. In bytes. */
#define LINES_TITLE_MAX 300
#define LINES_HEAD_MAX  900

/* Where a line stands, and where in a line a hit does. */
#define AT_TITLE      1u
#define AT_HEAD       2u
#define AT_TAIL       4u
#define AT_LINE_BEGIN 8u
#define AT_LINE_END   16u
#define AT_MASKED     32u /* page furniture: nothing in it counts */
#define AT_TOUCHED    64u /* there is page furniture in it, maybe not all of it is */

struct line {
    size_t begin; /* folded */
    size_t end;
    uint32_t at; /* AT_TITLE, AT_HEAD, AT_TAIL, AT_MASKED, AT_TOUCHED */
};

struct lines {
    struct line *items;
    size_t count;
    size_t open; /* lines that are not masked */
    size_t end;  /* folded: where the last line ends */
};

/* Splits the document; lives as long as the task. The title is the one that the fact `title` tells,
 * or else the first line. 0 or -ENOMEM. */
int lines_init(struct lines *lines, struct taxon_task *task, const struct taxon_document *document,
               const struct mask *mask);

/* The same lines with another mask. */
int lines_init_like(struct lines *lines, const struct lines *like, struct taxon_task *task,
                    const struct taxon_document *document, const struct mask *mask);

/* All that can be said of where the folded range [begin, end) stands: what its line has, and
 * AT_LINE_BEGIN and AT_LINE_END, for which brackets, quotation marks and numbering before it do not
 * count, nor does the stop behind it. */
uint32_t lines_place(const char *folded, const struct line *line, size_t begin, size_t end);

#endif
