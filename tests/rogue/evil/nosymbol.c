/* nosymbol: a shared object that is no plugin. */
#include <taxon/plugin.h>

TAXON_EXPORT int nosymbol_exports_this(void);

int nosymbol_exports_this(void)
{
    return 1;
}
