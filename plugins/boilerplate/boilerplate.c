/* boilerplate: what of a document is page furniture, line by line.
 *
 * A classifier of scheme `boilerplate`, whose labels are roles: breadcrumb, dateline, copyright, …
 * They and their cues are the user's: a folder of YAML files (kit/definitions.h has their common
 * shape; README.md the cues). It publishes spans, which kit/mask makes other classifiers leave
 * out, and the facts `template` and `incomplete`. It never publishes a label of the whole
 * document.
 *
 * This file opens and describes; cues.c reads the files, score.c does a document.
 */
#include "boilerplate.h"

#include <errno.h>
#include <stdio.h>

#include "weights.h"

/* The file that the option `weights` names; without it, cues alone decide. */
static int read_weights(struct taxon_opening *opening, struct boilerplate *boilerplate)
{
    struct taxon_resource file = {.struct_size = sizeof(file)};
    const struct taxon_value *value = opening->host->option(opening, "weights");
    struct weights *weights;
    const char *why;
    char message[200];
    int32_t r;

    if (value == NULL || value->type == 0) {
        return 0;
    }
    weights = opening->host->keep(opening, sizeof(*weights));
    if (weights == NULL) {
        return -ENOMEM;
    }
    r = opening->host->resource(opening, "weights", 0, &file);
    if (r < 0) {
        return r;
    }
    r = weights_read(file.data, file.data_len, weights, &why);
    if (r < 0) {
        snprintf(message, sizeof(message), "option 'weights': %s", why);
        opening->host->mistake(opening, NULL, message);
        return r;
    }
    boilerplate->weights = weights;
    for (uint32_t i = 0; i < boilerplate->labels.count; i++) {
        int by_words = 0;
        int weighed = line_feature_role(boilerplate->labels.items[i].id, &by_words);

        boilerplate->weighed |= (uint32_t)weighed << i;
        boilerplate->by_words |= (uint32_t)by_words << i;
    }
    return 0;
}

static int32_t boilerplate_open(struct taxon_opening *opening, void **out_instance)
{
    static const char *const own_keys[] = {"at", "max", "cues", "continues", NULL};
    static const struct definitions_shape shape = {.option = "definitions",
                                                   .scheme = BOILERPLATE_SCHEME,
                                                   .own_keys = own_keys,
                                                   .threshold = HOLDS_SCORE};
    struct definitions_check check = {.opening = opening};
    struct boilerplate *boilerplate = opening->host->keep(opening, sizeof(*boilerplate));
    int r;

    if (boilerplate == NULL) {
        return -ENOMEM;
    }
    r = definitions_load(&check, &shape, &boilerplate->labels);
    if (r == 0) {
        r = boilerplate_read_cues(boilerplate, &check);
    }
    if (r == 0) {
        r = read_weights(opening, boilerplate);
    }
    if (r < 0 || check.mistakes > 0) {
        return r < 0 ? r : -EINVAL;
    }
    *out_instance = boilerplate;
    return 0;
}

static int32_t classify(void *instance, struct taxon_task *task,
                        const struct taxon_document *document)
{
    return boilerplate_classify(instance, task, document);
}

const struct taxon_descriptor *taxon_plugin_v1(void)
{
    static const char *const schemes[] = {BOILERPLATE_SCHEME, NULL};
    static const struct taxon_option options[] = {
        {.struct_size = sizeof(struct taxon_option),
         .type = TAXON_OPTION_PATH,
         .name = "definitions",
         .fallback = "boilerplate",
         .help = "The folder of label files: roles of page furniture, their names and cues."},
        {.struct_size = sizeof(struct taxon_option),
         .type = TAXON_OPTION_PATH,
         .name = "weights",
         .help = "The file of trained weights that say which lines of an HTML page are its main "
                 "text; without it, cues alone decide."},
    };
    static const struct taxon_descriptor descriptor = {
        .struct_size = sizeof(descriptor),
        .abi_minor = TAXON_ABI_MINOR,
        .kind = TAXON_KIND_CLASSIFIER,
        .name = "boilerplate",
        .version = "1.0.0",
        .summary = "Marks page furniture and the blanks of model texts, by weighted cues.",
        .schemes = schemes,
        .options = options,
        .option_count = sizeof(options) / sizeof(options[0]),
        .option_stride = sizeof(options[0]),
        .open = boilerplate_open,
        .classify = classify,
    };

    return &descriptor;
}
