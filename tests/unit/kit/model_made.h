/* A model of three labels made by hand, for tests and the fuzz target's seed: "quay" speaks for
 * harbour, "apple" for orchard and against harbour. */
#ifndef TESTS_UNIT_KIT_MODEL_MADE_H
#define TESTS_UNIT_KIT_MODEL_MADE_H

#include <stddef.h>

#include <taxon/model.h>

#define MODEL_MADE_SIZE 1024u

struct model_made {
    _Alignas(16) unsigned char bytes[MODEL_MADE_SIZE];
    struct taxon_model_header *header; /* into bytes, as what follows */
    struct taxon_model_label *labels;
    struct taxon_model_slot *slots;
};

/* `quay` and `apple` are the ids of the features of these words. */
void model_made(struct model_made *made, unsigned quay, unsigned apple);

#endif
