/* text/charset_decoder: what charset.c and charset_mojibake.c share. Inside core/text only. */
#ifndef TEXT_CHARSET_DECODER_H
#define TEXT_CHARSET_DECODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "text/charset_convert.h"
#include "text/charset_letters.h"
#include "text/charset_mojibake.h"
#include "text/charset_score.h"

struct charset_decoder {
    struct charset_converters converters;
    struct charset_score_table table;
    struct charset_letters *letters;
    struct charset_mojibake_tables mojibake;
    struct strbuf sample;  /* bytes */
    struct strbuf decoded; /* of the sample, by the rival at hand */
};

struct charset_candidate {
    enum charset_id id;
    double score;
};

struct charset_ranking {
    bool is_text; /* the bytes are valid UTF-8, and that is what they are */
    struct charset_candidate candidates[CHARSET_COUNT + 2]; /* best first */
    size_t count;
};

/* Ranks charsets for bytes without a mark, and says at least one. `ranking` begins as zeros. 0 or
 * -ENOMEM. */
int charset_rank(struct charset_decoder *decoder, const char *raw, size_t len,
                 enum charset_id declared, struct charset_ranking *ranking) MUST_CHECK;

#endif
