/* genre: what kind of document a text is, by cues: words at telling places, forms of lines, counts
 * of turns, steps, floors; and whether it is a document at all.
 *
 * A classifier of the schemes `genre` and `unusable`. The labels and cues of both are the user's: a
 * folder of YAML files for each (kit/definitions.h has their common shape; README.md the cues).
 * This file opens and describes; cues.c reads the cues, score.c does a document, and lines.c,
 * structure.c and measure.c look at it.
 *
 * A page that shows a captcha instead of its text is no news, whatever its cues say: so verdicts
 * come first, and where one holds no genre is told.
 */
#include "genre.h"

#include <errno.h>

#include "count.h"
#include "score.h"

#define GENRE_THRESHOLD   0.5
#define VERDICT_THRESHOLD 0.7

struct instance {
    struct cue_set genres;
    struct cue_set verdicts;
    struct cue_index index; /* of both */
};

static int open_set(struct definitions_check *check, const struct definitions_shape *shape,
                    struct cue_index_builder *builder, struct cue_set *set)
{
    int r = definitions_load(check, shape, &set->labels);

    set->scheme = shape->scheme;
    return r == 0 ? cues_read(set, check, builder) : r;
}

static int is_set(struct taxon_opening *opening, const char *option)
{
    const struct taxon_value *value = opening->host->option(opening, option);

    return value != NULL && value->type != 0;
}

static int32_t genre_open(struct taxon_opening *opening, void **out_instance)
{
    static const char *const own_keys[] = {"cues", "rest", NULL};
    static const struct definitions_shape genre_shape = {.option = "definitions",
                                                         .scheme = GENRE_SCHEME,
                                                         .own_keys = own_keys,
                                                         .threshold = GENRE_THRESHOLD};
    static const struct definitions_shape verdict_shape = {.option = "unusable",
                                                           .scheme = UNUSABLE_SCHEME,
                                                           .own_keys = own_keys,
                                                           .threshold = VERDICT_THRESHOLD};
    struct definitions_check check = {.opening = opening};
    struct cue_index_builder builder = {.patterns = NULL};
    struct instance *instance = opening->host->keep(opening, sizeof(*instance));
    int r;

    if (instance == NULL) {
        return -ENOMEM;
    }
    instance->verdicts.sees_furniture = 1;
    lexicon_builder_init(&builder.terms);
    r = open_set(&check, &genre_shape, &builder, &instance->genres);
    if (r == 0) {
        r = learnt_open(&instance->genres.learnt, &check, "model", GENRE_SCHEME, 0,
                        &instance->genres.labels);
    }
    if (r == 0 && is_set(opening, verdict_shape.option)) {
        r = open_set(&check, &verdict_shape, &builder, &instance->verdicts);
    }
    r = cues_index(&builder, r, opening, &instance->index);
    if (r < 0 || check.mistakes > 0) {
        return r < 0 ? r : -EINVAL;
    }
    *out_instance = instance;
    return 0;
}

static int32_t classify(void *data, struct taxon_task *task, const struct taxon_document *document)
{
    const struct instance *instance = data;
    struct counts counts[] = {{.set = &instance->genres}, {.set = &instance->verdicts}};
    size_t sets = instance->verdicts.labels.count > 0 ? 2 : 1;
    struct measures measures;
    int holds = 0;
    int32_t r = counts_take(counts, sets, &instance->index, task, document, &measures);

    if (r == 0 && sets == 2) {
        r = score_document(&counts[1], task, document, &holds);
    }
    return r < 0 || holds ? r : score_document(&counts[0], task, document, &holds);
}

const struct taxon_descriptor *taxon_plugin_v1(void)
{
    static const char *const schemes[] = {GENRE_SCHEME, UNUSABLE_SCHEME, NULL};
    static const char *const after[] = {"boilerplate", NULL};
    static const struct taxon_option options[] = {
        {.struct_size = sizeof(struct taxon_option),
         .type = TAXON_OPTION_PATH,
         .name = "definitions",
         .fallback = "genres",
         .help = "The folder of label files: genres, their names and cues."},
        {.struct_size = sizeof(struct taxon_option),
         .type = TAXON_OPTION_PATH,
         .name = "unusable",
         .help =
             "The folder of label files: what makes a page no document, names and cues. Without "
             "it no page is judged so."},
        {.struct_size = sizeof(struct taxon_option),
         .type = TAXON_OPTION_PATH,
         .name = "model",
         .help =
             "The folder of trained models, LANGUAGE.model each. Without it cues decide alone."},
    };
    static const struct taxon_descriptor descriptor = {
        .struct_size = sizeof(descriptor),
        .abi_minor = TAXON_ABI_MINOR,
        .kind = TAXON_KIND_CLASSIFIER,
        .name = "genre",
        .version = "1.1.0",
        .summary = "Says what kind of document a text is, or why it is none, by weighted cues.",
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
