/* wire/reply_vectors: the section of feature vectors of a reply. Inside core/wire only. */
#ifndef WIRE_REPLY_VECTORS_H
#define WIRE_REPLY_VECTORS_H

#include "base/strbuf.h"
#include "wire/reply_reading.h"

/* The section's payload: a count, and the vectors. */
void reply_vectors_pack(struct strbuf *out, const struct reply *reply);
/* The same, checked: schemes their plugins', at most REPLY_VECTOR_MAX vectors and REPLY_FEATURE_MAX
 * features in all, values finite, places in the text. */
void reply_vectors_in(struct reading *reading);

#endif
