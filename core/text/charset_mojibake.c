/* text/charset_mojibake: decides whether a text is mojibake, and undoes it.
 *
 * Called by the worker on each decoded document. A text without it must cost little: a look at a
 * sample ends most cases. How the text is made anew is charset_mojibake_undo.c's; this file weighs
 * what came of it. Nothing is undone that would leave the text less like text than it was, nor
 * where much else stands in it.
 */
#include "text/charset_mojibake.h"

#include <errno.h>
#include <string.h>

#include "base/utf8.h"
#include "text/charset_decoder.h"
#include "text/charset_mojibake_undo.h"
#include "text/charset_sample.h"

#define WINDOW       ((size_t)64 << 10) /* of three, in a long text */
#define MENDED_MOST  4    /* certain: so many mended characters to each that is none of it */
#define MENDED_FEW   3    /* fewer are chance */
#define GAIN_LEAST   0.15 /* set by hand: the repairs that were looked at gain 0.3 to 1.0 */
#define QUALITY_GOOD 0.5  /* Han text that looks like text is not looked at further */
#define LATIN_LEAST  20   /* characters of Latin-1 that may stand for another charset */
#define PAIRS_LEAST  0.6  /* the score of that charset */
#define QUALITY_LEN  ((size_t)2048)

/* Alphabets that a text is measured by, each in a charset that has its letters. */
static const enum charset_id alphabets[] = {
    CHARSET_WINDOWS_1252, CHARSET_WINDOWS_1251, CHARSET_WINDOWS_1250, CHARSET_WINDOWS_1253,
    CHARSET_WINDOWS_1254, CHARSET_WINDOWS_1255, CHARSET_WINDOWS_1256, CHARSET_WINDOWS_874,
};

static double clamped(double value, double least, double most)
{
    return value < least ? least : value > most ? most : value;
}

/* `text` in a charset of one byte; what it does not have is left out and counted. */
static void encode_single(const uint16_t code_points[256], const char *text, size_t len,
                          struct strbuf *out_bytes, size_t *out_missing, size_t *out_high)
{
    *out_missing = *out_high = 0;
    for (size_t at = 0, step; at < len; at += step) {
        uint32_t code_point = 0;
        unsigned byte = 0x80;
        step = utf8_decode(text + at, len - at, &code_point);
        if (step == 0)
            break;
        if (code_point < 0x80) {
            strbuf_putc(out_bytes, (char)code_point);
            continue;
        }
        ++*out_high;
        while (byte < 256 && (code_points[byte] != code_point || code_point == UTF8_REPLACEMENT))
            byte++;
        if (byte < 256)
            strbuf_putc(out_bytes, (char)byte);
        else
            ++*out_missing;
    }
}

static double alphabet_quality(struct charset_decoder *decoder, enum charset_id id,
                               const char *text, size_t len)
{
    const uint16_t *code_points = decoder->converters.singles[id - CHARSET_SINGLE_FIRST];
    size_t missing;
    size_t high;

    strbuf_clear(&decoder->decoded);
    encode_single(code_points, text, len, &decoder->decoded, &missing, &high);
    if (high == 0)
        return 1;
    charset_letters_count(decoder->letters, strbuf_text(&decoder->decoded), decoder->decoded.len);
    return charset_letters_score(decoder->letters, id) - 2.0 * (double)missing / (double)high;
}

static double han_quality(const struct charset_decoder *decoder, const struct strbuf *sample)
{
    return charset_score(&decoder->table, CHARSET_UTF_8, strbuf_text(sample), sample->len, 0);
}

/* 0..1: how much what is beyond ASCII looks like text of any language known here. */
static int quality(struct charset_decoder *decoder, const char *text, size_t len,
                   double *out_quality)
{
    strbuf_clear(&decoder->sample);
    charset_sample(text, len, &decoder->sample);
    if (decoder->sample.failed)
        return -ENOMEM;
    double best = han_quality(decoder, &decoder->sample);
    size_t look = utf8_floor(strbuf_text(&decoder->sample), decoder->sample.len, QUALITY_LEN);
    for (size_t i = 0; i < sizeof alphabets / sizeof *alphabets; i++) {
        double one = alphabet_quality(decoder, alphabets[i], strbuf_text(&decoder->sample), look);
        best = one > best ? one : best;
    }
    *out_quality = clamped(best, 0, 1);
    return decoder->decoded.failed ? -ENOMEM : 0;
}

