/* score: from one document to its genre.
 *
 * Called for each document. Touches nothing but the task's memory.
 *
 * How a genre is scored. Each hit of a cue adds its weight; a cue adds no more than its cap, and
 * where it has fewer hits than its `min` it adds its `absent` instead. The sum of a label's cues
 * makes its score, 1 - e^-sum (nothing below 0): 0.63 at 1, 0.86 at 2.
 *
 * How rivals are held down. A document is mostly one thing, and long documents touch every cue. So
 * against the best label's sum any other with less than NEAR of it is scaled by the square of their
 * ratio; one that is near stays as it is, and both may hold. A label above others takes the
 * best score of those below it. A label marked `rest` holds when none of the others does.
 */
#include "genre.h"

#include <errno.h>
#include <math.h>

#include "kit/evidence.h"
#include "kit/mask.h"
#include "kit/pattern.h"
#include "lines.h"
#include "structure.h"

#define NEAR        0.8
#define PLACES      3   /* places remembered of an item */
#define PATTERN_MAX 300 /* bytes of a line that patterns see */
#define STOP_EVERY  256 /* lines */
#define SHARE_LINES 5   /* lines that a share is worth counting of */
#define NEAR_MISS   0.3 /* the least score worth telling */

struct item_count {
    uint32_t hits;
    size_t begin[PLACES];
    size_t end[PLACES];
};

struct scoring {
    const struct genre *genre;
    struct taxon_task *task;
    const struct taxon_document *document;
    struct mask mask;
    struct lines lines;
    size_t line; /* the one that the scan is in */
    struct item_count *counts;
    double *sums;
    double *scores;
};

static void count_place(struct item_count *count, uint32_t hits, size_t begin, size_t end)
{
    if (count->hits < PLACES) {
        count->begin[count->hits] = begin;
        count->end[count->hits] = end;
    }
    count->hits += hits;
}

/* Hits come by rising begin, so the line only moves on. */
static void take_hit(void *data, uint32_t item, size_t begin, size_t end)
{
    struct scoring *scoring = data;
    const struct genre *genre = scoring->genre;
    uint32_t at = genre->cues[genre->items[item].cue].at;
    const struct line *line;

    while (scoring->line < scoring->lines.count &&
           scoring->lines.items[scoring->line].end <= begin) {
        scoring->line++;
    }
    if (scoring->line == scoring->lines.count) {
        return;
    }
    line = &scoring->lines.items[scoring->line];
    if ((line->at & AT_MASKED) != 0 || begin < line->begin ||
        (at != 0 && (lines_place(scoring->document->folded, line, begin, end) & at) == 0) ||
        mask_touches_folded(&scoring->mask, scoring->task, begin, end)) {
        return;
    }
    count_place(&scoring->counts[item], 1, begin, end);
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
    uint32_t shape[STRUCTURE_COUNT];
    struct pattern_filter filter;
};

static void view_line(struct line_view *view, const char *text, size_t len)
{
    int has_number;

    view->text = text;
    view->len = len;
    view->cut_len = cut_line(text, len);
    pattern_filter_init(&view->filter, text, view->cut_len);
    has_number = pattern_next_number(text, len, 0) < len;
    for (size_t i = 0; i < STRUCTURE_COUNT; i++) {
        const struct structure *structure = structure_at(i);

        view->shape[i] = structure->needs_number && !has_number ? 0 : structure->count(text, len);
    }
}

/* A pattern that wants to see the end of a line does not match one that was cut. */
static uint32_t match_item(const struct line_view *view, const struct cue_item *item)
{
    if (view->cut_len < view->len && item->folded[item->folded_len - 1] != '*') {
        return 0;
    }
    return (uint32_t)pattern_matches(item->folded, item->folded_len, view->text, view->cut_len);
}

static void count_in_line(struct scoring *scoring, const struct line *line)
{
    const struct genre *genre = scoring->genre;
    const struct line_item *const end = genre->line_items + genre->line_item_count;
    struct line_view view;

    view_line(&view, scoring->document->folded + line->begin, line->end - line->begin);
    for (const struct line_item *listed = genre->line_items; listed < end; listed++) {
        uint32_t hits;

        if (!pattern_filter_passes(&view.filter, listed->keys) ||
            (listed->at != 0 && (line->at & listed->at) == 0)) {
            continue;
        }
        hits = listed->structure != STRUCTURE_NONE ? view.shape[listed->structure]
                                                   : match_item(&view, &genre->items[listed->item]);
        if (hits > 0) {
            count_place(&scoring->counts[listed->item], hits, line->begin, line->end);
        }
    }
}

static void count_lines(struct scoring *scoring)
{
    for (size_t i = 0; i < scoring->lines.count; i++) {
        if ((scoring->lines.items[i].at & AT_MASKED) == 0) {
            count_in_line(scoring, &scoring->lines.items[i]);
        }
        if (i % STOP_EVERY == STOP_EVERY - 1 && scoring->task->host->should_stop(scoring->task)) {
            return;
        }
    }
}

/* Hits of an item, as its cue counts them. */
static double hits_of(const struct scoring *scoring, uint32_t item)
{
    const struct cue_item *this = &scoring->genre->items[item];
    double hits = scoring->counts[item].hits;

    if (scoring->genre->cues[this->cue].kind == CUE_STRUCTURE &&
        structure_at(this->structure)->is_share) {
        return scoring->lines.open < SHARE_LINES ? 0 : 100 * hits / (double)scoring->lines.open;
    }
    return hits;
}

