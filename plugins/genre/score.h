/* score: what scoring a document shares with publishing its labels. */
#ifndef SCORE_H
#define SCORE_H

#include "count.h"
#include "genre.h"

struct scoring {
    const struct cue_set *set;
    struct taxon_task *task;
    const struct taxon_document *document;
    struct counts counts;
    double *sums;            /* by label */
    double *scores;          /* by label */
    struct mask mask;        /* of the document, where there is a model for it */
    struct learnt_says says; /* what that says */
};

/* score.c: scores the labels of the set that was counted for, and publishes. *out_holds: does any
 * label hold? */
int32_t score_document(const struct counts *counts, struct taxon_task *task,
                       const struct taxon_document *document, int *out_holds);

/* score.c: what a cue adds, given its hits and their weight. */
double score_cue_adds(const struct cue *cue, double hits, double sum);

/* publish.c: gives the document every label worth telling, with its evidence. */
int32_t score_publish(struct scoring *scoring);

#endif
