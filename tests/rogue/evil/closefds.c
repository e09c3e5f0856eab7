/* closefds: closes every descriptor from 3 on, the worker's socket among them. */
#include <unistd.h>

#include "evil.h"

TAXON_CLASSIFIER(closefds, "1.0", "Closes all descriptors on poison-closefds.", "safe", 0.5)
{
    if (evil_is_poisoned(document, "poison-closefds"))
        for (int fd = 3; fd < 1024; fd++)
            close(fd);
    return evil_say_safe(task, "closefds");
}
