/* phrases: takes a line apart into words, by hash, and looks up what they say.
 *
 * Called by main_text.c for each line, and by the program that trains. A word is a run of letters;
 * of Chinese, whose words have no gaps, each pair of characters counts as one. Numbers are passed
 * over.
 */
#include "phrases.h"

#include "kit/pattern.h"

#define FIRST_WORDS 4u

struct words {
    uint16_t *slots;
    size_t count;
    uint32_t before; /* the word or character before, by hash; 0: none */
    int before_is_han;
};

static void add(struct words *words, uint32_t hash)
{
    if (words->count < PHRASES_MAX) {
        words->slots[words->count++] = (uint16_t)((hash ^ hash >> 15) % PHRASE_SLOTS);
    }
}

static uint32_t hash_of(const char *text, size_t len, uint32_t hash)
{
    for (size_t i = 0; i < len; i++) {
        hash = (hash ^ (unsigned char)text[i]) * 16777619u; /* FNV-1a */
    }
    return hash;
}

static int is_letter(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || c >= 0xC3;
}

/* Han characters begin with these in UTF-8; kana and hangul are taken with them. */
static int is_han(unsigned char lead)
{
    return lead >= 0xE3 && lead <= 0xED;
}

static int is_mark(const char *text, size_t left)
{
    unsigned char lead = (unsigned char)text[0];
    unsigned char next = left > 1 ? (unsigned char)text[1] : 0;

    return lead == 0xEF || lead == 0xE2 || (lead == 0xE3 && next == 0x80);
}

static size_t take_word(struct words *words, const char *line, size_t at, size_t len)
{
    size_t end = at;
    uint32_t hash;

    while (end < len && is_letter((unsigned char)line[end]) && !is_han((unsigned char)line[end]) &&
           !is_mark(line + end, len - end)) {
        end += pattern_character(line + end, len - end);
    }
    hash = hash_of(line + at, end - at, 2166136261u);
    add(words, hash);
    if (words->before != 0 && !words->before_is_han) {
        add(words, hash * 31u + words->before);
    }
    words->before = hash;
    words->before_is_han = 0;
    return end;
}

static size_t take_han(struct words *words, const char *line, size_t at, size_t len)
{
    size_t end = at + pattern_character(line + at, len - at);
    uint32_t hash = hash_of(line + at, end - at, 2166136261u);

    if (words->before != 0 && words->before_is_han) {
        add(words, hash * 31u + words->before);
    }
    words->before = hash;
    words->before_is_han = 1;
    return end;
}

size_t phrases_slots(const char *line, size_t len, uint16_t *out_slots)
{
    struct words words = {.slots = out_slots};
    size_t at = 0;

    while (at < len && words.count < PHRASES_MAX) {
        unsigned char lead = (unsigned char)line[at];

        if (is_mark(line + at, len - at) || !is_letter(lead)) {
            words.before = lead == ' ' && !words.before_is_han ? words.before : 0;
            at += pattern_character(line + at, len - at);
        } else if (is_han(lead)) {
            at = take_han(&words, line, at, len);
        } else {
            at = take_word(&words, line, at, len);
        }
    }
    return words.count;
}

void phrases_count(const int8_t *table, const uint16_t *slots, size_t count, float *out_features)
{
    float sum = 0;
    float least = 0;
    float first = 0;
    size_t known = 0;

    for (size_t i = 0; i < count; i++) {
        float odds = (float)table[slots[i]] / PHRASE_UNIT;

        sum += odds;
        least = odds < least ? odds : least;
        first += i < FIRST_WORDS ? odds : 0;
        known += table[slots[i]] != 0;
    }
    out_features[0] = count > 0 ? sum / (float)count : 0;
    out_features[1] = least;
    out_features[2] = first;
    out_features[3] = count > 0 ? (float)known / (float)count : 0;
}
