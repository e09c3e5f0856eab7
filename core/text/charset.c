/* text/charset: decides which charset a document is in, and decodes it.
 *
 * Called by the worker once a document. The order, from what proves most to what proves least:
 * byte order mark; low bytes as UTF-16 and UTF-32 have them; valid UTF-8; UTF-8 with a few bad
 * bytes; then each rival decodes a sample of the body, and the likeliest text wins. A declared
 * label only tips the balance between rivals that are close. It does not look for declarations
 * inside the document: text/charset_prescan does.
 */
#include "text/charset.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text/charset_convert.h"
#include "text/charset_decoder.h"
#include "text/charset_escape.h"
#include "text/charset_label.h"
#include "text/charset_letters.h"
#include "text/charset_mojibake_undo.h"
#include "text/charset_sample.h"
#include "text/charset_score.h"
#include "text/charset_unicode.h"

#define DECLARED_BONUS     0.05 /* between rivals this close, a label decides */
#define MARK_SCORE_LEAST   0.1  /* a mark is believed unless what follows is no text at all */
#define SINGLE_SCORE_LEAST 0.35 /* real text gets 0.45 and more, from 200 bytes on */
#define SURE_SCORE         0.7  /* of several bytes a character: those of one get 0.2 as that */
#define SURE_LEN           ((size_t)256)
#define WIDE_SCORE_LEAST   0.5 /* what UTF-16 must look like: by chance it gets 0.1 or less */

int charset_open(struct charset_decoder **out_decoder, struct err *err)
{
    struct charset_decoder *decoder = calloc(1, sizeof *decoder);

    if (decoder == NULL)
        return err_set(err, -ENOMEM, "out of memory");
    int result = charset_converters_open(&decoder->converters, err);
    if (result == 0) {
        result = charset_letters_open(&decoder->converters, &decoder->letters);
        if (result < 0)
            err_set(err, result, "out of memory");
    }
    if (result == 0)
        result = charset_mojibake_open(&decoder->mojibake, &decoder->converters, err);
    if (result < 0) {
        charset_close(decoder);
        return result;
    }
    charset_score_table_fill(&decoder->table);
    *out_decoder = decoder;
    return 0;
}

void charset_close(struct charset_decoder *decoder)
{
    if (decoder == NULL)
        return;
    charset_converters_close(&decoder->converters);
    charset_letters_close(decoder->letters);
    charset_mojibake_close(&decoder->mojibake);
    strbuf_release(&decoder->sample);
    strbuf_release(&decoder->decoded);
    free(decoder);
}

static void rank(struct charset_ranking *ranking, enum charset_id id, double score)
{
    size_t at = ranking->count++;

    for (; at > 0 && ranking->candidates[at - 1].score < score; at--)
        ranking->candidates[at] = ranking->candidates[at - 1];
    ranking->candidates[at] = (struct charset_candidate){id, score};
}

static void rank_only(struct charset_ranking *ranking, enum charset_id id, double score)
{
    ranking->count = 0;
    rank(ranking, id, score);
}

static int decode_sample(struct charset_decoder *decoder, enum charset_id id, const char *bytes,
                         size_t len, uint64_t *out_illegal)
{
    struct charset_conversion conversion;

    strbuf_clear(&decoder->decoded);
    int result = charset_convert(&decoder->converters, id, bytes, len, SIZE_MAX / 4,
                                 &decoder->decoded, &conversion);
    *out_illegal = conversion.illegal;
    return result;
}

/* Even offsets: the units are pairs. The head and the middle will do, since nothing but text may
 * score here. */
static int score_wide(struct charset_decoder *decoder, enum charset_id id, const char *raw,
                      size_t len, double *out_score)
{
    size_t half = CHARSET_SAMPLE_LEN_MAX / 4;
    size_t middle = len / 2 & ~(size_t)3;
    double scores[2] = {0, 0};
    uint64_t illegal;

    for (unsigned i = 0; i < 2; i++) {
        size_t begin = i == 0 ? 0 : middle;
        size_t left = (len - begin) & ~(size_t)1;
        int result = decode_sample(decoder, id, raw + begin, left < half ? left : half, &illegal);
        if (result < 0)
            return result;
        scores[i] = charset_score_wide(&decoder->table, strbuf_text(&decoder->decoded),
                                       decoder->decoded.len, illegal);
    }
    *out_score = scores[0] < scores[1] ? scores[0] : scores[1];
    return 0;
}

