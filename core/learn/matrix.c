/* learn/matrix: from counts to weighted rows. Called by learn/train for each part that it trains on
 * or measures.
 */
#include "learn/matrix.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <taxon/model.h>

struct tally {
    uint32_t id;
    uint32_t documents; /* 0: an empty slot */
};

static uint32_t slots_for(size_t count)
{
    uint32_t slots = 1024;

    while (slots < 2 * count && slots < (UINT32_C(1) << 30))
        slots *= 2;
    return slots;
}

static struct tally *tally_of(struct tally *tallies, uint32_t slots, uint32_t id)
{
    uint32_t at = taxon_model_place(id, slots);

    while (tallies[at].documents > 0 && tallies[at].id != id)
        at = (at + 1) & (slots - 1);
    return &tallies[at];
}

/* A table twice as large, with what the old one had. NULL without memory; the old one is freed. */
static struct tally *tallies_grow(struct tally *tallies, uint32_t *slots)
{
    struct tally *larger = calloc(2 * (size_t)*slots, sizeof *larger);

    for (uint32_t i = 0; larger != NULL && i < *slots; i++)
        if (tallies[i].documents > 0)
            *tally_of(larger, 2 * *slots, tallies[i].id) = tallies[i];
    free(tallies);
    *slots *= 2;
    return larger;
}

/* In how many documents each feature occurs. */
static struct tally *count_documents(const struct dataset *dataset, const bool *in,
                                     uint32_t *out_slots, size_t *out_documents)
{
    uint32_t slots = 1u << 16;
    uint32_t used = 0;
    struct tally *tallies = calloc(slots, sizeof *tallies);

    *out_documents = 0;
    for (size_t i = 0; tallies != NULL && i < dataset->count; i++) {
        const struct dataset_document *document = &dataset->documents[i];
        *out_documents += in[i];
        for (size_t k = 0; in[i] && k < document->feature_count; k++) {
            if (used > slots / 2 && (tallies = tallies_grow(tallies, &slots)) == NULL)
                return NULL;
            struct tally *tally = tally_of(tallies, slots, document->features[k].id);
            used += tally->documents == 0;
            tally->id = document->features[k].id;
            tally->documents++;
        }
    }
    *out_slots = slots;
    return tallies;
}

static int compare_tallies(const void *a, const void *b)
{
    uint32_t first = ((const struct tally *)a)->id;
    uint32_t second = ((const struct tally *)b)->id;

    return first < second ? -1 : first > second;
}

static float weight_of(const float *weights, uint32_t id)
{
    return weights[id >> 29];
}

/* Moves those of at least `least`, and of a family that counts, to the front; returns how many. */
static size_t keep_frequent(struct tally *tallies, size_t count, uint32_t least,
                            const float *weights)
{
    size_t to = 0;

    for (size_t i = 0; i < count; i++)
        if (tallies[i].documents >= least && weight_of(weights, tallies[i].id) > 0)
            tallies[to++] = tallies[i];
    return to;
}

static int fill_slots(struct columns *columns)
{
    free(columns->slots);
    columns->slot_count = slots_for(columns->count);
    columns->slots = calloc(columns->slot_count, sizeof *columns->slots);
    if (columns->slots == NULL)
        return -ENOMEM;
    for (uint32_t i = 0; i < columns->count; i++) {
        uint32_t at = taxon_model_place(columns->ids[i], columns->slot_count);
        while (columns->slots[at] != 0)
            at = (at + 1) & (columns->slot_count - 1);
        columns->slots[at] = i + 1;
    }
    return 0;
}

