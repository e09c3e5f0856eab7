/* main_text: keeps or drops each line of an HTML page by trained weights.
 *
 * Called by mark.c once the cues have given roles; where the configuration names no weights, those
 * roles stay as they are. The weights are asked twice: of each line with what is counted of it, and
 * once more with what they said of the lines around it. Cues name the role of what is dropped; a
 * line without one has the role that its element speaks of.
 */
#include "main_text.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define LINES_MOST   20000u /* with more, there is no time for it */
#define BOUND_ROUNDS 8
#define WINDOW_NEAR  3u
#define WINDOW_WIDE  10u
#define REASONS      3
#define SURE_SUM     0.69 /* of cues: a score of 0.8 */
#define SURE_SCORE   0.97 /* of weights */
#define SURE_SHARE   0.9f /* of the greatest score of the page */
#define FAR_LINES    99.0f

/* Running sums over the lines, by length. */
struct sums {
    double *scores;
    double *weights;
    double *sure;        /* of lines whose score is near the greatest */
    double *like_scores; /* by the first line in a like place */
    double *like_weights;
};

static double between(const double *sums, size_t begin, size_t end)
{
    return sums[end] - sums[begin];
}

static float mean_in(const struct sums *sums, size_t begin, size_t end)
{
    double weight = between(sums->weights, begin, end);

    return weight > 0 ? (float)(between(sums->scores, begin, end) / weight) : 0;
}

static float mean_near(const struct sums *sums, size_t count, size_t index, size_t window)
{
    size_t begin = index < window ? 0 : index - window;
    size_t end = index + window + 1 < count ? index + window + 1 : count;

    return mean_in(sums, begin, end);
}

static float share_of(double part, double whole)
{
    return whole > 0 ? (float)(part / whole) : 0;
}

static float score_at(const float *scores, size_t count, size_t index)
{
    return index < count ? scores[index] : -1.0f; /* before the first the index goes round */
}

static void sum_up(const struct line_features *features, size_t count, const float *scores,
                   float sure, struct sums *sums)
{
    sums->scores[0] = sums->weights[0] = sums->sure[0] = 0;
    memset(sums->like_scores, 0, count * sizeof(double));
    memset(sums->like_weights, 0, count * sizeof(double));
    for (size_t i = 0; i < count; i++) {
        double weight = (double)features->around[i].weight;
        double score = weight * (double)scores[i];

        sums->scores[i + 1] = sums->scores[i] + score;
        sums->weights[i + 1] = sums->weights[i] + weight;
        sums->sure[i + 1] = sums->sure[i] + (scores[i] >= sure ? weight : 0);
        sums->like_scores[features->around[i].like] += score;
        sums->like_weights[features->around[i].like] += weight;
    }
}

/* What was said of the lines beside and around the line. */
static void write_near(const struct surroundings *around, size_t count, const float *scores,
                       const struct sums *sums, size_t index, float *to)
{
    to[0] = scores[index];
    to[1] = score_at(scores, count, index - 1);
    to[2] = score_at(scores, count, index + 1);
    to[3] = score_at(scores, count, index - 2);
    to[4] = score_at(scores, count, index + 2);
    to[5] = mean_near(sums, count, index, WINDOW_NEAR);
    to[6] = mean_near(sums, count, index, WINDOW_WIDE);
    to[7] = mean_in(sums, around->near_begin, around->near_end);
    to[8] = mean_in(sums, around->wide_begin, around->wide_end);
    to[9] = mean_in(sums, 0, index);
    to[10] = mean_in(sums, index + 1, count);
    to[11] = share_of(sums->like_scores[around->like], sums->like_weights[around->like]);
}

/* Where the lines are that the first round was sure of. */
static void write_sure(const struct surroundings *around, size_t count, const struct sums *sums,
                       size_t index, float *to)
{
    double all = sums->sure[count];

    to[12] = share_of(all, sums->scores[count]);
    to[13] = share_of(sums->sure[index], all);
    to[14] = share_of(between(sums->sure, around->near_begin, around->near_end), all);
    to[15] = share_of(between(sums->sure, around->wide_begin, around->wide_end), all);
    to[16] = (float)all;
}

