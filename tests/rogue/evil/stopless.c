/* stopless: asks whether it should stop, as it should, and goes on all the same. */
#include "evil.h"

TAXON_CLASSIFIER(stopless, "1.0", "Ignores the answer of should_stop on poison-stopless.", "safe",
                 0.5)
{
    volatile int for_ever = evil_is_poisoned(document, "poison-stopless");

    while (for_ever)
        (void)task->host->should_stop(task);
    return evil_say_safe(task, "stopless");
}
