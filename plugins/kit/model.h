/* kit/model: a trained linear model, and what it says of a document.
 *
 * The file is as taxon/model.h has it; features are those of kit/text_features. A classifier takes
 * the model from the host as a resource at open(), has it checked, and asks it for each document.
 */
#ifndef KIT_MODEL_H
#define KIT_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include <taxon/model.h>
#include <taxon/plugin.h>

#include "kit/evidence.h"
#include "kit/mask.h"

#define MODEL_STEPS 256 /* how often a feature may occur before it makes no difference */

/* Leads into the mapped file. Nothing in it changes after model_open. */
struct model {
    const struct taxon_model_header *header; /* NULL: no model */
    const struct taxon_model_label *labels;
    const char *texts;
    const struct taxon_model_slot *slots;
    const uint16_t *gains;
    const int8_t *rows;
    uint32_t label_count;
    uint32_t lanes;
    uint32_t row_count;
    uint32_t slot_count;
    int with_url;               /* its features have the words of the url, too */
    int16_t steps[MODEL_STEPS]; /* g(n) in sixteenths */
    /* The fastest way here to add a row, `factor` times, to the sums of `lanes` labels. */
    void (*add_row)(int32_t *sums, const int8_t *row, uint32_t lanes, int16_t factor);
};

/* Checks `data` (aligned to 16 bytes, living as long as the model) and fills `*out`. 0, or -EINVAL
 * with *out_why (static) saying what is wrong with the file. The file's digest is not looked at:
 * the host's of the whole file is in the manifest. */
int model_open(struct model *out, const void *data, size_t len, const char *scheme,
               const char **out_why);

/* The label's id; its place among the model's, or UINT32_MAX when it has none of that id. */
const char *model_label_id(const struct model *model, uint32_t label);
uint32_t model_find_label(const struct model *model, const char *id);

struct model_hit {
    uint32_t row;
    uint32_t count;
};

/* What a model says of one document; lives as long as the task. */
struct model_scores {
    struct model_hit *hits; /* the model's features that occur */
    size_t hit_count;
    double length;
    double *margins; /* by label */
    double *scores;  /* by label: 0..1, calibrated */
};

/* 0, -ENOMEM or -E2BIG. A document without a feature that the model knows scores as its biases say.
 */
int model_score(const struct model *model, struct taxon_task *task,
                const struct taxon_document *document, const struct mask *mask,
                struct model_scores *out);

/* Adds to `evidence` the phrases that spoke for `label`, or against it, with what each adds to the
 * margin. Their reasons live as long as the task. 0, or -ENOMEM. */
int model_explain(const struct model *model, struct taxon_task *task,
                  const struct taxon_document *document, const struct mask *mask,
                  const struct model_scores *scores, uint32_t label, struct evidence *evidence);

/* While a model is trained: pushes the document's features for `scheme`, where the host wants them
 * (taxon/features.h). 1: they were wanted; 0: they were not; or a negative errno. */
int model_push_features(struct taxon_task *task, const struct taxon_document *document,
                        const struct mask *mask, const char *scheme, int with_url);

#endif
