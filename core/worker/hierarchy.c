/* worker/hierarchy: a label that holds makes those above it hold.
 *
 * Called by worker/results at the end of a plugin's turn, so that plugins that follow, rules and
 * the record all see `ecology` where a plugin said `ecology/air`. A label that is implied has the
 * score and the evidence of what implies it; one that the plugin gave itself, but too low, is
 * raised and keeps its own evidence.
 */
#include "worker/hierarchy.h"

#include <errno.h>

/* This turn's row of the label, or NULL. Ids are the vocabulary's own strings. */
static struct reply_label *row_of(const struct turn *turn, const struct manifest_label *label)
{
    struct reply_label *rows = ROWS(&turn->results->labels, struct reply_label);
    size_t count = ROW_COUNT(&turn->results->labels, struct reply_label);

    for (size_t i = turn->start.labels / sizeof *rows; i < count; i++)
        if (rows[i].id == label->id)
            return &rows[i];
    return NULL;
}

static const struct manifest_label *above(const struct turn *turn, const struct reply_label *row)
{
    const struct manifest_label *label = vocabulary_find(turn->vocabulary, row->scheme, row->id);

    if (label == NULL || label->parent[0] == '\0')
        return NULL;
    return vocabulary_find(turn->vocabulary, label->scheme, label->parent);
}

/* Makes `label` hold as surely as `row`, a copy of what implies it. */
static int imply(struct turn *turn, const struct manifest_label *label, struct reply_label row)
{
    struct reply_label *given = row_of(turn, label);

    if (given != NULL && given->holds)
        return 0;
    row.id = label->id;
    row.threshold = label->threshold;
    row.score = row.score > label->threshold ? row.score : label->threshold;
    row.holds = true;
    if (given != NULL) {
        given->score = row.score;
        given->holds = true;
        return 0;
    }
    if (ROW_COUNT(&turn->results->labels, struct reply_label) >= turn->results->limits->labels)
        return turn_limit(turn, "limits.labels");
    return results_add_row(&turn->results->labels, &row, sizeof row);
}

void hierarchy_complete(struct turn *turn)
{
    struct strbuf *labels = &turn->results->labels;

    /* Rows that are added are looked at in their turn: so it goes up to the root. */
    for (size_t i = turn->start.labels / sizeof(struct reply_label);
         i < ROW_COUNT(labels, struct reply_label); i++) {
        struct reply_label row = ROWS(labels, struct reply_label)[i];
        const struct manifest_label *label = row.holds ? above(turn, &row) : NULL;

        if (label != NULL && imply(turn, label, row) < 0)
            return;
    }
}
