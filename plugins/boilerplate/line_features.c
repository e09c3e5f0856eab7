/* line_features: counts what is known of each line of an HTML page: its own form and words, the
 * elements it lies in and what they are called, the lines beside it, the containers around it, the
 * lines in like places of the page, and the page as a whole.
 *
 * Called once a page by main_text.c, and by the program that trains. Nothing is decided here. Each
 * line takes bounded time, save for the climb through its containers, of which there are at most as
 * many as the reader lets a page nest.
 */
#include "line_features.h"

#include <errno.h>
#include <string.h>

#include "page_view.h"

#define FAR          99.0f /* lines: no farther is looked */
#define WIDEST_STEPS 64u

static void set_bits(float *row, enum feature first, size_t count, uint32_t bits)
{
    for (size_t i = 0; i < count; i++) {
        row[(size_t)first + i] = (float)(bits >> i & 1u);
    }
}

/* --- a line --- */

static void count_form(const struct line *line, float *row)
{
    const struct shape *shape = &line->shape;
    double columns = shape->columns > 0 ? shape->columns : 1;

    set(row, FEATURE_KIND, line->kind);
    set(row, FEATURE_LEVEL, line->level);
    set(row, FEATURE_DEPTH, line->depth);
    set(row, FEATURE_COLUMNS, shape->columns);
    set(row, FEATURE_LINKED, line->linked);
    set(row, FEATURE_LETTERS, shape->letters / columns);
    set(row, FEATURE_DIGITS, shape->digits / columns);
    set(row, FEATURE_SPACES, shape->spaces);
    set(row, FEATURE_STOPS, shape->stops);
    set(row, FEATURE_STOP_DENSITY, (shape->stops + shape->commas) / columns);
    set(row, FEATURE_COMMAS, shape->commas);
    set(row, FEATURE_BARS, shape->bars);
    set(row, FEATURE_TRAILS, shape->trails);
    set(row, FEATURE_CODE, shape->code);
    set_bits(row, FEATURE_SHAPE, SHAPE_BITS, shape->bits);
    set(row, FEATURE_RUN, line->run);
    set(row, FEATURE_SAME, line->same);
    set_bits(row, FEATURE_ELEMENTS, ELEMENT_BITS, line->elements);
    set_bits(row, FEATURE_NAMES, NAME_BITS, line->names);
    set_bits(row, FEATURE_NEAR, NAME_BITS, line->near_names);
}

static double best_sum(const struct page *page, size_t index)
{
    size_t roles = page->boilerplate->labels.count;
    double best = -9;

    for (size_t i = 0; i < roles; i++) {
        double sum = page->sums[index * roles + i];

        best = sum > best ? sum : best;
    }
    return best < 9 ? best : 9;
}

static void count_words(const struct view *view, size_t index, float *row)
{
    const struct page *page = view->page;
    const struct line *line = &page->lines[index];
    size_t roles = page->boilerplate->labels.count;
    const char *text = line_text(page, index);
    size_t len = line_len(page, index);
    size_t look = len < TITLE_BYTES ? len : TITLE_BYTES;
    size_t shared = 0;

    for (size_t i = 0; i + 3 <= look; i++) {
        shared += view->title_grams[title_gram(text + i)];
    }
    set(row, FEATURE_IS_TITLE, line->is_title);
    set(row, FEATURE_IN_TITLE, share((double)shared, (double)look));
    set(row, FEATURE_OF_TITLE, share((double)shared, (double)view->title_len));
    set(row, FEATURE_LISTED, line->listed != 0);
    set(row, FEATURE_REGION, line->region);
    set(row, FEATURE_ROLE_SUM, best_sum(page, index));
    for (size_t i = 0; i < KNOWN_ROLES; i++) {
        double sum = view->role_of[i] == NO_ROLE ? 0 : page->sums[index * roles + view->role_of[i]];

        row[FEATURE_ROLE + i] = (float)(sum < 9 ? sum > -9 ? sum : -9 : 9);
    }
}

static void count_place(const struct view *view, size_t index, float *row)
{
    const struct page *page = view->page;
    const struct containers *containers = &view->containers;
    double above = containers->before[index].columns;
    double plain = page->lines[index].shape.columns * (1 - page->lines[index].linked);

    set(row, FEATURE_PLACE, share((double)index, (double)page->count));
    set(row, FEATURE_INDEX, (double)index);
    set(row, FEATURE_TEXT_ABOVE, share(above, view->all.columns));
    set(row, FEATURE_TEXT_BELOW, view->all.columns - above - plain);
    set(row, FEATURE_TITLE_ABOVE,
        view->title == page->count ? -FAR : (double)index - (double)view->title);
    set(row, FEATURE_JOINT_ABOVE,
        page->lines[index].depth - (double)page->lines[index].joint_depth);
    set(row, FEATURE_JOINT_BELOW,
        index + 1 < page->count
            ? page->lines[index].depth - (double)page->lines[index + 1].joint_depth
            : FAR);
}

