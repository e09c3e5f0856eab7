/* wire/reply_asked: parts of a reply that only some jobs ask for. Inside core/wire only. */
#ifndef WIRE_REPLY_ASKED_H
#define WIRE_REPLY_ASKED_H

#include "wire/reply_reading.h"

/* Read one section; a list that is wrong makes the reading bad. */
void reply_text_in(struct reading *reading);
void reply_blocks_in(struct reading *reading);
void reply_members_in(struct reading *reading);

#endif
