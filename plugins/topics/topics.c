/* topics: what a document is about, by the words in it.
 *
 * A classifier of scheme `topic`. Its labels and their terms are the user's: a folder of YAML files
 * (kit/definitions.h has their common shape), each label with
 *
 *     terms: {碳排放: 2, carbon emission*: 2}      # weight of one hit
 *     negative: {营商环境: 0, hospitality industry: 1}
 *
 * A negative term hides the terms of its own root that it contains, and takes its weight off.
 * This file opens and describes; terms.c reads the terms, score.c does a document.
 */
#include "topics.h"

#include <errno.h>

#define THRESHOLD 0.5

static int32_t topics_open(struct taxon_opening *opening, void **out_instance)
{
    static const char *const own_keys[] = {"terms", "negative", NULL};
    static const struct definitions_shape shape = {.option = "definitions",
                                                   .scheme = TOPICS_SCHEME,
                                                   .own_keys = own_keys,
                                                   .threshold = THRESHOLD};
    const struct taxon_value *title_weight = opening->host->option(opening, "title_weight");
    struct definitions_check check = {.opening = opening};
    struct topics *topics = opening->host->keep(opening, sizeof(*topics));
    int r;

    if (topics == NULL) {
        return -ENOMEM;
    }
    topics->title_weight = title_weight == NULL ? 2 : title_weight->real;
    r = definitions_load(&check, &shape, &topics->labels);
    if (r == 0) {
        r = topics_read_terms(topics, &check);
    }
    if (r == 0) {
        r = learnt_open(&topics->learnt, &check, "model", TOPICS_SCHEME, 1, &topics->labels);
    }
    if (r < 0 || check.mistakes > 0) {
        return r < 0 ? r : -EINVAL;
    }
    *out_instance = topics;
    return 0;
}

static int32_t classify(void *instance, struct taxon_task *task,
                        const struct taxon_document *document)
{
    return topics_classify(instance, task, document);
}

const struct taxon_descriptor *taxon_plugin_v1(void)
{
    static const char *const schemes[] = {TOPICS_SCHEME, NULL};
    static const char *const after[] = {"boilerplate", NULL};
    static const struct taxon_option options[] = {
        {.struct_size = sizeof(struct taxon_option),
         .type = TAXON_OPTION_PATH,
         .name = "definitions",
         .fallback = "topics",
         .help = "The folder of label files: topics, their names and terms."},
        {.struct_size = sizeof(struct taxon_option),
         .type = TAXON_OPTION_REAL,
         .name = "title_weight",
         .fallback = "2",
         .help = "How many times a term counts when it stands in the title, too.",
         .min = 1,
         .max = 10},
        {.struct_size = sizeof(struct taxon_option),
         .type = TAXON_OPTION_PATH,
         .name = "model",
         .help = "The folder of trained models, LANGUAGE.model each. Without it terms decide "
                 "alone."},
    };
    static const struct taxon_descriptor descriptor = {
        .struct_size = sizeof(descriptor),
        .abi_minor = TAXON_ABI_MINOR,
        .kind = TAXON_KIND_CLASSIFIER,
        .name = "topics",
        .version = "1.0.0",
        .summary = "Says what a document is about, by weighted terms.",
        .schemes = schemes,
        .after = after,
        .options = options,
        .option_count = sizeof(options) / sizeof(options[0]),
        .option_stride = sizeof(options[0]),
        .open = topics_open,
        .classify = classify,
    };

    return &descriptor;
}
