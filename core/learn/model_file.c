/* learn/model_file: writing a model, and reading the card of one. Called by `taxon train`.
 *
 * The same training gives the same bytes: nothing in the file depends on when or where it was made,
 * save what the card says.
 */
#include "learn/model_file.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <taxon/model.h>

#include "base/digest.h"

#define BORDER 16u

static void pad(struct strbuf *out)
{
    static const char zeros[BORDER];

    strbuf_append(out, zeros, (BORDER - out->len % BORDER) % BORDER);
}

static struct taxon_model_section put(struct strbuf *out, const void *data, size_t size)
{
    pad(out);
    struct taxon_model_section section = {out->len, size};
    strbuf_append(out, data, size);
    return section;
}

/* The weight of column `c` for label `l`, with the column's gain in it. */
static float weight_of(const struct trained *trained, uint32_t c, uint32_t l)
{
    return trained->weights.rows[(size_t)c * trained->weights.lanes + l] *
           trained->columns.gains[c];
}

static int8_t quantised(float weight, float scale)
{
    long rounded = lrintf(weight / scale);

    return (int8_t)(rounded > 127 ? 127 : rounded < -127 ? -127 : rounded);
}

/* The scale of label `l`: cutting off the few largest weights leaves finer steps to all others. */
static float scale_of(const struct trained *trained, uint32_t l)
{
    float largest = 0;
    float best_scale = 1;
    double best_error = INFINITY;

    for (uint32_t c = 0; c < trained->columns.count; c++)
        largest = fmaxf(largest, fabsf(weight_of(trained, c, l)));
    if (!(largest > 0))
        return 1;
    for (int cut = 0; cut < 8; cut++) {
        float scale = largest * powf(0.75f, (float)cut) / 127;
        double error = 0;
        for (uint32_t c = 0; c < trained->columns.count; c++) {
            float weight = weight_of(trained, c, l);
            double off = (double)(weight - (float)quantised(weight, scale) * scale);
            error += off * off;
        }
        if (error < best_error) {
            best_error = error;
            best_scale = scale;
        }
    }
    return best_scale;
}

static int put_labels(const struct trained *trained, struct strbuf *out,
                      struct taxon_model_header *header)
{
    uint32_t count = trained->weights.label_count;
    struct taxon_model_label *labels = calloc(count, sizeof *labels);
    struct strbuf texts = STRBUF_INIT;

    if (labels == NULL)
        return -ENOMEM;
    for (uint32_t l = 0; l < count; l++) {
        labels[l] = (struct taxon_model_label){
            .id = (uint32_t)texts.len,
            .scale = scale_of(trained, l),
            .bias = trained->weights.biases[l],
            .slope = (float)trained->calibrations[l].slope,
            .offset = (float)trained->calibrations[l].offset,
            .threshold = trained->thresholds[l],
        };
        const char *id = trained->judgement.labels[l];
        strbuf_append(&texts, id, strlen(id) + 1);
    }
    header->labels = put(out, labels, count * sizeof *labels);
    header->texts = put(out, strbuf_text(&texts), texts.len);
    int result = texts.failed ? -ENOMEM : 0;
    strbuf_release(&texts);
    free(labels);
    return result;
}

static int put_slots(const struct trained *trained, struct strbuf *out,
                     struct taxon_model_header *header)
{
    const struct columns *columns = &trained->columns;
    uint32_t count = 16;

    while (count < 2 * columns->count)
        count *= 2;
    struct taxon_model_slot *slots = calloc(count, sizeof *slots);
    if (slots == NULL)
        return -ENOMEM;
    for (uint32_t c = 0; c < columns->count; c++) {
        uint32_t at = taxon_model_place(columns->ids[c], count);
        while (slots[at].row != 0)
            at = (at + 1) & (count - 1);
        slots[at] = (struct taxon_model_slot){columns->ids[c], c + 1};
    }
    header->slot_count = count;
    header->slots = put(out, slots, count * sizeof *slots);
    free(slots);
    return 0;
}

