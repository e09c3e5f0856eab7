/* title: which of the titles that a page has is its article's.
 *
 * Called by html.c once the text is made. A page names its article in up to three places: the title
 * element, mostly with the site's name behind it; a meta element; a heading. None is right by
 * itself: the first h1 may be the site's logo, the title element the same on all pages. What two of
 * them agree on is right, so each part of the title element is looked for among the lines.
 */
#include "title.h"

#include <string.h>
#include <strings.h>

#define PARTS_MAX     8u
#define BLOCKS_LOOK   2000u /* a title stands near the top of the text */
#define HEADING_LEAST 4u    /* bytes of a heading that is believed to stand in the title element */
#define TOP_HEADINGS  8u

/* The parts of the title element: "Title - Column - Site" */
struct parts {
    size_t begin[PARTS_MAX];
    size_t end[PARTS_MAX];
    size_t count;
};

static int is_blank(unsigned char c)
{
    return c <= ' ';
}

/* Whether two texts are the same but for white space. */
static int is_same(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t i = 0;
    size_t k = 0;

    for (;;) {
        while (i < a_len && is_blank((unsigned char)a[i])) {
            i++;
        }
        while (k < b_len && is_blank((unsigned char)b[k])) {
            k++;
        }
        if (i == a_len || k == b_len) {
            return i == a_len && k == b_len;
        }
        if (a[i++] != b[k++]) {
            return 0;
        }
    }
}

/* The length of the separator at `at`, or 0. A hyphen within an English word is none. */
static size_t separator_at(const char *text, size_t at, size_t len)
{
    static const char *const signs[] = {"——", "｜", "－", "–", "—", "»", "›",
                                        "::", "--", "|",  "_", "-", "·", ">"};

    for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
        size_t sign_len = strlen(signs[i]);
        size_t after = at + sign_len;

        if (after > len || memcmp(text + at, signs[i], sign_len) != 0) {
            continue;
        }
        if (sign_len == 1 && text[at] != '|' && at > 0 && after < len &&
            !(is_blank((unsigned char)text[at - 1]) && is_blank((unsigned char)text[after])) &&
            (unsigned char)text[after] < 0xE3) { /* Chinese sites set no spaces around it */
            return 0;
        }
        if (strcmp(signs[i], "·") == 0 && !(at > 0 && text[at - 1] == ' ')) {
            return 0; /* within a foreign name in Chinese */
        }
        return sign_len;
    }
    return 0;
}

static void take_apart(struct facts_text title, struct parts *parts)
{
    size_t begin = 0;
    size_t at = 0;

    parts->count = 0;
    while (at <= title.len && parts->count < PARTS_MAX) {
        size_t separator = at == title.len || parts->count + 1 == PARTS_MAX
                               ? 0
                               : separator_at(title.text, at, title.len);
        size_t end = at;

        if (separator == 0 && at < title.len) {
            at++;
            continue;
        }
        while (begin < end && is_blank((unsigned char)title.text[begin])) {
            begin++;
        }
        while (end > begin && is_blank((unsigned char)title.text[end - 1])) {
            end--;
        }
        if (end > begin) {
            parts->begin[parts->count] = begin;
            parts->end[parts->count++] = end;
        }
        begin = at = at + (separator == 0 ? 1 : separator);
    }
}

/* "Powered by …": what forums put behind the site's name. */
static int names_software(const char *text, size_t len)
{
    static const char powered[] = "powered by";

    return len >= sizeof(powered) - 1 && strncasecmp(text, powered, sizeof(powered) - 1) == 0;
}

/* The line that holds just this text; a heading rather than another. NULL: none. */
static struct page_block *find_line(struct page *page, const char *text, size_t len)
{
    struct page_block *found = NULL;

    for (size_t i = 0; i < page->block_count && i < BLOCKS_LOOK; i++) {
        struct taxon_block *block = &page->blocks[i].block;
        size_t block_len = block->end - block->begin;

        if (block_len > len * 2 + 16 || block_len * 2 + 16 < len ||
            !is_same(page->text + block->begin, block_len, text, len)) {
            continue;
        }
        if (block->kind == TAXON_BLOCK_HEADING) {
            return &page->blocks[i];
        }
        if (found == NULL && block->kind != TAXON_BLOCK_NAV && block->kind != TAXON_BLOCK_FOOTER) {
            found = &page->blocks[i];
        }
    }
    return found;
}

static void set(struct title *title, const char *text, size_t len, double score, const char *reason)
{
    title->value = (struct facts_text){text, len};
    title->begin = title->end = TAXON_NOWHERE;
    title->score = score;
    title->reason = reason;
}

static void set_at(struct title *title, const struct page *page, const struct page_block *line,
                   double score, const char *reason)
{
    set(title, page->text + line->block.begin, line->block.end - line->block.begin, score, reason);
    title->begin = line->block.begin;
    title->end = line->block.end;
}

/* A top heading that the title element holds: as its beginning, or (`anywhere`) as another part of
 * it, though not as the site's name at its end. */
