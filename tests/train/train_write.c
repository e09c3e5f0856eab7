/* train_write: the file of weights, its card, and what is kept of the cross-validation.
 *
 * Called by train_boilerplate.c.
 */
#include <stdio.h>
#include <string.h>

#include "trainer.h"

static void put(FILE *file, const void *data, size_t size)
{
    if (fwrite(data, 1, size, file) != size) {
        trainer_die("write");
    }
}

void trainer_write_forests(const char *path, const struct forest *forests, const int8_t *phrases,
                           const char *card)
{
    struct weights_header header = {.version = WEIGHTS_VERSION,
                                    .features_version = FEATURES_VERSION,
                                    .inputs = FEATURES_COUNT,
                                    .trees = {forests[0].trees, forests[1].trees},
                                    .nodes = forests[0].node_count + forests[1].node_count,
                                    .card_size = (uint32_t)strlen(card),
                                    .bias = {forests[0].bias, forests[1].bias},
                                    .low = (float)BOUND_LOW,
                                    .high = (float)BOUND_HIGH};
    FILE *file = fopen(path, "we");

    if (file == NULL) {
        trainer_die(path);
    }
    memcpy(header.magic, WEIGHTS_MAGIC, sizeof(header.magic));
    header.size =
        (uint32_t)(sizeof(header) + (header.trees[0] + header.trees[1]) * sizeof(uint32_t) +
                   header.nodes * sizeof(struct weights_node) + PHRASE_SLOTS + header.card_size);
    put(file, &header, sizeof(header));
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < forests[round].trees; i++) {
            uint32_t first = forests[round].firsts[i] + (round > 0 ? forests[0].node_count : 0);

            put(file, &first, sizeof(first));
        }
    }
    for (int round = 0; round < 2; round++) {
        put(file, forests[round].nodes, forests[round].node_count * sizeof(struct weights_node));
    }
    put(file, phrases, PHRASE_SLOTS);
    put(file, card, header.card_size);
    if (fclose(file) != 0) {
        trainer_die(path);
    }
}

void groups_add(struct groups *groups, const char *name, double value)
{
    size_t at = 0;

    while (at < groups->count && strcmp(groups->items[at].name, name) != 0) {
        at++;
    }
    if (at == 64) {
        return;
    }
    if (at == groups->count) {
        snprintf(groups->items[groups->count++].name, sizeof(groups->items[0].name), "%s", name);
    }
    groups->items[at].sum += value;
    groups->items[at].count++;
}

/* {"pages": 769, "f1": {"all": 0.88, …}} */
void trainer_write_card(const struct trainer *trainer, const struct groups *groups, char *card,
                        size_t size)
{
    const struct plan *plan = trainer->plan;
    size_t used = (size_t)snprintf(
        card, size,
        "{\"pages\": %zu, \"lines\": %zu, \"seed\": %llu, \"trees\": %u, \"folds\": %u, "
        "\"cross_validated_f1\": {",
        trainer->pages.count, trainer->pages.row_count, (unsigned long long)plan->boost.seed,
        plan->boost.trees, plan->is_checked ? plan->folds : 0);

    for (size_t i = 0; i < groups->count && used < size; i++) {
        used +=
            (size_t)snprintf(card + used, size - used, "%s\"%s\": %.3f", i > 0 ? ", " : "",
                             groups->items[i].name, groups->items[i].sum / groups->items[i].count);
    }
    if (used < size) {
        snprintf(card + used, size - used, "}}\n");
    }
}

/* ID and part of each page, for those who measure with the weights of the parts. */
void trainer_write_parts(const struct trainer *trainer)
{
    char path[4096];
    FILE *file;

    snprintf(path, sizeof(path), "%s/parts.tsv", trainer->plan->fold_weights);
    file = fopen(path, "we");
    if (file == NULL) {
        trainer_die(path);
    }
    for (size_t i = 0; i < trainer->pages.count; i++) {
        fprintf(file, "%s\t%u\n", trainer->pages.items[i].id,
                trainer_fold_of(&trainer->pages.items[i], trainer->plan->folds, 0));
    }
    if (fclose(file) != 0) {
        trainer_die(path);
    }
}
