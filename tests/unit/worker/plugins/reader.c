/* A reader that needs a file of words when it opens, keeps descriptors that it should not keep, and
 * writes where nobody reads. */
#include <taxon/plugin.h>

#include <fcntl.h>
#include <stdio.h>

static int32_t reader_open(struct taxon_opening *opening, void **out_instance)
{
    struct taxon_resource words = {.struct_size = sizeof words};
    int32_t code = opening->host->resource(opening, "words", 0, &words);

    (void)out_instance;
    printf("a line on standard output\n");
    fflush(stdout);
    return code < 0 ? code : open("/dev/null", O_RDONLY) < 0 ? 0 : 0;
}

static int32_t reader_read(void *instance, struct taxon_task *task, const struct taxon_input *input)
{
    const struct taxon_block block = {.struct_size = sizeof block,
                                      .kind = TAXON_BLOCK_PARAGRAPH,
                                      .end = input->decoded_len};

    (void)instance;
    return task->host->block(task, &block);
}

const struct taxon_descriptor *taxon_plugin_v1(void)
{
    static const char *const types[] = {"text/plain", 0};
    static const struct taxon_option options[] = {{.struct_size = sizeof options[0],
                                                   .type = TAXON_OPTION_PATH,
                                                   .required = 1,
                                                   .name = "words",
                                                   .help = "A file of words."}};
    static const struct taxon_descriptor descriptor = {
        .struct_size = sizeof descriptor,
        .abi_minor = TAXON_ABI_MINOR,
        .kind = TAXON_KIND_READER,
        .name = "reader",
        .version = "1.0",
        .summary = "Makes one block of everything.",
        .media_types = types,
        .options = options,
        .option_count = 1,
        .option_stride = sizeof options[0],
        .open = reader_open,
        .read = reader_read,
    };
    return &descriptor;
}
