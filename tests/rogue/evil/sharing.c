/* sharing: keeps, from open() on, memory that all processes forked from this one would share. It is
 * refused. */
#include <errno.h>
#include <sys/mman.h>

#include <taxon/plugin.h>

static int32_t sharing_open(struct taxon_opening *opening, void **out_instance)
{
    (void)opening;
    *out_instance = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return *out_instance == MAP_FAILED ? -ENOMEM : 0;
}

static int32_t sharing_classify(void *instance, struct taxon_task *task,
                                const struct taxon_document *document)
{
    (void)task;
    (void)document;
    ++*(int *)instance;
    return 0;
}

const struct taxon_descriptor *taxon_plugin_v1(void)
{
    static const char *const schemes[] = {"sharing", NULL};
    static const struct taxon_descriptor descriptor = {
        .struct_size = sizeof descriptor,
        .abi_minor = TAXON_ABI_MINOR,
        .kind = TAXON_KIND_CLASSIFIER,
        .name = "sharing",
        .version = "1.0",
        .summary = "Would count all documents of all workers.",
        .schemes = schemes,
        .open = sharing_open,
        .classify = sharing_classify,
    };

    return &descriptor;
}
