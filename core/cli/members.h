/* cli/members: what is in a container, for the command line: each member classified as the daemon
 * would classify it. */
#ifndef CLI_MEMBERS_H
#define CLI_MEMBERS_H

#include "cli/engine.h"

/* Called with each document: the members first, those inside of them before them, at last the
 * container itself; `depth` 0. Stops at the first result that is not 0. */
struct members_visitor {
    int (*visit)(void *context, const struct subject *subject, const struct plan *plan,
                 unsigned depth, struct err *err);
    void *context;
};

/* As engine_classify, of a document that may be a container. */
int members_classify(struct engine *engine, int fd, const char *name, const char *source,
                     const struct members_visitor *visitor, struct err *err) MUST_CHECK;

#endif
