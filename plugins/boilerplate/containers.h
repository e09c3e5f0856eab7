/* containers: the elements around the lines of a page, as far as they hold more than one line. */
#ifndef CONTAINERS_H
#define CONTAINERS_H

#include "lines.h"

/* What lies in a run of lines. */
struct mass {
    double lines;
    double columns;   /* that are not link text */
    double links;     /* columns that are */
    double sentences; /* columns of lines that read like the text */
    double marked;    /* lines that have a role by their words */
};

struct container {
    size_t begin; /* lines */
    size_t end;
    uint32_t depth;
    uint32_t parent; /* NO_CONTAINER for the outermost */
};

#define NO_CONTAINER UINT32_MAX

struct containers {
    struct container *items;
    size_t count;
    uint32_t *innermost; /* by line */
    struct mass *before; /* by line, and one more: all that stands above it */
};

/* Builds them from the depths that the reader gave. Lives as long as the task. 0 or -ENOMEM. */
int containers_init(const struct page *page, struct containers *out_containers);

struct mass containers_mass(const struct containers *containers, size_t begin, size_t end);

/* The innermost container that holds at least `share` of the page's sentences (of its plain text,
 * where it has none). */
uint32_t containers_main(const struct containers *containers, double share);

/* The innermost container of the line that holds at least `lines` lines. */
uint32_t containers_around(const struct containers *containers, size_t line, size_t lines);

#endif
