/* route/near: when a document is a copy, and when a version, of an earlier one.
 *
 * Called by the line, which has the candidates from the catalog and from the batch in hand. It
 * judges two sketches and knows no documents. Sketches come from workers: a forged one makes its
 * own document be called like another, or others like it, and that is all that it does.
 */
#include "route/near.h"

const char *near_word(enum near_kind kind)
{
    return kind == NEAR_COPY ? "copy" : kind == NEAR_VERSION ? "version" : "";
}

static enum near_kind judge(double similarity, double containment)
{
    if (similarity >= NEAR_COPY_LEAST)
        return NEAR_COPY;
    if (similarity >= NEAR_VERSION_LEAST ||
        (containment >= NEAR_CONTAINED_LEAST && similarity >= NEAR_PART_LEAST))
        return NEAR_VERSION;
    return NEAR_NOT;
}

void near_offer(struct near *near, const struct minhash *sketch,
                const struct near_candidate *candidate)
{
    double similarity = minhash_resemblance(sketch, &candidate->sketch);
    double containment = minhash_containment(sketch, &candidate->sketch, similarity);
    enum near_kind kind = judge(similarity, containment);

    if (kind == NEAR_NOT || (near->kind != NEAR_NOT && similarity <= near->similarity))
        return;
    *near = (struct near){
        .kind = kind,
        .id = candidate->id,
        .digest = candidate->digest,
        .similarity = similarity,
        .containment = containment,
    };
}