/* A text that ends before `limit`: head, middle and end of a long one, each from a character on. */
static void look_at(const struct charset_decoder *decoder, const char *text, size_t len,
                    const struct charset_undoing *undoing, struct charset_undone *out_undone)
{
    size_t begins[3] = {0, len / 2, len - WINDOW};

    *out_undone = (struct charset_undone){0};
    if (len <= 3 * WINDOW) {
        charset_mojibake_single(decoder, undoing, text, len, NULL, out_undone);
        return;
    }
    for (unsigned i = 0; i < 3; i++) {
        size_t begin = utf8_floor(text, len, begins[i]);
        size_t end = utf8_floor(text, len, begins[i] + WINDOW);
        charset_mojibake_single(decoder, undoing, text + begin, end - begin, NULL, out_undone);
    }
}

/* `leads`: the bytes that the characters of first bytes begin with; most texts have none. */
static const struct charset_undoing singles[CHARSET_MOJIBAKE_SINGLES] = {
    {"windows-1252", 0, "\xC3"},
    {"windows-1251", 1, "\xD0\xD1"},
};

static bool may_be_single(const struct charset_undoing *undoing, const char *text, size_t len)
{
    bool found = false;

    for (const char *lead = undoing->leads; *lead != '\0' && !found; lead++)
        found = memchr(text, *lead, len) != NULL;
    return found;
}

struct attempt {
    struct charset_decoder *decoder;
    const char *text;
    size_t len;
    struct strbuf *scratch;
    struct charset_mojibake *mojibake;
};

/* Takes what was made in `scratch`, or throws it away. */
static int weigh(struct attempt *attempt, const struct charset_undone *undone)
{
    struct charset_mojibake *mojibake = attempt->mojibake;
    double before = 0;
    double after = 0;

    if (attempt->scratch->failed)
        return -ENOMEM;
    int result = quality(attempt->decoder, attempt->text, attempt->len, &before);
    if (result == 0)
        result =
            quality(attempt->decoder, strbuf_text(attempt->scratch), attempt->scratch->len, &after);
    mojibake->mended = undone->mended;
    mojibake->lost = undone->lost;
    mojibake->others = undone->others;
    mojibake->gain = after - before;
    mojibake->is_certain = undone->mended >= MENDED_FEW &&
                           undone->mended >= MENDED_MOST * (undone->others + undone->lost) &&
                           mojibake->gain >= GAIN_LEAST;
    return result;
}

/* Three characters or more that are one by chance do not stand in any text; two do. */
static bool is_telling(const struct charset_undone *undone)
{
    return undone->long_ones >= MENDED_FEW ||
           (undone->mended >= MENDED_FEW && undone->mended * MENDED_MOST >= undone->others);
}

static int try_single(struct attempt *attempt, const struct charset_undoing *undoing)
{
    struct charset_undone undone;

    if (!may_be_single(undoing, attempt->text, attempt->len))
        return 0;
    look_at(attempt->decoder, attempt->text, attempt->len, undoing, &undone);
    if (!is_telling(&undone))
        return 0;
    undone = (struct charset_undone){0};
    charset_mojibake_single(attempt->decoder, undoing, attempt->text, attempt->len,
                            attempt->scratch, &undone);
    attempt->mojibake->charset = "UTF-8";
    attempt->mojibake->read_as = undoing->read_as;
    return weigh(attempt, &undone);
}

static int try_gb18030(struct attempt *attempt)
{
    struct charset_undone undone = {0};
    int result = charset_mojibake_gb18030(attempt->decoder, attempt->text, attempt->len,
                                          attempt->scratch, &undone);

    if (result < 0 || undone.mended < MENDED_FEW)
        return result;
    attempt->mojibake->charset = "UTF-8";
    attempt->mojibake->read_as = "GB18030";
    result = weigh(attempt, &undone);
    if (attempt->mojibake->gain < GAIN_LEAST) /* chance, in much text */
        *attempt->mojibake = (struct charset_mojibake){.charset = NULL};
    return result;
}

