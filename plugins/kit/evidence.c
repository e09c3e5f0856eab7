/* kit/evidence: collects what speaks most strongly for a label.
 *
 * Called by classifiers when a document's scores stand. Insertion into a short sorted list; equal
 * weights keep the order in which they came, so that results are the same each time.
 */
#include "kit/evidence.h"

#include <math.h>
#include <string.h>

void evidence_init(struct evidence *evidence)
{
    memset(evidence, 0, sizeof(*evidence));
}

void evidence_add(struct evidence *evidence, struct taxon_task *task, size_t begin, size_t end,
                  double weight, const char *reason)
{
    struct taxon_evidence item = {.struct_size = sizeof(item), .weight = weight, .reason = reason};
    size_t at = evidence->count;

    while (at > 0 && fabs(evidence->items[at - 1].weight) < fabs(weight)) {
        at--;
    }
    if (at == EVIDENCE_MAX || task->host->unfold(task, begin, end, &item.begin, &item.end) < 0) {
        return;
    }
    if (evidence->count < EVIDENCE_MAX) {
        evidence->count++;
    }
    memmove(&evidence->items[at + 1], &evidence->items[at],
            (evidence->count - at - 1) * sizeof(item));
    evidence->items[at] = item;
}

int32_t evidence_publish(const struct evidence *evidence, struct taxon_task *task,
                         const char *scheme, const char *id, double score)
{
    struct taxon_label label = {.struct_size = sizeof(label),
                                .scheme = scheme,
                                .id = id,
                                .score = score > 0 ? (score < 1 ? score : 1) : 0,
                                .evidence = evidence->items,
                                .evidence_count = evidence->count,
                                .evidence_stride = sizeof(evidence->items[0])};

    return task->host->label(task, &label);
}
