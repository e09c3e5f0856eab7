/* route/near: when a document is a copy, and when a version, of an earlier one.
 *
 * Both words are about texts without their page furniture, by estimates from sketches
 * (base/minhash); nothing is ever dropped or replaced for them. docs/decisions/015 has the reasons
 * and the figures behind the thresholds.
 */
#ifndef ROUTE_NEAR_H
#define ROUTE_NEAR_H

#include "base/digest.h"
#include "base/id.h"
#include "base/minhash.h"

/* A copy: so much of both texts together is in both. Then their lengths differ by no more. */
#define NEAR_COPY_LEAST 0.9
/* A version: so much is in both; or the smaller one is in the larger nearly whole, and is so much
 * of it. */
#define NEAR_VERSION_LEAST   0.25
#define NEAR_CONTAINED_LEAST 0.7
#define NEAR_PART_LEAST      0.1

enum near_kind { NEAR_NOT, NEAR_COPY, NEAR_VERSION };

/* The earlier document, and how like it this one is. */
struct near {
    enum near_kind kind;
    struct id id;
    struct digest digest; /* of its bytes; zero when not known */
    double similarity;    /* estimated resemblance of the texts, 0 to 1; 1: the same sketch */
    double containment;   /* how much of the shorter text is in the longer, 0 to 1 */
};

/* A document that may be like it. */
struct near_candidate {
    struct id id;
    struct digest digest;
    struct minhash sketch;
};

/* "copy", "version". */
const char *near_word(enum near_kind kind);

/* Keeps in *near what it is, or `candidate` where the document is more like that one. Begin with
 * kind NEAR_NOT and offer the earliest first: of equals the first stays. */
void near_offer(struct near *near, const struct minhash *sketch,
                const struct near_candidate *candidate);

#endif
