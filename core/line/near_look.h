/* line/near_look: which earlier document of the catalog one is like. */
#ifndef LINE_NEAR_LOOK_H
#define LINE_NEAR_LOOK_H

#include "catalog/catalog.h"
#include "route/near.h"

/* Offers *near the documents whose text may be like that of `sketch`, the earliest first; never
 * `id` itself. 0 or negative errno. */
int near_look(struct catalog *catalog, const struct minhash *sketch, const struct id *id,
              struct near *near, struct err *err) MUST_CHECK;

#endif
