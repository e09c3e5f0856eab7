/* boost: gradient boosting of trees (Friedman 2001), with histograms of binned values, second-order
 * leaves and best-first growth as in LightGBM (Ke et al. 2017).
 *
 * Called by train_boilerplate.c. Everything is done in a fixed order, on one thread, in doubles,
 * and chance comes from a seed, so that the same data give the same trees.
 */
#include "boost.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEAVES_MAX 64u
#define SAMPLE_MAX 40000u /* values that the cuts of an input are found by */

struct slot {
    double gradient;
    double curvature;
};

struct leaf {
    size_t begin; /* in `order` */
    size_t end;
    struct slot sum;
    struct slot *slots; /* chosen inputs by bins */
    double gain;
    uint32_t input; /* of the best split; index among the chosen */
    uint32_t bin;
    uint16_t node;
};

struct fitter {
    const struct boost_data *data;
    const struct boost_options *options;
    double *sums;
    float *gradients;
    float *curvatures;
    uint32_t *order;
    uint32_t *chosen; /* inputs of this tree */
    uint32_t chosen_count;
    struct leaf leaves[LEAVES_MAX];
    uint32_t leaf_count;
    uint64_t state;
};

static void *need(size_t count, size_t size)
{
    void *memory = calloc(count + 1, size);

    if (memory == NULL) {
        perror("train");
        exit(1);
    }
    return memory;
}

/* SplitMix64 (Steele et al. 2014), to 0..1. */
static double chance(struct fitter *fitter)
{
    uint64_t z = fitter->state += 0x9E3779B97F4A7C15u;

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (double)((z ^ (z >> 31)) >> 11) / 9007199254740992.0;
}

static int by_float(const void *a, const void *b)
{
    float x = *(const float *)a;
    float y = *(const float *)b;

    return x < y ? -1 : x > y;
}

static void find_cuts(const float *values, size_t rows, uint32_t inputs, uint32_t input,
                      float *sample, float *out_cuts)
{
    size_t step = rows / SAMPLE_MAX + 1;
    size_t count = 0;
    size_t kept = 0;
    float last = 0;

    for (size_t i = 0; i < rows; i += step) {
        sample[count++] = values[i * inputs + input];
    }
    qsort(sample, count, sizeof(*sample), by_float);
    for (size_t i = 0; i < BOOST_BINS; i++) {
        out_cuts[i] = INFINITY;
    }
    for (size_t b = 1; b < BOOST_BINS && count > 0; b++) {
        float value = sample[b * count / BOOST_BINS];

        if (kept == 0 || value > last) {
            out_cuts[kept++] = last = value;
        }
    }
    /* Rare values, too: between the most common one and the greatest. */
    if (kept == 1 && count > 0 && sample[count - 1] > last && kept < BOOST_BINS) {
        out_cuts[kept] = sample[count - 1];
    }
}

void boost_rebin(const float *values, size_t rows, uint32_t inputs, uint32_t first, uint8_t *bins,
                 float *cuts)
{
    float *sample = need(rows, sizeof(*sample));

    for (uint32_t input = first; input < inputs; input++) {
        const float *at = cuts + (size_t)input * BOOST_BINS;

        find_cuts(values, rows, inputs, input, sample, cuts + (size_t)input * BOOST_BINS);
        for (size_t i = 0; i < rows; i++) {
            float value = values[i * inputs + input];
            uint8_t low = 0;
            uint8_t high = BOOST_BINS - 1;

            while (low < high) {
                uint8_t middle = (uint8_t)((low + high) / 2);

                if (value <= at[middle]) {
                    high = middle;
                } else {
                    low = (uint8_t)(middle + 1);
                }
            }
            bins[i * inputs + input] = low;
        }
    }
    free(sample);
}

void boost_bins(const float *values, size_t rows, uint32_t inputs, uint8_t **out_bins,
                float **out_cuts)
{
    *out_bins = need(rows * inputs, 1);
    *out_cuts = need((size_t)inputs * BOOST_BINS, sizeof(**out_cuts));
    boost_rebin(values, rows, inputs, 0, *out_bins, *out_cuts);
}

static void derive(struct fitter *fitter)
{
    const struct boost_data *data = fitter->data;

    for (size_t i = 0; i < data->rows; i++) {
        double p = 1 / (1 + exp(-fitter->sums[i]));

        fitter->gradients[i] = (float)((p - (double)data->targets[i]) * (double)data->weights[i]);
        fitter->curvatures[i] = (float)(p * (1 - p) * (double)data->weights[i]);
    }
}