/* Lines to the nearest sure one above and below. */
static void write_distances(const struct line_features *features, size_t count, const float *scores,
                            float sure)
{
    float above = FAR_LINES;
    float below = FAR_LINES;

    for (size_t i = 0; i < count; i++) {
        size_t back = count - 1 - i;

        features->rows[i * FEATURES_COUNT + FEATURE_CONTEXT + 17] = above;
        features->rows[back * FEATURES_COUNT + FEATURE_CONTEXT + 18] = below;
        above = scores[i] >= sure ? 1 : above + (above < FAR_LINES ? 1 : 0);
        below = scores[back] >= sure ? 1 : below + (below < FAR_LINES ? 1 : 0);
    }
}

void main_text_context(const struct line_features *features, size_t count, const float *scores,
                       double *work)
{
    struct sums sums = {.scores = work,
                        .weights = work + count + 1,
                        .sure = work + 2 * (count + 1),
                        .like_scores = work + 3 * (count + 1),
                        .like_weights = work + 4 * (count + 1)};
    float greatest = 0;

    for (size_t i = 0; i < count; i++) {
        greatest = scores[i] > greatest ? scores[i] : greatest;
    }
    sum_up(features, count, scores, greatest * SURE_SHARE, &sums);
    for (size_t i = 0; i < count; i++) {
        float *to = features->rows + i * FEATURES_COUNT + FEATURE_CONTEXT;

        write_near(&features->around[i], count, scores, &sums, i, to);
        write_sure(&features->around[i], count, &sums, i, to);
        to[19] = greatest;
    }
    write_distances(features, count, scores, greatest * SURE_SHARE);
}

float main_text_score(const float *row, double sum)
{
    static const uint32_t choices = (uint32_t)FEATURE_ELEMENTS + ELEMENT_BITS - 1;

    return row[choices] > 0 ? 0 : (float)(1 / (1 + exp(-sum)));
}

/* With scores taken for chances, keeping all from `bound` on has this F1: shared twice, by kept and
 * wanted. */
static double expected_f1(const struct surroundings *around, size_t count, const float *scores,
                          double bound)
{
    double shared = 0;
    double kept = 0;
    double wanted = 0;

    for (size_t i = 0; i < count; i++) {
        double weight = (double)around[i].weight;

        wanted += weight * (double)scores[i];
        if ((double)scores[i] >= bound) {
            kept += weight;
            shared += weight * (double)scores[i];
        }
    }
    return kept + wanted > 0 ? 2 * shared / (kept + wanted) : 0;
}

double main_text_bound(const struct surroundings *around, size_t count, const float *scores,
                       double low, double high)
{
    double bound = high;
    double greatest = 0;

    for (size_t i = 0; i < count; i++) {
        greatest = (double)scores[i] > greatest ? (double)scores[i] : greatest;
    }
    for (int round = 0; round < BOUND_ROUNDS; round++) {
        bound = expected_f1(around, count, scores, bound) / 2;
        bound = bound < low ? low : bound > high ? high : bound;
    }
    return bound < greatest ? bound : greatest;
}

static void count_phrases(const struct page *page)
{
    uint16_t slots[PHRASES_MAX];

    for (size_t i = 0; i < page->count; i++) {
        size_t count = phrases_slots(line_text(page, i), line_len(page, i), slots);

        phrases_count(page->boilerplate->weights->phrases, slots, count,
                      page->features.rows + i * FEATURES_COUNT + FEATURE_PHRASES);
    }
}

static void score_round(const struct page *page, uint32_t round, float *scores)
{
    for (size_t i = 0; i < page->count; i++) {
        const float *row = page->features.rows + i * FEATURES_COUNT;

        scores[i] = main_text_score(row, weights_sum(page->boilerplate->weights, round, row));
    }
}

