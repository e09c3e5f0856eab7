/* text/charset_letters: tells charsets of one byte a character apart.
 *
 * Called by charset.c. A charset is tried with each language that is written in it. Every pair of
 * neighbouring bytes costs as many bits as the letters that they stand for are unlikely, one after
 * the other (charset_models.h), and more where case jumps, alphabets mix or no letter stands; the
 * mean is what the charset is judged by. Costs depend on pairs alone, so each distinct pair is
 * looked at once. It knows nothing of declared labels.
 */
#include "text/charset_letters.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text/charset_character.h"
#include "text/charset_models.h"

/* Costs are in thirds of a bit, as the cells of the models. */
#define COST_FOREIGN  30 /* a letter that the language does not have */
#define COST_CAPITAL  24 /* a capital behind a small letter */
#define COST_CAPITALS 2  /* a capital behind a capital */
#define COST_MIXED    24 /* letters of ASCII beside those of another alphabet */
#define COST_TOUCHING 14 /* a sign beside a letter */
#define COST_MARK     10 /* more for marks beyond ASCII in a rare charset: they prove little */
#define PRIOR_RARE    12
#define COST_TEXT     11 /* about what pairs of real text cost in a language's own model */
#define COST_RANDOM   20 /* about what pairs of misread text cost */

#define CELL_FIRST '#'
#define CELL_GAP   '?' /* left out: no trigraphs */

#define SYMBOL_FOREIGN 255
#define LANGUAGES_MAX  16

#define WESTERN  "en fr de es pt it nl sv da nb fi is et"
#define CENTRAL  "hu pl cs sk sl sh ro"
#define BALTIC   "lt lv et"
#define CYRILLIC "ru bg uk be mk"

/* `prior`: what a rare charset costs at once, so that it does not win by chance over little. */
static const struct {
    enum charset_id id;
    unsigned prior;
    const char *languages;
} tried[] = {
    {CHARSET_WINDOWS_1252, 0, WESTERN}, {CHARSET_WINDOWS_1251, 0, CYRILLIC},
    {CHARSET_WINDOWS_1250, 3, CENTRAL}, {CHARSET_WINDOWS_1253, 3, "el"},
    {CHARSET_WINDOWS_1254, 3, "tr"},    {CHARSET_WINDOWS_1255, 3, "he"},
    {CHARSET_WINDOWS_1256, 3, "ar fa"}, {CHARSET_WINDOWS_1257, 3, BALTIC},
    {CHARSET_WINDOWS_1258, 6, "vi"},    {CHARSET_WINDOWS_874, 3, "th"},
    {CHARSET_KOI8_R, 3, "ru"},          {CHARSET_KOI8_U, 6, "uk be ru"},
    {CHARSET_ISO_8859_2, 4, CENTRAL},   {CHARSET_ISO_8859_4, 12, BALTIC},
    {CHARSET_ISO_8859_5, 6, CYRILLIC},  {CHARSET_ISO_8859_6, 6, "ar"},
    {CHARSET_ISO_8859_7, 4, "el"},      {CHARSET_ISO_8859_8, 6, "he"},
    {CHARSET_ISO_8859_13, 9, BALTIC},   {CHARSET_MAC_CYRILLIC, 12, CYRILLIC},
    {CHARSET_MACINTOSH, 15, WESTERN},   {CHARSET_IBM866, 6, "ru be uk bg"},
    {CHARSET_IBM855, 12, "ru bg mk"},   {CHARSET_IBM737, 15, "el"},
    {CHARSET_IBM775, 15, BALTIC},       {CHARSET_IBM850, 15, WESTERN},
    {CHARSET_IBM852, 15, CENTRAL},      {CHARSET_IBM857, 15, "tr"},
    {CHARSET_IBM862, 15, "he"},         {CHARSET_IBM869, 15, "el"},
    {CHARSET_KZ1048, 12, "kk"},         {CHARSET_PTCP154, 15, "kk"},
    {CHARSET_IBM037, 15, WESTERN},      {CHARSET_IBM424, 15, "he"},
};

#define TRIED_COUNT (sizeof tried / sizeof *tried)

