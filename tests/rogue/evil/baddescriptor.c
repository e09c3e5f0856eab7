/* baddescriptor: a classifier that publishes nothing and has no classify(). */
#include <taxon/plugin.h>

const struct taxon_descriptor *taxon_plugin_v1(void)
{
    static const struct taxon_descriptor descriptor = {
        .struct_size = sizeof descriptor,
        .abi_minor = TAXON_ABI_MINOR,
        .kind = TAXON_KIND_CLASSIFIER,
        .name = "baddescriptor",
        .version = "1.0",
        .summary = "Is malformed.",
    };

    return &descriptor;
}