static void count_neighbour(const struct view *view, size_t index, size_t to, enum feature first,
                            float *row)
{
    const struct page *page = view->page;
    const struct line *line = &page->lines[index];
    const struct line *other;

    if (to >= page->count) { /* above the first, too: the index has gone round */
        row[first] = -1;
        return;
    }
    other = &page->lines[to];
    row[first] = (float)other->shape.columns;
    row[first + 1] = (float)other->linked;
    row[first + 2] = (float)line_is_body(other);
    row[first + 3] = (float)other->kind;
    row[first + 4] = (float)best_sum(page, to);
    row[first + 5] = (float)((other->path == line->path) + (other->near_names == line->near_names));
}

static uint32_t count_around(const struct view *view, uint32_t container, enum feature first,
                             float *row)
{
    const struct container *item = &view->containers.items[container];
    struct mass mass = containers_mass(&view->containers, item->begin, item->end);
    double columns = mass.columns + mass.links;

    row[first] = (float)mass.lines;
    row[first + 1] = (float)share(mass.columns, view->all.columns);
    row[first + 2] = (float)share(mass.links, columns);
    row[first + 3] = (float)share(mass.sentences, columns);
    row[first + 4] = (float)share(columns, mass.lines);
    row[first + 5] = (float)share(mass.marked, mass.lines);
    return item->parent == NO_CONTAINER ? container : item->parent;
}

static void count_containers(const struct view *view, size_t index, float *row)
{
    uint32_t at = containers_around(&view->containers, index, 2);

    at = count_around(view, at, FEATURE_AROUND_1, row);
    at = count_around(view, at, FEATURE_AROUND_2, row);
    at = count_around(view, at, FEATURE_AROUND_3, row);
    at = view->containers.items[at].parent == NO_CONTAINER ? at : view->containers.items[at].parent;
    (void)count_around(view, at, FEATURE_AROUND_5, row);
}

/* How far the line is from `target`: elements to climb until one holds both, how deep that lies,
 * and whether the line stands before, in or behind it. */
static void count_distance(const struct view *view, size_t index, uint32_t target,
                           enum feature first, float *row)
{
    const struct container *goal = &view->containers.items[target];
    uint32_t at = target;
    uint32_t steps = 0;

    while ((index < view->containers.items[at].begin || index >= view->containers.items[at].end) &&
           view->containers.items[at].parent != NO_CONTAINER && steps < WIDEST_STEPS) {
        at = view->containers.items[at].parent;
        steps++;
    }
    row[first] = (float)steps;
    row[first + 1] = (float)view->containers.items[at].depth - (float)goal->depth;
    row[first + 2] = index < goal->begin ? -1.0f : index >= goal->end ? 1.0f : 0.0f;
}

/* --- all lines, in one way or the other --- */

static void count_downward(const struct view *view, float *rows)
{
    const struct page *page = view->page;
    size_t body = SIZE_MAX;
    size_t heading = SIZE_MAX;

    for (size_t i = 0; i < page->count; i++) {
        float *row = rows + i * FEATURES_COUNT;
        const struct line *line = &page->lines[i];

        set(row, FEATURE_BODY_ABOVE, body == SIZE_MAX || i - body > FAR ? FAR : (double)(i - body));
        set(row, FEATURE_HEADING_ABOVE,
            heading == SIZE_MAX || i - heading > FAR ? FAR : (double)(i - heading));
        if (heading != SIZE_MAX) {
            set(row, FEATURE_HEADING_LEVEL, page->lines[heading].level);
            set(row, FEATURE_HEADING_ROLE, best_sum(page, heading));
        }
        body = line_is_body(line) ? i : body;
        heading = (line->elements & TAXON_IN_HEADING) != 0 ? i : heading;
    }
}

static void count_upward(const struct view *view, float *rows)
{
    const struct page *page = view->page;
    size_t body = SIZE_MAX;

    for (size_t i = page->count; i-- > 0;) {
        set(rows + i * FEATURES_COUNT, FEATURE_BODY_BELOW,
            body == SIZE_MAX || body - i > FAR ? FAR : (double)(body - i));
        body = line_is_body(&page->lines[i]) ? i : body;
    }
}

/* Lines of the same path of elements. */
struct likes {
    uint64_t path;
    uint32_t first;
    struct mass mass;
};

