/* publish: the labels of a document, each with what speaks for it and against it.
 *
 * Called by score.c when the scores stand.
 */
#include <errno.h>
#include <stdio.h>

#include "kit/evidence.h"
#include "score.h"

#define NEAR_MISS  0.3 /* the least score worth telling */
#define REASON_MAX 190

/* A measure is of the whole document; it is shown at the first line, with its value. */
static void collect_measures(struct scoring *scoring, uint32_t label, struct evidence *evidence)
{
    const struct cue_set *set = scoring->set;
    const struct lines *lines = &scoring->counts.lines;

    for (uint32_t i = set->label_items[label]; i < set->label_items[label + 1] && lines->count > 0;
         i++) {
        const struct cue_item *item = &set->items[i];
        const struct cue *cue = &set->cues[item->cue];
        double value;
        char *reason;

        if (cue->kind != CUE_STRUCTURE || item->structure != STRUCTURE_NONE) {
            continue;
        }
        value = scoring->counts.measures->values[item->measure];
        reason = scoring->task->host->alloc(scoring->task, REASON_MAX);
        if (reason != NULL) {
            snprintf(reason, REASON_MAX, "%s: %.0f", item->reason, value);
            evidence_add(evidence, scoring->task, lines->items[0].begin, lines->items[0].end,
                         score_cue_adds(cue, value, value * item->weight), reason);
        }
    }
}

static void collect_evidence(struct scoring *scoring, uint32_t label, struct evidence *evidence)
{
    const struct cue_set *set = scoring->set;

    evidence_init(evidence);
    collect_measures(scoring, label, evidence);
    for (uint32_t place = 0; place < COUNT_PLACES; place++) {
        for (uint32_t i = set->label_items[label]; i < set->label_items[label + 1]; i++) {
            const struct cue_item *item = &set->items[i];
            const struct item_count *count = &scoring->counts.items[i];
            const struct item_places *places = count->places;

            if (count->hits > place && places != NULL &&
                places->end[place] > places->begin[place]) {
                evidence_add(evidence, scoring->task, places->begin[place], places->end[place],
                             item->weight, item->reason);
            }
        }
    }
}

/* The label whose evidence `label` shows: itself, or of those below it the best. */
static uint32_t speaker_for(const struct scoring *scoring, uint32_t label)
{
    const struct definitions *labels = &scoring->set->labels;
    uint32_t best = label;

    for (uint32_t i = label + 1; i < labels->count; i++) {
        if (labels->items[i].parent == best && scoring->scores[i] >= scoring->scores[label]) {
            best = i;
        }
    }
    return best;
}

int32_t score_publish(struct scoring *scoring)
{
    const struct definitions *labels = &scoring->set->labels;

    for (uint32_t i = 0; i < labels->count; i++) {
        struct evidence evidence;
        int32_t r;

        if (scoring->scores[i] < NEAR_MISS) {
            continue;
        }
        collect_evidence(scoring, speaker_for(scoring, i), &evidence);
        r = learnt_explain(&scoring->set->learnt, &scoring->says, scoring->task, scoring->document,
                           &scoring->mask, i, &evidence);
        if (r < 0) {
            return r;
        }
        r = evidence_publish(&evidence, scoring->task, scoring->set->scheme, labels->items[i].id,
                             scoring->scores[i]);
        if (r < 0) {
            return r == -E2BIG ? 0 : r;
        }
    }
    return 0;
}
