/* marking: the steps between the first look at the lines and their publication. */
#ifndef MARKING_H
#define MARKING_H

#include "lines.h"

/* mark.c: splits the document of `page` into lines and gives each the role that its cues give it. 0
 * or -ENOMEM. */
int32_t mark_lines(struct page *page);

/* region.c: finds the main part of an HTML page and says of each line whether it lies before it, in
 * it or behind it. Nothing on other documents. */
void region_find(struct page *page);

/* lists.c: says of each line which heading it is listed under, if that is one of a role that heads
 * lists (related). */
void lists_find(struct page *page);

/* crowds.c: says of each line of a plain text whether it stands in a row of short lines that are
 * menus and headlines. */
void crowds_find(struct page *page);

/* blanks.c: publishes the blanks of a model text and the fact `template`. Returns what the host
 * says, -E2BIG being no error. */
int32_t blanks_publish(const struct page *page);

/* unfinished.c: publishes the fact `incomplete`. */
int32_t unfinished_publish(const struct page *page);

#endif
