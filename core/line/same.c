/* line/same: documents whose bytes their archive has already, for rules with `same-is-same`.
 *
 * Called by the batch before such a document is placed. What was filed before is in the catalog;
 * what this very batch has placed is not yet, and is looked for in the batch. Either only says
 * where to look: route/place compares the bytes.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "line/line_state.h"

static int look_in_batch(const struct batch *batch, struct document *document, struct err *err)
{
    for (const struct document *other = batch->decided.first; other != document;
         other = other->next) {
        int result;

        if (other->step_result < 0 || other->placement.placed == NULL ||
            other->plan.policy != CONFLICT_SAME_IS_SAME ||
            memcmp(&other->digest, &document->digest, sizeof(document->digest)) != 0 ||
            strcmp(other->plan.root, document->plan.root) != 0)
            continue;
        result = place_as_same(&document->placement, other->placement.placed, err);
        if (result != 0)
            return result;
    }
    return 0;
}

static int look_in_catalog(struct line *line, struct document *document, struct err *err)
{
    char *paths[CATALOG_SAME_MAX];
    int count =
        catalog_look_same(line->catalog, &document->digest, document->plan.root, paths, err);
    int result = count < 0 ? count : 0;

    for (int i = 0; i < count; i++) {
        if (result == 0)
            result = place_as_same(&document->placement, paths[i], err);
        free(paths[i]);
    }
    return result;
}

int same_look(struct line *line, const struct batch *batch, struct document *document,
              struct err *err)
{
    int result = look_in_batch(batch, document, err);

    return result != 0 ? result : look_in_catalog(line, document, err);
}