int columns_init(struct columns *columns, const struct dataset *dataset, const bool *in,
                 uint32_t least, const float weights[COLUMNS_FAMILIES])
{
    uint32_t slots;
    size_t documents;
    struct tally *tallies = count_documents(dataset, in, &slots, &documents);

    *columns = (struct columns){.count = 0};
    if (tallies == NULL)
        return -ENOMEM;
    size_t count = keep_frequent(tallies, slots, least > 0 ? least : 1, weights);
    while (count > COLUMNS_MAX)
        count = keep_frequent(tallies, count, ++least, weights);
    if (count > 0)
        qsort(tallies, count, sizeof *tallies, compare_tallies);
    columns->count = (uint32_t)count;
    columns->ids = calloc(count + 1, sizeof *columns->ids);
    columns->gains = calloc(count + 1, sizeof *columns->gains);
    for (size_t i = 0; columns->ids != NULL && columns->gains != NULL && i < count; i++) {
        double gain = (1 + log((1.0 + (double)documents) / (1.0 + tallies[i].documents))) *
                      (double)weight_of(weights, tallies[i].id);
        columns->ids[i] = tallies[i].id;
        columns->gains[i] = gain > (double)COLUMNS_GAIN_MAX ? COLUMNS_GAIN_MAX : (float)gain;
    }
    free(tallies);
    if (columns->ids == NULL || columns->gains == NULL || fill_slots(columns) < 0) {
        columns_release(columns);
        return -ENOMEM;
    }
    return 0;
}

int columns_keep(struct columns *columns, const bool *keep)
{
    uint32_t to = 0;

    for (uint32_t i = 0; i < columns->count; i++) {
        columns->ids[to] = columns->ids[i];
        columns->gains[to] = columns->gains[i];
        to += keep[i];
    }
    columns->count = to;
    return fill_slots(columns);
}

void columns_release(struct columns *columns)
{
    free(columns->ids);
    free(columns->gains);
    free(columns->slots);
    *columns = (struct columns){.count = 0};
}

/* The column of a feature, or UINT32_MAX. */
static uint32_t column_of(const struct columns *columns, uint32_t id)
{
    uint32_t at = taxon_model_place(id, columns->slot_count);

    for (; columns->slots[at] != 0; at = (at + 1) & (columns->slot_count - 1))
        if (columns->ids[columns->slots[at] - 1] == id)
            return columns->slots[at] - 1;
    return UINT32_MAX;
}

static size_t fill_row(struct cell *cells, const struct dataset_document *document,
                       const struct columns *columns)
{
    size_t count = 0;
    double square = 0;

    for (size_t k = 0; k < document->feature_count; k++) {
        uint32_t column = column_of(columns, document->features[k].id);
        if (column == UINT32_MAX)
            continue;
        float count_of = document->features[k].count;
        float value = (1 + logf(count_of < 1 ? 1 : count_of)) * columns->gains[column];
        cells[count++] = (struct cell){column, value};
        square += (double)value * (double)value;
    }
    for (size_t k = 0; k < count && square > 0; k++)
        cells[k].value = (float)((double)cells[k].value / sqrt(square));
    return count;
}

int matrix_init(struct matrix *matrix, const struct dataset *dataset, const bool *in,
                const struct columns *columns)
{
    size_t cells = 0;
    size_t rows = 0;

    for (size_t i = 0; i < dataset->count; i++) {
        cells += in[i] ? dataset->documents[i].feature_count : 0;
        rows += in[i];
    }
    *matrix = (struct matrix){
        .starts = calloc(rows + 1, sizeof *matrix->starts),
        .origin = calloc(rows + 1, sizeof *matrix->origin),
        .cells = calloc(cells + 1, sizeof *matrix->cells),
    };
    if (matrix->starts == NULL || matrix->origin == NULL || matrix->cells == NULL) {
        matrix_release(matrix);
        return -ENOMEM;
    }
    for (size_t i = 0; i < dataset->count; i++) {
        if (!in[i])
            continue;
        size_t start = matrix->starts[matrix->count];
        matrix->origin[matrix->count++] = (uint32_t)i;
        matrix->starts[matrix->count] =
            start + fill_row(matrix->cells + start, &dataset->documents[i], columns);
    }
    return 0;
}

void matrix_release(struct matrix *matrix)
{
    free(matrix->starts);
    free(matrix->origin);
    free(matrix->cells);
    *matrix = (struct matrix){.count = 0};
}
