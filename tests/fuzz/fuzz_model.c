/* Fuzz target: any bytes as a model. What model_open accepts can be asked about a document, and
 * explained: every read stays in the file, every score is in 0..1.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kit/model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ALLOCATIONS_MAX 256u

static void *allocations[ALLOCATIONS_MAX];
static size_t allocation_count;

/* Not assert(3): this must also hold in a build without assertions. */
static void must(int holds)
{
    if (!holds)
        abort();
}

static void *alloc(struct taxon_task *task, size_t size)
{
    (void)task;
    if (size > (64u << 20))
        return NULL;
    must(allocation_count < ALLOCATIONS_MAX);
    void *memory = calloc(1, size == 0 ? 1 : size);
    must(memory != NULL);
    allocations[allocation_count++] = memory;
    return memory;
}

static int32_t should_stop(struct taxon_task *task)
{
    (void)task;
    return 0;
}

static int32_t unfold(struct taxon_task *task, size_t begin, size_t end, size_t *out_begin,
                      size_t *out_end)
{
    (void)task;
    *out_begin = begin;
    *out_end = end;
    return 0;
}

static void ask(const struct model *model)
{
    static const char text[] = "an old quay, an apple; 港口的旧码头 2024\nthe quay again\n";
    static const struct taxon_host host = {.struct_size = sizeof(host),
                                           .alloc = alloc,
                                           .should_stop = should_stop,
                                           .unfold = unfold};
    static const struct mask mask;
    struct taxon_task task = {.struct_size = sizeof(task), .host = &host};
    const struct taxon_document document = {.struct_size = sizeof(document),
                                            .text = text,
                                            .text_len = sizeof(text) - 1,
                                            .folded = text,
                                            .folded_len = sizeof(text) - 1,
                                            .url = "http://quay.example/"};
    struct model_scores scores;
    struct evidence evidence;

    if (model_score(model, &task, &document, &mask, &scores) < 0)
        return;
    for (uint32_t l = 0; l < model->label_count; l++) {
        must(scores.scores[l] >= 0 && scores.scores[l] <= 1);
        must(strlen(model_label_id(model, l)) < model->header->size);
    }
    evidence_init(&evidence);
    if (model_explain(model, &task, &document, &mask, &scores, model->label_count - 1, &evidence) <
        0)
        return;
    for (size_t i = 0; i < evidence.count; i++)
        must(evidence.items[i].begin <= evidence.items[i].end &&
             evidence.items[i].end < sizeof(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t room = (size + 15) / 16 * 16;
    unsigned char *file = aligned_alloc(16, room == 0 ? 16 : room);
    struct model model;
    const char *why = NULL;

    must(file != NULL);
    if (size > 0)
        memcpy(file, data, size);
    if (model_open(&model, file, size, "desk", &why) == 0)
        ask(&model);
    else
        must(why != NULL);
    for (size_t i = 0; i < allocation_count; i++)
        free(allocations[i]);
    allocation_count = 0;
    free(file);
    return 0;
}
