/* leak: makes descriptors at each document and forgets them. Were they kept, the worker would come
 * to the limit of its descriptors, and could be handed no document any more. */
#include <sys/eventfd.h>
#include <unistd.h>

#include "evil.h"

#define FORGOTTEN 150

TAXON_CLASSIFIER(leak, "1.0", "Leaves descriptors open.", "safe", 0.5)
{
    for (int i = 0; i < FORGOTTEN; i++)
        if (eventfd(0, EFD_CLOEXEC) < 0)
            return -1;
    return evil_say_safe(task, "leak");
}
