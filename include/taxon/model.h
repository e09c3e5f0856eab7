/* taxon/model.h: the file that a trained linear model is.
 *
 * `taxon train` writes it; classifiers map it, read-only, and check it before use
 * (plugins/kit/model does both for those of this project). It is no part of the ABI: a file's
 * version says what it is.
 *
 * All numbers are little-endian; every section begins on a border of 16 bytes, counted from the
 * file's first. Nothing in a file is to be trusted: a reader checks `size`, every section against
 * the file's end, every text against its section, that reals are finite, and a slot's row against
 * `row_count` when it comes to it. Any value of a weight is harmless.
 *
 * How it scores a document that has feature f `n(f)` times. Features that are no row of the model
 * do not count. With g(n) = 1 + ln n (TAXON_MODEL_SUBLINEAR) or 1,
 *
 *     length  = sqrt(sum over rows of (gain / TAXON_MODEL_GAIN * g)^2)
 *     margin  = bias + scale / length * sum over rows of weight * g
 *     score   = 1 / (1 + exp(slope * margin + offset))          (Platt 1999), or, where documents
 *               have one label each (TAXON_MODEL_EXCLUSIVE), exp(-slope * margin - offset) divided
 * by its sum over all labels
 *
 * where weight is the row's int8 for the label, and the gain is contained in it already.
 */
#ifndef TAXON_MODEL_H
#define TAXON_MODEL_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TAXON_MODEL_MAGIC   "taxonmdl" /* 8 bytes, without the NUL */
#define TAXON_MODEL_VERSION 1u

#define TAXON_MODEL_EXCLUSIVE 2u      /* flag: the scores of all labels make 1 */
#define TAXON_MODEL_SUBLINEAR 1u      /* flag: g(n) = 1 + ln n */
#define TAXON_MODEL_GAIN      4096.0f /* a gain of 1 in `gains` */
#define TAXON_MODEL_LANES     16u     /* labels of a row are a multiple of it */
#define TAXON_MODEL_LABELS    4096u   /* most labels */
#define TAXON_MODEL_ROWS      4194304u
#define TAXON_MODEL_BYTES     (UINT64_C(256) << 20) /* largest file */

/* Where a section is: `size` bytes at `at`. */
struct taxon_model_section {
    uint64_t at;
    uint64_t size;
};

struct taxon_model_header {
    char magic[8];
    uint32_t version;
    uint32_t header_size;
    uint64_t size;      /* of the whole file */
    uint8_t sha256[32]; /* of everything behind the header */
    char scheme[64];    /* C strings */
    char space[64];     /* as of the feature vectors it was trained on (taxon/features.h) */
    uint32_t flags;     /* TAXON_MODEL_SUBLINEAR, TAXON_MODEL_EXCLUSIVE */
    uint32_t label_count;
    uint32_t lanes; /* bytes of a row: label_count, or a little more */
    uint32_t row_count;
    uint32_t slot_count; /* a power of two, more than row_count */
    uint32_t reserved;
    struct taxon_model_section labels; /* struct taxon_model_label, by rising id */
    struct taxon_model_section texts;  /* NUL-terminated UTF-8, one behind the other */
    struct taxon_model_section slots;  /* struct taxon_model_slot */
    struct taxon_model_section gains;  /* uint16_t for each row */
    struct taxon_model_section rows;   /* int8_t, `lanes` for each row */
    struct taxon_model_section card;   /* JSON: what it was trained on, when, how well it does */
};

struct taxon_model_label {
    uint32_t id; /* offset in `texts` */
    uint32_t reserved;
    float scale;
    float bias;
    float slope; /* below 0 */
    float offset;
    float threshold; /* 0..1 */
    float reserved_real;
};

/* Open addressing: the row of feature `id` is in the first slot from taxon_model_place(id) on,
 * going round, that has its id; a slot with row 0 is empty and ends the search. */
struct taxon_model_slot {
    uint32_t id;
    uint32_t row; /* from 1 */
};

static inline uint32_t taxon_model_place(uint32_t id, uint32_t slot_count)
{
    return (uint32_t)((id * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & (slot_count - 1);
}

#ifdef __cplusplus
}
#endif

#endif
