/* page_view: looks at all of an HTML page: its title, its roles, where most of its text lies, and
 * what kind of page its names and counts speak of.
 *
 * Called by line_features.c, once a page.
 */
#include "page_view.h"

#include <errno.h>
#include <string.h>

/* Those that words alone make come last. */
#define FIRST_BY_WORDS 6

static const char *const role_ids[KNOWN_ROLES] = {"breadcrumb", "navigation",     "related",
                                                  "comment",    "footer",         "contact",
                                                  "byline",     "dateline",       "caption",
                                                  "share",      "pagination",     "publisher",
                                                  "copyright",  "script-residue", "registration"};

int line_feature_role(const char *id, int *out_by_words)
{
    size_t i = 0;

    while (i < KNOWN_ROLES && strcmp(role_ids[i], id) != 0) {
        i++;
    }
    *out_by_words = i >= FIRST_BY_WORDS && i < KNOWN_ROLES;
    return i < KNOWN_ROLES;
}

static void find_roles(struct view *view)
{
    const struct definitions *labels = &view->page->boilerplate->labels;

    for (size_t i = 0; i < KNOWN_ROLES; i++) {
        view->role_of[i] = NO_ROLE;
        for (uint32_t k = 0; k < labels->count; k++) {
            if (strcmp(labels->items[k].id, role_ids[i]) == 0) {
                view->role_of[i] = k;
            }
        }
    }
}

/* The title in the folded text, or else as the page states it. */
static void find_title(struct view *view)
{
    const struct page *page = view->page;
    const struct taxon_document *document = page->document;
    const char *text = NULL;
    size_t len = 0;

    view->title = page->count;
    for (size_t i = 0; i < document->fact_count && text == NULL; i++) {
        const struct taxon_fact *fact =
            TAXON_AT(struct taxon_fact, document->facts, document->fact_stride, i);

        if (strcmp(fact->name, "title") == 0) {
            text = fact->value;
            len = fact->value_len;
        }
    }
    for (size_t i = 0; i < page->count; i++) {
        if (page->lines[i].is_title) {
            view->title = i;
            text = line_text(page, i);
            len = line_len(page, i);
            break;
        }
    }
    if (text == NULL) {
        return;
    }
    view->title_len = len < TITLE_BYTES ? len : TITLE_BYTES;
    for (size_t i = 0; i + 3 <= view->title_len; i++) {
        view->title_grams[title_gram(text + i)] = 1;
    }
}

static void find_widest(struct view *view)
{
    const struct page *page = view->page;
    uint32_t most = 0;

    for (size_t i = 0; i < page->count; i++) {
        if (line_is_body(&page->lines[i]) && page->lines[i].shape.columns > most) {
            most = page->lines[i].shape.columns;
            view->widest = i;
        }
    }
}

static void measure_page(struct view *view)
{
    static const uint32_t names[OF_PAGE_NAMES] = {TAXON_NAME_FORUM,   TAXON_NAME_PRODUCT,
                                                  TAXON_NAME_CODE,    TAXON_NAME_LIST,
                                                  TAXON_NAME_COMMENT, TAXON_NAME_ARTICLE};
    const struct page *page = view->page;
    double count = (double)(page->count > 0 ? page->count : 1);
    double columns = view->all.columns + view->all.links;
    double kinds[TAXON_BLOCK_OTHER + 1] = {0};
    double han = 0;
    double named[OF_PAGE_NAMES] = {0};

    for (size_t i = 0; i < page->count; i++) {
        const struct line *line = &page->lines[i];

        kinds[line->kind <= TAXON_BLOCK_OTHER ? line->kind : 0] += 1;
        han += (line->shape.bits & SHAPE_HAN) != 0 ? line->shape.columns : 0;
        for (size_t k = 0; k < OF_PAGE_NAMES; k++) {
            named[k] += (line->names & names[k]) != 0 ? line->shape.columns : 0;
        }
    }
    set(view->of_page, FEATURE_PAGE_LINES, count);
    set(view->of_page, FEATURE_PAGE_COLUMNS, view->all.columns);
    set(view->of_page, FEATURE_PAGE_LINKED, share(view->all.links, columns));
    set(view->of_page, FEATURE_PAGE_BODY, share(view->all.sentences, columns));
    set(view->of_page, FEATURE_PAGE_HEADINGS, kinds[TAXON_BLOCK_HEADING] / count);
    set(view->of_page, FEATURE_PAGE_ITEMS, kinds[TAXON_BLOCK_LIST_ITEM] / count);
    set(view->of_page, FEATURE_PAGE_CODE, (double)page->code_lines / count);
    set(view->of_page, FEATURE_PAGE_HAN, share(han, columns));
    for (size_t k = 0; k < OF_PAGE_NAMES; k++) {
        view->of_page[FEATURE_PAGE_NAMES + k] = (float)share(named[k], columns);
    }
}

int page_view_init(struct view *view)
{
    if (containers_init(view->page, &view->containers) < 0) {
        return -ENOMEM;
    }
    view->all = containers_mass(&view->containers, 0, view->page->count);
    view->main_50 = containers_main(&view->containers, 0.5);
    view->main_85 = containers_main(&view->containers, 0.85);
    find_roles(view);
    find_title(view);
    find_widest(view);
    measure_page(view);
    return 0;
}
