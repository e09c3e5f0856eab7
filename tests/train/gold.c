/* gold: character 5-grams, as main text extraction is scored by: white space removed, each gram
 * counted as often as it comes. Grams are told apart by a 64-bit hash.
 */
#include "gold.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"

#define GRAM 5u

static void *need(void *memory)
{
    if (memory == NULL) {
        perror("train");
        exit(1);
    }
    return memory;
}

static int is_space(uint32_t c)
{
    return c <= ' ' || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
           c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

struct letters letters_of(const char *text, size_t len)
{
    struct letters letters = {.items = need(malloc((len + 1) * sizeof(uint32_t)))};

    for (size_t at = 0; at < len;) {
        uint32_t c = 0;
        size_t size = utf8_decode(text + at, len - at, &c);

        if (size == 0) {
            size = 1;
            c = 0xFFFD;
        }
        if (!is_space(c)) {
            letters.items[letters.count++] = c;
        }
        at += size;
    }
    return letters;
}

static uint64_t hash_at(const uint32_t *items)
{
    uint64_t hash = 0;

    for (size_t i = 0; i < GRAM; i++) {
        hash = (hash ^ items[i]) * 0x9E3779B97F4A7C15u;
        hash ^= hash >> 29;
    }
    return hash | 1; /* 0: an empty place */
}

static size_t place_of(const struct grams *grams, uint64_t key)
{
    size_t at = (size_t)(key >> 20) & (grams->size - 1);

    while (grams->keys[at] != 0 && grams->keys[at] != key) {
        at = (at + 1) & (grams->size - 1);
    }
    return at;
}

static size_t gram_count(const struct letters *letters)
{
    return letters->count < GRAM ? 0 : letters->count - GRAM + 1;
}

void grams_reset(struct grams *grams, const struct letters *letters)
{
    for (size_t i = 0; i < grams->size; i++) {
        grams->counts[i] = 0;
    }
    for (size_t i = 0; i < gram_count(letters); i++) {
        size_t at = place_of(grams, hash_at(letters->items + i));

        grams->keys[at] = hash_at(letters->items + i);
        grams->counts[at]++;
    }
}

struct grams grams_of(const struct letters *letters)
{
    struct grams grams = {.size = 16, .total = gram_count(letters)};

    while (grams.size < letters->count * 2) {
        grams.size *= 2;
    }
    grams.keys = need(calloc(grams.size, sizeof(*grams.keys)));
    grams.counts = need(calloc(grams.size, sizeof(*grams.counts)));
    grams_reset(&grams, letters);
    return grams;
}

void grams_free(struct grams *grams)
{
    free(grams->keys);
    free(grams->counts);
}

/* Without `take` a gram that comes twice in the letters counts twice, if it is there at all. */
size_t grams_shared(struct grams *grams, const struct letters *letters, int take)
{
    size_t shared = 0;

    for (size_t i = 0; i < gram_count(letters); i++) {
        size_t at = place_of(grams, hash_at(letters->items + i));

        if (grams->keys[at] != 0 && grams->counts[at] > 0) {
            shared++;
            grams->counts[at] -= take != 0;
        }
    }
    return shared;
}

double f1_of(double shared, double found, double wanted)
{
    return shared > 0 ? 2 * shared / (found + wanted) : 0;
}
