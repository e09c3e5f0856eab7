/* route/quarantine: takes a document out of the quarantine again, or removes it there. Each has a
 * folder of its own, named by its id, with the document and reason.json (route/rules plans it).
 */
#ifndef ROUTE_QUARANTINE_H
#define ROUTE_QUARANTINE_H

#include "base/err.h"
#include "base/id.h"

#define QUARANTINE_REASON_NAME "reason.json"

/* Moves the document of ROOT/ID to ID in work_fd (across file systems: copied, made durable and
 * compared), and removes the folder with the reason. Finishes what an earlier call began: a copy
 * that is there already is compared and the source removed. 0; -ENOENT when there is none; -EEXIST
 * when ID in work_fd is something else; other negative errno: the document is where it was. */
int quarantine_take(int root_fd, const struct id *id, int work_fd) MUST_CHECK;

/* Removes ROOT/ID with what is in it. 0, also when it is not there; negative errno. */
int quarantine_remove(int root_fd, const struct id *id) MUST_CHECK;

#endif
