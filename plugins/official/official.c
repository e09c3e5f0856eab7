/* official: the official documents (公文) of party and government bodies: which of the fifteen
 * kinds one is, and its parts by GB/T 9704-2012, each with its place and the rule that found it.
 *
 * A classifier of scheme `official`. The kinds are the user's: a folder of YAML files
 * (kit/definitions.h has their common shape; kinds.c what a kind has beyond it). This file opens
 * and describes, and says in which order a document is looked at.
 */
#include "official.h"

#include <errno.h>

#define THRESHOLD 0.5

static int32_t official_open(struct taxon_opening *opening, void **out_instance)
{
    static const char *const own_keys[] = {"endings", "formulas", NULL};
    static const struct definitions_shape shape = {.option = "definitions",
                                                   .scheme = OFFICIAL_SCHEME,
                                                   .own_keys = own_keys,
                                                   .threshold = THRESHOLD};
    struct definitions_check check = {.opening = opening};
    struct kinds *kinds = opening->host->keep(opening, sizeof(*kinds));
    int r;

    if (kinds == NULL) {
        return -ENOMEM;
    }
    r = definitions_load(&check, &shape, &kinds->labels);
    if (r == 0) {
        r = kinds_read(kinds, &check);
    }
    if (r < 0 || check.mistakes > 0) {
        return r < 0 ? r : -EINVAL;
    }
    *out_instance = kinds;
    return 0;
}

static int32_t classify(void *instance, struct taxon_task *task,
                        const struct taxon_document *document)
{
    const struct kinds *kinds = instance;
    struct findings *findings;
    int r;

    if (!glance(kinds, document)) {
        return 0;
    }
    findings = task->host->alloc(task, sizeof(*findings));
    if (findings == NULL) {
        return -ENOMEM;
    }
    findings->kinds = kinds;
    r = view_make(&findings->view, task, document);
    if (r < 0 || !title_find(findings)) {
        return r;
    }
    head_find(findings);
    header_find(findings);
    tail_find(findings);
    return publish(findings, weigh(findings));
}

const struct taxon_descriptor *taxon_plugin_v1(void)
{
    static const char *const schemes[] = {OFFICIAL_SCHEME, NULL};
    static const char *const after[] = {"boilerplate", NULL};
    static const struct taxon_option options[] = {
        {.struct_size = sizeof(struct taxon_option),
         .type = TAXON_OPTION_PATH,
         .name = "definitions",
         .fallback = "official",
         .help = "The folder of label files: the kinds of official documents."},
    };
    static const struct taxon_descriptor descriptor = {
        .struct_size = sizeof(descriptor),
        .abi_minor = TAXON_ABI_MINOR,
        .kind = TAXON_KIND_CLASSIFIER,
        .name = "official",
        .version = "1.0.0",
        .summary = "Tells official documents, their kinds and their parts.",
        .schemes = schemes,
        .after = after,
        .options = options,
        .option_count = sizeof(options) / sizeof(options[0]),
        .option_stride = sizeof(options[0]),
        .open = official_open,
        .classify = classify,
    };

    return &descriptor;
}
