/* exit0: ends the worker as if all were well. */
#include <unistd.h>

#include "evil.h"

TAXON_CLASSIFIER(exit0, "1.0", "Exits with status 0 on poison-exit0.", "safe", 0.5)
{
    if (evil_is_poisoned(document, "poison-exit0"))
        _exit(0);
    return evil_say_safe(task, "exit0");
}