/* Whether the sample is of Latin-1's characters and no language's text. */
static bool may_be_pairs(struct charset_decoder *decoder)
{
    const char *text = strbuf_text(&decoder->sample);
    size_t look = utf8_floor(text, decoder->sample.len, QUALITY_LEN);
    size_t latin = 0;
    size_t others = 0;

    for (size_t at = 0, step; at < look; at += step) {
        uint32_t code_point = 0;
        step = utf8_decode(text + at, look - at, &code_point);
        if (step == 0)
            break;
        bool is_latin = code_point < 0x2200 && decoder->mojibake.bytes[0][code_point] != 0;
        latin += code_point >= 0x80 && is_latin;
        others += code_point >= 0x80 && !is_latin;
    }
    return latin >= LATIN_LEAST && others == 0 &&
           alphabet_quality(decoder, CHARSET_WINDOWS_1252, text, look) < QUALITY_GOOD;
}

/* Bytes of Chinese, Japanese or Korean, each taken for a character of Latin-1. */
static int try_pairs(struct attempt *attempt)
{
    struct charset_ranking ranking = {.count = 0};
    struct charset_conversion conversion;
    struct charset_undone undone = {0};
    struct strbuf bytes = STRBUF_INIT;
    int result = 0;

    if (!charset_mojibake_bytes(attempt->decoder, attempt->text, attempt->len, &bytes))
        goto done;
    result =
        charset_rank(attempt->decoder, strbuf_text(&bytes), bytes.len, CHARSET_COUNT, &ranking);
    if (result < 0 || ranking.candidates[0].id >= CHARSET_PAIRS_COUNT ||
        ranking.candidates[0].score < PAIRS_LEAST)
        goto done;
    result = charset_convert(&attempt->decoder->converters, ranking.candidates[0].id,
                             strbuf_text(&bytes), bytes.len, SIZE_MAX / 4, attempt->scratch,
                             &conversion);
    if (result < 0)
        goto done;
    for (size_t i = 0; i < attempt->scratch->len; i++)
        undone.mended += (unsigned char)attempt->scratch->data[i] >= 0xC0;
    undone.lost = conversion.illegal;
    undone.mended -= conversion.illegal < undone.mended ? conversion.illegal : undone.mended;
    attempt->mojibake->charset = charset_name(ranking.candidates[0].id);
    attempt->mojibake->read_as = "windows-1252";
    result = weigh(attempt, &undone);
done:
    strbuf_release(&bytes);
    return result;
}

static int try_each(struct attempt *attempt)
{
    struct charset_decoder *decoder = attempt->decoder;
    int result = 0;

    for (size_t i = 0; i < CHARSET_MOJIBAKE_SINGLES; i++) {
        strbuf_clear(attempt->scratch);
        result = try_single(attempt, &singles[i]);
        if (result < 0 || attempt->mojibake->charset != NULL)
            return result;
    }
    strbuf_clear(&decoder->sample);
    charset_sample(attempt->text, attempt->len, &decoder->sample);
    if (decoder->sample.failed)
        return -ENOMEM;
    if (decoder->sample.len == 0 || han_quality(decoder, &decoder->sample) >= QUALITY_GOOD)
        return 0;
    strbuf_clear(attempt->scratch);
    if (may_be_pairs(decoder))
        return try_pairs(attempt);
    return try_gb18030(attempt);
}

int charset_undo(struct charset_decoder *decoder, const char *text, size_t len, size_t limit,
                 struct strbuf *scratch, struct charset_mojibake *out_mojibake,
                 const char **out_text, size_t *out_len)
{
    struct charset_mojibake mojibake = {.charset = NULL};
    struct attempt attempt = {decoder, text, len, scratch, &mojibake};
    int result = utf8_is_ascii(text, len) ? 0 : try_each(&attempt);

    if (result < 0)
        return result;
    *out_mojibake = mojibake;
    *out_text = text;
    *out_len = len;
    if (!mojibake.is_certain)
        return 0;
    if (scratch->len > limit)
        scratch->len = utf8_floor(scratch->data, scratch->len, limit);
    *out_text = strbuf_text(scratch);
    *out_len = scratch->len;
    return 0;
}
