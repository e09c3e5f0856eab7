/* abort: ends itself as a failed assertion does. */
#include <stdlib.h>

#include "evil.h"

TAXON_CLASSIFIER(abort, "1.0", "Aborts on poison-abort.", "safe", 0.5)
{
    if (evil_is_poisoned(document, "poison-abort"))
        abort();
    return evil_say_safe(task, "abort");
}
