/* flood: gives a million labels, spans, facts, signatures and lines for the log. It has declared
 * more labels than limits.labels allows for one document. */
#include <stdio.h>
#include <string.h>

#include <taxon/plugin.h>

#include "evil.h"

#define MILLION  1000000
#define DECLARED 3000

static int32_t flood_open(struct taxon_opening *opening, void **out_instance)
{
    const struct taxon_host *host = opening->host;

    (void)out_instance;
    for (int i = 0; i < DECLARED; i++) {
        char id[16];
        struct taxon_label_decl label = {.struct_size = sizeof label,
                                         .scheme = "flood",
                                         .id = id,
                                         .name_en = id,
                                         .threshold = 0.5};
        int32_t result;

        snprintf(id, sizeof id, "drop-%d", i);
        result = host->declare_label(opening, &label);
        if (result < 0)
            return result;
    }
    return 0;
}

static void pour(struct taxon_task *task, int number)
{
    char id[16];
    struct taxon_span span = {.struct_size = sizeof span,
                              .scheme = "flood",
                              .id = "safe",
                              .begin = 0,
                              .end = 1,
                              .score = 1};
    struct taxon_fact fact = {.struct_size = sizeof fact,
                              .name = "drop",
                              .value = id,
                              .value_len = 1,
                              .begin = TAXON_NOWHERE,
                              .end = TAXON_NOWHERE,
                              .score = 1};
    struct taxon_signature signature = {.struct_size = sizeof signature,
                                        .name = "drop",
                                        .data = id,
                                        .data_len = 1};

    snprintf(id, sizeof id, "drop-%d", number % DECLARED);
    (void)taxon_say(task, "flood", id, 0.9, TAXON_NOWHERE, TAXON_NOWHERE);
    (void)task->host->span(task, &span);
    (void)task->host->fact(task, &fact);
    (void)task->host->signature(task, &signature);
    task->host->log(task, TAXON_LOG_ERROR, "one of a million lines");
}

static int32_t flood_classify(void *instance, struct taxon_task *task,
                              const struct taxon_document *document)
{
    int32_t result = evil_say_safe(task, "flood"); /* while there is room */

    (void)instance;
    if (evil_is_poisoned(document, "poison-flood"))
        for (int i = 0; i < MILLION; i++)
            pour(task, i);
    return result;
}

const struct taxon_descriptor *taxon_plugin_v1(void)
{
    static const char *const schemes[] = {"flood", NULL};
    static const struct taxon_label_decl labels[] = {{.struct_size = sizeof labels[0],
                                                      .scheme = "flood",
                                                      .id = "safe",
                                                      .name_en = "safe",
                                                      .threshold = 0.5}};
    static const struct taxon_descriptor descriptor = {
        .struct_size = sizeof descriptor,
        .abi_minor = TAXON_ABI_MINOR,
        .kind = TAXON_KIND_CLASSIFIER,
        .name = "flood",
        .version = "1.0",
        .summary = "Gives a million labels on poison-flood.",
        .schemes = schemes,
        .labels = labels,
        .label_count = 1,
        .label_stride = sizeof labels[0],
        .open = flood_open,
        .classify = flood_classify,
    };

    return &descriptor;
}