static int rank_wide(struct charset_decoder *decoder, const char *raw, size_t len,
                     struct charset_ranking *ranking)
{
    static const enum charset_id ids[] = {CHARSET_UTF_16LE, CHARSET_UTF_16BE};

    for (unsigned i = 0; len >= 2 && i < 2; i++) {
        double score = 0;
        int result = score_wide(decoder, ids[i], raw, len, &score);
        if (result < 0)
            return result;
        if (score >= WIDE_SCORE_LEAST)
            rank(ranking, ids[i], score);
    }
    return 0;
}

static int rank_pairs(struct charset_decoder *decoder, enum charset_id declared,
                      struct charset_ranking *ranking)
{
    const struct strbuf *sample = &decoder->sample;

    for (enum charset_id id = 0; id < CHARSET_PAIRS_COUNT; id++) {
        uint64_t illegal;
        int result = decode_sample(decoder, id, strbuf_text(sample), sample->len, &illegal);
        if (result < 0)
            return result;
        double score = charset_score(&decoder->table, id, strbuf_text(&decoder->decoded),
                                     decoder->decoded.len, illegal);
        rank(ranking, id, score + (id == declared ? DECLARED_BONUS : 0));
    }
    return 0;
}

/* EBCDIC comes last and has no ASCII bytes for what is ASCII elsewhere: it is looked for only where
 * the bytes are spread as in it, and then it is the only one. */
static void rank_singles(struct charset_decoder *decoder, enum charset_id declared, bool is_ebcdic,
                         struct charset_ranking *ranking)
{
    enum charset_id first = is_ebcdic ? CHARSET_EBCDIC_FIRST : CHARSET_SINGLE_FIRST;
    enum charset_id last = is_ebcdic ? CHARSET_RIVAL_COUNT : CHARSET_EBCDIC_FIRST;

    charset_letters_count(decoder->letters, strbuf_text(&decoder->sample), decoder->sample.len);
    for (enum charset_id id = first; id < last; id++) {
        double score = charset_letters_score(decoder->letters, id);
        rank(ranking, id, score + (id == declared ? DECLARED_BONUS : 0));
    }
}

static int rank_rivals(struct charset_decoder *decoder, const char *raw, size_t len,
                       enum charset_id declared, struct charset_ranking *ranking)
{
    strbuf_clear(&decoder->sample);
    charset_sample(raw, len, &decoder->sample);
    if (decoder->sample.failed)
        return -ENOMEM;
    int result = rank_pairs(decoder, declared, ranking);
    /* A hundred readings of many different pairs take milliseconds. */
    bool is_sure = decoder->sample.len >= SURE_LEN && ranking->candidates[0].score >= SURE_SCORE;
    if (result == 0 && !is_sure)
        rank_singles(decoder, declared, charset_is_ebcdic(raw, len), ranking);
    return result;
}

/* Bad bytes cost as they do the rivals. */
static double utf8_score(const struct charset_utf8_quality *quality)
{
    double all = (double)quality->sequences + (double)quality->illegal;
    double score = ((double)quality->sequences - 2.0 * (double)quality->illegal) / all;

    return score < 0 ? 0 : score;
}

/* Valid UTF-8 is that, unless it is ASCII that stands for something else. */
static enum charset_id escape_of(const char *bytes, size_t len, enum charset_id declared)
{
    enum charset_id id = CHARSET_COUNT;

    if (utf8_is_ascii(bytes, len))
        id = charset_escape(bytes, len, declared);
    return id == CHARSET_COUNT ? CHARSET_UTF_8 : id;
}

static bool is_pairs_or_single(enum charset_id id)
{
    return id < CHARSET_EBCDIC_FIRST;
}

/* Whether there is no evidence for any charset. ASCII then stays readable. */
static bool is_hopeless(const char *raw, size_t len, const struct charset_candidate *best)
{
    double least = charset_is_single(best->id) ? SINGLE_SCORE_LEAST : 0;

    return best->score <= least || charset_has_controls(raw, len);
}

int charset_rank(struct charset_decoder *decoder, const char *raw, size_t len,
                 enum charset_id declared, struct charset_ranking *ranking)
{
    struct charset_utf8_quality quality;
    enum charset_id id;
    int result = 0;