static void fill(struct fitter *fitter, struct leaf *leaf)
{
    const struct boost_data *data = fitter->data;

    memset(leaf->slots, 0, (size_t)fitter->chosen_count * BOOST_BINS * sizeof(*leaf->slots));
    for (size_t i = leaf->begin; i < leaf->end; i++) {
        const uint8_t *bins = data->bins + (size_t)fitter->order[i] * data->stride;
        double gradient = (double)fitter->gradients[fitter->order[i]];
        double curvature = (double)fitter->curvatures[fitter->order[i]];
        struct slot *slots = leaf->slots;

        for (uint32_t k = 0; k < fitter->chosen_count; k++, slots += BOOST_BINS) {
            struct slot *slot = &slots[bins[fitter->chosen[k]]];

            slot->gradient += gradient;
            slot->curvature += curvature;
        }
    }
}

static double worth(const struct fitter *fitter, struct slot sum)
{
    return sum.gradient * sum.gradient / (sum.curvature + fitter->options->ridge);
}

static void find_split(const struct fitter *fitter, struct leaf *leaf)
{
    double whole = worth(fitter, leaf->sum);

    leaf->gain = 0;
    for (uint32_t k = 0; k < fitter->chosen_count; k++) {
        const struct slot *slots = leaf->slots + (size_t)k * BOOST_BINS;
        struct slot left = {0, 0};

        for (uint32_t b = 0; b + 1 < BOOST_BINS; b++) {
            struct slot right;
            double gain;

            left.gradient += slots[b].gradient;
            left.curvature += slots[b].curvature;
            right = (struct slot){leaf->sum.gradient - left.gradient,
                                  leaf->sum.curvature - left.curvature};
            if (left.curvature < fitter->options->least ||
                right.curvature < fitter->options->least) {
                continue;
            }
            gain = worth(fitter, left) + worth(fitter, right) - whole;
            if (gain > leaf->gain + 1e-9) {
                leaf->gain = gain;
                leaf->input = k;
                leaf->bin = b;
            }
        }
    }
}

static float value_of(const struct fitter *fitter, struct slot sum)
{
    return (float)(-fitter->options->rate * sum.gradient /
                   (sum.curvature + fitter->options->ridge));
}

static struct slot sum_of(const struct fitter *fitter, const struct leaf *leaf)
{
    struct slot sum = {0, 0};

    for (size_t i = leaf->begin; i < leaf->end; i++) {
        sum.gradient += (double)fitter->gradients[fitter->order[i]];
        sum.curvature += (double)fitter->curvatures[fitter->order[i]];
    }
    return sum;
}

/* Rows up to the bin to the front. */
static size_t part(struct fitter *fitter, const struct leaf *leaf)
{
    const struct boost_data *data = fitter->data;
    uint32_t input = fitter->chosen[leaf->input];
    size_t low = leaf->begin;
    size_t high = leaf->end;

    while (low < high) {
        if (data->bins[(size_t)fitter->order[low] * data->stride + input] <= leaf->bin) {
            low++;
        } else {
            uint32_t other = fitter->order[--high];

            fitter->order[high] = fitter->order[low];
            fitter->order[low] = other;
        }
    }
    return low;
}

static void split(struct fitter *fitter, struct leaf *left, struct weights_node *tree,
                  uint16_t *node_count)
{
    struct leaf *right = &fitter->leaves[fitter->leaf_count++];
    uint32_t input = fitter->chosen[left->input];
    struct weights_node *node = &tree[left->node];
    size_t middle = part(fitter, left);
    size_t slot_count = (size_t)fitter->chosen_count * BOOST_BINS;
    struct leaf *small;
    struct leaf *large;

    node->feature = (uint16_t)input;
    node->threshold = fitter->data->cuts[(size_t)input * BOOST_BINS + left->bin];
    node->left = *node_count;
    right->begin = middle;
    right->end = left->end;
    right->node = (uint16_t)(*node_count + 1);
    left->end = middle;
    left->node = *node_count;
    *node_count = (uint16_t)(*node_count + 2);
    small = left->end - left->begin < right->end - right->begin ? left : right;
    large = small == left ? right : left;
    if (large == right) { /* the parent's slots go to the larger child */
        struct slot *slots = left->slots;

        left->slots = right->slots;
        right->slots = slots;
    }
    fill(fitter, small);
    for (size_t i = 0; i < slot_count; i++) {
        large->slots[i].gradient -= small->slots[i].gradient;
        large->slots[i].curvature -= small->slots[i].curvature;
    }
    left->sum = sum_of(fitter, left);
    right->sum = sum_of(fitter, right);
    tree[left->node] = (struct weights_node){.value = value_of(fitter, left->sum)};
    tree[right->node] = (struct weights_node){.value = value_of(fitter, right->sum)};
    find_split(fitter, left);
    find_split(fitter, right);
}

static void choose(struct fitter *fitter, struct leaf *root)
{
    root->begin = 0;
    root->end = 0;
    for (size_t i = 0; i < fitter->data->rows; i++) {
        if (fitter->data->weights[i] > 0 && chance(fitter) < fitter->options->row_share) {
            fitter->order[root->end++] = (uint32_t)i;
        }
    }
    fitter->chosen_count = 0;
    for (uint32_t k = 0; k < fitter->data->inputs; k++) {
        if (chance(fitter) < fitter->options->input_share) {
            fitter->chosen[fitter->chosen_count++] = k;
        }
    }
}

