/* line/aside: which older document gave way to one that was being filed when taxond ended.
 *
 * Called by the batch for a document of `replace-older` that is placed a second time: who gave way
 * at the first is not remembered, but lies beside it, while its row still says that it has the
 * name.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "line/line_state.h"

struct search {
    struct line *line;
    struct document *document;
};

/* 1: it is the one. */
static int on_beside(void *context, const struct id *id, const char *path)
{
    struct search *search = context;
    struct document *document = search->document;
    struct catalog_document row;
    struct err err = {""};
    int result = 0;

    if (strcmp(id->text, document->id.text) == 0 ||
        catalog_look(search->line->catalog, id, &row, &err) < 0)
        return 0;
    if (row.state == CATALOG_FILED && strcmp(row.root, document->plan.root) == 0 &&
        strcmp(row.placed, document->placement.placed) == 0) {
        document->aside = strdup(path);
        document->older = *id;
        result = document->aside != NULL ? 1 : -ENOMEM;
    }
    catalog_document_release(&row);
    return result;
}

int aside_recover(struct line *line, struct document *document)
{
    struct search search = {line, document};
    int result;

    if (document->plan.policy != CONFLICT_REPLACE_OLDER || document->aside != NULL ||
        !(document->replayed || document->tried))
        return 0;
    result = place_each_aside(document->placement.root_fd, document->placement.placed, on_beside,
                              &search);
    return result < 0 ? result : 0;
}
