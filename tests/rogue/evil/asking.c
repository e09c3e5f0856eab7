/* asking: signals itself (with no signal) without end. It is let through each time, and each time
 * the daemon is asked. */
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "evil.h"

TAXON_CLASSIFIER(asking, "1.0", "Keeps the daemon busy with questions.", "safe", 0.5)
{
    if (evil_is_poisoned(document, "poison-asking"))
        for (;;)
            syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), 0);
    return evil_say_safe(task, "asking");
}
