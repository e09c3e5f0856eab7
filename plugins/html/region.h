/* region: the containers of a page that say what they hold: nav, footer, header, aside, form. */
#ifndef HTML_REGION_H
#define HTML_REGION_H

#include <taxon/plugin.h>

struct region {
    uint32_t kind; /* TAXON_BLOCK_…; 0: none, the whole page */
    uint32_t parent;
    uint32_t settled; /* the kind that its blocks have; 0: their own */
    uint32_t inputs;  /* what a person fills in or presses */
    uint32_t titles;  /* h1 */
    uint64_t text_bytes;
    uint64_t link_bytes; /* of those */
};

struct regions {
    struct region *rows; /* the first is the whole page */
    uint32_t count;
    uint32_t size;
};

/* 0 or -ENOMEM. */
int regions_init(struct regions *regions, struct taxon_task *task);

/* Opens a region within `parent`; returns its index, or `parent` when there is no room. */
uint32_t regions_add(struct regions *regions, struct taxon_task *task, uint32_t kind,
                     uint32_t parent);

/* Decides which of them are what their names say: a form around the whole page is not a form, nor a
 * footer that holds most of the text a footer. */
void regions_settle(struct regions *regions);

/* The kind of container that a class or id attribute speaks of ("site-nav", "footerBox", "mbx"), or
 * 0. Adds to *names what else its words speak of (TAXON_NAME_…). */
uint32_t region_of_words(const char *words, size_t len, uint32_t *names);

#endif