static int choose_heading(struct page *page, struct facts_text element, const struct parts *parts,
                          int anywhere, struct title *title)
{
    size_t last = parts->count - 1;
    unsigned seen = 0;

    for (size_t i = 0; i < page->block_count && seen < TOP_HEADINGS; i++) {
        const struct taxon_block *block = &page->blocks[i].block;
        const char *text = page->text + block->begin;
        size_t len = block->end - block->begin;
        const char *at;

        if (block->kind != TAXON_BLOCK_HEADING || block->level > 2) {
            continue;
        }
        seen++;
        at = len < HEADING_LEAST ? NULL : memmem(element.text, element.len, text, len);
        if (at == NULL || (!anywhere && (size_t)(at - element.text) >= parts->end[0]) ||
            (last > 0 && is_same(text, len, element.text + parts->begin[last],
                                 parts->end[last] - parts->begin[last]))) {
            continue;
        }
        set_at(title, page, &page->blocks[i], anywhere ? 0.8 : 0.95,
               "a heading that the title element holds");
        return 1;
    }
    return 0;
}

/* As many parts from the first on as make a line; then any but the last. */
static int choose_line(struct page *page, struct facts_text element, const struct parts *parts,
                       struct title *title)
{
    const struct page_block *line = NULL;

    for (size_t count = parts->count; count > 0 && line == NULL; count--) {
        line = find_line(page, element.text + parts->begin[0],
                         parts->end[count - 1] - parts->begin[0]);
    }
    for (size_t i = 1; i < parts->count && line == NULL; i++) {
        size_t len = parts->end[i] - parts->begin[i];

        /* "Site - Title": a site's name is the shorter one. */
        if (i + 1 < parts->count || len > parts->end[0] - parts->begin[0]) {
            line = find_line(page, element.text + parts->begin[i], len);
        }
    }
    if (line == NULL) {
        return 0;
    }
    set_at(title, page, line, 0.9, "a line that is a part of the title element");
    return 1;
}

/* The only h1, where the title element says something else. */
static int choose_lone_heading(struct page *page, uint32_t level, double score, struct title *title)
{
    const struct page_block *found = NULL;

    for (size_t i = 0; i < page->block_count; i++) {
        const struct taxon_block *block = &page->blocks[i].block;

        if (block->kind != TAXON_BLOCK_HEADING || block->level != level) {
            continue;
        }
        if (found != NULL) {
            return 0;
        }
        found = &page->blocks[i];
    }
    if (found == NULL) {
        return 0;
    }
    set_at(title, page, found, score, "the only heading of its level");
    return 1;
}

static int choose_own(struct page *page, struct facts_text own, const char *from,
                      struct title *title)
{
    struct parts parts;
    const struct page_block *line;

    if (own.text == NULL) {
        return 0;
    }
    take_apart(own, &parts);
    line = find_line(page, own.text, own.len);
    if (line != NULL && (parts.count == 1 || line->block.kind == TAXON_BLOCK_HEADING)) {
        set_at(title, page, line, 0.95, from);
        return 1;
    }
    return parts.count > 0 && choose_line(page, own, &parts, title);
}

static void choose(struct page *page, const struct head *head, struct title *title,
                   struct facts_text *out_first)
{
    struct facts_text element = facts_clean(page->task, head->title.text, head->title.len);
    struct facts_text own = facts_clean(page->task, head->own_title.text, head->own_title.len);
    struct parts parts = {.count = 0};

    if (element.text != NULL) {
        take_apart(element, &parts);
    }
    while (parts.count > 1 &&
           names_software(element.text + parts.begin[parts.count - 1],
                          parts.end[parts.count - 1] - parts.begin[parts.count - 1])) {
        parts.count--;
    }
    if (parts.count > 1) {
        size_t last = parts.count - 1;

        title->site = (struct facts_text){element.text + parts.begin[last],
                                          parts.end[last] - parts.begin[last]};
        *out_first =
            (struct facts_text){element.text + parts.begin[0], parts.end[0] - parts.begin[0]};
    }
    if (choose_own(page, own, head->own_title.from, title) ||
        (parts.count > 0 && (choose_heading(page, element, &parts, 0, title) ||
                             choose_line(page, element, &parts, title) ||
                             choose_heading(page, element, &parts, 1, title)))) {
        return;
    }
    if (own.text != NULL) {
        set(title, own.text, own.len, 0.8, head->own_title.from);
    } else if (choose_lone_heading(page, 1, 0.75, title)) {
        return;
    } else if (parts.count > 0) {
        set(title, element.text + parts.begin[0], parts.end[0] - parts.begin[0], 0.7,
            parts.count > 1 ? "title element, the site's name left out" : "title element");
    } else {
        (void)choose_lone_heading(page, 2, 0.5, title);
    }
}

/* Pages without h1 show their title as a line in large letters. */
static void raise_line(struct page *page, const struct title *title)
{
    struct taxon_block *line = NULL;

    for (size_t i = 0; i < page->block_count; i++) {
        struct taxon_block *block = &page->blocks[i].block;

        if (block->kind == TAXON_BLOCK_HEADING && block->level == 1) {
            return;
        }
        if (title->begin == block->begin && block->kind == TAXON_BLOCK_PARAGRAPH) {
            line = block;
        }
    }
    if (line != NULL) {
        line->kind = TAXON_BLOCK_HEADING;
        line->level = 1;
    }
}

void title_choose(struct page *page, const struct head *head, struct title *out_title)
{
    struct facts_text first = {NULL, 0};

    *out_title = (struct title){.begin = TAXON_NOWHERE, .end = TAXON_NOWHERE};
    choose(page, head, out_title, &first);
    if (out_title->value.text != NULL && is_same(out_title->value.text, out_title->value.len,
                                                 out_title->site.text, out_title->site.len)) {
        out_title->site = first;
    }
    if (out_title->begin != TAXON_NOWHERE) {
        raise_line(page, out_title);
    }
}