static uint16_t grow(struct fitter *fitter, struct weights_node *tree)
{
    struct leaf *root = &fitter->leaves[0];
    uint16_t node_count = 1;

    choose(fitter, root);
    root->node = 0;
    fitter->leaf_count = 1;
    root->sum = sum_of(fitter, root);
    tree[0] = (struct weights_node){.value = value_of(fitter, root->sum)};
    fill(fitter, root);
    find_split(fitter, root);
    while (fitter->leaf_count < fitter->options->leaves) {
        struct leaf *best = root;

        for (uint32_t i = 1; i < fitter->leaf_count; i++) {
            best = fitter->leaves[i].gain > best->gain ? &fitter->leaves[i] : best;
        }
        if (best->gain <= 0) {
            break;
        }
        split(fitter, best, tree, &node_count);
    }
    return node_count;
}

static double tree_value(const struct boost_data *data, const struct weights_node *tree, size_t row,
                         const uint8_t *splits)
{
    const struct weights_node *node = tree;

    while (node->left != 0) {
        node = tree + node->left +
               (data->bins[row * data->stride + node->feature] > splits[node - tree]);
    }
    return (double)node->value;
}

/* The bin of each node's threshold, so that rows are sent down by their bins. */
static void find_bins(const struct boost_data *data, const struct weights_node *tree,
                      uint16_t count, uint8_t *out_splits)
{
    for (uint16_t i = 0; i < count; i++) {
        const float *cuts = data->cuts + (size_t)tree[i].feature * BOOST_BINS;
        uint8_t bin = 0;

        while (tree[i].left != 0 && cuts[bin] < tree[i].threshold) {
            bin++;
        }
        out_splits[i] = bin;
    }
}

static float log_odds(const struct boost_data *data)
{
    double sum = 0;
    double weight = 0;

    for (size_t i = 0; i < data->rows; i++) {
        sum += (double)data->weights[i] * (double)data->targets[i];
        weight += (double)data->weights[i];
    }
    return (float)log(sum / (weight - sum));
}

struct forest boost_fit(const struct boost_data *data, const struct boost_options *options)
{
    struct fitter fitter = {.data = data, .options = options, .state = options->seed};
    uint32_t node_max = options->leaves * 2;
    struct forest forest = {.nodes = need((size_t)options->trees * node_max, sizeof(*forest.nodes)),
                            .firsts = need(options->trees, sizeof(*forest.firsts)),
                            .bias = log_odds(data)};

    fitter.sums = need(data->rows, sizeof(*fitter.sums));
    fitter.gradients = need(data->rows, sizeof(*fitter.gradients));
    fitter.curvatures = need(data->rows, sizeof(*fitter.curvatures));
    fitter.order = need(data->rows, sizeof(*fitter.order));
    fitter.chosen = need(data->inputs, sizeof(*fitter.chosen));
    for (uint32_t i = 0; i < options->leaves; i++) {
        fitter.leaves[i].slots = need((size_t)data->inputs * BOOST_BINS, sizeof(struct slot));
    }
    for (size_t i = 0; i < data->rows; i++) {
        fitter.sums[i] = (double)forest.bias;
    }
    for (; forest.trees < options->trees; forest.trees++) {
        struct weights_node *tree = forest.nodes + forest.node_count;
        uint8_t splits[LEAVES_MAX * 2];
        uint16_t count;

        derive(&fitter);
        count = grow(&fitter, tree);
        find_bins(data, tree, count, splits);
        for (size_t i = 0; i < data->rows; i++) {
            fitter.sums[i] += data->weights[i] > 0 ? tree_value(data, tree, i, splits) : 0;
        }
        forest.firsts[forest.trees] = forest.node_count;
        forest.node_count += count;
    }
    for (uint32_t i = 0; i < options->leaves; i++) {
        free(fitter.leaves[i].slots);
    }
    free(fitter.sums);
    free(fitter.gradients);
    free(fitter.curvatures);
    free(fitter.order);
    free(fitter.chosen);
    return forest;
}

void forest_free(struct forest *forest)
{
    free(forest->nodes);
    free(forest->firsts);
}

double forest_sum(const struct forest *forest, const float *inputs)
{
    double sum = (double)forest->bias;

    for (uint32_t i = 0; i < forest->trees; i++) {
        const struct weights_node *tree = forest->nodes + forest->firsts[i];
        const struct weights_node *node = tree;

        while (node->left != 0) {
            node = tree + node->left + (inputs[node->feature] > node->threshold);
        }
        sum += (double)node->value;
    }
    return sum;
}
