/* topics: what the three files of this plugin share. */
#ifndef TOPICS_H
#define TOPICS_H

#include <stddef.h>
#include <stdint.h>

#include <taxon/plugin.h>

#include "kit/definitions.h"
#include "kit/learnt.h"
#include "kit/lexicon.h"

#define TOPICS_SCHEME "topic"

struct topic_term {
    const char *text; /* as the user wrote it */
    const char *folded;
    uint32_t folded_len;
    uint32_t label; /* index of the label it stands at */
    double weight;  /* negative: speaks against; 0: only hides what it contains */
};

/* An instance; nothing in it changes after open(). */
struct topics {
    struct definitions labels;
    struct topic_term *terms;
    uint32_t term_count;
    double title_weight;
    const struct lexicon *lexicon;
    struct learnt learnt; /* models of the scheme, if there are any */
};

/* terms.c: reads `terms` and `negative` of every label and builds the lexicon. Mistakes are counted
 * in `check`. 0 or -ENOMEM. */
int topics_read_terms(struct topics *topics, struct definitions_check *check);

/* score.c: counts, scores and publishes. */
int32_t topics_classify(const struct topics *topics, struct taxon_task *task,
                        const struct taxon_document *document);

#endif
