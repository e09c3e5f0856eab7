/* A sound classifier, of which CHANGE replaces members of the descriptor: see meson.build. */
#include <taxon/plugin.h>

#define MADE_32 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define MADE_1024                                                                                  \
    MADE_32 MADE_32 MADE_32 MADE_32 MADE_32 MADE_32 MADE_32 MADE_32 MADE_32 MADE_32 MADE_32        \
        MADE_32 MADE_32 MADE_32 MADE_32 MADE_32 MADE_32 MADE_32 MADE_32 MADE_32 MADE_32 MADE_32    \
            MADE_32 MADE_32 MADE_32 MADE_32 MADE_32 MADE_32 MADE_32 MADE_32 MADE_32 MADE_32
#define MADE_LONG MADE_1024 MADE_1024 MADE_1024 MADE_1024 MADE_1024

#define MADE_FORGED "one\nline too many"

#define LABEL      .struct_size = sizeof(struct taxon_label_decl)
#define MADE_MAYBE __attribute__((unused))
#define X4         "x", "x", "x", "x"
#define X64        X4, X4, X4, X4, X4, X4, X4, X4, X4, X4, X4, X4, X4, X4, X4, X4

MADE_MAYBE static const char *const made_schemes[] = {"mood", 0};
MADE_MAYBE static const char *const made_types[] = {"text/plain", 0};
MADE_MAYBE static const char *const made_endless[] = {X64, X64, X64, X64, X64, 0};
MADE_MAYBE static const struct taxon_label_decl made_labels[] = {
    {LABEL, .scheme = "mood", .id = "warm", .threshold = 0.5}};
MADE_MAYBE static const struct taxon_label_decl made_foreign[] = {
    {LABEL, .scheme = "genre", .id = "warm", .threshold = 0.5}};
MADE_MAYBE static const struct taxon_label_decl made_twice[] = {{LABEL, .scheme = "mood",
                                                                 .id = "warm", .threshold = 0.5},
                                                                {LABEL, .scheme = "mood",
                                                                 .id = "warm", .threshold = 0.6}};
MADE_MAYBE static const struct taxon_label_decl made_steep[] = {
    {LABEL, .scheme = "mood", .id = "warm", .threshold = 1.5}};
MADE_MAYBE static const struct taxon_label_decl made_short[] = {
    {.struct_size = 16, .scheme = "mood", .id = "warm", .threshold = 0.5}};
MADE_MAYBE static const struct taxon_option made_options[] = {
    {.struct_size = sizeof(struct taxon_option), .type = 99, .name = "depth", .help = "What."}};

MADE_MAYBE static int32_t made_classify(void *instance, struct taxon_task *task,
                                        const struct taxon_document *document)
{
    (void)instance;
    (void)task;
    (void)document;
    return 0;
}

MADE_MAYBE static int32_t made_read(void *instance, struct taxon_task *task,
                                    const struct taxon_input *input)
{
    (void)instance;
    (void)task;
    (void)input;
    return 0;
}

MADE_MAYBE static int32_t made_open_fails(struct taxon_opening *opening, void **out_instance)
{
    (void)opening;
    (void)out_instance;
    return -5; /* EIO */
}

MADE_MAYBE static int32_t made_open_explains(struct taxon_opening *opening, void **out_instance)
{
    (void)out_instance;
    opening->host->mistake(opening, 0, "there is no warmth in it");
    return -22; /* EINVAL */
}

static const struct taxon_descriptor made_descriptor = {
    .struct_size = sizeof(struct taxon_descriptor),
    .abi_minor = TAXON_ABI_MINOR,
    .kind = TAXON_KIND_CLASSIFIER,
    .name = "made",
    .version = "1.0",
    .summary = "Does nothing.",
    .schemes = made_schemes,
    .labels = made_labels,
    .label_count = 1,
    .label_stride = sizeof(struct taxon_label_decl),
    .option_stride = sizeof(struct taxon_option),
    .classify = made_classify,
    CHANGE,
};

const struct taxon_descriptor *taxon_plugin_v1(void)
{
    return &made_descriptor;
}
