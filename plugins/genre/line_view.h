/* line_view: what has been found out about one line for the counters of structure. */
#ifndef LINE_VIEW_H
#define LINE_VIEW_H

#include <stddef.h>
#include <stdint.h>

/* Begins with the text set and the rest 0. */
struct line_view {
    const char *text; /* folded */
    size_t len;
    int looked;       /* 1: `holds` stands */
    uint32_t holds;   /* HOLDS_… (structure.h) but HOLDS_NUMBER */
    int numbers;      /* 0: not looked for, 1: there are none, 2: there are some */
    uint32_t counted; /* the structure that was counted last, and 1 */
    uint32_t count;
};

/* How many of structure `index` the line holds: what its counter says, which is asked only where
 * the line has the characters that it needs. */
uint32_t line_view_count(struct line_view *view, uint32_t index);

#endif
