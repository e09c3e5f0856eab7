/* containers: rebuilds the tree of elements around lines from two numbers a block: how deep it
 * lies, and how deep the innermost element lies that is around it and the block before.
 *
 * Called once for each HTML page, by line_features.c. A container is a run of lines, so all that is
 * asked of one is a difference of two running sums. One pass with a stack; at most two containers a
 * line.
 */
#include "containers.h"

#include <errno.h>
#include <string.h>

struct builder {
    struct containers *containers;
    uint32_t *stack;
    size_t height;
};

static uint32_t open_container(struct builder *builder, size_t begin, uint32_t depth)
{
    struct containers *containers = builder->containers;
    uint32_t index = (uint32_t)containers->count++;

    containers->items[index] =
        (struct container){.begin = begin, .end = begin, .depth = depth, .parent = NO_CONTAINER};
    return index;
}

static struct container *top(const struct builder *builder)
{
    return &builder->containers->items[builder->stack[builder->height - 1]];
}

/* Closes what is deeper than `depth`, at line `at`; what was closed last lies in a container of
 * that depth, which begins where it began if there was none yet. */
static void close_to(struct builder *builder, uint32_t depth, size_t at)
{
    while (builder->height > 0 && top(builder)->depth > depth) {
        struct container *closed = top(builder);
        size_t begin = closed->begin;

        closed->end = at;
        builder->height--;
        if (builder->height == 0 || top(builder)->depth < depth) {
            builder->stack[builder->height++] = open_container(builder, begin, depth);
        }
        closed->parent = builder->stack[builder->height - 1];
    }
}

static void sum_up(const struct page *page, struct mass *before)
{
    for (size_t i = 0; i < page->count; i++) {
        const struct line *line = &page->lines[i];
        double columns = line->shape.columns;
        struct mass sum = before[i];

        sum.lines += 1;
        sum.columns += columns * (1 - line->linked);
        sum.links += columns * line->linked;
        sum.sentences += line_is_body(line) ? columns : 0;
        sum.marked += line->role != NO_ROLE;
        before[i + 1] = sum;
    }
}

int containers_init(const struct page *page, struct containers *out_containers)
{
    const struct taxon_host *host = page->task->host;
    struct containers *containers = out_containers;
    struct builder builder = {.containers = containers};

    containers->count = 0;
    containers->items = host->alloc(page->task, (page->count * 2 + 2) * sizeof(*containers->items));
    containers->innermost = host->alloc(page->task, (page->count + 1) * sizeof(uint32_t));
    containers->before = host->alloc(page->task, (page->count + 1) * sizeof(struct mass));
    builder.stack = host->alloc(page->task, (page->count * 2 + 2) * sizeof(uint32_t));
    if (containers->items == NULL || containers->innermost == NULL || containers->before == NULL ||
        builder.stack == NULL) {
        return -ENOMEM;
    }
    builder.stack[builder.height++] = open_container(&builder, 0, 0);
    for (size_t i = 0; i < page->count; i++) {
        const struct line *line = &page->lines[i];

        close_to(&builder, line->joint_depth, i);
        if (top(&builder)->depth < line->depth) {
            builder.stack[builder.height++] = open_container(&builder, i, line->depth);
        }
        containers->innermost[i] = builder.stack[builder.height - 1];
    }
    close_to(&builder, 0, page->count);
    top(&builder)->end = page->count;
    sum_up(page, containers->before);
    return 0;
}

struct mass containers_mass(const struct containers *containers, size_t begin, size_t end)
{
    const struct mass *from = &containers->before[begin];
    const struct mass *to = &containers->before[end];

    return (struct mass){.lines = to->lines - from->lines,
                         .columns = to->columns - from->columns,
                         .links = to->links - from->links,
                         .sentences = to->sentences - from->sentences,
                         .marked = to->marked - from->marked};
}

static double worth(const struct mass *mass, const struct mass *page)
{
    return page->sentences > 0 ? mass->sentences / page->sentences
                               : mass->columns / (page->columns > 0 ? page->columns : 1);
}

uint32_t containers_main(const struct containers *containers, double share)
{
    struct mass page;
    uint32_t best = 0;
    size_t lines = containers->items[0].end;

    page = containers_mass(containers, 0, lines);
    for (size_t i = 0; i < containers->count; i++) {
        const struct container *item = &containers->items[i];
        struct mass mass = containers_mass(containers, item->begin, item->end);

        if (worth(&mass, &page) >= share &&
            (item->end - item->begin <
                 containers->items[best].end - containers->items[best].begin ||
             (item->end - item->begin ==
                  containers->items[best].end - containers->items[best].begin &&
              item->depth > containers->items[best].depth))) {
            best = (uint32_t)i;
        }
    }
    return best;
}

uint32_t containers_around(const struct containers *containers, size_t line, size_t lines)
{
    uint32_t at = containers->innermost[line];

    while (containers->items[at].end - containers->items[at].begin < lines &&
           containers->items[at].parent != NO_CONTAINER) {
        at = containers->items[at].parent;
    }
    return at;
}
