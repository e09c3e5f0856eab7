/* segv: writes to address 8. */
#include "evil.h"

TAXON_CLASSIFIER(segv, "1.0", "Crashes on poison-segv.", "safe", 0.5)
{
    static int *volatile const nowhere = (int *)8; /* volatile: the compiler must not see it */

    if (evil_is_poisoned(document, "poison-segv"))
        *nowhere = 1;
    return evil_say_safe(task, "segv");
}
