/* worker/stages_read: the first half of the line: from bytes to text and blocks. For stages.c. */
#ifndef WORKER_STAGES_READ_H
#define WORKER_STAGES_READ_H

#include "worker/stages.h"

/* Fills `raw` from `fd`. */
int stages_read_file(struct stages *stages, int fd);

/* Decodes `raw`, finds the media type and lets its reader read: text, blocks, facts. What cannot be
 * read is no error: `unusable` then says why. -ENOMEM. */
int stages_read_text(struct stages *stages);

/* Once the text is folded: whether there is anything in it, and whether it is damaged. */
void stages_judge_text(struct stages *stages);

/* What a plugin's negative result means, in words. */
const char *stages_reason(int32_t result);

#endif
