/* count: one pass over a document for what all cues of all sets look for.
 *
 * Called by genre.c. Terms are found by the lexicon over the whole text, patterns and structures
 * line by line; both look away from page furniture, unless the cue or the whole set wants to see
 * it.
 */
#include "count.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "kit/mask.h"
#include "kit/pattern.h"
#include "kit/pattern_set.h"
#include "line_view.h"

#define PATTERN_MAX 300   /* bytes of a line that patterns see */
#define STOP_EVERY  256   /* lines */
#define SCAN_STEP   65536 /* bytes of terms looked for between looks at the time */

/* Counting for one set. */
struct counting {
    const struct cue_set *set;
    struct taxon_task *task;
    const struct taxon_document *document;
    struct mask mask; /* what does not count */
    size_t line;      /* the one that the scan is in */
    uint32_t *tried;  /* by line item: the number of the line that it was last matched with */
    struct counts *out;
};

/* Counting for all of them: all have the same lines, but not the same furniture. */
struct pass {
    struct counting sets[COUNT_SETS];
    size_t set_count;
    const struct cue_index *index;
    struct taxon_task *task;
    const struct taxon_document *document;
};

/* Where memory is short a hit still counts, only its place is not remembered. */
static void count_place(struct counting *counting, uint32_t item, uint32_t hits, size_t begin,
                        size_t end)
{
    struct item_count *count = &counting->out->items[item];

    counting->out->cues[counting->set->items[item].cue] = 1;
    if (count->hits == 0) {
        count->places = counting->task->host->alloc(counting->task, sizeof(*count->places));
    }
    if (count->hits < COUNT_PLACES && count->places != NULL) {
        count->places->begin[count->hits] = begin;
        count->places->end[count->hits] = end;
    }
    count->hits += hits;
}

/* A term may reach into the next line. Most lines hold no furniture, and that is known of them. */
static int is_in_furniture(const struct counting *counting, const struct line *line, size_t begin,
                           size_t end)
{
    if ((line->at & AT_MASKED) != 0) {
        return 1;
    }
    return ((line->at & AT_TOUCHED) != 0 || end > line->end) &&
           mask_touches_folded(&counting->mask, counting->task, begin, end);
}

/* Hits come by rising begin, so the line only moves on. */
static void count_hit(struct counting *counting, uint32_t item, size_t begin, size_t end)
{
    const struct cue_set *set = counting->set;
    const struct cue *cue = &set->cues[set->items[item].cue];
    const struct line *line;

    while (counting->line < counting->out->lines.count &&
           counting->out->lines.items[counting->line].end <= begin) {
        counting->line++;
    }
    if (counting->line == counting->out->lines.count) {
        return;
    }
    line = &counting->out->lines.items[counting->line];
    if (begin < line->begin ||
        (cue->at != 0 &&
         (lines_place(counting->document->folded, line, begin, end) & cue->at) == 0)) {
        return;
    }
    if (!cue->in_furniture && is_in_furniture(counting, line, begin, end)) {
        return;
    }
    count_place(counting, item, 1, begin, end);
}

static void take_hit(void *data, uint32_t id, size_t begin, size_t end)
{
    struct pass *pass = data;
    struct counting *counting = &pass->sets[pass->set_count - 1];

    while (id < counting->set->item_base) {
        counting--;
    }
    count_hit(counting, id - counting->set->item_base, begin, end);
}

/* Bytes of a line that patterns see. */
static size_t cut_line(const char *line, size_t len)
{
    size_t cut = len < PATTERN_MAX ? len : PATTERN_MAX;

    while (cut < len && cut > 0 && ((unsigned char)line[cut] & 0xC0) == 0x80) {
        cut--;
    }
    return cut;
}

/* A line that is asked for patterns and structures. */
struct asking {
    struct pass *pass;
    size_t line; /* its index */
    const char *text;
    size_t len;
    size_t cut_len;
};

static int is_wanted(const struct counting *counting, size_t line, const struct line_item *listed)
{
    uint32_t at = counting->out->lines.items[line].at;

    return (listed->at == 0 || (at & listed->at) != 0) &&
           (listed->in_furniture || (at & AT_MASKED) == 0);
}

static void take_item(struct counting *counting, size_t line, const struct line_item *listed,
                      uint32_t hits)
{
    const struct line *at = &counting->out->lines.items[line];

    count_place(counting, listed->item, hits, at->begin, at->end);
}

/* Several pieces of a line may lead to the same pattern. A pattern that wants to see the end of a
 * line does not match one that was cut. */
