/* What the tests of the plugin boilerplate share: the fake host with the real folding, the role
 * files of config/boilerplate (or files of the test's own), and what the plugin said of a page.
 */
#ifndef TESTS_UNIT_KIT_BOILERPLATE_PAGE_H
#define TESTS_UNIT_KIT_BOILERPLATE_PAGE_H

#include <stddef.h>
#include <stdint.h>

#include "fake_host.h"

struct page_span {
    char role[40];
    char reason[220];
    size_t begin;
    size_t end;
    double score;
};

struct page_fact {
    char name[40];
    char reason[220];
    size_t begin;
    size_t end;
    double score;
};

/* What was said of the last page. */
struct page_said {
    struct page_span *spans;
    size_t count;
    size_t room;
    struct page_fact facts[16];
    size_t fact_count;
};

/* Opens the plugin on the files of config/boilerplate. */
struct fake *page_open(void);

/* Opens it on one file that holds this YAML; returns what open() said. */
int32_t page_open_yaml(const char *yaml, struct fake **out_fake);

/* Classifies a plain text, or a page of HTML whose blocks these are. Checks of each span that it
 * lies in the text, has a score in 0..1 and a reason. */
const struct page_said *page_text(struct fake *fake, const char *text);
const struct page_said *page_html(struct fake *fake, const char *text,
                                  const struct taxon_block *blocks, size_t count);

/* The role of the line that begins with `start` (its first occurrence at a line's begin), as marked
 * with 0.5 or more; "" for none. */
const char *page_role(const char *start);

/* Blanks marked with 0.5 or more. */
size_t page_blanks(void);

/* The fact, or NULL. */
const struct page_fact *page_fact(const char *name);

#endif
