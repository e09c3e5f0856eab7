/* What the tests of the html reader share: a page is read, and shown in a few letters. */
#ifndef TESTS_UNIT_KIT_HTML_PAGE_H
#define TESTS_UNIT_KIT_HTML_PAGE_H

#include <stdio.h>
#include <string.h>

#include "fake_host.h"
#include "suite.h"

static inline struct fake *html_read_page(const char *page)
{
    struct fake *fake = fake_new();

    ck_assert_int_eq(fake_open(fake), 0);
    ck_assert_int_eq(fake_read(fake, page), 0);
    taxon_plugin_v1()->close(fake->task.instance);
    return fake;
}

/* The blocks as "H1[title] P[text] L2[item] ", each with the letter of its kind. */
static inline const char *html_blocks(const char *page)
{
    static const char letters[] = "?PHLTQCFINOEAX"; /* by kind; I caption, O footer, E header */
    static char out[8192];
    struct fake *fake = html_read_page(page);
    size_t len = 0;

    out[0] = '\0';
    for (size_t i = 0; i < fake->block_count; i++) {
        const struct taxon_block *block = &fake->blocks[i];
        char level[12] = "";
        int n;

        if (block->level > 0)
            snprintf(level, sizeof level, "%u", block->level);
        n = snprintf(out + len, sizeof out - len, "%c%s[%.*s] ", letters[block->kind], level,
                     (int)(block->end - block->begin), fake->text + block->begin);
        ck_assert(n > 0 && (size_t)n < sizeof out - len);
        len += (size_t)n;
    }
    return out;
}

#define ck_blocks(page, expected) ck_assert_str_eq(html_blocks(page), expected)

/* The fact of that name, or NULL. */
static inline const struct taxon_fact *html_fact(const struct fake *fake, const char *name)
{
    for (size_t i = 0; i < fake->fact_count; i++)
        if (strcmp(fake->facts[i].name, name) == 0)
            return &fake->facts[i];
    return NULL;
}

static inline void html_expect_fact(const char *page, const char *name, const char *value)
{
    struct fake *fake = html_read_page(page);
    const struct taxon_fact *fact = html_fact(fake, name);

    if (value == NULL) {
        ck_assert_msg(fact == NULL, "%s is there", name);
        return;
    }
    ck_assert_msg(fact != NULL, "no %s", name);
    ck_assert_msg(fact->value_len == strlen(value) &&
                      memcmp(fact->value, value, fact->value_len) == 0,
                  "%s is '%.*s', not '%s'", name, (int)fact->value_len, fact->value, value);
    ck_assert_ptr_nonnull(fact->reason);
    ck_assert(fact->score > 0 && fact->score <= 1);
    if (fact->begin != TAXON_NOWHERE) {
        ck_assert_uint_lt(fact->begin, fact->end);
        ck_assert_uint_le(fact->end, fake->text_len);
        if (strcmp(name, "title") == 0) /* dates stand there in other words */
            ck_assert_mem_eq(fake->text + fact->begin, value, fact->value_len);
    }
}

#endif