    if (charset_has_many_low_bytes(raw, len)) {
        if (charset_is_utf32(raw, len, &id)) {
            rank_only(ranking, id, 1.0);
            return 0;
        }
        result = rank_wide(decoder, raw, len, ranking);
        if (result < 0 || ranking->count > 0)
            return result;
    }
    charset_utf8_quality(raw, len, &quality);
    if (quality.valid_len == len) {
        id = escape_of(raw, len, declared);
        ranking->is_text = id == CHARSET_UTF_8;
        rank_only(ranking, id, 1.0);
        return 0;
    }
    double utf8 = utf8_score(&quality);
    rank(ranking, CHARSET_UTF_8, utf8);
    /* No other charset's text makes more than ten good sequences to a bad one, by chance; nor ends
     * in the middle of the only one that is not good. */
    if ((quality.is_cut && quality.valid_len + 4 > len && quality.sequences > 0) ||
        quality.sequences > 10 * quality.illegal)
        return 0;
    result = rank_wide(decoder, raw, len, ranking);
    if (result == 0)
        result = rank_rivals(decoder, raw, len, declared, ranking);
    if (result == 0 && is_hopeless(raw, len, &ranking->candidates[0]))
        rank_only(ranking, is_pairs_or_single(declared) ? declared : CHARSET_WINDOWS_1252, 0);
    return result;
}

/* A mark may lie too: it stays behind when somebody joins files of different charsets or encodes
 * one anew, and FF FE are also two letters. Nothing is ranked where what follows is not what it
 * says; *mark_len is set to 0 if then it may be text itself. */
static int trust_mark(struct charset_decoder *decoder, const char *raw, size_t len,
                      enum charset_id id, size_t *mark_len, struct charset_ranking *ranking)
{
    const char *bytes = raw + *mark_len;
    size_t left = len - *mark_len;
    struct charset_utf8_quality quality;
    double score = 1.0;
    int result = 0;

    if (id == CHARSET_UTF_8) {
        charset_utf8_quality(bytes, left, &quality);
        ranking->is_text = quality.valid_len == left;
        score = ranking->is_text || quality.is_cut ? 1.0 : utf8_score(&quality);
    } else if ((id == CHARSET_UTF_16LE || id == CHARSET_UTF_16BE) && left >= 2) {
        result = score_wide(decoder, id, bytes, left, &score);
    }
    if (score >= MARK_SCORE_LEAST)
        rank(ranking, id, 1.0);
    else if (id != CHARSET_UTF_8)
        *mark_len = 0;
    return result;
}

static struct charset_rival rival_of(const struct charset_candidate *candidate)
{
    return (struct charset_rival){charset_name(candidate->id), candidate->score > 1 ? 1
                                                               : candidate->score < 0
                                                                   ? 0
                                                                   : candidate->score};
}

static void report(const struct charset_ranking *ranking, struct charset_result *result)
{
    struct charset_rival winner = rival_of(&ranking->candidates[0]);

    result->name = winner.name;
    result->score = winner.score;
    for (size_t i = 1; i < ranking->count && result->rival_count < CHARSET_RIVALS_MAX; i++)
        if (ranking->candidates[i].score > 0)
            result->rivals[result->rival_count++] = rival_of(&ranking->candidates[i]);
}

int charset_decode(struct charset_decoder *decoder, const char *raw, size_t raw_len,
                   const char *declared, size_t limit, struct strbuf *scratch,
                   struct charset_result *out_result, const char **out_text, size_t *out_len,
                   int *out_cut)
{
    struct charset_result charset = {0};
    struct charset_ranking ranking = {.count = 0};
    enum charset_id id = CHARSET_UTF_8;
    int result = 0;

    charset.bom_len = charset_bom(raw, raw_len, &id);
    if (charset.bom_len > 0)
        result = trust_mark(decoder, raw, raw_len, id, &charset.bom_len, &ranking);
    if (result == 0 && ranking.count == 0)
        result = charset_rank(decoder, raw + charset.bom_len, raw_len - charset.bom_len,
                              charset_of_label(declared), &ranking);
    if (result < 0)
        return result;
    report(&ranking, &charset);
    id = ranking.candidates[0].id;

    const char *bytes = raw + charset.bom_len;
    size_t len = raw_len - charset.bom_len;
    if (ranking.is_text) {
        *out_cut = len > limit;
        *out_len = len > limit ? utf8_floor(bytes, len, limit) : len;
        *out_text = bytes;
    } else {
        struct charset_conversion conversion;
        size_t begin = scratch->len;
        result = charset_convert(&decoder->converters, id, bytes, len, limit, scratch, &conversion);
        if (result < 0)
            return result;
        charset.illegal = conversion.illegal;
        *out_cut = conversion.cut;
        *out_text = strbuf_text(scratch) + begin;
        *out_len = scratch->len - begin;
    }
    *out_result = charset;
    return 0;
}
