/* samescheme: claims the scheme that the plugin `genre` publishes. */
#include "evil.h"

static int32_t samescheme_classify(void *instance, struct taxon_task *task,
                                   const struct taxon_document *document)
{
    (void)instance;
    (void)document;
    return evil_say_safe(task, "genre");
}

const struct taxon_descriptor *taxon_plugin_v1(void)
{
    static const char *const schemes[] = {"genre", NULL};
    static const struct taxon_label_decl labels[] = {{
        .struct_size = sizeof labels[0],
        .scheme = "genre",
        .id = "safe",
        .threshold = 0.5,
    }};
    static const struct taxon_descriptor descriptor = {
        .struct_size = sizeof descriptor,
        .abi_minor = TAXON_ABI_MINOR,
        .kind = TAXON_KIND_CLASSIFIER,
        .name = "samescheme",
        .version = "1.0",
        .summary = "Claims the scheme genre.",
        .schemes = schemes,
        .labels = labels,
        .label_count = 1,
        .label_stride = sizeof labels[0],
        .classify = samescheme_classify,
    };

    return &descriptor;
}
