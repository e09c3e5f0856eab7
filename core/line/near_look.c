/* line/near_look: which earlier document of the catalog one is like.
 *
 * Called by line/decide for a document that is to be filed, and by the command line for one that is
 * only looked at. The catalog has candidates, route/near judges them.
 */
#include "line/near_look.h"

int near_look(struct catalog *catalog, const struct minhash *sketch, const struct id *id,
              struct near *near, struct err *err)
{
    struct catalog_near found[CATALOG_NEAR_MAX];
    int count = catalog_look_near(catalog, sketch, id, found, err);

    for (int i = 0; i < count; i++) {
        const struct near_candidate candidate = {found[i].id, found[i].digest, found[i].sketch};
        near_offer(near, sketch, &candidate);
    }
    return count < 0 ? count : 0;
}
