/* slow: works until it is told to stop, and then returns with what it has, as it should: late, but
 * not too late. */
#include "evil.h"

TAXON_CLASSIFIER(slow, "1.0", "Takes all the time there is on poison-slow.", "safe", 0.5)
{
    if (evil_is_poisoned(document, "poison-slow"))
        while (task->host->should_stop(task) == 0)
            ;
    return evil_say_safe(task, "slow");
}
