/* score: from one document to its labels.
 *
 * Called for each document. Touches nothing but the task's memory.
 *
 * How a label is scored. Each hit of a cue adds its weight; a cue adds no more than its cap, and
 * where it has fewer hits than its `min` or more than its `max` it adds its `absent` instead. The
 * sum of a label's cues makes its score, 1 - e^-sum (nothing below 0): 0.63 at 1, 0.86 at 2.
 *
 * How rivals are held down. A document is mostly one thing, and long documents touch every cue. So
 * against the best label's sum any other with less than NEAR of it is scaled by the square of their
 * ratio; one that is near stays as it is, and both may hold. A label above others takes the
 * best score of those below it. A label marked `rest` holds when none of the others does.
 */
#include "score.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#define NEAR        0.8
#define SHARE_LINES 5 /* lines that a share is worth counting of */

/* Hits of an item, as its cue counts them. */
static double hits_of(const struct scoring *scoring, uint32_t item)
{
    const struct cue_item *this = &scoring->set->items[item];
    double hits = scoring->counts.items[item].hits;

    if (scoring->set->cues[this->cue].kind != CUE_STRUCTURE) {
        return hits;
    }
    if (this->structure == STRUCTURE_NONE) {
        return scoring->counts.measures->values[this->measure];
    }
    if (structure_at(this->structure)->is_share) {
        return scoring->counts.lines.open < SHARE_LINES
                   ? 0
                   : 100 * hits / (double)scoring->counts.lines.open;
    }
    return hits;
}

/* What a cue adds, given its hits and their weight. */
double score_cue_adds(const struct cue *cue, double hits, double sum)
{
    if (hits < cue->min || hits > cue->max) {
        return cue->absent;
    }
    return sum > cue->cap ? cue->cap : sum < -cue->cap ? -cue->cap : sum;
}

/* What a hit of a cue counts in this document: in one longer than the cue's `per`, less. */
static double hit_share(const struct scoring *scoring, const struct cue *cue)
{
    double length = scoring->counts.measures->values[MEASURE_CONTENT];

    return cue->per == 0 || length <= cue->per ? 1 : cue->per / length;
}

/* Most items, and most cues, have no hit: what they would add is nothing. */
static void sum_cue(struct scoring *scoring, const struct cue *cue)
{
    const struct cue_set *set = scoring->set;
    int is_idle = cue->kind != CUE_STRUCTURE && !scoring->counts.cues[cue - set->cues];
    double share = hit_share(scoring, cue);
    double hits = 0;
    double sum = 0;

    for (uint32_t item = is_idle ? cue->item_end : cue->item_begin; item < cue->item_end; item++) {
        if (scoring->counts.items[item].hits > 0 || cue->kind == CUE_STRUCTURE) {
            double of_item = hits_of(scoring, item);

            hits += of_item;
            sum += of_item * set->items[item].weight * share;
        }
    }
    scoring->sums[cue->label] += score_cue_adds(cue, hits, sum);
}

static void sum_labels(struct scoring *scoring)
{
    for (uint32_t cue = 0; cue < scoring->set->cue_count; cue++) {
        sum_cue(scoring, &scoring->set->cues[cue]);
    }
}

/* Scores moved by what a model says. A label above others has the best of theirs, or its own where
 * its cues alone make it hold; going backwards, those below are done when its turn comes. */
static void learn_scores(struct scoring *scoring)
{
    const struct definitions *labels = &scoring->set->labels;
    double *scores = scoring->scores;

    if (scoring->says.by == NULL) {
        return;
    }
    for (size_t i = labels->count; i-- > 0;) {
        double best = 0;

        scores[i] = learnt_move(&scoring->says, (uint32_t)i, scores[i]);
        for (size_t k = i + 1; k < labels->count && labels->items[k].root == labels->items[i].root;
             k++) {
            best = labels->items[k].parent == i && scores[k] > best ? scores[k] : best;
        }
        scores[i] = best > scores[i] ? best : scores[i];
    }
}

static void score_labels(struct scoring *scoring)
{
    const struct definitions *labels = &scoring->set->labels;
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
    }
    learn_scores(scoring);
    for (size_t i = 0; i < labels->count; i++) {
        any |= scoring->scores[i] >= labels->items[i].threshold;
    }
    for (size_t i = 0; i < labels->count; i++) {
        if (scoring->set->is_rest[i]) {
            double left = 1 - (best > 0 ? 1 - exp(-best) : 0);
            double threshold = labels->items[i].threshold;

            scoring->scores[i] = any ? 0 : left > threshold ? left : threshold;
        }
    }
}

static int ask_model(struct scoring *scoring)
{
    int r;

    if (scoring->set->learnt.labels == NULL) {
        return 0;
    }
    r = mask_init(&scoring->mask, scoring->task, scoring->document);
    return r < 0 ? r
                 : learnt_ask(&scoring->set->learnt, scoring->task, scoring->document,
                              &scoring->mask, &scoring->says);
}

int32_t score_document(const struct counts *counts, struct taxon_task *task,
                       const struct taxon_document *document, int *out_holds)
{
    const struct cue_set *set = counts->set;
    struct scoring scoring = {.set = set, .task = task, .document = document, .counts = *counts};
    int r;

    *out_holds = 0;
    scoring.sums = task->host->alloc(task, set->labels.count * sizeof(*scoring.sums));
    scoring.scores = task->host->alloc(task, set->labels.count * sizeof(*scoring.scores));
    if (scoring.sums == NULL || scoring.scores == NULL) {
        return -ENOMEM;
    }
    r = ask_model(&scoring);
    if (r < 0) {
        return r;
    }
    sum_labels(&scoring);
    score_labels(&scoring);
    for (size_t i = 0; i < set->labels.count; i++) {
        *out_holds |= scoring.scores[i] >= set->labels.items[i].threshold;
    }
    return score_publish(&scoring);
}
