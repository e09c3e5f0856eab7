/* kit/model_private: what the files of the model share. Only kit/model*.c include it. */
#ifndef KIT_MODEL_PRIVATE_H
#define KIT_MODEL_PRIVATE_H

#include "kit/model.h"

#define MODEL_STEP 16 /* g(n) = 1 in model.steps */

typedef void (*model_add_row)(int32_t *sums, const int8_t *row, uint32_t lanes, int16_t factor);

/* Of the variants that were built, the one for the processor that this runs on. */
model_add_row model_choose_add_row(void);

/* The row of feature `id`, or UINT32_MAX. */
static inline uint32_t model_row(const struct model *model, uint32_t id)
{
    uint32_t place = taxon_model_place(id, model->slot_count);

    for (uint32_t i = 0; i < model->slot_count; i++) {
        const struct taxon_model_slot *slot = &model->slots[place];

        if (slot->row == 0)
            return UINT32_MAX;
        if (slot->id == id)
            return slot->row <= model->row_count ? slot->row - 1 : UINT32_MAX;
        place = (place + 1) & (model->slot_count - 1);
    }
    return UINT32_MAX;
}

#endif
