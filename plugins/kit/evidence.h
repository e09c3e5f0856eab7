/* kit/evidence: the strongest few pieces of evidence for one label, and handing them to the host.
 */
#ifndef KIT_EVIDENCE_H
#define KIT_EVIDENCE_H

#include <stddef.h>
#include <stdint.h>

#include <taxon/plugin.h>

#define EVIDENCE_MAX 8 /* pieces a label; the host keeps no more than 16 */

struct evidence {
    struct taxon_evidence items[EVIDENCE_MAX]; /* by falling size of weight; then as added */
    size_t count;
};

void evidence_init(struct evidence *evidence);

/* Takes the folded range [begin, end) if it is among the strongest (by the weight's size, positive
 * or negative). `reason` must live until evidence_publish. A range that the host cannot unfold is
 * left out: evidence explains a score, it does not make it. */
void evidence_add(struct evidence *evidence, struct taxon_task *task, size_t begin, size_t end,
                  double weight, const char *reason);

/* Gives the document the label with this evidence; `score` is brought into 0..1. Returns what
 * host->label returns. */
int32_t evidence_publish(const struct evidence *evidence, struct taxon_task *task,
                         const char *scheme, const char *id, double score);

#endif
