/* count: one pass over a document for what all cues of a set look for.
 *
 * Called by score.c. Terms are found by the lexicon over the whole text, patterns and structures
 * line by line; both look away from page furniture, unless the cue or the whole set wants to see
 * it.
 */
#include "count.h"

#include <errno.h>
#include <string.h>

#include "kit/mask.h"
#include "kit/pattern.h"
#include "kit/pattern_set.h"
#include "line_view.h"

#define PATTERN_MAX 300   /* bytes of a line that patterns see */
#define STOP_EVERY  256   /* lines */
#define SCAN_STEP   65536 /* bytes of terms looked for between looks at the time */

struct counting {
    const struct cue_set *set;
    struct taxon_task *task;
    const struct taxon_document *document;
    struct mask mask; /* what does not count */
    size_t line;      /* the one that the scan is in */
    uint32_t *tried;  /* by line item: the number of the line that it was last matched with */
    struct counts *out;
};

/* Where memory is short a hit still counts, only its place is not remembered. */
static void count_place(struct counting *counting, uint32_t item, uint32_t hits, size_t begin,
                        size_t end)
{
    struct item_count *count = &counting->out->items[item];

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
static void take_hit(void *data, uint32_t item, size_t begin, size_t end)
{
    struct counting *counting = data;
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
    struct counting *counting;
    const struct line *line;
    uint32_t number; /* of the line, from 1 on */
    const char *text;
    size_t len;
    size_t cut_len;
};

static int is_wanted(const struct asking *asking, const struct line_item *listed)
{
    return (listed->at == 0 || (asking->line->at & listed->at) != 0) &&
           (listed->in_furniture || (asking->line->at & AT_MASKED) == 0);
}

static void take_item(const struct asking *asking, const struct line_item *listed, uint32_t hits)
{
    count_place(asking->counting, listed->item, hits, asking->line->begin, asking->line->end);
}

/* Several pieces of a line may lead to the same pattern. A pattern that wants to see the end of a
 * line does not match one that was cut. */
static void try_pattern(void *data, uint32_t id)
{
    const struct asking *asking = data;
    struct counting *counting = asking->counting;
    const struct line_item *listed = &counting->set->line_items[id];
    const struct cue_item *item = &counting->set->items[listed->item];

    if (!is_wanted(asking, listed) || counting->tried[id] == asking->number) {
        return;
    }
    counting->tried[id] = asking->number;
    if (asking->cut_len < asking->len && item->folded[item->folded_len - 1] != '*') {
        return;
    }
    if (pattern_matches(item->folded, item->folded_len, asking->text, asking->cut_len)) {
        take_item(asking, listed, 1);
    }
}

/* Several labels may ask for the same structure; a set may ask for few of them. */
static void count_structures(const struct asking *asking)
{
    const struct cue_set *set = asking->counting->set;
    struct line_view view = {.text = asking->text, .len = asking->len};

    for (uint32_t structure = 0; structure < STRUCTURE_COUNT; structure++) {
        uint32_t i = set->structure_starts[structure];
        uint32_t end = set->structure_starts[structure + 1];
        uint32_t hits;

        while (i < end && !is_wanted(asking, &set->line_items[i])) {
            i++;
        }
        hits = i < end ? line_view_count(&view, structure) : 0;
        for (; hits > 0 && i < end; i++) {
            if (is_wanted(asking, &set->line_items[i])) {
                take_item(asking, &set->line_items[i], hits);
            }
        }
    }
}

static void count_lines(struct counting *counting)
{
    for (size_t i = 0; i < counting->out->lines.count; i++) {
        const struct line *line = &counting->out->lines.items[i];
        struct asking asking = {.counting = counting,
                                .line = line,
                                .number = (uint32_t)i + 1,
                                .text = counting->document->folded + line->begin,
                                .len = line->end - line->begin};

        asking.cut_len = cut_line(asking.text, asking.len);
        pattern_set_find(counting->set->patterns, asking.text, asking.cut_len, try_pattern,
                         &asking);
        count_structures(&asking);
        if (i % STOP_EVERY == STOP_EVERY - 1 && counting->task->host->should_stop(counting->task)) {
            return;
        }
    }
}

static void count_terms(struct counting *counting)
{
    const struct taxon_document *document = counting->document;
    size_t end = counting->out->lines.end;
    size_t at = 0;

    while (at < end && !counting->task->host->should_stop(counting->task)) {
        size_t to = end - at < SCAN_STEP ? end : at + SCAN_STEP;

        at = lexicon_scan(counting->set->lexicon, document->folded, document->folded_len, at, to,
                          take_hit, counting);
    }
}

int counts_take(struct counts *counts, const struct cue_set *set, struct taxon_task *task,
                const struct taxon_document *document, struct measures *measures)
{
    struct counting counting = {.set = set, .task = task, .document = document, .out = counts};
    struct mask furniture;
    int r = mask_init(&furniture, task, document);

    memset(counts, 0, sizeof(*counts));
    if (r == 0) {
        counting.mask = set->sees_furniture ? (struct mask){0} : furniture;
        r = lines_init(&counts->lines, task, document, &counting.mask);
    }
    if (r < 0) {
        return r;
    }
    counts->items = task->host->alloc(task, (set->item_count + 1) * sizeof(*counts->items));
    counting.tried = task->host->alloc(task, (set->line_item_count + 1) * sizeof(*counting.tried));
    if (counts->items == NULL || counting.tried == NULL) {
        return -ENOMEM;
    }
    if (!measures->taken) {
        measures_take(measures, document, &counts->lines, &furniture);
    }
    counts->measures = measures;
    count_terms(&counting);
    count_lines(&counting);
    return 0;
}
