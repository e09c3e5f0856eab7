/* stdout: writes to standard output and standard error: lines that look like a log's, and control
 * sequences for a terminal. It then says what it would have said anyway: no harm should come of it.
 */
#include <unistd.h>

#include "evil.h"

static const char junk[] =
    "2026-01-01T00:00:00.000Z ERROR forged-by-stdout\n\033[2J\033]0;forged\a";

TAXON_CLASSIFIER(stdout, "1.0", "Writes to standard output on poison-stdout.", "safe", 0.5)
{
    if (evil_is_poisoned(document, "poison-stdout"))
        for (int fd = 1; fd <= 2; fd++)
            for (int i = 0; i < 1000; i++)
                if (write(fd, junk, sizeof junk - 1) < 0)
                    break;
    return evil_say_safe(task, "stdout");
}