/* What a cue adds, given its hits and their weight. */
static double cue_adds(const struct cue *cue, double hits, double sum)
{
    if (hits < cue->min) {
        return cue->absent;
    }
    return sum > cue->cap ? cue->cap : sum < -cue->cap ? -cue->cap : sum;
}

/* Items stand in the order of their cues. */
static void sum_labels(struct scoring *scoring)
{
    const struct genre *genre = scoring->genre;
    uint32_t item = 0;

    for (uint32_t cue = 0; cue < genre->cue_count; cue++) {
        double hits = 0;
        double sum = 0;

        for (; item < genre->item_count && genre->items[item].cue == cue; item++) {
            hits += hits_of(scoring, item);
            sum += hits_of(scoring, item) * genre->items[item].weight;
        }
        scoring->sums[genre->cues[cue].label] += cue_adds(&genre->cues[cue], hits, sum);
    }
}

static void score_labels(struct scoring *scoring)
{
    const struct definitions *labels = &scoring->genre->labels;
    double best = 0;
    int any = 0;

    for (size_t i = 0; i < labels->count; i++) {
        best = scoring->sums[i] > best ? scoring->sums[i] : best;
    }
    for (size_t i = labels->count; i-- > 0;) {
        const struct definition *label = &labels->items[i];
        double sum = scoring->sums[i];
        double ratio = best > 0 ? sum / best : 0;
        double score = sum > 0 ? 1 - exp(-sum) : 0;

        score *= ratio < NEAR ? ratio * ratio : 1;
        if (score > scoring->scores[i]) {
            scoring->scores[i] = score;
        }
        if (label->parent != DEFINITIONS_NONE &&
            scoring->scores[label->parent] < scoring->scores[i]) {
            scoring->scores[label->parent] = scoring->scores[i];
        }
        any |= scoring->scores[i] >= label->threshold;
    }
    for (size_t i = 0; i < labels->count; i++) {
        if (scoring->genre->is_rest[i]) {
            double left = 1 - (best > 0 ? 1 - exp(-best) : 0);
            double threshold = labels->items[i].threshold;

            scoring->scores[i] = any ? 0 : left > threshold ? left : threshold;
        }
    }
}

static void collect_evidence(struct scoring *scoring, uint32_t label, struct evidence *evidence)
{
    const struct genre *genre = scoring->genre;

    evidence_init(evidence);
    for (uint32_t place = 0; place < PLACES; place++) {
        for (uint32_t i = 0; i < genre->item_count; i++) {
            const struct cue_item *item = &genre->items[i];
            const struct item_count *count = &scoring->counts[i];

            if (genre->cues[item->cue].label == label && count->hits > place &&
                count->end[place] > count->begin[place]) {
                evidence_add(evidence, scoring->task, count->begin[place], count->end[place],
                             item->weight, item->reason);
            }
        }
    }
}

/* The label whose evidence `label` shows: itself, or of those below it the best. */
static uint32_t speaker_for(const struct scoring *scoring, uint32_t label)
{
    const struct definitions *labels = &scoring->genre->labels;
    uint32_t best = label;

    for (uint32_t i = label + 1; i < labels->count; i++) {
        if (labels->items[i].parent == best && scoring->scores[i] >= scoring->scores[label]) {
            best = i;
        }
    }
    return best;
}

static int32_t publish(struct scoring *scoring)
{
    const struct definitions *labels = &scoring->genre->labels;

    for (uint32_t i = 0; i < labels->count; i++) {
        struct evidence evidence;
        int32_t r;

        if (scoring->scores[i] < NEAR_MISS) {
            continue;
        }
        collect_evidence(scoring, speaker_for(scoring, i), &evidence);
        r = evidence_publish(&evidence, scoring->task, GENRE_SCHEME, labels->items[i].id,
                             scoring->scores[i]);
        if (r < 0) {
            return r == -E2BIG ? 0 : r;
        }
    }
    return 0;
}

int32_t genre_classify(const struct genre *genre, struct taxon_task *task,
                       const struct taxon_document *document)
{
    const struct taxon_host *host = task->host;
    struct scoring scoring = {.genre = genre, .task = task, .document = document};
    size_t label_count = genre->labels.count;
    int r = mask_init(&scoring.mask, task, document);

    if (r == 0) {
        r = lines_init(&scoring.lines, task, document, &scoring.mask);
    }
    if (r < 0) {
        return r;
    }
    scoring.counts = host->alloc(task, (genre->item_count + 1) * sizeof(*scoring.counts));
    scoring.sums = host->alloc(task, label_count * sizeof(*scoring.sums));
    scoring.scores = host->alloc(task, label_count * sizeof(*scoring.scores));
    if (scoring.counts == NULL || scoring.sums == NULL || scoring.scores == NULL) {
        return -ENOMEM;
    }
    lexicon_scan(genre->lexicon, document->folded, document->folded_len, 0, scoring.lines.end,
                 take_hit, &scoring);
    count_lines(&scoring);
    sum_labels(&scoring);
    score_labels(&scoring);
    return publish(&scoring);
}