static int put_rows(const struct trained *trained, struct strbuf *out,
                    struct taxon_model_header *header)
{
    uint32_t columns = trained->columns.count;
    const struct taxon_model_label *labels = (const void *)(out->data + header->labels.at);
    uint16_t *gains = calloc((size_t)columns + 1, sizeof *gains);
    int8_t *rows = calloc((size_t)columns * header->lanes + 1, sizeof *rows);
    int result = -ENOMEM;

    if (gains != NULL && rows != NULL) {
        for (uint32_t c = 0; c < columns; c++) {
            gains[c] = (uint16_t)lrintf(trained->columns.gains[c] * TAXON_MODEL_GAIN);
            for (uint32_t l = 0; l < header->label_count; l++)
                rows[(size_t)c * header->lanes + l] =
                    quantised(weight_of(trained, c, l), labels[l].scale);
        }
        header->gains = put(out, gains, columns * sizeof *gains);
        header->rows = put(out, rows, (size_t)columns * header->lanes);
        result = 0;
    }
    free(gains);
    free(rows);
    return result;
}

static int put_all(const struct trained *trained, const struct strbuf *card, struct strbuf *out,
                   struct taxon_model_header *header)
{
    int result = put_labels(trained, out, header);

    if (result == 0)
        result = put_slots(trained, out, header);
    if (result == 0 && out->failed)
        result = -ENOMEM;
    if (result == 0)
        result = put_rows(trained, out, header);
    if (result == 0)
        header->card = put(out, strbuf_text(card), card->len);
    return out->failed ? -ENOMEM : result;
}

int model_file_write(const struct trained *trained, const char *scheme, const char *space,
                     const struct strbuf *card, struct strbuf *out, struct err *err)
{
    struct taxon_model_header header = {
        .magic = TAXON_MODEL_MAGIC,
        .version = TAXON_MODEL_VERSION,
        .header_size = sizeof header,
        .flags = TAXON_MODEL_SUBLINEAR | (trained->exclusive ? TAXON_MODEL_EXCLUSIVE : 0),
        .label_count = trained->weights.label_count,
        .lanes = (trained->weights.label_count + TAXON_MODEL_LANES - 1) / TAXON_MODEL_LANES *
                 TAXON_MODEL_LANES,
        .row_count = trained->columns.count,
    };
    struct digest digest;

    if (strlen(scheme) >= sizeof header.scheme || strlen(space) >= sizeof header.space)
        return err_set(err, -EINVAL, "the name of the scheme or of its features is too long");
    strcpy(header.scheme, scheme);
    strcpy(header.space, space);
    strbuf_clear(out);
    strbuf_append(out, &header, sizeof header);
    int result = put_all(trained, card, out, &header);
    if (result == 0)
        result = digest_of_bytes(out->data + sizeof header, out->len - sizeof header, &digest);
    if (result < 0)
        return err_set(err, result, "out of memory");
    header.size = out->len;
    memcpy(header.sha256, digest.bytes, sizeof header.sha256);
    memcpy(out->data, &header, sizeof header);
    return 0;
}

int model_file_card(const void *data, size_t len, struct strbuf *out, struct err *err)
{
    struct taxon_model_header header;
    struct digest digest;

    if (len < sizeof header)
        return err_set(err, -EINVAL, "it is no model");
    memcpy(&header, data, sizeof header);
    if (memcmp(header.magic, TAXON_MODEL_MAGIC, sizeof header.magic) != 0 ||
        header.version != TAXON_MODEL_VERSION || header.size != len)
        return err_set(err, -EINVAL, "it is no model, or one of another version");
    if (digest_of_bytes((const char *)data + sizeof header, len - sizeof header, &digest) < 0 ||
        memcmp(digest.bytes, header.sha256, sizeof header.sha256) != 0)
        return err_set(err, -EINVAL, "it is damaged: its digest is not that of its bytes");
    if (header.card.at > len || header.card.size > len - header.card.at)
        return err_set(err, -EINVAL, "its card does not lie in it");
    strbuf_append(out, (const char *)data + header.card.at, (size_t)header.card.size);
    return out->failed ? err_set(err, -ENOMEM, "out of memory") : 0;
}
