/* kit/container: what a reader of containers says of the container itself. */
#ifndef KIT_CONTAINER_H
#define KIT_CONTAINER_H

#include <taxon/plugin.h>

/* Publishes the fact `container`: `what` is wrong with it (truncated, malformed, …; one word), and
 * `reason` says where or how. Both are copied. */
void container_tell(struct taxon_task *task, const char *what, const char *reason);

#endif
