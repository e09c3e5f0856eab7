/* html: the reader of HTML: text, blocks, and what a page says of itself.
 *
 * This file has the order of things: parse (tree.c), walk (walk.c, page.c), judge which containers
 * to believe (region.c) and which title (title.c), then hand all of it to the host. The parser is
 * made once, in open(); what it takes for a page is given back before read() returns.
 */
#include <errno.h>
#include <string.h>

#include <taxon/plugin.h>

#include "facts.h"
#include "title.h"
#include "walk.h"

#define STOP_EVERY 4096u
#define TEXT_LEAST 200u /* bytes; a page that shows less may need a script to show more */

static int should_stop(void *context)
{
    struct taxon_task *task = context;

    return task->host->should_stop(task) != 0;
}

/* Says in a fact and in the log that the page was not read as it is. */
static int32_t report_cuts(struct taxon_task *task, uint32_t cuts)
{
    static const struct {
        uint32_t cut;
        const char *value;
        const char *reason;
    } kinds[] = {
        {TREE_CUT_INPUT, "html-bytes", "more than 8 MiB of HTML: the rest is left out"},
        {TREE_CUT_DEPTH, "html-depth", "elements nest deeper than 256: read as if less deep"},
        {TREE_CUT_NODES, "html-nodes", "more than 2000000 nodes: the rest is left out"},
        {TREE_CUT_TIME, "html-time", "no time left: the rest is left out"},
        {TREE_CUT_STRAYED, "html-strayed", "much text between the rows of tables: left out"},
    };
    int32_t r = 0;

    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds) && r >= 0; i++) {
        struct taxon_fact fact = {.struct_size = sizeof(fact),
                                  .name = "limit",
                                  .value = kinds[i].value,
                                  .value_len = strlen(kinds[i].value),
                                  .begin = TAXON_NOWHERE,
                                  .end = TAXON_NOWHERE,
                                  .score = 1.0,
                                  .reason = kinds[i].reason};

        if ((cuts & kinds[i].cut) == 0) {
            continue;
        }
        task->host->log(task, TAXON_LOG_WARNING, kinds[i].reason);
        r = task->host->fact(task, &fact);
        r = r == -E2BIG ? 0 : r;
    }
    return r;
}

static int32_t publish_blocks(struct page *page, size_t text_len)
{
    const struct taxon_host *host = page->task->host;

    for (size_t i = 0; i < page->block_count; i++) {
        int32_t r;

        if (page->blocks[i].block.end > text_len) {
            return 0; /* the host took less text; it has recorded the limit */
        }
        r = host->block(page->task, &page->blocks[i].block);
        if (r == -E2BIG) {
            return 0; /* the host has recorded the limit; the blocks so far are good */
        }
        if (r < 0) {
            return r;
        }
        if ((i + 1) % STOP_EVERY == 0 && host->should_stop(page->task)) {
            return 0;
        }
    }
    return 0;
}

static int32_t publish(struct page *page, const struct head *head, uint32_t cuts)
{
    struct title title;
    int32_t r;

    page_settle_kinds(page);
    title_choose(page, head, &title);
    r = page->task->host->text(page->task, page->text, page->len);
    if (r == -E2BIG) {
        return 0; /* the host has recorded the limit, and kept what text fits */
    }
    if (r < 0) {
        return r;
    }
    r = publish_blocks(page, page->len);
    r = r < 0 ? r : facts_report(page, head, &title);
    return r < 0 ? r : report_cuts(page->task, cuts);
}

/* Walks, and once more with what is shown where there are no scripts when the page shows next to
 * nothing without; if that is nothing, too, with what it hides. */
static int32_t walk_pages(struct taxon_task *task, const struct tree *tree, size_t input_len,
                          struct page *page, struct head *head, uint32_t *cuts)
{
    static const size_t enough[] = {TEXT_LEAST, 1, 0};

    for (uint32_t shown = WALK_SHOWN; shown <= WALK_HIDDEN; shown++) {
        *head = (struct head){.title = {.text = NULL}};
        if (page_init(page, task, input_len) < 0) {
            return -ENOMEM;
        }
        if (walk_tree(tree, shown, page, head)) {
            *cuts |= TREE_CUT_TIME;
        }
        if (page->failed) {
            return -ENOMEM;
        }
        if (page->len >= enough[shown] || (*cuts & TREE_CUT_TIME) != 0) {
            break;
        }
    }
    return 0;
}

static int32_t read_tree(struct taxon_task *task, const struct tree *tree, size_t input_len)
{
    uint32_t cuts = tree_cuts(tree);
    struct page page;
    struct head head;
    int32_t r = walk_pages(task, tree, input_len, &page, &head, &cuts);

    return r < 0 ? r : publish(&page, &head, cuts);
}

static int32_t html_read(void *instance, struct taxon_task *task, const struct taxon_input *input)
{
    struct tree *tree = NULL;
    int32_t r = tree_parse(instance, input->decoded, input->decoded_len, should_stop, task, &tree);

    if (r < 0) {
        return r;
    }
    r = read_tree(task, tree, input->decoded_len);
    tree_free(tree);
    return r;
}

static int32_t html_open(struct taxon_opening *opening, void **out_instance)
{
    struct tree_parser *parser = NULL;
    int r = tree_parser_new(&parser);

    (void)opening;
    *out_instance = parser;
    return r;
}

static void html_close(void *instance)
{
    tree_parser_free(instance);
}

const struct taxon_descriptor *taxon_plugin_v1(void)
{
    static const char *const media_types[] = {"text/html", "application/xhtml+xml", NULL};
    static const struct taxon_descriptor descriptor = {
        .struct_size = sizeof(descriptor),
        .abi_minor = TAXON_ABI_MINOR,
        .kind = TAXON_KIND_READER,
        .name = "html",
        .version = "1.0.0",
        .summary = "Reads HTML: the text as a browser shows it, blocks, title and other facts.",
        .media_types = media_types,
        .open = html_open,
        .read = html_read,
        .close = html_close,
    };

    return &descriptor;
}
