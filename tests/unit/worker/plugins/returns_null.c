/* A plugin without a descriptor. */
#include <taxon/plugin.h>

const struct taxon_descriptor *taxon_plugin_v1(void)
{
    return 0;
}
