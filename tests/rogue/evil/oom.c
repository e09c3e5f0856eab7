/* oom: allocates and touches memory for ever, and never looks at what malloc returns. In a
 * sanitized build nothing but the supervisor's watch bounds it. */
#include <stdlib.h>
#include <string.h>

#include "evil.h"

#define PIECE ((size_t)4 << 20)

TAXON_CLASSIFIER(oom, "1.0", "Allocates for ever on poison-oom.", "safe", 0.5)
{
    volatile int for_ever = evil_is_poisoned(document, "poison-oom");

    while (for_ever) {
        volatile char *piece = (volatile char *)malloc(PIECE);
        for (size_t i = 0; i < PIECE; i += 4096)
            piece[i] = 1;
    }
    return evil_say_safe(task, "oom");
}
