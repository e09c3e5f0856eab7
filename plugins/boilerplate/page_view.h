/* page_view: what is known of all of an HTML page before its lines are counted. Inside this plugin,
 * for line_features.c only.
 */
#ifndef PAGE_VIEW_H
#define PAGE_VIEW_H

#include "containers.h"
#include "line_features.h"
#include "lines.h"

#define TITLE_BYTES 300u /* of the title, or of a line, that are compared */
#define TITLE_SLOTS 512u

/* What is known of all of the page. */
struct view {
    const struct page *page;
    struct containers containers;
    struct mass all;
    uint32_t main_50;
    uint32_t main_85;
    size_t widest; /* the longest line that reads like the text */
    size_t title;  /* the line that is the title; page->count: none */
    uint32_t role_of[KNOWN_ROLES];
    uint8_t title_grams[TITLE_SLOTS]; /* pairs of bytes of the title, hashed */
    size_t title_len;
    float of_page[FEATURES_COUNT]; /* the last features, the same for each line */
};

/* Looks at the page; `view` is zeroed but for `page`, which has lines. 0 or -ENOMEM. */
int page_view_init(struct view *view);

/* Where three bytes are in title_grams. */
static inline size_t title_gram(const char *text)
{
    return ((unsigned char)text[0] * 31u + (unsigned char)text[1] * 7u +
            (unsigned char)text[2] * 131u) %
           TITLE_SLOTS;
}

static inline void set(float *row, enum feature feature, double value)
{
    row[feature] = (float)value;
}

static inline double share(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

#endif
