/* worker/hierarchy: a label that holds makes those above it hold. */
#ifndef WORKER_HIERARCHY_H
#define WORKER_HIERARCHY_H

#include "worker/results.h"

/* Completes what the plugin whose turn it is gave. When memory or limits.labels ends, what is there
 * stays; the results remember it. */
void hierarchy_complete(struct turn *turn);

#endif
