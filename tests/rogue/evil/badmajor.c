/* badmajor: a plugin of another ABI major. Its descriptor must not even be asked for. */
#include <taxon/plugin.h>

TAXON_EXPORT const void *taxon_plugin_v2(void);

const void *taxon_plugin_v2(void)
{
    return NULL;
}
