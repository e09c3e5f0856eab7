/* text/shingles: the sketch of a document's text, by which near-duplicates are found.
 *
 * Called by the worker behind the classifiers, when it is known what of the text is page furniture.
 * One pass: tokens are hashed as they come, and a window over the last few of them is hashed by a
 * polynomial that rolls (Karp and Rabin 1987). What likeness means is not its business.
 */
#include "text/shingles.h"

#include <stdint.h>
#include <string.h>

#define BASE             UINT64_C(0x9e3779b97f4a7c15) /* odd: the polynomial's */
#define WINDOW           8u /* a power of two, at least SHINGLE_WEIGHT: the most tokens in a window */
#define CHARACTER_WEIGHT 1u
#define WORD_WEIGHT      2u

struct token {
    uint64_t hash;
    unsigned weight;
};

/* The tokens of the last shingle, and the polynomial over them. */
struct window {
    struct token tokens[WINDOW]; /* a ring */
    uint64_t powers[WINDOW + 1]; /* of BASE */
    size_t begin;
    size_t count;
    unsigned weight;
    uint64_t sum;
    void (*found)(void *context, uint64_t hash);
    void *context;
};

static void window_init(struct window *window)
{
    window->powers[0] = 1;
    for (size_t i = 1; i <= WINDOW; i++)
        window->powers[i] = window->powers[i - 1] * BASE;
}

static void drop_first(struct window *window)
{
    const struct token *first = &window->tokens[window->begin % WINDOW];

    window->sum -= first->hash * window->powers[window->count - 1];
    window->weight -= first->weight;
    window->begin++;
    window->count--;
}

/* The window keeps the fewest tokens that weigh enough. */
static void push(struct window *window, uint64_t hash, unsigned weight)
{
    window->tokens[(window->begin + window->count) % WINDOW] = (struct token){hash, weight};
    window->sum = window->sum * BASE + hash;
    window->weight += weight;
    window->count++;
    while (window->weight - window->tokens[window->begin % WINDOW].weight >= SHINGLE_WEIGHT)
        drop_first(window);
    if (window->weight >= SHINGLE_WEIGHT)
        window->found(window->context, minhash_mix(window->sum));
}

enum token_kind { TOKEN_NONE, TOKEN_CHARACTER, TOKEN_LETTER };

struct stretch {
    uint32_t first;
    uint32_t last;
    enum token_kind kind;
};

/* Unicode's blocks, ascending; what stands between is letters of words (Latin, Greek, Cyrillic,
 * Arabic …). Folding has made full width half and capitals small. */
static const struct stretch stretches[] = {
    {0x0000, 0x002f, TOKEN_NONE},       /* white space, controls, punctuation */
    {0x003a, 0x0060, TOKEN_NONE},       /* capitals are folded */
    {0x007b, 0x00bf, TOKEN_NONE},       /* Latin-1's signs */
    {0x0e00, 0x0eff, TOKEN_CHARACTER},  /* Thai, Lao */
    {0x1000, 0x109f, TOKEN_CHARACTER},  /* Burmese */
    {0x1780, 0x17ff, TOKEN_CHARACTER},  /* Khmer */
    {0x2000, 0x2bff, TOKEN_NONE},       /* punctuation, arrows, signs, boxes */
    {0x2e00, 0x2e7f, TOKEN_NONE},       /* supplemental punctuation */
    {0x2e80, 0x2fdf, TOKEN_CHARACTER},  /* radicals */
    {0x2ff0, 0x3004, TOKEN_NONE},       /* description characters, CJK punctuation */
    {0x3005, 0x3007, TOKEN_CHARACTER},  /* the signs of repetition and zero */
    {0x3008, 0x303f, TOKEN_NONE},       /* CJK punctuation */
    {0x3040, 0x9fff, TOKEN_CHARACTER},  /* kana, Bopomofo, Han */
    {0xac00, 0xd7ff, TOKEN_CHARACTER},  /* Hangul syllables */
    {0xe000, 0xf8ff, TOKEN_NONE},       /* private use */
    {0xf900, 0xfaff, TOKEN_CHARACTER},  /* Han, for compatibility */
    {0xfe00, 0xfe6f, TOKEN_NONE},       /* variation, vertical and small forms */
    {0xff00, 0xff65, TOKEN_NONE},       /* full-width signs that stay */
    {0xff66, 0xffdc, TOKEN_CHARACTER},  /* half-width kana and Hangul */
    {0xffdd, 0xffff, TOKEN_NONE},       /* specials */
    {0x1f000, 0x1ffff, TOKEN_NONE},     /* emoji and other pictures */
    {0x20000, 0x3ffff, TOKEN_CHARACTER} /* Han beyond the first plane */
};

