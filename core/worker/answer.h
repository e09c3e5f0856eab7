/* worker/answer: the reply to a job, out of what the stages left. */
#ifndef WORKER_ANSWER_H
#define WORKER_ANSWER_H

#include <stddef.h>

#include "base/strbuf.h"
#include "worker/stages.h"

/* Packs the reply into `out` (cleared first), at most `most` bytes: what does not fit is left out,
 * the least needed first, and "limits.reply" noted. 0, -ENOMEM, or -E2BIG when even the bare
 * verdict does not fit. */
int answer_pack(struct stages *stages, size_t most, struct strbuf *out);

#endif
