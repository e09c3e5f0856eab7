/* model: any scheme that somebody trained with `taxon train`.
 *
 * A section of the configuration whose `file` is model.so publishes the scheme of the section's
 * name, with the labels that the model file has. Without a model it publishes nothing, and shows
 * its features to who trains one. All that scoring is stands in kit/model.
 */
#include <errno.h>
#include <string.h>

#include "kit/model.h"
#include "kit/text_features.h"

#define NEAR_MISS 0.1 /* the least score worth telling; the best label is told in any case */
#define TOLD_MAX  16  /* labels a document */

struct instance {
    struct model model;
    const char *scheme;
    int with_url;
};

static int declare_labels(struct taxon_opening *opening, const struct model *model)
{
    for (uint32_t i = 0; i < model->label_count; i++) {
        const struct taxon_label_decl label = {
            .struct_size = sizeof(label),
            .scheme = opening->name,
            .id = model_label_id(model, i),
            .threshold = model->labels[i].threshold,
        };
        int32_t r = opening->host->declare_label(opening, &label);

        if (r < 0)
            return r;
    }
    return 0;
}

static int refuse(struct taxon_opening *opening, const char *path, const char *why)
{
    char message[400];

    strcpy(message, "the model '");
    strncat(message, path, 250);
    strcat(message, "' ");
    strncat(message, why, 100);
    opening->host->mistake(opening, NULL, message);
    return -EINVAL;
}

/* The model, unless there is none yet. */
static int take_model(struct taxon_opening *opening, struct model *model)
{
    struct taxon_resource file = {.struct_size = sizeof(file)};
    const char *why = NULL;
    int32_t r = opening->host->resource(opening, "model", 0, &file);

    if (r == -ENOENT)
        return 0;
    if (r < 0)
        return r;
    if (model_open(model, file.data, file.data_len, opening->name, &why) < 0)
        return refuse(opening, file.path, why);
    return declare_labels(opening, model);
}

static int32_t model_plugin_open(struct taxon_opening *opening, void **out_instance)
{
    struct instance *instance = opening->host->keep(opening, sizeof(*instance));
    int r;

    if (instance == NULL)
        return -ENOMEM;
    *out_instance = instance;
    instance->scheme = opening->name;
    instance->with_url = (int)opening->host->option(opening, "url")->integer;
    r = take_model(opening, &instance->model);
    return r;
}

/* The best label, and the others that come near enough to be worth telling. */
static int32_t tell(const struct instance *instance, struct taxon_task *task,
                    const struct taxon_document *document, const struct mask *mask,
                    struct model_scores *scores)
{
    const struct model *model = &instance->model;

    for (int told = 0; told < TOLD_MAX; told++) {
        struct evidence evidence;
        uint32_t best = 0;
        int32_t r;

        for (uint32_t i = 1; i < model->label_count; i++)
            if (scores->scores[i] > scores->scores[best])
                best = i;
        if (scores->scores[best] < 0 || (told > 0 && scores->scores[best] < NEAR_MISS))
            return 0;
        evidence_init(&evidence);
        r = model_explain(model, task, document, mask, scores, best, &evidence);
        if (r == 0)
            r = evidence_publish(&evidence, task, instance->scheme, model_label_id(model, best),
                                 scores->scores[best]);
        if (r < 0)
            return r == -E2BIG ? 0 : r;
        scores->scores[best] = -1; /* told */
    }
    return 0;
}

static int32_t classify(void *data, struct taxon_task *task, const struct taxon_document *document)
{
    const struct instance *instance = data;
    struct model_scores scores;
    struct mask mask;
    int r = mask_init(&mask, task, document);

    if (r == 0)
        r = model_push_features(task, document, &mask, instance->scheme, instance->with_url);
    if (r != 0 || instance->model.header == NULL)
        return r < 0 ? r : 0;
    r = model_score(&instance->model, task, document, &mask, &scores);
    return r < 0 ? r : tell(instance, task, document, &mask, &scores);
}

const struct taxon_descriptor *taxon_plugin_v1(void)
{
    static const char *const schemes[] = {"*", NULL};
    static const char *const after[] = {"boilerplate", NULL};
    static const struct taxon_option options[] = {
        {.struct_size = sizeof(struct taxon_option),
         .type = TAXON_OPTION_PATH,
         .name = "model",
         .help = "The model, as `taxon train` wrote it. Without one no label is given."},
        {.struct_size = sizeof(struct taxon_option),
         .type = TAXON_OPTION_BOOL,
         .name = "url",
         .fallback = "false",
         .help = "Whether a model that is trained here learns from the words of addresses, too."},
    };
    static const struct taxon_descriptor descriptor = {
        .struct_size = sizeof(descriptor),
        .abi_minor = TAXON_ABI_MINOR,
        .kind = TAXON_KIND_CLASSIFIER,
        .name = "model",
        .version = "1.0.0",
        .summary = "Gives the labels of any scheme that a model was trained for.",
        .schemes = schemes,
        .after = after,
        .options = options,
        .option_count = sizeof(options) / sizeof(options[0]),
        .option_stride = sizeof(options[0]),
        .open = model_plugin_open,
        .classify = classify,
    };

    return &descriptor;
}