/* As in lines.c: a table of twice the lines, with a bound on tries. */
static struct likes *like(struct likes *table, size_t size, uint64_t path)
{
    for (size_t tries = 0; tries < 32; tries++) {
        struct likes *likes = &table[((path ^ (path >> 32)) + tries) & (size - 1)];

        if (likes->mass.lines == 0 || likes->path == path) {
            likes->path = path;
            return likes;
        }
    }
    return &table[path & (size - 1)];
}

static int count_alike(const struct view *view, float *rows, struct surroundings *around)
{
    const struct page *page = view->page;
    size_t size = 16;
    struct likes *table;

    while (size < page->count * 2) {
        size *= 2;
    }
    table = page->task->host->alloc(page->task, size * sizeof(*table));
    if (table == NULL) {
        return 0;
    }
    for (size_t i = 0; i < page->count; i++) {
        struct likes *likes = like(table, size, page->lines[i].path);
        struct mass mass = containers_mass(&view->containers, i, i + 1);

        likes->first = likes->mass.lines == 0 ? (uint32_t)i : likes->first;
        likes->mass.lines += 1;
        likes->mass.columns += mass.columns;
        likes->mass.links += mass.links;
        likes->mass.sentences += mass.sentences;
    }
    for (size_t i = 0; i < page->count; i++) {
        const struct likes *likes = like(table, size, page->lines[i].path);
        const struct mass *mass = &likes->mass;
        float *row = rows + i * FEATURES_COUNT + FEATURE_ALIKE;
        double columns = mass->columns + mass->links;

        around[i].like = likes->first;
        row[0] = (float)mass->lines;
        row[1] = (float)share(mass->columns, view->all.columns);
        row[2] = (float)share(mass->links, columns);
        row[3] = (float)share(columns, mass->lines);
    }
    return 1;
}

static void count_line(const struct view *view, size_t index, float *row)
{
    memcpy(row, view->of_page, sizeof(view->of_page));
    count_form(&view->page->lines[index], row);
    count_words(view, index, row);
    count_place(view, index, row);
    count_neighbour(view, index, index - 1, FEATURE_ABOVE_1, row);
    count_neighbour(view, index, index - 2, FEATURE_ABOVE_2, row);
    count_neighbour(view, index, index + 1, FEATURE_BELOW_1, row);
    count_neighbour(view, index, index + 2, FEATURE_BELOW_2, row);
    count_containers(view, index, row);
    count_distance(view, index, view->containers.innermost[view->widest], FEATURE_WIDEST, row);
    count_distance(view, index, view->main_50, FEATURE_MAIN_50, row);
    count_distance(view, index, view->main_85, FEATURE_MAIN_85, row);
}

static void describe(const struct view *view, struct surroundings *around)
{
    const struct containers *containers = &view->containers;

    for (size_t i = 0; i < view->page->count; i++) {
        const struct container *near = &containers->items[containers_around(containers, i, 2)];
        const struct container *wide = &containers->items[containers_around(containers, i, 6)];

        around[i] = (struct surroundings){.weight = (float)view->page->lines[i].shape.columns + 2,
                                          .near_begin = (uint32_t)near->begin,
                                          .near_end = (uint32_t)near->end,
                                          .wide_begin = (uint32_t)wide->begin,
                                          .wide_end = (uint32_t)wide->end};
    }
}

int line_features_of(const struct page *page, struct line_features *out_features)
{
    const struct taxon_host *host = page->task->host;
    struct view *view = host->alloc(page->task, sizeof(*view));
    size_t size = (page->count + 1) * FEATURES_COUNT * sizeof(float);

    out_features->rows = host->alloc(page->task, size);
    out_features->around =
        host->alloc(page->task, (page->count + 1) * sizeof(*out_features->around));
    if (view == NULL || out_features->rows == NULL || out_features->around == NULL) {
        return -ENOMEM;
    }
    if (page->count == 0) {
        return 0;
    }
    view->page = page;
    if (page_view_init(view) < 0) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < page->count; i++) {
        count_line(view, i, out_features->rows + i * FEATURES_COUNT);
    }
    count_downward(view, out_features->rows);
    count_upward(view, out_features->rows);
    describe(view, out_features->around);
    return count_alike(view, out_features->rows, out_features->around) ? 0 : -ENOMEM;
}

const char *line_feature_words(uint32_t index)
{
#define FEATURE_WORDS(name, count, words) [FEATURE_##name... FEATURE_##name##_LAST] = (words),
    static const char *const words_of[FEATURES_COUNT] = {FEATURES_LIST(FEATURE_WORDS)};

    return words_of[index];
}
