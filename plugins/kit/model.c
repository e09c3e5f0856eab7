/* kit/model: a model's file, checked. Called once, at open().
 *
 * Every offset and count is held against the file before anything is read through it. The sections
 * that are large (slots, gains, rows) are not read at all here, so that opening costs nothing: a
 * slot that names a row too many is passed over when it is met.
 */
#include "kit/model.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "kit/text_features.h"
#include "model_private.h"

/* The section's bytes, if it lies in the file, on its border, and is `size` large; else NULL. */
static const void *section(const struct taxon_model_header *header,
                           const struct taxon_model_section *section, uint64_t size)
{
    if (section->at < sizeof(*header) || section->at % 16 != 0 || section->size != size ||
        section->at > header->size || header->size - section->at < size)
        return NULL;
    return (const char *)header + section->at;
}

static int is_text(const char *text, size_t size)
{
    return memchr(text, '\0', size) != NULL;
}

static const char *check_header(const struct taxon_model_header *header, size_t len,
                                const char *scheme)
{
    if (len < sizeof(*header) ||
        memcmp(header->magic, TAXON_MODEL_MAGIC, sizeof(header->magic)) != 0)
        return "is no model";
    if (header->version != TAXON_MODEL_VERSION || header->header_size != sizeof(*header))
        return "is a model of another version";
    if (header->size != len || len > TAXON_MODEL_BYTES)
        return "is not as long as it says";
    if (!is_text(header->scheme, sizeof(header->scheme)) ||
        !is_text(header->space, sizeof(header->space)))
        return "names no scheme and space";
    if (strcmp(header->scheme, scheme) != 0)
        return "is a model of another scheme";
    if (strcmp(header->space, FEATURES_SPACE) != 0 &&
        strcmp(header->space, FEATURES_SPACE_URL) != 0)
        return "is of features that this plugin does not make";
    if (header->label_count == 0 || header->label_count > TAXON_MODEL_LABELS ||
        header->lanes % TAXON_MODEL_LANES != 0 || header->lanes < header->label_count ||
        header->lanes - header->label_count >= TAXON_MODEL_LANES)
        return "has no labels, or too many";
    if (header->row_count > TAXON_MODEL_ROWS || header->slot_count <= header->row_count ||
        header->slot_count > 4 * TAXON_MODEL_ROWS ||
        (header->slot_count & (header->slot_count - 1)) != 0)
        return "has an index that cannot be";
    return NULL;
}

static const char *check_sections(struct model *model)
{
    const struct taxon_model_header *header = model->header;

    model->labels =
        section(header, &header->labels, header->label_count * (uint64_t)sizeof(*model->labels));
    model->texts = section(header, &header->texts, header->texts.size);
    model->slots =
        section(header, &header->slots, header->slot_count * (uint64_t)sizeof(*model->slots));
    model->gains =
        section(header, &header->gains, header->row_count * (uint64_t)sizeof(*model->gains));
    model->rows = section(header, &header->rows, header->row_count * (uint64_t)header->lanes);
    if (model->labels == NULL || model->texts == NULL || model->slots == NULL ||
        model->gains == NULL || model->rows == NULL ||
        section(header, &header->card, header->card.size) == NULL)
        return "has a part that does not lie in it";
    return NULL;
}

static const char *check_labels(const struct model *model)
{
    uint64_t texts_size = model->header->texts.size;

    for (uint32_t i = 0; i < model->header->label_count; i++) {
        const struct taxon_model_label *label = &model->labels[i];

        if (label->id >= texts_size ||
            !is_text(model->texts + label->id, (size_t)(texts_size - label->id)))
            return "has a label without a name";
        if (i > 0 && strcmp(model->texts + (label - 1)->id, model->texts + label->id) >= 0)
            return "has labels out of order";
        if (!isfinite(label->scale) || !isfinite(label->bias) || !isfinite(label->slope) ||
            !isfinite(label->offset) || !(label->threshold >= 0 && label->threshold <= 1))
            return "has a number that is none";
    }
    return NULL;
}

int model_open(struct model *out, const void *data, size_t len, const char *scheme,
               const char **out_why)
{
    struct model model = {.header = data};
    const char *why = (uintptr_t)data % 16 != 0 ? "lies askew in memory" : NULL;

    if (why == NULL)
        why = check_header(model.header, len, scheme);
    if (why == NULL)
        why = check_sections(&model);
    if (why == NULL)
        why = check_labels(&model);
    if (why != NULL) {
        *out_why = why;
        return -EINVAL;
    }
    model.label_count = model.header->label_count;
    model.lanes = model.header->lanes;
    model.row_count = model.header->row_count;
    model.slot_count = model.header->slot_count;
    model.with_url = strcmp(model.header->space, FEATURES_SPACE_URL) == 0;
    for (int n = 1; n < MODEL_STEPS; n++)
        model.steps[n] = (int16_t)lrint(
            (model.header->flags & TAXON_MODEL_SUBLINEAR ? 1 + log(n) : 1) * MODEL_STEP);
    model.add_row = model_choose_add_row();
    *out = model;
    return 0;
}

const char *model_label_id(const struct model *model, uint32_t label)
{
    return model->texts + model->labels[label].id;
}

uint32_t model_find_label(const struct model *model, const char *id)
{
    uint32_t low = 0;
    uint32_t high = model->label_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = strcmp(model_label_id(model, middle), id);

        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return UINT32_MAX;
}
