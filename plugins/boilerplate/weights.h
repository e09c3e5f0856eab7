/* weights: trained trees that say how much of the main text a line is. The file of weights, and how
 * it is read; tests/train writes it.
 */
#ifndef WEIGHTS_H
#define WEIGHTS_H

#include <stddef.h>
#include <stdint.h>

#include "line_features.h"

#define WEIGHTS_MAGIC     "taxonblk" /* 8 bytes, without the NUL */
#define WEIGHTS_VERSION   1u
#define WEIGHTS_ROUNDS    2u /* each line by itself; then with what was said of the lines around */
#define WEIGHTS_TREES_MAX 1000u
#define WEIGHTS_NODES_MAX 65535u

/* All numbers are little-endian. Behind the header: the first node of each tree (uint32_t), those
 * of the first round first; the nodes; what words say (PHRASE_SLOTS of int8_t); the card. */
struct weights_header {
    char magic[8];
    uint32_t version;
    uint32_t size; /* of the whole file */
    uint32_t features_version;
    uint32_t inputs;                /* FEATURES_COUNT */
    uint32_t trees[WEIGHTS_ROUNDS]; /* of each round */
    uint32_t nodes;
    uint32_t card_size;         /* JSON: what they were trained on, and how well they do */
    float bias[WEIGHTS_ROUNDS]; /* log odds */
    float low;                  /* a line is kept from a score of half the expected F1 of the */
    float high;                 /* page on, but that bound lies in low..high */
};

/* A node of a tree. `left` is relative to the tree's first node, right stands behind it; a leaf has
 * left 0. */
struct weights_node {
    uint16_t feature;
    uint16_t left;
    float threshold; /* up to it to the left */
    float value;     /* what all that pass here add, on average; of a leaf, what it adds */
};

struct weights {
    const struct weights_header *header;
    const uint32_t *firsts;
    const struct weights_node *nodes;
    const int8_t *phrases;
};

/* Checks the file and points into it. 0, or -EINVAL with *out_why, a static text. */
int weights_read(const void *data, size_t size, struct weights *out_weights, const char **out_why);

/* The log odds that a line with these FEATURES_COUNT numbers is main
 * text. */
double weights_sum(const struct weights *weights, uint32_t round, const float *inputs);

/* Adds to out_parts (FEATURES_COUNT) what each number did to that sum. After Saabas (2014): the
 * change of the average at each step goes to the feature that the step looks at. */
void weights_explain(const struct weights *weights, uint32_t round, const float *inputs,
                     float *out_parts);

#endif
