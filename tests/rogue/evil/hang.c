/* hang: never returns and never asks whether it should. */
#include "evil.h"

TAXON_CLASSIFIER(hang, "1.0", "Never returns on poison-hang.", "safe", 0.5)
{
    volatile int for_ever = evil_is_poisoned(document, "poison-hang");

    while (for_ever)
        ;
    return evil_say_safe(task, "hang");
}
