/* mute: never replies: it sleeps for ever and so uses no time by which it would be noticed. */
#include <unistd.h>

#include "evil.h"

TAXON_CLASSIFIER(mute, "1.0", "Sleeps for ever on poison-mute.", "safe", 0.5)
{
    volatile int for_ever = evil_is_poisoned(document, "poison-mute");

    while (for_ever)
        pause();
    return evil_say_safe(task, "mute");
}
