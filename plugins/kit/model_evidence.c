/* kit/model_evidence: why a model gave a label: the phrases whose features weighed most.
 *
 * Called by classifiers for each label that they publish. Features overlap (a word, the two words
 * that begin with it, the word at the end of its line), so the strongest are looked for in the text
 * and those that touch are merged: what they add together is the phrase's weight. The text is gone
 * through once more for that, which only documents pay that have a label.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "kit/evidence.h"
#include "kit/text_features.h"
#include "model_private.h"

#define STRONGEST  48 /* features of a label that are looked for */
#define GAP        1u /* bytes between two features of one phrase: a space */
#define REASON_MAX 60

struct strong {
    uint32_t row;
    double adds;
    uint32_t begin; /* its first place; begin == end: none found */
    uint32_t end;
};

struct search {
    const struct model *model;
    struct strong strongest[STRONGEST]; /* by falling size of what they add */
    size_t count;
    size_t left; /* not found so far */
};

static double size_of(double adds)
{
    return adds < 0 ? -adds : adds;
}

static void keep_strong(struct search *search, uint32_t row, double adds)
{
    size_t at = search->count;

    while (at > 0 && size_of(search->strongest[at - 1].adds) < size_of(adds))
        at--;
    if (at == STRONGEST)
        return;
    search->count += search->count < STRONGEST;
    memmove(&search->strongest[at + 1], &search->strongest[at],
            (search->count - 1 - at) * sizeof(search->strongest[0]));
    search->strongest[at] = (struct strong){.row = row, .adds = adds};
}

static void find_strongest(struct search *search, const struct model_scores *scores, uint32_t label)
{
    const struct model *model = search->model;
    double scale = model->labels[label].scale / (scores->length > 0 ? scores->length : 1);

    for (size_t i = 0; i < scores->hit_count; i++) {
        const struct model_hit *hit = &scores->hits[i];
        int8_t weight = model->rows[hit->row * (size_t)model->lanes + label];

        if (weight != 0)
            keep_strong(search, hit->row,
                        scale * weight * model->steps[hit->count] / (double)MODEL_STEP);
    }
    search->left = search->count;
}

/* First places. Ends when all are found. */
static int find_places(void *data, const struct feature *features, size_t count)
{
    struct search *search = data;

    for (size_t i = 0; i < count && search->left > 0; i++) {
        uint32_t row = model_row(search->model, features[i].id);

        if (row == UINT32_MAX || features[i].begin == features[i].end)
            continue;
        for (size_t k = 0; k < search->count; k++) {
            struct strong *strong = &search->strongest[k];

            if (strong->row == row && strong->begin == strong->end) {
                strong->begin = features[i].begin;
                strong->end = features[i].end;
                search->left--;
            }
        }
    }
    return search->left == 0;
}

static void sort_by_place(struct search *search)
{
    for (size_t i = 1; i < search->count; i++) {
        struct strong strong = search->strongest[i];
        size_t at = i;

        for (; at > 0 && search->strongest[at - 1].begin > strong.begin; at--)
            search->strongest[at] = search->strongest[at - 1];
        search->strongest[at] = strong;
    }
}

static void add_phrase(struct evidence *evidence, struct taxon_task *task,
                       const struct strong *phrase, unsigned features)
{
    char *reason = task->host->alloc(task, REASON_MAX);

    if (reason == NULL || phrase->begin == phrase->end)
        return;
    snprintf(reason, REASON_MAX, "learnt, %u feature%s", features, features == 1 ? "" : "s");
    evidence_add(evidence, task, phrase->begin, phrase->end, phrase->adds, reason);
}

static void merge(struct search *search, struct taxon_task *task, struct evidence *evidence)
{
    struct strong phrase = {.begin = 0};
    unsigned features = 0;

    sort_by_place(search);
    for (size_t i = 0; i < search->count; i++) {
        const struct strong *next = &search->strongest[i];

        if (next->begin == next->end)
            continue;
        if (features > 0 && next->begin <= phrase.end + GAP) {
            phrase.end = next->end > phrase.end ? next->end : phrase.end;
            phrase.adds += next->adds;
            features++;
            continue;
        }
        add_phrase(evidence, task, &phrase, features);
        phrase = *next;
        features = 1;
    }
    add_phrase(evidence, task, &phrase, features);
}

int model_explain(const struct model *model, struct taxon_task *task,
                  const struct taxon_document *document, const struct mask *mask,
                  const struct model_scores *scores, uint32_t label, struct evidence *evidence)
{
    struct search *search = task->host->alloc(task, sizeof(*search));
    int r;

    if (search == NULL)
        return -ENOMEM;
    search->model = model;
    find_strongest(search, scores, label);
    r = features_scan(task, document, mask, model->with_url, find_places, search);
    if (r < 0)
        return r;
    merge(search, task, evidence);
    return 0;
}
