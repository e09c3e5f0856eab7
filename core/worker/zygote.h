/* worker/zygote: a worker that is ready for documents and gets none: it forks workers, which find
 * plugins opened, lexicons built and models mapped, and share that memory until they write to it.
 *
 * Each worker is the supervisor's own child (CLONE_PARENT), so that its end is seen as that of one
 * that was started. Who may fork is not the zygote's to say, since plugins live in it: see
 * docs/decisions/010-zygote.md.
 */
#ifndef WORKER_ZYGOTE_H
#define WORKER_ZYGOTE_H

#include <stdbool.h>

#include "base/err.h"
#include "worker/worker_setup.h"

/* Serves the supervisor's FORKs. Returns 0 with `*out_is_worker` set in each process that was
 * forked, which has said READY on a socket of its own; 0 without it in the zygote, when the
 * supervisor has closed its socket; or negative errno with err. */
int zygote_serve(struct worker *worker, bool *out_is_worker, struct err *err) MUST_CHECK;

#endif
