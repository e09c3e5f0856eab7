/* babble: writes to the worker's own socket (descriptor 3, which any plugin can guess): first what
 * is no frame at all. The supervisor must take it for a broken worker, not for an answer. */
#include <string.h>
#include <unistd.h>

#include "evil.h"

#define WORKER_SOCKET_FD 3

TAXON_CLASSIFIER(babble, "1.0", "Writes to the worker's socket on poison-babble.", "safe", 0.5)
{
    if (evil_is_poisoned(document, "poison-babble")) {
        char junk[512];
        memset(junk, 0xff, sizeof junk);
        if (write(WORKER_SOCKET_FD, junk, sizeof junk) < 0)
            return -1;
    }
    return evil_say_safe(task, "babble");
}
