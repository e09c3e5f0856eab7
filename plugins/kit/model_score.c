/* kit/model_score: what a model says of one document; and the document's features, for who trains.
 *
 * Called for each document. A feature that is no row of the model costs one look at the index. One
 * that is counts once for each row, however often it occurs: occurrences are counted first, and the
 * row's weights are added once, times 1 + ln n. Sums are integers, so that the same document gets
 * the same scores on every processor.
 */
#include <errno.h>
#include <math.h>
#include <string.h>

#include <taxon/features.h>

#include "kit/text_features.h"
#include "model_private.h"

#define FLUSH 8192u /* rows whose sum is sure to fit 32 bits */

struct counting {
    const struct model *model;
    uint8_t *counts; /* by row */
    struct model_hit *hits;
    size_t hit_count;
};

static int count(void *data, const struct feature *features, size_t feature_count)
{
    struct counting *counting = data;
    const struct model *model = counting->model;

    for (size_t i = 0; i < feature_count; i++) {
        uint32_t row;

        if (i + 16 < feature_count)
            __builtin_prefetch(
                &model->slots[taxon_model_place(features[i + 16].id, model->slot_count)]);
        row = model_row(model, features[i].id);
        if (row == UINT32_MAX)
            continue;
        if (counting->counts[row] == 0)
            counting->hits[counting->hit_count++].row = row;
        counting->counts[row] = (uint8_t)(counting->counts[row] + (counting->counts[row] < 255));
    }
    return 0;
}

static void flush(const struct model *model, int32_t *sums, double *margins)
{
    for (uint32_t i = 0; i < model->label_count; i++)
        margins[i] += sums[i];
    memset(sums, 0, model->lanes * sizeof(*sums));
}

static void sum_rows(const struct model *model, struct model_scores *scores, int32_t *sums)
{
    double square = 0;

    for (size_t i = 0; i < scores->hit_count; i++) {
        const struct model_hit *hit = &scores->hits[i];
        double gain = model->gains[hit->row] * (double)model->steps[hit->count];

        if (i + 8 < scores->hit_count)
            __builtin_prefetch(model->rows + scores->hits[i + 8].row * (size_t)model->lanes);
        square += gain * gain;
        model->add_row(sums, model->rows + hit->row * (size_t)model->lanes, model->lanes,
                       model->steps[hit->count]);
        if (i % FLUSH == FLUSH - 1)
            flush(model, sums, scores->margins);
    }
    flush(model, sums, scores->margins);
    scores->length = sqrt(square) / (double)(TAXON_MODEL_GAIN * MODEL_STEP);
}

/* Scores that make 1 together, in place of their logarithms. */
static void share_out(const struct model *model, struct model_scores *scores)
{
    double most = scores->scores[0];
    double sum = 0;

    for (uint32_t i = 1; i < model->label_count; i++)
        most = scores->scores[i] > most ? scores->scores[i] : most;
    for (uint32_t i = 0; i < model->label_count; i++) {
        scores->scores[i] = exp(scores->scores[i] - most);
        sum += scores->scores[i];
    }
    for (uint32_t i = 0; i < model->label_count; i++)
        scores->scores[i] /= sum;
}

static void calibrate(const struct model *model, struct model_scores *scores)
{
    for (uint32_t i = 0; i < model->label_count; i++) {
        const struct taxon_model_label *label = &model->labels[i];
        double length = scores->length > 0 ? scores->length : 1;
        double margin = label->bias + label->scale * scores->margins[i] / MODEL_STEP / length;

        scores->margins[i] = margin;
        scores->scores[i] = -(label->slope * margin + label->offset);
    }
    if (model->header->flags & TAXON_MODEL_EXCLUSIVE)
        share_out(model, scores);
    for (uint32_t i = 0; i < model->label_count; i++) {
        double *score = &scores->scores[i];

        if (!(model->header->flags & TAXON_MODEL_EXCLUSIVE))
            *score = 1 / (1 + exp(-*score));
        if (!(*score >= 0 && *score <= 1)) /* a model of wild numbers */
            *score = 0;
    }
}

int model_score(const struct model *model, struct taxon_task *task,
                const struct taxon_document *document, const struct mask *mask,
                struct model_scores *out)
{
    const struct taxon_host *host = task->host;
    struct counting counting = {.model = model};
    int32_t *sums = host->alloc(task, model->lanes * sizeof(*sums));
    int r;

    counting.counts = host->alloc(task, model->row_count + 1);
    counting.hits = host->alloc(task, (model->row_count + 1) * sizeof(*counting.hits));
    out->margins = host->alloc(task, model->lanes * sizeof(*out->margins));
    out->scores = host->alloc(task, model->lanes * sizeof(*out->scores));
    if (sums == NULL || counting.counts == NULL || counting.hits == NULL || out->margins == NULL ||
        out->scores == NULL)
        return -ENOMEM;
    r = features_scan(task, document, mask, model->with_url, count, &counting);
    if (r < 0)
        return r;
    for (size_t i = 0; i < counting.hit_count; i++)
        counting.hits[i].count = counting.counts[counting.hits[i].row];
    out->hits = counting.hits;
    out->hit_count = counting.hit_count;
    sum_rows(model, out, sums);
    calibrate(model, out);
    return 0;
}

/* All features of a document, as they come. */
struct gathering {
    uint32_t *ids;
    size_t count;
};

static int gather(void *data, const struct feature *features, size_t count_of)
{
    struct gathering *gathering = data;

    for (size_t i = 0; i < count_of && gathering->count < TAXON_FEATURES_MAX; i++)
        gathering->ids[gathering->count++] = features[i].id;
    return gathering->count == TAXON_FEATURES_MAX;
}

int model_push_features(struct taxon_task *task, const struct taxon_document *document,
                        const struct mask *mask, const char *scheme, int with_url)
{
    const struct taxon_features *extension = task->host->extension(TAXON_EXTENSION_FEATURES);
    struct taxon_feature_vector vector = {
        .struct_size = sizeof(vector),
        .scheme = scheme,
        .space = with_url ? FEATURES_SPACE_URL : FEATURES_SPACE,
        .begin = TAXON_NOWHERE,
        .end = TAXON_NOWHERE,
    };
    struct gathering gathering = {.count = 0};
    int r;

    if (extension == NULL || extension->wanted(task, scheme) != 1)
        return 0;
    gathering.ids = task->host->alloc(task, TAXON_FEATURES_MAX * sizeof(*gathering.ids));
    if (gathering.ids == NULL)
        return -ENOMEM;
    r = features_scan(task, document, mask, with_url, gather, &gathering);
    if (r < 0)
        return r;
    vector.ids = gathering.ids;
    vector.count = gathering.count;
    r = extension->push(task, &vector);
    return r < 0 ? r : 1;
}
