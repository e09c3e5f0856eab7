/* Fuzz target: an official document of any bytes: all looks at it stay in bounds, and facts point
 * into the text and are few. The folded text and the text are the same bytes. */
#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../plugins/official/official.h"

#define BLOCKS_MAX 256

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void *blocks[BLOCKS_MAX];
static size_t block_count;
static size_t fact_count;
static size_t text_len;

static void *alloc_block(struct taxon_task *task, size_t size)
{
    (void)task;
    assert(block_count < BLOCKS_MAX);
    return blocks[block_count++] = calloc(1, size);
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
    assert(begin < end && end <= text_len);
    *out_begin = begin;
    *out_end = end;
    return 0;
}

static int32_t check_fact(struct taxon_task *task, const struct taxon_fact *fact)
{
    (void)task;
    assert(++fact_count <= PARTS_MAX);
    assert(fact->begin < fact->end && fact->end <= text_len);
    assert(fact->score >= 0 && fact->score <= 1);
    assert(fact->reason != NULL && fact->value_len <= 2000);
    return 0;
}

static int32_t check_label(struct taxon_task *task, const struct taxon_label *label)
{
    (void)task;
    assert(label->score >= 0 && label->score <= 1);
    return 0;
}

static void *keep(struct taxon_opening *opening, size_t size)
{
    (void)opening;
    return calloc(1, size);
}

static const struct taxon_host host = {.struct_size = sizeof(host),
                                       .keep = keep,
                                       .alloc = alloc_block,
                                       .should_stop = should_stop,
                                       .unfold = unfold,
                                       .label = check_label,
                                       .fact = check_fact};

static const struct kinds *made_kinds(void)
{
    static struct definition labels[] = {{.id = "letter", .threshold = 0.1}};
    static const struct ending endings[] = {{"函", 3, 0}, {"通知", 6, 0}, {"x", 1, 0}};
    static struct kinds kinds = {.labels = {labels, 1}, .endings = endings, .ending_count = 3};
    struct taxon_opening opening = {.struct_size = sizeof(opening), .host = &host};
    struct lexicon_builder builder;

    if (kinds.lexicon == NULL) {
        lexicon_builder_init(&builder);
        if (lexicon_build(&builder, &opening, &kinds.lexicon) != 0)
            abort();
        lexicon_builder_release(&builder);
    }
    return &kinds;
}

static void look(struct findings *findings, const struct taxon_document *document,
                 struct taxon_task *task)
{
    findings->kinds = made_kinds();
    (void)glance(findings->kinds, document);
    if (view_make(&findings->view, task, document) != 0)
        abort();
    if (!title_find(findings))
        return;
    head_find(findings);
    header_find(findings);
    tail_find(findings);
    if (publish(findings, weigh(findings)) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct taxon_task task = {.struct_size = sizeof(task), .host = &host};
    struct taxon_document document = {.struct_size = sizeof(document)};
    struct findings *findings = calloc(1, sizeof(*findings));
    char *text = malloc(size + 1);

    if (text == NULL || findings == NULL)
        abort();
    memcpy(text, data, size);
    text[size] = '\0';
    text_len = size;
    fact_count = 0;
    document.text = document.folded = text;
    document.text_len = document.folded_len = size;
    look(findings, &document, &task);
    while (block_count > 0)
        free(blocks[--block_count]);
    free(findings);
    free(text);
    return 0;
}
