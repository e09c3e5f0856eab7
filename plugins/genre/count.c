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
#include "structure.h"

#define PATTERN_MAX 300   /* bytes of a line that patterns see */
#define STOP_EVERY  256   /* lines */
#define SCAN_STEP   65536 /* bytes of terms looked for between looks at the time */

struct counting {
    const struct cue_set *set;
    struct taxon_task *task;
    const struct taxon_document *document;
    struct mask mask; /* what does not count */
    size_t line;      /* the one that the scan is in */
    struct counts *out;
};

static void count_place(struct item_count *count, uint32_t hits, size_t begin, size_t end)
{
    if (count->hits < COUNT_PLACES) {
        count->begin[count->hits] = begin;
        count->end[count->hits] = end;
    }
    count->hits += hits;
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
    if (!cue->in_furniture && ((line->at & AT_MASKED) != 0 ||
                               mask_touches_folded(&counting->mask, counting->task, begin, end))) {
        return;
    }
    count_place(&counting->out->items[item], 1, begin, end);
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

/* What is looked for in a line, and what has been found out about the line for it. */
struct line_view {
    const char *text;
    size_t len;
    size_t cut_len;
    int has_number;
    uint8_t counted[STRUCTURE_COUNT]; /* 1: shape has it */
    uint32_t shape[STRUCTURE_COUNT];
    struct pattern_filter filter;
};

static void view_line(struct line_view *view, const char *text, size_t len)
{
    view->text = text;
    view->len = len;
    view->cut_len = cut_line(text, len);
    view->has_number = pattern_next_number(text, len, 0) < len;
    pattern_filter_init(&view->filter, text, view->cut_len);
    memset(view->counted, 0, sizeof(view->counted));
}

/* Several labels may ask for the same structure; a set may ask for few of them. */
static uint32_t shape_of(struct line_view *view, uint32_t index)
{
    const struct structure *structure = structure_at(index);

    if (!view->counted[index]) {
        view->counted[index] = 1;
        view->shape[index] = structure->needs_number && !view->has_number
                                 ? 0
                                 : structure->count(view->text, view->len);
    }
    return view->shape[index];
}

/* A pattern that wants to see the end of a line does not match one that was cut. */
static uint32_t match_item(const struct line_view *view, const struct cue_item *item)
{
    if (view->cut_len < view->len && item->folded[item->folded_len - 1] != '*') {
        return 0;
    }
    return (uint32_t)pattern_matches(item->folded, item->folded_len, view->text, view->cut_len);
}

static void count_in_line(struct counting *counting, const struct line *line)
{
    const struct cue_set *set = counting->set;
    const struct line_item *const end = set->line_items + set->line_item_count;
    int is_furniture = (line->at & AT_MASKED) != 0;
    struct line_view view;

    view_line(&view, counting->document->folded + line->begin, line->end - line->begin);
    for (const struct line_item *listed = set->line_items; listed < end; listed++) {
        uint32_t hits;

        if ((is_furniture && !listed->in_furniture) ||
            (listed->at != 0 && (line->at & listed->at) == 0) ||
            !pattern_filter_passes(&view.filter, listed->keys)) {
            continue;
        }
        hits = listed->structure != STRUCTURE_NONE ? shape_of(&view, listed->structure)
                                                   : match_item(&view, &set->items[listed->item]);
        if (hits > 0) {
            count_place(&counting->out->items[listed->item], hits, line->begin, line->end);
        }
    }
}

static void count_lines(struct counting *counting)
{
    for (size_t i = 0; i < counting->out->lines.count; i++) {
        count_in_line(counting, &counting->out->lines.items[i]);
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
                const struct taxon_document *document)
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
    if (counts->items == NULL) {
        return -ENOMEM;
    }
    measures_take(&counts->measures, document, &counts->lines, &furniture);
    count_terms(&counting);
    count_lines(&counting);
    return 0;
}
