/* kit/text_features: what a text is made of, as numbered features: the space "text-1" of models.
 *
 * Made from the folded text, with lines of page furniture left out:
 *
 *   - sequences of one to three tokens, to four where all are Han or kana characters. A token is a
 *     word, a number (only its length counts), one such character, or a sign;
 *   - sequences of one and two tokens in the first and the last bytes of the text, and at the
 *     beginning and the end of each line, as features of their own;
 *   - measures of the whole (length, lines, share of short ones, signs, some pronouns), each in
 *     steps of a half of a power of two.
 *
 * A feature's id has its family in the three highest bits, so that a trainer can weigh families,
 * and a hash in the others. Two features may share one; what a model has learnt of either is then
 * of both. Used by classifiers that have a model; models are trained on the same features
 * (kit/model).
 */
#ifndef KIT_TEXT_FEATURES_H
#define KIT_TEXT_FEATURES_H

#include <stddef.h>
#include <stdint.h>

#include <taxon/plugin.h>

#include "kit/mask.h"

#define FEATURES_SPACE     "text-1"
#define FEATURES_SPACE_URL "text-url-1" /* with the words of the document's url */
#define FEATURES_BATCH     2048         /* features handed over at a time */

enum features_family {
    FEATURES_ONE,     /* a token */
    FEATURES_TWO,     /* sequences of two, */
    FEATURES_MORE,    /* and of three and four */
    FEATURES_EDGE,    /* at the beginning and the end of the text */
    FEATURES_LINE,    /* at the beginning and the end of a line */
    FEATURES_MEASURE, /* of the whole */
    FEATURES_URL,
};

struct feature {
    uint32_t id;
    uint32_t begin; /* where it stands in the folded text; */
    uint32_t end;   /* begin == end: nowhere in particular */
};

/* Takes `count` features, in the order of the text. Nonzero: no more are wanted. */
typedef int (*features_take)(void *data, const struct feature *features, size_t count);

/* Hands over all features of the document. 0, -ENOMEM, or what `take` returned. Stops, with 0, when
 * the host calls for it. */
int features_scan(struct taxon_task *task, const struct taxon_document *document,
                  const struct mask *mask, int with_url, features_take take, void *data);

#endif
