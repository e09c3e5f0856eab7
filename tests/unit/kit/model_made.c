#include "model_made.h"

#include <string.h>

static const char texts[] = "boat\0harbour\0orchard";

static struct taxon_model_section place(size_t *at, size_t size)
{
    struct taxon_model_section section = {*at, size};

    *at += (size + 15) / 16 * 16;
    return section;
}

static void add_row(struct model_made *made, unsigned id, unsigned row, const signed char *weights)
{
    unsigned at = taxon_model_place(id, made->header->slot_count);
    const unsigned short gain = (unsigned short)TAXON_MODEL_GAIN;

    while (made->slots[at].row != 0)
        at = (at + 1) % made->header->slot_count;
    made->slots[at] = (struct taxon_model_slot){id, row + 1};
    memcpy(made->bytes + made->header->gains.at + 2 * row, &gain, sizeof gain);
    memcpy(made->bytes + made->header->rows.at + 16 * row, weights, 3);
}

void model_made(struct model_made *made, unsigned quay, unsigned apple)
{
    static const signed char of_quay[] = {10, 100, -50};
    static const signed char of_apple[] = {0, -60, 120};
    static const unsigned ids[] = {0, 5, 13};
    size_t at = sizeof(struct taxon_model_header);

    memset(made->bytes, 0, sizeof made->bytes);
    made->header = (void *)made->bytes;
    *made->header = (struct taxon_model_header){
        .magic = TAXON_MODEL_MAGIC,
        .version = TAXON_MODEL_VERSION,
        .header_size = sizeof(struct taxon_model_header),
        .scheme = "desk",
        .space = "text-1",
        .flags = TAXON_MODEL_SUBLINEAR,
        .label_count = 3,
        .lanes = 16,
        .row_count = 2,
        .slot_count = 4,
    };
    at = (at + 15) / 16 * 16;
    made->header->labels = place(&at, 3 * sizeof(struct taxon_model_label));
    made->header->texts = place(&at, sizeof texts);
    made->header->slots = place(&at, 4 * sizeof(struct taxon_model_slot));
    made->header->gains = place(&at, 2 * sizeof(unsigned short));
    made->header->rows = place(&at, 2 * 16);
    made->header->card = place(&at, 2);
    made->header->size = at;
    made->labels = (void *)(made->bytes + made->header->labels.at);
    made->slots = (void *)(made->bytes + made->header->slots.at);
    memcpy(made->bytes + made->header->texts.at, texts, sizeof texts);
    memcpy(made->bytes + made->header->card.at, "{}", 2);
    for (unsigned l = 0; l < 3; l++)
        made->labels[l] = (struct taxon_model_label){
            .id = ids[l], .scale = 0.02f, .bias = -0.5f, .slope = -3, .threshold = 0.5f};
    add_row(made, quay, 0, of_quay);
    add_row(made, apple, 1, of_apple);
}