static enum token_kind kind_of(uint32_t character)
{
    size_t low = 0;
    size_t high = sizeof stretches / sizeof stretches[0];

    if (character >= 0x4e00 && character <= 0x9fff)
        return TOKEN_CHARACTER;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (stretches[middle].last < character)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < sizeof stretches / sizeof stretches[0] && stretches[low].first <= character)
        return stretches[low].kind;
    return TOKEN_LETTER;
}

/* Folded text is valid UTF-8 (text/fold); the end is looked at all the same. */
static uint32_t next_character(const char *text, size_t len, size_t *at)
{
    const unsigned char *bytes = (const unsigned char *)text + *at;
    size_t size = bytes[0] < 0x80 ? 1 : bytes[0] < 0xe0 ? 2 : bytes[0] < 0xf0 ? 3 : 4;
    uint32_t character = size == 1 ? bytes[0] : bytes[0] & (0x7fu >> size);

    if (size > len - *at)
        size = len - *at;
    for (size_t i = 1; i < size; i++)
        character = character << 6 | (bytes[i] & 0x3fu);
    *at += size;
    return character;
}

/* A pass over the text. */
struct sketching {
    struct window window;
    uint64_t word; /* the hash of the word so far; 0: in none */
};

static void end_word(struct sketching *sketching)
{
    if (sketching->word != 0)
        push(&sketching->window, minhash_mix(sketching->word), WORD_WEIGHT);
    sketching->word = 0;
}

static void sketch_part(struct sketching *sketching, const char *text, size_t begin, size_t end)
{
    while (begin < end) {
        uint32_t character = next_character(text, end, &begin);
        enum token_kind kind = kind_of(character);

        if (kind == TOKEN_LETTER) {
            sketching->word = (sketching->word + character) * BASE | 1;
            continue;
        }
        end_word(sketching);
        if (kind == TOKEN_CHARACTER)
            push(&sketching->window, minhash_mix(character), CHARACTER_WEIGHT);
    }
    end_word(sketching);
}

void shingles_each(const struct folded *folded, const struct shingle_range *skipped,
                   size_t skipped_count, void (*found)(void *context, uint64_t hash), void *context)
{
    struct sketching sketching = {.window = {.found = found, .context = context}};
    size_t at = 0;

    window_init(&sketching.window);
    for (size_t i = 0; i < skipped_count; i++) {
        if (skipped[i].begin > at)
            sketch_part(&sketching, folded->text, at, skipped[i].begin);
        if (skipped[i].end > at)
            at = skipped[i].end;
    }
    if (at < folded->len)
        sketch_part(&sketching, folded->text, at, folded->len);
}

static void add_shingle(void *context, uint64_t hash)
{
    minhash_add(context, hash);
}

bool shingles_sketch(const struct folded *folded, const struct shingle_range *skipped,
                     size_t skipped_count, struct minhash *out_sketch)
{
    minhash_init(out_sketch);
    shingles_each(folded, skipped, skipped_count, add_shingle, out_sketch);
    return out_sketch->members >= SHINGLES_LEAST;
}
