/* stack: calls itself until the stack is used up. */
#include "evil.h"

static int descend(volatile int depth)
{
    volatile char frame[4096];

    frame[0] = (char)depth;
    return depth < 0 ? 0 : descend(depth + 1) + frame[0];
}

TAXON_CLASSIFIER(stack, "1.0", "Recurses without end on poison-stack.", "safe", 0.5)
{
    if (evil_is_poisoned(document, "poison-stack") && descend(0) == 1)
        return -1;
    return evil_say_safe(task, "stack");
}