static void try_pattern(void *data, uint32_t id)
{
    const struct asking *asking = data;
    struct counting *counting = &asking->pass->sets[asking->pass->set_count - 1];
    const struct line_item *listed;
    const struct cue_item *item;

    while (id < counting->set->line_base) {
        counting--;
    }
    id -= counting->set->line_base;
    listed = &counting->set->line_items[id];
    item = &counting->set->items[listed->item];
    if (counting->tried[id] == asking->line + 1 || !is_wanted(counting, asking->line, listed)) {
        return;
    }
    counting->tried[id] = (uint32_t)asking->line + 1;
    if (asking->cut_len < asking->len && item->folded[item->folded_len - 1] != '*') {
        return;
    }
    if (pattern_matches(item->folded, item->folded_len, asking->text, asking->cut_len)) {
        take_item(counting, asking->line, listed, 1);
    }
}

/* Counts a structure for those items of a set that want it, which may be none: then the line is not
 * looked at. */
static void count_structure(struct counting *counting, size_t line, uint32_t structure,
                            struct line_view *view)
{
    const struct cue_set *set = counting->set;
    uint32_t i = set->structure_starts[structure];
    uint32_t end = set->structure_starts[structure + 1];
    uint32_t hits;

    while (i < end && !is_wanted(counting, line, &set->line_items[i])) {
        i++;
    }
    hits = i < end ? line_view_count(view, structure) : 0;
    for (; hits > 0 && i < end; i++) {
        if (is_wanted(counting, line, &set->line_items[i])) {
            take_item(counting, line, &set->line_items[i], hits);
        }
    }
}

/* Several labels may ask for the same structure. */
static void count_structures(const struct asking *asking)
{
    struct line_view view = {.text = asking->text, .len = asking->len};

    for (uint32_t structure = 0; structure < STRUCTURE_COUNT; structure++) {
        for (size_t i = 0; i < asking->pass->set_count; i++) {
            count_structure(&asking->pass->sets[i], asking->line, structure, &view);
        }
    }
}

static void count_lines(struct pass *pass)
{
    const struct lines *lines = &pass->sets[0].out->lines;

    for (size_t i = 0; i < lines->count; i++) {
        const struct line *line = &lines->items[i];
        struct asking asking = {.pass = pass,
                                .line = i,
                                .text = pass->document->folded + line->begin,
                                .len = line->end - line->begin};

        asking.cut_len = cut_line(asking.text, asking.len);
        pattern_set_find(pass->index->patterns, asking.text, asking.cut_len, try_pattern, &asking);
        count_structures(&asking);
        if (i % STOP_EVERY == STOP_EVERY - 1 && pass->task->host->should_stop(pass->task)) {
            return;
        }
    }
}

static void count_terms(struct pass *pass)
{
    const struct taxon_document *document = pass->document;
    size_t at = 0;

    assert(pass->sets[0].out != NULL);
    size_t end = pass->sets[0].out->lines.end;

    while (at < end && !pass->task->host->should_stop(pass->task)) {
        size_t to = end - at < SCAN_STEP ? end : at + SCAN_STEP;

        at = lexicon_scan(pass->index->lexicon, document->folded, document->folded_len, at, to,
                          take_hit, pass);
    }
}

/* Lines, furniture and room of one set. */
static int begin_counting(struct pass *pass, size_t index, struct counts *counts,
                          const struct mask *furniture)
{
    const struct cue_set *set = counts->set;
    struct taxon_task *task = pass->task;
    struct counting *counting = &pass->sets[index];
    int r;

    *counting =
        (struct counting){.set = set, .task = task, .document = pass->document, .out = counts};
    counting->mask = set->sees_furniture ? (struct mask){0} : *furniture;
    r = index == 0 ? lines_init(&counts->lines, task, pass->document, &counting->mask)
                   : lines_init_like(&counts->lines, &pass->sets[0].out->lines, task,
                                     pass->document, &counting->mask);
    if (r < 0) {
        return r;
    }
    counts->items = task->host->alloc(task, (set->item_count + 1) * sizeof(*counts->items));
    counting->tried =
        task->host->alloc(task, (set->line_item_count + 1) * sizeof(*counting->tried));
    counts->cues = task->host->alloc(task, set->cue_count + 1);
    return counts->items == NULL || counting->tried == NULL || counts->cues == NULL ? -ENOMEM : 0;
}

int counts_take(struct counts *counts, size_t set_count, const struct cue_index *index,
                struct taxon_task *task, const struct taxon_document *document,
                struct measures *measures)
{
    struct pass pass = {.set_count = set_count, .index = index, .task = task, .document = document};
    struct mask furniture;
    int r = mask_init(&furniture, task, document);

    assert(set_count > 0 && set_count <= COUNT_SETS);
    for (size_t i = 0; i < set_count && r == 0; i++) {
        r = begin_counting(&pass, i, &counts[i], &furniture);
        counts[i].measures = measures;
    }
    if (r < 0) {
        return r;
    }
    measures_take(measures, document, &counts[0].lines, &furniture);
    count_terms(&pass);
    count_lines(&pass);
    return 0;
}
