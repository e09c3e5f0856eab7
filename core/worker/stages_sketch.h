/* worker/stages_sketch: the sketch of a document's text, by which near-duplicates are found. */
#ifndef WORKER_STAGES_SKETCH_H
#define WORKER_STAGES_SKETCH_H

#include "worker/stages.h"

/* Adds core's own signature REPLY_MINHASH to the results, unless the text is too short for one. 0
 * or -ENOMEM. */
int stages_sketch(struct stages *stages) MUST_CHECK;

#endif
