/* kit/container: what a reader of containers says of the container itself.
 *
 * Called by the readers (warc, json, archive, mail) when a part of what they read cannot be had.
 */
#include "kit/container.h"

#include <string.h>

void container_tell(struct taxon_task *task, const char *what, const char *reason)
{
    const struct taxon_fact fact = {
        .struct_size = sizeof(fact),
        .name = "container",
        .value = what,
        .value_len = strlen(what),
        .begin = TAXON_NOWHERE,
        .end = TAXON_NOWHERE,
        .score = 1,
        .reason = reason,
    };

    task->host->fact(task, &fact);
}
