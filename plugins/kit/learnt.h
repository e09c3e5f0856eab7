/* kit/learnt: models beside the scores that a classifier makes by cues or terms of its own.
 *
 * A scheme may have a model for each language, as files LANGUAGE.model of the folder that the PATH
 * option `model` names. What a model says moves a score up or down, within bounds: cues that speak
 * plainly stand against it, and where they are silent a model that is sure carries a label alone.
 */
#ifndef KIT_LEARNT_H
#define KIT_LEARNT_H

#include <stddef.h>
#include <stdint.h>

#include <taxon/plugin.h>

#include "kit/definitions.h"
#include "kit/evidence.h"
#include "kit/mask.h"
#include "kit/model.h"

#define LEARNT_MODELS_MAX 8

struct learnt {
    const char *scheme;
    const struct definitions *labels;
    /* 1: a document has several labels of the scheme. A model that was trained on one each then
     * speaks for labels only: that it gives another one says nothing against them. */
    int is_many;
    struct learnt_model {
        char language[16];
        struct model model;
        /* By label of the scheme: the model's label, or UINT32_MAX. */
        uint32_t *known;
    } models[LEARNT_MODELS_MAX];
    size_t count;
};

/* Takes every model of the option, if it is set. What is wrong with a file is a mistake, counted in
 * `check`. 0 or -ENOMEM. */
int learnt_open(struct learnt *learnt, struct definitions_check *check, const char *option,
                const char *scheme, int is_many, const struct definitions *labels);

/* What the models say of one document. */
struct learnt_says {
    const struct learnt_model *by; /* NULL: there is none for its language */
    struct model_scores scores;
    double *moves; /* by label of the scheme: how far, in log odds; 0: nothing is known of it */
};

/* Also shows the document's features, where the host wants them. 0, or a negative errno. */
int learnt_ask(const struct learnt *learnt, struct taxon_task *task,
               const struct taxon_document *document, const struct mask *mask,
               struct learnt_says *out);

/* `score` of label `label`, moved. */
double learnt_move(const struct learnt_says *says, uint32_t label, double score);

/* Adds what the model saw to the evidence for `label` of the scheme, where it spoke for it. */
int learnt_explain(const struct learnt *learnt, const struct learnt_says *says,
                   struct taxon_task *task, const struct taxon_document *document,
                   const struct mask *mask, uint32_t label, struct evidence *evidence);

#endif