/* The role of a line that the cues have none for. */
static uint32_t other_role(const struct page *page, size_t index)
{
    const struct known_roles *known = &page->boilerplate->known;
    const struct line *line = &page->lines[index];
    size_t count = page->boilerplate->labels.count;
    const float *sums = page->sums + index * count;
    uint32_t best = NO_ROLE;
    float most = 0.2f;

    for (uint32_t i = 0; i < count; i++) {
        if (i != known->placeholder && sums[i] > most) {
            best = i;
            most = sums[i];
        }
    }
    if (best != NO_ROLE) {
        return best;
    }
    if ((line->names & TAXON_NAME_COMMENT) != 0 && known->comment != NO_ROLE) {
        return known->comment;
    }
    if ((line->names & TAXON_NAME_RELATED) != 0 && known->related != NO_ROLE) {
        return known->related;
    }
    if (line->kind == TAXON_BLOCK_NAV && known->navigation != NO_ROLE) {
        return known->navigation;
    }
    if (line->kind == TAXON_BLOCK_FOOTER && known->footer != NO_ROLE) {
        return known->footer;
    }
    return known->aside != NO_ROLE ? known->aside : known->navigation;
}

/* Words may be surer than weights: the user's own roles, which weights never saw, and those of
 * which a line has nearly nothing but words (a caption, a share bar) unless the weights are sure.
 */
static int words_stand(const struct page *page, size_t index, double score)
{
    const struct line *line = &page->lines[index];

    if (line->role == NO_ROLE) {
        return 0;
    }
    if ((page->boilerplate->weighed >> line->role & 1u) == 0) {
        return 1;
    }
    return (page->boilerplate->by_words >> line->role & 1u) != 0 && line->sum >= SURE_SUM &&
           score < SURE_SCORE;
}

static void decide(struct page *page, const float *scores, double bound)
{
    for (size_t i = 0; i < page->count; i++) {
        struct line *line = &page->lines[i];
        int is_kept = (double)scores[i] >= bound;

        if (is_kept && words_stand(page, i, (double)scores[i])) {
            continue;
        }
        line->dropped = !is_kept;
        line->score = 1 - (double)scores[i];
        if (is_kept) {
            line->role = NO_ROLE;
        } else if (line->role == NO_ROLE) {
            line->role = other_role(page, i);
        }
    }
}

int main_text_mark(struct page *page)
{
    const struct taxon_host *host = page->task->host;
    const struct weights *weights = page->boilerplate->weights;
    float *scores;
    double *work;

    if (weights == NULL || !page->is_html || page->count == 0 || page->count > LINES_MOST) {
        return 0;
    }
    scores = host->alloc(page->task, page->count * sizeof(*scores));
    work = host->alloc(page->task, MAIN_TEXT_WORK * (page->count + 1) * sizeof(*work));
    if (scores == NULL || work == NULL || line_features_of(page, &page->features) < 0) {
        return -ENOMEM;
    }
    count_phrases(page);
    score_round(page, 0, scores);
    if (host->should_stop(page->task)) {
        return 0;
    }
    main_text_context(&page->features, page->count, scores, work);
    score_round(page, 1, scores);
    decide(page, scores,
           main_text_bound(page->features.around, page->count, scores, (double)weights->header->low,
                           (double)weights->header->high));
    return 0;
}

/* The group that speaks most against the line, of those not taken yet; NULL for none. */
static const char *heaviest(float *parts)
{
    uint32_t best = 0;

    for (uint32_t i = 1; i < FEATURES_COUNT; i++) {
        best = parts[i] < parts[best] ? i : best;
    }
    if (parts[best] >= 0) {
        return NULL;
    }
    for (uint32_t i = 0; i < FEATURES_COUNT; i++) {
        if (line_feature_words(i) == line_feature_words(best)) {
            parts[i] = 0;
        }
    }
    return line_feature_words(best);
}

void main_text_reason(const struct page *page, size_t index, char *buf, size_t size)
{
    float parts[FEATURES_COUNT] = {0};
    size_t used = 0;

    weights_explain(page->boilerplate->weights, 0, page->features.rows + index * FEATURES_COUNT,
                    parts);
    for (int i = 0; i < REASONS; i++) {
        const char *words = heaviest(parts);

        if (words == NULL || used + strlen(words) + 3 > size) {
            break;
        }
        used += (size_t)snprintf(buf + used, size - used, "%s%s", used > 0 ? ", " : "", words);
    }
}