struct reading {
    const char *cells;
    unsigned size; /* symbols */
    bool is_latin;
    uint8_t symbols[256]; /* by byte */
};

struct way {            /* a charset with its languages */
    uint8_t kinds[256]; /* enum charset_character, by byte */
    bool is_ascii;      /* bytes below 80 are ASCII */
    struct reading readings[LANGUAGES_MAX];
    size_t reading_count;
};

struct charset_letters {
    struct way ways[TRIED_COUNT];
    uint8_t levels[128]; /* of the models' cells */
    uint32_t counts[0x10000];
    uint16_t pairs[0x10000]; /* those whose count is not 0 */
    size_t pair_count;
};

static const struct charset_model *model_of(const char *language, size_t len, bool *out_is_latin)
{
    for (size_t i = 0; i < charset_models_latin_count + charset_models_other_count; i++) {
        *out_is_latin = i < charset_models_latin_count;
        const struct charset_model *model =
            *out_is_latin ? &charset_models_latin[i]
                          : &charset_models_other[i - charset_models_latin_count];
        if (strlen(model->language) == len && memcmp(model->language, language, len) == 0)
            return model;
    }
    abort(); /* `tried` names a language without a model */
}

/* Symbol 1 is the first letter. */
static uint8_t symbol_of(const struct charset_model *model, uint32_t code_point)
{
    size_t left = strlen(model->letters);
    uint8_t symbol = 1;

    for (const char *at = model->letters; left > 0; symbol++) {
        uint32_t letter = 0;
        size_t len = utf8_decode(at, left, &letter);
        if (letter == code_point)
            return symbol;
        at += len;
        left -= len;
    }
    return SYMBOL_FOREIGN;
}

static bool is_letter(uint8_t kind)
{
    return kind == CHARACTER_SMALL || kind == CHARACTER_CAPITAL;
}

static unsigned count_letters(const char *letters)
{
    unsigned count = 0;

    for (; *letters != '\0'; letters++)
        count += ((unsigned char)*letters & 0xC0) != 0x80;
    return count;
}

static void fill_reading(struct reading *reading, const struct charset_model *model, bool is_latin,
                         const uint16_t code_points[256], const uint8_t kinds[256])
{
    reading->cells = model->cells;
    reading->size = count_letters(model->letters) + 1;
    reading->is_latin = is_latin;
    for (unsigned byte = 0; byte < 256; byte++) {
        bool is_ascii = code_points[byte] < 0x80;
        if (!is_letter(kinds[byte]) || (is_ascii && !is_latin && byte < 0x80))
            reading->symbols[byte] = 0;
        else
            reading->symbols[byte] = symbol_of(model, charset_character_small(code_points[byte]));
    }
}

static void fill_way(struct way *way, const char *languages, const uint16_t code_points[256])
{
    way->is_ascii = code_points['a'] == 'a';
    for (unsigned byte = 0; byte < 256; byte++)
        way->kinds[byte] = (uint8_t)charset_character_of(code_points[byte]);
    while (*languages != '\0') {
        size_t len = strcspn(languages, " ");
        bool is_latin;
        const struct charset_model *model = model_of(languages, len, &is_latin);
        fill_reading(&way->readings[way->reading_count++], model, is_latin, code_points,
                     way->kinds);
        languages += len + (languages[len] == ' ');
    }
}

int charset_letters_open(const struct charset_converters *converters,
                         struct charset_letters **out_letters)
{
    struct charset_letters *letters = calloc(1, sizeof *letters);

    if (letters == NULL)
        return -ENOMEM;
    for (uint8_t cell = CELL_FIRST, level = 0; cell < 128; cell++)
        if (cell != CELL_GAP)
            letters->levels[cell] = level++;
    for (size_t i = 0; i < TRIED_COUNT; i++)
        fill_way(&letters->ways[i], tried[i].languages,
                 converters->singles[tried[i].id - CHARSET_SINGLE_FIRST]);
    *out_letters = letters;
    return 0;
}

void charset_letters_close(struct charset_letters *letters)
{
    free(letters);
}

