/* mended: segv as its author brought it out again: the same name and scheme, and it bears its
 * word. */
#include "evil.h"

TAXON_CLASSIFIER(segv, "1.1", "Does nothing to poison-segv.", "safe", 0.5)
{
    return evil_say_safe(task, "segv");
}
