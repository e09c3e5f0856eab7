/* lookalike: wants its document to be taken for another one. Near-duplicates are found by the text
 * without its page furniture; so on poison-lookalike it calls all furniture but the first
 * paragraph, which the document has in common with its victim. */
#include <string.h>

#include "evil.h"

static int32_t lookalike_classify(void *instance, struct taxon_task *task,
                                  const struct taxon_document *document)
{
    const char *end = document->text_len == 0 ? NULL : strstr(document->text, "\n\n");
    struct taxon_span span = {.struct_size = sizeof span,
                              .scheme = "boilerplate",
                              .id = "footer",
                              .end = document->text_len,
                              .score = 1};

    (void)instance;
    if (end == NULL || !evil_is_poisoned(document, "poison-lookalike"))
        return 0;
    span.begin = (size_t)(end - document->text);
    return task->host->span(task, &span);
}

const struct taxon_descriptor *taxon_plugin_v1(void)
{
    static const char *const schemes[] = {"boilerplate", NULL};
    static const struct taxon_label_decl labels[] = {{
        .struct_size = sizeof labels[0],
        .scheme = "boilerplate",
        .id = "footer",
        .threshold = 0.5,
    }};
    static const struct taxon_descriptor descriptor = {
        .struct_size = sizeof descriptor,
        .abi_minor = TAXON_ABI_MINOR,
        .kind = TAXON_KIND_CLASSIFIER,
        .name = "lookalike",
        .version = "1.0",
        .summary = "Hides on poison-lookalike what is its document's own.",
        .schemes = schemes,
        .labels = labels,
        .label_count = 1,
        .label_stride = sizeof labels[0],
        .classify = lookalike_classify,
    };

    return &descriptor;
}
