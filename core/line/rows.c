/* line/rows: step 2 of a batch: what its documents have come to, as rows of the catalog, in one
 * transaction.
 *
 * Called by the batch. New claims, attempts counted, decisions with record and plan, and the last
 * rows of what the batch before has placed. Nothing happens to a file here.
 */
#include <assert.h>
#include <string.h>

#include "base/clock.h"
#include "line/line_state.h"

static int add_claims(struct catalog *catalog, struct batch *batch)
{
    for (struct document *document = batch->claims.first; document != NULL;
         document = document->next) {
        const struct catalog_claim claim = {
            .id = document->id,
            .inbox = document->from->inbox->name,
            .path = document->path,
            .device = document->file.device,
            .inode = document->file.inode,
            .size = document->file.size,
            .mtime_ns = document->file.mtime_ns,
            .claimed_ms = document->received_ms,
        };
        int result = document->released
                         ? catalog_set_released(catalog, &document->id, &batch->err)
                         : catalog_add_claim(catalog, &claim, document->attempts, &batch->err);

        if (result < 0)
            return result;
    }
    return 0;
}

/* The text goes with the first that takes it: a document has one. */
static size_t list_also(const struct document *document, struct catalog_also *out_also)
{
    const struct plan *plan = &document->plan;
    bool has_text = document->text.len > 0;

    assert(plan->also_count <= PLAN_ALSO_MAX);
    for (size_t i = 0; i < plan->also_count; i++) {
        const struct plan_also *also = &plan->also[i];
        bool takes = has_text && also_has_text(also->kind);

        out_also[i] = (struct catalog_also){
            .kind = (uint32_t)also->kind,
            .root = also->root,
            .target = also->target,
            .amount = also->amount,
            .text = takes ? strbuf_text(&document->text) : NULL,
            .text_len = takes ? document->text.len : 0,
        };
        has_text = has_text && !takes;
    }
    return plan->also_count;
}

static int add_decided(struct catalog *catalog, struct batch *batch)
{
    for (struct document *document = batch->decided.first; document != NULL;
         document = document->next) {
        struct catalog_also also[PLAN_ALSO_MAX];
        const struct catalog_decision decision = {
            .id = document->id,
            .digest = document->digest,
            .text_digest = document->text_digest,
            .root = document->plan.root,
            .target = document->plan.target,
            .rule = document->plan.rule,
            .policy = (uint32_t)document->plan.policy,
            .sidecar = document->plan.sidecar[0] != '\0',
            .record = strbuf_text(&document->record),
            .record_len = document->record.len,
            .labels = document->labels,
            .label_count = document->label_count,
            .sketch = document->key_count > 0 ? &document->sketch : NULL,
            .sketch_is_known = document->near.kind != NEAR_NOT && document->near.similarity >= 1,
            .also = also,
            .also_count = list_also(document, also),
            .decided_ms = clock_wall_ms(),
        };
        int result = 0;

        if (!document->decided_row)
            result = catalog_set_decided(catalog, &decision, &batch->err);
        if (result < 0)
            return result;
    }
    return 0;
}

/* What was done beside filing, and who gave way. */
static int add_filed_also(struct catalog *catalog, const struct document *document, struct err *err)
{
    const struct placement *placement = &document->placement;
    int result = 0;

    for (size_t i = 0; i < document->plan.also_count && result == 0; i++)
        result = catalog_set_also(catalog, &document->id, i, document->also_placed[i], err);
    if (result == 0 && document->aside != NULL && document->older.text[0] != '\0')
        result = catalog_set_moved(catalog, &document->older, document->plan.root,
                                   placement->placed, document->aside, err);
    return result;
}

static int add_filed(struct catalog *catalog, struct batch *batch)
{
    int64_t now_ms = clock_wall_ms();

    for (struct document *document = batch->filed.first; document != NULL;
         document = document->next) {
        int result;

        if (document->kept)
            result = catalog_set_kept(catalog, &document->id, &batch->err);
        else if (document->gone)
            result = catalog_set_gone(catalog, &document->id, &batch->err);
        else
            result = catalog_set_filed(catalog, &document->id, document->effect,
                                       document->placement.placed, now_ms, &batch->err);
        if (result == 0 && !document->kept && !document->gone)
            result = add_filed_also(catalog, document, &batch->err);
        if (result < 0)
            return result;
    }
    return 0;
}

static int add_attempts(struct catalog *catalog, struct batch *batch)
{
    for (struct document *document = batch->attempts.first; document != NULL;
         document = document->next) {
        int result = catalog_set_attempts(catalog, &document->id, document->attempts, &batch->err);

        if (result < 0)
            return result;
    }
    return 0;
}

static bool has_rows(const struct batch *batch)
{
    if (batch->claims.count > 0 || batch->attempts.count > 0 || batch->filed.count > 0 ||
        batch->drops.count > 0 || members_has_rows(batch))
        return true;
    for (const struct document *document = batch->decided.first; document != NULL;
         document = document->next)
        if (!document->decided_row)
            return true;
    return false;
}

int rows_commit(struct line *line, struct batch *batch)
{
    struct catalog *catalog = line->catalog;
    int result;

    if (!has_rows(batch))
        return 0;
    result = catalog_begin(catalog, &batch->err);
    if (result < 0)
        return result;
    result = add_claims(catalog, batch);
    if (result == 0)
        result = add_attempts(catalog, batch);
    if (result == 0)
        result = add_decided(catalog, batch);
    if (result == 0)
        result = add_filed(catalog, batch);
    if (result == 0)
        result = members_commit(line, batch);
    if (result == 0)
        result = quarantine_commit_drops(catalog, batch);
    if (result == 0)
        result = catalog_commit(catalog, &batch->err);
    if (result < 0)
        catalog_rollback(catalog);
    return result;
}