void charset_letters_count(struct charset_letters *letters, const char *sample, size_t len)
{
    for (size_t i = 0; i < letters->pair_count; i++)
        letters->counts[letters->pairs[i]] = 0;
    letters->pair_count = 0;
    unsigned before = ' ';
    for (size_t i = 0; i < len; i++) {
        unsigned now = (unsigned char)sample[i];
        uint16_t pair = (uint16_t)(before << 8 | now);
        if (letters->counts[pair]++ == 0)
            letters->pairs[letters->pair_count++] = pair;
        before = now;
    }
}

static unsigned case_cost(uint8_t before, uint8_t now)
{
    if (now != CHARACTER_CAPITAL || !is_letter(before))
        return 0;
    return before == CHARACTER_CAPITAL ? COST_CAPITALS : COST_CAPITAL;
}

/* What is no letter, and a sign that touches one. */
static unsigned kind_cost(uint8_t before, uint8_t now)
{
    static const uint8_t costs[CHARACTER_KINDS] = {
        [CHARACTER_PUNCTUATION] = 10, [CHARACTER_SIGN] = 14,    [CHARACTER_ODD] = 30,
        [CHARACTER_BOX] = 40,         [CHARACTER_CONTROL] = 45, [CHARACTER_NONE] = 50,
    };
    bool touches = (is_letter(before) && now == CHARACTER_SIGN) ||
                   (before == CHARACTER_SIGN && is_letter(now));

    return costs[now] + (touches ? COST_TOUCHING : 0u);
}

static unsigned pair_cost(const struct charset_letters *letters, const struct way *way,
                          const struct reading *reading, unsigned before, unsigned now)
{
    uint8_t left = reading->symbols[before];
    uint8_t right = reading->symbols[now];
    unsigned cost = kind_cost(way->kinds[before], way->kinds[now]);
    bool both = is_letter(way->kinds[before]) && is_letter(way->kinds[now]);

    cost += case_cost(way->kinds[before], way->kinds[now]);
    if (both && !reading->is_latin && (left == 0) != (right == 0))
        cost += COST_MIXED;
    if (right == SYMBOL_FOREIGN)
        return cost + COST_FOREIGN;
    if (left == SYMBOL_FOREIGN)
        left = 0;
    if ((left | right) != 0)
        cost += letters->levels[(uint8_t)reading->cells[left * reading->size + right]];
    return cost;
}

static bool is_mark(uint8_t kind)
{
    return kind == CHARACTER_PUNCTUATION || kind == CHARACTER_SIGN;
}

/* Pairs of ASCII are the same in nearly all charsets; they tell which language it is, and only that
 * they fit worse than the usual speaks against it. */
static double reading_cost(const struct charset_letters *letters, const struct way *way,
                           const struct reading *reading, bool is_rare, double *out_weight)
{
    double cost = 0;
    double ascii_cost = 0;
    double weight = 0;

    for (size_t i = 0; i < letters->pair_count; i++) {
        unsigned before = letters->pairs[i] >> 8;
        unsigned now = letters->pairs[i] & 0xFF;
        double count = letters->counts[letters->pairs[i]];
        unsigned one = pair_cost(letters, way, reading, before, now);
        if ((before | now) >= 0x80 || !way->is_ascii) {
            cost += count * (one + (is_rare && is_mark(way->kinds[now]) ? COST_MARK : 0u));
            weight += count;
        } else if (reading->is_latin && (reading->symbols[before] | reading->symbols[now]) != 0) {
            ascii_cost += count * ((double)one - COST_TEXT);
        }
    }
    *out_weight = weight;
    return cost + (ascii_cost > 0 ? ascii_cost : 0);
}

double charset_letters_score(const struct charset_letters *letters, enum charset_id id)
{
    double best = -INFINITY;

    for (size_t i = 0; i < TRIED_COUNT; i++) {
        const struct way *way = &letters->ways[i];
        for (size_t k = 0; tried[i].id == id && k < way->reading_count; k++) {
            double weight;
            double cost = reading_cost(letters, way, &way->readings[k],
                                       tried[i].prior >= PRIOR_RARE, &weight);
            double mean = (cost + tried[i].prior) / (weight + 1);
            double score = (COST_RANDOM - mean) / (COST_RANDOM - COST_TEXT);
            if (score > best)
                best = score;
        }
    }
    return best;
}
