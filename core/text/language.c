/* text/language: which language and script a text is in.
 *
 * Called by the worker once a document, on its decoded text. Letters are counted by script; that
 * alone settles most languages. Han text is split by characters that only one script has, Cyrillic
 * and Arabic by letters that only one language has, Latin by function words. It gives one answer
 * for the whole text; a mixed text gets the language that most of it is in.
 */
#include "text/language.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "text/language_count.h"
#include "text/language_words.h"

#define WHOLE_LEN_MAX ((size_t)256 << 10)
#define SAMPLES       16

static void count_samples(struct language_counts *counts, const char *text, size_t len)
{
    size_t sample_len = WHOLE_LEN_MAX / SAMPLES;

    if (len <= WHOLE_LEN_MAX) {
        language_count(counts, text, len);
        return;
    }
    for (size_t i = 0; i < SAMPLES; i++) {
        size_t begin = utf8_floor(text, len, len / SAMPLES * i);
        size_t end = utf8_floor(text, len, begin + sample_len);
        language_count(counts, text + begin, end - begin);
    }
}

static const char *latin_language(const struct language_counts *counts)
{
    unsigned best = 0;
    uint64_t second = 0;

    for (unsigned i = 1; i < LANGUAGE_WORD_LANGUAGES; i++) {
        if (counts->hits[i] > counts->hits[best]) {
            second = counts->hits[best];
            best = i;
        } else if (counts->hits[i] > second) {
            second = counts->hits[i];
        }
    }
    /* In running text every third word is one of these; names and lists hit a few by chance. */
    uint64_t hits = counts->hits[best];
    return hits >= 3 && hits > second && hits * 8 >= counts->words ? language_word_codes[best]
                                                                   : "und";
}

static const char *cyrillic_language(const struct language_counts *counts)
{
    uint64_t letters = counts->letters[SCRIPT_CYRILLIC];

    if (counts->kazakh * 50 > letters)
        return "kk";
    if (counts->belarusian * 200 > letters)
        return "be";
    if (counts->ukrainian * 50 > letters && counts->ukrainian > counts->russian)
        return "uk";
    if (counts->serbian * 100 > letters)
        return "sr";
    if (counts->hard_sign * 100 > letters && counts->russian == 0)
        return "bg";
    return "ru";
}

static const char *arabic_language(const struct language_counts *counts)
{
    uint64_t letters = counts->letters[SCRIPT_ARABIC];

    if (counts->urdu * 50 > letters)
        return "ur";
    return counts->persian * 50 > letters ? "fa" : "ar";
}

/* Chinese, Japanese or Korean; they share Han characters. */
static void east_asian(const struct language_counts *counts, struct language_result *result)
{
    uint64_t han = counts->letters[SCRIPT_HAN];
    uint64_t kana = counts->letters[SCRIPT_KANA];
    uint64_t hangul = counts->letters[SCRIPT_HANGUL];

    if (kana >= hangul && kana * 10 >= kana + han) {
        result->language = "ja";
        result->script = "Jpan";
    } else if (hangul * 4 >= han) {
        result->language = "ko";
        result->script = "Kore";
    } else {
        result->language = "zh";
        result->script = counts->traditional > counts->simplified ? "Hant" : "Hans";
    }
}

/* A Han character says as much as a short word, a kana or hangul as two letters. */
static uint64_t east_asian_weight(const struct language_counts *counts)
{
    return counts->letters[SCRIPT_HAN] * 4 +
           (counts->letters[SCRIPT_KANA] + counts->letters[SCRIPT_HANGUL]) * 2;
}

static unsigned largest_script(const struct language_counts *counts)
{
    unsigned best = SCRIPT_LATIN;

    for (unsigned i = SCRIPT_LATIN; i < SCRIPT_OTHERS + LANGUAGE_OTHERS; i++)
        if (i != SCRIPT_HAN && i != SCRIPT_KANA && i != SCRIPT_HANGUL &&
            counts->letters[i] > counts->letters[best])
            best = i;
    return east_asian_weight(counts) > counts->letters[best] ? SCRIPT_HAN : best;
}

static uint64_t letters_of(const struct language_counts *counts, unsigned script)
{
    return script == SCRIPT_HAN ? counts->letters[SCRIPT_HAN] + counts->letters[SCRIPT_KANA] +
                                      counts->letters[SCRIPT_HANGUL]
                                : counts->letters[script];
}

void language_detect(const char *text, size_t len, struct language_result *out_result)
{
    struct language_counts counts = {.words = 0};
    uint64_t all = 0;

    *out_result = (struct language_result){"und", "Zyyy", 0};
    count_samples(&counts, text, len);
    for (unsigned i = SCRIPT_LATIN; i < SCRIPT_OTHERS + LANGUAGE_OTHERS; i++)
        all += counts.letters[i];
    if (all == 0)
        return;

    unsigned script = largest_script(&counts);
    out_result->share = (double)letters_of(&counts, script) / (double)all;
    if (script == SCRIPT_HAN)
        east_asian(&counts, out_result);
    else if (script == SCRIPT_LATIN)
        *out_result = (struct language_result){latin_language(&counts), "Latn", out_result->share};
    else if (script == SCRIPT_CYRILLIC)
        *out_result =
            (struct language_result){cyrillic_language(&counts), "Cyrl", out_result->share};
    else if (script == SCRIPT_ARABIC)
        *out_result = (struct language_result){arabic_language(&counts), "Arab", out_result->share};
    else
        *out_result = (struct language_result){language_others[script - SCRIPT_OTHERS].language,
                                               language_others[script - SCRIPT_OTHERS].script,
                                               out_result->share};
}
