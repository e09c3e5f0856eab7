/* blanks: whether a text is a model with blanks, and the blanks.
 *
 * Called once a document. A single XX proves nothing: names are left out in ordinary texts, too,
 * and x stands in formulas. It takes several blanks, close enough to each other; those that count
 * something (x公里, 第*名) weigh most, since numbers are not what a text leaves out for discretion.
 * Weights are the structures and patterns of the role `placeholder`; without that role nothing is
 * looked for.
 */
#include "blanks.h"

#include <errno.h>
#include <stdio.h>

#include "marking.h"
#include "score.h"
#include "structure.h"

#define BLANKS_MAX    4000
#define BLANKS_FEW    32 /* most texts have fewer */
#define BLANKS_MIN    3
#define COLUMNS_A_ONE 1500.0 /* a blank in so many columns is dense enough */
#define ALGEBRA_MIN   2

static const char *const form_names[BLANK_FORMS] = {"crosses",     "counted-crosses",
                                                    "stars",       "counted-stars",
                                                    "underscores", "braces",
                                                    NULL};

/* The weight of a form, which its file gives under `structure`. */
static double form_weight(const struct page *page, enum blank_form form)
{
    const struct boilerplate *boilerplate = page->boilerplate;
    double weight = 0;

    if (form_names[form] == NULL) {
        return 0;
    }
    for (uint32_t i = 0; i < boilerplate->lists[USE_BLANK].count; i++) {
        const struct cue_item *item = &boilerplate->items[boilerplate->lists[USE_BLANK].ids[i]];

        if (item->kind == CUE_STRUCTURE && item->structure == structure_find(form_names[form])) {
            weight += item->weight;
        }
    }
    return weight;
}

/* Does the form count in this text? */
static int is_doubtful(const struct page *page, const struct blank *blank,
                       const struct blank_doubts *doubts)
{
    switch (blank->form) {
    case BLANK_BRACES:
        return page->much_code;
    case BLANK_COUNTED_CROSSES:
        return blank->end - blank->begin == 1 && doubts->algebra >= ALGEBRA_MIN &&
               doubts->algebra * 3 >= doubts->single_cross;
    case BLANK_STARS:
    case BLANK_COUNTED_STARS:
        return doubts->unpaired == 0;
    default:
        return 0;
    }
}

static size_t drop_doubtful(const struct page *page, struct blank *blanks, size_t count,
                            const struct blank_doubts *doubts)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        if (!is_doubtful(page, &blanks[i], doubts)) {
            blanks[kept++] = blanks[i];
        }
    }
    return kept;
}

static double score_blanks(const struct page *page, const struct blank *blanks, size_t count)
{
    double weights[BLANK_FORMS];
    double columns = 1;
    double dense;
    double sum = 0;

    for (int i = 0; i < BLANK_FORMS; i++) {
        weights[i] = form_weight(page, (enum blank_form)i);
    }
    for (size_t i = 0; i < page->count; i++) {
        columns += page->lines[i].shape.columns;
    }
    for (size_t i = 0; i < count; i++) {
        sum += blanks[i].weight > 0 ? blanks[i].weight : weights[blanks[i].form];
    }
    dense = (double)count * COLUMNS_A_ONE / columns;
    return score_of(sum * (dense < 1 ? dense : 1));
}

static int32_t publish_fact(const struct page *page, const struct blank *blanks, size_t count,
                            double score)
{
    static const char *const help[BLANK_FORMS] = {"XX",         "x before a unit",
                                                  "**",         "** before a unit",
                                                  "___",        "{name}",
                                                  "[your name]"};
    struct taxon_fact fact = {.struct_size = sizeof(fact),
                              .name = "template",
                              .value = "true",
                              .value_len = 4,
                              .score = score};
    size_t counts[BLANK_FORMS] = {0};
    char reason[200];
    int used = snprintf(reason, sizeof(reason), "%zu blanks", count);
    int32_t r;

    for (size_t i = 0; i < count; i++) {
        counts[blanks[i].form]++;
    }
    for (int i = 0; i < BLANK_FORMS; i++) {
        if (counts[i] > 0) {
            used += snprintf(reason + used, sizeof(reason) - (size_t)used, "%s%s %zu",
                             used < 16 ? ": " : ", ", help[i], counts[i]);
        }
    }
    r = page->task->host->unfold(page->task, blanks[0].begin, blanks[0].end, &fact.begin,
                                 &fact.end);
    if (r < 0) {
        return 0;
    }
    fact.reason = reason;
    r = page->task->host->fact(page->task, &fact);
    return r == -E2BIG ? 0 : r;
}

static int32_t publish_spans(const struct page *page, const struct blank *blanks, size_t count,
                             double score)
{
    static const char *const reasons[BLANK_FORMS] = {"crosses in the place of a name",
                                                     "a cross in the place of a number",
                                                     "stars in the place of a name",
                                                     "stars in the place of a number",
                                                     "a line to write on",
                                                     "a name in braces",
                                                     "brackets to fill in"};

    for (size_t i = 0; i < count; i++) {
        struct taxon_span span = {.struct_size = sizeof(span),
                                  .scheme = BOILERPLATE_SCHEME,
                                  .id = "placeholder",
                                  .score = score,
                                  .reason = reasons[blanks[i].form]};
        int32_t r;

        if (page->task->host->unfold(page->task, blanks[i].begin, blanks[i].end, &span.begin,
                                     &span.end) < 0) {
            continue;
        }
        r = page->task->host->span(page->task, &span);
        if (r < 0) {
            return r == -E2BIG ? 0 : r;
        }
    }
    return 0;
}

int32_t blanks_publish(const struct page *page)
{
    uint32_t role = page->boilerplate->known.placeholder;
    struct blank_doubts doubts;
    struct blank few[BLANKS_FEW];
    struct blank *blanks = few;
    size_t count;
    double score;
    int32_t r;

    if (role == NO_ROLE) {
        return 0;
    }
    count = blanks_find(page, few, BLANKS_FEW, &doubts);
    if (count == BLANKS_FEW) { /* there may be more */
        blanks = page->task->host->alloc(page->task, BLANKS_MAX * sizeof(*blanks));
        if (blanks == NULL) {
            return -ENOMEM;
        }
        count = blanks_find(page, blanks, BLANKS_MAX, &doubts);
    }
    count = drop_doubtful(page, blanks, count, &doubts);
    score = count < BLANKS_MIN ? 0 : score_blanks(page, blanks, count);
    if (score < page->boilerplate->labels.items[role].threshold || score <= 0) {
        return 0;
    }
    r = publish_spans(page, blanks, count, score);
    return r < 0 ? r : publish_fact(page, blanks, count, score);
}
