/* genre: what kind of document a text is, by cues: words at telling places, forms of lines, and
 * counts of turns, steps, floors.
 *
 * A classifier of scheme `genre`. Its labels and cues are the user's: a folder of YAML files
 * (kit/definitions.h has their common shape; README.md the cues). This file opens and describes;
 * cues.c reads the cues, score.c does a document, lines.c, pattern.c and structure.c look at it.
 */
#include "genre.h"

#include <errno.h>

#define THRESHOLD 0.6

static int32_t genre_open(struct taxon_opening *opening, void **out_instance)
{
    static const char *const own_keys[] = {"cues", "rest", NULL};
    static const struct definitions_shape shape = {.option = "definitions",
                                                   .scheme = GENRE_SCHEME,
                                                   .own_keys = own_keys,
                                                   .threshold = THRESHOLD};
    struct definitions_check check = {.opening = opening};
    struct genre *genre = opening->host->keep(opening, sizeof(*genre));
    int r;

    if (genre == NULL) {
        return -ENOMEM;
    }
    r = definitions_load(&check, &shape, &genre->labels);
    if (r == 0) {
        r = genre_read_cues(genre, &check);
    }
    if (r < 0 || check.mistakes > 0) {
        return r < 0 ? r : -EINVAL;
    }
    *out_instance = genre;
    return 0;
}

static int32_t classify(void *instance, struct taxon_task *task,
                        const struct taxon_document *document)
{
    return genre_classify(instance, task, document);
}

const struct taxon_descriptor *taxon_plugin_v1(void)
{
    static const char *const schemes[] = {GENRE_SCHEME, NULL};
    static const char *const after[] = {"boilerplate", NULL};
    static const struct taxon_option options[] = {
        {.struct_size = sizeof(struct taxon_option),
         .type = TAXON_OPTION_PATH,
         .name = "definitions",
         .fallback = "genres",
         .help = "The folder of label files: genres, their names and cues."},
    };
    static const struct taxon_descriptor descriptor = {
        .struct_size = sizeof(descriptor),
        .abi_minor = TAXON_ABI_MINOR,
        .kind = TAXON_KIND_CLASSIFIER,
        .name = "genre",
        .version = "1.0.0",
        .summary = "Says what kind of document a text is, by weighted cues.",
        .schemes = schemes,
        .after = after,
        .options = options,
        .option_count = sizeof(options) / sizeof(options[0]),
        .option_stride = sizeof(options[0]),
        .open = genre_open,
        .classify = classify,
    };

    return &descriptor;
}
