/* weights: reads and evaluates trained trees.
 *
 * Called by boilerplate.c, once, to check the file, and by main_text.c for each line. The file is
 * as trusted as the configuration, and checked all the same: a tree that passes the check is walked
 * in at most as many steps as it has nodes, since a child always stands behind its parent.
 */
#include "weights.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static int nodes_are_sound(const struct weights *weights, uint32_t first, uint32_t end)
{
    for (uint32_t i = first; i < end; i++) {
        const struct weights_node *node = &weights->nodes[i];

        if (!isfinite(node->threshold) || !isfinite(node->value) ||
            node->feature >= FEATURES_COUNT) {
            return 0;
        }
        if (node->left != 0 && (node->left <= i - first || node->left + 1u >= end - first)) {
            return 0;
        }
    }
    return 1;
}

static int trees_are_sound(const struct weights *weights)
{
    const struct weights_header *header = weights->header;
    uint32_t trees = header->trees[0] + header->trees[1];

    for (uint32_t i = 0; i < trees; i++) {
        uint32_t first = weights->firsts[i];
        uint32_t end = i + 1 < trees ? weights->firsts[i + 1] : header->nodes;

        if (first >= end || end > header->nodes || !nodes_are_sound(weights, first, end)) {
            return 0;
        }
    }
    return 1;
}

static int bounds_are_sound(const struct weights_header *header)
{
    return isfinite(header->bias[0]) && isfinite(header->bias[1]) && header->low >= 0 &&
           header->high <= 1 && header->low <= header->high;
}

int weights_read(const void *data, size_t size, struct weights *out_weights, const char **out_why)
{
    const struct weights_header *header = data;
    struct weights weights = {.header = header};
    uint64_t expected;

    *out_why = "no file of weights";
    if (size < sizeof(*header) || memcmp(header->magic, WEIGHTS_MAGIC, 8) != 0) {
        return -EINVAL;
    }
    *out_why = "weights of another version of the plugin; train them anew";
    if (header->version != WEIGHTS_VERSION || header->features_version != FEATURES_VERSION ||
        header->inputs != FEATURES_COUNT) {
        return -EINVAL;
    }
    *out_why = "damaged weights";
    if (header->trees[0] > WEIGHTS_TREES_MAX || header->trees[1] > WEIGHTS_TREES_MAX) {
        return -EINVAL;
    }
    expected =
        sizeof(*header) + (uint64_t)(header->trees[0] + header->trees[1]) * sizeof(uint32_t) +
        (uint64_t)header->nodes * sizeof(struct weights_node) + PHRASE_SLOTS + header->card_size;
    if (header->size != size || expected != size || !bounds_are_sound(header)) {
        return -EINVAL;
    }
    weights.firsts = (const uint32_t *)(const void *)(header + 1);
    weights.nodes = (const struct weights_node *)(const void *)(weights.firsts + header->trees[0] +
                                                                header->trees[1]);
    weights.phrases = (const int8_t *)(const void *)(weights.nodes + header->nodes);
    if (!trees_are_sound(&weights)) {
        return -EINVAL;
    }
    *out_weights = weights;
    return 0;
}

static uint32_t first_tree(const struct weights *weights, uint32_t round)
{
    return round == 0 ? 0 : weights->header->trees[0];
}

double weights_sum(const struct weights *weights, uint32_t round, const float *inputs)
{
    uint32_t from = first_tree(weights, round);
    double sum = weights->header->bias[round];

    for (uint32_t i = from; i < from + weights->header->trees[round]; i++) {
        const struct weights_node *tree = weights->nodes + weights->firsts[i];
        const struct weights_node *node = tree;

        while (node->left != 0) {
            node = tree + node->left + (inputs[node->feature] > node->threshold);
        }
        sum += (double)node->value;
    }
    return sum;
}

void weights_explain(const struct weights *weights, uint32_t round, const float *inputs,
                     float *out_parts)
{
    uint32_t from = first_tree(weights, round);

    for (uint32_t i = from; i < from + weights->header->trees[round]; i++) {
        const struct weights_node *tree = weights->nodes + weights->firsts[i];
        const struct weights_node *node = tree;

        while (node->left != 0) {
            const struct weights_node *next =
                tree + node->left + (inputs[node->feature] > node->threshold);

            out_parts[node->feature] += next->value - node->value;
            node = next;
        }
    }
}
